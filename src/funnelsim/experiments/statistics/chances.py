"""Chances: of being the best of several, and of reaching a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from funnelsim.results.estimates import Estimate, t_quantile

from .paired import ROUNDING, Difference, difference
from .posterior import Floats, Posterior, posterior

NO_CHANCE = 0.001
"""Probability below which nobody is called one of the best."""

ALPHA = 0.05
"""Error of an interval; whether there is one does not depend on it."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a probability by Wilson (1927), which holds for few trials and near 0 and 1 as well."""
    if trials == 0:
        return 0.0, 1.0
    z = t_quantile(1_000_000_000)
    share, fade = hits / trials, z * z / trials
    centre = (share + fade / 2) / (1 + fade)
    half = z / (1 + fade) * math.sqrt(share * (1 - share) / trials + fade / (4 * trials))
    # At the ends one of the two is an end exactly, which rounding would miss.
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == trials else centre + half)


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
        They add up to 1; all None where nothing can be said: with fewer than two figures, with a single
        replication, and where two that may be the best differ in too few replications (see `doubtful`).

    Notes
    -----
    By the posterior of the true figures (see `posterior`). Luck that arms share cancels; arms that never differ
    have equal shares.
    """
    found = _shares(estimates, least)
    if not found or untold(estimates, least) is not None:
        return [None] * len(estimates)
    return [None if each is None else found.get(at, 0.0) for at, each in enumerate(estimates)]


def _shares(estimates: Sequence[Estimate | None], least: bool) -> dict[int, float]:
    """By place the probability of being the best, whatever it rests on; nothing where there is no choice."""
    known = [each for each in estimates if each is not None]
    if len(known) < 2 or not any(len(each.residuals) > 1 for each in known):
        return {}
    found = _of(estimates)
    return {} if found is None else found.best(least)


def untold(estimates: Sequence[Estimate | None], least: bool) -> tuple[int, int] | None:
    """Two arms that leave open which is the best, by their places; None where there are no such two.

    Parameters
    ----------
    estimates : sequence of Estimate or None
        One per arm, over the same replications.
    least : bool
        Whether the smallest figure is the best.
    """
    known = {at: each for at, each in enumerate(estimates) if each is not None}
    return doubtful(_shares(estimates, least), lambda one, other: difference(known[one], known[other]))


def doubtful(shares: Mapping[int, float], apart: Callable[[int, int], Difference]) -> tuple[int, int] | None:
    """Two arms that may be the best and differ in too few replications for an interval, the likelier first.

    Parameters
    ----------
    shares : mapping
        By place the probability of being the best.
    apart : callable
        From two places to the difference over the replications that both have.

    Returns
    -------
    tuple of int or None
        Their places; None where there are no such two.

    Notes
    -----
    A probability of being the best is a statement about differences, as an interval is, and rests on the same
    spread of them. Where that spread is not known (see `paired`), neither is to be believed. The likeliest arm
    is held against all others, and those whose share would be shown (`NO_CHANCE`) against one another.
    """
    order = sorted(shares, key=lambda at: -shares[at])
    for number, one in enumerate(order):
        for other in order[number + 1 :]:
            if number and shares[other] < NO_CHANCE:
                break
            if not _told(apart(one, other)):
                return one, other
    return None


def _told(apart: Difference) -> bool:
    return apart.identical or apart.fixed or apart.interval(ALPHA) is not None


def _of(estimates: Sequence[Estimate | None]) -> Posterior | None:
    """The posterior of figures over the same replications."""
    counts = [0 if each is None else len(each.residuals) for each in estimates]

    def estimate(at: int, _: int) -> Estimate:
        each = estimates[at]
        assert each is not None
        return each

    return posterior(estimate, counts)


def right(
    figures: Sequence[Sequence[Estimate]],
    place: int,
    zone: float,
    least: bool,
    limits: Sequence[tuple[bool, float]] = (),
) -> float | None:
    """The probability that one point keeps to all limits, and no point that does is better by more than ``zone``.

    Parameters
    ----------
    figures : sequence of sequence of Estimate
        Of each point what is looked for, and what each limit is about; all over the same replications.
    place : int
        Which point.
    zone : float
        The difference that does not matter, in the unit of the figures.
    least : bool
        Whether the smallest figure is the best.
    limits : sequence of tuple
        Of each whether it is the most or the least, and its value.

    Returns
    -------
    float or None
        By the posterior of all figures together (see `posterior`); None with a single replication.
    """
    flat = [each for row in figures for each in row]
    known = _of([None if each.mean is None or len(each.residuals) < 2 else each for each in flat])
    if known is None:
        return None
    width = 1 + len(limits)
    column = {at: known.draws[:, place] for place, at in enumerate(known.known)}
    sign, mine = -1 if least else 1, column.get(place * width)
    if mine is None:
        return None
    good = np.ones(len(mine), dtype=bool)
    for at in range(len(figures)):
        keeps = np.ones(len(mine), dtype=bool)
        for number, (most, value) in enumerate(limits, 1):
            drawn = column.get(at * width + number)
            keeps &= False if drawn is None else _kept(drawn, most, value)
        if at == place:
            good &= keeps
        elif at * width in column:
            ahead = sign * (column[at * width] - mine)
            good &= ~(keeps & (ahead > zone + ROUNDING * np.abs(mine)))
    return float(good.mean())


def _kept(drawn: Floats, most: bool, value: float) -> NDArray[np.bool_]:
    """In which draws a figure keeps to its limit, but for rounding."""
    slack = ROUNDING * abs(value)
    return np.asarray(drawn <= value + slack if most else drawn >= value - slack)
