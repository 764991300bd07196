from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from numba_twin import compiled, register

from funnelsim.model.numbers import arithmetic, draws, philox
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import lists_of
from funnelsim.model.time import arrivals
from funnelsim.model.time.arrivals import arrival_time, burst_leads, compile_rate, next_target, rate_clock
from funnelsim.model.time.calendars import DAY
from funnelsim.scenario.forms.quantities import HOUR, Duration, Rate
from funnelsim.scenario.language.types import Burst, Calendar, Pattern, Source

START = dt.date(2026, 4, 1)  # a Wednesday
WEB = draws.name_hash32("web")
YEAR = 365 * DAY


def source(rate=Rate(10.0, "d"), pattern=None, **fields):  # noqa: B008
    """A source with its fields as they are once read."""
    shape = Pattern.model_construct(**(pattern or {}))
    return Source.model_construct(rate=rate, pattern=shape, **fields)


def times_of(plan, seed=1, replication=0):
    clock = lists_of(rate_clock(plan, seed, replication, WEB))
    times, target, number = [], 0.0, 0
    while True:
        target = next_target(target, seed, replication, WEB, number)
        time = arrival_time(clock, target)
        if time == NEVER:
            return times
        times.append(time)
        number += 1


def z_of_mean(values, expected):
    values = np.asarray(values, dtype=float)
    return (values.mean() - expected) / (values.std(ddof=1) / math.sqrt(len(values)))


def test_plain_rate_is_a_poisson_process():
    plan = compile_rate(source(Rate(2.0, "h")), None, START, 100 * DAY)
    clock = rate_clock(plan, 1, 0, WEB)
    assert len(clock.rate) == 1
    assert clock.total == pytest.approx(4800.0)
    counts = [len(times_of(plan, replication=r)) for r in range(30)]
    assert abs(z_of_mean(counts, 4800.0)) < 4
    gaps = np.diff(times_of(plan)) / HOUR
    assert abs(z_of_mean(gaps, 0.5)) < 4
    assert abs(z_of_mean(gaps**2, 0.5)) < 4


WEEKDAYS = (True,) * 5 + (False,) * 2


def shaped(**fields):
    pattern = {"weekday": (3, 1, 1, 1, 1, 0.5, 0.5), "hour": (*(0.0,) * 9, *(2.0,) * 9, *(1.0,) * 6)}
    return source(pattern=pattern, **fields)


def test_pattern_keeps_the_mean_rate_over_whole_weeks():
    plan = compile_rate(shaped(), None, START, 52 * 7 * DAY)
    assert plan.daily.sum() == pytest.approx(52 * 7 * 10.0, rel=1e-12)
    assert plan.daily[5] / plan.daily[4] == pytest.approx(6.0)  # Monday and Sunday
    nine = plan.rate[9] / plan.rate[20]
    assert (plan.rate[8], nine) == (0.0, pytest.approx(2.0))


def test_months_have_mean_one_over_a_standard_year():
    months = tuple(float(m) for m in range(1, 13))
    plan = compile_rate(source(pattern={"month": months}), None, dt.date(2025, 1, 1), 4 * 365 * DAY + DAY)
    assert plan.daily.sum() == pytest.approx((4 * 365 + 1) * 10.0, rel=1e-12)
    assert plan.daily[31] / plan.daily[0] == pytest.approx(2.0)


def test_calendar_keeps_the_rate_of_its_week_and_holidays_lose_theirs():
    office = Calendar.model_construct(days=WEEKDAYS, hours=((540, 720), (780, 1080)))
    plan = compile_rate(source(), office, START, 28 * DAY)
    assert plan.daily.sum() == pytest.approx(280.0)
    assert plan.daily[3] == 0.0  # Saturday
    closed = Calendar.model_construct(
        days=WEEKDAYS, hours=((540, 720), (780, 1080)), closed=((dt.date(2026, 4, 2),) * 2,)
    )
    lossy = compile_rate(source(), closed, START, 28 * DAY)
    assert lossy.daily.sum() == pytest.approx(280.0 - 14.0)
    inside = [9 <= t % DAY / HOUR < 12 or 13 <= t % DAY / HOUR < 18 for t in times_of(plan)]
    assert len(inside) > 200
    assert all(inside)


def test_growth_steps_daily():
    plan = compile_rate(source(growth=0.2), None, START, 4 * YEAR)
    assert plan.daily[0] == pytest.approx(10.0)
    assert plan.daily[1461 - 366] == pytest.approx(10.0 * 1.2 ** (1095 / 365.25))
    assert len(rate_clock(plan, 1, 0, WEB).rate) == 4 * 365


