"""Random teams: their people, queues, routing and hours."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .quantities import World, days_off, duration, selector

RULES = (
    "fifo", "lifo", "score", "value", "expected_value", "value_per_hour", "due", "at_risk", "random",
)  # fmt: skip
ROUTINGS = (
    "least_loaded", "round_robin", "best_skill", "random", "territory", {"round_robin": [3, 1, 2]},
)  # fmt: skip
SKILLS = ({"sd": 0.4}, {"mean": 0.2, "sd": 0.5, "floor": -0.3}, [0.5, -0.5], 1)
SPEEDS = ({"sd": 0.3}, 1.5, [1.2, 0.8], {"mean": 0.7, "sd": 0.2})
RAMPS = (
    {"start": 0.3, "time": "2 w"}, {"start": 0.3, "time": "2 mo"}, {"start": 0, "time": "1 w"}, [0.2, 0.6, 1],
    [0, 0.5],
)  # fmt: skip


def teams(world: World, start: dt.date) -> dict[str, Any]:
    """All teams of a world."""
    return {name: team(world, start) for name in world.teams}


def team(world: World, start: dt.date) -> dict[str, Any]:
    """One team."""
    luck = world.luck
    people = luck.integer(1, 4)
    made: dict[str, Any] = {"headcount": people, "queue": queue(world)}
    if luck.some():
        dates = sorted({(start + dt.timedelta(luck.integer(1, 25))).isoformat() for _ in range(2)})
        made["headcount"] = {"start": people, **{date: luck.integer(0, 4) for date in dates}}
        people = max(made["headcount"].values())
    if world.calendars:
        luck.maybe(made, "calendar", lambda: luck.pick(world.calendars))
    luck.maybe(made, "at_closing", lambda: "finish")
    luck.maybe(made, "selling_share", lambda: luck.pick((0.5, 0.35)))
    luck.maybe(made, "wip_limit", lambda: luck.integer(1, 6))
    luck.maybe(made, "routing", lambda: luck.pick(ROUTINGS))
    luck.maybe(made, "assign", lambda: "on_arrival")
    if world.territories:
        luck.maybe(made, "serves", lambda: _serves(world, people))
    _abilities(world, made)
    _coming_and_going(world, made, start)
    luck.maybe(
        made, "quota", lambda: {"amount": luck.pick((50_000, 500_000)), "period": luck.pick(("month", "quarter"))}
    )
    luck.maybe(
        made,
        "cost",
        lambda: {"salary": "90_000 / y", "commission": {"rate": 0.05, "above_quota": 0.1}},
    )
    return made


def crew(world: World) -> dict[str, Any]:
    """A team that is made of others, with all of which it has one."""
    luck = world.luck
    return {
        "from": luck.subset(world.teams),
        "queue": queue(world),
        "calendar": luck.pick(world.calendars or ["always"]),
        "at_closing": luck.pick(("pause", "finish")),
        "selling_share": luck.pick((1, 0.5)),
        "wip_limit": luck.pick((None, 3)),
        "routing": luck.pick(ROUTINGS),
        "assign": luck.pick(("when_free", "on_arrival")),
        "switching": luck.pick((0, 0.05)),
        "switching_from": luck.pick((0, 2)),
        "hiring": luck.pick(("0 d", "5 d", "2 bd")),
        "absence": {"dates": [], "routed": luck.pick((True, False)), "release": luck.pick(("1 d", "4 h"))},
        "quota": {"amount": 80_000, "period": "month"},
    }


def by_stage(world: World, teams: dict[str, Any]) -> None:
    """Skill and speed that differ by stage, and what a post costs."""
    luck = world.luck
    for made in teams.values():
        for key, numbers in (("skill", (0.5, -1.5)), ("speed", (0.5, 2))):
            if luck.chance(15) and not isinstance(made.get(key), list):
                given = made.get(key, {})
                before = given if isinstance(given, dict) else {"mean": given}
                made[key] = {**before, "at": {luck.pick(world.stages): luck.pick(numbers)}}
        if isinstance(made.get("cost"), dict) and luck.chance(30):
            made["cost"] = {**made["cost"], "seat": "90 / mo"}


def part_posts(world: World, made: dict[str, Any]) -> None:
    """Posts that are parts of whole ones, at the start, from dates on, and in phases."""
    luck = world.luck
    for team in made["teams"].values():
        if "headcount" not in team or not luck.chance(60):
            continue
        steps = team["headcount"] if isinstance(team["headcount"], dict) else {"start": team["headcount"]}
        parted = {date: number + luck.pick((0.5, 0, 0.25, 0.75)) for date, number in steps.items()}
        team["headcount"] = parted if isinstance(team["headcount"], dict) else parted["start"]
    if "phases" in made and luck.chance(30):
        name, phase = luck.pick(list(made["teams"])), luck.pick(made["phases"])
        number = luck.pick((0.5, 1.25, {"add": 0.5}, {"multiply": 0.6}, 2.75))
        if "headcount" in made["teams"][name]:
            phase.setdefault("change", {})[f"teams.{name}.headcount"] = number


def queue(world: World) -> Any:
    """A queue rule, alone or with classes, pure or mixed."""
    luck = world.luck
    rule: Any = luck.pick(RULES)
    if luck.chance(15):
        rule = {rule: 2, luck.pick(RULES): 1}
    classes: dict[str, Any] = {}
    luck.maybe(classes, "first", lambda: selector(world))
    luck.maybe(classes, "last", lambda: selector(world))
    luck.maybe(classes, "joint", lambda: "first")
    if luck.chance(luck.density // 2):
        classes["ignore"] = selector(world)
    return {"rule": rule, **classes} if classes else rule


def _serves(world: World, people: int) -> dict[str, int] | str:
    luck, left = world.luck, people
    serves: dict[str, int] = {}
    for name in luck.subset(world.territories):
        serves[name] = luck.integer(0, min(left, 2))
        left -= serves[name]
    return "even" if len(serves) == len(world.territories) > 1 else serves


def _abilities(world: World, made: dict[str, Any]) -> None:
    luck = world.luck
    luck.maybe(made, "skill", lambda: luck.pick(SKILLS))
    luck.maybe(made, "speed", lambda: luck.pick(SPEEDS))
    luck.maybe(made, "ramp", lambda: luck.pick(RAMPS))
    luck.maybe(made, "tenure", lambda: luck.pick(("1 w", "0 d")))
    if luck.some():
        made |= {"switching": 0.05, "switching_from": luck.pick((2, 0))}


def _coming_and_going(world: World, made: dict[str, Any], start: dt.date) -> None:
    luck = world.luck
    luck.maybe(made, "attrition", lambda: luck.pick((6, 15)))
    luck.maybe(made, "hiring", lambda: luck.pick(("5 d", "2 bd", {"dist": "exponential", "mean": "1 w"})))
    luck.maybe(made, "people", lambda: luck.pick(("everyone", "others")))
    if luck.some():
        absence: dict[str, Any] = {}
        luck.maybe(absence, "days", lambda: luck.pick((60, 25.5)))
        luck.maybe(absence, "dates", lambda: days_off(luck, start))
        luck.maybe(absence, "routed", lambda: False)
        luck.maybe(absence, "release", lambda: duration(luck, 6))
        made["absence"] = absence
