"""Where to spend a budget of replications: optimal computing budget allocation.

Chen, Lin, Yücesan and Chick (2000), Simulation budget allocation for further enhancing the efficiency of ordinal
optimization, Discrete Event Dynamic Systems 10:251. Alternatives that are close to the best and noisy get most, so
that the probability of selecting the best rises fastest. The rule takes alternatives as independent; on common
random numbers it is a good rule still, but no longer the optimal one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.arguments import check_fields
from funnelsim.errors import FunnelsimError
from funnelsim.text import number_of
from funnelsim.unchanging import another, unchanging

from ..counts import check_number
from .selection import Figures, Selected

Floats = NDArray[np.float64]

CLOSEST = 1e-6
"""Differences from the best that are smaller shares of the largest count as this: equals would take everything."""


def fractions(means: Sequence[float], deviations: Sequence[float], least: bool = False) -> Floats:
    """The share of the budget that each alternative gets.

    Parameters
    ----------
    means : sequence of float
        Estimates of the alternatives.
    deviations : sequence of float
        Standard deviations of one replication.
    least : bool
        Whether the smallest is the best.

    Returns
    -------
    ndarray
        They add up to 1. Those without spread get nothing, unless nobody has any.

    Notes
    -----
    N_i is proportional to (σ_i / δ_i)² for all but the best b, where δ_i is what i is behind; N_b is σ_b times the
    square root of the sum of (N_i / σ_i)².
    """
    sigma = np.asarray(deviations, dtype=np.float64)
    figures = np.asarray(means, dtype=np.float64) * (-1 if least else 1)
    best = int(figures.argmax())
    behind = figures[best] - figures
    widest = float(behind.max())
    if not sigma.any() or widest == 0:
        weight = sigma if sigma.any() else np.ones_like(sigma)
        return weight / weight.sum()
    behind = np.maximum(behind, CLOSEST * widest)
    share = (sigma / behind) ** 2
    share[best] = 0.0
    noisy = sigma > 0
    share[best] = sigma[best] * math.sqrt(float(((share[noisy] / sigma[noisy]) ** 2).sum()))
    if not share.any():  # only the best varies, and only behind those that are certain
        share = sigma.copy()
    return share / share.sum()


@unchanging(another)
@dataclass(frozen=True)
class Budget:
    """Replications to spend.

    Parameters
    ----------
    total : int
        Of all alternatives together.
    first : int
        Of each before the first allocation.
    step : int
        Between allocations.
    """

    total: int
    first: int = 5
    step: int = 10

    def __post_init__(self) -> None:
        check_fields(self)
        if self.first < 2 or self.step < 1:
            raise FunnelsimError(
                f"first >= 2 and step >= 1 must hold, but got first={self.first}, step={self.step}",
                code="E-budget-range",
            )
        if self.total < 1:
            raise FunnelsimError(
                f"a budget needs at least 1 replication, but got total={self.total}", code="E-budget-range"
            )
        check_number(self.total)


def spend(figures: Figures, number: int, budget: Budget, least: bool = False) -> Selected:
    """Spend a budget where it tells most, and name the alternative with the best mean.

    Raises
    ------
    FunnelsimError
        If the budget does not suffice for the first replications.
    """
    if budget.total < number * budget.first:
        raise FunnelsimError(
            f"a budget of {budget.total} is too small for {number_of(budget.first, 'replication')} of "
            f"{number_of(number, 'alternative')}",
            code="E-budget-range",
        )
    counts = np.full(number, budget.first)
    while True:
        seen = figures({at: int(count) for at, count in enumerate(counts)})
        means = [float(seen[at].mean()) for at in range(number)]
        if counts.sum() >= budget.total:
            best = (
                min(range(number), key=means.__getitem__) if least else max(range(number), key=means.__getitem__)
            )
            return Selected(best, tuple(int(count) for count in counts), tuple(means))
        deviations = [float(seen[at].std(ddof=1)) for at in range(number)]
        counts = _further(counts, fractions(means, deviations, least), budget)


def _further(counts: NDArray[np.int64], share: Floats, budget: Budget) -> NDArray[np.int64]:
    """The numbers after the next step: each replication goes to the one that is furthest below its share."""
    total = min(budget.total, int(counts.sum()) + budget.step)
    more = counts.copy()
    while more.sum() < total:
        more[int((share * total - more).argmax())] += 1
    return more
