"""Planned absence: which days off each rep takes, drawn with the rep's own numbers."""

from __future__ import annotations

import numpy as np

from funnelsim.scenario.forms.quantities import MICROSECONDS

from ..numbers.draws import ABSENCE, uniform
from ..tables.tables import Tables
from ..time.calendars import CalendarTable, open_between, with_absences

DAY = MICROSECONDS["d"]
YEAR_DAYS = 365


def days_off(
    days: float, working: list[int], key: tuple[int, int], pool: int, number: int, year: int
) -> list[int]:
    """The days off that a rep takes in one year, drawn without replacement from the working days."""
    left = list(working)
    whole = int(days)
    if uniform(*key, pool, number, ABSENCE, year, 0) < days - whole:
        whole += 1
    days_off = []
    for index in range(1, min(whole, len(left)) + 1):
        days_off.append(left.pop(int(uniform(*key, pool, number, ABSENCE, year, index) * len(left))))
    return sorted(days_off)


def with_days_off(
    tables: Tables, key: tuple[int, int], horizon: int
) -> tuple[CalendarTable, list[int], list[list[tuple[int, int]]]]:
    """Calendars with a row more for each seat that takes days off.

    Returns
    -------
    calendars : CalendarTable
    rows : list of int
        The calendar row of each seat; the team's where the seat takes no days off.
    spans : list of list of (int, int)
        Absences of each seat as [from, to) in microseconds, in order.
    """
    T, D, P, C = tables.teams, tables.parts, tables.seats, tables.calendars
    years = -(-horizon // (YEAR_DAYS * DAY))
    rows: list[int] = []
    spans: list[list[tuple[int, int]]] = []
    wanted: list[tuple[int, list[tuple[int, int]]]] = []
    for part, team in enumerate(D.team):
        calendar = T.calendar[team]
        working = _working_days(C, int(calendar), years) if D.absence_days[part] > 0.0 else []
        for seat in range(D.seat_offset[part], D.seat_offset[part + 1]):
            off = [
                day
                for year, days in enumerate(working)
                for day in days_off(D.absence_days[part], days, key, int(P.pool[seat]), int(P.number[seat]), year)
            ]
            spans.append([(day * DAY, (day + 1) * DAY) for day in off])
            rows.append(int(calendar))
            if off:
                rows[-1] = -1
                wanted.append((int(calendar), spans[-1]))
    if not wanted:
        return C, rows, spans
    table, new = with_absences(C, wanted)
    fresh = iter(new)
    return table, [next(fresh) if row < 0 else row for row in rows], spans


def present(calendars: CalendarTable, row: int, days: float, horizon: int) -> float:
    """Open time of a calendar in which a rep who takes so many days off a year is expected to be there."""
    if days <= 0.0:
        return float(open_between(calendars, row, 0, horizon))
    years = -(-horizon // (YEAR_DAYS * DAY))
    there = 0.0
    for year, working in enumerate(_working_days(calendars, row, years)):
        begin = year * YEAR_DAYS * DAY
        opened = open_between(calendars, row, begin, min(horizon, begin + YEAR_DAYS * DAY))
        there += opened * (1.0 - min(days, len(working)) / len(working)) if working else 0.0
    return there


def _working_days(calendars: CalendarTable, row: int, years: int) -> list[list[int]]:
    """For each year the numbers of the days on which a calendar opens."""
    low, high = calendars.offset[row], calendars.offset[row + 1]
    first = np.maximum(calendars.opens[low:high] // DAY, 0)
    last = np.minimum((calendars.closes[low:high] - 1) // DAY, years * YEAR_DAYS - 1)
    open_days = sorted({day for a, b in zip(first, last, strict=True) for day in range(int(a), int(b) + 1)})
    by_year: list[list[int]] = [[] for _ in range(years)]
    for day in open_days:
        by_year[day // YEAR_DAYS].append(day)
    return by_year
