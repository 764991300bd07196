"""What common random numbers save: variances of differences over those of independent runs.

The ratio is also that of the replications that a difference of given precision needs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

import funnelsim as fs
from funnelsim.engine.compiled import run
from funnelsim.experiments.running.arms import side_by_side
from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.model.compile import compile_model
from funnelsim.model.records import WON, Records
from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS

Floats = NDArray[np.float64]
SEED = 1

AUTOMATIC = """
funnelsim: 1
name: A rate and nothing else
horizon: {days} d
sources: {{web: {{rate: 20 / d}}}}
teams: {{desk: {{headcount: 1, queue: fifo}}}}
stages: {{serve: {{convert: {rate}}}}}
"""

QUEUE = """
funnelsim: 1
name: A queue
horizon: 250 h
sources: {{web: {{rate: 1 / h}}}}
teams: {{desk: {{headcount: {heads}, queue: fifo}}}}
stages: {{serve: {{team: desk, continuity: any_rep, effort: {{dist: exponential, mean: {effort} h}}}}}}
"""

TEAM = """
funnelsim: 1
name: One team
horizon: 200 h
territories: {east: 1, west: 1}
sources: {web: {rate: 5.7 / h}}
teams: {desk: {headcount: 6, queue: fifo}}
stages: {serve: {team: desk, continuity: any_rep, effort: {dist: exponential, mean: 1 h}}}
"""


def variance_ratio(one: Floats, other: Floats) -> float:
    """The variance of the paired difference over that of the difference of independent runs."""
    return float(np.var(other - one, ddof=1) / (one.var(ddof=1) + other.var(ddof=1)))


def measured(texts: list[str], replications: int, measure: Callable[[Records], float]) -> Floats:
    """A figure of each replication, one row per scenario."""
    models = [compile_model(fs.Scenario.from_text(text)) for text in texts]
    return np.array([[measure(run(model, SEED, number)) for number in range(replications)] for model in models])


def wins_by_day(rate: float, days: int) -> Floats:
    """Leads won by day of creation: independent Poisson counts, so that each day is a replication."""
    records = run(compile_model(fs.Scenario.from_text(AUTOMATIC.format(days=days, rate=rate))), SEED, 0)
    won = records.leads.created[records.leads.outcome == WON]
    return np.bincount(won // MICROSECONDS["d"], minlength=days).astype(float)


@pytest.mark.parametrize(("days", "within"), [(1500, 0.2), pytest.param(12_000, 0.1, marks=pytest.mark.slow)])
def test_win_rates_of_20_and_25_percent_on_the_same_leads(days: int, within: float) -> None:
    """Only the leads between the two rates differ: .05 of .45, which is one ninth."""
    ratio = variance_ratio(wins_by_day(0.20, days), wins_by_day(0.25, days))
    print(f"variance ratio {ratio:.4f} of .1111")
    assert ratio == pytest.approx(1 / 9, rel=within)


def first_waits(records: Records) -> float:
    """The mean wait of the first 100 leads in hours."""
    visits = records.visits
    first = np.argsort(visits.entered, kind="stable")[:100]
    assert len(first) == 100
    assert (visits.first_touch[first] >= 0).all()
    return float((visits.first_touch[first] - visits.entered[first]).mean() / HOUR)


@pytest.mark.parametrize(("replications", "times"), [(50, 3.0), pytest.param(500, 1.5, marks=pytest.mark.slow)])
def test_one_fast_rep_against_two_slow_ones(replications: int, times: float) -> None:
    """M/M/1 at .9 against M/M/2 of the same capacity: .0033 of the variance (Law, section 11.2)."""
    texts = [QUEUE.format(heads=heads, effort=effort) for heads, effort in ((1, 0.9), (2, 1.8))]
    ratio = variance_ratio(*measured(texts, replications, first_waits))
    print(f"variance ratio {ratio:.5f} of .0033")
    assert 0.0033 / times <= ratio <= 0.0033 * times


@pytest.mark.parametrize("replications", [25, pytest.param(200, marks=pytest.mark.slow)])
def test_one_team_against_two_territories(replications: int) -> None:
    """Six reps at a load of .95 over 200 hours, split in two threes: a quarter of the replications."""
    one = fs.Scenario.from_text(TEAM)
    two = one.change({"teams.desk.serves": {"east": 3, "west": 3}, "teams.desk.routing": "territory"})
    running = side_by_side({"one": one, "two": two}, Sampling(SEED))
    running.extend(replications)
    for kpi, at_least in (("won", 4.0), ("cycle_time", 4.0 if replications >= 200 else 2.0)):
        before, after = (np.array(arm.estimate(kpi).residuals) for arm in running.arms)
        saving = 1 / variance_ratio(before, after)
        print(f"{kpi}: {saving:.1f} times fewer replications")
        assert saving >= at_least
