"""Forecasts that know no line: what a firm does with a spreadsheet, and what every forecast must beat."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEEK = 7.0
_ALPHAS = np.linspace(0.02, 1.0, 50)
_WEEKS = 4
_LEAST_ERRORS = 3


@dataclass(frozen=True)
class Flow:
    """Something that happens at moments and is added up: wins, or bookings.

    Parameters
    ----------
    moments : array of float
        When, in days.
    amounts : array of float
        How much each time; ones for counts.
    start, now : float
        From which day on it was recorded, and the day of the forecast.
    """

    moments: Floats
    amounts: Floats
    start: float
    now: float

    def sums(self, length: float) -> Floats:
        """Totals of the whole periods of that length before now, the oldest first."""
        count = int((self.now - self.start) / length + 1e-9)
        if count <= 0:
            return np.empty(0)
        edges = self.now - length * np.arange(count, -1, -1)
        totals, _ = np.histogram(self.moments, edges, weights=self.amounts)
        made: Floats = totals.astype(float)
        return made


def last_period(flow: Flow, length: float) -> Floats | None:
    """As much as in the last period of the same length; the spread is that of changes from one to the next."""
    sums = flow.sums(length)
    return _spread(sums[-1], np.diff(sums), 1.0) if len(sums) > _LEAST_ERRORS else None


def last_weeks(flow: Flow, length: float) -> Floats | None:
    """The mean of the last four weeks, for as many weeks as are asked for."""
    weeks = flow.sums(WEEK)
    if len(weeks) < _WEEKS + _LEAST_ERRORS:
        return None
    means = np.convolve(weeks, np.full(_WEEKS, 1 / _WEEKS), "valid")
    return _spread(means[-1], weeks[_WEEKS:] - means[:-1], length / WEEK)


def smoothing(flow: Flow, length: float) -> Floats | None:
    """Exponential smoothing of weeks (Brown 1959), with the weight that made the least one-step errors."""
    weeks = flow.sums(WEEK)
    if len(weeks) < _WEEKS + _LEAST_ERRORS:
        return None
    level, errors = min((_smoothed(weeks, alpha) for alpha in _ALPHAS), key=lambda one: float((one[1] ** 2).sum()))
    return _spread(level, errors, length / WEEK)


def _smoothed(weeks: Floats, alpha: float) -> tuple[float, Floats]:
    level, errors = float(weeks[:_WEEKS].mean()), []
    for week in weeks[_WEEKS:]:
        errors.append(week - level)
        level += alpha * (week - level)
    return level, np.array(errors)


def _spread(level: float, errors: Floats, periods: float) -> Floats:
    """An ensemble about the level over so many periods: one-step errors grow with the root of their number."""
    made: Floats = np.maximum(level * periods + math.sqrt(periods) * (errors - errors.mean()), 0)
    return made


def pipeline(chances: Floats, amounts: Floats, run_rate: float, seed: int, draws: int = 400) -> Floats:
    """The weighted pipeline: each open deal with the chance of its stage, and so many more wins on top.

    Parameters
    ----------
    chances, amounts : arrays of float, shape (deals,)
        The chance of each open deal, and what it would bring.
    run_rate : float
        What deals bring on average that are created and won within the horizon; 0 for the pipeline alone. They
        have the mean amount of open deals, and come at random.
    seed : int
        Of the draws of who wins.
    draws : int
        Members of the ensemble.
    """
    rng = np.random.default_rng(seed)
    won = rng.random((draws, len(chances))) < chances if len(chances) else np.zeros((draws, 0), bool)
    totals: Floats = (won * amounts).sum(axis=1).astype(float)
    if run_rate > 0:
        each = float(amounts.mean()) if len(amounts) and amounts.mean() > 0 else 1.0
        totals += each * rng.poisson(run_rate / each, draws)
    return totals
