"""Whatever takes an amount of money takes it in the ways in which the fields of a scenario do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

import funnelsim as fs
from funnelsim.cli.choose import _rule
from funnelsim.cli.questions import Wanted
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.arms import side_by_side
from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.experiments.statistics.selection import Guarantee
from funnelsim.experiments.study.goals import goal_of
from funnelsim.experiments.study.question import Question, question

DESK = """
funnelsim: 1
horizon: 13 mo
warmup: 1 mo
exchange: {JPY: 0.01}
sources: {web: {rate: 8 / d, cost: 1}}
segments: {mid: {value: 1_000}}
teams: {desk: {headcount: 2, queue: fifo, cost: {salary: 36_525 / y}}}
stages: {serve: {team: desk, effort: 5 h, convert: 0.5}}
"""


@cache
def desk(exchange: str = "exchange: {JPY: 0.01}") -> fs.Scenario:
    return fs.Scenario.from_text(DESK.replace("exchange: {JPY: 0.01}", exchange))


def asked(text: str, scenario: fs.Scenario) -> Question:
    running = side_by_side({"one": scenario, "other": scenario}, Sampling(1, "auto", 1, None, None))
    return question(running.arms, None, None, {"cost": text}, {"cost": f"<= {text}"})


def goal(scenario: fs.Scenario, **more: object) -> fs.Study:
    return fs.Study.of(scenario, {"teams.desk.headcount": [1, 2]}, minimise="cost", **more)


def lead(text: str, scenario: fs.Scenario) -> float:
    rule, _ = _rule(Wanted(kpi="cost", indifference=text), scenario)
    assert isinstance(rule, Guarantee)
    return rule.zone


def limit(text: str, scenario: fs.Scenario) -> float:
    return goal_of(goal(scenario, constraints={"cost": {"at_most": text}})).limits[0].value


def zone(text: str, scenario: fs.Scenario) -> float:
    found = goal_of(goal(scenario, indifference=text)).zone
    assert found is not None
    return found.value


def factor(text: str, scenario: fs.Scenario) -> float:
    study = fs.Study.of(scenario, {"sources.web.cost": [1, text]})
    return study.scenario("base", {"sources.web.cost": text}).spec.sources["web"].cost


PLACES: dict[str, Callable[[str, fs.Scenario], float | str]] = {
    "compare: a difference": lambda text, at: asked(text, at).zones["cost"],
    "compare: a target": lambda text, at: asked(text, at).targets[0].value,
    "choose: a lead": lead,
    "a study: a difference": zone,
    "a study: a budget": lambda text, at: goal_of(goal(at, budget=text)).limits[0].value,
    "a study: a limit": limit,
    "a study: a value of a factor": factor,
}

WRITTEN = ("50_000 USD", "$50_000", "50k", "5_000_000 JPY", "¥5_000_000", "500万円", "5M JPY")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", WRITTEN)
def test_an_amount_with_its_currency(place: str, text: str) -> None:
    assert PLACES[place](text, desk()) == pytest.approx(50_000)


@pytest.mark.parametrize("place", PLACES)
def test_a_currency_of_which_no_rate_is_known(place: str) -> None:
    with pytest.raises(FunnelsimError, match=r"no rate is known from ISK to USD; write exchange: \{ISK"):
        PLACES[place]("100 ISK", desk())


def test_a_rate_is_of_the_time_that_counts() -> None:
    yearly = asked("50_000 USD / y", desk()).zones["cost"]
    assert yearly == pytest.approx(50_000 * 365 / 365.25)


def test_a_rate_that_nobody_gave_is_said() -> None:
    rough = desk("")
    said = fs.compare(
        {"one": rough, "other": rough.change({"teams.desk.headcount": 3})},
        kpis=["cost"],
        replications=2,
        indifference={"cost": "1000 JPY"},
        targets={"cost": "<= 9M JPY"},
    )
    assert [text for text in said.warnings if "1 JPY is taken as 0.0067 USD" in text]
    assert "one stays at or below USD 60,300 (9M JPY) (cost over 12 months)" in " ".join(said.sentences)
    assert _rule(Wanted(kpi="cost", indifference="1000 JPY"), rough)[1] != []
