"""How likely a variate lasts beyond a value, and the variate that is beyond it: for what has lasted for a while.

Both come of the same quantiles that variates are drawn by, read from the upper end, so that far tails keep their
digits. Sums of several draws (`times`) have no quantiles of their own; only those of a constant can be asked for.
"""

from __future__ import annotations

import math

from .arithmetic import exp, expit, log, normal_quantile, power
from .distributions import DistTable, between_knots, first_step
from .inversion import CONSTANT, EMPIRICAL, EXPONENTIAL, LOGNORMAL, STEPS, TRIANGULAR, UNIFORM, WEIBULL

FURTHEST = 36.5
"""Log-odds of the tail in which nothing is looked for: hardly a uniform number lies beyond."""
SMALLEST_SHARE = 1.4e-16
"""The share of variates that lies beyond those log-odds."""
HALVINGS = 64
"""Halvings of the interval of log-odds, after which it has no further digits."""


def survival(dists: DistTable, row: int, x: float) -> float:
    """The probability that a variate is above ``x``, in the distribution's unit; 0 in the outermost tail."""
    scale = dists.scale[row]
    code = dists.code[row]
    if code == CONSTANT or not scale > 0.0:
        return 1.0 if scale * (dists.times[row] * dists.a[row]) + dists.shift[row] > x else 0.0
    y = (x - dists.shift[row]) / scale
    if code in (STEPS, EMPIRICAL):
        return _listed_above(dists, row, y)
    low, high = -FURTHEST, FURTHEST
    if _raw_above(dists, row, expit(FURTHEST)) > y:
        return 1.0
    if not _raw_above(dists, row, expit(-FURTHEST)) > y:
        return 0.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if _raw_above(dists, row, expit(-middle)) > y:
            high = middle
        else:
            low = middle
    return expit(-high)


def variate_above(dists: DistTable, row: int, share: float) -> float:
    """The variate that a ``share`` between 0 and 1 of all variates exceeds, in the distribution's unit."""
    if dists.code[row] == CONSTANT:
        return dists.scale[row] * (dists.times[row] * dists.a[row]) + dists.shift[row]
    return dists.scale[row] * _raw_above(dists, row, max(share, SMALLEST_SHARE)) + dists.shift[row]


def delay_left(dists: DistTable, row: int, lasted: float, u: float) -> float:
    """A variate of those that have lasted for a while, ``lasted`` of all; counted from its beginning."""
    return variate_above(dists, row, lasted * (1.0 - u))


def largest(dists: DistTable, row: int) -> float:
    """What hardly a variate exceeds, the sum of all draws if there are several."""
    if dists.code[row] == CONSTANT:
        return dists.scale[row] * (dists.times[row] * dists.a[row]) + dists.shift[row]
    raw = _raw_above(dists, row, SMALLEST_SHARE)
    return dists.scale[row] * (dists.times[row] * raw) + dists.shift[row]


def _listed_above(dists: DistTable, row: int, y: float) -> float:
    """The share of a table of single values that lies above one."""
    length, offset = dists.length[row], dists.offset[row]
    if dists.code[row] == STEPS:
        below = math.floor(y - dists.a[row])
        if below < 0:
            return 1.0
        return 1.0 - dists.knots[offset + below] if below < length - 1 else 0.0
    low = 0
    high = length
    while low < high:  # how many are not above
        middle = (low + high) // 2
        if dists.knots[offset + middle] > y:
            high = middle
        else:
            low = middle + 1
    return (length - low) / length


def _raw_above(dists: DistTable, row: int, share: float) -> float:
    """The variate before `scale` and `shift` that a share exceeds; the same as that of one minus the share."""
    code = dists.code[row]
    a = dists.a[row]
    b = dists.b[row]
    if code == EXPONENTIAL:
        return -a * log(share)
    if code == LOGNORMAL:
        return exp(a - b * normal_quantile(share))
    if code == WEIBULL:
        return b * power(-log(share), a)
    if code == UNIFORM:
        return b - (b - a) * share
    if code == TRIANGULAR:
        return _triangular_above(a, b, dists.c[row], share)
    if code == STEPS:
        return a + first_step(dists, row, 1.0 - share)
    if code == EMPIRICAL:
        length = dists.length[row]
        return dists.knots[dists.offset[row] + max(length - 1 - math.floor(share * length), 0)]
    return between_knots(dists, row, log((1.0 - share) / share))


def _triangular_above(low: float, mode: float, high: float, share: float) -> float:
    width = high - low
    if share * width <= high - mode:
        return high - math.sqrt(share * width * (high - mode))
    return low + math.sqrt((1.0 - share) * width * (mode - low))
