"""Chances and laws of two outcomes: against other programs, against their own truth, as often as they say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from funnelsim.calibration.estimating import competing, laws
from funnelsim.calibration.estimating.empirical import aalen_johansen
from funnelsim.calibration.estimating.laws import FAMILIES, Law

SCIPY = {
    "lognormal": lambda a, b: stats.lognorm(s=b, scale=a),
    "weibull": lambda a, b: stats.weibull_min(c=b, scale=a),
    "gamma": lambda a, b: stats.gamma(a=1 / b**2, scale=a * b**2),
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("first", "second"), [(7.2, 0.71), (30.0, 1.4)])
def test_laws_are_those_of_scipy(family: str, first: float, second: float) -> None:
    law, other = Law(family, math.log(first), math.log(second), np.zeros((2, 2))), SCIPY[family](first, second)
    time = np.array([0.01, 0.5, 3.0, 20.0, 90.0])
    working = (law.first, law.second)
    assert laws.log_density(family, *working, time) == pytest.approx(other.logpdf(time), rel=1e-9)
    assert laws.log_survival(family, *working, time) == pytest.approx(other.logsf(time), rel=1e-8)
    between = np.log(other.sf(time) - other.sf(time + 1))
    assert laws.log_between(family, *working, time, time + 1) == pytest.approx(between, rel=1e-6)
    assert law.quantile(np.array([0.1, 0.5, 0.975])) == pytest.approx(other.ppf([0.1, 0.5, 0.975]), rel=1e-8)
    assert law.mean == pytest.approx(other.mean(), rel=1e-9)
    assert law.below(time) == pytest.approx(other.cdf(time), rel=1e-8)


def visits(rng: np.random.Generator, n: int, p: Any, window: float = 400.0) -> tuple[Any, Any, Any]:
    """Visits that enter evenly over a window and are seen until its end: times, outcomes, kinds."""
    kind = rng.integers(0, len(p), n)
    wins = rng.random(n) < np.asarray(p)[kind]
    time = np.where(wins, rng.lognormal(math.log(15), 0.7, n), rng.gamma(1.6, 18, n))
    seen = rng.uniform(0, window, n)
    return np.minimum(time, seen), np.where(time > seen, -1, wins.astype(int)), kind


def test_coverage_of_chances_and_laws() -> None:
    """Pooled over the parameters of 80 data sets; a third of the visits is open."""
    rng = np.random.default_rng(7)
    held = []
    for _ in range(80):
        time, outcome, kind = visits(rng, 500, (0.35, 0.6), 60.0)
        made = competing.fit(time, outcome, kind, families=("lognormal", "gamma"))
        held += [low < p < high for low, p, high in zip(made.p_low, (0.35, 0.6), made.p_high, strict=True)]
        if (made.advanced.family, made.lost.family) == ("lognormal", "gamma"):
            pairs = ((made.advanced, (15, 0.7)), (made.lost, (28.8, 1 / math.sqrt(1.6))))
            for law, truth in pairs:
                for place in (0, 1):
                    low, high = law.interval(place)
                    held.append(low < truth[place] < high)
    assert len(held) > 250
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_open_visits_do_not_bend_the_chance() -> None:
    """Losses take longer here, so the share among closed visits is too high; the estimate is not."""
    rng = np.random.default_rng(3)
    time, outcome, kind = visits(rng, 20_000, (0.4,), 60.0)
    made = competing.fit(time, outcome, kind)
    naive = (outcome == 1).sum() / (outcome >= 0).sum()
    assert naive > 0.43
    assert made.p_low[0] < 0.4 < made.p_high[0]
    assert made.open == (outcome < 0).sum()
    assert min(made.table.values()) == 0
    assert made.ks[0] < 0.03


def test_dates_without_hours() -> None:
    """Differences of dates are read as intervals; short times do not come out half a day too long."""
    rng = np.random.default_rng(4)
    n = 8000
    entered, wins = rng.uniform(0, 300, n), rng.random(n) < 0.5
    left = entered + np.where(wins, rng.lognormal(math.log(2), 0.6, n), rng.lognormal(math.log(3), 0.5, n))
    time = np.floor(left) - np.floor(entered)
    made = competing.fit(time, wins.astype(int), day_resolution=True, families=("lognormal",))
    assert made.advanced.parameters["median"] == pytest.approx(2, rel=0.03)
    assert made.lost.parameters["median"] == pytest.approx(3, rel=0.03)


def test_visits_that_came_into_sight_late() -> None:
    """Those that ended before the records began are missing; with the age at entry nothing is bent."""
    rng = np.random.default_rng(5)
    n = 30_000
    wins = rng.random(n) < 0.5
    time = np.where(wins, rng.lognormal(math.log(10), 0.6, n), rng.lognormal(math.log(40), 0.6, n))
    age = rng.uniform(0, 60, n) * (rng.random(n) < 0.7)
    seen = time > age
    made = competing.fit(time[seen], wins[seen].astype(int), entry=age[seen], families=("lognormal",))
    bent = competing.fit(time[seen], wins[seen].astype(int), families=("lognormal",))
    assert made.p_low[0] < 0.5 < made.p_high[0]
    assert bent.p_high[0] < 0.45


def test_incidence_without_censoring_is_the_share() -> None:
    made = aalen_johansen([1, 2, 2, 3, 5], [1, 0, 1, 1, 0])
    assert made.advanced.tolist() == pytest.approx([0.2, 0.4, 0.6, 0.6])
    assert made.lost.tolist() == pytest.approx([0, 0.2, 0.2, 0.4])
    assert [made.p, made.left] == pytest.approx([0.6, 0])


def test_incidence_of_one_outcome_is_kaplan_meier() -> None:
    rng = np.random.default_rng(6)
    time, seen = rng.exponential(10, 400), rng.uniform(0, 25, 400)
    made = aalen_johansen(np.minimum(time, seen), np.where(time <= seen, 1, -1))
    data = stats.CensoredData.right_censored(np.minimum(time, seen), time > seen)
    assert 1 - made.advanced == pytest.approx(stats.ecdf(data).sf.evaluate(made.times))
    assert made.quantiles(1, [0.5])[0] < 10


def test_which_kinds_differ() -> None:
    rng = np.random.default_rng(8)
    time, outcome, kind = visits(rng, 1500, (0.3, 0.55))
    noise = rng.integers(0, 3, 1500)
    found = competing.kinds(time, outcome, {"segment": noise, "source": kind, "same": np.zeros(1500)})
    assert found.name == "source"
    assert found.p_values["segment"] > 0.01


def test_false_alarms_of_kinds_are_as_rare_as_said() -> None:
    rng = np.random.default_rng(9)
    p_values = []
    for _ in range(120):
        time, outcome, _ = visits(rng, 300, (0.4,))
        p_values.append(
            competing.kinds(time, outcome, {"x": rng.integers(0, 2, 300)}, families=("lognormal",)).p_values["x"]
        )
    assert np.mean(np.array(p_values) < 0.1) == pytest.approx(0.1, abs=0.09)


def test_few_outcomes_share_one_law() -> None:
    made = competing.fit([3, 4, 5, 9, 14, 20, 2], [0, 0, 0, 0, 0, 0, -1])
    assert made.shared
    assert (made.advanced.first, made.advanced.second) == (made.lost.first, made.lost.second)
    assert 0 < made.p[0] < 0.2
    with pytest.raises(ValueError, match="no visit has an outcome"):
        competing.fit([1, 2], [-1, -1])


def test_draws_have_the_spread_of_the_estimate() -> None:
    rng = np.random.default_rng(10)
    time, outcome, kind = visits(rng, 800, (0.4,))
    made = competing.fit(time, outcome, kind)
    drawn = np.array(
        [math.log(made.draw(rng)[1].parameters[laws.PARAMETERS[made.advanced.family][0]]) for _ in range(2000)]
    )
    assert drawn.std() == pytest.approx(math.sqrt(made.advanced.covariance[0, 0]), rel=0.1)


def test_shrinking_draws_kinds_to_their_mean() -> None:
    p, low, high = np.array([0.2, 0.3, 0.4]), np.array([0.15, 0.2, 0.2]), np.array([0.26, 0.42, 0.64])
    made = competing.shrunk(p, low, high)
    assert np.ptp(made) < np.ptp(p)
    assert competing.shrunk(p, p - 0.001, p + 0.001) == pytest.approx(p, abs=0.002)


def test_the_gamma_density_integrates_to_one() -> None:
    whole = integrate.quad(lambda t: math.exp(laws.log_density("gamma", 1.0, -0.3, np.array([t]))[0]), 0, 60)[0]
    assert whole == pytest.approx(1, abs=1e-6)
