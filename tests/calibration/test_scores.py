"""Scores of ensembles against formulas, and the promise of the widening kept as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from funnelsim.calibration.testing.naive import Flow, last_period, last_weeks, pipeline, smoothing
from funnelsim.calibration.testing.scores import bounds, crps, disjoint, pit, score, widened, widening


def test_crps_of_a_normal_forecast_is_the_closed_form() -> None:
    """Gneiting & Raftery (2007), equation 5: σ (z (2 Φ(z) - 1) + 2 φ(z) - 1 / √π)."""
    rng = np.random.default_rng(1)
    ensemble = rng.normal(10, 2, 200_000)
    for outcome in (10.0, 7.0, 14.5):
        z = (outcome - 10) / 2
        wanted = 2 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi))
        assert crps(ensemble, outcome) == pytest.approx(wanted, abs=0.015)


def test_crps_is_fair_to_small_ensembles() -> None:
    """Its mean does not depend on the number of members, so that methods with different numbers compare."""
    rng = np.random.default_rng(2)
    few = [crps(rng.normal(size=3), rng.normal()) for _ in range(8_000)]
    many = [crps(rng.normal(size=60), rng.normal()) for _ in range(2_000)]
    error = math.hypot(np.std(few) / math.sqrt(len(few)), np.std(many) / math.sqrt(len(many)))
    assert abs(np.mean(few) - np.mean(many)) < 4 * error
    assert crps([4.0], 7.0) == 3.0


def test_crps_is_the_mean_over_pairs() -> None:
    members = [3.0, 8.0, 1.0, 4.5]
    pairs = np.abs(np.subtract.outer(members, members)).sum() / (2 * 4 * 3)
    assert crps(members, 5.0) == pytest.approx(np.abs(np.array(members) - 5).mean() - pairs)


def test_ranges_and_ranks() -> None:
    ensemble = np.arange(1.0, 40)
    assert bounds(ensemble, 0.95) == pytest.approx((1.0, 39.0))
    assert pit(ensemble, 20.0) == pytest.approx(19.5 / 39)


def test_windows_that_do_not_overlap() -> None:
    assert disjoint([0, 30, 60, 90], 60) == [1, 3]
    assert disjoint([0, 30, 60, 90], 30) == [0, 1, 2, 3]
    assert disjoint([], 30) == []


@pytest.mark.parametrize(("windows", "level"), [(8, 8 / 9), (19, 0.95), (40, 0.95)])
def test_widened_ranges_hold_as_often_as_they_say(windows: int, level: float) -> None:
    """Forecasts whose spread is half of what it should be, widened by the past, hold the next outcome."""
    rng = np.random.default_rng(windows)
    held, stated = [], set()
    for _ in range(600):
        ensembles = rng.normal(100, 5, (windows + 1, 60))
        outcomes = rng.normal(100, 10, windows + 1)
        made = widening(list(ensembles[:-1]), list(outcomes[:-1]), list(range(windows)), 1.0)
        assert made is not None
        stated.add(round(made.level, 6))
        low, high = bounds(widened(ensembles[-1], made.factor), 0.95)
        if made.enough:
            held.append(low <= outcomes[-1] <= high)
    assert stated == {round(level, 6)}
    # Capped at three, and the tails that would need more are left out: it may hold a little less, never much.
    assert np.mean(held) > level - 4 * math.sqrt(level * (1 - level) / len(held)) - 0.01


def test_a_range_that_was_right_is_not_widened() -> None:
    ensembles = [np.linspace(50, 150, 99)] * 25
    made = widening(ensembles, [100.0 + k for k in range(25)], [30.0 * k for k in range(25)], 30)
    assert made is not None
    assert (made.factor, made.level, made.enough) == (1.0, 0.95, True)


def test_hopeless_ranges_say_so() -> None:
    made = widening([np.full(40, 10.0)], [30.0], [0.0], 30)
    assert made is not None
    assert (made.factor, made.enough) == (3.0, False)


def test_scores_of_a_right_forecast() -> None:
    rng = np.random.default_rng(5)
    ensembles = [rng.poisson(30, 300) for _ in range(300)]
    outcomes = [float(rng.poisson(30)) for _ in range(300)]
    made = score(ensembles, outcomes, [30.0 * k for k in range(300)], 30)
    assert made.coverage95 == pytest.approx(0.95, abs=0.04)
    assert made.coverage80 == pytest.approx(0.80, abs=0.07)
    assert made.bias == pytest.approx(0, abs=0.03)
    assert (made.n, made.windows) == (300, 300)
    assert stats.kstest(made.pits, "uniform").pvalue > 0.001


def flow(rate: float, weeks: int, seed: int) -> Flow:
    rng = np.random.default_rng(seed)
    moments = np.sort(rng.uniform(0, 7 * weeks, rng.poisson(rate * weeks)))
    return Flow(moments, np.ones(len(moments)), 0.0, 7.0 * weeks)


@pytest.mark.parametrize("method", [last_weeks, smoothing, last_period])
def test_simple_methods_hold_a_steady_flow(method: object) -> None:
    assert callable(method)
    held = []
    for seed in range(80):
        ensemble = method(flow(10, 104, seed), 28.0)
        low, high = bounds(ensemble, 0.95)
        held.append(low <= np.random.default_rng([seed, 9]).poisson(40) <= high)
    assert np.mean(held) > 0.75  # errors of one step tell nothing of that of the level, so these are too narrow
    assert method(flow(10, 3, 0), 28.0) is None


def test_the_weighted_pipeline_is_a_sum_of_chances() -> None:
    chances, amounts = np.array([0.2, 0.5, 0.9]), np.array([10.0, 20.0, 40.0])
    alone = pipeline(chances, amounts, 0.0, seed=1, draws=40_000)
    assert alone.mean() == pytest.approx(48, abs=4 * alone.std() / 200)
    more = pipeline(chances, amounts, 70.0, seed=1, draws=40_000)
    assert more.mean() == pytest.approx(118, abs=4 * more.std() / 200)
    assert pipeline(np.empty(0), np.empty(0), 0.0, seed=1).tolist() == [0.0] * 400
