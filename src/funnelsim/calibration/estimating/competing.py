"""How many advance and how long both outcomes take, from visits of which some are still open.

A mixture of two latent outcomes (Larson & Dinse, Applied Statistics 34 (1985), 201): with the chance p a visit
will advance, after a time of the one law, else it will be lost, after a time of the other. An open visit of age t
tells that neither has come by then, p S_a(t) + (1 - p) S_l(t), so that young visits bend nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from . import laws
from .empirical import Incidence, aalen_johansen
from .laws import FAMILIES, Floats, Law

Ints = NDArray[np.int64]

BIN = 0.005
"""Width of the bins of the logarithm of time: likelihoods are of counts in bins, whatever the number of visits."""

SHORTEST = 1e-4
"""Days; what is shorter counts as so long."""

LEAST = 5
"""Outcomes of a sort below which their law cannot be told apart from the other's."""

_Z = 1.959964


@dataclass(frozen=True)
class Binned:
    """Visits as counts: of one kind, one outcome, and a time between two ends."""

    kind: Ints
    outcome: Ints
    low: Floats
    middle: Floats
    high: Floats
    entry: Floats
    count: Floats
    days: bool

    @property
    def kinds(self) -> int:
        """How many kinds there are."""
        return int(self.kind.max()) + 1 if len(self.kind) else 1


def binned(
    time: ArrayLike,
    outcome: ArrayLike,
    kind: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    days: bool = False,
) -> Binned:
    """Counts of visits; times in days, where ``days`` says that they are differences of whole dates."""
    t = np.maximum(np.asarray(time, dtype=float), 0.0)
    what = np.asarray(outcome, dtype=np.int64)
    of = np.zeros(len(t), np.int64) if kind is None else np.asarray(kind, dtype=np.int64)
    since = np.zeros(len(t)) if entry is None else np.maximum(np.asarray(entry, dtype=float), 0.0)
    place = (
        np.round(t).astype(np.int64) if days else np.floor(np.log(np.maximum(t, SHORTEST)) / BIN).astype(np.int64)
    )
    age = np.where(since > SHORTEST, np.floor(np.log(np.maximum(since, SHORTEST)) / (4 * BIN)), -(10**6)).astype(
        np.int64
    )
    rows, counts = np.unique(np.stack([of, what, place, age]), axis=1, return_counts=True)
    of, what, place, age = rows
    if days:  # the difference of two dates is at most half a day off to either side, seen over many
        low, high = np.maximum(place - 0.5, 0.0), place + 0.5
        middle = np.maximum(place.astype(float), 0.25)
    else:
        low, middle, high = (np.exp((place + shift) * BIN) for shift in (0.0, 0.5, 1.0))
    begun = np.where(age > -(10**6), np.exp((age + 0.5) * 4 * BIN), 0.0)
    return Binned(of, what, low, middle, high, begun, counts.astype(float), days)


@dataclass(frozen=True)
class Competing:
    """Chances and laws of both outcomes.

    Parameters
    ----------
    p, p_low, p_high : arrays of float, shape (kinds,)
        The chance to advance, with its 95 % interval.
    advanced, lost : Law
        How long each outcome takes, in days.
    covariance : array of float
        Of the logits of p by kind, then of the working parameters of `advanced` and of `lost`.
    table : dict of str to float
        By pair of families the difference of AIC from the best.
    log_likelihood : float
        At the estimate.
    incidence : Incidence
        The same without any law (Aalen & Johansen 1978).
    ks : tuple of two floats
        The greatest distance of the laws from it, of those that advanced and of those that were lost.
    n, open : int
        Visits, and how many of them have no outcome.
    outcomes : tuple of two ints
        How many advanced and how many were lost.
    shared : bool
        Whether outcomes of one sort were too few for a law of their own, so that both have the same.
    """

    p: Floats
    p_low: Floats
    p_high: Floats
    advanced: Law
    lost: Law
    covariance: Floats
    table: Mapping[str, float]
    log_likelihood: float
    incidence: Incidence
    ks: tuple[float, float]
    n: int
    open: int
    outcomes: tuple[int, int]
    shared: bool

    @property
    def centre(self) -> Floats:
        """The estimate in the order of `covariance`."""
        odds = np.log(self.p) - np.log1p(-self.p)
        return np.array([*odds, self.advanced.first, self.advanced.second, self.lost.first, self.lost.second])

    def fits(self, which: int) -> bool:
        """Whether the law of an outcome (1 or 0) is as near to the data as chance explains, or within a tenth."""
        return self.ks[1 - which] <= max(0.1, 1.63 / math.sqrt(max(self.outcomes[1 - which], 1)))

    def draw(self, rng: np.random.Generator) -> tuple[Floats, Law, Law]:
        """Other plausible chances and laws, from the normal law of the estimate."""
        drawn = rng.multivariate_normal(self.centre, self.covariance, method="eigh")
        kinds, none = len(self.p), np.zeros((2, 2))
        first, second, third, fourth = (float(x) for x in drawn[kinds:])
        return (
            1 / (1 + np.exp(-drawn[:kinds])),
            Law(self.advanced.family, first, second, none),
            Law(self.lost.family, third, fourth, none),
        )


