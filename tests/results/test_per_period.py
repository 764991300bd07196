"""KPIs per year, quarter and month: the flow divided by the time that counts, wherever a KPI may be named."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.outline import Outline
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.indicators import COUNT, MONEY
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.periods.per_period import STOCKS, every_kpi
from funnelsim.views.sentences.figures import over_time

DESK = """
name: Desk
start: 2026-01-01
horizon: 15 mo
warmup: 3 mo
currency: EUR
segments: {all: {value: {dist: lognormal, median: 1_000, sigma: 0.6}}}
sources: {web: {rate: 2 / d}}
teams: {desk: {headcount: 2, queue: fifo, cost: {salary: 60_000 / y}}}
stages: {serve: {team: desk, effort: {dist: exponential, mean: 10 h}, convert: 0.5, books: true}}
customers: {team: desk, churn: 0.05 / mo}
"""
SPAN = 365 / 365.25  # years from 2026-04-01 to 2027-04-01


@pytest.fixture(scope="module")
def result() -> fs.Result:
    return fs.simulate(fs.Scenario.from_text(DESK), replications=10)


@pytest.mark.parametrize("flow", ["bookings", "won", "contribution", "customers_lost", "arr_new", "lost"])
@pytest.mark.parametrize(("period", "in_a_year"), [("year", 1), ("quarter", 4), ("month", 12)])
def test_it_is_the_flow_over_the_time_that_counts(
    result: fs.Result, flow: str, period: str, in_a_year: int
) -> None:
    whole, rate = result.kpis.loc[flow], result.kpis.loc[f"{flow}_per_{period}"]
    for end in ("mean", "low", "high", "range_low", "range_high"):
        assert rate[end] == pytest.approx(whole[end] / SPAN / in_a_year)


def test_every_flow_has_three_and_no_stock_has_any() -> None:
    model = compile_model(fs.Scenario.from_text(DESK))
    names = every_kpi(model)
    for kpi in kpi_indicators(model):
        flows = kpi.combine in (COUNT, MONEY) and kpi.name not in STOCKS
        if flows:
            assert {f"{kpi.name}_per_{period}" for period in ("year", "quarter", "month")} <= names.keys()
        elif not kpi.name.startswith("arr_"):
            assert f"{kpi.name}_per_year" not in names
    assert "arr_end_per_year" not in names
    assert names["won_per_month"][1].estimate([(12, 12 * 2_629_800_000_000)], "EUR").mean == pytest.approx(1.0)


def test_units_and_words(result: fs.Result) -> None:
    units = result.kpis["unit"]
    assert [units[f"bookings_per_{each}"] for each in ("year", "quarter", "month")] == ["EUR/y", "EUR/q", "EUR/mo"]
    assert units["won_per_quarter"] == "leads/quarter"
    assert units["customers_lost_per_month"] == "customers/month"
    assert result.definitions["won_per_quarter"].endswith("Divided by the quarters since the warm-up.")
    assert result.to_dict()["counted"] == {"from": "2026-04-01", "to": "2027-03-31", "years": SPAN}
    assert "bookings_per_year" in fs.kpis("per_year").index
    assert "bookings_per_year" not in fs.kpis().index


def test_a_comparison_over_other_times_is_of_rates() -> None:
    short = fs.Scenario.from_text(DESK)
    arms = {"short": short, "long": short.change({"horizon": "27 mo"})}
    found = fs.compare(
        arms, kpis=["bookings_per_year", "bookings"], replications=10, targets={"won_per_year": "1/d"}
    )
    rate, total = found.findings
    assert abs(rate.share or 1) < 0.3 < (total.share or 0)
    leaf = found.to_dict()["differences"]["long"]
    assert leaf["bookings"]["years"] == SPAN
    assert "years" not in leaf["bookings_per_year"]
    assert "EUR" in " ".join(found.sentences)
    assert found.reached[0].target.value == pytest.approx(365.25)
    with pytest.raises(FunnelsimError, match="did you mean 'bookings_per_year'"):
        fs.compare(arms, kpis=["bookings_per_yer"])


def test_sweeps_and_stores_have_them(tmp_path: Path) -> None:
    base = fs.Scenario.from_text(DESK)
    study = fs.Study.of(base, {"teams.desk.headcount": [1, 2]}, kpis=["bookings_per_year", "bookings"])
    table = fs.sweep(study, out=tmp_path / "s.db", replications=3).table
    assert (table["bookings_per_year"] * SPAN).tolist() == pytest.approx(table["bookings"].tolist())


def test_an_outline_of_an_earlier_version_has_none_of_them() -> None:
    outline = Outline.of(compile_model(fs.Scenario.from_text(DESK)))
    text = outline.text.replace(f',"span":{outline.span}', "")
    assert text != outline.text
    assert set(Outline.from_text(text).indicators) == set(outline.kpis)
    assert Outline.from_text(outline.text) == outline


def test_money_says_over_what_time() -> None:

    spec = fs.Scenario.from_text(DESK).spec
    assert list(over_time(["won", "bookings"], spec)) == [
        "Amounts of money are sums over 12 months, the time that counts, unless a unit says otherwise."
    ]
    assert list(over_time(["cost_of_crm"], spec))
    assert not list(over_time(["won", "bookings_per_year", "cost_of_crm_per_year"], spec))
    assert not list(over_time(["bookings"], spec, ["horizon"]))  # points count over different times
