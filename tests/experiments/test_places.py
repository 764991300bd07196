"""Figures of stages and teams in a comparison, and each team's own figure beside the whole's."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.comparison.places import own_figures
from funnelsim.model.compile import compile_model
from funnelsim.views.sentences import places
from funnelsim.views.words import speaking

SCENARIOS = Path(__file__).parents[2] / "scenarios"

LINE = """\
horizon: 120 d
warmup: 20 d
currency: USD
gross_margin: 1
revenue: one_off
segments: {all: {value: 3_000}}
sources: {web: {rate: 6 / d, cost: 100}}
teams:
  callers: {headcount: 4, queue: fifo, cost: {salary: 50_000 / y}, label: Inside sales}
  sellers: {headcount: 2, queue: fifo, cost: {salary: 100_000 / y}}
stages:
  call: {team: callers, effort: {dist: exponential, mean: 1 h}, convert: 0.5}
  sell: {team: sellers, effort: {dist: exponential, mean: 3 h}, convert: 0.4, books: true, label: Meeting}
"""


@pytest.fixture(scope="module")
def bought() -> fs.Comparison:
    """Twice as many leads at eight times the price: the callers hand over more, and the company earns less."""
    today = fs.Scenario.from_text(LINE)
    more = today.change({"sources.web": {"rate": {"multiply": 2}, "cost": 800}})
    quick = today.change({"stages.sell.effort": {"multiply": 0.5}})
    return fs.compare(
        {"today": today, "bought leads": more, "quick": quick},
        kpis=["stages.sell.wait", "teams.sellers.load", "won"],
        replications=12,
    )


def test_figures_of_stages_and_teams_are_compared_like_kpis(bought: fs.Comparison) -> None:
    table = bought.table
    for arm in bought.arms:
        if arm is bought.base:
            continue
        expected = arm.summary.stages["sell"]["wait"].mean - bought.base.summary.stages["sell"]["wait"].mean
        assert table.loc[("stages.sell.wait", arm.name), "mean"] == pytest.approx(expected)
    assert table.loc[("teams.sellers.load", "quick"), "verdict"] == "less"
    assert table.loc[("teams.sellers.load", "bought leads"), "verdict"] == "more"
    assert any("wait at Meeting" in each for each in bought.sentences)
    assert bought.best["stages.sell.wait"].idxmax() == "quick"  # less waiting is better


def test_a_figure_that_there_is_not_is_named_with_what_is_near() -> None:
    today = fs.Scenario.from_text(LINE)
    arms = {"today": today, "quick": today.change({"stages.sell.effort": {"multiply": 0.5}})}
    for kpi, said in {
        "wait": "'wait' is a figure of each stage, and not of the whole line; write stages.call.wait",
        "stages.sel.wait": "unknown stage 'sel'; did you mean 'sell'",
        "stages.sell.waits": "unknown figure of a stage 'waits'; did you mean 'wait'",
        "teams.sellers": "unknown figure of a team ''",
    }.items():
        with pytest.raises(FunnelsimError) as error:
            fs.compare(arms, kpis=[kpi], replications=2)
        assert said in str(error.value), kpi


def test_stages_and_teams_that_differ_are_found(bought: fs.Comparison) -> None:
    found = {(each.kpi, each.arm): str(each.verdict) for each in bought.places}
    assert found["teams.sellers.load", "bought leads"] == "more"
    assert found["stages.sell.wait", "quick"] == "less"
    assert not any(kpi.startswith("stages.call.conversion") for kpi, _ in found)
    told = bought.to_dict()["stages_and_teams"]
    assert set(told) == {"bought leads", "quick"}
    assert told["quick"]["stages.sell.wait"]["verdict"] == "less"


def test_a_team_looks_at_its_own_figure() -> None:
    shipped = {name: compile_model(fs.load(SCENARIOS / f"{name}.yaml")) for name in ("reference", "mid_market")}
    assert own_figures(shipped["reference"]) == {
        "inside_sales": "stages.meet.entered",
        "field_sales": "bookings",
        "customer_success": "nrr",
    }
    assert own_figures(shipped["mid_market"])["field_sales"] == "teams.field_sales.quota_attainment"
    alone = fs.load(SCENARIOS / "mid_market.yaml").with_levers("design_generalist")
    assert set(own_figures(compile_model(alone)).values()) == {"teams.generalists.quota_attainment"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "bought leads pays the team and costs the whole: Inside sales: leads handed to Meeting +"),
        (
            "ja",
            "bought leadsではチームの指標が良くなり、全体が悪くなります。Inside sales:Meetingへの引き渡し件数は+",
        ),
    ],
)
def test_what_pays_a_team_and_costs_the_whole_is_said(bought: fs.Comparison, lang: str, said: str) -> None:
    with speaking(lang):
        sentences = list(places.opposed(bought))
        assert sentences[0].startswith(said)
        rows = places.own_rows(bought)
    assert len(rows) == 3
    own = bought.to_dict()["own_figures"]
    assert own["bought leads"]["callers"]["opposed"] is True
    assert own["bought leads"]["callers"]["whole_difference"]["verdict"] == "less"
    assert own["quick"]["callers"]["opposed"] is False
    assert any("stages.sell.entered, at which Inside sales looks" in each for each in bought.warnings)


def test_the_report_has_both(bought: fs.Comparison, tmp_path: Path) -> None:
    page = bought.report(tmp_path / "page.html", lang="en", only=["differences"]).read_text(encoding="utf-8")
    assert "Stages and teams that differ" in page
    assert "Inside sales: leads handed to Meeting" in page


def test_whatever_looks_at_single_kpis_may_look_at_a_stage_or_a_year() -> None:
    """Sobol's indices and causes keep the terms of what they look at alone."""
    today = fs.Scenario.from_text(LINE)
    for kpi in ("stages.sell.wait", "won_per_year"):
        found = fs.sensitivity(today, {"teams.sellers.headcount": [2, 3]}, kpi=kpi, points=2, replications=1)
        assert found.kpi == kpi
    with pytest.raises(FunnelsimError, match="unknown stage 'sel'"):
        fs.sensitivity(today, {"teams.sellers.headcount": [2, 3]}, kpi="stages.sel.wait", points=2)
    arm = today.change({"teams.sellers.headcount": 3})
    causes = fs.compare({"today": today, "three": arm}, kpis=["stages.sell.wait"], replications=2).causes()
    assert causes is not None
