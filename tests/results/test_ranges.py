"""Where single replications lie: by hand, for ratios, and how often a new replication falls inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.results.estimates import Estimate, function_of, mean_of, ratio_of

EXPERIMENTS = 4000


def test_positions_of_the_order_statistics() -> None:
    """(n + 1) / 10 and 9 (n + 1) / 10, linear between two; in any order."""
    assert mean_of([9, 1, 2, 3, 8, 4, 5, 7, 6], "leads").range == (1, 9)
    assert mean_of([*range(19, 0, -1)], "leads").range == pytest.approx((2, 18))
    assert mean_of([*range(10)], "leads").range == pytest.approx((0.1, 8.9))
    assert mean_of([100 * each for each in range(10)], "USD", 100).range == pytest.approx((0.1, 8.9))


def test_fewer_than_nine_tell_nothing() -> None:
    few = mean_of([*range(8)], "leads")
    assert few.range is None
    leaf = few.to_dict()
    assert leaf is not None
    assert (leaf["range_low"], leaf["range_high"], leaf["undefined"]) == (None, None, 0)


def test_a_ratio_is_of_the_replications_own_ratios() -> None:
    """Nine replications of one lead that is lost, and one of ninety-one that are all won: .91 pooled."""
    found = ratio_of([0] * 9 + [91], [1] * 9 + [91], "share")
    assert found.mean == 0.91
    assert found.range == pytest.approx((0.0, 0.9))
    same = function_of([(0, 1)] * 9 + [(91, 91)], lambda sums: sums[0] / sums[1], "share")
    assert (same.mean, same.range) == (found.mean, found.range)


def test_what_is_undefined_is_counted_and_above_a_tenth_there_is_no_range() -> None:
    one = ratio_of([0, *range(1, 10)], [0, *[1] * 9], "share")
    assert (one.undefined, one.range) == (1, (1, 9))
    two = ratio_of([0, 0, *range(1, 19)], [0, 0, *[1] * 18], "share")
    assert two.undefined == 2
    assert two.range == pytest.approx((1.9, 17.1))
    three = ratio_of([0, 0, 0, *range(1, 18)], [0, 0, 0, *[1] * 17], "share")
    assert (three.undefined, three.range) == (3, None)
    assert mean_of([None, None, *range(18)], "h").range == pytest.approx((0.9, 16.1))
    never = ratio_of([0] * 9, [0] * 9, "share")
    assert (never.mean, never.undefined, never.range) == (None, 9, None)


def _bookings(rng: np.random.Generator, count: int) -> Estimate:
    return mean_of(rng.lognormal(0.0, 1.0, count).tolist(), "USD")


def _share(rng: np.random.Generator, count: int) -> Estimate:
    below = rng.gamma(4.0, 1.0, count)
    return ratio_of((below * rng.beta(2.0, 5.0, count)).tolist(), below.tolist(), "share")


def _covered(made: Sequence[tuple[Estimate, float]]) -> float:
    inside = 0
    for estimate, new in made:
        assert estimate.range is not None
        low, high = estimate.range
        inside += low <= new <= high
    return inside / len(made)


@pytest.mark.parametrize("count", [10, 30, 100])
@pytest.mark.parametrize("law", [_bookings, _share])
def test_a_new_replication_falls_inside(law: Callable[[np.random.Generator, int], Estimate], count: int) -> None:
    rng = np.random.default_rng(count)
    made = [(law(rng, count), law(rng, 1).outcomes[0]) for _ in range(EXPERIMENTS)]
    assert 0.78 <= _covered([(each, new) for each, new in made if new is not None]) <= 0.82


REPLICATIONS = 6000


@cache
def quarters() -> fs.Result:
    """Quarters at a load of .9: waits are skewed, and so are the values of deals."""
    desk = fs.Scenario.from_dict(
        {
            "horizon": "4 mo",
            "warmup": "1 mo",
            "currency": "EUR",
            "segments": {"all": {"value": {"dist": "lognormal", "median": 1000, "sigma": 1}}},
            "sources": {"web": {"rate": "7.2 / d"}},
            "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
            "stages": {
                "serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "3 h"}, "convert": 0.3}
            },
        }
    )
    return fs.simulate(desk, replications=REPLICATIONS, records=False)


@pytest.mark.slow
@pytest.mark.parametrize("kpi", ["bookings", "cycle_time", "win_rate"])
def test_a_new_run_of_a_company_falls_inside(kpi: str) -> None:
    """Single quarters of a busy desk: of 6,000 replications some, and another one."""
    figures = [each for each in quarters().summary.kpis[kpi].outcomes if each is not None]
    assert len(figures) == REPLICATIONS
    rng = np.random.default_rng(1)
    for count in (10, 30, 100):
        drawn = [rng.choice(figures, count + 1, replace=False).tolist() for _ in range(EXPERIMENTS)]
        share = _covered([(mean_of(each[:-1], "USD"), each[-1]) for each in drawn])
        print(f"{kpi}, {count} replications: {share:.3f}")
        assert 0.78 <= share <= 0.82
