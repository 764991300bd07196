"""How much people differ: a random intercept of each rep on the log-odds of all outcomes of a team.

L = Π over reps of ∫ Π over the rep's visits of ℓ(u) φ(u; σ) du, by sums over a fine grid of u, since with hundreds
of visits a rep's likelihood is narrower than the nodes of a Gauss-Hermite rule. Who ignores reps takes visits for
independent that are not, and intervals come out far too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID = np.linspace(-3.0, 3.0, 301)
"""Log-odds of a rep."""

_LEAST = 0.03
"""A standard deviation below this cannot be told from none on the grid."""

_Z, _CHI = 1.959964, 3.841459


@dataclass(frozen=True)
class Visited:
    """Visits of a team's reps.

    Parameters
    ----------
    rep : array of int, shape (n,)
        Who worked the visit, from 0 on.
    cell : array of int, shape (n,)
        Stage and kind, from 0 on; each has a chance of its own.
    outcome : array of int, shape (n,)
        1 advanced, 0 lost, -1 open.
    advanced, lost : arrays of float, shape (n,)
        Of open visits the chance that each outcome takes longer than their age; anything else of others.
    """

    rep: Ints
    cell: Ints
    outcome: Ints
    advanced: Floats
    lost: Floats


@dataclass(frozen=True)
class Spread:
    """How much reps differ, and the chances at the skill 0.

    Parameters
    ----------
    sd, low, high : float
        Standard deviation of log-odds between reps, with its profile interval of 95 %.
    p_value : float
        Of the test that it is 0: half of chi-square's with one degree of freedom, as 0 is a limit (Self & Liang
        1987).
    p, p_low, p_high : arrays of float, shape (cells,)
        Chance to advance of a rep with the skill 0.
    covariance : array of float
        Of the logits of p, then of log(sd); that of the logits alone where sd is 0.
    means : array of float, shape (reps,)
        Posterior mean of each rep's log-odds.
    reps : int
        How many reps.
    """

    sd: float
    low: float
    high: float
    p_value: float
    p: Floats
    p_low: Floats
    p_high: Floats
    covariance: Floats
    means: Floats
    reps: int

    @property
    def seen(self) -> bool:
        """Whether reps differ at 5 %."""
        return self.p_value < 0.05


@dataclass(frozen=True)
class _Counts:
    """Visits as counts by rep and cell; open ones by their chances as well, to a hundredth."""

    won: Floats
    lost: Floats
    open_rep: Ints
    open_cell: Ints
    open_advanced: Floats
    open_lost: Floats
    open_count: Floats

    def by_rep(self, odds: Floats, u: Floats) -> Floats:
        """Log-likelihood of each rep at each u."""
        x = odds[:, None] + u
        log_p, log_q = -np.logaddexp(0, -x), -np.logaddexp(0, x)
        total: Floats = self.won @ log_p + self.lost @ log_q
        np.add.at(total, self.open_rep, self.open_count[:, None] * np.log(self._chance(special.expit(x))))
        return total

    def _chance(self, p: Floats) -> Floats:
        """Of each open row, that it is still open, at each u."""
        of = p[self.open_cell]
        made: Floats = np.maximum(of * self.open_advanced[:, None] + (1 - of) * self.open_lost[:, None], 1e-300)
        return made

    def slopes(self, odds: Floats, u: Floats, weight: Floats) -> Floats:
        """The gradient by the log-odds of each cell, averaged over u with weights by rep."""
        p = special.expit(odds[:, None] + u)
        mean = weight @ p.T
        made: Floats = (self.won * (1 - mean) - self.lost * mean).sum(axis=0)
        of = p[self.open_cell]
        steps = (self.open_advanced - self.open_lost)[:, None] * of * (1 - of) / self._chance(p)
        np.add.at(made, self.open_cell, self.open_count * (steps * weight[self.open_rep]).sum(axis=1))
        return made


def fit(visits: Visited) -> Spread:
    """Estimate the spread between reps and the chances at the skill 0.

    Raises
    ------
    ValueError
        If there are fewer than two reps.
    """
    reps, cells = int(visits.rep.max()) + 1, int(visits.cell.max()) + 1
    if reps < 2:
        raise ValueError("at least two reps are needed")
    counts = _counted(visits, reps, cells)
    begin = np.log((counts.won.sum(axis=0) + 0.5) / (counts.lost.sum(axis=0) + 0.5))
    alone, without = _at(counts, 0.0, begin)
    odds, log_sd, best = _maximum(counts, alone)
    if best <= without + 1e-9:
        return _told(counts, alone, 0.0, (0.0, _upper(counts, alone, 0.0, without)), 1.0, reps)
    p_value = float(stats.chi2.sf(2 * (best - without), 1)) / 2
    sd = math.exp(log_sd)
    low = 0.0 if 2 * (best - without) < _CHI else _end(counts, odds, sd, best, down=True)
    return _told(counts, odds, sd, (low, _upper(counts, odds, sd, best)), p_value, reps)


def _counted(visits: Visited, reps: int, cells: int) -> _Counts:
    place = visits.rep * cells + visits.cell
    won, lost = (
        np.bincount(place[visits.outcome == k], minlength=reps * cells).reshape(reps, cells).astype(float)
        for k in (1, 0)
    )
    still = visits.outcome < 0
    columns = [
        visits.rep[still],
        visits.cell[still],
        np.round(visits.advanced[still], 2),
        np.round(visits.lost[still], 2),
    ]
    rows, count = np.unique(np.stack(columns), axis=1, return_counts=True)
    rep, cell = rows[:2].astype(np.int64)
    return _Counts(won, lost, rep, cell, rows[2], rows[3], count.astype(float))


def _minus_log_likelihood(counts: _Counts, odds: Floats, sd: float) -> tuple[float, Floats]:
    """And its gradient by the log-odds of the cells, then by log(sd)."""
    if sd < _LEAST:
        nobody = np.zeros(1)
        value = float(counts.by_rep(odds, nobody).sum())
        return -value, -np.append(counts.slopes(odds, nobody, np.ones((len(counts.won), 1))), 0.0)
    prior = special.log_softmax(-0.5 * (GRID / sd) ** 2)
    joint = counts.by_rep(odds, GRID) + prior
    each = special.logsumexp(joint, axis=1)
    weight = np.exp(joint - each[:, None])
    squares = (GRID / sd) ** 2
    wider = float((weight @ squares).sum() - len(each) * (np.exp(prior) @ squares))
    return -float(each.sum()), -np.append(counts.slopes(odds, GRID, weight), wider)


def _at(counts: _Counts, sd: float, begin: Floats) -> tuple[Floats, float]:
    """The best chances for a spread, and their log-likelihood."""

    def loss(odds: Any) -> tuple[float, Floats]:
        value, slope = _minus_log_likelihood(counts, odds, sd)
        return value, slope[:-1]

    found = optimize.minimize(loss, begin, method="BFGS", jac=True)
    return np.asarray(found.x, dtype=float), -float(found.fun)


def _maximum(counts: _Counts, begin: Floats) -> tuple[Floats, float, float]:
    def loss(x: Any) -> tuple[float, Floats]:
        return _minus_log_likelihood(counts, x[:-1], max(math.exp(min(x[-1], 1.0)), _LEAST))

    found = optimize.minimize(loss, np.append(begin, math.log(0.3)), method="BFGS", jac=True)
    return np.asarray(found.x[:-1], dtype=float), float(found.x[-1]), -float(found.fun)


def _end(counts: _Counts, odds: Floats, sd: float, best: float, down: bool) -> float:
    """Where the profile has fallen by half of chi-square's 95 % point."""

    def fallen(at: float) -> float:
        return 2 * (best - _at(counts, at, odds)[1]) - _CHI

    one, other = (_LEAST, sd) if down else (max(sd, _LEAST), max(2 * sd, 0.2))
    while not down and fallen(other) < 0 and other < 2.5:
        other *= 1.6
    if down and fallen(one) < 0:
        return 0.0
    if not down and fallen(other) < 0:
        return math.inf
    return float(optimize.brentq(fallen, one, other, xtol=2e-3))


