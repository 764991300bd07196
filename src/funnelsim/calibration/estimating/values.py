"""What deals are worth: a lognormal law, or the amounts as they are where a few prices make many of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]

POINT = 0.05
"""Share of deals with one and the same amount from which amounts are kept as they are."""

_LISTED = 60


@dataclass(frozen=True)
class Values:
    """The law of amounts.

    Parameters
    ----------
    median, median_low, median_high : float
        With the 95 % interval.
    sigma, sigma_low, sigma_high : float
        Standard deviation of logarithms.
    empirical : array of float or None
        Amounts with equal weights, where a lognormal law would smear prices.
    n : int
        Amounts.
    words : str
        What is said of amounts that are kept as they are.
    """

    median: float
    median_low: float
    median_high: float
    sigma: float
    sigma_low: float
    sigma_high: float
    empirical: Floats | None
    n: int
    words: str


def fit(amounts: ArrayLike) -> Values:
    """The law of positive amounts.

    Raises
    ------
    ValueError
        If there are fewer than two.
    """
    x = np.sort(np.asarray(amounts, dtype=float))
    n = len(x)
    if n < 2 or not x[0] > 0:
        raise ValueError("at least two amounts above 0 are needed")
    logs = np.log(x)
    mean, sigma = float(logs.mean()), float(logs.std(ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * sigma / math.sqrt(n)
    low, high = (math.sqrt((n - 1) / float(stats.chi2.ppf(share, n - 1))) * sigma for share in (0.975, 0.025))
    _, times = np.unique(x, return_counts=True)
    points = times[times > max(POINT * n, 1)]
    kept = None
    if len(points) or sigma <= 0:
        kept = x if n <= _LISTED else np.quantile(x, (np.arange(_LISTED) + 0.5) / _LISTED, method="inverted_cdf")
    words = f"{len(points)} prices make {points.sum() / n:.0%} of the deals" if kept is not None else ""
    return Values(math.exp(mean), math.exp(mean - half), math.exp(mean + half), sigma, low, high, kept, n, words)