def test_dispersion_holds_on_every_weekday():
    week = (6, 1, 1, 1, 1, 1, 0.3)
    plan = compile_rate(source(Rate(12.0, "d"), {"weekday": week}, dispersion=2.8), None, START, 70 * DAY)
    counts = np.array(
        [np.bincount(np.array(times_of(plan, replication=r)) // DAY, minlength=70) for r in range(60)]
    )
    squares = (counts - plan.daily) ** 2 / plan.daily
    monday, sunday = squares[:, 5::7].mean(axis=1), squares[:, 4::7].mean(axis=1)
    assert abs(z_of_mean(monday, 2.8)) < 4
    assert abs(z_of_mean(sunday, 2.8)) < 4
    assert abs(z_of_mean(squares.mean(axis=1), 2.8)) < 4
    assert abs(z_of_mean(counts.mean(axis=1), plan.daily.mean())) < 4
    calm = [
        np.bincount(np.array(times_of(plan._replace(dispersion=1.0), replication=r)) // DAY, minlength=70)
        for r in range(60)
    ]
    assert abs(z_of_mean(((np.array(calm) - plan.daily) ** 2 / plan.daily).mean(axis=1), 1.0)) < 4


@pytest.mark.parametrize("fields", [{}, {"dispersion": 2.8}, {"growth": 0.3, "dispersion": 1.5}])
@pytest.mark.parametrize("make", [source, shaped])
def test_a_longer_horizon_moves_no_arrival(make, fields):
    short, long = (times_of(compile_rate(make(**fields), None, START, h)) for h in (50 * DAY + HOUR, 77 * DAY))
    before = [t for t in short if t < 50 * DAY + HOUR]
    assert len(before) > 200
    assert long[: len(before)] == before


def test_neutral_shapes_change_nothing():
    plain = times_of(compile_rate(source(), None, START, YEAR))
    flat = {"month": (1.0,) * 12, "weekday": (1.0,) * 7, "hour": (1.0,) * 24}
    assert times_of(compile_rate(source(pattern=flat), None, START, YEAR)) == plain
    assert times_of(compile_rate(source(), Calendar.model_construct(), START, YEAR)) == plain


def test_no_rate_no_leads():
    assert times_of(compile_rate(source(Rate(0.0, "d")), None, START, YEAR)) == []
    with pytest.raises(ValueError, match="rate"):
        compile_rate(source(rate=None), None, START, YEAR)


def burst(at, leads, days):
    return Burst.model_construct(at=at, leads=leads, over=Duration(days, "d"))


def test_bursts_are_exact_evenly_spread_and_independent_of_each_other():
    campaign = burst(dt.date(2026, 5, 1), 4000, 10)
    alone = burst_leads((campaign,), WEB, START, 1, 0)
    assert len(alone.time) == 4000
    assert np.all(np.diff(alone.time) >= 0)
    share = (alone.time - 30 * DAY) / (10 * DAY)
    assert 0 <= share.min() <= share.max() < 1
    assert abs(z_of_mean(share, 0.5)) < 4
    assert abs(z_of_mean(share**2, 1 / 3)) < 4
    twin, fair = burst(dt.date(2026, 5, 1), 50, 10), burst(Duration(2, "w"), 7, 0)
    more = burst_leads((fair, campaign, twin), WEB, START, 1, 0)
    leads = set(zip(*more, strict=True))
    assert len(leads) == len(set(zip(more.hi, more.lo, strict=True))) == 4057
    assert set(zip(*alone, strict=True)) <= leads
    assert more.time[:7].tolist() == [14 * DAY] * 7
    assert len(burst_leads((), WEB, START, 1, 0).time) == 0
    other = burst_leads((campaign,), WEB, START, 1, 1)
    assert set(zip(other.hi, other.lo, strict=True)) == set(zip(alone.hi, alone.lo, strict=True))
    assert other.time.tolist() != alone.time.tolist()


def test_python_and_numba_give_the_same_times():
    for module in (arithmetic, philox, draws, arrivals):
        register(module)
    plan = compile_rate(shaped(rate=Rate(50.0, "h"), dispersion=2.0, growth=0.5), None, START, 100 * DAY)
    clock = rate_clock(plan, 1, 0, WEB)

    def fill(clock, out):
        target = 0.0
        for number in range(len(out)):
            target = next_target(target, 1, 0, WEB, number)
            out[number] = arrival_time(clock, target)

    here = times_of(plan)
    assert len(here) > 100_000
    there = np.empty(len(here) + 3, dtype=np.int64)
    compiled(fill)(clock, there)
    assert there.tolist() == [*here, NEVER, NEVER, NEVER]
