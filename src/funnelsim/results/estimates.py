"""Estimates over replications: means with 95 % t-intervals, and where single replications lie.

Replications are independent, so their spread tells how well a mean is known, and what a single one may bring.
Three forms cover every figure: the mean of one number per replication, a ratio of two sums, and any smooth
function of several sums.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

Number = float | int
RANGE = 0.8
"""Share of single replications that lie in the range of outcomes."""

UNDEFINED = 0.1
"""Share of the replications without a figure above which there is no range."""

Terms = tuple[Number, ...]
"""What one replication adds to an estimate: sums, in the smallest units."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval.

    Parameters
    ----------
    mean : float or None
        The estimate; None where it is undefined, such as a mean wait where nobody waited.
    low, high : float or None
        Ends of the interval; None where it has none, such as with a single replication.
    unit : str
        ``h``, ``leads``, ``share``, a currency, ...
    residuals: tuple[float, ...]
        What each replication adds to the error of the mean, in the unit; they add up to about 0, and the standard
        error is that of their mean. The residuals of two estimates from the same replications, subtracted, are
        those of the difference. Empty where there is no interval.
    outcomes : tuple of (float or None)
        The figure of each replication by itself, in the unit; None where it is undefined there. For a ratio these
        are the replications' own ratios, whose mean need not be the estimate.
    uncut : float or None
        Half the width of the interval before it was cut at what is possible; None if it was not (see `within`).
    """

    mean: float | None
    low: float | None
    high: float | None
    unit: str
    residuals: tuple[float, ...] = field(default=(), compare=False, repr=False)
    outcomes: tuple[float | None, ...] = field(default=(), compare=False, repr=False)
    uncut: float | None = field(default=None, compare=False, repr=False)

    @property
    def error(self) -> float | None:
        """The standard error of the mean; None where there is no interval."""
        count = len(self.residuals)
        if count < 2:
            return None
        return math.sqrt(math.fsum(each * each for each in self.residuals) / (count - 1) / count)

    @property
    def half(self) -> float | None:
        """Half the width of the interval before it was cut at what is possible; None if there is none."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2 if self.uncut is None else self.uncut

    @property
    def undefined(self) -> int:
        """How many replications have no figure of their own."""
        return sum(each is None for each in self.outcomes)

    @cached_property
    def range(self) -> tuple[float, float] | None:
        """Where a single replication lies in 80 % of cases; None where too few are known to tell.

        A prediction interval without a law: between the order statistics at the positions (n + 1) / 10 and
        9 (n + 1) / 10, linear between two. A new replication lies below the k-th of n with the probability
        k / (n + 1), whatever the law (Wilks 1941, Annals of Mathematical Statistics 12:91). That needs 9
        replications. Those without a figure are left out, and if they are more than a tenth there is no range.
        """
        present = [each for each in self.outcomes if each is not None]
        tail = (1 - RANGE) / 2
        if (len(present) + 1) * tail < 1 - 1e-9 or self.undefined > UNDEFINED * len(self.outcomes):
            return None
        low, high = np.quantile(present, (tail, 1 - tail), method="weibull").tolist()
        return low, high

    def columns(self, name: str) -> dict[str, float | None]:
        """The estimate in a table with a row a scenario: ``won``, ``won_low``, ... ``won_undefined``."""
        low, high = self.range or (None, None)
        cells = {"": self.mean, "_low": self.low, "_high": self.high, "_range_low": low, "_range_high": high}
        return {f"{name}{end}": value for end, value in cells.items()} | {
            f"{name}_undefined": self.undefined if self.outcomes else None
        }

    def to_dict(self) -> dict[str, float | str | None] | None:
        """The leaf of the JSON document; None for an estimate that does not exist."""
        if self.mean is None:
            return None
        low, high = self.range or (None, None)
        return {
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "range_low": low,
            "range_high": high,
            "undefined": self.undefined,
            "unit": self.unit,
        }


NOTHING = Estimate(None, None, None, "")
"""A figure that does not exist."""


NEVER = 1_000_000
"""Replications that nobody makes: from here on it is not told how many would be enough."""

MOST_BY_SERIES = 1000
"""Replications up to which quantiles of Student's t are summed up here."""


@cache
def t_quantile(replications: int) -> float:
    """The 97.5 % point of Student's t with ``replications - 1`` degrees of freedom.

    Rounded to 10 digits, because the last bits of special functions depend on the processor. For as many
    replications as are usual it is worked out here: importing scipy takes longer than a short run.
    """
    if replications > MOST_BY_SERIES:
        from scipy.special import stdtrit

        exact = float(stdtrit(replications - 1, 0.975))
    else:
        low, exact = 1.9, 13.0  # halved until no number lies between
        while low < (middle := (low + exact) / 2) < exact:
            low, exact = (middle, exact) if _within(middle, replications - 1) < 0.95 else (low, middle)
    return float(f"{exact:.10g}")


