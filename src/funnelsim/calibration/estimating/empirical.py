"""Chances and times of two outcomes without any law (Aalen & Johansen, Scand. J. Statist. 5 (1978), 141)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Incidence:
    """The share of visits that has each outcome by each time.

    Parameters
    ----------
    times : array of float, shape (k,)
        Times at which something ended.
    advanced, lost : arrays of float, shape (k,)
        The cumulative incidence of each outcome.
    left : float
        The share that has neither after the last time: what the data do not tell.
    """

    times: Floats
    advanced: Floats
    lost: Floats
    left: float

    @property
    def p(self) -> float:
        """The chance to advance of those with an outcome by the last time."""
        total = float(self.advanced[-1] + self.lost[-1])
        return float(self.advanced[-1]) / total

    def quantiles(self, which: int, shares: ArrayLike) -> Floats:
        """Times below which a share of those with an outcome had it; NaN where nobody had it."""
        curve = self.advanced if which == 1 else self.lost
        wanted = np.asarray(shares, dtype=float)
        if curve[-1] <= 0:
            return np.full(wanted.shape, np.nan)
        made: Floats = self.times[np.searchsorted(curve / curve[-1], wanted - 1e-12).clip(max=len(self.times) - 1)]
        return made

    def distance(self, which: int, below: Callable[[Floats], Any]) -> float:
        """The greatest distance of a law from the times of an outcome; 0 where nobody had it.

        The law is compared as far as the data reach: with its share below the last time as 1.
        """
        curve = self.advanced if which == 1 else self.lost
        if curve[-1] <= 0:
            return 0.0
        of_law = np.asarray(below(self.times)) / max(float(np.asarray(below(self.times[-1:]))[0]), 1e-12)
        after = curve / curve[-1]
        before = np.concatenate([[0.0], after[:-1]])
        return float(np.maximum(np.abs(after - of_law), np.abs(before - of_law)).max())


def aalen_johansen(
    time: ArrayLike, outcome: ArrayLike, count: ArrayLike | None = None, entry: ArrayLike | None = None
) -> Incidence:
    """Cumulative incidence of two outcomes.

    Parameters
    ----------
    time : array of float, shape (n,)
        Of the outcome, or of the last sight.
    outcome : array of int, shape (n,)
        1 advanced, 0 lost, -1 neither.
    count : array of float, shape (n,), optional
        How many visits each row stands for.
    entry : array of float, shape (n,), optional
        Age at which each came into sight.

    Raises
    ------
    ValueError
        If nothing has an outcome.
    """
    t, what = np.asarray(time, dtype=float), np.asarray(outcome)
    n = np.ones(len(t)) if count is None else np.asarray(count, dtype=float)
    times = np.unique(t[what >= 0])
    if not len(times):
        raise ValueError("no visit has an outcome")
    ends = [np.bincount(np.searchsorted(times, t[what == k]), n[what == k], len(times)) for k in (1, 0)]
    # At risk are those whose time is not before: seen until then, less those who came into sight later.
    gone = np.bincount(np.searchsorted(times, t, "right"), n, len(times) + 1)
    risk = n.sum() - np.cumsum(gone)[:-1]
    if entry is not None:
        since = np.asarray(entry, dtype=float)
        late = np.bincount(np.searchsorted(times, since, "right"), n * (since > 0), len(times) + 1)
        risk -= n[since > 0].sum() - np.cumsum(late)[:-1]
    hazards = [each / np.maximum(risk, 1e-12) for each in ends]
    survival = np.cumprod(1 - np.minimum(hazards[0] + hazards[1], 1.0))
    before = np.concatenate([[1.0], survival[:-1]])
    advanced, lost = (np.cumsum(before * each) for each in hazards)
    return Incidence(times, advanced, lost, float(survival[-1]))
