"""What is known of the true figures of several alternatives, each with replications of its own.

Alternatives share their random numbers, replication by replication, but need not have the same number of them: a
selection drops some early. What the longer one did in replications that the shorter one lacks tells of luck that
both share. So the shorter one is carried over by regression: by how much the other's mean over the common
replications lies beside its mean over all of them (Anderson 1957, Maximum likelihood estimates for a multivariate
normal distribution when some observations are missing, Journal of the American Statistical Association 52:200;
Little and Rubin, Statistical Analysis with Missing Data, 2002, section 7.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnelsim.results.estimates import Estimate

from .paired import ROUNDING
from .selection import Selected

Floats = NDArray[np.float64]

DRAWS = 100_000
"""Draws from the posterior; a probability is known to ± .003 by them."""

EstimateOf = Callable[[int, int], Estimate]
"""From the place of an alternative and a number of replications to its estimate over the first so many."""


@dataclass(frozen=True)
class Posterior:
    """The true figures of alternatives, given their replications.

    Parameters
    ----------
    known : tuple of int
        Places of the alternatives of which something is known.
    draws : ndarray
        One row a draw, one column for each of these.
    same : tuple of int
        For each of these the column of the first that it never differs from; its own where it differs from all.
    """

    known: tuple[int, ...]
    draws: Floats
    same: tuple[int, ...]

    def best(self, least: bool = False) -> dict[int, float]:
        """By place the probability of having the best figure; what never differs has exactly equal shares."""
        members = np.bincount(self.same, minlength=len(self.same))
        columns = np.flatnonzero(members)
        figures = self.draws[:, columns] * (-1 if least else 1)
        wins = np.zeros(len(self.same))
        wins[columns] = np.bincount(figures.argmax(axis=1), minlength=len(columns)) / len(figures)
        return {at: float(wins[one] / members[one]) for at, one in zip(self.known, self.same, strict=True)}

    def within(self, place: int, zone: float, least: bool = False) -> float:
        """The probability that no figure is better than that at ``place`` by more than ``zone``."""
        mine = self.draws[:, [self.known.index(place)]]
        ahead = (self.draws - mine) * (-1 if least else 1)
        return float((ahead.max(axis=1) <= zone + ROUNDING * np.abs(mine[:, 0])).mean())


@dataclass
class _Part:
    """One alternative: around what its figure lies, what it follows, and what it has of its own."""

    centre: float
    slope: float
    own: Floats
    freedom: int
    stretch: float = 1.0


def posterior(estimate: EstimateOf, counts: Sequence[int], pick: int = 0, draws: int = DRAWS) -> Posterior | None:
    """The posterior of the true figures.

    Parameters
    ----------
    estimate : callable
        Gives the estimate of an alternative over its first replications.
    counts : sequence of int
        How many replications each has.
    pick : int
        The one that is compared with all others; those with no more replications follow it, others the longest.
    draws : int
        How many to draw.

    Returns
    -------
    Posterior or None
        None where nothing is known of any.

    Notes
    -----
    Normal data, no prior knowledge. With equal numbers of replications this is the multivariate t around the
    estimates with the covariance of what replications add to the errors (Box and Tiao, Bayesian Inference in
    Statistical Analysis, 1973, section 8.4), so that each difference is the paired one. With fewer, an alternative
    is a + b times the figure that it follows, with what varies in its residuals (n - 2 degrees of freedom), and
    what the slope b is not known to. Variances are shared as far as degrees of freedom are.
    """
    full = {at: estimate(at, count) for at, count in enumerate(counts) if count > 1}
    known = tuple(at for at, each in full.items() if each.mean is not None and len(each.residuals) > 1)
    if not known:
        return None
    followed = _followed(known, counts, pick)
    order = sorted(known, key=lambda at: (followed[at] != at, followed[followed[at]] != followed[at]))
    same = _same(order, counts, estimate)
    parts = {at: _part(at, followed[at], counts, estimate) for at in order}
    figures = _drawn(known, order, followed, parts, draws)
    alike = tuple(known.index(same[at]) for at in known)
    return Posterior(known, figures[:, alike], alike)


def likeliest(estimate: EstimateOf, found: Selected, least: bool = False, draws: int = DRAWS) -> Selected:
    """The selection of the one most likely to be the best: luck in replications that one has alone may mislead.

    It is the likeliest by the posterior beside the one that was selected first, which goes with it: beside another
    one the probabilities are a little different, and perhaps those of a third one the largest.
    """
    known = posterior(estimate, found.replications, found.best, draws)
    shares = {} if known is None else known.best(least)
    best = max(shares, key=lambda at: (shares[at], at == found.best), default=found.best)
    return replace(found, best=best, beside=found.best)


def _followed(known: Sequence[int], counts: Sequence[int], pick: int) -> dict[int, int]:
    """What each follows: the pick, or the longest where that is longer; the longest follows itself."""
    longest = max(known, key=lambda at: (counts[at], at == pick))
    if pick not in known:
        pick = longest
    return {at: pick if at != pick and counts[at] <= counts[pick] else longest for at in known} | {
        longest: longest
    }


def _same(order: Sequence[int], counts: Sequence[int], estimate: EstimateOf) -> dict[int, int]:
    """For each the first, in order, that it never differs from over the replications that both have."""
    first: dict[int, int] = {}
    for at in order:
        others = dict.fromkeys(first.values())
        first[at] = next((one for one in others if _alike(at, one, counts, estimate)), at)
    return first


def _alike(at: int, other: int, counts: Sequence[int], estimate: EstimateOf) -> bool:
    both = min(counts[at], counts[other])
    one, two = _figures(estimate(at, both)), _figures(estimate(other, both))
    return len(one) == len(two) and bool(np.all(np.abs(one - two) <= ROUNDING * np.maximum(abs(one), abs(two))))


def _figures(each: Estimate) -> Floats:
    return np.array(each.residuals) + (each.mean or 0.0)


def _part(at: int, other: int, counts: Sequence[int], estimate: EstimateOf) -> _Part:
    count = counts[at]
    each = estimate(at, count)
    own, mean = np.array(each.residuals), each.mean or 0.0
    if other == at:
        return _Part(mean, 0.0, _scaled(own, count - 1), count - 1)
    before, after = estimate(other, count), estimate(other, counts[other])
    beside = np.array(before.residuals)
    if len(beside) != count or before.mean is None or after.mean is None:  # nothing that it could follow
        return _Part(mean, 0.0, _scaled(own, count - 1), count - 1)
    spread = float(beside @ beside)
    slope = float(beside @ own) / spread if spread else 0.0
    left = own - slope * beside
    if counts[other] == count or count < 4:
        return _Part(mean, slope, _scaled(left, count - 1), count - 1)
    moved = after.mean - before.mean
    stretch = math.sqrt(1 + count * moved**2 / spread) if spread else 1.0
    return _Part(mean + slope * moved, slope, _scaled(left, count - 2), count - 2, stretch)


def _scaled(residuals: Floats, freedom: int) -> Floats:
    """Residuals whose products add up to the variances of means."""
    return residuals / math.sqrt(len(residuals) * freedom)


def _drawn(
    known: Sequence[int], order: Sequence[int], followed: dict[int, int], parts: dict[int, _Part], draws: int
) -> Floats:
    """Draws of the figures, one column for each that is known."""
    rng = np.random.default_rng(0)  # the same answer to the same question
    rows = np.zeros((len(known), max(len(part.own) for part in parts.values())))
    for row, at in zip(rows, known, strict=True):
        row[: len(parts[at].own)] = parts[at].own
    values, vectors = np.linalg.eigh(rows @ rows.T)
    luck = rng.standard_normal((draws, len(known))) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    columns = {at: luck[:, column] for column, at in enumerate(known)}
    chi, before = np.zeros(draws), 0
    figures: dict[int, Floats] = {}
    for at in sorted(known, key=lambda at: parts[at].freedom):
        part = parts[at]
        if part.freedom > before:
            chi = chi + rng.chisquare(part.freedom - before, draws)
            before = part.freedom
        columns[at] = columns[at] * (np.sqrt(part.freedom / chi) * part.stretch)
    for at in order:
        part, other = parts[at], followed[at]
        shared = 0.0 if other == at else part.slope * (figures[other] - parts[other].centre)
        figures[at] = part.centre + shared + columns[at]
    return np.column_stack([figures[at] for at in known])
