"""Evidence in a file: read, kept beside the scenario, and dropped by whatever changes the number it is of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.scenario.changing import levers as lever_files
from funnelsim.scenario.changing.paths import values_at
from funnelsim.scenario.language.evidence import GRADES, Record
from funnelsim.scenario.reading import library

ROOT = Path(__file__).resolve().parents[2]
SALES = """\
funnelsim: 1
horizon: 6 mo
sources: {web: {rate: 60 / mo}}
teams: {field_sales: {headcount: 2, queue: fifo}}
stages:
  meet: {team: field_sales, effort: 1 h, convert: 0.5}
  propose: {team: field_sales, effort: 4 h, convert: 0.3}
evidence:
  stages.propose.effort: {grade: B, source: [SAYS, OWN], range: [1 h, 40 h], note: from a survey}
  stages.*.convert: {grade: C}
  stages.meet.convert: {grade: A}
"""
TOOL = """\
lever: tool
title: A tool
evidence: {stages.propose.effort: {grade: D, source: DESK, range: [0.5, 0.8]}}
change: {stages.propose.effort: {multiply: 0.6}, stages.meet.convert: 0.6}
"""


SAID = ("stages.propose.effort", "stages.propose.convert", "stages.meet.convert")


@pytest.fixture
def sales(tmp_path: Path) -> fs.Scenario:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "tool.yaml").write_text(TOOL, encoding="utf-8")
    (tmp_path / "sales.yaml").write_text(SALES, encoding="utf-8")
    return fs.load(tmp_path / "sales.yaml")


def test_records_stand_by_path_and_a_star_is_each_of_them(sales: fs.Scenario) -> None:
    assert sales.evidence == {
        "stages.propose.effort": Record("B", ("SAYS", "OWN"), ("1 h", "40 h"), "from a survey"),
        "stages.propose.convert": Record("C"),
        "stages.meet.convert": Record("A"),
    }


def test_nothing_depends_on_them(sales: fs.Scenario) -> None:
    bare = fs.Scenario.from_text(SALES.split("evidence:")[0])
    assert bare.evidence == {}
    assert bare.fingerprint == sales.fingerprint
    assert fs.Scenario.from_dict(sales.document).evidence == sales.evidence


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"stages.propose.effort": "5 h"}, {"stages.propose.convert", "stages.meet.convert"}),
        ({"stages.propose": {"effort": "5 h"}}, {"stages.propose.convert", "stages.meet.convert"}),
        (
            {"stages.propose.effort": {"dist": "gamma", "mean": "4 h", "cv": 1}},
            {"stages.propose.convert", "stages.meet.convert"},
        ),
        ({"stages.*.convert": {"multiply": 0.9}}, {"stages.propose.effort"}),
        ({"teams.field_sales.headcount": 3}, set(SAID)),
        ({"stages.meet": None}, {"stages.propose.effort", "stages.propose.convert"}),
    ],
)  # fmt: skip
def test_a_change_drops_the_record_of_what_it_changes(
    sales: fs.Scenario, change: dict[str, Any], left: set[str]
) -> None:
    assert set(sales.change(change).evidence) == left


def test_a_file_that_extends_another_keeps_what_it_does_not_change(sales: fs.Scenario, tmp_path: Path) -> None:
    own = """\
