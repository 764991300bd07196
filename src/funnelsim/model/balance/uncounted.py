"""What expected flows and loads do not know, and so what their words may not conclude."""

from __future__ import annotations

from ..model import Model
from ..numbers.distributions import mean


def left_out(model: Model) -> tuple[str, ...]:
    """What the expected flows and loads of a model do not know: ``phases``, ``waiting``, ``limits``, and of people
    ``vacant`` (seats), ``new`` (their slower work) or ``vacant_and_new``.
    """
    known = (len(model.periods) > 1, True, bool(costs_of_waiting(model)), has_limits(model))
    found = zip(("phases", _absent(model), "waiting", "limits"), known, strict=True)
    return tuple(name for name, there in found if there and name)


def _absent(model: Model) -> str:
    """What makes teams able to do less than their headcount says."""
    parts = [(whole, part.team) for name, whole in model.spec.teams.items() for part in whole.people_as(name)]
    teams = [team for _, team in parts]
    vacant = any(team.attrition > 0.0 and mean(whole.hiring.time_to_fill) > 0.0 for whole, team in parts)
    joined = [team for team in teams if team.attrition or len(team.headcount.steps) > 1 or team.tenure is not None]
    new = any(team.ramp.months or team.ramp.start < 1.0 for team in joined)
    return "_and_".join(name for name, there in (("vacant", vacant), ("new", new)) if there)


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
