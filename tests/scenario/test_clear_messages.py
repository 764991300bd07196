"""Slips of whole files, levers and paths: each message says what to write, and only what the user wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs

from . import desks

DESK = desks.DESK.replace("effort: 20 min, convert: 0.5", "effort: {dist: exponential, mean: 1 h}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "levers").mkdir()
    for name, change in {
        "h": "teams.desk.headcount: 4",
        "b": "stages.serve.effort: 1 h",
        "c": "costs.x: 9 / y",
    }.items():
        (tmp_path / "levers" / f"{name}.yaml").write_text(f"lever: {name}\nchange: {{{change}}}\n")
    (tmp_path / "levers" / "empty.yaml").write_text("")
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def refusal(made: Callable[[], Any]) -> str:
    with pytest.raises(fs.FunnelsimError) as caught:
        made()
    return str(caught.value)


TEXTS = [
    ("mean: 1 h", "mean: 1,5 h", "a comma parts what stands in braces, numbers too; write 1.5 h"),
    ("headcount: 3", "headcount: 15,000", "write 15_000"),
    ("headcount: 3", "skill: [15,000]", "a comma parts the items of a list, numbers too; write 15_000"),
    (
        "horizon: 10 d",
        "horizon: 10 d\nx: &b {queue: fifo}\ny: {<<: *b}",
        "merge keys (<<) are not read; write what",
    ),
    ("{desk:", "{a.b:", "a name has none of . * @ : and no control characters, found 'a.b'; write a_b"),
    ("{desk:", "{null:", "'null' is read as nothing wherever it stands for the name; give it another"),
    ("{desk:", "{1: {headcount: 1, queue: fifo}, desk:", ""),
    ("{desk: {", "{" + 2000 * "x" + ": {", "; a key has at most 1,024 characters"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), TEXTS)
def test_texts(right: str, wrong: str, message: str) -> None:
    assert right in DESK
    if not message:
        text = DESK.replace(right, wrong).replace("team: desk", "team: 1")
        message = "expected the name of a team, found 1; write '1' in quotation marks"
    else:
        text = DESK.replace(right, wrong)
    assert message in refusal(lambda: fs.Scenario.from_text(text))


LEVERS = [
    ("h+b", "unknown lever 'h+b'; levers are given one by one: --lever h --lever b, or [h, b] in a file"),
    ("h.yaml", "there is no lever file 'h.yaml'; did you mean 'h', of the folder levers/?"),
    ("H", "unknown lever 'H'; did you mean 'h'? (levers are looked for in"),
    ("h@50%", "found 'h@50%'; write h@0.5"),
    ("h@0,5", "found 'h@0,5'; write h@0.5"),
    ("empty", "expected a mapping of keys such as lever, change, costs; found nothing"),
    ("c@0.5", "costs of a lever stand under its `costs:`, which are paid whole"),
]


@pytest.mark.parametrize(("lever", "message"), LEVERS)
def test_levers(lever: str, message: str, folder: Path) -> None:
    desk = fs.load(folder / "desk.yaml")
    assert message in refusal(lambda: desk.with_levers(lever))
    assert desk.with_levers("h", "b").spec.teams["desk"].headcount.first == 4


CHANGES = [
    ({"defaults.stages.quality_weight": 1}, "write stages.*.quality_weight"),
    ({"defaults": {"stages": {"quality_weight": 1}}}, "a change of all teams or stages is written with a star"),
    ({"levers": ["h"]}, "a lever is laid over by `--lever NAME`, by `with_levers` in Python, or under"),
    ({"extends": "reference"}, "a change is laid over a scenario that is whole; `extends` stands in its file"),
    ({"phases.0.from": "2026-02-01"}, "there is no such list; write all of it, as in phases=[{from: ..., change:"),
    ({"stages.serve.effort": {"multiply": "150 %"}}, "expected a number to multiply by, found '150 %'; write 1.5"),
]


@pytest.mark.parametrize(("change", "message"), CHANGES)
def test_changes(change: dict[str, Any], message: str, folder: Path) -> None:
    desk = fs.load(folder / "desk.yaml")
    assert message in refusal(lambda: desk.change(change))


def test_a_study_where_a_scenario_is_meant_and_the_other_way_round(folder: Path) -> None:
    study = folder / "s.yaml"
    study.write_text("study: s\nbase: s.yaml\narms: {a: h}\n")
    assert "s.yaml:1:1: this is a study, and a scenario is expected: run it by `funnelsim compare`" in refusal(
        lambda: fs.load(study)
    )
    assert "s.yaml:2:7: base: the base is this study itself" in refusal(lambda: fs.load_study(study))
    assert "this is a scenario, and a study is expected: read it with fs.load" in refusal(
        lambda: fs.load_study(folder / "desk.yaml")
    )
    study.write_text("")
    assert "keys such as study, base, arms, vary; found nothing" in refusal(lambda: fs.load_study(study))


def test_what_was_never_written_is_not_named(folder: Path) -> None:
    desk: Any = fs.load(folder / "desk.yaml")
    assert refusal(lambda: desk.with_levers(["h"])).startswith(
        "with_levers: give `references` one by one, as in with_levers(*names)"
    )
    assert refusal(lambda: fs.Scenario.from_text("")).startswith("line 1, column 1: expected a mapping")


def test_nobody_is_ignored() -> None:
    text = DESK.replace("queue: fifo", "queue: {rule: fifo, ignore: {value_below: 0}}")
    assert fs.Scenario.from_text(text).warnings == (
        "teams.desk.queue.ignore: no value is below 0, so nobody is ignored",
    )


def test_columns_of_another_language_are_told_at_once(folder: Path) -> None:
    (folder / "deals.csv").write_text("ステージ,金額,経過日数,担当者\nserve,1000,10,鈴木\n", encoding="utf-8")
    text = DESK + "opening: {leads: deals.csv}\n"
    said = refusal(lambda: fs.Scenario.from_text(text, folder))
    assert "the column stage is missing" in said
    for ours in (
        "stage instead of",
        "value instead of '金額'",
        "age_days instead of '経過日数'",
        "owner instead of",
    ):
        assert ours in said
    (folder / "deals.csv").write_text("stage,経過日数\nserve,10\n", encoding="utf-8")
    warned = fs.Scenario.from_text(text, folder).warnings
    assert any("'経過日数' is not read as age_days; call it age_days if it is" in each for each in warned)
    (folder / "deals.csv").write_text("stage,経過日数\nserve,10 d\n", encoding="utf-8")
    warned = fs.Scenario.from_text(text, folder).warnings
    assert any("'経過日数' is not read as age; call it age if it is" in each for each in warned)
