"""Chances: of being the best of several, and of reaching a target."""

from __future__ import annotations

import math
from collections.abc import Sequence

from funnelsim.results.estimates import Estimate, t_quantile

from .posterior import Posterior, posterior


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
    By the posterior of the true figures (see `posterior`). Luck that arms share cancels; arms that never differ
    have equal shares.
    """
    known = [each for each in estimates if each is not None]
    if not any(len(each.residuals) > 1 for each in known):
        return [None] * len(estimates)
    found = _of(estimates)
    shares = {} if found is None else found.best(least)
    return [None if each is None else shares.get(at, 0.0) for at, each in enumerate(estimates)]


def _of(estimates: Sequence[Estimate | None]) -> Posterior | None:
    """The posterior of figures over the same replications."""
    counts = [0 if each is None else len(each.residuals) for each in estimates]

    def estimate(at: int, _: int) -> Estimate:
        each = estimates[at]
        assert each is not None
        return each

    return posterior(estimate, counts)


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
    found = _of(estimates)
    return None if found is None else found.within(place, zone, least)