def enough(error: float, done: int, half: float, level: float = 0.05) -> int | None:
    """About how many replications give an interval of this half-width; None if there is no telling.

    Parameters
    ----------
    error : float
        Standard error after the replications `done`, which falls with the square root of their number.
    done : int
        Replications made, at least 2.
    half : float
        The half-width asked for.
    level : float
        The two-sided level of Student's interval.
    """
    if not 0 < error < math.inf or half <= 0 or not 0 < level < 1:
        return None
    from scipy.special import stdtrit

    spread, number = error * math.sqrt(done), done
    while float(stdtrit(number - 1, 1 - level / 2)) * spread / math.sqrt(number) > half:
        if number > NEVER:
            return None
        number += max(1, number // 50)
    return number


def _within(t: float, freedom: int) -> float:
    """The probability of Student's t between ``-t`` and ``t``, by its finite series.

    Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    angle, odd = math.atan(t / math.sqrt(freedom)), freedom % 2
    term, series = math.cos(angle) if odd else 1.0, 0.0
    for k in range(1 + odd, freedom, 2):
        series += term
        term *= k / (k + 1) * math.cos(angle) ** 2
    return 2.0 / math.pi * (angle + math.sin(angle) * series) if odd else math.sin(angle) * series


def mean_of(values: Sequence[Number | None], unit: str, scale: float = 1.0) -> Estimate:
    """The plain mean of the values that exist, one per replication, divided by ``scale``."""
    present = [value for value in values if value is not None]
    outcomes = tuple(None if value is None else value / scale for value in values)
    if not present:
        return Estimate(None, None, None, unit, (), outcomes)
    mean = total(present) / len(present)
    estimate = _interval(mean, [value - mean for value in present], unit, scale, outcomes)
    if len(present) == len(values) or not estimate.residuals:
        return estimate
    # Over all replications this is a ratio: to the sum below, one without a value adds nothing.
    stretch = len(values) / len(present) / scale
    return replace(
        estimate, residuals=tuple(0.0 if value is None else (value - mean) * stretch for value in values)
    )


def ratio_of(above: Sequence[Number], below: Sequence[Number], unit: str, scale: float = 1.0) -> Estimate:
    """The sum over replications above divided by the sum below, divided by ``scale``.

    The interval is the delta method's: the residuals ``above - ratio * below`` are independent between
    replications (Cochran, Sampling Techniques, 1977, section 6.4). Undefined where the sum below is 0.
    """
    divisor = total(below)
    outcomes = tuple(up / down / scale if down else None for up, down in zip(above, below, strict=True))
    if divisor == 0:
        return Estimate(None, None, None, unit, (), outcomes)
    ratio = total(above) / divisor
    each = divisor / len(below)
    residuals = [(up - ratio * down) / each for up, down in zip(above, below, strict=True)]
    return _interval(ratio, residuals, unit, scale, outcomes)


def function_of(rows: Sequence[Terms], function: Callable[[Terms], float | None], unit: str) -> Estimate:
    """A smooth function of sums over replications, with a jackknife interval.

    Parameters
    ----------
    rows : sequence of tuple
        One tuple of terms per replication.
    function : callable
        Takes the tuple of sums; returns the figure, or None where it is undefined.
    unit : str
        Unit of the figure.

    Notes
    -----
    Leaving one replication out at a time gives the pseudo-values n f - (n - 1) f_i, whose spread is that of the
    delta method for large n (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11).
    """
    n = len(rows)
    sums = tuple(total(column) for column in zip(*rows, strict=True))
    mean = function(sums)
    outcomes = tuple(function(row) for row in rows)
    if mean is None:
        return Estimate(None, None, None, unit, (), outcomes)
    without = (
        [function(tuple(s - term for s, term in zip(sums, row, strict=True))) for row in rows] if n > 1 else []
    )
    present = [value for value in without if value is not None]
    if len(present) < 2 or len(present) < n:
        return Estimate(mean, None, None, unit, (), outcomes)
    centre = total(present) / n
    return _interval(mean, [(n - 1) * (centre - value) for value in present], unit, 1.0, outcomes)


def within(estimate: Estimate, least: float, most: float) -> Estimate:
    """The same estimate with an interval that ends at what is possible.

    An interval that is cut where the figure cannot be holds as often as before. Student's goes beyond where there
    are few replications, such as to a load below 0.
    """
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        return estimate
    low, high = max(estimate.low, min(least, estimate.mean)), min(estimate.high, max(most, estimate.mean))
    same = (low, high) == (estimate.low, estimate.high)
    return estimate if same else replace(estimate, low=low, high=high, uncut=estimate.half)


def total(values: Sequence[Number]) -> Number:
    """The exact sum of integers, or the correctly rounded one of floats: the same in any order."""
    if all(isinstance(value, int) for value in values):
        return sum(values)
    return math.fsum(values)


def _interval(
    mean: float, residuals: list[float], unit: str, scale: float, outcomes: tuple[float | None, ...]
) -> Estimate:
    n = len(residuals)
    if n < 2:
        return Estimate(mean / scale, None, None, unit, (), outcomes)
    error = math.sqrt(math.fsum(residual * residual for residual in residuals) / (n - 1) / n)
    half = t_quantile(n) * error
    return Estimate(
        mean / scale,
        (mean - half) / scale,
        (mean + half) / scale,
        unit,
        tuple(residual / scale for residual in residuals),
        outcomes,
    )
