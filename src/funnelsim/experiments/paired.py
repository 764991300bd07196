"""Differences between two arms on the same random numbers, and what can be said about them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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

    @property
    def p_value(self) -> float:
        """Probability of such a difference, or a greater one, between equals; 1 where nothing can be said."""
        if self.mean is None or self.error is None or self.mean == 0.0:
            return 1.0
        if self.error == 0.0:
            return 0.0
        from scipy.special import stdtr

        return float(2 * stdtr(self.replications - 1, -abs(self.mean) / self.error))

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


def holm(p_values: Sequence[float], alpha: float, level: Level = one_look) -> list[bool]:
    """Which of several differences are there, with the probability ``alpha`` of even one false alarm.

    The step-down procedure of Holm (1979): the least likely one is tested at ``alpha`` over their number, the next
    at ``alpha`` over the rest, until one is not found. With several looks ``level`` gives the level of this look
    for each of these (Maurer and Bretz 2013, Statistics in Biopharmaceutical Research 5:311).
    """
    found = [False] * len(p_values)
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    for rank, at in enumerate(order):
        if p_values[at] > level(alpha / (len(p_values) - rank)):
            break
        found[at] = True
    return found


def verdict(each: Difference, interval: tuple[float, float] | None, zone: float, found: bool) -> Verdict:
    """What is known: ``interval`` is simultaneous, ``found`` is Holm's decision, ``zone`` what does not matter."""
    if each.mean is None:
        return Verdict.NONE
    if interval is None:
        return Verdict.OPEN
    low, high = interval
    if each.identical or max(-low, high) < zone:
        return Verdict.SAME
    if not found:
        return Verdict.OPEN
    return Verdict.MORE if each.mean > 0 else Verdict.LESS
