"""A forecast: its bands hold as many runs as they say, its pipeline is a sum of chances, a CRM's error known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import funnelsim as fs
from funnelsim.results.profiles.forecast import band

LINE: dict[str, Any] = {
    "name": "Line",
    "start": "2026-04-01",
    "horizon": "12 mo",
    "segments": {"small": {"share": 0.5, "value": 1000}, "large": {"share": 0.5, "value": 5000}},
    "sources": {"web": {"rate": "100 / mo"}},
    "opening": {
        "deals": [
            *({"stage": "talk", "segment": "small"} for _ in range(40)),
            *({"stage": "close", "segment": "large"} for _ in range(10)),
        ]
    },
    "stages": {
        "talk": {"convert": {"small": 0.5, "large": 0.25}, "decision": {"dist": "exponential", "mean": "20 d"}},
        "close": {"convert": 0.6, "decision": {"dist": "exponential", "mean": "10 d"}},
    },
}


@pytest.fixture(scope="module")
def result() -> fs.Result:
    return fs.simulate(fs.Scenario.from_dict(LINE), replications=400, seed=1)


def test_the_weighted_pipeline_is_the_sum_of_chances(result: fs.Result) -> None:
    found = result.forecast().pipeline
    assert found.deals == 50
    assert found.value == 40 * 1000 + 10 * 5000
    assert found.won == pytest.approx(40 * 0.5 * 0.6 + 10 * 0.6)
    assert found.bookings == pytest.approx(40 * 0.3 * 1000 + 10 * 0.6 * 5000)


def test_bands_are_those_of_single_runs(result: fs.Result) -> None:
    """Wins of a month late in the run come as a Poisson process does: thinned, and moved in time at random."""
    found = result.forecast()
    late = found.by_period["won"][-1]
    days = found.periods[-1].counts
    rate = 100 / 30.4375 * days * (0.5 * 0.5 + 0.5 * 0.25) * 0.6
    assert late.mean == pytest.approx(rate, abs=4 * math.sqrt(rate / 400))
    for level in (0.5, 0.8, 0.95):
        ends = late.ranges[level]
        assert ends is not None
        assert ends[0] == pytest.approx(stats.poisson.ppf((1 - level) / 2, rate), abs=2)
        assert ends[1] == pytest.approx(stats.poisson.ppf((1 + level) / 2, rate), abs=2)
    total = found.cumulated["won"][-1].mean
    assert total == pytest.approx(sum(each.mean for each in found.by_period["won"]))
    assert (
        sum(period.counts for period in found.periods)
        == (found.periods[-1].last - found.periods[0].first).days + 1
    )


def test_bands_need_enough_runs() -> None:
    few = band(np.arange(8.0))
    assert few.ranges[0.5] is not None
    assert few.ranges[0.8] is None
    assert band(np.arange(39.0)).ranges[0.95] == pytest.approx((0, 38))
    assert band(np.arange(38.0)).ranges[0.95] is None


def test_bands_hold_as_many_new_runs_as_they_say(result: fs.Result) -> None:
    others = fs.simulate(fs.Scenario.from_dict(LINE), replications=400, seed=2).forecast()
    mine = result.forecast()
    again = fs.simulate(fs.Scenario.from_dict(LINE), replications=400, seed=2)
    flows = again.fiscal("month").flows["bookings"]
    held = []
    for at, each in enumerate(mine.by_period["bookings"]):
        ends = each.ranges[0.8]
        assert ends is not None
        held += [ends[0] <= one <= ends[1] for one in flows[at].outcomes if one is not None]
    assert np.mean(held) == pytest.approx(0.8, abs=0.03)
    assert others.runs == 400


def test_what_a_crm_says_of_a_quarter(result: fs.Result) -> None:
    """By hand, for a flow that has settled: deals in stages by Little's law, exponential times without memory."""
    found = result.forecast("quarter").accuracy
    flow, days = 100 / 30.4375, 92  # a day; days of a quarter
    talk, close = flow * 20, flow * 0.375 * 10
    # In `talk` still, or in `close` after it: of all that were open then, which by then should all have closed.
    stays = math.exp(-days / 20)
    moved = 0.375 * (math.exp(-days / 20) - math.exp(-days / 10))
    slippage = (talk * (stays + moved) + close * math.exp(-days / 10)) / (talk + close)
    told = talk * 0.375 * 0.6 * 3000 + close * 0.6 * (2 / 3 * 1000 + 1 / 3 * 5000)
    came = flow * days * (0.5 * 0.3 * 1000 + 0.5 * 0.15 * 5000)
    assert found.days == 400 * 3
    assert found.slippage == pytest.approx(slippage, rel=0.1)
    assert found.bias == pytest.approx(told / came - 1, abs=0.02)  # what comes in the quarter is not in it
    assert found.wape == pytest.approx(-(told / came - 1), abs=0.02)


def test_a_warm_up_is_refused() -> None:
    warm = fs.simulate(fs.Scenario.from_dict({**LINE, "warmup": "1 mo"}), replications=1)
    with pytest.raises(fs.FunnelsimError, match="has a warm-up"):
        warm.forecast()
    with pytest.raises(fs.FunnelsimError, match="unknown length"):
        fs.simulate(fs.Scenario.from_dict(LINE), replications=1).forecast("week")


def test_a_line_without_values_is_told_in_wins() -> None:
    line = {key: value for key, value in LINE.items() if key not in ("segments", "opening")}
    line["stages"] = {**LINE["stages"], "talk": {"convert": 0.4}}
    found = fs.simulate(fs.Scenario.from_dict(line), replications=3).forecast("quarter")
    assert found.pipeline.deals == 0
    assert found.accuracy.wape is not None
    assert found.to_dict()["periods"][0]["won"]["range80"] is None
