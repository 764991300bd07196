"""How long the line takes to fill: a suggestion for the warm-up, and the curves to judge it by.

MSER-5 (White, Cobb and Spratt 2000, A comparison of five steady-state truncation heuristics for simulation, Winter
Simulation Conference): averages of five observations each; that many of them are cut off at the beginning which
leave the mean of the rest known best, by the sum of squares of the rest over the square of their number. Cuts are
looked for in the first half, since few averages that happen to be alike at the end score too well; a best cut at
the middle says that the run is too short to tell (Hoad and Robinson 2011, Implementing MSER-5 in commercial
simulation software, Winter Simulation Conference). Welch (1983, in: The Computer Performance Modeling Handbook):
the average over replications, smoothed by a moving average, is looked at for where it becomes level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.arguments import checked
from funnelsim.errors import ArgumentError, FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results.measures.indicators import DAY
from funnelsim.results.shown import Pictured, paragraphs
from funnelsim.results.stamp import Stamp

if TYPE_CHECKING:
    from funnelsim.results.result import Result

FEW = 3
"""Replications below which nothing is suggested."""

BATCH = 5
"""Observations in one average of MSER-5."""

FEWEST = 10
"""Averages that a series must have."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """Where MSER cuts a series.

    Parameters
    ----------
    at : int or None
        Observations to cut off; None where the series is too short to tell.
    batch : int
        Observations in one average.
    scores : ndarray
        By averages cut off, the squared standard error of the mean of the rest; the smallest decides.
    """

    at: int | None
    batch: int
    scores: Floats


def mser(series: Sequence[float] | Floats, batch: int = BATCH) -> Cut:
    """Cut a series where the mean of the rest is known best.

    Parameters
    ----------
    series : sequence of float
        Observations at equal distances.
    batch : int
        Observations in one average; what is left over at the end is not used.

    Raises
    ------
    FunnelsimError
        If the series has fewer than ten averages.
    """
    if batch < 1:
        raise ArgumentError(f"`batch` must be at least 1, but got {batch}", code="E-argument-value")
    number = len(series) // batch
    if number < FEWEST:
        raise FunnelsimError(
            f"MSER-{batch} needs at least {FEWEST * batch} observations, but got {len(series)}; a longer horizon "
            "gives more",
            code="E-series-short",
        )
    averages = np.asarray(series, dtype=np.float64)[: number * batch].reshape(number, batch).mean(axis=1)
    rests = [averages[cut:] - averages[cut:].mean() for cut in range(number // 2 + 1)]
    scores = np.array([float(rest @ rest) / len(rest) ** 2 for rest in rests])
    cut = int(scores.argmin())
    return Cut(cut * batch if cut < number // 2 else None, batch, scores)


def welch(replications: Floats, window: int) -> Floats:
    """The average over replications, smoothed by a moving average.

    Parameters
    ----------
    replications : ndarray
        One row per replication.
    window : int
        Observations to either side; at the beginning as many as there are before, so that the curve starts where
        the runs do. The last ``window`` observations have no value.
    """
    mean = np.asarray(replications, dtype=np.float64).mean(axis=0)
    reach = [min(at, window) for at in range(max(0, len(mean) - window))]
    return np.array([mean[at - side : at + side + 1].mean() for at, side in enumerate(reach)])


@dataclass(frozen=True)
class WarmUp(Pictured):
    """A suggestion for the warm-up.

    Parameters
    ----------
    series : str
        What was looked at.
    days : ndarray
        Daily averages, one row per replication.
    cut : Cut
        Where MSER cuts the average over replications.
    given : float
        The scenario's own warm-up in days.
    stamp : Stamp
        What made it.
    """

    series: str
    days: Floats
    cut: Cut
    given: float
    stamp: Stamp

    @property
    def suggestion(self) -> int | None:
        """Days to leave out; None where the run is too short, or replications are too few, to tell."""
        return self.cut.at if len(self.days) >= FEW else None

    @property
    def verdict(self) -> str:
        """The suggestion in plain words."""
        return str(self._view("verdict")(self))

    def welch(self, window: int | None = None) -> Floats:
        """Welch's curve; the window is a twentieth of the run by default."""
        return welch(self.days, self.window if window is None else window)

    @property
    def window(self) -> int:
        """Days to either side in Welch's curve."""
        return max(1, self.days.shape[1] // 20)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document; the series is the average over replications, day by day."""
        return {
            **self.stamp.to_dict(),
            "series": self.series,
            "unit": "d",
            "suggestion": self.suggestion,
            "given": self.given,
            "verdict": self.verdict,
            "batch": self.cut.batch,
            "replications": len(self.days),
            "by_day": self.days.mean(axis=0).tolist(),
        }

    def _said(self) -> str:
        return paragraphs(self.verdict, str(self.stamp))

    def _figures(self) -> str:
        return ""

    def __repr__(self) -> str:
        return f"<WarmUp: {self.verdict} {self.stamp}>"


@checked
def suggest_warmup(result: Result, batch: int = BATCH) -> WarmUp:
    """Suggest a warm-up from the leads in the line, day by day.

    Parameters
    ----------
    result : Result
        Some replications; their average is less noisy than any of them. The time before the scenario's own warm-up
        is looked at as well.
    batch : int
        Days in one average. With weekly calendars 7 keeps weekends from looking like noise.

    Returns
    -------
    WarmUp
        The suggestion, with its pictures.

    Raises
    ------
    FunnelsimError
        If the run has fewer than ten batches of days.
    """
    days = np.array([_leads_by_day(each, result.model) for each in result.replicates])
    return WarmUp(
        "leads in the line", days, mser(days.mean(axis=0), batch), result.model.warmup / DAY, result.stamp
    )


def _leads_by_day(records: Records, model: Model) -> Floats:
    """Leads in all stages, averaged over each whole day."""
    day = model.edges[:-1] // DAY  # the end of the warm-up may divide a day into two bins
    areas = np.bincount(day, weights=records.series.wip.sum(axis=1).astype(np.float64))
    return areas[: model.horizon // DAY] / DAY
