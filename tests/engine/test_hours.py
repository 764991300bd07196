"""Hours with a memory answer as the rules of calendars do."""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace

from funnelsim.engine.compiled.world.hours import done_at, open_time
from funnelsim.engine.simpy_engine.world.hours import Hours
from funnelsim.model.numbers.distributions import lists_of
from funnelsim.model.time.calendars import DAY, compile_calendars, finish_common, open_common, with_intersections
from funnelsim.scenario import Scenario

CALENDARS = """
funnelsim: 1
horizon: 1 mo
calendars:
  office: {days: mon-fri, hours: ["09:00-12:00", "13:00-18:00"], holidays: JP}
  nights: {days: mon-sat, hours: ["00:00-06:00", "20:00-24:00"]}
  thursdays: {days: thu, hours: ["10:00-11:00"]}
sources: {web: {rate: 1 / d}}
teams: {desk: {headcount: 1, queue: fifo}}
stages: {serve: {team: desk, effort: 1 h}}
"""
HORIZON = 60 * DAY


def test_answers_are_those_of_the_rules_whatever_was_asked_before() -> None:
    spec = Scenario.from_text(CALENDARS).spec
    table = compile_calendars([*spec.calendars.values(), None], dt.date(2026, 4, 20), HORIZON)
    table, _ = with_intersections(table, [(0, 1), (1, 2)])  # one is never open
    calendars = lists_of(table)
    rows, choice = len(calendars.offset) - 1, random.Random(1)
    hours = Hours(calendars)
    compiled = SimpleNamespace(calendars=calendars, last_interval=list(calendars.offset[:-1]))
    now = 0
    while now < HORIZON:
        now += choice.choice((0, 1, 17, DAY // 24, choice.randrange(DAY)))
        edge = choice.choice([*calendars.opens, *calendars.closes])
        start = choice.choice((now, max(now - choice.randrange(3 * DAY), 0), edge))
        if not 0 <= start < HORIZON:
            start = now
        end = start + choice.choice((0, 1, choice.randrange(5 * DAY), choice.randrange(DAY // 24)))
        a, b = choice.randrange(rows), choice.randrange(rows)
        for pair in ((a, a), (a, b)):
            expected = open_common(calendars, *pair, start, end)
            assert hours.open(pair, start, end) == expected
            assert open_time(compiled, *pair, start, end) == expected
            expected = finish_common(calendars, *pair, start, end - start)
            assert hours.finish(pair, start, end - start) == expected
            assert done_at(compiled, *pair, start, end - start) == expected
