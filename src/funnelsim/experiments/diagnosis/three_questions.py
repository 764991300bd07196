"""Two of three questions to an organisation: does a step convert less than it should, and are there the right
people at each step? The third, whether the revenue equation is right, is answered by `tornado`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from funnelsim.model.model import Model
from funnelsim.results.estimates import Estimate
from funnelsim.results.measures.summary import Summary

TOLERANCE = 0.05
"""A step may convert so much less than its file says, as a share of that, where no tolerance is given."""

COMFORTABLE = 0.85
"""Load that leaves room for the ups and downs of demand."""


@dataclass(frozen=True)
class Step:
    """Whether a step converts what it should.

    Parameters
    ----------
    stage, label : str
        The step.
    conversion : Estimate
        Share of the leads that come which go on.
    least : float or None
        What it should at least be; None where the file gives different shares for kinds of lead.
    below : bool
        Whether it is below, by more than chance.
    ended : Estimate
        Share of those that left which went on; where it is what it should be, leads lie there instead.
    given_up : float
        Share of the leads that came which left because nobody served them in time.
    """

    stage: str
    label: str
    conversion: Estimate
    least: float | None
    below: bool
    ended: Estimate
    given_up: float

    @property
    def untold(self) -> bool:
        """Whether it may as well be below as not, as its interval holds what it should at least be."""
        if self.least is None or self.conversion.low is None or self.below:
            return False
        return self.conversion.low < self.least


@dataclass(frozen=True)
class Staffing:
    """Whether a team has the people it needs.

    Parameters
    ----------
    team, label : str
        The team.
    headcount : float
        Seats on average.
    load, filler : float
        Work offered over capacity; share of the time that goes to outbound contacts.
    low, high : float
        The 95 % interval of the load.
    """

    team: str
    label: str
    headcount: float
    load: float
    filler: float
    low: float
    high: float

    @property
    def needed(self) -> int:
        """Seats at which the load would be 0.85."""
        return self._enough(self.load)

    @property
    def between(self) -> tuple[int, int]:
        """Seats at which it would be 0.85 at either end of its interval."""
        return self._enough(self.low), self._enough(self.high)

    @property
    def seats(self) -> int:
        """Whole seats."""
        return math.floor(self.headcount + 0.5)

    @property
    def missing(self) -> int:
        """Seats short; below 0 those to spare."""
        return self.needed - self.seats

    @property
    def untold(self) -> bool:
        """Whether nobody knows if there are too few or too many, as the interval of the load holds both."""
        least, most = self.between
        return least < self.seats < most

    def _enough(self, load: float) -> int:
        return max(1, math.ceil(self.headcount * load / COMFORTABLE - 1e-9))


def steps(summary: Summary, model: Model, tolerance: Mapping[str, float]) -> tuple[Step, ...]:
    """The conversion of each stage in which leads can be lost, beside what it should be."""
    found = []
    for name, label in zip(model.stage_names, model.stage_labels, strict=True):
        figures, stage = summary.stages[name], model.spec.stages[name]
        conversion = figures["conversion"]
        nominal = stage.convert.other if not stage.convert.cases else None
        if conversion.mean is None or (nominal == 0.0 and name not in tolerance):
            continue
        least = tolerance.get(name, None if nominal is None else nominal * (1 - TOLERANCE))
        high = conversion.mean if conversion.high is None else conversion.high
        below = least is not None and high < least
        came, gone = figures["entered"].mean or 0.0, figures["expired"].mean or 0.0
        given_up = gone / came if came else 0.0
        found.append(Step(name, label, conversion, least, below, figures["conversion_period"], given_up))
    return tuple(found)


def staffing(summary: Summary, model: Model) -> tuple[Staffing, ...]:
    """People and load of each team, and how many would be enough."""
    found = []
    for name, label in zip(model.team_names, model.team_labels, strict=True):
        figures = summary.teams[name]
        headcount, load = figures["headcount"].mean or 0.0, figures["load"].mean
        if load is not None:
            low, high = (load if end is None else end for end in (figures["load"].low, figures["load"].high))
            found.append(Staffing(name, label, headcount, load, figures["filler"].mean or 0.0, low, high))
    return tuple(found)
