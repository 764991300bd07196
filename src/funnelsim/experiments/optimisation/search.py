"""What an optimisation tried and found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from funnelsim.errors import FunnelsimError

from ..statistics.selection import Floats, Selected
from ..study.designs import Point
from ..study.goals import Goal, Status
from .screening import Sample
from .spaces import Cell

FIRST = 5
"""Replications of each point at first where nothing is said."""

TRIALS = 64
"""Points that are tried where nothing is said."""


@dataclass(frozen=True)
class Errors:
    """How the probability of choosing wrong is shared out among the steps.

    Parameters
    ----------
    narrowing : float
        That the best point is given up when points are narrowed down.
    clear : float
        That a point is taken to lie clear of its limits, on whichever side, and does not.
    selecting : float
        That a worse point is selected.
    limits : float
        That a point is called feasible or broken and is not, of all points whose limits are in question.
    """

    narrowing: float
    clear: float
    selecting: float
    limits: float


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
            raise FunnelsimError(f"trials must be at least 2, but got {self.trials}", code="E-trials-range")
        if self.first < 3:
            raise FunnelsimError(
                f"an optimisation needs at least 3 replications of each point, but got {self.first}",
                code="E-replications-range",
            )
        if not 0.5 <= self.confidence < 1:
            raise FunnelsimError(
                f"confidence must lie from 0.5 to below 1, but got {self.confidence}", code="E-confidence-range"
            )

    def errors(self, limited: bool) -> Errors:
        """The errors that the steps may make; most goes to limits where there are any, as these take longest."""
        shares = (0.15, 0.05, 0.2, 0.6) if limited else (0.5, 0.0, 0.5, 0.0)
        return Errors(*((1 - self.confidence) * share for share in shares))


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
    broken : bool
        Whether it was given up because it is shown to break a limit.
    behind : tuple of Tried
        The points because of which it was given up: they seemed to keep to all limits, and are shown to be better.
    status : Status or None
        What the measured estimates tell about the limits, at the level that all points share.
    """

    point: Point
    cell: Cell | None = None
    early: Sample | None = None
    sample: Sample | None = None
    replications: int = 0
    measured: Sample | None = None
    finalist: bool = False
    broken: bool = False
    behind: tuple[Tried, ...] = ()
    status: Status | None = None

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
class SearchResult:
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
    undecided : list of Tried
        Points that were selected, and of which it is not known whether they keep to the limits.
    refused : list of Tried
        Points that were selected, and then found not to keep to the limits.
    error : float
        The probability with which each limit of a measured point may be decided wrongly.
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
    undecided: list[Tried] = field(default_factory=list)
    refused: list[Tried] = field(default_factory=list)
    error: float = 0.025
    complete: bool = True
    size: int = 0
    measured: int = 0

    def nought(self, goal: Goal) -> bool:
        """Whether what is looked for is 0 in every replication of every point, so that none is better."""
        figures = [one.sample[goal.kpi] for one in self.tried if one.sample is not None]
        return bool(figures) and all(each.mean == 0 and not any(each.residuals) for each in figures)


def figures_of(sample: Sample, goal: Goal) -> Floats:
    """Figures by replication whose mean is the pooled estimate; of a sample that is `complete`."""
    return np.array(sample[goal.kpi].residuals) + (sample[goal.kpi].mean or 0.0)


def complete(sample: Sample | None, goal: Goal) -> Sample | None:
    """A sample that has a figure to be judged by, with its error; else None."""
    if sample is None or sample[goal.kpi].mean is None or not sample[goal.kpi].residuals:
        return None
    return sample
