"""Courses over time: what waits, what is in the line, how busy teams are, and what is booked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import Ints, Records

from ..measures.indicators import CENTS, DAY
from ..measures.sales import booked_between, quota_edges
from ..measures.window import Window
from .spread import Row, Spread, of_windows

WEEK = 7 * DAY


class Course(NamedTuple):
    """One thing over time.

    Parameters
    ----------
    names : tuple of str
        Of what: teams, or nothing for the whole line.
    days : array
        Days since the start of the scenario: the middle of each week, or the moments.
    spread : Spread
        Shape (times, names).
    """

    names: tuple[str, ...]
    days: Row
    spread: Spread


def queues(records: Sequence[Records], model: Model) -> Course:
    """Leads and customer work that wait for each team, averaged by week."""
    return _weekly(records, model, "team_queue", model.team_labels)


def in_line(records: Sequence[Records], model: Model) -> Course:
    """Leads in the whole line, those of them that wait for a rep first, averaged by week."""

    def measure(window: Window) -> Row:
        series = window.records.series
        whole = np.stack([series.queue.sum(axis=1), series.wip.sum(axis=1)], axis=1)
        return _by_week(model, whole) / _widths(model)[:, None]

    return Course(("queue", "wip"), _middles(model), of_windows(records, model, measure))


def utilisation(records: Sequence[Records], model: Model) -> Course:
    """The share of their open hours that teams were busy with leads and customers, by week."""

    def measure(window: Window) -> Row:
        series = window.records.series
        busy, there = (_by_week(model, column) for column in (series.team_busy, series.team_open))
        return np.divide(busy, there, out=np.full(busy.shape, np.nan), where=there > 0)

    return Course(model.team_labels, _middles(model), of_windows(records, model, measure))


def bookings(records: Sequence[Records], model: Model) -> tuple[Course, Row | None]:
    """What was booked since the warm-up, at the end of each month, and the quotas until then; None without any."""
    ends = _month_ends(model)

    def measure(window: Window) -> Row:
        booked = [booked_between(window, window.start, end) / CENTS for end in ends.tolist()]
        return np.array(booked, dtype=np.float64)[:, None]

    asked = np.diff(ends) * [_quota_rate(model, begin) for begin in ends[:-1].tolist()] / CENTS
    quota = np.concatenate([[0.0], np.cumsum(asked)])
    return Course((), ends / DAY, of_windows(records, model, measure)), quota if quota.any() else None


def _quota_rate(model: Model, moment: int) -> float:
    """What all quotas together ask for from a moment on, per microsecond, in hundredths."""
    tables = next(tables for start, tables in reversed(model.periods) if start <= moment)
    teams = tables.teams
    those = np.flatnonzero((teams.quota > 0) & (teams.quota_months > 0))
    edges = quota_edges(model, 1)
    at = max(0, int(np.searchsorted(edges, moment, side="right")) - 1)
    length = edges[at + 1] - edges[at] if at + 1 < len(edges) else 30.4375 * DAY
    return float((teams.quota[those] / teams.quota_months[those]).sum() / length)


def _month_ends(model: Model) -> Ints:
    """The end of the warm-up, the beginnings of calendar months after it, and the horizon."""
    between = [edge for edge in quota_edges(model, 1) if model.warmup < edge < model.horizon]
    return np.array([model.warmup, *between, model.horizon], dtype=np.int64)


def _weekly(records: Sequence[Records], model: Model, column: str, names: tuple[str, ...]) -> Course:
    def measure(window: Window) -> Row:
        return _by_week(model, getattr(window.records.series, column)) / _widths(model)[:, None]

    return Course(names, _middles(model), of_windows(records, model, measure))


def _weeks(model: Model) -> tuple[int, Ints]:
    """The first bin after the warm-up, and the weeks of the bins from there on, without a last one of few days."""
    first = int(np.searchsorted(model.edges, model.warmup))
    week = (model.edges[first:-1] - model.warmup) // WEEK
    if week[-1] > 0 and model.horizon - model.warmup - week[-1] * WEEK < WEEK // 2:
        week = week[week < week[-1]]
    return first, week


def _by_week(model: Model, bins: Ints) -> Row:
    """Sums over weeks of what bins have."""
    first, week = _weeks(model)
    found = np.zeros((int(week[-1]) + 1, *bins.shape[1:]))
    np.add.at(found, week, bins[first : first + len(week)])
    return found


def _widths(model: Model) -> Row:
    return _by_week(model, np.diff(model.edges))


def _middles(model: Model) -> Row:
    """The middle of each week in days."""
    widths = _widths(model) / DAY
    return model.warmup / DAY + np.cumsum(widths) - widths / 2
