"""How often something comes: a quasi-Poisson regression of daily counts on weekdays, time and months.

log μ = weekday + growth t (+ month), with all variances times the dispersion φ = Pearson's X² over its degrees of
freedom (McCullagh & Nelder, Generalized Linear Models, 1989).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR = 365.25
_Z = 1.959964
_LEVEL = 0.01
"""At which weekdays, hours and months are told."""
_BOOTSTRAPS = 400
_CORRELATED, _BATCHED = 0.2, 0.1


class Noticed(NamedTuple):
    """Something about the arrivals that a reader should know."""

    code: str
    rows: int
    words: str
    remedy: str


@dataclass(frozen=True)
class Arrivals:
    """The flow of arrivals at the end of the data.

    Parameters
    ----------
    rate, rate_low, rate_high : float
        Arrivals a day at the end of the data, or at the moment that was asked for, on average over weekdays, with
        the 95 % interval.
    growth, growth_low, growth_high : float
        Change in a year, as a share.
    covariance : array of float, shape (2, 2)
        Of the logarithm of the rate and of the growth.
    weekday : array of float, shape (7,), or None
        Factors from Monday on, with the mean 1; None where weekdays do not differ.
    month : array of float, shape (12,), or None
        Factors from January on; None where months do not differ, or fewer than two years are there.
    hours : array of float, shape (24,), or None
        Factors by hour of the day; None where moments have no hours or do not differ.
    dispersion, dispersion_low, dispersion_high : float
        Variance to mean of daily counts.
    n : int
        Arrivals.
    noticed : tuple of Noticed
        Bursts and batches.
    """

    rate: float
    rate_low: float
    rate_high: float
    growth: float
    growth_low: float
    growth_high: float
    covariance: Floats
    weekday: Floats | None
    month: Floats | None
    hours: Floats | None
    dispersion: float
    dispersion_low: float
    dispersion_high: float
    n: int
    noticed: tuple[Noticed, ...]


def fit(
    moments: ArrayLike,
    start: float,
    end: float,
    weekday: int = 0,
    days_only: bool = False,
    first_month: int | None = None,
    at: float | None = None,
) -> Arrivals:
    """Estimate a flow from the moments of its arrivals.

    Parameters
    ----------
    moments : array of float, shape (n,)
        Days since a midnight.
    start, end : float
        From when to when they were recorded; only whole days between count.
    weekday : int
        Of day 0; Monday is 0.
    days_only : bool
        Whether moments are dates without hours.
    first_month : int, optional
        Day 0 as days since 1970-01-01, by which months are known; without it they are not looked at.

    at : float, optional
        The moment whose rate is told; by default the end. In the middle it is the mean rate, and known best.

    Raises
    ------
    ValueError
        If there are fewer than 14 whole days, or no arrivals in them.
    """
    first, last = math.ceil(start - 1e-9), math.floor(end + 1e-9)
    all_moments = np.asarray(moments, dtype=float)
    inside = all_moments[(all_moments >= first) & (all_moments < last)]
    if last - first < 14 or not len(inside):
        raise ValueError("there are no two weeks with arrivals")
    day = np.arange(first, last)
    count = np.bincount(np.floor(inside).astype(np.int64) - first, minlength=len(day)).astype(float)
    of_week = (day + weekday) % 7
    months = _months(day, first_month)
    model = _chosen(count, ((day + 0.5 - (end if at is None else at)) / YEAR).astype(float), of_week, months)
    rate, growth, covariance = model.rate_and_growth()
    off = _Z * np.sqrt(np.diag(covariance))
    low, high = model.dispersion_interval()
    slow, grown, fast = (math.expm1(growth + shift) for shift in (-float(off[1]), 0.0, float(off[1])))
    return Arrivals(
        rate=rate, rate_low=rate * math.exp(-off[0]), rate_high=rate * math.exp(off[0]),
        growth=grown, growth_low=slow, growth_high=fast, covariance=_of_growth(covariance, growth),
        weekday=model.weekday_factors(), month=model.month_factors(), hours=None if days_only else _hours(inside),
        dispersion=model.dispersion, dispersion_low=low, dispersion_high=high, n=len(inside),
        noticed=tuple(_noticed(model, inside, days_only)),
    )  # fmt: skip


def _of_growth(covariance: Floats, growth: float) -> Floats:
    """The covariance of log rate and growth as a share, from that of log rate and log growth."""
    scale = np.array([1.0, math.exp(growth)])
    made: Floats = covariance * np.outer(scale, scale)
    return made


def _months(day: Ints, first_month: int | None) -> Ints | None:
    """The month of each day, from 0 on, where there are two full years."""
    if first_month is None or len(day) < 2 * YEAR:
        return None
    dates = np.datetime64("1970-01-01") + (day + first_month).astype("timedelta64[D]")
    return dates.astype("datetime64[M]").astype(np.int64) % 12


@dataclass(frozen=True)
class _Model:
    """A fitted regression; columns are groups of days (weekdays that have arrivals, or one), time, months."""

    count: Floats
    mean: Floats
    beta: Floats
    information: Floats
    groups: Ints
    weights: Floats  # of each group among the seven days
    months: int
    of_week: Ints
    dispersion: float

    def rate_and_growth(self) -> tuple[float, float, Floats]:
        """The rate at the end over all weekdays, the growth of its logarithm a year, and their covariance."""
        levels = self.weights * np.exp(self.beta[: len(self.weights)])
        gradient = np.zeros((2, len(self.beta)))
        gradient[0, : len(self.weights)] = levels / levels.sum()
        gradient[1, len(self.weights)] = 1.0
        average = 1.0
        if self.months:  # the rate is that of an average month, not of January
            months = np.exp(np.concatenate([[0.0], self.beta[-11:]]))
            average = float(months.mean())
            gradient[0, -11:] = months[1:] / months.sum()
        inverse = np.linalg.inv(self.information) * self.dispersion
        growth = float(self.beta[len(self.weights)])
        return float(levels.sum()) * average, growth, gradient @ inverse @ gradient.T

    def weekday_factors(self) -> Floats | None:
        if len(self.weights) == 1 and self.weights[0] == 1:
            return None
        factors = np.zeros(7)
        levels = np.exp(self.beta[: len(self.weights)])
        for day in range(7):
            group = self.groups[day]
            factors[day] = levels[group] if group >= 0 else 0.0
        made: Floats = factors / factors.mean()
        return made

    def month_factors(self) -> Floats | None:
        if not self.months:
            return None
        factors = np.exp(np.concatenate([[0.0], self.beta[-11:]]))
        made: Floats = factors / factors.mean()
        return made

    @property
    def residuals(self) -> Floats:
        made: Floats = (self.count - self.mean) / np.sqrt(np.maximum(self.mean, 1e-12))
        return made

    def dispersion_interval(self) -> tuple[float, float]:
        """By drawing whole weeks with replacement."""
        squares, weeks = self.residuals**2, len(self.count) // 7
        if weeks < 4:
            return 0.0, math.inf
        sums = squares[: 7 * weeks].reshape(weeks, 7).sum(axis=1)
        rng = np.random.default_rng(0)
        drawn = sums[rng.integers(0, weeks, (_BOOTSTRAPS, weeks))].mean(axis=1) / sums.mean() * self.dispersion
        low, high = np.quantile(drawn, [0.025, 0.975])
        return float(low), float(high)


def _chosen(count: Floats, time: Floats, of_week: Ints, months: Ints | None) -> _Model:
    """The smallest model that the data do not refuse: weekdays, then months, each by an F-test."""
    plain = _regression(count, time, of_week, np.zeros(7, np.int64), None)
    totals = np.bincount(of_week, count, 7)
    groups = np.where(totals > 0, np.cumsum(totals > 0) - 1, -1)
    whole = _regression(count, time, of_week, groups, None)
    model = whole if (totals == 0).any() or _better(plain, whole) else plain
    if months is not None and (np.bincount(months, count, 12) > 0).all():
        more = _regression(count, time, of_week, model.groups, months)
        model = more if _better(model, more) else model
    return model


def _better(small: _Model, large: _Model) -> bool:
    extra, left = len(large.beta) - len(small.beta), len(large.count) - len(large.beta)
    if extra <= 0 or left <= 0:
        return False
    f = (_deviance(small) - _deviance(large)) / extra / large.dispersion
    return bool(stats.f.sf(f, extra, left) < _LEVEL)


def _deviance(model: _Model) -> float:
    count, mean = model.count, np.maximum(model.mean, 1e-12)
    logs = np.where(count > 0, count * np.log(np.maximum(count, 1e-12) / mean), 0.0)
    return float(2 * (logs - (count - mean)).sum())


def _regression(count: Floats, time: Floats, of_week: Ints, groups: Ints, months: Ints | None) -> _Model:
    """Fisher scoring; days of weekdays without arrivals are left out, as their mean is 0."""
    group = groups[of_week]
    kept = group >= 0
    number = int(groups.max()) + 1
    columns = [group[kept] == k for k in range(number)] + [time[kept]]
    if months is not None:
        columns += [months[kept] == k for k in range(1, 12)]
    design = np.stack(columns, axis=1).astype(float)
    y = count[kept]
    beta = np.zeros(design.shape[1])
    beta[:number] = math.log(max(y.mean(), 1e-6))
    for _ in range(60):
        mu = np.exp(np.clip(design @ beta, -30, 30))
        information = design.T @ (mu[:, None] * design) + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(information, design.T @ (y - mu))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    mu = np.exp(np.clip(design @ beta, -30, 30))
    information = design.T @ (mu[:, None] * design) + 1e-9 * np.eye(len(beta))
    freedom = max(len(y) - len(beta), 1)
    dispersion = float(((y - mu) ** 2 / np.maximum(mu, 1e-12)).sum() / freedom)
    mean = np.zeros(len(count))
    mean[kept] = mu
    weights = np.array([(groups == k).sum() / 7 for k in range(number)])
    return _Model(
        count,
        mean,
        beta,
        information,
        groups,
        weights,
        0 if months is None else 12,
        of_week,
        max(dispersion, 1e-3),
    )


def _hours(moments: Floats) -> Floats | None:
    """Factors by hour of the day, where it is not plain that hours do not matter."""
    counts = np.bincount(np.floor((moments % 1) * 24).astype(np.int64).clip(0, 23), minlength=24)
    if stats.chisquare(counts).pvalue >= _LEVEL:
        return None
    made: Floats = counts / counts.mean()
    return made


def _noticed(model: _Model, moments: Floats, days_only: bool) -> Iterator[Noticed]:
    residuals = model.residuals
    if len(residuals) > 60:
        correlation = float(np.corrcoef(residuals[:-1], residuals[1:])[0, 1])
        if correlation > _CORRELATED:
            said = f"counts of neighbouring days go together (correlation {correlation:.2f}): they come in bursts."
            yield Noticed("bursts", len(moments), said, "Campaigns with known dates can be written as `bursts`.")
    if not days_only:
        _, times = np.unique(moments, return_counts=True)
        together = int(times[times > 1].sum())
        if together > _BATCHED * len(moments):
            said = f"{together} of {len(moments)} share their moment with others: they were entered in batches."
            yield Noticed("batches", together, said, "A `batch` of the source would bring them together.")
