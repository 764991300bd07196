"""What-if questions: what may be moved, answers that grow more certain, and the lever that a question leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.asking import answers as asking
from funnelsim.experiments.asking.amounts import amount_of, grid_end, largest, step_for
from funnelsim.experiments.asking.answers import STEPS, Answer, Asker, TooLargeError
from funnelsim.experiments.asking.controls import Way, numbers_of
from funnelsim.experiments.asking.offered import MOST_OPEN, Offered, offered
from funnelsim.experiments.asking.question import as_lever, moved, scenario_of
from funnelsim.experiments.running import arms
from funnelsim.experiments.statistics.looks import levels
from funnelsim.experiments.statistics.paired import Verdict

SCENARIOS = Path(__file__).parents[2] / "scenarios"

DESK = """\
funnelsim: 1
name: Two desks
horizon: 10 d
warmup: 2 d
currency: USD
segments: {any: {value: {dist: lognormal, median: 100, sigma: 0.5}}}
sources:
  east: {rate: 1.5 / h}
  west: {rate: 1.5 / h}
teams:
  east: {headcount: 2, queue: fifo, label: 東}
  west: {headcount: 3, queue: fifo}
stages:
  serve:
    team: {east: east, west: west}
    effort: {dist: exponential, mean: 1 h}
    convert: 0.6
    patience: 4 h
    books: true
