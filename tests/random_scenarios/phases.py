"""Random phases: changes laid over a scenario for some time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from . import aftercare, line, people, supply
from .quantities import World, by_kind, duration, number_dist, selector, time_dist

LEVERS = ("more_hands", "more_hands@0", "quick_work", "quick_work@0.3", "hand_over", "cool_heads")
"""In the folder `levers` beside this file."""


def phases(world: World, start: dt.date) -> list[dict[str, Any]]:
    """One or two phases, which may overlap."""
    return [phase(world, start, number) for number in range(world.luck.integer(1, 2))]


def phase(world: World, start: dt.date, number: int) -> dict[str, Any]:
    """One phase, for good or for some time."""
    luck = world.luck
    first = luck.integer(2, 16)
    made: dict[str, Any] = {"from": (start + dt.timedelta(first)).isoformat()}
    if luck.chance(50):
        made["to"] = (start + dt.timedelta(first + luck.integer(1, 9))).isoformat()
    change: dict[str, Any] = {}
    if luck.chance(30):
        change |= _split(world, number)
    if luck.chance(25):
        change |= _map(world)
    for _ in range(luck.integer(0, 5)):
        change |= luck.pick(CHANGES)(world, start + dt.timedelta(first))
    if change:
        made["change"] = change
    if luck.chance(20):
        made["levers"] = luck.subset(LEVERS)[:2]
    return made


def _split(world: World, number: int) -> dict[str, Any]:
    """A stage goes to a new team, staffed from an old one or from its pool of people."""
    luck = world.luck
    old, stage, new = luck.pick(world.teams), luck.pick(world.stages), f"new_{number}"
    team = {"headcount": luck.integer(1, 2), "queue": luck.pick(people.RULES)}
    if luck.chance(50):
        team["staffed_from"] = old
    if luck.chance(50):
        team["people"] = old
    change = {f"teams.{new}": team, f"stages.{stage}.team": new}
    if luck.chance(60):
        change |= {f"teams.{old}.headcount": luck.integer(0, 1), f"teams.{old}.serves": {"set": {}}}
    if luck.chance(20):
        change["customers.team"] = new
    return change


def _map(world: World) -> dict[str, Any]:
    """Territories or segments that there are not before: some added, or a map drawn up anew."""
    luck, team, stage = world.luck, world.luck.pick(world.teams), world.luck.pick(world.stages)
    change: dict[str, Any] = {}
    names = luck.subset(("south", "coast", "hills"))
    if luck.chance(70):
        weights = {name: luck.pick((1, 2, 0.3)) for name in names}
        change["territories"] = {"set": weights} if luck.chance(30) else weights
        if luck.chance(60):
            change[f"teams.{team}.serves"] = {"set": {names[0]: 1}}
    else:
        names = ["start_up"]
        change["segments.start_up"] = {"share": luck.pick((1, 3)), "value": number_dist(luck, 5_000)}
        if luck.chance(30):
            change["segments"] = {"set": {name: {"share": 1} for name in names}}
            del change["segments.start_up"]
    if luck.chance(40):
        change[f"stages.{stage}.team"] = {names[0]: luck.pick(world.teams)}
        change[f"stages.{stage}.with"] = None
    if luck.chance(20):
        change["customers.team"] = {names[0]: luck.pick(world.teams), "else": luck.pick(world.teams)}
    return change


def _whole(world: World, start: dt.date) -> dict[str, Any]:
    """What belongs to no team, stage or source."""
    luck = world.luck
    change: dict[str, Any] = {"score_accuracy": luck.pick((0.3, 1))}
    if luck.chance(30):
        change = {"gross_margin": 0.7, "costs": {"crm": "5_000 / mo"}}
    elif world.territories and luck.chance(40):
        change = {f"territories.{luck.pick(world.territories)}": luck.pick((3, 0))}
    elif world.segments and luck.chance(40):
        name = luck.pick(world.segments)
        change = {f"segments.{name}.value": number_dist(luck, 7_000), f"segments.{name}.share": luck.pick((4, 0))}
    elif len(world.calendars) > 1 and luck.chance(50):
        change = {f"calendars.{world.calendars[0]}": {"set": {"hours": "11:00-15:00"}}}
    return change


def _team(world: World, start: dt.date) -> dict[str, Any]:
    luck, name = world.luck, world.luck.pick(world.teams)
    key, value = luck.pick((
        ("headcount", lambda: {"add": 1}),
        ("queue", lambda: luck.pick(people.RULES)),
        ("queue.first", lambda: selector(world)),
        ("queue.ignore", lambda: selector(world)),
        ("queue.joint", lambda: luck.pick(("first", "usual"))),
        ("routing", lambda: luck.pick(people.ROUTINGS)),
        ("assign", lambda: luck.pick(("on_arrival", "when_free"))),
        ("wip_limit", lambda: luck.pick((2, 1, None))),
        ("selling_share", lambda: {"multiply": 0.5}),
        ("calendar", lambda: luck.pick(world.calendars or ["always"])),
        ("attrition", lambda: luck.pick((0, 10))),
        ("hiring", lambda: "1 d"),
        ("switching", lambda: 0.1),
        ("ramp", lambda: {"set": luck.pick(people.RAMPS)}),
        ("skill", lambda: {"set": luck.pick(people.SKILLS)}),
        ("skill.mean", lambda: {"add": 1}),
        ("speed", lambda: {"set": luck.pick(people.SPEEDS)}),
        ("speed", lambda: {"multiply": 1.5}),
        ("at_closing", lambda: luck.pick(("finish", "pause"))),
        ("quota", lambda: {"amount": 100_000, "period": luck.pick(("month", "year"))}),
        ("absence", lambda: {"days": 50, "release": "4 h"}),
        ("serves", lambda: {"set": {luck.pick(world.territories): 1} if world.territories else {}}),
        ("queue", lambda: {"set": people.queue(world)}),
        ("ramp", lambda: None),
        ("attrition", lambda: 3),
        ("switching_from", lambda: 1),
        ("tenure", lambda: "1 w"),
        ("absence.dates", lambda: [(start + dt.timedelta(luck.integer(0, 4))).isoformat()]),
        ("absence.routed", lambda: False),
        ("cost", lambda: {"salary": "80_000 / y", "commission": {"rate": 0.1}}),
        ("headcount", lambda: luck.integer(0, 3)),
    ))  # fmt: skip
    return {f"teams.{name}.{key}": value()}


def _stage(world: World, start: dt.date) -> dict[str, Any]:
    luck, name = world.luck, world.luck.pick(world.stages)
    key, value = luck.pick((
        ("convert", lambda: luck.pick((0.4, 0.8))),
        ("decision", lambda: {"set": {"advanced": "5 h", "lost": "2 d"}}),
        ("patience", lambda: luck.pick(("2 d", "1 bd", None))),
        ("timeout", lambda: duration(luck, 48)),
        ("handoff", lambda: {"set": line.handoff(world)}),
        ("decay", lambda: luck.pick((None, {"set": line.decay(world)}))),
        ("quality_weight", lambda: 0.9),
        ("context_weight", lambda: 0.5),
        ("lift", lambda: 1.2),
        ("sla", lambda: "4 h"),
        ("accept", lambda: luck.pick((None, selector(world)))),
        ("nurtures", lambda: luck.pick((None, "1 d"))),
        ("next", lambda: luck.pick((None, {"set": {"end": 1, luck.pick(world.stages): 1}}))),
        ("concessions", lambda: {"set": {"promise": line.concession(world)}}),
        ("with", lambda: None),
        ("gap", lambda: {"set": by_kind(world, lambda: time_dist(luck, 20, ("h", "d")))}),
        ("rework", lambda: 0.6),
        ("unready", lambda: {"later": 0.5, "never": 0.2, "burned": 0.3}),
        ("otherwise", lambda: {"set": {"lost": 3, luck.pick((*world.stages, "late")): 2}}),
        ("on", lambda: {"set": {"expired": luck.pick(("was_late", *world.aside)), "dropped": "was_dropped"}}),
        ("at_most", lambda: luck.integer(1, 3)),
        ("books", lambda: luck.pick((True, False))),
        ("aside", lambda: luck.pick((True, False))),
        ("convert", lambda: {"set": by_kind(world, lambda: luck.pick((0.7, 0.2)), percent=100)}),
    ))  # fmt: skip
    return {f"stages.{name}.{key}": value()}


def _work(world: World, start: dt.date) -> dict[str, Any]:
    """Another team, effort or number of touches, of a stage that is a team's."""
    luck, name = world.luck, world.luck.pick(world.stages)
    change: dict[str, Any] = {f"stages.{name}.team": line.team_names(world), f"stages.{name}.with": None}
    if luck.chance(40):
        change[f"stages.{name}.effort"] = time_dist(luck, 2, ("h", "min"))
    if luck.chance(10):
        nothing = {"set": {"dist": "constant", "value": "0 h"}}
        return {
            f"stages.{name}.{key}": value
            for key, value in (("team", []), ("with", None), ("effort", nothing), ("touches", 1))
        }
    if luck.chance(30):
        change[f"stages.{name}.touches"] = luck.pick((2, 1))
    if luck.chance(30):
        change[f"stages.{name}.continuity"] = luck.pick(("any_rep", "same_rep"))
    return change


