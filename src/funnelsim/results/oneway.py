"""How much of the spread of outcomes over worlds is luck, and how much is not knowing the inputs.

The one-way layout: an outcome is a mean, what the inputs of its world make of it, and luck. Two outcomes of one
world with different luck differ by luck alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RANGE = 0.95
"""Share of single outcomes that lie in the range of worlds."""

FEWEST = 39
"""Outcomes from which on there is such a range: (n + 1) times the tail must reach 1."""


@dataclass(frozen=True)
class Split:
    """The share of the variance of outcomes that is luck; the rest is not knowing the inputs.

    Parameters
    ----------
    luck : float
        The estimate, between 0 and 1.
    low, high : float
        Its 95 % interval.
    """

    luck: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """The leaf of a JSON document."""
        return {
            "luck": self.luck,
            "luck_low": self.low,
            "luck_high": self.high,
            "inputs": 1 - self.luck,
            "inputs_low": 1 - self.high,
            "inputs_high": 1 - self.low,
        }


def split(first: Sequence[float], differences: Sequence[float]) -> Split | None:
    """The share of luck in the variance of outcomes.

    Parameters
    ----------
    first : sequence of float
        An outcome of each world.
    differences : sequence of float
        Of some of these worlds, the difference of two outcomes with different luck.

    Returns
    -------
    Split or None
        None where outcomes do not vary, or there are too few to tell.

    Notes
    -----
    With f the mean of the squared differences, halved, over the sample variance of the outcomes, f follows
    Fisher's F times the true share, nearly: the first outcomes are in both. So the interval lies between f over
    the upper and f over the lower quantile of F with as many degrees of freedom as there are differences, and
    outcomes less one (Searle, Casella and McCulloch, Variance Components, 1992, chapter 3).
    """
    from scipy.special import fdtri

    pairs, count = len(differences), len(first)
    if pairs < 1 or count < 2:
        return None
    mean = math.fsum(first) / count
    variance = math.fsum((each - mean) ** 2 for each in first) / (count - 1)
    if not variance > 0:
        return None
    share = math.fsum(each * each for each in differences) / (2 * pairs) / variance
    low, high = (share / float(fdtri(pairs, count - 1, point)) for point in (0.975, 0.025))
    return Split(min(share, 1.0), min(low, 1.0), min(high, 1.0))


def span(outcomes: Sequence[float | None]) -> tuple[float, float] | None:
    """Where a single outcome lies in 95 % of cases, luck included; None where too few are known to tell.

    The order statistics at the positions (n + 1) / 40 and 39 (n + 1) / 40, linear between two (see
    `Estimate.range`).
    """
    import numpy as np

    present = [each for each in outcomes if each is not None]
    if len(present) < FEWEST or len(present) < 0.9 * len(outcomes):
        return None
    tail = (1 - RANGE) / 2
    low, high = np.quantile(present, (tail, 1 - tail), method="weibull").tolist()
    return low, high


def by_row(terms: Sequence[Any], rows: int) -> list[Any]:
    """Terms of outcomes, of which number ``w`` is one of row ``w % rows``, as the mean of each row.

    Each row counts the same, however many outcomes it has. Nothing is done where each has one.
    """
    if len(terms) <= rows:
        return list(terms)
    return [_mean(terms[row::rows]) for row in range(rows)]


def _mean(same: Sequence[Any]) -> Any:
    """The mean of numbers; of tuples, lists and mappings, of each of their parts."""
    one = same[0]
    if isinstance(one, dict):
        return {
            key: _mean([each[key] for each in same if key in each])
            for key in dict.fromkeys(k for e in same for k in e)
        }
    if isinstance(one, list | tuple):
        present = [each for each in same if len(each)]  # an empty one has no value
        if not present:
            return one
        parts = [_mean(each) for each in zip(*present, strict=True)]
        return type(one)(*parts) if hasattr(one, "_fields") else type(one)(parts)
    if all(each == one for each in same):
        return one
    return math.fsum(same) / len(same)
