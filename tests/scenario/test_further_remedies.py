"""What is nearly right is refused with what to write, and what is left empty is told with what holds instead."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.scenario.forms import quantities
from funnelsim.scenario.study.study import study_from_text

DESK = """\
name: x
horizon: 6 mo
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo, cost: {salary: 100_000 / y}}}
stages:
  call: {team: desk, effort: 30 min}
"""
SALARY = "salary: 100_000 / y"


def _said(text: str) -> str:
    with pytest.raises(fs.ScenarioError) as refused:
        fs.Scenario.from_text(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("right", "typed", "said"),
    [
        ("effort: 30 min", "with: {effort: 1 h}, effort: 30 min", "write it beside `with`"),
        ("headcount: 3", "headcount:\u00a03", "not an ordinary one; write `headcount: 3`"),
        ("headcount: 3", "headcount:", "the value is missing; write `headcount: ...`"),
        ("  call: {", "  - call: {", "names stand there without dashes, as in `call: ...`"),
        ("stages:\n", "stages:\n  a: {team: desk}\n  - b: {team: desk}\n", "write `b: {team: desk}` without it"),
        ("headcount: 3", "headcount: 3 ± 1", "write 3 without the ±"),
        ("effort: 30 min", "effort: 30 min ± 10 min", "write 30 min without the ±"),
        (SALARY, "salary: 3M +/- 10 % / y", "write 3_000_000 without the ±"),
        ("headcount: 3", "headcount: 3, quota: 月300万円", "write {amount: 3_000_000, period: month}"),
        ("headcount: 3", "headcount: 3, quota: 300 / y", "write {amount: 300, period: year}"),
        (
            "name: x",
            "start: 1 mo",
            "which is a length of time; count it from `start`",
        ),
    ],
)
def test_the_remedy_is_told(right: str, typed: str, said: str) -> None:
    assert right in DESK
    assert said in _said(DESK.replace(right, typed, 1))


@pytest.mark.parametrize(
    ("key", "default"),
    [("effort", "0 h"), ("touches", "1"), ("convert", "1"), ("rework", "0"), ("continuity", "")],
)
def test_what_holds_for_a_key_without_a_value_is_named(key: str, default: str) -> None:
    scenario = fs.Scenario.from_text(
        f"{DESK.replace('effort: 30 min', '')[:-2]}}}\n".replace("desk, }", f"desk, {key}: }}")
    )
    (said,) = [each for each in scenario.warnings if f"stages.call.{key}: no value" in each]
    assert f"the default holds: {default}" in said


def test_a_budget_is_above_nothing_and_says_for_how_long(tmp_path: Path) -> None:
    from funnelsim.experiments.study.checking import doubts

    (tmp_path / "d.yaml").write_text(DESK)
    text = "study: s\nbase: d.yaml\nminimise: cost\nvary: {teams.desk.headcount: [3, 4]}\nbudget: "
    for nothing in ("0", "0 / y"):
        with pytest.raises(fs.ScenarioError, match="above 0"):
            study_from_text(f"{text}{nothing}", tmp_path)
    assert "has no period, and is taken for all the time that counts, 5.95 months" in str(
        doubts(study_from_text(f"{text}100_000", tmp_path))
    )
    assert "period" not in str(doubts(study_from_text(f"{text}100_000 / y", tmp_path)))


def test_what_is_wrong_with_a_study_is_told_beside_what_is_wrong_with_its_base(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text(DESK.replace("headcount: 3", "headcount: -3"))
    text = "study: s\nbase: d.yaml\nbugdet: 3\narms: {a: [nolever]}\n"
    with pytest.raises(fs.ScenarioError) as refused:
        study_from_text(text, tmp_path)
    for said in ("found -3", "did you mean 'budget'?", "arms.a.0: unknown lever 'nolever'"):
        assert said in str(refused.value)


def test_empty_tables_and_rows_are_told(tmp_path: Path) -> None:
    text = DESK + "opening: {leads: deals.csv}\n"
    deals = tmp_path / "deals.csv"
    deals.write_text("stage,age\n")
    assert fs.Scenario.from_text(text, tmp_path).warnings[:1] == ("deals.csv: there is nothing below the header",)
    deals.write_text("stage,age\ncall,3 d\n\ncall,2 d\n\n")
    (said,) = fs.Scenario.from_text(text, tmp_path).warnings
    assert said == "deals.csv line 3: the row is empty, and left out"
    values = text.replace("effort: 30 min", "effort: {dist: empirical, file: deals.csv, column: age}")
    deals.write_text("stage,age\ncall,3 h\n,\ncall,2 h\n")
    assert "deals.csv line 3: the row is empty, and left out" in fs.Scenario.from_text(values, tmp_path).warnings


def test_levers_of_a_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "hire.yaml").write_text("lever: hire\nchange: {teams.desk.headcount: 4}\n")
    scenario = fs.Scenario.from_text(DESK, tmp_path)
    for typed in ("h", ""):
        with pytest.raises(fs.ScenarioError, match=r"there is .*levers/hire\.yaml"):
            scenario.with_levers(f"{tmp_path}/levers/{typed}")


@pytest.mark.parametrize("made", [lambda: fs.Budget(-1), lambda: fs.Budget(0), lambda: fs.Guarantee(-1.0)])
def test_what_cannot_be_meant_is_refused_when_it_is_made(made: object) -> None:
    with pytest.raises(fs.FunnelsimError, match="but got"):
        made()  # type: ignore[operator]


@pytest.mark.parametrize(
    "value",
    [
        quantities.Duration(1, "h"),
        quantities.Rate(1, "h"),
        quantities.constant(1),
        quantities.ByKind(1),
        quantities.Steps(((None, 1),)),
        quantities.Yearly((1, 1), (1, 3)),
        quantities.Condition(),
    ],
)
def test_quantities_say_what_to_do_instead_of_changing_them(value: object) -> None:
    with pytest.raises(fs.ArgumentError, match="make another scenario"):
        value.amount = 3  # type: ignore[attr-defined]
    with pytest.raises(fs.ArgumentError, match="cannot be removed"):
        del value.amount  # type: ignore[attr-defined]