def fit(
    time: ArrayLike,
    outcome: ArrayLike,
    kind: ArrayLike | None = None,
    *,
    day_resolution: bool = False,
    entry: ArrayLike | None = None,
    families: Sequence[str] = FAMILIES,
) -> Competing:
    """Estimate chances and laws by maximum likelihood; the pair of families is that of the least AIC.

    Parameters
    ----------
    time : array of float, shape (n,)
        Days from entering to the outcome, or to the end of the data.
    outcome : array of int, shape (n,)
        1 advanced, 0 lost, -1 open, or out of sight at that time, such as at a deadline.
    kind : array of int, shape (n,), optional
        The kind of each visit, from 0 on; each has its own chance.
    day_resolution : bool
        Whether times are differences of dates.
    entry : array of float, shape (n,), optional
        Age at which a visit came into sight; those that ended before are not in the data.
    families : sequence of str
        Families to be tried.

    Raises
    ------
    ValueError
        If no visit has an outcome.
    """
    rows = binned(time, outcome, kind, entry, day_resolution)
    ended = [float(rows.count[rows.outcome == which].sum()) for which in (1, 0)]
    if sum(ended) <= 0:
        raise ValueError("no visit has an outcome")
    shared = min(ended) < LEAST
    pairs = [(one, other) for one in families for other in families if not shared or one == other]
    found = {pair: _maximum(rows, pair, shared) for pair in pairs}
    best = min(found, key=lambda pair: found[pair][1])
    estimate, loss = found[best]
    covariance = _covariance(rows, best, shared, estimate)
    return _told(
        rows,
        best,
        shared,
        estimate,
        covariance,
        loss,
        {" + ".join(p): 2 * (f[1] - loss) for p, f in found.items()},
    )


def _told(
    rows: Binned,
    pair: tuple[str, str],
    shared: bool,
    estimate: Floats,
    covariance: Floats,
    loss: float,
    table: dict[str, float],
) -> Competing:
    kinds = rows.kinds
    if shared:  # the second law is the first: the same numbers, drawn together
        twice = np.vstack([np.eye(len(estimate)), np.eye(len(estimate))[-2:]])
        estimate, covariance = twice @ estimate, twice @ covariance @ twice.T
    off = _Z * np.sqrt(np.maximum(np.diag(covariance)[:kinds], 0))
    p, low, high = (special.expit(estimate[:kinds] + shift) for shift in (0.0, -off, off))
    one, other = (_law(pair[at], estimate, covariance, kinds + 2 * at) for at in (0, 1))
    seen = aalen_johansen(rows.middle, rows.outcome, rows.count, rows.entry)
    n, still, won, lost = (int(rows.count[which].sum()) for which in (
        slice(None), rows.outcome < 0, rows.outcome == 1, rows.outcome == 0,
    ))  # fmt: skip
    ks = (seen.distance(1, one.below), seen.distance(0, other.below))
    return Competing(p, low, high, one, other, covariance, table, -loss, seen, ks, n, still, (won, lost), shared)


def _law(family: str, estimate: Floats, covariance: Floats, at: int) -> Law:
    both = slice(at, at + 2)
    return Law(family, float(estimate[at]), float(estimate[at + 1]), covariance[both, both])


def _loss(parameters: Floats, rows: Binned, pair: tuple[str, str], shared: bool) -> float:
    """Minus the log-likelihood."""
    kinds = rows.kinds
    odds = np.clip(parameters[:kinds], -30, 30)[rows.kind]
    log_p, log_q = -np.logaddexp(0, -odds), -np.logaddexp(0, odds)
    laws_of = np.clip(parameters[kinds:], -20, 20)
    a = (pair[0], float(laws_of[0]), float(laws_of[1]))
    b = a if shared else (pair[1], float(laws_of[2]), float(laws_of[3]))
    value = np.empty(len(rows.count))
    for which, log_share, law in ((1, log_p, a), (0, log_q, b)):
        mine = rows.outcome == which
        if rows.days:
            value[mine] = log_share[mine] + laws.log_between(*law, rows.low[mine], rows.high[mine])
        else:
            value[mine] = log_share[mine] + laws.log_density(*law, rows.middle[mine])
    still = rows.outcome < 0
    value[still] = np.logaddexp(
        log_p[still] + laws.log_survival(*a, rows.middle[still]),
        log_q[still] + laws.log_survival(*b, rows.middle[still]),
    )
    late = rows.entry > 0
    value[late] -= np.logaddexp(
        log_p[late] + laws.log_survival(*a, rows.entry[late]),
        log_q[late] + laws.log_survival(*b, rows.entry[late]),
    )
    # Half a visit of each outcome and kind keeps a chance off 0 and 1 where a kind has seen only one of them.
    prior = 0.5 * (-np.logaddexp(0, -parameters[:kinds]) - np.logaddexp(0, parameters[:kinds])).sum()
    return -float(rows.count @ np.maximum(value, -1e6) + prior)


