from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numba_twin import compiled, register

from funnelsim.model.numbers import arithmetic, distributions
from funnelsim.model.numbers.distributions import lists_of
from funnelsim.model.rules import ramp
from funnelsim.model.time import calendars
from funnelsim.model.time.calendars import compile_calendars, is_open, open_common
from funnelsim.scenario.language.types import Calendar

HOUR = 3_600_000_000
YEAR = 8766 * HOUR
START = dt.date(2026, 4, 1)


class Ramps(NamedTuple):
    """The columns of the table of teams that a ramp is in."""

    ramp_start: np.ndarray
    ramp_time: np.ndarray
    ramp_offset: np.ndarray
    ramp_level: np.ndarray


LEVELS = [[], [], [], [0.0, 0.25, 0.5, 0.75, 1.0], [0.4], [0.0, 0.9, 0.3]]
ARRAYS = Ramps(
    np.array([1.0, 0.0, 0.3, 1.0, 1.0, 1.0]),
    np.array([0, 3 * ramp.MONTH, 90 * 24 * HOUR, 0, 0, 0]),
    np.cumsum([0, *map(len, LEVELS)]),
    np.array([level for levels in LEVELS for level in levels]),
)
RAMPS = lists_of(ARRAYS)
OFFICE = Calendar.model_construct(days=(True,) * 5 + (False,) * 2, hours=((540, 720), (780, 1080)))
LATE = Calendar.model_construct(hours=((660, 1260),))
HOURS = compile_calendars([None, OFFICE, LATE], START, YEAR)
ROWS, TEAMS = some.integers(0, 2), some.integers(0, 5)
TENURES = some.integers(0, YEAR)


def level(team: int, tenure: int) -> float:
    """Productivity after a time, as the scenario says."""
    if LEVELS[team]:
        return LEVELS[team][min(tenure // ramp.MONTH, len(LEVELS[team]) - 1)]
    start, time = RAMPS.ramp_start[team], RAMPS.ramp_time[team]
    return start + (1 - start) * -math.expm1(-2.3 * tenure / time) if time else 1.0


@settings(deadline=None)
@given(TEAMS, TENURES, some.integers(1, YEAR))
def test_work_is_the_integral_of_productivity(team, since, length):
    edges = np.linspace(since, since + length, 5_001)
    summed = sum(level(team, int(at)) for at in (edges[1:] + edges[:-1]) / 2) * length / 5_000
    done = ramp.work_between(RAMPS, team, since, since + length)
    assert done == pytest.approx(summed, rel=1e-4, abs=length * 2e-4 + 1e-3)


@given(TEAMS, TENURES, some.integers(0, YEAR), some.integers(0, YEAR))
def test_work_adds_up(team, since, one, other):
    whole = ramp.work_between(RAMPS, team, since, since + one + other)
    parts = ramp.work_between(RAMPS, team, since, since + one)
    parts += ramp.work_between(RAMPS, team, since + one, since + one + other)
    assert parts == pytest.approx(whole, rel=1e-12, abs=0.1)


@settings(max_examples=200, deadline=None)
@given(
    ROWS, ROWS, TEAMS, some.integers(0, YEAR // 4), some.integers(-YEAR, YEAR // 4), some.floats(1.0, 300.0 * HOUR)
)
def test_it_is_done_at_the_first_microsecond(a, b, team, came, ahead, work):
    """Summed over the open intervals, the work is done at the end and was not a microsecond before."""
    table = lists_of(HOURS)
    now = max(came, came + ahead)
    end = ramp.finish_ramped(table, a, b, now, work, RAMPS, team, came)

    def done(until: int) -> float:
        total, at = 0.0, now
        while at < until:
            at = calendars.next_open(table, b, calendars.next_open(table, a, at))
            closing = min(calendars.closes_at(table, a, at), calendars.closes_at(table, b, at), until)
            if closing > at:
                total += ramp.work_between(RAMPS, team, at - came, closing - came)
                at = closing
        return total

    assert done(end - 2) < work + 1e-3
    assert done(end) > work - 1.0  # what is left when nobody learns any more is rounded to whole microseconds
    assert is_open(table, a, end - 1)
    assert is_open(table, b, end - 1)
    assert open_common(table, a, b, now, end) >= work - 1


def test_who_has_learnt_all_works_as_anybody():
    for team in range(6):
        settled = ramp.settled_from(RAMPS, team)
        assert level(team, settled) == ramp.settled(RAMPS, team)
        assert ramp.work_between(RAMPS, team, settled, settled + HOUR) == ramp.settled(RAMPS, team) * HOUR


def test_compiled_it_gives_the_same():
    for module in (arithmetic, calendars, distributions, ramp):
        register(module)
    finish = compiled(ramp.finish_ramped)
    table = lists_of(HOURS)
    random = np.random.default_rng(1)
    for _ in range(2000):
        a, b, team = (int(random.integers(n)) for n in (3, 3, 6))
        came = int(random.integers(-YEAR, YEAR // 4))
        now = came + int(random.integers(YEAR // 3))
        work = float(random.exponential(10 * HOUR))
        assert finish(HOURS, a, b, now, work, ARRAYS, team, came) == ramp.finish_ramped(
            table, a, b, now, work, RAMPS, team, came
        )
