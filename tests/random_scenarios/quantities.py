"""Random quantities: lengths of time, distributions, values by kind, selectors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from .luck import Luck


@dataclass
class World:
    """The names of a scenario under way."""

    luck: Luck
    calendars: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    territories: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    ways: dict[str, str] = field(default_factory=dict)
    """How leads of each source come: by rate, every, team or bursts."""
    teams: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    @property
    def stages(self) -> list[str]:
        """All stages, in file order."""
        return [*self.line, *self.aside]

    @property
    def kinds(self) -> list[str]:
        """Names that values may be given by."""
        return [*self.segments, *self.territories, *self.sources, "expansion", "referral", "new"]


def days_off(luck: Luck, start: dt.date) -> list[str]:
    """A date, or a few days, once or every year."""
    first = start + dt.timedelta(luck.integer(0, 20))
    last = first + dt.timedelta(luck.integer(0, 3))
    return luck.pick(([f"{first}"], [f"{first}..{last}"], [f"{first:%m-%d}"], [f"{first:%m-%d}..{last:%m-%d}"]))


def by_kind(world: World, make: Callable[[], Any], percent: int = 20) -> Any:
    """A value, or in some cases a mapping of one by kind of lead."""
    luck = world.luck
    first = make()
    if not luck.chance(percent):
        return first
    kinds = [luck.pick(world.kinds) for _ in range(luck.integer(1, 2))]
    return {**{kind: make() for kind in kinds}, "else": first}


def amount(luck: Luck, hours: float, units: Sequence[str] = ("h", "min", "d")) -> str:
    """A length of time of about so many hours."""
    unit = luck.pick(units)
    per = {"min": 60.0, "h": 1.0, "d": 1 / 24, "w": 1 / 168, "bd": 1 / 8}[unit]
    return f"{max(round(hours * per * luck.pick((1.0, 0.5, 2.0, 0.25)), 3), 0.001):g} {unit}"


def duration(luck: Luck, hours: float, business: bool = True) -> str:
    """A length of time of about so many hours, sometimes in business days."""
    return amount(luck, hours, ("h", "d", "bd") if business else ("h", "d"))


def time_dist(luck: Luck, hours: float, units: Sequence[str] = ("h", "min"), buyers: bool = False) -> Any:
    """A distribution of lengths of time with a mean of about so many hours; the buyer's may end on meetings."""
    unit = luck.pick(units)
    per = {"min": 60.0, "h": 1.0, "d": 1 / 24, "bd": 1 / 8}[unit]
    size = hours * luck.pick((1.0, 0.5, 2.0))

    def length(share: float) -> str:
        return f"{max(round(size * share * per, 3), 0.001):g} {unit}"

    made = _family(luck, length, zero=f"0 {unit}")
    if not isinstance(made, dict):
        return made
    if luck.chance(8):
        made["times"] = luck.integer(2, 3)
    if luck.chance(6):
        made["multiply"] = luck.pick((0.5, 1.5))
    if luck.chance(6):
        made["add"] = length(0.2)
    if buyers and luck.chance(16):
        made["meets"] = luck.pick(("1 w", "2 d", "1 mo"))
    return made


def number_dist(luck: Luck, size: float) -> Any:
    """A distribution of numbers with a mean of about ``size``."""
    return _family(luck, lambda share: round(size * share, 3), zero=0)


def _family(luck: Luck, length: Callable[[float], Any], zero: Any) -> Any:
    """One of all families; scipy's are rarer, for their tables take time to make."""
    name = luck.pick((
        "value", "exponential", "lognormal", "value", "gamma", "uniform", "exponential", "triangular", "erlang",
        "empirical", "weibull", "lognormal mean", "lognormal cv", "constant", "beta",
    ))  # fmt: skip
    shapes: dict[str, Any] = {
        "value": length(1.0),
        "constant": {"dist": "constant", "value": length(0.7)},
        "exponential": {"dist": "exponential", "mean": length(1.0)},
        "lognormal": {"dist": "lognormal", "median": length(0.8), "sigma": 0.6},
        "lognormal mean": {"dist": "lognormal", "mean": length(1.0), "sd": length(0.5)},
        "lognormal cv": {"dist": "lognormal", "mean": length(1.0), "cv": 1.2},
        "gamma": {"dist": "gamma", "mean": length(1.0), "cv": 0.8},
        "uniform": {"dist": "uniform", "low": zero, "high": length(2.0)},
        "triangular": {"dist": "triangular", "low": zero, "mode": length(0.5), "high": length(2.0)},
        "erlang": {"dist": "erlang", "mean": length(1.0), "k": 3},
        "weibull": {"dist": "weibull", "shape": 1.5, "scale": length(1.0)},
        "empirical": {"dist": "empirical", "values": [length(0.5), length(1.0), length(1.0), length(3.0)]},
        "beta": {"dist": "beta", "a": 2, "b": 3, "scale": length(2.0)},
    }
    return shapes[name]


def selector(world: World, stages: bool = True) -> Any:
    """A class of leads, or a list of classes."""
    luck = world.luck
    made = [_condition(world, stages) for _ in range(luck.pick((1, 1, 1, 2)))]
    return made[0] if len(made) == 1 else made


def _condition(world: World, stages: bool) -> dict[str, Any]:
    luck = world.luck
    parts: dict[str, Callable[[], Any]] = {"origin": lambda: luck.pick(("new", "expansion", "referral"))}
    if stages:
        parts["stage"] = lambda: luck.pick((*world.stages, "care", "renewal", "complaint"))
    parts |= {
        "value_at_least": lambda: luck.pick((8_000, 0, 30_000)),
        "score_at_least": lambda: luck.pick((0, -1, 0.8)),
        "value_below": lambda: luck.pick((20_000, 60_000)),
        "score_below": lambda: luck.pick((0.5, 1.5)),
    }
    for role, names in (("segment", world.segments), ("territory", world.territories), ("source", world.sources)):
        if names:
            parts[role] = lambda names=names: luck.pick(names) if luck.chance(70) else luck.subset(names)
    chosen = [luck.pick(list(parts)) for _ in range(luck.pick((1, 1, 2)))]
    made = {key: parts[key]() for key in dict.fromkeys(chosen)}
    if made.get("score_at_least") == 0.8:  # the same leads, said as a share
        made["top"] = f"{100 * NormalDist().cdf(-made.pop('score_at_least')):.6f} %"
    return made
