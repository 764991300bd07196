"""The stage table: what entered and left each stage, how long visits took, and what lay there.

Counts are of events after the warm-up. Mean times are over the visits that began after it and have ended, those
turned away (`rejected`, `blocked`) left out; their parts wait + busy + paused + buyer + handoff + held add up to
``time_in_stage``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.records import (
    ADVANCED,
    BLOCKED,
    BURNED,
    CHURNED_IN_LINE,
    DROPPED,
    EXPIRED,
    MOVED,
    REJECTED,
    WON,
    Floats,
    Ints,
)

from ..estimates import Terms
from .ageing import deadlines, have_deadlines
from .chunks import parts
from .cohorts import cohort
from .indicators import COUNT, HOURS, SHARE, Indicator, mean, of_each, ratio
from .shared import shared
from .visit_sums import visit_sums
from .window import Codes, Mask, Window, is_lost

Arrays = tuple[Ints | Floats, ...]


def _entered(window: Window) -> Arrays:
    return (visit_sums(window).entered,)


def _advanced(outcome: Codes) -> Mask:
    return (outcome == ADVANCED) | (outcome == WON)


def _left(window: Window, how: Callable[[Codes], Mask]) -> Ints:
    """Per stage, the visits that ended in some way."""
    left = visit_sums(window).left
    return left[:, how(np.arange(left.shape[1]))].sum(axis=1)


def _leaving(how: Callable[[Codes], Mask]) -> Callable[[Window], Arrays]:
    """Visits that ended in some way."""
    return lambda window: (_left(window, how),)


def _as(code: int) -> Callable[[Window], Arrays]:
    return _leaving(lambda outcome: outcome == code)


def _conversion(window: Window) -> Arrays:
    """Per stage, the mass of the cohort that advances, and the cohort's size."""
    above, below = np.zeros(window.stages), np.zeros(window.stages, dtype=np.int64)
    for stage in range(window.stages):
        members = cohort(*_stays(window, stage))
        above[stage] = members.mass(_advanced(members.outcome))
        below[stage] = members.size
    return above, below


def _stays(window: Window, stage: int) -> tuple[Ints, NDArray[np.int16]]:
    """Of the visits to a stage that began: the time until they ended, and how; -1 if it was cut short."""
    times, outcomes = [], []
    for rows, visits in parts(window.visits):
        those = np.flatnonzero(window.began[rows] & (visits.stage == stage))
        outcome = visits.outcome[those]
        times.append(np.where(outcome >= 0, visits.left[those], window.end) - visits.entered[those])
        # Whether the stage would have succeeded with a customer who churned in it, nobody knows.
        outcomes.append(np.where(outcome == CHURNED_IN_LINE, -1, outcome).astype(np.int16))
    return np.concatenate(times), np.concatenate(outcomes)


def _conversion_period(window: Window) -> Arrays:
    turned_away_or_cut_short = (REJECTED, BLOCKED, CHURNED_IN_LINE)
    return (
        _left(window, _advanced),
        _left(window, lambda outcome: ~np.isin(outcome, turned_away_or_cut_short)),
    )


def _column(name: str) -> Callable[[Window], Arrays]:
    """The sum of a part of the finished visits, and their number."""
    return lambda window: (visit_sums(window).times[name], visit_sums(window).finished)


def _time_in_stage(window: Window) -> Arrays:
    return visit_sums(window).stay, visit_sums(window).finished


def _average(name: str) -> Callable[[Window], Arrays]:
    """The average of a series of stages over the time since the warm-up."""
    return lambda window: (window.area(getattr(window.records.series, name)) / window.length,)


def _queue_open(window: Window) -> Arrays:
    queue = np.zeros(window.stages)
    for waited, hours in zip(visit_sums(window).waited_open, window.team_hours.tolist(), strict=True):
        if hours:
            queue += waited / hours
    return (queue,)


@shared
def _served(window: Window) -> Arrays:
    """Per stage, visits with a deadline whose first touch began by it, and those of which one can say."""
    asked_of = have_deadlines(window)
    counts = np.zeros((2, window.stages), dtype=np.int64)
    for place, visits in parts(window.visits):
        rows = np.flatnonzero(window.began[place] & asked_of[visits.stage])
        if not len(rows):
            continue
        due, touched = deadlines(window, visits, rows), visits.first_touch[rows]
        asked = due < NEVER
        left = np.where(visits.outcome[rows] >= 0, visits.left[rows], window.end)
        good = asked & (touched >= 0) & (touched <= due)
        known = good | (asked & (due < np.where(touched >= 0, touched, left)))
        stage = visits.stage[rows]
        counts += [np.bincount(stage[which], minlength=window.stages) for which in (good, known)]
    return counts[0], counts[1]


def sla_terms(window: Window) -> Terms:
    """The same over all stages."""
    good, known = _served(window)
    return good.sum(), known.sum()


def _context(window: Window) -> Arrays:
    return visit_sums(window).context, visit_sums(window).finished


def _flow(name: str, terms: Callable[[Window], Arrays]) -> Indicator:
    return Indicator(name, "leads", terms, COUNT)


def _time(name: str, terms: Callable[[Window], Arrays] | None = None) -> Indicator:
    return Indicator(name, "h", terms or _column(name), HOURS)


_INDICATORS = (
    _flow("entered", _entered),
    _flow("advanced", _leaving(_advanced)),
    _flow("rejected", _as(REJECTED)),
    _flow("blocked", _as(BLOCKED)),
    _flow("dropped", _as(DROPPED)),
    _flow("expired", _as(EXPIRED)),
    _flow("burned", _as(BURNED)),
    _flow("churned", _as(CHURNED_IN_LINE)),
    _flow("lost", _leaving(is_lost)),
    _flow("moved", _as(MOVED)),
    Indicator("conversion", "share", _conversion, SHARE),
    Indicator("conversion_period", "share", _conversion_period, SHARE),
    _time("wait"),
    _time("work"),
    _time("busy"),
    _time("buyer"),
    _time("handoff"),
    _time("held"),
    _time("paused"),
    _time("time_in_stage", _time_in_stage),
    Indicator("wip", "leads", _average("wip"), mean()),
    Indicator("queue", "leads", _average("queue"), mean()),
    Indicator("queue_open", "leads", _queue_open, mean()),
    _time("wait_open"),
    Indicator("sla_attainment", "share", _served, SHARE),
    Indicator("context", "share", _context, ratio()),
)

STAGE_INDICATORS: tuple[Indicator, ...] = of_each("stage", _INDICATORS)
"""The columns of the stage table, in order."""
