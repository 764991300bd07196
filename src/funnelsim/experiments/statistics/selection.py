"""Which of several is best, with a guarantee: the fully sequential procedure of Kim and Nelson.

Kim and Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS
11:251. One more replication of each that is left, and each that falls behind another by more than chance can
explain is dropped. The best is selected with the probability asked for whenever it is better than the second best
by the indifference zone. Replications may share their random numbers, which makes it faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.arguments import check_fields
from funnelsim.errors import FunnelsimError
from funnelsim.unchanging import another, unchanging

Floats = NDArray[np.float64]

Figures = Callable[[Mapping[int, int]], Mapping[int, Floats]]
"""From alternatives, each with a number of replications, to one figure for each of them, from the first on.
Their mean is the alternative's estimate. Asked again, it gives the same figures and more."""


@dataclass(frozen=True)
class Selected:
    """The alternative that was selected, and what it took.

    Parameters
    ----------
    best : int
        Its place among the alternatives.
    replications : tuple of int
        What each alternative took; those that were dropped early took fewer.
    means : tuple of float
        The estimate of each when it was last looked at.
    left : tuple of int
        Those that were not dropped; more than the best where it ended before only one was left.
    decided : bool
        Whether it came to its end, so that what is promised holds.
    beside : int, optional
        The one that the posterior compares with all others; by default the best.
    """

    best: int
    replications: tuple[int, ...]
    means: tuple[float, ...]
    left: tuple[int, ...] = ()
    decided: bool = True
    beside: int | None = None


@unchanging(another)
@dataclass(frozen=True)
class Guarantee:
    """What is promised about a selection.

    Parameters
    ----------
    zone : float
        The smallest difference that matters, in the unit of the figures.
    confidence : float
        Probability of selecting the best if it is better than the second best by at least the zone.
    first : int
        Replications of each before the first is dropped; they tell how much the differences vary.
    step : int
        Replications between looks. More than 1 keeps the guarantee and lets several processes work.
    most : int, optional
        Replications of one alternative after which to give up, with the best so far.
    """

    zone: float
    confidence: float = 0.95
    first: int = 10
    step: int = 1
    most: int | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.zone > 0:
            raise FunnelsimError(
                f"a selection needs a difference that matters above 0, but got {self.zone:g}",
                code="E-indifference-range",
            )
        if not 0.5 <= self.confidence < 1:
            raise FunnelsimError(
                f"confidence must lie from 0.5 to below 1, but got {self.confidence}", code="E-confidence-range"
            )
        if self.first < 2 or self.step < 1:
            raise FunnelsimError(
                f"first >= 2 and step >= 1 must hold, but got first={self.first}, step={self.step}",
                code="E-budget-range",
            )
        if self.most is not None and self.most < self.first:
            raise FunnelsimError(
                f"most >= first must hold, but got most={self.most}, first={self.first}", code="E-budget-range"
            )


def select(figures: Figures, number: int, guarantee: Guarantee, least: bool = False) -> Selected:
    """Select the best of several alternatives.

    Parameters
    ----------
    figures : callable
        Gives figures by replication.
    number : int
        How many alternatives there are.
    guarantee : Guarantee
        What is promised.
    least : bool
        Whether the smallest figure is the best.

    Returns
    -------
    Selected
        Which, and what it took.

    Notes
    -----
    With c = 1 (a triangle to stay in): h² = 2η(n0 - 1), η = ((2α / (k - 1)) ** (-2 / (n0 - 1)) - 1) / 2, and one
    is dropped at r replications if another is ahead by more than max(0, δ / (2r) (h² S² / δ² - r)), where S² is
    the variance of their difference in the first n0 replications.
    """
    sign = -1.0 if least else 1.0
    left = list(range(number))
    taken, means = [guarantee.first] * number, [0.0] * number
    seen = {at: sign * each for at, each in figures(dict.fromkeys(left, guarantee.first)).items()}
    varies = _variances([seen[at] for at in left]) * _squared_h(number, guarantee)
    # What never differs needs nothing more, even where the difference that matters is next to 0, as it is of 0.
    with np.errstate(over="ignore", divide="ignore"):
        spread = np.divide(varies, guarantee.zone**2, out=np.zeros_like(varies), where=varies > 0)
    last = float(spread.max(initial=0.0))  # endless where the difference that matters is next to 0
    count = guarantee.first
    while True:
        for at in left:
            taken[at], means[at] = count, float(seen[at].mean())
        left = _ahead(left, means, spread, count, guarantee.zone)
        decided = len(left) == 1 or count > last
        if decided or (guarantee.most is not None and count + guarantee.step > guarantee.most):
            best = max(left, key=lambda at: means[at])
            return Selected(best, tuple(taken), tuple(sign * mean for mean in means), tuple(left), decided)
        count += guarantee.step
        seen = {at: sign * each for at, each in figures(dict.fromkeys(left, count)).items()}


def _squared_h(number: int, guarantee: Guarantee) -> float:
    freedom = guarantee.first - 1
    alpha = 1 - guarantee.confidence
    eta = ((2 * alpha / max(1, number - 1)) ** (-2 / freedom) - 1) / 2
    return 2 * eta * freedom


def _variances(first: Sequence[Floats]) -> Floats:
    """Variances of the differences of each two."""
    rows = np.array(first)
    apart = rows[:, None, :] - rows[None, :, :]
    return np.asarray(apart.var(axis=2, ddof=1))


def _ahead(left: Sequence[int], means: Sequence[float], spread: Floats, count: int, zone: float) -> list[int]:
    """Those that no other is ahead of by more than chance can explain."""

    def slack(at: int, other: int) -> float:
        return max(0.0, zone / (2 * count) * (float(spread[at, other]) - count))

    return [
        at for at in left if all(means[at] >= means[other] - slack(at, other) for other in left if other != at)
    ]
