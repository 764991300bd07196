"""Stays in one stage, as what is known of the buyer's time in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...estimating import timeouts
from ...estimating.timeouts import Timeout
from ...history import LOST, OPEN, History
from .people import team_of_stage

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stays:
    """The visits of a stage.

    Parameters
    ----------
    rows : array of int
        Rows of `History.visits`.
    time : array of float
        Days of the buyer's time until the outcome, or until the end of the data.
    outcome : array of int
        1 advanced, 0 lost, -1 open or closed by a deadline.
    waits : array of float
        Days until the first touch, of those that were touched.
    gaps : array of float
        Days between two touches, on average in each visit with several.
    touches : float
        Mean number of touches of those that ended; 1 where it is not known.
    timeout : Timeout or None
        A deadline that was seen.
    struck : array of int
        Rows of `History.visits` that the deadline has ended.
    from_touch : bool
        Whether the buyer's time is counted from the last touch; else it has the waiting in it, as where no team is
        known that touches.
    """

    rows: Ints
    time: Floats
    outcome: Ints
    waits: Floats
    gaps: Floats
    touches: float
    timeout: Timeout | None
    struck: Ints
    from_touch: bool

    @property
    def ended(self) -> int:
        """How many have an outcome."""
        return int((self.outcome >= 0).sum())


SEVERAL = 1.05
"""Mean number of touches from which a stage has more than one."""
_KNOWN = 0.8
"""Share of closed visits with moments of touches from which these are used."""


def stays(history: History, stage: int) -> Stays:
    """The visits of a stage that began in the time looked at."""
    visits = history.visits
    rows = np.flatnonzero((visits.stage == stage) & (visits.entered >= history.start))
    entered, left = visits.entered[rows], visits.left[rows]
    first, last, touches = visits.first_touch[rows], visits.last_touch[rows], visits.touches[rows]
    outcome = np.where(np.isnan(left), OPEN, visits.outcome[rows])
    end = np.where(np.isnan(left), history.as_of, left)
    closed = outcome != OPEN
    dates = bool({"entered", "left"} & history.date_only)
    timeout = timeouts.find(end - entered, outcome == LOST, dates)
    struck = np.zeros(len(rows), bool)
    if timeout is not None:
        struck = (outcome == LOST) & (end - entered > timeout.after - (1.0 if dates else 0.05))
        outcome = np.where(struck, OPEN, outcome)
    worked = history.level >= 2 and bool(team_of_stage(history, stage))
    touched = ~np.isnan(last)
    from_touch = worked and bool(closed.any()) and float(touched[closed].mean()) >= _KNOWN
    kept = touched if from_touch else np.ones(len(rows), bool)
    time = np.where(from_touch, end - np.where(touched, last, entered), end - entered)
    several = touched & (touches > 1) & closed
    spans = (last - first)[several] / (touches[several] - 1)
    known = closed & (touches > 0) & worked
    return Stays(
        rows[kept],
        np.maximum(time[kept], 0.0),
        outcome[kept],
        np.maximum((first - entered)[~np.isnan(first)], 0.0),
        np.maximum(spans, 0.0),
        float(touches[known].mean()) if known.any() else 1.0,
        timeout,
        rows[struck],
        from_touch,
    )
