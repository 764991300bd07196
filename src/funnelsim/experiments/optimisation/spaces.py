"""The space that an optimisation searches: what may be decided, level by level."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from funnelsim.scenario.forms.base import FormError
from funnelsim.scenario.study.factors import Factor
from funnelsim.scenario.study.study import Study

from ..study.designs import Point

ARM = "arm"
"""Name of the axis whose values are the arms."""

FINE = 101
"""Values into which a range without steps is divided: each hundredth of it."""

STRIDES = 20
"""A step to a neighbour goes this part of a long axis."""

MOST_OTHERS = 8
"""Values of an axis without order up to which all others are neighbours."""

Cell = tuple[int, ...]
"""A point of the space, by the number of its value on each axis."""


@dataclass(frozen=True)
class Axis:
    """Something that may be decided.

    Parameters
    ----------
    name : str
        A factor, or ``arm``.
    values : tuple
        What it may be.
    ordered : bool
        Whether values that follow one another are alike.
    """

    name: str
    values: tuple[Any, ...]
    ordered: bool

    def beside(self, at: int) -> Iterator[int]:
        """The numbers of the values next to one."""
        last = len(self.values) - 1
        if self.ordered:
            stride = max(1, last // STRIDES)
            yield from dict.fromkeys(n for n in (max(0, at - stride), min(last, at + stride)) if n != at)
        elif last <= MOST_OTHERS:
            yield from (n for n in range(last + 1) if n != at)


@dataclass(frozen=True)
class Space:
    """All that may be decided together."""

    axes: tuple[Axis, ...]

    @classmethod
    def of(cls, study: Study) -> Space:
        """The space of a study: its arms, where there are several, and its factors."""
        axes = [_axis(factor) for factor in study.factors]
        if len(study.arms) > 1:
            axes.insert(0, Axis(ARM, tuple(study.arms), False))
        return cls(tuple(axes))

    @property
    def size(self) -> int:
        """How many points it has."""
        return math.prod(len(axis.values) for axis in self.axes)

    def cells(self) -> Iterator[Cell]:
        """All points in order."""
        return itertools.product(*(range(len(axis.values)) for axis in self.axes))

    def point(self, cell: Cell) -> Point:
        """The point at a cell."""
        at = {axis.name: axis.values[n] for axis, n in zip(self.axes, cell, strict=True)}
        arm = at.pop(ARM, "base")
        return Point(arm, at)

    def beside(self, cell: Cell) -> Iterator[Cell]:
        """The points that differ from one in a single step."""
        for place, axis in enumerate(self.axes):
            for other in axis.beside(cell[place]):
                yield (*cell[:place], other, *cell[place + 1 :])


def _axis(factor: Factor) -> Axis:
    try:
        values = factor.grid()
    except FormError:  # a range that is not divided
        made = [factor.between(step / (FINE - 1), ends=True) for step in range(FINE)]
        values = tuple(value for at, value in enumerate(made) if value not in made[:at])
    return Axis(factor.name, values, not factor.levels.values or _in_order(values))


def _in_order(values: tuple[Any, ...]) -> bool:
    """Whether values are numbers, or one change by numbers, that rise or fall."""
    operations = {next(iter(value)) if isinstance(value, Mapping) and len(value) == 1 else "" for value in values}
    numbers = [next(iter(value.values())) if isinstance(value, Mapping) and value else value for value in values]
    if len(operations) > 1 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        return False
    return numbers in (sorted(numbers), sorted(numbers, reverse=True))
