"""Fiscal periods: where they begin, which are there in part, and that they add up to the KPIs."""

from __future__ import annotations

import datetime as dt

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import compile_model
from funnelsim.results.profiles.fiscal import FLOWS, periods_of
from funnelsim.views.sentences.fiscal import name

DESK = """
name: Desk
start: 2026-01-15
horizon: 400 d
warmup: 40 d
fiscal_year: {month}
currency: EUR
segments: {{all: {{value: {{dist: lognormal, median: 1_000, sigma: 0.6}}}}}}
sources: {{web: {{rate: 2 / d, cost: 5}}}}
teams: {{desk: {{headcount: 2, queue: fifo, cost: {{salary: 60_000 / y, commission: 0.1}}}}}}
stages: {{serve: {{team: desk, effort: {{dist: exponential, mean: 10 h}}, convert: 0.5, books: true}}}}
customers: {{team: desk, churn: 0.05 / mo}}
"""


def desk(month: int = 4) -> fs.Scenario:
    return fs.Scenario.from_text(DESK.format(month=month))


@pytest.mark.parametrize("length", ["month", "quarter", "year"])
@pytest.mark.parametrize("month", [1, 2, 4, 12])
def test_they_follow_one_another_and_add_up_to_the_kpis(length: str, month: int) -> None:
    result = fs.simulate(desk(month), replications=3)
    found = result.fiscal(length)
    assert found.periods[0].first == dt.date(2026, 2, 24)
    assert found.periods[-1].last == dt.date(2027, 2, 18)
    for before, after in zip(found.periods[:-1], found.periods[1:], strict=True):
        assert after.first == before.last + dt.timedelta(1)
        assert before.span[1] == after.span[0]
    for flow in FLOWS:
        total = sum(each.mean or 0.0 for each in found.flows[flow])
        assert total == pytest.approx(result.kpis.loc[flow, "mean"])


def test_quarters_are_those_of_the_fiscal_year() -> None:
    quarters = periods_of(compile_model(desk(2)), "quarter")  # from February, May, August and November on
    assert [(each.number, each.begins.isoformat(), each.whole) for each in quarters] == [
        (1, "2026-02-01", False),
        (2, "2026-05-01", True),
        (3, "2026-08-01", True),
        (4, "2026-11-01", True),
        (1, "2027-02-01", False),
    ]
    assert (quarters[0].counts, quarters[0].days) == (66, 89)
    assert name(quarters[0], "quarter") == "Q1, 2026-02 to 2026-04 (part: 66 of 89 days)"
    years = periods_of(compile_model(desk(4)), "year")
    assert [(each.begins.isoformat(), each.whole) for each in years] == [
        ("2025-04-01", False),
        ("2026-04-01", False),
    ]


def test_the_fiscal_year_changes_no_result() -> None:
    assert desk(1).fingerprint == desk(4).fingerprint


def test_mistakes() -> None:
    with pytest.raises(FunnelsimError, match="fiscal_year"):
        desk(13)
    result = fs.simulate(desk(), replications=1)
    with pytest.raises(FunnelsimError, match="did you mean 'year'"):
        result.periods("years")
    with pytest.raises(FunnelsimError, match="has no records"):
        fs.simulate(desk(), replications=1, records=False).periods()