def _source(world: World, start: dt.date) -> dict[str, Any]:
    """What one source sends, and how much."""
    luck, name = world.luck, world.luck.pick(("web", "web", *world.sources))
    key, value = luck.pick((*OF_ALL, *BY_WAY[world.ways[name]]))
    return {f"sources.{name}.{key}": value(world, start)}


def _segment(world: World, start: dt.date) -> str:
    return world.luck.pick(world.segments or ["all"])


def _calendar(world: World, start: dt.date) -> str:
    return world.luck.pick(world.calendars or ["always"])


def _burst(world: World, start: dt.date) -> list[dict[str, Any]]:
    at = start + dt.timedelta(world.luck.integer(0, 3))
    return [{**supply.burst(world, start), "at": at.isoformat()}]


def _to(world: World, start: dt.date) -> dict[str, Any]:
    return {"set": by_kind(world, lambda: world.luck.pick(world.stages))}


Change = tuple[str, Callable[[World, dt.date], Any]]
OF_ALL: tuple[Change, ...] = (
    ("quality", lambda world, start: 0.8),
    ("to", _to),
    ("readiness", lambda world, start: {"later": 0.3, "never": 0.1, "time": "3 d"}),
    ("cost", lambda world, start: 90),
    ("mix", lambda world, start: {_segment(world, start): 1} if world.segments else None),
    ("bursts", _burst),
)
SHAPE: tuple[Change, ...] = (
    ("growth", lambda world, start: world.luck.pick((5, -0.5))),
    ("calendar", _calendar),
    ("pattern", lambda world, start: {"set": {"hour": {"9-17": 3, "3": 0}}}),
    ("batch", lambda world, start: world.luck.pick((2, 1.5))),
)
BY_WAY: dict[str, tuple[Change, ...]] = {
    "rate": (
        *SHAPE,
        ("rate", lambda world, start: {"multiply": 2}),
        ("rate", lambda world, start: "0 / d"),
        ("dispersion", lambda world, start: world.luck.pick((4, 1))),
    ),
    "every": (*SHAPE, ("every", lambda world, start: {"set": time_dist(world.luck, 12, ("h", "d"))})),
    "team": (
        ("market", lambda world, start: world.luck.pick((60, 3))),
        ("yield", lambda world, start: world.luck.pick((0.5, 0))),
        ("effort", lambda world, start: {"set": {"dist": "exponential", "mean": "1 h", "add": "12 min"}}),
        ("team", lambda world, start: world.luck.pick(world.teams)),
        ("cooling", lambda world, start: "1 d"),
    ),
    "bursts": (("rate", lambda world, start: "1 / d"),),
}
"""What a phase may change about a source, whose leads come in this way."""


