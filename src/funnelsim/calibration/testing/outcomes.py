"""What came within a time of a day: in a history, and in each run of a scenario that begins on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.records import NEW, WON, Leads

from ..history import WON as SOLD
from ..history import History
from .naive import Flow

Floats = NDArray[np.float64]

DAY = 86_400e6
"""Microseconds."""

KPIS = ("won", "bookings", "created", "open", "cycle_time")
"""What is tested: wins, their value, new deals, deals open at the end, and mean days from creation to the win."""

FLOWS = ("won", "bookings", "created")
"""Those that happen at moments and add up, which methods without a line can tell as well."""


def came(history: History, kpi: str, day: float, length: float) -> float:
    """What was recorded within so many days of a day; nan for a mean of nothing."""
    deals, end = history.deals, day + length
    sold = (deals.outcome == SOLD) & (deals.closed >= day) & (deals.closed < end)
    if kpi == "won":
        return float(sold.sum())
    if kpi == "bookings":
        return float(np.nansum(deals.amount[sold]))
    if kpi == "created":
        return float(((deals.created >= day) & (deals.created < end)).sum())
    if kpi == "open":
        return float(((deals.created < end) & ~(deals.closed < end)).sum())
    return _mean((deals.closed - deals.created)[sold])


def told(leads: Leads, kpi: str, length: float) -> float:
    """The same of one run, whose days begin with the forecast."""
    end = length * DAY
    new = leads.origin == NEW
    sold = new & (leads.outcome == WON) & (leads.ended >= 0) & (leads.ended < end)
    if kpi == "won":
        return float(sold.sum())
    if kpi == "bookings":
        return float(leads.booked[sold].sum()) / 100
    if kpi == "created":
        return float((new & (leads.created >= 0) & (leads.opening == 0) & (leads.created < end)).sum())
    if kpi == "open":
        return float((new & (leads.created < end) & ((leads.ended < 0) | (leads.ended >= end))).sum())
    return _mean((leads.ended - leads.created)[sold] / DAY)


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def flow(history: History, kpi: str) -> Flow:
    """The moments and amounts of a flow up to the end of a history."""
    deals = history.deals
    if kpi == "created":
        moments = deals.created
        amounts = np.ones(len(moments))
    else:
        sold = deals.outcome == SOLD
        moments = deals.closed[sold]
        amounts = np.nan_to_num(deals.amount[sold]) if kpi == "bookings" else np.ones(len(moments))
    kept = (moments >= history.start) & (moments < history.as_of)
    return Flow(moments[kept], amounts[kept], history.start, history.as_of)


def pipeline_of(history: History, kpi: str, length: float) -> tuple[Floats, Floats, float]:
    """Chances and amounts of open deals, and what deals bring that are created and won within the length.

    The chance of a deal is the share won of the closed deals that had been in its stage; a deal without an amount
    has the mean of the others.
    """
    deals, visits = history.deals, history.visits
    closed = ~np.isnan(deals.closed)
    stage_chance = np.zeros(len(history.stages))
    for stage in range(len(history.stages)):
        been = np.unique(visits.deal[visits.stage == stage])
        ended = been[closed[been]]
        stage_chance[stage] = float((deals.outcome[ended] == SOLD).mean()) if len(ended) else 0.0
    rows = np.flatnonzero(np.isnan(visits.left))
    amounts = np.ones(len(rows))
    each = np.ones(len(deals))
    if kpi == "bookings":
        known = np.nanmean(deals.amount) if (~np.isnan(deals.amount)).any() else 0.0
        each = np.where(np.isnan(deals.amount), known, deals.amount)
        amounts = each[visits.deal[rows]]
    quick = (deals.outcome == SOLD) & (deals.closed - deals.created < length) & (deals.created >= history.start)
    windows = (history.as_of - history.start) / length
    # Of deals that are created evenly over the window a share is won before its end: those with room for it.
    room = 1 - (deals.closed - deals.created)[quick] / length
    run_rate = float((each[quick] * room).sum() / windows) if windows > 0 else 0.0
    return stage_chance[visits.stage[rows]], amounts, run_rate
