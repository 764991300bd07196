"""Changes worth trying, generated from a scenario: those of the five focusing steps that apply to it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from funnelsim.results.measures.summary import Summary
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.language.people import people_of

from ..comparison.candidate import Candidate, candidates_of, more_leads
from .change import Change
from .three_questions import COMFORTABLE

if TYPE_CHECKING:
    from funnelsim.scenario.language.types import ScenarioSpec, Stage
    from funnelsim.scenario.scenario import Scenario

LEADS = "leads"
"""The limit that is no team: demand."""

MORE_LEADS = 0.1
"""By how much sources give more in the test of demand."""

FREED = 0.05
"""Share of all hours that is taken off a team's other work."""

GATES = (-0.5, 0.0, 0.5)
"""Scores below which a gate keeps leads out: 31, 50 and 69 % of leads where scores are standard normal."""

RULES = ("expected_value", "value_per_hour", "fifo", "lifo", "due")
"""Queue rules worth trying, in this order."""

BETTER = 0.1
"""By how much training is tried to better the odds of steps, or the speed of work."""

LINES = (0.75, 0.5)
"""Limits on a stretch, as shares of the leads there are in it on average."""


def identify(scenario: Scenario) -> list[Candidate]:
    """One more rep in each team, and a tenth more leads."""
    asked: list[tuple[str, dict[str, Any]]] = [
        (one_more(scenario, team), {f"teams.{_hired_as(scenario.spec, team)}.headcount": {"add": 1}})
        for team in scenario.spec.teams
    ]
    change = more_leads(scenario.spec, 1 + MORE_LEADS)
    if change:
        asked.append((Change("more_leads", {"share": round(MORE_LEADS * 100)}), change))
    return candidates_of(scenario, asked)


def one_more(scenario: Scenario, team: str) -> str:
    """The name of the candidate with one more rep."""
    return Change("one_more", {"team": label(scenario.spec, team)})


def _hired_as(spec: ScenarioSpec, team: str) -> str:
    """The team whose headcount has one more: of a team that is made of others that which has most people."""
    people = people_of({team: spec.teams[team]})
    return max(people, key=lambda name: people[name].headcount.first)


def label(spec: ScenarioSpec, team: str) -> str:
    """The name of a team that people are shown."""
    return spec.teams[team].label or team.replace("_", " ")


def exploit(scenario: Scenario, team: str) -> list[Candidate]:
    """What gets more out of the reps that a team has."""
    return candidates_of(scenario, [*_freed(scenario, team), *_rules(scenario, team), *_gates(scenario, team)])


def stretch(scenario: Scenario) -> list[Candidate]:
    """What gets more out of demand as it is: more outbound contacts, another queue rule where leads come in."""
    spec = scenario.spec
    callers = dict.fromkeys(source.team for source in spec.sources.values() if source.team is not None)
    asked = [each for team in callers for each in _freed(scenario, team)]
    first = next((name for stage in spec.stages.values() for name in stage.team.other), None)
    if first is not None:
        asked += _rules(scenario, first)
    return candidates_of(scenario, asked)


def _freed(scenario: Scenario, team: str) -> Iterator[tuple[str, dict[str, Any]]]:
    entry, name = scenario.spec.teams[team], label(scenario.spec, team)
    if entry.selling_share + FREED <= 1:
        yield (
            Change("freed", {"hours": f"{FREED * 100:.0f}", "team": name}),
            {f"teams.{team}.selling_share": {"add": FREED}},
        )
    handed = _stages(scenario.spec, team, "take")
    if handed:
        yield Change("handed", {"team": name}), handed
    given = _given(scenario.spec, team)
    if given:
        yield Change("given", {"team": name}), given


def _stages(spec: ScenarioSpec, team: str, part: str) -> dict[str, Any]:
    """Half the handoff effort of one kind in the stages of a team."""
    return {
        f"stages.{name}.handoff.{part}": {"multiply": 0.5}
        for name, stage in spec.stages.items()
        if team in stage.team.other and not stage.handoff.cases and getattr(stage.handoff.other, part) is not None
    }


def _given(spec: ScenarioSpec, team: str) -> dict[str, Any]:
    """Half the effort of giving, in stages that follow one of the team's."""
    change, before = {}, False
    for name, stage in spec.stages.items():
        gives = not stage.handoff.cases and stage.handoff.other.give is not None
        if before and gives and team not in stage.team.other:
            change[f"stages.{name}.handoff.give"] = {"multiply": 0.5}
        before = team in stage.team.other and not stage.aside
    return change


def _rules(scenario: Scenario, team: str) -> Iterator[tuple[str, dict[str, Any]]]:
    spec = scenario.spec
    now = {name for name, weight in spec.teams[team].queue.rule if weight > 0}
    own = [stage for stage in spec.stages.values() if team in stage.team.other]
    has_dates = any(value is not None for stage in own for value in stage.sla.values)
    has_dates = has_dates or any(team in value for value in spec.customers.team.values)
    for rule in RULES:
        if rule in now and len(now) == 1:
            continue
        if rule == "due" and not has_dates:
            continue
        if rule in ("expected_value", "value_per_hour") and not spec.segments:
            continue
        yield Change(f"rule.{rule}", {"team": label(spec, team)}), {f"teams.{team}.queue.rule": rule}


def entrance(spec: ScenarioSpec, team: str) -> str | None:
    """The first stage of the line that a team works."""
    return next((name for name, stage in spec.stages.items() if _in_line(stage, team)), None)


def _in_line(stage: Stage, team: str) -> bool:
    return not stage.aside and team in stage.team.other


