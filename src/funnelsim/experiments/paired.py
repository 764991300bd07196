"""Differences between two arms on the same random numbers, and what can be said about them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from funnelsim.results.estimates import Estimate

ROUNDING = 1e-12
"""Differences and errors that are smaller shares of the figures are what is left of rounding."""

Level = Callable[[float], float]
"""From the error one may make over all looks to the two-sided level of this look (see `looks`)."""


def one_look(alpha: float) -> float:
    """The level where there is no look but this one."""
    return alpha


class Verdict(StrEnum):
    """What is known about a difference."""

    MORE = "more"
    LESS = "less"
    SAME = "no difference that matters"
    OPEN = "not known yet"
    NONE = "no figure"


@dataclass(frozen=True)
class Difference:
    """What an arm has more than another, replication by replication.

    Parameters
    ----------
    mean : float or None
        The difference of the two estimates; None where one of them does not exist.
    error : float or None
        Standard error; None with a single replication. For ratios it is the delta method's, from the differences
        of what each replication adds to either error, so that luck that both arms share cancels.
    replications : int
        How many both arms have.
    scale : float
        The larger of the two figures, without its sign.
    unit : str
        Unit of all of it.
    """

    mean: float | None
    error: float | None
    replications: int
    scale: float
    unit: str

    @property
    def identical(self) -> bool:
        """Whether no replication shows any difference."""
        return self.mean == 0.0 and self.error == 0.0

    def interval(self, level: float) -> tuple[float, float] | None:
        """The t-interval with the coverage 1 - ``level``."""
        if self.mean is None or self.error is None:
            return None
        if self.error == 0.0:
            return self.mean, self.mean
        from scipy.special import stdtrit

        half = float(stdtrit(self.replications - 1, 1 - level / 2)) * self.error
        return self.mean - half, self.mean + half


def difference(arm: Estimate, base: Estimate) -> Difference:
    """What ``arm`` has more than ``base``; both over the same replications."""
    if arm.mean is None or base.mean is None:
        return Difference(None, None, 0, 0.0, base.unit)
    scale = max(abs(arm.mean), abs(base.mean))
    mean = arm.mean - base.mean
    count = min(len(arm.residuals), len(base.residuals))
    if count < 2:
        return Difference(_cleaned(mean, scale), None, count, scale, base.unit)
    apart = [up - down for up, down in zip(arm.residuals, base.residuals, strict=True)]
    error = math.sqrt(math.fsum(each * each for each in apart) / (count - 1) / count)
    return Difference(_cleaned(mean, scale), _cleaned(error, scale), count, scale, base.unit)


def _cleaned(value: float, scale: float) -> float:
    return 0.0 if abs(value) <= ROUNDING * scale else value


def bonferroni(alpha: float, number: int) -> float:
    """The level of each of so many intervals that all hold together with the probability 1 - ``alpha``."""
    return alpha / max(1, number)


def verdict(each: Difference, interval: tuple[float, float] | None, zone: float) -> Verdict:
    """What is known: the interval that is shown decides, and ``zone`` is what does not matter."""
    if each.mean is None:
        return Verdict.NONE
    if interval is None:
        return Verdict.OPEN
    low, high = interval
    if each.identical or max(-low, high) < zone:
        return Verdict.SAME
    if low <= 0.0 <= high:
        return Verdict.OPEN
    return Verdict.MORE if low > 0.0 else Verdict.LESS
