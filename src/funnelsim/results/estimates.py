"""Estimates over replications, with 95 % t-intervals.

Replications are independent, so their spread tells how well a mean is known. Three forms cover every figure:
the mean of one number per replication, a ratio of two sums, and any smooth function of several sums.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

Number = float | int
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
    """

    mean: float | None
    low: float | None
    high: float | None
    unit: str
    residuals: tuple[float, ...] = field(default=(), compare=False, repr=False)

    def to_dict(self) -> dict[str, float | str | None] | None:
        """The leaf of the JSON document; None for an estimate that does not exist."""
        if self.mean is None:
            return None
        return {"mean": self.mean, "low": self.low, "high": self.high, "unit": self.unit}


def t_quantile(replications: int) -> float:
    """The 97.5 % point of Student's t with ``replications - 1`` degrees of freedom.

    Rounded to 10 digits, because the last bits of special functions depend on the processor.
    """
    from scipy.special import stdtrit

    return float(f"{stdtrit(replications - 1, 0.975):.10g}")


def mean_of(values: Sequence[Number | None], unit: str, scale: float = 1.0) -> Estimate:
    """The plain mean of the values that exist, one per replication, divided by ``scale``."""
    present = [value for value in values if value is not None]
    if not present:
        return Estimate(None, None, None, unit)
    mean = total(present) / len(present)
    estimate = _interval(mean, [value - mean for value in present], unit, scale)
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
    if divisor == 0:
        return Estimate(None, None, None, unit)
    ratio = total(above) / divisor
    each = divisor / len(below)
    residuals = [(up - ratio * down) / each for up, down in zip(above, below, strict=True)]
    return _interval(ratio, residuals, unit, scale)


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
    if mean is None:
        return Estimate(None, None, None, unit)
    without = (
        [function(tuple(s - term for s, term in zip(sums, row, strict=True))) for row in rows] if n > 1 else []
    )
    present = [value for value in without if value is not None]
    if len(present) < 2 or len(present) < n:
        return Estimate(mean, None, None, unit)
    centre = total(present) / n
    return _interval(mean, [(n - 1) * (centre - value) for value in present], unit, 1.0)


def total(values: Sequence[Number]) -> Number:
    """The exact sum of integers, or the correctly rounded one of floats: the same in any order."""
    if all(isinstance(value, int) for value in values):
        return sum(values)
    return math.fsum(values)


def _interval(mean: float, residuals: list[float], unit: str, scale: float) -> Estimate:
    n = len(residuals)
    if n < 2:
        return Estimate(mean / scale, None, None, unit)
    error = math.sqrt(math.fsum(residual * residual for residual in residuals) / (n - 1) / n)
    half = t_quantile(n) * error
    return Estimate(
        mean / scale,
        (mean - half) / scale,
        (mean + half) / scale,
        unit,
        tuple(residual / scale for residual in residuals),
    )
