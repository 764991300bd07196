"""Tables that grow while a scenario is compiled: distributions, selectors and routes, each row stored once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from funnelsim.scenario.forms.quantities import Condition, Dist, Duration, Selector, Weights, constant
from funnelsim.scenario.language.types import ScenarioSpec

from ..numbers.columns import NO_LIMIT
from ..numbers.distributions import DistTable, compile_dists
from ..records import FIXED_OUTCOMES, ORIGINS
from .names import segment_names, territory_names
from .tables import RouteTable, SelectorTable

WORK_ITEMS = ("care", "renewal", "complaint")
"""What a selector's ``stage`` may name besides the stages."""


def cents(amount: float) -> int:
    """Money in whole hundredths, rounded half up."""
    return int(np.floor(amount * 100.0 + 0.5))


@dataclass
class Dists:
    """Distributions in order of first use."""

    rows: dict[Dist, int] = field(default_factory=dict)

    def row(self, dist: Dist | None) -> int:
        """The row of a distribution; -1 for none."""
        return -1 if dist is None else self.rows.setdefault(dist, len(self.rows))

    def delay(self, dist: Dist) -> int:
        """The row of a delay; -1 for one that is always zero, so that it costs nothing at all."""
        return -1 if dist == constant(0.0, dist.unit) else self.row(dist)

    def duration(self, duration: Duration | None) -> int:
        """The row of a fixed length of time; -1 for none."""
        if duration is None:
            return -1
        if duration.business:
            return self.row(constant(duration.amount, "bd"))
        return self.row(constant(float(duration.microseconds), "us"))

    def table(self) -> DistTable:
        """The compiled distributions."""
        return compile_dists(list(self.rows))


class Outcomes:
    """Names of outcomes by code: the fixed ones, then loss reasons in order of first use."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {name: code for code, name in enumerate(FIXED_OUTCOMES)}

    def code(self, name: str) -> int:
        """The code of an outcome, new if need be."""
        return self.names.setdefault(name, len(self.names))


class Routes:
    """Where leads go: weighted stages and outcomes."""

    def __init__(self, stages: list[str], outcomes: Outcomes) -> None:
        self._stages = {name: index for index, name in enumerate(stages)}
        self._outcomes = outcomes
        self._rows: dict[Weights, int] = {}

    def row(self, destinations: Weights | None) -> int:
        """The row of a set of destinations; -1 for none."""
        return -1 if destinations is None else self._rows.setdefault(destinations, len(self._rows))

    def code(self, name: str) -> int:
        """A stage's index, or -outcome - 1."""
        if name in self._stages:
            return self._stages[name]
        return -self._outcomes.code("ended" if name == "end" else name) - 1

    def likeliest(self, destinations: Weights) -> int:
        """Code of the destination with the largest weight, the first of equals."""
        return self.code(max(destinations, key=lambda pair: pair[1])[0])

    def table(self) -> RouteTable:
        """The compiled routes."""
        offset, codes, upto = [0], [], []
        for destinations in self._rows:
            codes += [self.code(name) for name, _ in destinations]
            upto += shares(destinations)
            offset.append(len(codes))
        return RouteTable(ints(offset), ints(codes), np.array(upto, dtype=np.float64))


class Selectors:
    """Selectors with their names resolved to indices; ``specs`` are those of all periods."""

    def __init__(self, specs: Sequence[ScenarioSpec]) -> None:
        self._names = {
            "segment": segment_names(specs),
            "territory": [*territory_names(specs), ""],
            "source": [*specs[0].sources, ""],
            "origin": list(ORIGINS),
            "stage": [*specs[0].stages, *WORK_ITEMS],
        }
        self._rows: dict[Selector, int] = {}

    def row(self, selector: Selector | None) -> int:
        """The row of a selector; -1 for none, or for one that selects nothing."""
        return -1 if not selector else self._rows.setdefault(selector, len(self._rows))

    def table(self) -> SelectorTable:
        """The compiled selectors."""
        conditions: list[Condition] = [condition for selector in self._rows for condition in selector]
        offset = np.cumsum([0, *(len(selector) for selector in self._rows)])
        flags = {
            part: ints(
                [int(not getattr(c, part) or name in getattr(c, part)) for c in conditions for name in names]
            )
            for part, names in self._names.items()
        }
        return SelectorTable(
            segments=len(self._names["segment"]),
            territories=len(self._names["territory"]),
            sources=len(self._names["source"]),
            stages=len(self._names["stage"]),
            offset=ints(offset),
            **flags,
            value_from=ints(
                [-NO_LIMIT if c.value_at_least is None else cents(c.value_at_least) for c in conditions]
            ),
            value_below=ints([NO_LIMIT if c.value_below is None else cents(c.value_below) for c in conditions]),
            score_from=np.array([-np.inf if c.score_at_least is None else c.score_at_least for c in conditions]),
            score_below=np.array([np.inf if c.score_below is None else c.score_below for c in conditions]),
        )


def ints(values: object) -> np.ndarray:
    """An array of 64-bit integers."""
    return np.array(values, dtype=np.int64)


def shares(weights: Weights) -> list[float]:
    """Cumulative shares of weights, the last exactly 1; of weights that are all 0, all 0."""
    total = 0.0
    for _, weight in weights:
        total += weight
    if total == 0.0:
        return [0.0] * len(weights)
    running, upto = 0.0, []
    for _, weight in weights:
        running += weight
        upto.append(running / total)
    upto[-1] = 1.0
    return upto
