"""Arrivals, moves, amounts and deadlines, against their own truth and as often as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from funnelsim.calibration.estimating import arrivals, moves, timeouts, values

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.0, 0.0]) * 7 / 5.2


def flow(rng: np.random.Generator, days: int, rate: float, growth: float, dispersion: float) -> np.ndarray:
    """Moments of days whose counts have so many times the variance of Poisson's; the rate is that of the end."""
    day = np.arange(days)
    mean = rate * (1 + growth) ** ((day + 0.5 - days) / 365.25) * WEEK[day % 7]
    if dispersion > 1:
        mean = np.where(mean > 0, rng.gamma(np.maximum(mean, 1e-9) / (dispersion - 1), dispersion - 1), 0.0)
    return _spread(rng, day, mean)


def _spread(rng: np.random.Generator, day: np.ndarray, mean: np.ndarray) -> np.ndarray:
    counts = rng.poisson(mean)
    return np.repeat(day, counts) + rng.uniform(9 / 24, 18 / 24, counts.sum())


def test_rate_growth_and_dispersion_lie_in_their_intervals() -> None:
    rng = np.random.default_rng(1)
    held = []
    for _ in range(120):
        made = arrivals.fit(flow(rng, 730, 8.0, 0.15, 2.8), 0, 730)
        held += [
            made.rate_low < 8.0 < made.rate_high,
            made.growth_low < 0.15 < made.growth_high,
            made.dispersion_low < 2.8 < made.dispersion_high,
        ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_weekdays_and_hours_are_seen_where_they_matter() -> None:
    rng = np.random.default_rng(2)
    made = arrivals.fit(flow(rng, 700, 12.0, 0.0, 1.0), 0, 700)
    assert made.weekday == pytest.approx(WEEK, abs=0.15)
    assert made.hours is not None
    assert made.hours[:9].sum() == 0
    assert made.month is None
    even = arrivals.fit(rng.uniform(0, 400, 2000), 0, 400)
    assert even.weekday is None
    assert even.hours is None
    assert even.growth_low < 0 < even.growth_high


def test_months_need_two_years() -> None:
    rng = np.random.default_rng(3)
    day = np.arange(1100)
    busy = 10 * (1 + 0.6 * np.sin(2 * math.pi * day / 365.25))
    moments = _spread(rng, day, busy)
    assert arrivals.fit(moments, 0, 1100, first_month=0).month is not None
    assert arrivals.fit(moments[moments < 600], 0, 600, first_month=0).month is None


def test_bursts_and_batches_are_told() -> None:
    rng = np.random.default_rng(4)
    level = np.repeat(rng.gamma(1, 10, 100), 7)
    moments = _spread(rng, np.arange(700), level)
    assert "bursts" in {each.code for each in arrivals.fit(moments, 0, 700).noticed}
    batched = np.repeat(np.sort(rng.uniform(0, 300, 200)), 3)
    assert "batches" in {each.code for each in arrivals.fit(batched, 0, 300).noticed}
    with pytest.raises(ValueError, match="two weeks"):
        arrivals.fit([1.0, 2.0], 0, 9)


def test_shares_have_wilsons_interval() -> None:
    made = moves.shares([10, 90])
    wanted = stats.binomtest(10, 100).proportion_ci(method="wilson")
    assert (made.low[0], made.high[0]) == (pytest.approx(wanted.low), pytest.approx(wanted.high))
    drawn = np.array([made.draw(np.random.default_rng(k)) for k in range(500)])
    assert drawn[:, 0].mean() == pytest.approx(10.5 / 101, abs=0.005)
    with pytest.raises(ValueError, match="nothing"):
        moves.shares([0, 0])


def test_amounts() -> None:
    rng = np.random.default_rng(5)
    held = []
    for _ in range(300):
        made = values.fit(rng.lognormal(math.log(27_000), 0.7, 60))
        held += [made.median_low < 27_000 < made.median_high, made.sigma_low < 0.7 < made.sigma_high]
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)
    prices = rng.choice([550.0, 4821.0, 55.0], 500)
    kept = values.fit(prices)
    assert kept.empirical is not None
    assert set(kept.empirical) <= set(prices)
    assert kept.empirical.mean() == pytest.approx(prices.mean(), rel=0.02)


@pytest.mark.parametrize("days_only", [False, True])
def test_deadlines(days_only: bool) -> None:
    rng = np.random.default_rng(6)
    time, lost = rng.lognormal(math.log(30), 0.9, 800), rng.random(800) < 0.6
    late = time > 90
    time, lost = np.where(late, 90.0, time), lost | late
    if days_only:
        time = np.floor(time)
    found = timeouts.find(time, lost, days_only)
    assert found is not None
    assert found.after == pytest.approx(90, abs=0.05)
    assert found.ended >= late.sum()


def test_no_deadline_is_seen_where_there_is_none() -> None:
    rng = np.random.default_rng(7)
    for _ in range(200):
        time, lost = rng.lognormal(math.log(30), 0.7, 400), rng.random(400) < 0.6
        assert timeouts.find(np.floor(time), lost, True) is None
        assert timeouts.find(time, lost) is None
