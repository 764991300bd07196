"""Chances: of being the best of several, and of reaching a target."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from funnelsim.results.estimates import Estimate, t_quantile

DRAWS = 100_000
"""Draws from the posterior; a probability is known to ± .003 by them."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a probability by Wilson (1927), which holds for few trials and near 0 and 1 as well."""
    if trials == 0:
        return 0.0, 1.0
    z = t_quantile(1_000_000_000)
    share, fade = hits / trials, z * z / trials
    centre = (share + fade / 2) / (1 + fade)
    half = z / (1 + fade) * math.sqrt(share * (1 - share) / trials + fade / (4 * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def best(estimates: Sequence[Estimate | None], least: bool) -> list[float | None]:
    """The probability of each arm that its true figure is the best, given its replications.

    Parameters
    ----------
    estimates : sequence of Estimate or None
        One per arm, over the same replications; None is never the best.
    least : bool
        Whether the smallest figure is the best.

    Returns
    -------
    list of float or None
        They add up to 1; all None where nothing can be said.

    Notes
    -----
    The posterior of the true figures is a multivariate t around the estimates, with the covariance of what
    replications add to the errors (normal data, no prior knowledge; Box and Tiao, Bayesian Inference in
    Statistical Analysis, 1973, section 8.4). Luck that arms share cancels. Arms that are equal to the last share
    their wins.
    """
    known = [at for at, each in enumerate(estimates) if each is not None and len(each.residuals) > 1]
    if not known:
        return [None] * len(estimates)
    present = [each for at in known if (each := estimates[at]) is not None]
    means = np.array([each.mean for each in present])
    residuals = np.array([each.residuals for each in present])
    figures = _posterior(means, residuals)
    wins = _wins(-figures if least else figures)
    shares: list[float | None] = [None if estimates[at] is None else 0.0 for at in range(len(estimates))]
    for at, share in zip(known, wins, strict=True):
        shares[at] = float(share)
    return shares


def _posterior(means: NDArray[np.float64], residuals: NDArray[np.float64]) -> NDArray[np.float64]:
    count = residuals.shape[1]
    rng = np.random.default_rng(0)  # the same answer to the same question
    scatter = rng.standard_normal((DRAWS, count)) @ residuals.T / math.sqrt(count * (count - 1))
    stretch = np.sqrt((count - 1) / rng.chisquare(count - 1, DRAWS))
    return means + scatter * stretch[:, None]


def _wins(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of draws in which each is the largest; equals share."""
    top = figures.max(axis=1, keepdims=True)
    winners = figures >= top - 1e-12 * np.abs(top)
    return np.asarray((winners / winners.sum(axis=1, keepdims=True)).mean(axis=0))


def within(estimates: Sequence[Estimate], place: int, zone: float, least: bool) -> float | None:
    """The probability that no true figure is better than that at ``place`` by more than ``zone``.

    Parameters
    ----------
    estimates : sequence of Estimate
        One per arm, over the same replications.
    place : int
        Which arm.
    zone : float
        The difference that does not matter, in the unit of the figures.
    least : bool
        Whether the smallest figure is the best.

    Returns
    -------
    float or None
        By the posterior of `best`; None with a single replication.
    """
    if any(each.mean is None or len(each.residuals) < 2 for each in estimates):
        return None
    means = np.array([each.mean for each in estimates])
    figures = _posterior(means, np.array([each.residuals for each in estimates])) * (-1 if least else 1)
    mine = figures[:, place]
    return float((figures.max(axis=1) <= mine + zone + 1e-12 * np.abs(mine)).mean())