def _limits(world: World, start: dt.date) -> dict[str, Any]:
    return {"limits": world.luck.pick(([], line.limits(world)))}


def _customers(world: World, start: dt.date) -> dict[str, Any]:
    luck = world.luck
    key, value = luck.pick((
        ("churn", lambda: luck.pick(("0 / mo", "1 / mo"))),
        ("team", lambda: luck.pick(world.teams)),
        ("expansion", lambda: aftercare.birth(world)),
        ("health", lambda: {"set": aftercare.health(world)}),
        ("health_weight", lambda: 1),
        ("rep_change", lambda: {"health": 0.1}),
        ("early", lambda: {"factor": 2, "first": "5 d"}),
        ("referral", lambda: {"set": by_kind(world, lambda: aftercare.birth(world))}),
        ("payment", lambda: {"delay": "3 d", "bad_debt": 0.1}),
        ("churn", lambda: {"set": by_kind(world, lambda: luck.pick(("0.5 / mo", "2 / mo")), percent=100)}),
    ))  # fmt: skip
    return {f"customers.{key}": value()}


def _care(world: World, start: dt.date) -> dict[str, Any]:
    luck = world.luck
    change: dict[str, Any] = {"customers.team": luck.pick(world.teams)}
    key, value = luck.pick((
        ("care", {"set": {"every": aftercare.every(world), "effort": aftercare.effort(world)}}),
        ("renewal", {"set": aftercare.renewal(world)}),
        ("complaint", {"set": aftercare.complaint(world)}),
    ))  # fmt: skip
    return {**change, f"customers.{key}": value}


CHANGES: tuple[Callable[[World, dt.date], dict[str, Any]], ...] = (
    _team, _stage, _work, _source, _limits, _customers, _care, _team, _stage, _source, _source, _whole,
)  # fmt: skip
