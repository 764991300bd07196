"""Calendars as sorted open intervals, and the questions that engines ask of them.

A compiled calendar is a row of half-open intervals [open, close) in whole microseconds from the start of the
scenario, with the open time before each, so that every answer is a binary search. Touching intervals are
merged; a calendar that never closes has one endless interval, whatever way it was written. Rows reach two
years beyond the horizon, so that deadlines past it stand in the same order when it moves, and two years back,
for opening leads that entered before the start.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from funnelsim.scenario.forms.quantities import MICROSECONDS, Days, spans
from funnelsim.scenario.language.types import Calendar

from ..numbers.columns import NEVER, Ints

DAY = MICROSECONDS["d"]
MINUTE = MICROSECONDS["min"]

_LONG_AGO = -(2**60)
_MARGIN = 731 * DAY
_WEEK_MINUTES = 7 * 1440


class CalendarTable(NamedTuple):
    """Compiled calendars: row r holds the intervals ``offset[r]`` to ``offset[r + 1]``.

    ``before`` is the open time of the row before each interval. ``day_hours`` is one business day of each
    row: the mean open microseconds of a day that opens at all, over the week, holidays aside.
    """

    opens: Ints
    closes: Ints
    before: Ints
    offset: Ints
    day_hours: Ints


class OpenTimes(NamedTuple):
    """The open intervals of one calendar, sorted and merged, and the length of its business day."""

    opens: np.ndarray
    closes: np.ndarray
    day: int


# --- rules --------------------------------------------------------------------------------


def is_open(calendars: CalendarTable, row: int, t: int) -> bool:
    """Whether the calendar is open at ``t``; at the moment of closing it is not."""
    at = _last_opening(calendars, row, t)
    return bool(at >= calendars.offset[row] and t < calendars.closes[at])


def next_open(calendars: CalendarTable, row: int, t: int) -> int:
    """The first open moment at or after ``t``, or `NEVER`."""
    at = _last_opening(calendars, row, t)
    if at >= calendars.offset[row] and t < calendars.closes[at]:
        return t
    if at + 1 < calendars.offset[row + 1]:
        return calendars.opens[at + 1]
    return NEVER


def closes_at(calendars: CalendarTable, row: int, t: int) -> int:
    """When the interval that is open at ``t`` closes, `NEVER` for an endless one; ``t`` itself if closed."""
    at = _last_opening(calendars, row, t)
    if at >= calendars.offset[row] and t < calendars.closes[at]:
        return calendars.closes[at]
    return t


def finish(calendars: CalendarTable, row: int, t: int, work: int) -> int:
    """When ``work`` microseconds of open time after ``t`` are done, or `NEVER`.

    Work that just fits ends at closing. No work at all is done at once, or at the next opening.
    """
    if work <= 0:
        return next_open(calendars, row, t)
    target = _open_before(calendars, row, t) + work
    low = calendars.offset[row]
    high = calendars.offset[row + 1]
    while low < high:  # the last interval that begins with less than the target done
        middle = (low + high) // 2
        if calendars.before[middle] < target:
            low = middle + 1
        else:
            high = middle
    at = low - 1
    if at < calendars.offset[row]:
        return NEVER
    end = calendars.opens[at] + (target - calendars.before[at])
    return end if end <= calendars.closes[at] else NEVER


def open_between(calendars: CalendarTable, row: int, t0: int, t1: int) -> int:
    """Open microseconds from ``t0`` to ``t1``; 0 if ``t1`` is not later."""
    if t1 <= t0:
        return 0
    return _open_before(calendars, row, t1) - _open_before(calendars, row, t0)


def finish_common(calendars: CalendarTable, a: int, b: int, t: int, work: int) -> int:
    """When ``work`` microseconds in which both calendars are open are done after ``t``, or `NEVER`."""
    if a == b:
        return finish(calendars, a, t, work)
    while True:
        t = next_open(calendars, b, next_open(calendars, a, t))
        if t >= NEVER:
            return NEVER
        until = min(closes_at(calendars, a, t), closes_at(calendars, b, t))
        if until <= t:  # only b is open
            continue
        if work <= until - t:
            return t + work
        work -= until - t
        t = until


def open_common(calendars: CalendarTable, a: int, b: int, t0: int, t1: int) -> int:
    """Microseconds from ``t0`` to ``t1`` in which both calendars are open."""
    if a == b:
        return open_between(calendars, a, t0, t1)
    total = 0
    while t0 < t1:
        t0 = next_open(calendars, b, next_open(calendars, a, t0))
        until = min(closes_at(calendars, a, t0), closes_at(calendars, b, t0), t1)
        if t0 >= t1:
            break
        if until > t0:
            total += until - t0
            t0 = until
    return total


def _last_opening(calendars: CalendarTable, row: int, t: int) -> int:
    """Index of the last interval that opens at or before ``t``; or the one before the row."""
    low = calendars.offset[row]
    high = calendars.offset[row + 1]
    while low < high:
        middle = (low + high) // 2
        if calendars.opens[middle] <= t:
            low = middle + 1
        else:
            high = middle
    return low - 1


def _open_before(calendars: CalendarTable, row: int, t: int) -> int:
    at = _last_opening(calendars, row, t)
    if at < calendars.offset[row]:
        return 0
    until = calendars.closes[at]
    return calendars.before[at] + ((t if t < until else until) - calendars.opens[at])


# --- compiling --------------------------------------------------------------------------------


def compile_calendars(calendars: Sequence[Calendar | None], start: dt.date, horizon: int) -> CalendarTable:
    """The table of some calendars, one row each in the same order; None stands for `always`.

    Parameters
    ----------
    calendars : sequence of Calendar or None
        As written.
    start : datetime.date
        The day whose first moment is time 0.
    horizon : int
        End of the run in microseconds; the table goes on for two years.

    Raises
    ------
    ValueError
        If a calendar never opens, or the country of its holidays is unknown.
    """
    return _table([open_times(Calendar() if c is None else c, start, horizon) for c in calendars])


def days_off(days: Iterable[Days], start: dt.date, horizon: int) -> list[tuple[int, int]]:
    """Days off as spans [from, to) in microseconds, as far as the tables of `compile_calendars` reach."""
    begin, end = start - dt.timedelta(_MARGIN // DAY), start + dt.timedelta((horizon + _MARGIN) // DAY + 1)
    return [((a - start).days * DAY, ((b - start).days + 1) * DAY) for a, b in spans(days, begin, end)]


@lru_cache(maxsize=64)
def open_times(calendar: Calendar, start: dt.date, horizon: int) -> OpenTimes:
    """The open intervals of one calendar, see `compile_calendars`; kept, as most changes change no calendar."""
    week = week_mask(calendar).reshape(7, 1440)
    if not week.any():
        raise ValueError("a calendar must open at least once a week")
    day = int(week.sum()) * MINUTE // int(week.any(axis=1).sum())
    first, last = -(_MARGIN // DAY), (horizon + _MARGIN) // DAY + 1
    days = np.arange(first, last, dtype=np.int64)
    closed = {(date - start).days for date in _days_off(calendar, start, first, last)}
    days = days[[number not in closed for number in days.tolist()]]
    weekday = (days + start.weekday()) % 7
    opens, closes = [], []
    for number, minutes in enumerate(week):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], minutes.astype(np.int8), [0]])))
        midnights = days[weekday == number, None] * DAY
        opens.append((midnights + edges[::2] * MINUTE).ravel())
        closes.append((midnights + edges[1::2] * MINUTE).ravel())
    merged = _merged(np.sort(np.concatenate(opens)), np.sort(np.concatenate(closes)))
    if merged[0].tolist() == [first * DAY] and merged[1].tolist() == [last * DAY]:
        merged = np.array([_LONG_AGO]), np.array([NEVER])
    for side in merged:
        side.flags.writeable = False
    return OpenTimes(*merged, day)


def week_mask(calendar: Calendar) -> np.ndarray:
    """Which of the 10,080 minutes of a week, from Monday 00:00, are open."""
    mask = np.zeros(_WEEK_MINUTES, dtype=bool)
    for weekday in range(7):
        for opening, closing in _hours_of(calendar, weekday):
            mask[weekday * 1440 + opening : weekday * 1440 + closing] = True
    return mask


def with_intersections(table: CalendarTable, pairs: Sequence[tuple[int, int]]) -> tuple[CalendarTable, list[int]]:
    """The table with a row more for each pair of rows, open where both are, and the numbers of the new rows.

    A business day of the new row is that of the first of the pair. A row may turn out never to open.
    """
    rows = _rows(table)
    both = [common(rows[a], rows[b]) for a, b in pairs]
    return _table([*rows, *both]), list(range(len(rows), len(rows) + len(both)))


def with_absences(
    table: CalendarTable, absences: Sequence[tuple[int, Sequence[tuple[int, int]]]]
) -> tuple[CalendarTable, list[int]]:
    """The table with a row more for each pair of a row and its absences, and the numbers of the new rows.

    Absences are spans [from, to) in microseconds, in any order.
    """
    rows = _rows(table)
    fewer = [without(rows[row], spans) for row, spans in absences]
    return _table([*rows, *fewer]), list(range(len(rows), len(rows) + len(fewer)))


def common(a: OpenTimes, b: OpenTimes) -> OpenTimes:
    """The times at which both are open; a business day is that of ``a``."""
    times = np.concatenate([a.closes, b.closes, a.opens, b.opens])  # closings first, where both fall together
    steps = np.repeat([-1, 1], [len(a.closes) + len(b.closes), len(a.opens) + len(b.opens)])
    order = np.argsort(times, kind="stable")
    begins = np.flatnonzero(np.cumsum(steps[order]) == 2)
    return OpenTimes(times[order][begins], times[order][begins + 1], a.day)


def without(times: OpenTimes, spans: Sequence[tuple[int, int]]) -> OpenTimes:
    """The same open times less some spans [from, to)."""
    if not spans:
        return times
    starts, ends = _merged(*(np.array(side, dtype=np.int64) for side in zip(*sorted(spans), strict=True)))
    present = OpenTimes(np.concatenate([[_LONG_AGO], ends]), np.concatenate([starts, [NEVER]]), times.day)
    return common(times, present)


def _table(rows: Sequence[OpenTimes]) -> CalendarTable:
    lengths = [row.closes - row.opens for row in rows]
    empty = np.zeros(0, dtype=np.int64)
    return CalendarTable(
        opens=np.concatenate([empty, *(row.opens for row in rows)]),
        closes=np.concatenate([empty, *(row.closes for row in rows)]),
        before=np.concatenate([empty, *(np.cumsum(length) - length for length in lengths)]),
        offset=np.cumsum([0, *map(len, lengths)], dtype=np.int64),
        day_hours=np.array([row.day for row in rows], dtype=np.int64),
    )


def _rows(table: CalendarTable) -> list[OpenTimes]:
    ends = zip(table.offset[:-1], table.offset[1:], table.day_hours, strict=True)
    return [OpenTimes(table.opens[low:high], table.closes[low:high], int(day)) for low, high, day in ends]


def _merged(opens: np.ndarray, closes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted intervals, those that touch or overlap made one."""
    reach = np.maximum.accumulate(closes)
    apart = opens[1:] > reach[:-1]
    ends = np.ones(min(len(opens), 1), dtype=bool)
    return opens[np.concatenate([ends, apart])], reach[np.concatenate([apart, ends])]


def _hours_of(calendar: Calendar, weekday: int) -> Iterable[tuple[int, int]]:
    if calendar.week is not None:
        return calendar.week[weekday]
    return calendar.hours if calendar.days[weekday] else ()


def _days_off(calendar: Calendar, start: dt.date, first: int, last: int) -> Iterable[dt.date]:
    begin, end = start + dt.timedelta(first), start + dt.timedelta(last)
    for one, other in spans(calendar.closed, begin, end):
        days = range(max(one, begin).toordinal(), min(other, end).toordinal() + 1)
        yield from map(dt.date.fromordinal, days)
    if calendar.holidays is not None:
        yield from _holidays(calendar.holidays, begin.year, end.year)


@lru_cache(maxsize=64)
def _holidays(where: str, first: int, last: int) -> frozenset[dt.date]:
    """The public holidays of a country, or a part of one, in some years."""
    import holidays

    country, _, subdivision = where.partition("-")
    try:
        return frozenset(
            holidays.country_holidays(country, subdiv=subdivision or None, years=range(first, last + 1))
        )
    except NotImplementedError as error:
        raise ValueError(f"no holidays known for {where!r}") from error