def _maximum(rows: Binned, pair: tuple[str, str], shared: bool) -> tuple[Floats, float]:
    kinds = rows.kinds
    won = np.bincount(rows.kind, rows.count * (rows.outcome == 1), kinds) + 0.5
    lost = np.bincount(rows.kind, rows.count * (rows.outcome == 0), kinds) + 0.5
    begin = [*np.log(won / lost)]
    for which, family in ((1, pair[0]), (0, pair[1])):
        mine = rows.outcome >= 0 if shared else rows.outcome == which
        begin += laws.guess(family, rows.middle[mine], rows.count[mine])
        if shared:
            break
    found = optimize.minimize(
        _loss,
        np.array(begin),
        (rows, pair, shared),
        method="BFGS",
        options={"gtol": 1e-4 * math.sqrt(rows.count.sum())},
    )
    return np.asarray(found.x, dtype=float), float(found.fun)


def _covariance(rows: Binned, pair: tuple[str, str], shared: bool, at: Floats) -> Floats:
    """The inverse of the observed information, by central differences."""
    size = len(at)
    step = np.full(size, 2e-3)
    eye = np.eye(size)

    def loss(shift: Any) -> float:
        return _loss(at + shift, rows, pair, shared)

    here, information = loss(0.0), np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            a, b = step[i] * eye[i], step[j] * eye[j]
            if i == j:
                second = (loss(a) - 2 * here + loss(-a)) / step[i] ** 2
            else:
                second = (loss(a + b) - loss(a - b) - loss(b - a) + loss(-a - b)) / (4 * step[i] * step[j])
            information[i, j] = information[j, i] = second
    values, vectors = np.linalg.eigh(information)
    made: Floats = (vectors / np.maximum(values, 1e-3)) @ vectors.T
    return made


@dataclass(frozen=True)
class Chosen:
    """Whether visits of different kinds advance differently.

    Parameters
    ----------
    name : str
        The column that is kept; empty if none tells visits apart.
    p_values : dict of str to float
        Of the likelihood ratio test of each column.
    """

    name: str
    p_values: Mapping[str, float]


def kinds(
    time: ArrayLike,
    outcome: ArrayLike,
    columns: Mapping[str, ArrayLike],
    *,
    day_resolution: bool = False,
    families: Sequence[str] = FAMILIES,
    level: float = 0.01,
) -> Chosen:
    """Which column tells apart visits that advance differently, by the likelihood ratio test at ``level``.

    Columns with one kind are passed over; of several that pass, the one with the least p-value is kept.
    """
    whole = fit(time, outcome, day_resolution=day_resolution, families=families)
    pair = (whole.advanced.family, whole.lost.family)
    found: dict[str, float] = {}
    for name, column in columns.items():
        codes = np.asarray(column, dtype=np.int64)
        count = int(codes.max()) + 1 if len(codes) else 1
        if count < 2:
            continue
        rows = binned(time, outcome, codes, days=day_resolution)
        more = -_maximum(rows, pair, whole.shared)[1] - whole.log_likelihood
        priors = (
            0.5 * (count - 1) * 2 * math.log(2)
        )  # what the half visits of further kinds cost at most, at p = .5
        found[name] = float(stats.chi2.sf(max(2 * (more + priors), 0.0), count - 1))
    passed = {name: value for name, value in found.items() if value < level}
    return Chosen(min(passed, key=lambda name: passed[name]) if passed else "", found)


def shrunk(p: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """Chances of kinds drawn to their mean by how far they differ beyond chance (DerSimonian & Laird 1986)."""
    odds = stats.logistic.ppf(np.asarray(p, dtype=float))
    error = (
        stats.logistic.ppf(np.asarray(high, dtype=float)) - stats.logistic.ppf(np.asarray(low, dtype=float))
    ) / (2 * _Z)
    weight = 1 / error**2
    mean = float((weight * odds).sum() / weight.sum())
    q = float((weight * (odds - mean) ** 2).sum())
    between = (
        max((q - len(odds) + 1) / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
        if len(odds) > 1
        else 0.0
    )
    kept = between / (between + error**2)
    made: Floats = stats.logistic.cdf(mean + kept * (odds - mean))
    return made
