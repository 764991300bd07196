"""Looking more than once: how unlikely a difference must be at each look, so that all looks together err rarely.

Who looks again and again until an ordinary 95 % interval excludes zero finds a difference between equals far more
often than in 5 % of cases. Here the 5 % are spent bit by bit: a look at the share t of the most replications may
bring what was spent to ``alpha * ln(1 + (e - 1) t)``, the spending function of Lan and DeMets (1983) that
resembles Pocock's boundaries. The boundary follows by the recursion of Armitage, McPherson and Rowe (1969). It is
one for normal sums; its level at each look is then applied to Student's t (Jennison and Turnbull, Group Sequential
Methods with Applications to Clinical Trials, 2000, section 3.8), and intervals at these levels are their repeated
confidence intervals (chapter 9).
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NODES = 200
"""Points of the quadrature over sums that have not crossed the boundary."""

GROWTH = math.sqrt(2.0)
"""Each look comes after so many times the replications of the one before."""


RESERVE = 0.05
"""Share of the error that is not spent: at these levels Student's t errs 3 to 5 % more often than a normal sum."""


def schedule(first: int, most: int) -> tuple[int, ...]:
    """Numbers of replications at which to look: 10, 15, 21, 29, ... up to ``most``."""
    looks, count = [], float(first)
    while math.ceil(count) < most:
        looks.append(math.ceil(count))
        count *= GROWTH
    return (*looks, most)


def spent(share: float, alpha: float) -> float:
    """What of ``alpha`` may be spent by a look at this share of the most replications."""
    return (1 - RESERVE) * alpha * math.log1p((math.e - 1) * min(share, 1.0))


@cache
def levels(looks: tuple[int, ...], most: int, alpha: float) -> tuple[float, ...]:
    """Two-sided levels of each look whose union has the level that is spent by then.

    Parameters
    ----------
    looks : tuple of int
        Replications at each look, increasing.
    most : int
        Replications at which all of ``alpha`` is spent.
    alpha : float
        Probability of ever finding a difference where there is none.

    Returns
    -------
    tuple of float
        Of each look, the p-value below which a difference is found.
    """
    from scipy.special import ndtr

    found = []
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    sums, density = np.zeros(1), np.ones(1)  # what has not crossed so far: a sum of 0, at time 0
    before, gone = 0.0, 0.0
    for look in looks:
        now = look / most
        step, allowed = math.sqrt(now - before), spent(now, alpha) - gone

        bound = _bound(sums, density, step, allowed)
        found.append(float(2 * ndtr(-bound / math.sqrt(now))))
        kept = bound * nodes
        kernel = np.exp(-0.5 * ((kept[:, None] - sums) / step) ** 2) / (step * math.sqrt(2 * math.pi))
        sums, density = kept, (kernel @ density) * weights * bound
        before, gone = now, spent(now, alpha)
    return tuple(found)


def _bound(sums: Floats, density: Floats, step: float, allowed: float) -> float:
    """The bound that the next sum crosses with the probability ``allowed``, by bisection."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    def excess(bound: float) -> float:
        return float(density @ (ndtr((-bound - sums) / step) + ndtr((sums - bound) / step))) - allowed

    return float(brentq(excess, 0.0, 40.0, xtol=1e-12))