def _upper(counts: _Counts, odds: Floats, sd: float, best: float) -> float:
    return _end(counts, odds, sd, best, down=False)


def _told(
    counts: _Counts, odds: Floats, sd: float, ends: tuple[float, float], p_value: float, reps: int
) -> Spread:
    covariance = _covariance(counts, odds, sd)
    off = _Z * np.sqrt(np.maximum(np.diag(covariance)[: len(odds)], 0))
    p, low, high = (special.expit(odds + shift) for shift in (0.0, -off, off))
    means = np.zeros(reps)
    if sd >= _LEAST:
        weight = counts.by_rep(odds, GRID) - 0.5 * (GRID / sd) ** 2
        means = special.softmax(weight, axis=1) @ GRID
    unbiased = sd * math.sqrt(reps / (reps - 1))  # the mean of so few is estimated as well
    return Spread(unbiased, ends[0], ends[1], p_value, p, low, high, covariance, means, reps)


def _covariance(counts: _Counts, odds: Floats, sd: float) -> Floats:
    """The inverse of the observed information of the chances, and of log(sd) where it is not 0."""
    at = np.append(odds, math.log(sd)) if sd >= _LEAST else odds
    cells, size, step = len(odds), len(at), 1e-4
    information = np.empty((size, size))
    for i in range(size):
        shift = np.zeros(size)
        shift[i] = step
        above, below = (
            _minus_log_likelihood(counts, x[:cells], math.exp(x[-1]) if size > cells else 0.0)[1][:size]
            for x in (at + shift, at - shift)
        )
        information[i] = (above - below) / (2 * step)
    values, vectors = np.linalg.eigh((information + information.T) / 2)
    made: Floats = (vectors / np.maximum(values, 1e-2)) @ vectors.T
    return made


def renumbered(codes: ArrayLike) -> tuple[Ints, Ints]:
    """Codes from 0 on without gaps, and what each stood for."""
    kept, places = np.unique(np.asarray(codes, dtype=np.int64), return_inverse=True)
    return places.astype(np.int64), kept
