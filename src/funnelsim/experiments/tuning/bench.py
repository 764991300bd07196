"""Figures of a line with its inputs at any places, on the same random numbers, and how they change with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model
from funnelsim.results.estimates import Estimate

from ..running.arms import Arm, tallied
from ..running.laboratory import Batch, Laboratory, Sampling
from ..running.memory import Plans, check_memory
from ..statistics.least_change import Array, steadied
from .inputs import HALF, Input, as_change, at, settled

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.scenario.scenario import Scenario

    from .totals import Total

STEP = HALF / 4
"""By how much an input is moved to see what it does, in standard deviations: a quarter of its range to one side.

Figures are step functions of inputs, as a lead is won or not; so a step is never small.
"""


class Bench:
    """Runs a line with inputs moved; threads or processes live as long as it does.

    Parameters
    ----------
    scenario : Scenario
        With all inputs at 0.
    totals : sequence of Total
        Whose KPIs are looked at.
    beside : sequence of str
        Further KPIs that are kept.
    sampling : Sampling
        How replications are computed.
    """

    def __init__(
        self, scenario: Scenario, totals: Sequence[Total], beside: Sequence[str], sampling: Sampling
    ) -> None:
        self.scenario = scenario
        self.model = compile_model(scenario)
        self.totals = totals
        self.kpis = tuple(dict.fromkeys((*(each.kpi for each in totals), *beside)))
        self.sampling = sampling
        if sampling.executor is None:
            check_memory(self.model, Plans(sampling.at_once, sampling.at_once, sampling.engine))
        self._laboratory = Laboratory(sampling)
        self.made = 0

    def __enter__(self) -> Self:
        self._laboratory.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._laboratory.__exit__(kind, error, trace)

    def arms(self, models: Mapping[str, Model], count: int) -> dict[str, Arm]:
        """So many replications of each model; what is there already under a name is not made again."""
        self._laboratory.run(Batch(name, model, count, tallied, (self.kpis,)) for name, model in models.items())
        self.made = self._laboratory.done
        return {name: Arm(name, model, tuple(self._laboratory.kept(name))) for name, model in models.items()}

    def figures(self, models: Mapping[str, Model], count: int) -> dict[str, list[Estimate]]:
        """The figures of the totals, by model; then nothing is kept of them."""
        found = {
            name: [arm.estimate(each.kpi) for each in self.totals]
            for name, arm in self.arms(models, count).items()
        }
        for name in models:
            self._laboratory.forget(name)
        return found

    def at(self, inputs: Sequence[Input], places: Array, count: int) -> list[Estimate] | None:
        """The figures with inputs at their places; None where no such scenario or no such figure is."""
        try:
            model = compile_model(at(self.scenario, inputs, places))
        except ScenarioError:
            return None
        (found,) = self.figures({"tried": model}, count).values()
        return None if any(each.mean is None for each in found) else found

    def settle(self, inputs: Sequence[Input], places: Array) -> Scenario:
        """The scenario with what was moved, as it is written into a file."""
        values = settled(self.scenario, inputs, places)
        return self.scenario.change(as_change(values)) if values else self.scenario

    def slopes(
        self, inputs: Sequence[Input], places: Array, base: Sequence[Estimate], count: int
    ) -> tuple[Array, Array]:
        """By how much each figure grows by one standard deviation of each input, and the standard errors of that.

        Differences are paired replication by replication. A figure that is undefined at a step has slope 0 there.
        """
        models, taken = {}, {}
        for number, each in enumerate(inputs):
            side = self._side(each, places[number])
            moved = places.copy()
            moved[number] += side
            try:
                models[each.path] = compile_model(at(self.scenario, inputs, moved))
            except ScenarioError:
                continue
            taken[each.path] = side
        found = self.figures(models, count)
        slopes, errors = np.zeros((len(base), len(inputs))), np.zeros((len(base), len(inputs)))
        for column, each in enumerate(inputs):
            for row, (before, after) in enumerate(zip(base, found.get(each.path, ()), strict=False)):
                if after.mean is None or before.mean is None:
                    continue
                size = taken[each.path]
                slopes[row, column] = (after.mean - before.mean) / size
                errors[row, column] = _error(before, after, count) / abs(size)
        return slopes, errors

    @staticmethod
    def _side(each: Input, place: float) -> float:
        """The step: away from 0 but where the limit is near."""
        out = STEP if place >= 0 else -STEP
        return out if each.limits[0] <= place + out <= each.limits[1] else -out


def means(figures: Sequence[Estimate]) -> Array:
    """The means of figures that exist."""
    return np.array([0.0 if each.mean is None else each.mean for each in figures])


def kept(slopes: Array, errors: Array) -> Array:
    """Slopes without what chance made of them."""
    return steadied(slopes, errors)


def _error(before: Estimate, after: Estimate, count: int) -> float:
    """The standard error of a paired difference; where there are no residuals, as if it were all chance."""
    if not (len(before.residuals) == len(after.residuals) == count > 1):
        return abs((after.mean or 0.0) - (before.mean or 0.0))
    apart = np.array(after.residuals) - np.array(before.residuals)
    return float(np.sqrt(np.sum(apart**2) / (count - 1) / count))
