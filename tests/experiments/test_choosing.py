"""Choosing among scenarios: with a guarantee, with a budget, and by figures that are ratios."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.study.goals import goal_of

DESK = """
funnelsim: 1
name: Sales desk
horizon: 40 d
warmup: 5 d
sources: {web: {rate: 8 / d}}
teams: {desk: {headcount: 2, queue: fifo}}
stages:
  serve: {team: desk, effort: {dist: exponential, mean: 5.5 h}, convert: 0.5}
"""


@pytest.fixture(scope="module")
def arms() -> dict[str, fs.Scenario]:
    desk = fs.Scenario.from_text(DESK)
    return {
        "two reps": desk,
        "three reps": desk.change({"teams.desk.headcount": 3}),
        "quicker": desk.change({"stages.serve.effort": {"multiply": 0.97}}),
        "one rep": desk.change({"teams.desk.headcount": 1}),
    }


def test_the_best_is_chosen_and_the_worst_is_dropped_early(arms: dict[str, fs.Scenario]) -> None:
    choice = fs.choose(arms, "cycle_time", fs.Guarantee(6.0))
    assert choice.name == "three reps"
    assert choice.table.index[0] == "three reps"
    assert choice.table.loc["one rep", "replications"] == 10
    assert "at least 95 % of cases in which the best leads by 6 h or more" in choice.promise
    alone = fs.simulate(arms["one rep"], replications=10).to_dict()["kpis"]["cycle_time"]
    assert choice.table.loc["one rep", "mean"] == alone["mean"]
    assert repr(choice).startswith("<Choice of 'three reps' among 4 by cycle_time; seed 1, engine ")
    assert choice._repr_html_().startswith("<p>three reps is chosen by cycle_time")


def test_a_budget_goes_where_it_tells(arms: dict[str, fs.Scenario]) -> None:
    choice = fs.choose(arms, "cycle_time", fs.Budget(30, first=4, step=6))
    assert choice.name == "three reps"
    assert choice.table["replications"].sum() == 30
    assert choice.table.loc["one rep", "replications"] < 10
    assert "after 30 replications" in choice.promise
    assert choice.probability is not None


@pytest.mark.parametrize("rule", [fs.Guarantee(6.0), fs.Budget(25)])
def test_the_same_scenario_twice_has_exactly_half_the_chance(
    arms: dict[str, fs.Scenario], rule: fs.Guarantee | fs.Budget
) -> None:
    twice = {"one": arms["two reps"], "two": arms["two reps"].change({"name": "again"})}
    choice = fs.choose(twice, "cycle_time", rule)
    assert choice.chances == {"one": 0.5, "two": 0.5}
    assert len(choice.alike) == 1
    assert "the probability that none is better is > 99.9 %" in choice.words[1]
    assert "neither is the better one" in choice.words[2]


def test_a_probability_is_over_all_arms_and_not_over_those_with_as_many_replications(
    arms: dict[str, fs.Scenario],
) -> None:
    """Two that are close: the one that is dropped may be the better one all the same."""
    close = {name: arms[name] for name in ("two reps", "quicker")}
    close["slower"] = arms["two reps"].change({"stages.serve.effort": {"multiply": 1.001}})
    choice = fs.choose(close, "won", fs.Guarantee(30.0))
    assert sum(share or 0.0 for share in choice.chances.values()) == pytest.approx(1)
    assert choice.probability is not None
    assert choice.probability < 0.9
    assert choice.good is not None
    assert choice.good > 0.9
    assert choice.table.index[0] == choice.name
    assert choice.to_dict()["within_zone"] == choice.good


def test_a_selection_that_gave_up_promises_nothing(arms: dict[str, fs.Scenario]) -> None:
    choice = fs.choose(arms, "cycle_time", fs.Guarantee(0.01, most=12))
    assert "nothing is promised" in choice.promise
    assert "%" not in choice.promise


def test_mistakes_are_told(arms: dict[str, fs.Scenario]) -> None:
    with pytest.raises(fs.FunnelsimError, match="did you mean 'cycle_time'"):
        fs.choose(arms, "cycletime", fs.Guarantee(1.0))
    with pytest.raises(fs.FunnelsimError, match="at least two"):
        fs.choose({"one": arms["two reps"]}, "won", fs.Guarantee(1.0))
    nothing = {name: each.change({"sources.web.rate": "0 / d"}) for name, each in arms.items()}
    with pytest.raises(fs.FunnelsimError, match="too few figures for cycle_time"):
        fs.choose(nothing, "cycle_time", fs.Budget(40))


@pytest.mark.parametrize("kpi", ["contribution", "bookings_per_year", "cost"])
def test_nothing_is_ranked_by_money_of_which_no_line_speaks(arms: dict[str, fs.Scenario], kpi: str) -> None:
    """Whatever ranks scenarios or weighs numbers by one KPI; one priced arm is enough for a figure."""
    for ask in (
        lambda: fs.choose(arms, kpi, fs.Budget(40)),
        lambda: fs.tornado(arms["two reps"], kpi=kpi, replications=2),
        lambda: fs.guesses(arms["two reps"], kpi, replications=2),
        lambda: fs.sensitivity(arms["two reps"], {"teams.desk.headcount": [2, 3]}, kpi=kpi, points=2),
    ):
        with pytest.raises(FunnelsimError, match=f"{kpi} is 0 in every run") as refused:
            ask()
        assert refused.value.code == "E-kpi-money"


VARIED = {"teams.desk.headcount": [2, 3]}
PRICED = {"segments.all.value": ["1 USD", "10 USD"]}


def test_a_study_is_refused_or_told_by_what_it_does_with_money(
    arms: dict[str, fs.Scenario], tmp_path: Path
) -> None:
    """Optimise and indices rank and weigh; a sweep only shows. An arm or a factor with prices is enough."""
    base = arms["two reps"]
    with pytest.raises(ScenarioError, match="maximise: bookings is 0 in every run") as refused:
        fs.optimise(fs.Study.of(base, VARIED, maximise="bookings"), out=tmp_path / "none.db")
    assert {each.code for each in refused.value.problems} == {"E-kpi-money"}
    swept = fs.sweep(fs.Study.of(base, VARIED, kpis=["bookings"]), out=tmp_path / "swept.db", replications=1)
    assert any("bookings is 0 in every run" in each for each in swept.warnings)
    priced = base.change({"segments": {"all": {"value": "1 USD"}}})
    for study in (
        fs.Study.of(base, VARIED, arms={"priced": {"segments": {"all": {"value": "1 USD"}}}}, maximise="bookings"),
        fs.Study.of(priced, PRICED, maximise="bookings"),
    ):
        assert goal_of(study).kpi == "bookings"


def test_one_arm_that_pays_is_enough(arms: dict[str, fs.Scenario]) -> None:
    paid = {**arms, "paid": arms["one rep"].change({"teams.desk.cost": {"salary": "1000 / mo"}})}
    assert fs.choose(paid, "cost", fs.Budget(40)).kpi == "cost"