def _gates(scenario: Scenario, team: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Leads of low score kept out before the team; only where the score tells anything."""
    spec = scenario.spec
    tells = any(weight for stage in spec.stages.values() for weight in stage.quality_weight.values)
    place = entrance(spec, team)
    if not tells or spec.score_accuracy <= 0 or place is None or spec.stages[place].accept is not None:
        return
    for score in GATES:
        yield (
            Change("gate", {"score": f"{score:g}", "team": label(spec, team)}),
            {f"stages.{place}.accept": {"score_at_least": score}},
        )


def subordinate(scenario: Scenario, team: str, summary: Summary) -> list[Candidate]:
    """What makes the rest of the line keep the pace of a team."""
    spec = scenario.spec
    asked: list[tuple[str, dict[str, Any]]] = []
    names = [name for name, stage in spec.stages.items() if _in_line(stage, team)]
    inside = sum(summary.stages[name]["wip"].mean or 0.0 for name in names)
    for share in LINES:
        most = round(inside * share)
        if names and most >= 1 and not spec.limits:
            limit = {"stages": names, "wip": most, "full": "hold"}
            asked.append((Change("limit", {"number": most, "team": label(spec, team)}), {"limits": [limit]}))
    for name, source in spec.sources.items():
        if source.team is not None and source.team != team:
            stopped = Change("stop", {"team": label(spec, source.team), "source": source.label or name})
            asked.append((stopped, {f"sources.{name}.yield": 0}))
    return candidates_of(scenario, asked)


def elevate(scenario: Scenario, team: str, summary: Summary) -> list[Candidate]:
    """People hired, and moved from teams with hours to spare, at the end of the warm-up; and better people.

    Who comes becomes productive as the team's ramp says.
    """
    spec = scenario.spec
    when, name = _begins(spec), label(spec, team)
    asked: list[tuple[str, dict[str, Any]]] = [
        (Change(f"hired_{word}", {"team": name, "date": when}), _staffed(spec, {team: count}, when))
        for count, word in ((1, "one"), (2, "two"))
    ]
    for giver in _spare(scenario, team, summary):
        change = _staffed(spec, {giver: -1, team: 1}, when)
        asked.append((Change("moved", {"giver": label(spec, giver), "team": name, "date": when}), change))
    return candidates_of(scenario, [*asked, *_trained(spec, team)])


def _spare(scenario: Scenario, team: str, summary: Summary) -> list[str]:
    """Teams that can do without one of theirs, those with the most hours to spare first."""
    left = {}
    for name, figures in summary.teams.items():
        seats, load = figures["headcount"].mean or 0.0, figures["load"].mean
        if name != team and load is not None and seats > 1:
            left[name] = load * seats / (seats - 1)
    return sorted((name for name in left if left[name] <= COMFORTABLE), key=left.__getitem__)


def _trained(spec: ScenarioSpec, team: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Better odds in each step that can be lost, and faster work, where people are not listed one by one."""
    people, name = people_of({team: spec.teams[team]}), label(spec, team)
    own = [stage for stage in spec.stages.values() if team in stage.team.other]
    better = not any(entry.skill.seats for entry in people.values())
    if better and any(0 < share < 1 for stage in own for share in stage.convert.values):
        change = {f"teams.{each}.skill.mean": {"add": math.log(1 + BETTER)} for each in people}
        yield Change("skill", {"share": f"{BETTER * 100:.0f}", "team": name}), change
    if not any(entry.speed.seats for entry in people.values()):
        change = {f"teams.{each}.speed.mean": {"multiply": 1 + BETTER} for each in people}
        yield Change("speed", {"share": f"{BETTER * 100:.0f}", "team": name}), change


def _begins(spec: ScenarioSpec) -> dt.date:
    """The first day that counts, and not the first of all: nobody is hired on a day that is past."""
    days = -(-spec.warmup.microseconds // MICROSECONDS["d"])
    return spec.start + dt.timedelta(days=int(max(1, days)))


def _staffed(spec: ScenarioSpec, more: Mapping[str, int], when: dt.date) -> dict[str, Any]:
    """Dated steps of headcounts, with so many more in each team from a date on."""
    change = {}
    for name, count in more.items():
        team = _hired_as(spec, name)
        steps = [(date or spec.start, seats) for date, seats in people_of(spec.teams)[team].headcount.steps]
        now = [seats for date, seats in steps if date <= when][-1]
        before = {date: seats for date, seats in steps if date < when}
        after = {date: seats + count for date, seats in steps if date > when}
        change[f"teams.{team}.headcount"] = {"set": {**before, when: now + count, **after}}
    return change


def relieved(scenario: Scenario, limit: str, summary: Summary) -> Candidate | None:
    """The scenario in which the limit is no limit any more, to see where it goes.

    A team gets as many reps as bring its load below 0.8; demand grows until it is a tenth above what the busiest
    team can do, at least by a tenth and at most to the double.
    """
    loads = {name: each["load"].mean or 0.0 for name, each in summary.teams.items()}
    if limit == LEADS:
        busiest = max(loads.values(), default=0.0)
        factor = min(2.0, max(1 + MORE_LEADS, 1.1 / busiest if busiest else 2.0))
        name = Change("more_leads", {"share": round(factor * 100 - 100)})
        change = more_leads(scenario.spec, factor)
    else:
        seats = summary.teams[limit]["headcount"].mean or 1.0
        count = max(1, round(seats * loads[limit] / 0.8 - seats + 0.5))
        name = Change("more", {"number": count, "team": label(scenario.spec, limit)})
        change = {f"teams.{_hired_as(scenario.spec, limit)}.headcount": {"add": count}}
    return next(iter(candidates_of(scenario, [(name, change)])), None)
