"""Revenue of one replication: who pays how much when, from the changes of recurring revenue.

With ``revenue: one_off`` nothing recurs, and revenue is what is booked, when it is booked.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import CHURNED, CONTRACTED, OPENING, Floats, Ints
from funnelsim.scenario.forms.quantities import MICROSECONDS

if TYPE_CHECKING:
    from .window import Window

YEAR = MICROSECONDS["y"]

NEVER_PAID = -2
"""When an invoice is paid that never is."""


class Revenue(NamedTuple):
    """Changes of recurring revenue, and revenue and gross profit over time."""

    signed: Ints  # of each change: hundredths a year, below 0 for contraction and churn
    earned: Floats  # [bins] hundredths
    profit: Floats  # [bins] gross profit, hundredths


def revenue_of(window: Window) -> Revenue:
    """The revenue of a replication."""
    moves, model = window.moves, window.model
    falls = (moves.kind == CONTRACTED) | (moves.kind == CHURNED)
    signed = np.where(falls, -moves.amount, moves.amount)
    margin = np.array([prices.gross_margin for prices in model.prices])[window.bin_periods]
    earned = recurring(moves.time, signed, model.edges)
    if model.spec.revenue == "one_off":
        sales = window.sales
        np.add.at(earned, bin_of(sales.time, model.edges), sales.booked.astype(np.float64))
    return Revenue(signed, earned, earned * margin)


def bin_of(times: Ints, edges: Ints) -> Ints:
    """The bins in which moments lie."""
    return np.searchsorted(edges, times, side="right") - 1


def recurring(times: Ints, signed: Ints, edges: Ints) -> Floats:
    """Hundredths earned in each bin, by changes of hundredths a year."""
    at, change = bin_of(times, edges), signed.astype(np.float64)
    level, earned = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
    np.add.at(level, at, change)
    before = np.cumsum(level) - level
    np.add.at(earned, at, change * (edges[at + 1] - times))
    return (earned + before * np.diff(edges)) / YEAR


def invoiced(window: Window) -> tuple[Ints, Ints]:
    """Customers that deals made, as rows, and the amount of their first invoice: what was booked."""
    rows = np.flatnonzero(window.customers.lead >= 0)
    return rows, window.leads.booked[window.customers.lead[rows]]


def arr_before(window: Window, moment: int) -> int:
    """Recurring revenue before what happens at a moment, in hundredths a year; customers of the start are in."""
    return int(window.revenue.signed[_before(window, moment)].sum())


def _before(window: Window, moment: int) -> np.ndarray:
    moves = window.moves
    return (moves.time < moment) | (moves.kind == OPENING)


def by_customer(window: Window, moment: int) -> tuple[Ints, Ints, Ints]:
    """Per customer: recurring revenue before a moment, and what was gained and lost from then on."""
    moves, signed = window.moves, window.revenue.signed
    before = _before(window, moment)
    columns = (before, ~before & (signed > 0), ~before & (signed < 0))
    out = []
    for rows in columns:
        sums = np.zeros(len(window.customers.since), dtype=np.int64)
        np.add.at(sums, moves.customer[rows], signed[rows])
        out.append(sums)
    return out[0], out[1], -out[2]


def year_before_end(model: Model) -> int:
    """The moment one calendar year before the horizon."""
    start = dt.datetime.combine(model.start, dt.time())
    end = start + dt.timedelta(microseconds=int(model.horizon))
    day = min(end.day, calendar.monthrange(end.year - 1, end.month)[1])
    return (end.replace(year=end.year - 1, day=day) - start) // dt.timedelta(microseconds=1)
