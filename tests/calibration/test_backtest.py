"""A back-test forecasts from earlier days with nothing of what came later, and compares the comparable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import funnelsim as fs
from calibration.exporting import export
from funnelsim.calibration.history import History
from funnelsim.calibration.testing.backtest import DRAWS, METHODS, NAIVE, PLAIN, Backtest, backtest, days_of
from funnelsim.calibration.testing.outcomes import came, flow, pipeline_of, told

QUICK = {
    "name": "Quick",
    "start": "2024-01-01",
    "horizon": "30 mo",
    "segments": {"all": {"value": {"dist": "lognormal", "median": 1000, "sigma": 0.5}}},
    "sources": {"web": {"rate": "120 / mo"}},
    "stages": {
        "talk": {"convert": 0.5, "decision": {"advanced": {"dist": "exponential", "mean": "3 d"}, "lost": "2 d"}},
        "close": {"convert": 0.6, "decision": {"dist": "exponential", "mean": "4 d"}},
    },
}
"""Deals that are soon decided, so that those open at a cut matter little."""


@pytest.fixture(scope="module")
def history() -> History:
    return export(fs.Scenario.from_dict(QUICK), start=90.0, end=800.0, seed=2)


@pytest.fixture(scope="module")
def found(history: History) -> Backtest:
    return backtest(
        history, cuts=5, every="2 mo", horizons=("1 mo", "4 mo"), kpis=("won", "created", "cycle_time"), draws=20
    )


def test_every_method_is_asked_what_it_can_tell(found: Backtest) -> None:
    methods = {(case.kpi, case.method) for case in found.cases}
    assert {method for kpi, method in methods if kpi == "won"} == set(METHODS)
    assert {method for kpi, method in methods if kpi == "created"} == {
        DRAWS,
        PLAIN,
        "last_period",
        "four_weeks",
        "smoothing",
    }
    assert {method for kpi, method in methods if kpi == "cycle_time"} == {DRAWS, PLAIN}
    assert len(found.of("won", "1 mo", DRAWS)) == 5
    assert len(found.of("won", "4 mo", DRAWS)) == 4  # the last day has but two months behind it


def test_a_steady_flow_is_forecast(found: Backtest) -> None:
    score = found.scored["created", "1 mo", DRAWS]
    assert abs(score.bias) < 0.15
    assert score.coverage95 >= 0.6
    assert abs(found.scored["won", "4 mo", DRAWS].bias) < 0.2


def test_the_future_changes_no_forecast(history: History) -> None:
    """Whatever comes after a cut, the forecast from it is the same, to the byte."""
    day = history.as_of - days_of("2 mo")
    deals, visits = history.deals, history.visits
    later = replace(
        history,
        deals=replace(deals, closed=np.where(deals.closed >= day, deals.closed + 0.5, deals.closed)),
        visits=replace(visits, left=np.where(visits.left >= day, visits.left + 0.5, visits.left)),
    )
    one, other = (backtest(each, cuts=1, every="2 mo", horizons=("1 mo",), draws=4) for each in (history, later))
    for mine, theirs in zip(one.cases, other.cases, strict=True):
        assert mine.ensemble.tolist() == theirs.ensemble.tolist()


def test_simple_methods_are_compared_on_the_same_days(found: Backtest) -> None:
    best = found.best_naive("won", "1 mo")
    assert best in NAIVE
    better, count = found.better("won", "1 mo", str(best))
    assert 0 <= better <= count == 5
    assert found.best_naive("cycle_time", "1 mo") is None
    missing = replace(
        found, cases=tuple(c for c in found.cases if not (c.method == best and c.cut == found.cases[0].cut))
    )
    assert missing.best_naive("won", "1 mo") != best


def test_outcomes_of_a_history_and_of_a_run_are_counted_alike(history: History) -> None:
    """The same firm, once as records of a CRM and once as a run from its start."""
    result = fs.simulate(fs.Scenario.from_dict(QUICK), replications=1, seed=2)
    leads = result.replicates[0].leads
    for kpi in ("won", "bookings", "created", "open", "cycle_time"):
        assert told(leads, kpi, 700.0) == pytest.approx(
            came(replace(history, start=0.0), kpi, 0.0, 700.0), rel=1e-9
        ), kpi


def test_a_pipeline_is_open_deals_and_their_chances(history: History) -> None:
    chances, amounts, run_rate = pipeline_of(history, "won", 30.0)
    assert len(chances) == int(np.isnan(history.deals.closed).sum())
    assert set(np.round(np.unique(chances), 1)) <= {0.3, 0.6}
    assert (amounts == 1).all()
    # Of 3.94 deals a day 30 % are won after 7 days on average, so most of a month's are won within it.
    assert 20 < run_rate < 120 / 30.4375 * 30 * 0.3
    moments = flow(history, "created")
    assert len(moments.moments) == (history.deals.created >= history.start).sum()


def test_what_cannot_be_tested_is_refused(history: History) -> None:
    with pytest.raises(fs.FunnelsimError, match="unknown KPI 'wins'"):
        backtest(history, kpis=("wins",))
    with pytest.raises(fs.FunnelsimError, match="no day has 120 days"):
        backtest(history, cuts=1, every="700 d")
    some = backtest(history, cuts=12, every="2 mo", horizons=("1 mo",), draws=2, kpis=("won",))
    assert "cuts_left_out" in {finding.code for finding in some.findings}


def test_the_document_has_every_case(found: Backtest) -> None:
    document = found.to_dict()
    assert len(document["cases"]) == len(found.cases)
    assert {row["method"] for row in document["scores"]} == set(METHODS)
    assert found.scores.columns.tolist()[:3] == ["kpi", "horizon", "method"]
    assert all(each["factor"] >= 1 for each in document["widening"])
