"""The team table: people, how busy they are, and what waits for them."""

from __future__ import annotations

from functools import partial

import numpy as np

from funnelsim.model.records import Floats, Ints

from ..estimates import Terms
from .costs import staffed_by_team
from .indicators import HOURS, MONEY, MONTH, SHARE, Indicator, function, mean, of_each
from .journeys import won_visits
from .sales import quota_periods
from .visit_sums import visit_sums
from .window import Window, sums

Arrays = tuple[Ints | Floats, ...]


def _headcount(window: Window) -> Arrays:
    return (window.area(staffed_by_team(window)) / window.length,)


def _utilisation(window: Window) -> Arrays:
    return window.area(window.records.series.team_busy), window.area(window.records.series.team_open)


def _filler(window: Window) -> Arrays:
    return window.area(window.records.series.team_filler), window.area(window.records.series.team_open)


def _queue(window: Window) -> Arrays:
    return (window.area(window.records.series.team_queue) / window.length,)


def _queue_open(window: Window) -> Arrays:
    return window.area(window.records.series.team_queue_open), window.team_hours


def _wait(window: Window) -> Arrays:
    return window.area(window.records.waits.total), window.area(window.records.waits.number)


def _wait_open(window: Window) -> Arrays:
    return window.area(window.records.waits.total_open), window.area(window.records.waits.number)


def _missed(window: Window) -> Ints:
    """Care that fell due while an earlier touch still waited, by the team that touch waited for."""
    tasks = window.tasks
    care = np.flatnonzero((tasks.kind == 0) & (tasks.due > tasks.ready))
    ready, every = tasks.ready[care], (tasks.due - tasks.ready)[care]
    gone = window.customers.ended[tasks.customer[care]]
    until = np.where(gone >= 0, gone, window.end - 1)
    until = np.where(tasks.started[care] >= 0, tasks.started[care], until)
    before = np.maximum(window.start - 1 - ready, 0) // every
    return sums(tasks.team[care], np.maximum((until - ready) // every - before, 0), window.teams)


def _load(window: Window) -> Arrays:
    """Busy time, open time, waits that began or would have, and waits that ended with a touch."""
    series = window.records.series
    began = window.area(window.records.waits.number)
    growth = series.team_queue_last[-1] - window.at_start(series.team_queue_last)
    return (
        window.area(series.team_busy),
        window.area(series.team_open),
        began + _missed(window),
        began - growth - visit_sums(window).gave_up,
    )


def _offered(sums: Terms) -> float | None:
    """Load: (busy time / touches begun) x waits begun / open time."""
    busy, staffed, began, touched = sums
    if staffed <= 0 or touched <= 0:
        return None
    return busy / staffed * (began / touched)


def _queue_growth(window: Window) -> Arrays:
    """Least-squares slope of the daily averages of each team's queue, in leads per month."""
    first = window.first_bin
    edges = window.model.edges[first:]
    if len(edges) < 3:
        return ()
    width = np.diff(edges)
    middle = (edges[:-1] + edges[1:]) / (2 * MONTH)
    level = window.records.series.team_queue[first:] / width[:, None]
    away = middle - middle.mean()
    return ((away[:, None] * level).sum(axis=0) / (away * away).sum(),)


def _cycle_part(part: str, given: str, window: Window) -> Arrays:
    """A weighted part of the cycle of won leads by team, and their weighted cycle.

    What is done for the handoff to another team belongs to the team that gives.
    """
    rows, weight, cycle = won_visits(window)
    visits = window.visits
    before = getattr(visits, given)[rows]
    parts = np.zeros(window.teams)
    for team, times in ((visits.team[rows], getattr(visits, part)[rows] - before), (visits.giver[rows], before)):
        there = team >= 0
        np.add.at(parts, team[there], (weight * times)[there])
    return parts, np.full(window.teams, cycle)


def _quotas(window: Window) -> Arrays:
    """What each team booked in quota periods, and its quotas."""
    booked, quota = (np.zeros(window.teams, dtype=np.int64) for _ in range(2))
    for each in quota_periods(window):
        booked[each.team] += each.booked
        quota[each.team] += each.quota
    return booked, quota


def _quotas_met(window: Window) -> Arrays:
    met, number = (np.zeros(window.teams, dtype=np.int64) for _ in range(2))
    for each in quota_periods(window):
        met[each.team] += each.booked >= each.quota
        number[each.team] += 1
    return met, number


def _cost(window: Window) -> Arrays:
    costs = window.costs
    return ((costs.people + costs.commission)[window.first_bin :].sum(axis=0),)


_INDICATORS = (
    Indicator("headcount", "reps", _headcount, mean()),
    Indicator("utilisation", "share", _utilisation, SHARE),
    Indicator("filler", "share", _filler, SHARE),
    Indicator("queue", "leads", _queue, mean()),
    Indicator("queue_open", "leads", _queue_open, SHARE),
    Indicator("wait", "h", _wait, HOURS),
    Indicator("wait_open", "h", _wait_open, HOURS),
    Indicator("load", "share", _load, function(_offered)),
    Indicator("queue_growth", "leads/month", _queue_growth, mean()),
    Indicator("cycle_share", "share", partial(_cycle_part, "wait", "give_wait"), SHARE),
    Indicator("cycle_share_work", "share", partial(_cycle_part, "busy", "give_busy"), SHARE),
    Indicator("quota_attainment", "share", _quotas, SHARE),
    Indicator("quotas_met", "share", _quotas_met, SHARE),
    Indicator("cost", "{currency}", _cost, MONEY),
)

TEAM_INDICATORS: tuple[Indicator, ...] = of_each("team", _INDICATORS)
"""The columns of the team table, in order."""
