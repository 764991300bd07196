"""Comparing at equal people or equal pay: what is planned, worked out by hand, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.study.checking import load_checked
from funnelsim.experiments.study.equal import Means, alike, refuse_unequal
from funnelsim.model.balance.planned import Plan, plan_of
from funnelsim.views.sentences.plans import in_words

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-01",
    "horizon": "365 d",
    "warmup": "65 d",
    "currency": "EUR",
    "sources": {"web": {"rate": "30 / mo"}},
    "teams": {
        "desk": {"headcount": 4, "queue": "fifo", "cost": {"salary": "60_000 / y"}},
        "field": {"headcount": 2, "queue": "fifo", "cost": {"salary": "10_000 / mo"}},
        "agency": {"headcount": 3, "queue": "fifo", "role": "outsourced", "cost": {"salary": "20_000 / y"}},
    },
    "stages": {
        "serve": {"team": ["desk", "agency"], "effort": "2 h", "convert": 0.5},
        "sell": {"team": "field", "effort": "2 h", "convert": 0.5},
    },
}


@pytest.fixture
def line() -> fs.Scenario:
    return fs.Scenario.from_dict(LINE)


def test_people_and_pay_of_a_plain_line(line: fs.Scenario) -> None:
    plan = plan_of(line)
    assert plan.people == {"desk": 4, "field": 2, "agency": 3}
    assert plan.pay == pytest.approx({"desk": 240_000, "field": 240_000, "agency": 60_000})
    assert (plan.heads, plan.own, plan.currency) == (9, 6, "EUR")
    assert plan.budget == pytest.approx(540_000)


def test_dated_seats_count_from_their_day_and_only_after_the_warm_up(line: fs.Scenario) -> None:
    """Of the 300 days that count, from 7 March to the end of the year, one more is there for 150, one for none."""
    dated = line.change({"teams.desk.headcount": {"set": {"start": 4, "2026-02-01": 5, "2026-08-04": 6}}})
    assert plan_of(dated).people["desk"] == pytest.approx(5 + 150 / 300)
    late = line.change({"teams.desk.headcount": {"set": {"start": 4, "2027-02-01": 50}}})
    assert plan_of(late) == plan_of(line)


def test_a_phase_counts_for_as_long_as_it_lasts(line: fs.Scenario) -> None:
    change = {"teams.field.headcount": {"add": 3}, "teams.desk.cost.salary": {"multiply": 2}}
    phased = line.change({"phases": [{"from": "2026-08-04", "to": "2026-09-03", "change": change}]})
    assert plan_of(phased).people["field"] == pytest.approx(2 + 3 * 30 / 300)
    assert plan_of(phased).pay["desk"] == pytest.approx(240_000 * (1 + 30 / 300))


def test_people_are_equal_within_half_a_head_or_a_hundredth() -> None:
    def of(people: float) -> Plan:
        return Plan({"a": people}, {"a": people * 100.0})

    assert alike(of(10), of(10.49), "people")
    assert not alike(of(10), of(10.5), "people")
    assert alike(of(1000), of(1010), "people")
    assert alike(of(100), of(101), "budget")
    assert not alike(of(100), of(101.1), "budget")


def refused(arms: dict[str, fs.Scenario], same: str) -> str:
    with pytest.raises(fs.FunnelsimError) as error:
        refuse_unequal(arms, None, same)
    return str(error.value)


@pytest.mark.parametrize("same", ["people", "people:own", "budget"])
def test_the_change_that_is_offered_makes_it_equal(line: fs.Scenario, same: str) -> None:
    arms = {"today": line, "more": line.change({"teams.field.headcount": {"add": 2}})}
    said = refused(arms, same)
    assert said.splitlines()[-1].startswith("more would be equal with teams.field.headcount: {add: -2}")
    refuse_unequal({**arms, "more": arms["more"].change({"teams.field.headcount": {"add": -2}})}, None, same)


def test_where_no_number_of_people_costs_as_much_the_pay_is_changed(line: fs.Scenario) -> None:
    arms = {"today": line, "dear": line.change({"teams.desk.cost.salary": {"multiply": 1.05}})}
    assert "dear would be equal with teams.desk.cost.salary: {multiply: 0.9524} laid over it" in refused(
        arms, "budget"
    )
    assert "(540,005 EUR a year)" in refused(arms, "budget")


def test_the_pay_of_a_team_that_does_not_differ_is_left_alone(line: fs.Scenario) -> None:
    """Where a team has other people, they are changed, and where its pay is another, that."""
    dear = {"teams.field.headcount": {"add": 1}, "teams.field.cost.salary": {"multiply": 1.31}}
    said = refused({"today": line, "dear": line.change(dear)}, "budget").splitlines()[-1]
    assert said.startswith(
        ("dear would be equal with teams.field.headcount", "dear would be equal with teams.field.cost")
    )
    new = line.change({"teams.extra": {"headcount": 1, "queue": "fifo"}, "stages.sell.team": ["field", "extra"]})
    moved = new.change({"teams.desk.headcount": {"add": 1}})
    assert "teams.desk.headcount: {add: -1}" in refused({"today": line, "moved": moved}, "budget").splitlines()[-1]


def test_another_team_is_named_as_such(line: fs.Scenario) -> None:
    """Only the role of a team differs, by which its people are of another company or not."""
    own = line.change({"teams.agency.role": "field_sales"})
    said = refused({"today": line, "own": own}, "people:own").splitlines()[-1]
    assert said.startswith("own would be equal with teams.")
    assert said.endswith("itself is as in the base)")


def test_people_of_others_count_where_all_count(line: fs.Scenario) -> None:
    arms = {"today": line, "agency": line.change({"teams.agency.headcount": 5})}
    refuse_unequal(arms, None, "people:own")
    assert "agency  11 people (+2)" in refused(arms, "people")
    assert "agency  580,000 EUR a year (+40,000)" in refused(arms, "budget")


def test_pay_in_two_currencies_is_not_compared(line: fs.Scenario) -> None:
    yen = fs.Scenario.from_dict({**LINE, "currency": "JPY"})
    assert "pay in EUR and JPY cannot be compared" in refused({"a": line, "b": yen}, "budget")
    refuse_unequal({"a": line, "b": yen}, None, "people")
    assert "unknown measure 'peeple'; did you mean 'people'?" in refused({"a": line}, "peeple")


def test_what_is_not_equal_is_a_line_under_the_verdict(line: fs.Scenario) -> None:
    arms = {"today": line, "more": line.change({"teams.field.headcount": 3})}
    short = {"replications": 2, "kpis": ["won"]}
    people = "more plans 10 people where today has 9 (+11.1 %)"
    pay = "EUR 660,000 per year for people where today has EUR 540,000 per year (+22.2 %)."
    assert f"{people}, and {pay}" in fs.compare(arms, **short).sentences
    moved = line.change({"teams.field.headcount": {"add": -1}, "teams.desk.headcount": {"add": 1}})
    said = fs.compare({"today": line, "moved": moved}, same="people", **short).sentences
    assert "All have the same number of people, 9 people planned." in said
    assert not list(in_words(Means({"today": plan_of(line), "again": plan_of(line)}, "today", None)))
    with pytest.raises(fs.FunnelsimError, match="the same pay for people within 1 %"):
        fs.compare({"today": line, "moved": moved}, same="budget", **short)


def test_a_study_says_what_its_arms_have_in_common(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(json.dumps(LINE), encoding="utf-8")
    study = tmp_path / "study.yaml"
    text = "study: move\nbase: line.yaml\nsame: people\narms: {more: {teams.field.headcount: %d}}\n"
    study.write_text(text % 2 + "predicts: []\n", encoding="utf-8")
    assert load_checked(study).spec.same == "people"
    study.write_text(text % 4, encoding="utf-8")
    with pytest.raises(fs.ScenarioError) as error:
        load_checked(study)
    assert "study.yaml:3:7: same: the arms do not have the same number of people" in str(error.value)