"""


@pytest.fixture(scope="module")
def reference() -> fs.Scenario:
    return fs.load(SCENARIOS / "reference.yaml")


@pytest.fixture(scope="module")
def controls(reference: fs.Scenario) -> Offered:
    return offered(reference)


@pytest.fixture(scope="module")
def desks() -> fs.Scenario:
    return fs.Scenario.from_text(DESK)


# --- controls -----------------------------------------------------------------------------------------------


def test_amounts_are_read_with_their_units() -> None:
    assert amount_of("106_250 / y") == (106250.0, "/ y")
    assert amount_of("1.5 bd") == (1.5, "bd")
    assert amount_of(0.3) == (0.3, "")
    assert amount_of("0.0035 / mo").written == "0.0035 / mo"
    assert [amount_of(each) for each in (True, None, "lifo", {"mean": 1}, "2026-04-01")] == [None] * 5
    assert largest({"dist": "lognormal", "median": "7 d", "sigma": 90}) == 7.0
    assert largest({"start": 4, "2027-01-01": 5}) == 5.0


def test_steps_are_such_as_people_count_in_and_lead_back_to_today() -> None:
    assert [step_for(span) for span in (40, 100, 0.3, 7)] == [1, 5, 0.01, 0.2]
    assert grid_end(89.0, 44.5, 5.0) == 49.0
    assert grid_end(89.0, 178.0, 5.0) == 174.0


def test_the_open_controls_are_people_leads_three_numbers_and_levers(controls: Offered) -> None:
    assert len(controls.open) == MOST_OPEN
    assert controls.open[:7] == (
        "teams.inside_sales.headcount",
        "teams.field_sales.headcount",
        "teams.customer_success.headcount",
        "sources.web.rate",
        "stages.meet.effort",
        "stages.meet.convert",
        "customers.churn",
    )
    assert all(controls.by_name[name].way is Way.DOSE for name in controls.open[7:])
    assert "hire_field" not in controls.open  # its control is that of the team's people


def test_a_line_without_customers_has_the_controls_that_it_has() -> None:
    """One desk has leads and work, so few levers act there."""
    desk = offered(fs.load(SCENARIOS / "one_desk.yaml"))
    assert desk.open[:3] == ("teams.desk.headcount", "sources.web.rate", "stages.serve.effort")
    assert all(desk.by_name[name].way is Way.DOSE for name in desk.open[3:])
    assert not {"cpq", "hire_field", "ask_referrals"} & set(desk.by_name)


def test_every_control_acts_at_both_ends_of_its_range(reference: fs.Scenario, controls: Offered) -> None:
    for each in controls.all:
        assert each.low <= each.today <= each.high
        steps = (each.today - each.low) / each.step
        assert steps == pytest.approx(round(steps))
        for end in {each.low, each.high} - {each.today}:
            made = scenario_of(reference, moved(controls, {each.name: end}))
            assert made.fingerprint != reference.fingerprint, each.name


def test_dated_people_are_added_to_and_distributions_scaled() -> None:
    line = fs.load(SCENARIOS / "mid_market.yaml")
    found = {each.name: each for each in numbers_of(line)}
    success = found["teams.customer_success.headcount"]
    assert (success.way, success.today, success.unit) == (Way.ADD, 0.0, "people")
    made = line.change({success.name: success.change(2.0)})
    assert list(made.document["teams"]["customer_success"]["headcount"].values()) == [6, 7, 8, 9]
    effort = found["stages.propose.effort"]
    assert (effort.way, effort.today) == (Way.TIMES, 1.0)
    assert line.change({effort.name: effort.change(0.5)}).document["stages"]["propose"]["effort"]["mean"] == "2 h"


def test_what_cannot_be_moved_is_refused(reference: fs.Scenario, controls: Offered) -> None:
    with pytest.raises(FunnelsimError, match=r"teams\.field_sales\.headcount"):
        moved(controls, {"teams.field_sale.headcount": 6})
    for wrong in (float("nan"), float("inf"), True, "6"):
        with pytest.raises(FunnelsimError, match="expected a number"):
            moved(controls, {"teams.field_sales.headcount": wrong})  # type: ignore[dict-item]
    with pytest.raises(FunnelsimError, match="whole number"):
        scenario_of(reference, moved(controls, {"teams.field_sales.headcount": 5.1}))
    with pytest.raises(FunnelsimError, match="at most"):
        moved(controls, {each.name: each.high + 1 for each in controls.all})
    assert moved(controls, {"teams.field_sales.headcount": 5, "cpq": 0}) == ()


# --- levers that are kept -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        {"teams.field_sales.headcount": 6, "stages.meet.effort": 71.5},
        {"teams.inside_sales.headcount": 7, "cpq": 0.6, "coaching": 1, "customers.churn": 0.02},
        {"design_pods": 1},
        {"kpi_bookings": 0.5, "hire_success": 2},
        {"stages.propose.decision": 0.5, "answer_next_day": 2},
    ],
)
def test_a_kept_lever_makes_the_scenario_of_the_question(
    reference: fs.Scenario, controls: Offered, numbers: dict[str, float], tmp_path: Path
) -> None:
    what = moved(controls, numbers)
    (tmp_path / "kept.yaml").write_text(as_lever(reference, what, 'さらに "一人"'), encoding="utf-8")
    made = reference.with_levers(str(tmp_path / "kept.yaml"))
    assert made.fingerprint == scenario_of(reference, what).fingerprint


@pytest.mark.parametrize(("lever", "dose"), [("kpi_shared", 0.7), ("cpq", 0.3), ("kpi_appointments", 0.55)])
def test_numbers_of_a_dose_are_short(lever: str, dose: float, reference: fs.Scenario, controls: Offered) -> None:
    """Such as 0.3 in place of 0.30000000000000004, and twelve digits where a number has no end."""
    text = as_lever(reference, moved(controls, {lever: dose}), "x")
    assert re.search(r"\d\.\d", text)
    assert re.search(r"\d\.\d{13}", text) is None


def test_nothing_is_no_lever(reference: fs.Scenario) -> None:
    with pytest.raises(FunnelsimError, match="nothing is moved"):
        as_lever(reference, (), "")


# --- answers ------------------------------------------------------------------------------------------------


def asked(asker: Asker, change: dict[str, object]) -> list[Answer]:
    return list(asker.answers(asker.today.change(change)))


def test_answers_come_after_1_2_4_and_more_and_have_intervals_from_4_on(desks: fs.Scenario) -> None:
    found = asked(Asker(desks), {"teams.east.headcount": 3})
    assert tuple(each.replications for each in found) == STEPS[: len(found)]
    for each in found:
        early = each.replications < 4
        assert each.is_impression is early
        assert all((finding.low is None) is early for finding in each.main)
        assert not early or all(finding.verdict is Verdict.OPEN for finding in each.main)
    assert [each.last for each in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].main[0].verdict is Verdict.MORE


def test_figures_are_those_of_compare_and_intervals_of_its_rule_for_several_looks(desks: fs.Scenario) -> None:
    change = {"teams.east.headcount": 3}
    last = asked(Asker(desks), change)[-1]
    comparison = fs.compare({"today": desks, "asked": desks.change(change)}, replications=last.replications)
    assert [each.kpi for each in last.main] == list(comparison.question.kpis)
    for mine, theirs in zip(last.main, comparison.findings, strict=True):
        assert (mine.base.mean, mine.figure.mean) == (theirs.base.mean, theirs.figure.mean)
        assert mine.difference == theirs.difference
        looks = tuple(each for each in (4, 8, 16, 32) if each <= last.replications)
        share = levels(looks, 32, 0.05 / len(last.main))[-1]
        assert (mine.low, mine.high) == mine.difference.interval(share)


def test_what_was_computed_is_kept(desks: fs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counting(*given: object, **options: object) -> object:
        made.append(1)
        return arms.tallied(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(asking, "tallied", counting)
    asker = Asker(desks)
    first = asked(asker, {"teams.east.headcount": 3})
    assert len(made) == 2 * first[-1].replications
    again = asked(asker, {"teams.east.headcount": 3})
    assert len(made) == 2 * first[-1].replications
    assert [each.main[0].difference for each in first] == [each.main[0].difference for each in again]


def test_the_memory_of_scenarios_is_bounded(desks: fs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_KEPT", 3)
    asker = Asker(desks)
    for number in range(4, 9):
        next(asker.answers(desks.change({"teams.east.headcount": number})))
        assert asker.kept <= 3
    assert next(asker.answers(desks)).is_same


@pytest.mark.parametrize("before", [0, 1, 3, 5])
def test_a_question_stops_before_the_next_replication(
    desks: fs.Scenario, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counting(*given: object, **options: object) -> object:
        result = arms.tallied(*given, **options)  # type: ignore[arg-type]
        made.append(1)
        return result

    monkeypatch.setattr(asking, "tallied", counting)
    asker = Asker(desks)
    list(asker.answers(desks.change({"teams.east.headcount": 3}), lambda: len(made) >= before))
    assert len(made) == before
    assert asked(asker, {"teams.east.headcount": 3})[-1].decided  # and goes on when it is asked again


def test_todays_line_alone_has_no_difference_and_all_its_replications(desks: fs.Scenario) -> None:
    found = list(Asker(desks).answers(desks))
    assert found[-1].replications == 32
    assert all(each.is_same for each in found)
    assert {each.difference.mean for each in found[-1].main} == {0.0}


def test_what_takes_too_long_is_refused_before_it_begins(desks: fs.Scenario) -> None:
    asker = Asker(desks)
    with pytest.raises(TooLargeError, match="events"):
        next(asker.answers(desks.change({"sources.east.rate": "100_000 / h", "teams.east.headcount": 9000})))
    with pytest.raises(TooLargeError, match="funnelsim compare"):
        Asker(desks.change({"sources.*.rate": "100_000 / h", "teams.*.headcount": 9_000}))


@pytest.mark.slow
def test_without_an_effect_at_most_5_per_cent_of_questions_find_one(desks: fs.Scenario) -> None:
    """A rep moves from one desk to another like it: all is as before, but for who meets whom."""
    other = desks.change({"teams.east.headcount": 3, "teams.west.headcount": 2})
    questions, wrong = 1_000, 0
    for seed in range(1, questions + 1):
        found = list(Asker(desks, seed).answers(other))
        wrong += any(each.verdict in (Verdict.MORE, Verdict.LESS) for answer in found for each in answer.main)
    print(f"{wrong} of {questions} questions find an effect where there is none")
    assert wrong <= 0.05 * questions
