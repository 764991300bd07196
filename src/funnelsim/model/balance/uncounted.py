"""What expected flows and loads do not know, and so what their words may not conclude."""

from __future__ import annotations

from ..model import Model
from ..numbers.distributions import mean


def left_out(model: Model) -> tuple[str, ...]:
    """What the expected flows and loads of a model do not know, a sentence each."""
    sentences = []
    if len(model.periods) > 1:
        sentences.append("Phases are not counted: this is the organisation of the start.")
    absent = _absent(model)
    if absent:
        many = "are not counted: loads are higher by what they take" if len(absent) > 1 else ""
        what = many or "is not counted: loads are higher by what it takes"
        sentences.append(f"{' and '.join(absent)} {what}.")
    costs = costs_of_waiting(model)
    if costs:
        named = ", ".join(costs)
        sentences.append(
            f"Waiting is not counted: what it takes off ({named}) makes fewer leads advance, and less work later."
        )
    if has_limits(model):
        sentences.append(
            "Limits are not counted: leads that they hold back or turn away make less work behind them."
        )
    return tuple(sentences)


def _absent(model: Model) -> list[str]:
    """What makes teams able to do less than their headcount says."""
    parts = [(whole, part.team) for name, whole in model.spec.teams.items() for part in whole.people_as(name)]
    teams = [team for _, team in parts]
    phrases = []
    if any(team.attrition > 0.0 and mean(whole.hiring.time_to_fill) > 0.0 for whole, team in parts):
        phrases.append("Time for which seats are vacant (attrition, hiring)")
    joined = [team for team in teams if team.attrition or len(team.headcount.steps) > 1 or team.tenure is not None]
    if any(team.ramp.months or team.ramp.start < 1.0 for team in joined):
        phrases.append(
            "the slower work of new people (ramp)" if phrases else "The slower work of new people (ramp)"
        )
    return phrases


def conditions(model: Model) -> tuple[str, ...]:
    """What must hold for the expected loads to come true, each as it stands after "if"."""
    costs = costs_of_waiting(model)
    clauses = [f"waiting cost no leads ({', '.join(costs)})"] if costs else []
    if has_limits(model):
        clauses.append("limits held no leads back")
    return tuple(clauses)


def has_limits(model: Model) -> bool:
    """Whether there are limits on leads in progress, in any period."""
    return any(len(tables.limits.wip) for _, tables in model.periods)


def caring(model: Model) -> frozenset[str]:
    """Teams that customers expect care of: care that is not given in time is missed and does not pile up."""
    customers = model.spec.customers
    if customers is None or not any(customers.care.values):
        return frozenset()
    return frozenset(name for pool in customers.team.values for name in pool)


def costs_of_waiting(model: Model) -> tuple[str, ...]:
    """The keys of stages by which waiting costs leads, in any period: of ``decay``, ``patience``, ``timeout``."""
    stages = [tables.stages for _, tables in model.periods]
    costs = {
        "decay": any((each.decay > 0).any() for each in stages),
        "patience": any((each.patience >= 0).any() for each in stages),
        "timeout": any((each.timeout >= 0).any() for each in stages),
    }
    return tuple(key for key, there in costs.items() if there)
