"""Deals won: which team won them, how they fill its quotas, and the commission they earn.

A deal counts for the team of the rep who did the last touch in the stage that booked it, as it does when reps
feel the pressure of a quota. Quota periods are calendar months from the scenario's start.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import count, pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import Floats, Ints
from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.language.moments import moment

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
    return Sales(lead, team, time, booked, _commission(window, team, time, booked))


def _commission(window: Window, teams: Ints, times: Ints, booked: Ints) -> Floats:
    """The commission that each deal earns, by what its team has booked in the quota period before."""
    model = window.model
    so_far: dict[tuple[int, int, int], int] = {}
    earned = np.zeros(len(teams))
    rows = zip(teams.tolist(), times.tolist(), booked.tolist(), window.period_at(times).tolist(), strict=True)
    for at, (team, time, amount, period) in enumerate(rows):
        if team < 0:
            continue
        prices, table = model.prices[period], model.periods[period][1].teams
        quota, months = int(table.quota[team]), int(table.quota_months[team])
        below = amount
        if quota > 0:
            key = (team, months, bisect_right(quota_edges(model, months), time))
            below = min(max(quota - so_far.get(key, 0), 0), amount)
            so_far[key] = so_far.get(key, 0) + amount
        earned[at] = prices.commission[team] * below + prices.above_quota[team] * (amount - below)
    return earned


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


def booked_between(window: Window, begin: int, end: int, team: int | None = None) -> int:
    """What was booked in a span of time, by one team or by all."""
    sales = window.sales
    rows = (sales.time >= begin) & (sales.time < end)
    if team is not None:
        rows &= sales.team == team
    return int(sales.booked[rows].sum())


def quota_periods(window: Window) -> Iterator[QuotaPeriod]:
    """Quota periods that lie wholly after the warm-up; a quota is that of the period's first day."""
    model = window.model
    for team in range(window.teams):
        for months in sorted({int(tables.teams.quota_months[team]) for _, tables in model.periods} - {0}):
            for begin, end in whole_periods(window, months):
                table = model.periods[int(window.period_at(np.array([begin]))[0])][1].teams
                if table.quota[team] > 0 and table.quota_months[team] == months:
                    quota, booked = int(table.quota[team]), booked_between(window, begin, end, team)
                    yield QuotaPeriod(team, begin, end, quota, booked)
