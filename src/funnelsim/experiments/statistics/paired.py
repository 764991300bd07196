"""Differences between two arms on the same random numbers, and what can be said about them.

Student's interval rests on the differences that were seen. Where nearly all replications show the same one
(mostly none), it knows next to nothing of the rare ones: ten equal differences give an interval without
width, which is wrong as soon as one replication in a hundred differs, and a few others one that covers too
little. See Kvanli, Shen and Deng (1998), Construction of confidence intervals for the mean of a population
containing many zero values, Journal of Business & Economic Statistics 16:362. So there is an interval only
where enough replications depart from the commonest difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from funnelsim.results.estimates import Estimate

ROUNDING = 1e-12
"""Differences and errors that are smaller shares of the figures are what is left of rounding."""

ENOUGH = 5
"""Replications that must depart from the commonest difference for an interval; half of them if there are few."""

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
    STEADY = "the same in every replication"
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
    apart : int
        Replications whose difference is another than the commonest.
    exact : bool
        Whether it is one scenario against itself, which differs by 0 in any replication.
    fixed : bool
        Whether neither figure varies between replications, as wages do not, and they differ: then all of them show
        which is more.
    """

    mean: float | None
    error: float | None
    replications: int
    scale: float
    unit: str
    apart: int = ENOUGH
    exact: bool = False
    fixed: bool = False

    @property
    def identical(self) -> bool:
        """Whether no replication shows any difference."""
        return self.mean == 0.0 and self.error == 0.0

    @property
    def steady(self) -> bool:
        """Whether all replications show the same difference, of which nothing says how rare another one is."""
        return self.error == 0.0 and self.apart == 0 and not self.exact

    def interval(self, level: float) -> tuple[float, float] | None:
        """The interval with the coverage 1 - ``level``; None where too few replications differ to tell."""
        known = self.exact or (self.error != 0.0 and self.apart >= min(ENOUGH, self.replications // 2))
        return self.student(level) if known else None

    def student(self, level: float) -> tuple[float, float] | None:
        """Student's interval, however few replications differ."""
        if self.mean is None or self.error is None:
            return None
        if self.error == 0.0:
            return self.mean, self.mean
        from scipy.special import stdtrit

        half = float(stdtrit(self.replications - 1, 1 - level / 2)) * self.error
        return self.mean - half, self.mean + half


def unseen(replications: int, alpha: float = 0.05) -> float:
    """The share of replications that may differ although none of so many did, at the confidence 1 - ``alpha``.

    The exact upper bound for a share of which nothing was seen (Clopper and Pearson 1934, Biometrika 26:404).
    """
    return float(1.0 - alpha ** (1.0 / replications))


def difference(arm: Estimate, base: Estimate, exact: bool = False) -> Difference:
    """What ``arm`` has more than ``base``, over the same replications; ``exact`` if both are one scenario."""
    if arm.mean is None or base.mean is None:
        return Difference(None, None, 0, 0.0, base.unit)
    scale = max(abs(arm.mean), abs(base.mean))
    mean = arm.mean - base.mean
    count = min(len(arm.residuals), len(base.residuals))
    if count < 2:
        return Difference(_cleaned(mean, scale), None, count, scale, base.unit)
    apart = [up - down for up, down in zip(arm.residuals, base.residuals, strict=True)]
    error = math.sqrt(math.fsum(each * each for each in apart) / (count - 1) / count)
    mean, error = _cleaned(mean, scale), _cleaned(error, scale)
    fixed = mean != 0.0 and error == 0.0 and _steady(arm) and _steady(base)
    return Difference(mean, error, count, scale, base.unit, _apart(arm, base, scale), exact, fixed)


def _apart(arm: Estimate, base: Estimate, scale: float) -> int:
    """How many replications' own figures differ by something else than the commonest difference."""
    pairs = list(zip(_own(arm), _own(base), strict=True))
    found = sorted(up - down for up, down in pairs if up is not None and down is not None)
    commonest = sum(up is None and down is None for up, down in pairs)
    first = 0
    for at, each in enumerate(found):
        if each - found[first] > ROUNDING * scale:
            first = at
        commonest = max(commonest, at - first + 1)
    return len(pairs) - commonest


def _steady(estimate: Estimate) -> bool:
    """Whether each replication has the same figure."""
    every = _own(estimate)
    own = [each for each in every if each is not None]
    return len(own) == len(every) > 0 and max(own) - min(own) <= ROUNDING * abs(own[0])


def _own(estimate: Estimate) -> Sequence[float | None]:
    """The figure of each replication; a sum of what each adds to the error where no more is known."""
    return estimate.outcomes or [(estimate.mean or 0.0) + each for each in estimate.residuals]


def _cleaned(value: float, scale: float) -> float:
    return 0.0 if abs(value) <= ROUNDING * scale else value


def bonferroni(alpha: float, number: int) -> float:
    """The level of each of so many intervals that all hold together with the probability 1 - ``alpha``."""
    return alpha / max(1, number)


def verdict(each: Difference, interval: tuple[float, float] | None, zone: float) -> Verdict:
    """What is known: the interval that is shown decides, and ``zone`` is what does not matter.

    Of figures in which nothing varies, such as wages, the figures themselves decide.
    """
    if each.mean is None:
        return Verdict.NONE
    if interval is None and not each.fixed:
        return Verdict.STEADY if each.steady else Verdict.OPEN
    low, high = interval or (each.mean, each.mean)
    if each.exact or max(-low, high) < zone:
        return Verdict.SAME
    if low <= 0.0 <= high:
        return Verdict.OPEN
    return Verdict.MORE if low > 0.0 else Verdict.LESS
