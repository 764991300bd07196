"""What waiting takes off the chance of a lead, and deadlines that passed, from visits and the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.records import EXPIRED, Floats, Ints, Visits
from funnelsim.model.rules.arrays import decay_factors
from funnelsim.model.tables.tables import Tables
from funnelsim.model.time.calendars import finish

from .chunks import parts
from .exact import fsum

if TYPE_CHECKING:
    from .window import Mask, Window

BUSINESS_DAYS = 2
"""Code of the unit ``bd`` in the table of distributions."""


def cells(window: Window, visits: Visits, rows: Ints) -> Ints:
    """Where the values of visits, some rows of a table, stand in the table of stages."""
    return visits.stage[rows] * window.model.tables.kinds.kinds + window.kinds[visits.lead[rows]]


def kept(window: Window, visits: Visits, rows: Ints, waited: Ints) -> Floats:
    """The share of the chance that is left to visits after seller-side waiting; 1 where nothing decays."""
    share = np.ones(len(rows))
    where, periods = cells(window, visits, rows), window.period_at(visits.entered[rows])
    for number in np.unique(periods).tolist():
        S = window.model.periods[number][1].stages  # noqa: N806  # the table of stages
        now = np.flatnonzero(periods == number)
        cell = where[now]
        law = (S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell])
        share[now] = decay_factors(*law, waited[now])
    return share


def ages(window: Window) -> bool:
    """Whether leads age in any stage."""
    return any(bool((np.asarray(tables.stages.decay) > 0).any()) for _, tables in window.model.periods)


def need_lost_of(window: Window) -> float:
    """The value that seller-side waiting took off leads ended or still open; of those that expired, all of it.

    Open leads count, because whoever leaves leads lying would otherwise show no need that aged.
    """
    leads = window.leads
    counted = window.ended | (leads.outcome < 0)
    left = np.where(leads.outcome == EXPIRED, 0.0, 1.0)  # of each lead's chance
    if ages(window):
        ended = leads.ended
        for _, visits in parts(window.visits):
            over = (visits.outcome >= 0) & (visits.left <= ended[visits.lead])
            rows = np.flatnonzero(counted[visits.lead] & (over | (ended[visits.lead] < 0)))
            waited = (visits.wait + visits.handoff + visits.held)[rows]
            np.multiply.at(left, visits.lead[rows], kept(window, visits, rows, waited))
    lost = leads.value * (1.0 - left)
    return fsum(lost[counted])


def have_deadlines(window: Window) -> Mask:
    """Stages with an ``sla`` for any lead in any period."""
    asked = [np.asarray(tables.stages.sla).reshape(window.stages, -1) >= 0 for _, tables in window.model.periods]
    return np.any(asked, axis=(0, 2))


def deadlines(window: Window, visits: Visits, rows: Ints) -> Ints:
    """By when visits are to have their first touch; `NEVER` where there is no ``sla``."""
    due = np.full(len(rows), NEVER)
    entered = visits.entered[rows]
    where, periods = cells(window, visits, rows), window.period_at(entered)
    for number in np.unique(periods).tolist():
        tables = window.model.periods[number][1]
        asked = np.flatnonzero((periods == number) & (np.asarray(tables.stages.sla)[where] >= 0))
        for at in asked.tolist():
            due[at] = _deadline(tables, int(where[at]), int(entered[at]))
    return due


def _deadline(tables: Tables, cell: int, start: int) -> int:
    row = tables.stages.sla[cell]
    amount = tables.dists.a[row]
    if tables.dists.unit[row] != BUSINESS_DAYS:
        return start + round_us(amount)
    calendar = int(tables.stages.calendar[cell])
    return int(finish(tables.calendars, calendar, start, round_us(amount * tables.calendars.day_hours[calendar])))
