"""What an optimisation tried and found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from funnelsim.errors import FunnelsimError

from .designs import Point
from .goals import Goal
from .screening import Sample
from .selection import Floats, Selected
from .spaces import Cell

FIRST = 5
"""Replications of each point at first where nothing is said."""

TRIALS = 64
"""Points that are tried where nothing is said."""


@dataclass(frozen=True)
class Effort:
    """How much is tried.

    Parameters
    ----------
    trials : int
        Points; where there are no more than that, each is tried.
    first : int
        Replications of each at first.
    confidence : float
        Probability of selecting right.
    """

    trials: int = TRIALS
    first: int = FIRST
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if self.trials < 2:
            raise FunnelsimError(f"trials must be at least 2, but got {self.trials}")
        if self.first < 3:
            raise FunnelsimError(
                f"an optimisation needs at least 3 replications of each point, but got {self.first}"
            )
        if not 0.5 <= self.confidence < 1:
            raise FunnelsimError(f"confidence must lie from 0.5 to below 1, but got {self.confidence}")


@dataclass(eq=False)
class Tried:
    """A point that was tried, and what came of it.

    Attributes
    ----------
    point : Point
        Arm, and values by factor.
    cell : Cell or None
        Where it lies in the space that was searched.
    early : mapping or None
        Estimates over the first replications, which all points have; None where any of them failed.
    sample : mapping or None
        The same over all replications of the search.
    replications : int
        How many these are.
    measured : mapping or None
        Estimates over replications that had no part in choosing; None where there are none.
    finalist : bool
        Whether it was among those of which the best was selected.
    """

    point: Point
    cell: Cell | None = None
    early: Sample | None = None
    sample: Sample | None = None
    replications: int = 0
    measured: Sample | None = None
    finalist: bool = False

    @property
    def arm(self) -> str:
        """Name of its arm."""
        return self.point.arm

    @property
    def at(self) -> dict[str, Any]:
        """Its values by factor."""
        return self.point.at

    @property
    def latest(self) -> Sample | None:
        """The best estimates there are."""
        return self.measured or self.sample


@dataclass
class Findings:
    """What an optimisation found.

    Attributes
    ----------
    today : Tried
        The scenario as it is; factors with a single value have it.
    tried : list of Tried
        All points in the order in which they were tried.
    best : Tried or None
        The answer; None where no point keeps to the limits.
    selected : Selected or None
        The selection that gave the answer; None where there was nothing to select from.
    finalists : tuple of Tried
        What it selected from, in its order.
    zone : float
        The difference that did not matter to it.
    refused : list of Tried
        Points that were selected, and then found not to keep to the limits.
    complete : bool
        Whether all points of the study were tried.
    size : int
        How many there are.
    measured : int
        Replications on which the answer was measured.
    """

    today: Tried
    tried: list[Tried] = field(default_factory=list)
    best: Tried | None = None
    selected: Selected | None = None
    finalists: tuple[Tried, ...] = ()
    zone: float = 0.0
    refused: list[Tried] = field(default_factory=list)
    complete: bool = True
    size: int = 0
    measured: int = 0


def figures_of(sample: Sample, goal: Goal) -> Floats:
    """Figures by replication whose mean is the pooled estimate; of a sample that is `complete`."""
    return np.array(sample[goal.kpi].residuals) + (sample[goal.kpi].mean or 0.0)


def complete(sample: Sample | None, goal: Goal) -> Sample | None:
    """A sample that has a figure to be judged by, with its error; else None."""
    if sample is None or sample[goal.kpi].mean is None or not sample[goal.kpi].residuals:
        return None
    return sample
