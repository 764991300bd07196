from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numba_twin import compiled, register

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import lists_of
from funnelsim.model.time import calendars
from funnelsim.model.time.calendars import (
    DAY,
    MINUTE,
    closes_at,
    compile_calendars,
    finish,
    is_open,
    next_open,
    open_between,
    with_absences,
    with_intersections,
)
from funnelsim.scenario.language.types import Calendar

HOUR = 60 * MINUTE
YEAR = 365 * DAY
START = dt.date(2026, 4, 1)  # a Wednesday
WEEKDAYS = (True,) * 5 + (False,) * 2


def written(**fields):
    """A calendar with its fields as they are once read."""
    return Calendar.model_construct(**fields)


OFFICE = written(days=WEEKDAYS, hours=((540, 720), (780, 1080)))
NIGHTS = written(hours=((0, 300), (1320, 1440)))
WEEK = written(week=(((540, 600),), (), ((0, 1440),), ((0, 60),), (), (), ((60, 1440),)))
TABLE = lists_of(compile_calendars([None, OFFICE, NIGHTS, WEEK], START, YEAR))
ROWS = some.integers(0, 3)
TIMES = some.integers(-YEAR, 2 * YEAR)


@given(ROWS, TIMES, some.integers(1, YEAR // 8))
def test_work_and_open_time_are_inverse(row, t, work):
    end = finish(TABLE, row, t, work)
    assert open_between(TABLE, row, t, end) == work
    assert is_open(TABLE, row, end - 1)  # done while open, or at closing


@given(ROWS, TIMES, some.integers(0, 1000 * HOUR))
def test_open_time_is_what_minutes_say(row, t, length):
    t, length = t // HOUR * HOUR, length // HOUR * HOUR
    step = 30 * MINUTE
    minutes = sum(step for at in range(t, t + length, step) if is_open(TABLE, row, at))
    assert open_between(TABLE, row, t, t + length) == minutes


@given(ROWS, TIMES)
def test_next_opening_is_the_first_open_moment(row, t):
    opening = next_open(TABLE, row, t)
    assert is_open(TABLE, row, opening)
    assert open_between(TABLE, row, t, opening) == 0
    assert finish(TABLE, row, t, 0) == opening
    assert (opening == t) == is_open(TABLE, row, t)


def test_twenty_minute_touches_end_at_closing():
    t, ends = 9 * HOUR, []
    for _ in range(24 * 500):
        t = finish(TABLE, 1, t, 20 * MINUTE)
        ends.append(t)
    last_of_morning = ends[8::24]
    last_of_day = ends[23::24]
    assert {t % DAY for t in last_of_morning} == {12 * HOUR}
    assert {t % DAY for t in last_of_day} == {18 * HOUR}


def test_opening_hours_to_the_microsecond():
    assert [is_open(TABLE, 1, 9 * HOUR + step) for step in (-1, 0)] == [False, True]
    assert [is_open(TABLE, 1, 12 * HOUR + step) for step in (-1, 0)] == [True, False]
    assert next_open(TABLE, 1, 12 * HOUR) == 13 * HOUR
    assert next_open(TABLE, 1, 2 * DAY + 18 * HOUR) == 5 * DAY + 9 * HOUR  # Friday evening to Monday
    assert closes_at(TABLE, 1, 9 * HOUR) == 12 * HOUR
    assert closes_at(TABLE, 1, 12 * HOUR) == 12 * HOUR
    assert closes_at(TABLE, 2, 22 * HOUR) == DAY + 5 * HOUR  # midnight is no closing
    assert open_between(TABLE, 1, 5, 5) == open_between(TABLE, 1, 5, -5) == 0


def test_business_days():
    assert TABLE.day_hours == [24 * HOUR, 8 * HOUR, 7 * HOUR, (1 + 24 + 1 + 23) * HOUR // 4]


def test_always_open_however_written_is_the_same():
    all_week = written(week=(((0, 720), (720, 1440)),) * 7)
    table = compile_calendars([None, written(), all_week], START, YEAR)
    assert table.opens.tolist() == [table.opens[0]] * 3
    assert table.closes.tolist() == [NEVER] * 3
    assert finish(table, 2, 10 * YEAR, YEAR) == 11 * YEAR
    assert finish(table, 0, 10, NEVER) == NEVER


def test_nothing_opens_past_the_table():
    end = YEAR + 3 * YEAR
    assert next_open(TABLE, 1, end) == NEVER
    assert finish(TABLE, 1, end, 1) == NEVER
    assert finish(TABLE, 1, 0, 10 * YEAR) == NEVER
    assert open_between(TABLE, 1, end, end + YEAR) == 0


def test_a_longer_horizon_moves_nothing():
    short, long = (compile_calendars([OFFICE], START, years * YEAR) for years in (1, 3))
    count = len(short.opens)
    assert np.array_equal(short.opens, long.opens[:count])
    assert np.array_equal(short.before, long.before[:count])


def test_holidays_and_days_off():
    calendar = written(days=WEEKDAYS, hours=((540, 1080),), holidays="JP", closed=((dt.date(2026, 4, 2),) * 2,))
    table = compile_calendars([calendar], START, YEAR)
    assert next_open(table, 0, DAY) == 2 * DAY + 9 * HOUR
    golden_week = (dt.date(2026, 5, 2) - START).days * DAY  # Saturday; 3 to 6 May are off
    assert next_open(table, 0, golden_week) == golden_week + 5 * DAY + 9 * HOUR
    assert table.day_hours.tolist() == [9 * HOUR]
    with pytest.raises(ValueError, match="no holidays known for 'XX'"):
        compile_calendars([written(holidays="XX")], START, YEAR)
    california = written(holidays="US-CA")
    assert not is_open(compile_calendars([california], START, YEAR), 0, (dt.date(2027, 3, 31) - START).days * DAY)


def test_never_open_is_refused():
    with pytest.raises(ValueError, match="at least once a week"):
        compile_calendars([written(days=(False,) * 7)], START, YEAR)


@given(TIMES)
def test_intersection_is_open_where_both_are(t):
    assert is_open(BOTH, 4, t) == (is_open(BOTH, 1, t) and is_open(BOTH, 3, t))
    assert is_open(BOTH, 5, t) == is_open(BOTH, 1, t)
    assert not is_open(BOTH, 6, t)


BOTH, NEW = with_intersections(
    compile_calendars([None, OFFICE, NIGHTS, WEEK], START, YEAR), [(1, 3), (0, 1), (1, 2)]
)


def test_intersection_rows():
    assert NEW == [4, 5, 6]
    assert BOTH.day_hours[4] == BOTH.day_hours[1]
    assert next_open(BOTH, 6, 0) == finish(BOTH, 6, 0, 1) == NEVER


def test_absences_are_cut_out():
    spans = [(10 * HOUR, 11 * HOUR), (DAY, 2 * DAY), (DAY + HOUR, 2 * DAY + 10 * HOUR)]
    table, rows = with_absences(compile_calendars([None, OFFICE], START, YEAR), [(1, spans), (0, spans), (1, [])])
    assert rows == [2, 3, 4]
    assert finish(table, 2, 9 * HOUR, 2 * HOUR) == 12 * HOUR
    assert next_open(table, 2, 18 * HOUR) == 2 * DAY + 10 * HOUR
    assert open_between(table, 3, 0, 3 * DAY) == 3 * DAY - HOUR - DAY - 10 * HOUR
    assert open_between(table, 4, 0, YEAR) == open_between(table, 1, 0, YEAR)


def test_python_and_numba_give_the_same_times():
    register(calendars)

    def fill(table, t, out):
        for i in range(len(t)):
            row = i % 4
            out[i, 0] = finish(table, row, t[i], abs(t[i]) // 9)
            out[i, 1] = next_open(table, row, t[i])
            out[i, 2] = open_between(table, row, 0, t[i])
            out[i, 3] = is_open(table, row, t[i])
            out[i, 4] = closes_at(table, row, t[i])

    table = compile_calendars([None, OFFICE, NIGHTS, WEEK], START, YEAR)
    t = np.random.default_rng(1).integers(-YEAR, 4 * YEAR, 100_000)
    there, here = np.empty((len(t), 5), dtype=np.int64), np.empty((len(t), 5), dtype=np.int64)
    compiled(fill)(table, t, there)
    for i, at in enumerate(t.tolist()):
        row = i % 4
        here[i] = (
            finish(TABLE, row, at, abs(at) // 9),
            next_open(TABLE, row, at),
            open_between(TABLE, row, 0, at),
            is_open(TABLE, row, at),
            closes_at(TABLE, row, at),
        )
    assert np.array_equal(here, there)
