"""Random calendars, segments, territories and sources."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .quantities import World, by_kind, days_off, number_dist, time_dist

CALENDARS: dict[str, dict[str, Any]] = {
    "office": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"], "holidays": "JP"},
    "round": {"hours": ["00:00-09:00", "09:00-24:00"]},
    "early": {"days": "mon-sat", "hours": "06:00-14:00"},
    "late": {"week": {"mon-thu": "13:00-20:00", "fri": ["10:00-11:30", "13:00-15:00"]}},
    "night": {"hours": ["00:00-06:00", "13:00-14:00", "22:00-24:00"], "holidays": "US-CA"},
}
"""All open on weekdays from 13:00 to 14:00, for joint touches need hours in common."""


def calendars(world: World, start: dt.date) -> dict[str, Any]:
    """None to three calendars, with days off."""
    luck, names = world.luck, list(CALENDARS)
    chosen = list(dict.fromkeys(luck.pick(names) for _ in range(luck.pick((0, 1, 1, 2, 3)))))
    made = {name: dict(CALENDARS[name]) for name in chosen}
    for calendar in made.values():
        if luck.chance(20):
            calendar["closed"] = days_off(luck, start)
    world.calendars = [*made, "always"] if made else []
    return made


def segments(world: World) -> dict[str, Any]:
    """None to three segments."""
    luck = world.luck
    world.segments = ["small", "large", "key"][: luck.pick((0, 1, 2, 3))]
    sizes = {"small": 9_000, "large": 40_000, "key": 200_000}
    return {
        name: {"share": luck.pick((1, 2, 0.5)), "value": number_dist(luck, sizes[name])} for name in world.segments
    }


def territories(world: World) -> dict[str, Any]:
    """None to three territories."""
    world.territories = ["east", "west", "north"][: world.luck.pick((0, 0, 2, 3))]
    return {name: world.luck.pick((1, 2)) for name in world.territories}


def sources(world: World, start: dt.date) -> dict[str, Any]:
    """One to four sources; the first always sends leads by itself."""
    luck = world.luck
    world.sources = ["web", "fair", "mail", "dial"][: luck.integer(1, 4)]
    made = {name: source(world, start, first=name == "web") for name in world.sources}
    for name, one in made.items():
        world.ways[name] = next((way for way in ("rate", "every", "team") if way in one), "bursts")
    return made


def source(world: World, start: dt.date, first: bool) -> dict[str, Any]:
    """One source, by rate, by renewals, by bursts alone, or worked by a team."""
    luck = world.luck
    way = luck.pick(("rate", "rate", "every", "team", "bursts")) if not first else "rate"
    made: dict[str, Any] = {}
    if way == "rate":
        made["rate"] = luck.pick(("2 / d", "1 / d", "60 / mo", "0.15 / h"))
        _shape(world, made)
        if made.get("calendar", "always") != "always" and luck.chance(30):
            made["rate"] = luck.pick(("2 / bd", "0.3 / open h"))
    elif way == "every":
        made["every"] = time_dist(luck, luck.pick((12, 48)), ("h", "d"))
        if luck.chance(50):
            _shape(world, made)
            made.pop("dispersion", None)
    elif way == "team":
        made |= {"team": luck.pick(world.teams), "effort": time_dist(luck, luck.pick((1.0, 0.5)), ("min", "h"))}
        made["effort"] = _not_quick(made["effort"])
        made["yield"] = luck.pick((0.1, 0.3, 0.02))
        luck.maybe(made, "market", lambda: luck.pick((40, 5, 200)))
        luck.maybe(made, "cooling", lambda: luck.pick(("3 d", "5 h", "1 w")))
    if way in ("rate", "every"):
        luck.maybe(made, "batch", lambda: luck.pick((1.5, 2, {"dist": "uniform", "low": 0, "high": 3})))
    if way == "bursts" or luck.chance(12):
        made["bursts"] = [burst(world, start) for _ in range(luck.integer(1, 2))]
    _nature(world, made)
    return made


def _not_quick(effort: Any) -> Any:
    """Contacts of at least 12 minutes, so that a run does not drown in them."""
    return {**effort, "add": "12 min"} if isinstance(effort, dict) else effort


def _shape(world: World, made: dict[str, Any]) -> None:
    luck = world.luck
    if world.calendars:
        luck.maybe(made, "calendar", lambda: luck.pick(world.calendars))
    luck.maybe(made, "growth", lambda: luck.pick((0.5, -0.3)))
    luck.maybe(made, "dispersion", lambda: luck.pick((2.8, 5)))
    pattern: dict[str, Any] = {}
    luck.maybe(pattern, "weekday", lambda: {"mon": 2, "sat-sun": 0.2})
    luck.maybe(pattern, "hour", lambda: {"9-17": 3, "3": 0})
    luck.maybe(pattern, "month", lambda: {"dec": 0.5, "apr": 2})
    if pattern:
        made["pattern"] = pattern


def burst(world: World, start: dt.date) -> dict[str, Any]:
    """So many leads at once, or over a while."""
    luck = world.luck
    at = luck.pick(("2 d", (start + dt.timedelta(luck.integer(0, 12))).isoformat(), "0 d"))
    return {"at": at, "leads": luck.integer(1, 15), "over": luck.pick(("1 d", "0 h", "1 w"))}


def _nature(world: World, made: dict[str, Any]) -> None:
    """What the leads of a source are like, and where they enter."""
    luck = world.luck
    luck.maybe(made, "quality", lambda: luck.pick((0.5, -0.5)))
    luck.maybe(
        made,
        "readiness",
        lambda: {"later": 0.3, "never": luck.pick((0, 0.2)), "time": time_dist(luck, 120, ("h", "d"))},
    )
    if world.segments:
        luck.maybe(made, "mix", lambda: {name: luck.pick((1, 3)) for name in luck.subset(world.segments)})
    luck.maybe(made, "cost", lambda: 150)
    luck.maybe(made, "to", lambda: by_kind(world, lambda: luck.pick(world.stages)))