extends: sales.yaml
stages: {propose: {effort: 6 h, convert: 0.3}, meet: {convert: 0.4}}
evidence: {stages.meet.convert: {grade: D}}
"""
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    evidence = fs.load(tmp_path / "own.yaml").evidence
    assert evidence == {"stages.propose.convert": Record("C"), "stages.meet.convert": Record("D")}


@pytest.mark.parametrize(("dose", "low", "high"), [("", 0.5, 32), ("@0.5", 0.75, 36)])
def test_a_lever_joins_its_record_with_the_one_that_there_is(
    sales: fs.Scenario, dose: str, low: float, high: float
) -> None:
    """The worse grade, both sources, and the ranges laid together: 1 h times .5 to 40 h times .8."""
    lever = sales.with_levers(f"tool{dose}").evidence
    record = lever["stages.propose.effort"]
    assert (record.grade, record.source) == ("D", ("SAYS", "OWN", "DESK"))
    assert record.range == (f"{low:g} h", f"{high:g} h")
    assert "stages.meet.convert" not in lever  # the lever says nothing of it
    assert lever["stages.propose.convert"] == Record("C")


def test_of_a_number_that_was_not_known_a_lever_makes_none_known(sales: fs.Scenario) -> None:
    plain = sales.change({"stages.propose.effort": "5 h"})
    assert "stages.propose.effort" not in plain.with_levers("tool").evidence


def test_what_a_lever_adds_it_brings_the_records_of(sales: fs.Scenario) -> None:
    found = sales.change(
        {"teams.inside_sales": {"headcount": 1, "queue": "fifo"}, "stages.meet.team": "inside_sales"}
    )
    assert found.with_levers("list_purchase").evidence["sources.list.quality"].range == (-1, 0)


def test_set_levers_and_extends_on_one_path_leave_no_stale_record(sales: fs.Scenario) -> None:
    for made in (
        sales.with_levers("tool").change({"stages.propose.effort": "2 h"}),
        sales.change({"stages.propose.effort": "2 h"}).with_levers("tool"),
    ):
        assert "stages.propose.effort" not in made.evidence


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("stages.propos.effort: {grade: C}", 9, "did you mean 'stages.propose.effort'"),
        ("stages.propose.effort: {grade: E}", 9, "one of the grades A, B, C, D, M, found 'E'"),
        ("stages.propose.effort: {source: SAYS}", 9, "found nothing"),
        ("stages.propose.effort: {grade: C, sources: X}", 9, "did you mean 'source'"),
        ("stages.propose.effort: {grade: C, range: 4 h}", 9, "the two ends of a range, as [1 h, 40 h]"),
        ("stages.propose.effort: {grade: C, range: [1 h]}", 9, "found a list of 1"),
        ("stages.propose.effort: {grade: C, range: [1 week, 40 h]}", 9, "unknown unit 'week'"),
        ("stages.propose.effort: {grade: C, range: [9 h, 1 h]}", 9, "the lower end first"),
        ("stages.propose.effort: {grade: C, range: [5 h, 6 h]}", 9, "does not lie within"),
        ("stages.propose.effort: C", 9, "expected a record such as {grade: C"),
        ("stages.*.effort: {grade: C, range: [1 h, 2 h]}", 9, "stages.propose.effort is 4 h, which does not"),
        ("stages.*.convert: {grade: C, range: [20 %, 150 %]}", 9, "150 %"),
        ("teams.field_sales.queue: {grade: C}", 9, "teams.field_sales.queue is no number"),
        ("teams.*.queue: {grade: C}", 9, "teams.*.queue is no number"),
        ("stages.meet.team: {grade: C}", 9, "stages.meet.team is no number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(written: str, line: int, said: str) -> None:
    with pytest.raises(fs.ScenarioError) as error:
        fs.Scenario.from_text(f"{SALES.split('  stages.propose.effort')[0]}  {written}\n")
    (problem,) = error.value.problems
    assert problem.line == line
    assert said in problem.message


def test_it_is_no_part_of_a_change(sales: fs.Scenario) -> None:
    with pytest.raises(fs.ScenarioError, match="how a number is known stands in the file"):
        sales.change({"evidence.stages.propose.effort.grade": "A"})


# --- what is shipped ------------------------------------------------------------------------------------------

NUMBER = re.compile(r"^-?[\d_.]+(e-?\d+)?\b.*$")
NOT_OF_THE_WORLD = {
    "funnelsim",
    "fiscal_year",
    "start",
    "horizon",
    "warmup",
    "calendars",
    "name",
    "description",
    "milestones",
}
"""What says how the file is used, and when people work: chosen, not known."""


def numbers(document: dict[str, Any]) -> list[str]:
    """The paths of all numbers of a document that could be known better."""
    found = []

    def walk(node: Any, path: tuple[str, ...]) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                walk(value, (*path, str(key)))
        elif isinstance(node, list):
            for index, value in enumerate(node):
                walk(value, (*path, str(index)))
        elif not isinstance(node, bool) and NUMBER.match(str(node)):
            found.append(".".join(path))

    walk({key: value for key, value in document.items() if key not in (*NOT_OF_THE_WORLD, "evidence")}, ())
    return found


@pytest.mark.parametrize("name", [each.name for each in library.templates()])
def test_every_number_that_is_shipped_has_a_record(name: str) -> None:
    scenario = fs.load(library.template(name))
    known = tuple(scenario.evidence)
    bare = [
        path for path in numbers(scenario.document) if not any(f"{path}.".startswith(f"{one}.") for one in known)
    ]
    assert bare == []


def test_sources_are_those_of_the_page() -> None:
    listed = dict(
        re.findall(r"^\| ([A-Z0-9]+) \| ([ABC]) \|", (ROOT / "docs/sources.md").read_text("utf-8"), re.M)
    )
    records = {
        (name, path): record
        for name in (each.name for each in library.templates())
        for path, record in fs.load(library.template(name)).evidence.items()
    } | {
        (each.name, path): record
        for each in library.levers()
        for path, record in lever_files.find(each.name, None).lever.evidence.items()
    }
    for place, record in records.items():
        assert set(record.source) <= set(listed), place
        worst = max((listed[one] for one in record.source), default="A")
        assert GRADES.index(record.grade) >= GRADES.index(worst), place
        assert record.source or record.grade in ("A", "D", "M"), place


@pytest.mark.parametrize("name", [each.name for each in library.levers()])
def test_every_lever_says_how_its_numbers_are_known(name: str) -> None:
    lever = lever_files.find(name, None)
    assert lever.lever.evidence
    for path, record in lever.lever.evidence.items():
        for part in ("change", "if_present", "if_absent", "costs"):
            written = (lever.document.get(part) or {}).get(path)
            if isinstance(written, dict) and len(written) == 1 and record.range is not None:
                (amount,) = written.values()
                if isinstance(amount, int | float):
                    assert record.range[0] <= amount <= record.range[1], path


def test_values_at_is_what_a_record_needs(sales: fs.Scenario) -> None:
    assert all(any(values_at(sales.document, path.split("."))) for path in sales.evidence)
