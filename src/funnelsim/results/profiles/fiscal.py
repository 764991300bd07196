"""What came in each fiscal month, quarter and year; what is there in part is told, and not compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.model.records import WON, Floats, Ints, Records
from funnelsim.scenario.forms.base import unknown

from ..estimates import Estimate, mean_of
from ..measures.indicators import CENTS, DAY
from ..measures.window import Window

LENGTHS = {"month": 1, "quarter": 3, "year": 12}
"""Months."""

FLOWS = ("created", "won", "bookings", "revenue", "cost", "contribution")
"""What is told of each period; those of money in the currency of the scenario."""

COUNTS = ("created", "won")


class Period(NamedTuple):
    """A fiscal period, as far as it lies in the time that counts."""

    number: int  # in its fiscal year, from 1 on
    begins: dt.date  # first day of the whole period
    ends: dt.date  # last day of it
    first: dt.date  # first day of it that counts
    last: dt.date  # last day of it that counts
    span: tuple[int, int]  # microseconds from the start

    @property
    def whole(self) -> bool:
        """Whether all of it counts."""
        return (self.first, self.last) == (self.begins, self.ends)

    @property
    def counts(self) -> int:
        """Days of it that count."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> int:
        """Days of the whole period."""
        return (self.ends - self.begins).days + 1


@dataclass(frozen=True)
class Fiscal:
    """The flows of each fiscal period in the time that counts.

    Parameters
    ----------
    length : str
        ``month``, ``quarter`` or ``year``.
    periods : tuple of Period
        In order of time.
    flows : dict
        By name the estimates over replications, one a period.
    """

    length: str
    periods: tuple[Period, ...]
    flows: dict[str, list[Estimate]]

    @property
    def whole(self) -> tuple[int, ...]:
        """The places of the periods that count wholly, which alone can be compared."""
        return tuple(at for at, period in enumerate(self.periods) if period.whole)


def periods_of(model: Model, length: str) -> tuple[Period, ...]:
    """The fiscal periods that the time that counts touches; the first and the last may be there in part.

    Raises
    ------
    FunnelsimError
        For another length.
    """
    if length not in LENGTHS:
        raise FunnelsimError(f"periods: {unknown('length', length, LENGTHS)}", code="E-name-unknown")
    months = LENGTHS[length]
    begin, end = _day(model, model.warmup), _day(model, model.horizon - 1)
    into = (begin.month - model.spec.fiscal_year) % 12 % months
    found, starts = [], _plus(begin.replace(day=1), -into)
    while starts <= end:
        after = _plus(starts, months)
        number = (starts.month - model.spec.fiscal_year) % 12 // months + 1
        span = max(_time(model, starts), model.warmup), min(_time(model, after), model.horizon)
        ends = after - dt.timedelta(days=1)
        found.append(Period(number, starts, ends, max(starts, begin), min(ends, end), span))
        starts = after
    return tuple(found)


def fiscal(records: Sequence[Records], model: Model, length: str) -> Fiscal:
    """What came in each fiscal period, over all replications."""
    periods = periods_of(model, length)
    edges = np.array([periods[0].span[0], *(period.span[1] for period in periods)], dtype=np.int64)
    each = [dict(_flows(Window(one, model), edges)) for one in records]
    units = {name: "leads" if name in COUNTS else model.spec.currency for name in FLOWS}
    flows = {
        name: [
            mean_of([float(one[name][at]) for one in each], units[name], 1 if name in COUNTS else CENTS)
            for at in range(len(periods))
        ]
        for name in FLOWS
    }
    return Fiscal(length, periods, flows)


def _flows(window: Window, edges: Ints) -> Iterator[tuple[str, Floats]]:
    leads = window.leads
    won = window.ended & (leads.outcome == WON)
    yield "created", _counted(leads.created[window.created], edges)
    yield "won", _counted(leads.ended[won], edges)
    yield "bookings", _counted(leads.ended[won], edges, leads.booked[won])
    bins = np.searchsorted(window.model.edges, edges)
    yield "revenue", _summed(window.revenue.earned, bins)
    yield "cost", _summed(window.costs.total, bins)
    yield "contribution", _summed(window.revenue.profit - window.costs.total, bins)


def _counted(times: Ints, edges: Ints, amounts: Ints | None = None) -> Floats:
    """How many of the times, or how much, lies from each edge to the next."""
    place = np.searchsorted(edges, times, side="right") - 1
    found = np.zeros(len(edges) - 1, dtype=np.int64)
    np.add.at(found, place, 1 if amounts is None else amounts)
    return found.astype(np.float64)


def _summed(values: Floats, bins: Ints) -> Floats:
    return np.array([values[first:last].sum() for first, last in pairwise(bins.tolist())])


def _day(model: Model, time: int) -> dt.date:
    return model.start + dt.timedelta(days=time // DAY)


def _time(model: Model, day: dt.date) -> int:
    return (day - model.start).days * DAY


def _plus(day: dt.date, months: int) -> dt.date:
    """The first of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)
