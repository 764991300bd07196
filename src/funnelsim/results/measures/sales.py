"""Deals won: which team won them, how they fill its quotas, and the commission they earn.

A deal counts for the team of the rep who did the last touch in the stage that booked it, as it does when reps
feel the pressure of a quota. Quota periods are calendar months from the scenario's start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import count, pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from funnelsim.model.model import Model, part_of_reps
from funnelsim.model.records import Floats, Ints
from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.moments import moment

from .shared import shared

if TYPE_CHECKING:
    from .window import Window

QUARTER = 3
"""Months."""


class Sales(NamedTuple):
    """Deals won over the whole run, in order of time."""

    lead: Ints
    team: Ints  # -1 where nobody worked in the stage that booked it
    time: Ints
    booked: Ints
    commission: Floats  # hundredths


class QuotaPeriod(NamedTuple):
    """A quota of one team, and what it booked."""

    team: int
    begin: int
    end: int
    quota: int  # hundredths
    booked: int


def sales_of(window: Window) -> Sales:
    """The deals won in a replication."""
    visits, leads = window.visits, window.leads
    rows = window.winning[np.argsort(visits.left[window.winning], kind="stable")]
    lead, team = visits.lead[rows], visits.team[rows]
    time, booked = leads.ended[lead], leads.booked[lead]
    # Where no team is made of others, each is one part.
    divided = len(window.model.tables.parts.team) > window.teams
    part = part_of_reps(window.records.reps, window.model)[visits.rep[rows]] if divided else team
    return Sales(lead, team, time, booked, _commission(window, team, part, time, booked))


def _commission(window: Window, teams: Ints, parts: Ints, times: Ints, booked: Ints) -> Floats:
    """The commission that each deal earns its rep, by what the team has booked in the quota period before."""
    if not (teams >= 0).any():
        return np.zeros(len(teams))
    model, periods = window.model, window.period_at(times)
    tables = [tables.teams for _, tables in model.periods]
    quota = np.array([table.quota for table in tables])[periods, teams]
    months = np.array([table.quota_months for table in tables])[periods, teams]
    plain = np.array([prices.commission for prices in model.prices])[periods, parts]
    above = np.array([prices.above_quota for prices in model.prices])[periods, parts]
    so_far = _so_far(model, teams, months, times, np.where(quota > 0, booked, 0))
    below = np.where(quota > 0, np.minimum(np.maximum(quota - so_far, 0), booked), booked)
    return np.where(teams >= 0, plain * below + above * (booked - below), 0.0)


def _so_far(model: Model, teams: Ints, months: Ints, times: Ints, amounts: Ints) -> Ints:
    """Of deals in order of time, what the team of each had booked in its quota period before."""
    found = np.zeros_like(amounts)
    if not amounts.any():
        return found
    period = np.zeros_like(times)
    for length in np.unique(months[amounts > 0]).tolist():
        those = months == length
        period[those] = np.searchsorted(quota_edges(model, length), times[those], side="right")
    order = np.lexsort((period, months, teams))  # stable, so that what is equal stays in order of time
    other = np.any([np.diff(column[order]) for column in (teams, months, period)], axis=0)
    first = np.maximum.accumulate(np.where(np.append(True, other), np.arange(len(order)), 0))
    before = np.cumsum(amounts[order]) - amounts[order]
    found[order] = before - before[first]
    return found


def quota_edges(model: Model, months: int) -> list[int]:
    """Beginnings of the periods of so many calendar months that begin within the run."""
    return _begins(model.start, model.horizon, months)


@cache
def _begins(start: dt.date, horizon: int, months: int) -> list[int]:
    begins = (moment(start, Duration(float(months * number), "mo")) for number in count())
    return list(takewhile(lambda begin: begin <= horizon, begins))


def whole_periods(window: Window, months: int) -> list[tuple[int, int]]:
    """Periods of so many calendar months that lie wholly after the warm-up."""
    edges = quota_edges(window.model, months)
    return [pair for pair in pairwise(edges) if pair[0] >= window.start]


@shared
def booked_before(window: Window, team: int | None = None) -> tuple[Ints, Ints]:
    """When deals were won, by one team or by all, and what was booked before each and in all."""
    times, booked = window.sales.time, window.sales.booked
    if team is not None:
        times, booked = (column[window.sales.team == team] for column in (times, booked))
    return times, np.concatenate([[0], np.cumsum(booked)])


def booked_between(window: Window, begin: int, end: int, team: int | None = None) -> int:
    """What was booked in a span of time, by one team or by all."""
    times, before = booked_before(window, team)
    first, last = np.searchsorted(times, (begin, max(begin, end))).tolist()
    return int(before[last] - before[first])


@shared
def quota_periods(window: Window) -> tuple[QuotaPeriod, ...]:
    """Quota periods that lie wholly after the warm-up; a quota is that of the period's first day."""
    return tuple(_quota_periods(window))


def _quota_periods(window: Window) -> Iterator[QuotaPeriod]:
    model = window.model
    for team in range(window.teams):
        for months in sorted({int(tables.teams.quota_months[team]) for _, tables in model.periods} - {0}):
            for begin, end in whole_periods(window, months):
                table = model.periods[int(window.period_at(np.array([begin]))[0])][1].teams
                if table.quota[team] > 0 and table.quota_months[team] == months:
                    quota, booked = int(table.quota[team]), booked_between(window, begin, end, team)
                    yield QuotaPeriod(team, begin, end, quota, booked)
