"""How good forecasts are that were given as ensembles: of one outcome each, and over many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MOST_WIDENED = 3.0
"""Above this, ranges are not widened further, and it is said that even that would not do."""

ENOUGH_WINDOWS = 19
"""Disjoint windows from which the 95 % range can be widened to hold 95 of 100 (Wilks 1941)."""


def crps(ensemble: ArrayLike, outcome: float) -> float:
    """Continuous ranked probability score of an ensemble, in the unit of the outcome; less is better.

    The fair form, whose pairs are divided by m (m - 1), so that ensembles of different sizes compare; that of a
    single member is its absolute error (Gneiting & Raftery 2007; Ferro 2014).

    Parameters
    ----------
    ensemble : array of float, shape (m,)
        The forecast.
    outcome : float
        What came.
    """
    members = np.sort(np.asarray(ensemble, dtype=float))
    m = len(members)
    error = float(np.abs(members - outcome).mean())
    if m < 2:
        return error
    pairs = float(((2 * np.arange(1, m + 1) - m - 1) * members).sum())  # the sum of differences of all pairs
    return error - pairs / (m * (m - 1))


def quantile(ensemble: ArrayLike, share: float) -> float:
    """The quantile of an ensemble at the position (m + 1) p, linear between members, its ends beyond."""
    return float(np.quantile(np.asarray(ensemble, dtype=float), share, method="weibull"))


def bounds(ensemble: ArrayLike, level: float) -> tuple[float, float]:
    """The central range that holds ``level`` of the ensemble."""
    return quantile(ensemble, (1 - level) / 2), quantile(ensemble, (1 + level) / 2)


def pit(ensemble: ArrayLike, outcome: float) -> float:
    """The share of the ensemble below what came, ties halved: uniform on [0, 1] if the forecast is right."""
    members = np.asarray(ensemble, dtype=float)
    return float((members < outcome).mean() + (members == outcome).mean() / 2)


@dataclass(frozen=True)
class Score:
    """One method over all cuts, for one KPI and one horizon.

    Parameters
    ----------
    crps : float
        Mean over the cuts, in the unit of the KPI.
    coverage80, coverage95 : float
        Shares of the cuts whose outcome lay in the 80 and the 95 % range.
    bias : float
        Sum of the means of the forecasts over the sum of what came, less 1; nan where nothing came.
    mape : float
        Mean absolute error of the medians as a share of what came, over cuts where something came.
    n : int
        Cuts.
    windows : int
        Of them so many do not overlap.
    pits : tuple of float
        `pit` by cut.
    """

    crps: float
    coverage80: float
    coverage95: float
    bias: float
    mape: float
    n: int
    windows: int
    pits: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """For programs; what does not exist is None."""
        figures = {name: getattr(self, name) for name in ("crps", "coverage80", "coverage95", "bias", "mape")}
        return {
            **{name: None if math.isnan(value) else value for name, value in figures.items()},
            "n": self.n,
            "windows": self.windows,
            "pit": list(self.pits),
        }


def score(
    ensembles: Sequence[ArrayLike], outcomes: Sequence[float], cuts: Sequence[float], length: float
) -> Score:
    """The score of one method over its cuts.

    Parameters
    ----------
    ensembles : sequence of arrays
        The forecast at each cut.
    outcomes : sequence of float
        What came within ``length`` days of each cut.
    cuts : sequence of float
        Days.
    length : float
        The horizon in days.
    """
    came = np.asarray(outcomes, dtype=float)
    means = np.array([float(np.mean(np.asarray(each, dtype=float))) for each in ensembles])
    medians = np.array([quantile(each, 0.5) for each in ensembles])
    some = came > 0
    off = np.abs(medians - came)[some] / came[some]
    return Score(
        float(np.mean([crps(*each) for each in zip(ensembles, came, strict=True)])),
        _covered(ensembles, came, 0.80),
        _covered(ensembles, came, 0.95),
        float(means.sum() / came.sum() - 1) if came.sum() > 0 else math.nan,
        float(off.mean()) if some.any() else math.nan,
        len(came),
        len(disjoint(cuts, length)),
        tuple(pit(*each) for each in zip(ensembles, came, strict=True)),
    )


def _covered(ensembles: Sequence[ArrayLike], came: Floats, level: float) -> float:
    ranges = [bounds(each, level) for each in ensembles]
    return float(np.mean([low <= one <= high for (low, high), one in zip(ranges, came, strict=True)]))


def disjoint(cuts: Sequence[float], length: float) -> list[int]:
    """Which cuts have windows of that length that do not overlap, taken greedily from the last one back."""
    kept: list[int] = []
    for index in sorted(range(len(cuts)), key=lambda i: -cuts[i]):
        if not kept or cuts[index] + length <= cuts[kept[-1]] + 1e-9:
            kept.append(index)
    return kept[::-1]


@dataclass(frozen=True)
class Widening:
    """By which factor 95 % ranges must be widened about their median to hold what came.

    Parameters
    ----------
    factor : float
        At least 1, at most 3.
    level : float
        The share of further outcomes that ranges so widened hold at least: .95, or less with few windows.
    windows : int
        Disjoint windows it rests on.
    enough : bool
        False where even three times the width would not have held what came.
    """

    factor: float
    level: float
    windows: int
    enough: bool

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"factor": self.factor, "level": self.level, "windows": self.windows, "enough": self.enough}


def widening(
    ensembles: Sequence[ArrayLike], outcomes: Sequence[float], cuts: Sequence[float], length: float
) -> Widening | None:
    """The widening that the disjoint windows ask for; None without a window.

    r is the distance of what came from the median over half the 95 % range on that side. Of n windows the factor
    is the ⌈.95 (n + 1)⌉-th smallest r, or the largest where there are fewer than 19, which holds n / (n + 1) of
    further outcomes (split conformal prediction; Vovk, Gammerman & Shafer 2005).
    """
    chosen = disjoint(cuts, length)
    if not chosen:
        return None
    off = sorted(_distance(ensembles[index], outcomes[index]) for index in chosen)
    n = len(off)
    position = math.ceil(0.95 * (n + 1))
    needed = off[min(position, n) - 1]
    level = 0.95 if position <= n else n / (n + 1)
    return Widening(min(max(1.0, needed), MOST_WIDENED), level, n, needed <= MOST_WIDENED)


def _distance(ensemble: ArrayLike, outcome: float) -> float:
    middle = quantile(ensemble, 0.5)
    low, high = bounds(ensemble, 0.95)
    half = high - middle if outcome >= middle else middle - low
    off = abs(outcome - middle)
    if half > 0:
        return off / half
    return 0.0 if off == 0 else math.inf


def widened(ensemble: ArrayLike, factor: float) -> Floats:
    """An ensemble stretched about its median, cut off at 0."""
    members = np.asarray(ensemble, dtype=float)
    middle = quantile(members, 0.5)
    stretched: Floats = np.maximum(middle + factor * (members - middle), 0)
    return stretched
