"""What single runs say of a target: how often it is reached, by how much it is missed, and three cases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .chances import wilson

FEWEST_MISSES = 5
"""Misses below which no mean shortfall is told."""

CASES = {"base": 0.5, "best": 0.1, "worst": 0.9}
"""By case the share of runs that exceed it, in the direction that is better."""

ROUNDING = 1e-9
"""How near an outcome may come to a target, as a share of it, and still be called equal: figures are sums."""


class Reach(NamedTuple):
    """What single runs say of a target; figures in the unit of what is measured."""

    runs: int  # in which the figure exists
    hits: int
    probability: float | None  # None without runs
    low: float  # ends of Wilson's 95 % interval
    high: float
    shortfalls: tuple[float, ...]  # of the runs that miss it, above 0, in the order of the runs
    shortfall: float | None  # their mean; None where fewer than `FEWEST_MISSES` miss it
    base: float | None  # what half of the runs exceed; None below 9 runs
    best: float | None
    worst: float | None

    @property
    def misses(self) -> int:
        """How many runs miss it."""
        return len(self.shortfalls)


def missed_by(outcome: float, target: float, at_least: bool) -> float:
    """By how much an outcome misses a target; 0 where it reaches it, but for rounding."""
    short = target - outcome if at_least else outcome - target
    return short if short > ROUNDING * abs(target) else 0.0


def reach(outcomes: Sequence[float | None], target: float, at_least: bool, less: bool) -> Reach:
    """How often outcomes of independent runs reach a target.

    Parameters
    ----------
    outcomes : sequence of (float or None)
        Of each run; None where the figure does not exist, which counts neither way.
    target : float
        What is to be reached.
    at_least : bool
        Whether it is reached from there upwards, or downwards.
    less : bool
        Whether less of the figure is better: then the worst case is a great one.

    Returns
    -------
    Reach
        The chance with Wilson's interval, the mean shortfall of the runs that miss it, and three cases.
    """
    known = [each for each in outcomes if each is not None]
    missed = tuple(short for each in known if (short := missed_by(each, target, at_least)) > 0)
    runs, hits = len(known), len(known) - len(missed)
    mean = math.fsum(missed) / len(missed) if len(missed) >= FEWEST_MISSES else None
    low, high = wilson(hits, runs)
    base, best, worst = (exceeded(known, CASES[name], less) for name in ("base", "best", "worst"))
    return Reach(runs, hits, hits / runs if runs else None, low, high, missed, mean, base, best, worst)


def exceeded(outcomes: Sequence[float], share: float, less: bool) -> float | None:
    """The outcome that a new run exceeds with a probability, or stays below where less is better.

    The order statistic at the position ``(n + 1) p``, linear between two (Hyndman and Fan 1996, The American
    Statistician 50:361, definition 6): a new run lies below the k-th of n with the probability ``k / (n + 1)``
    (Wilks 1941). None where that lies outside of what was seen, or is below 9 runs.
    """
    position = (len(outcomes) + 1) * min(share, 1 - share)
    if len(outcomes) < 9 or position < 1 - 1e-9:
        return None
    return float(np.quantile(outcomes, share if less else 1 - share, method="weibull"))
