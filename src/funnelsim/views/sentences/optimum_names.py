"""What points, decisions and KPIs of an optimisation are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from funnelsim.scenario.study.spec import BASE
from funnelsim.text import printed

from ..words import say, separated, small

if TYPE_CHECKING:
    from funnelsim.experiments.optimisation.result import Optimum
    from funnelsim.experiments.optimisation.search import Tried

_LONG = re.compile(r"\d+\.\d{4,}")
"""Numbers between levels, which nobody reads to the last digit."""


class Names:
    """What points and KPIs are called."""

    def __init__(self, optimum: Optimum) -> None:
        self._goal = optimum.goal
        names = [factor.name for factor in optimum.study.factors]
        short = {name: _short(name) for name in names}
        count = Counter(short.values())
        self._short = {name: each if count[each] == 1 else name for name, each in short.items()}
        self._levers = {factor.name for factor in optimum.study.factors if factor.lever}
        self._always = optimum.study.held

    def factor(self, name: str) -> str:
        """A factor in a sentence."""
        return self._short.get(name, name)

    def point(self, one: Tried) -> str:
        """A point: what is decided, one after the other."""
        said = []
        for name, value in one.point.at.items():
            if name not in self._always:
                joint = "@" if name in self._levers else " "
                # People are what is decided most often, and known by their team.
                said.append(f"{self.factor(name).removesuffix(' headcount')}{joint}{value_text(value)}")
        arm = "" if one.point.arm == BASE else one.point.arm
        if arm and said:
            return say("optimum.point_with", arm=arm, decided=separated(said))
        return arm or separated(said) or say("optimum.today")

    def kpi(self, name: str) -> str:
        """A KPI inside a sentence."""
        return small(self._goal.labels[name])


def _short(path: str) -> str:
    """The end of a path that tells what it is: ``field_sales headcount``."""
    parts = path.split(".")
    return " ".join(parts[-2:])


def value_text(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, inner),) = value.items()
        if key == "add" and isinstance(inner, int | float):
            return printed(inner, "+zg")
        return f"{'×' if key == 'multiply' else str(key) + ' '}{value_text(inner)}"
    if isinstance(value, float):
        return printed(value, "z.4g")
    return _LONG.sub(lambda found: printed(float(found[0]), "z.4g"), str(value))
