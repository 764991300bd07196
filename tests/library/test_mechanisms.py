"""docs/mechanisms.md says where each mechanism is found, and cannot go stale."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.stages import STAGE_INDICATORS
from funnelsim.results.measures.teams import TEAM_INDICATORS
from funnelsim.scenario.changing.extended import FILE
from funnelsim.scenario.changing.levers import find
from funnelsim.scenario.forms.kinds import ByKindForm
from funnelsim.scenario.reading import library

ROOT = Path(__file__).resolve().parents[2]
IN_GROUP = {0: 37, 1: 36, 2: 63, 3: 34, 4: 71}
LISTS = ("fields", "kpis", "records", "python", "levers", "files", "later")
TEXTS = ("what", "type", "note", "partly", "not_expressible")

NOT_EXPRESSIBLE = {"2-06", "4-71"}
PARTLY = {
    "C": {"0-18", "1-02", "2-05", "2-12", "3-30", "3-31"},
    "L": {
        "0-30", "0-35", "1-26", "2-07", "2-13", "2-15", "2-37", "2-60", "2-61", "2-63", "3-24", "3-25",
        "3-27", "4-13", "4-19", "4-25", "4-31", "4-32", "4-36", "4-44", "4-53",
        "4-61",
    },
    "P": {"3-02", "3-28"},
    "R": {"2-48"},
}  # fmt: skip
"""What cannot be said, or in part only: a change here is a change of what funnelsim can do."""


@cache
def page() -> ModuleType:
    """The script that makes the page."""
    spec = importlib.util.spec_from_file_location("mechanisms", ROOT / "docs" / "mechanisms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def entries() -> dict[str, dict[str, Any]]:
    """The mechanisms by id; a name that stands there twice is an error of reading."""
    found: dict[str, dict[str, Any]] = page().entries()
    return found


def named(key: str) -> list[tuple[str, str]]:
    """Pairs of an id and a name that it gives under a key."""
    return [(number, name) for number, row in entries().items() for name in row.get(key, ())]


def test_every_mechanism_is_there_once() -> None:
    every = [f"{group}-{number:02}" for group, count in IN_GROUP.items() for number in range(1, count + 1)]
    assert list(entries()) == every
    assert len(every) == 241


def test_rows_have_no_other_keys() -> None:
    for number, row in entries().items():
        assert {"what", "type"} <= set(row) <= {*LISTS, *TEXTS}, number
        assert all(isinstance(row[key], str) and row[key] for key in TEXTS if key in row), number
        assert all(isinstance(row[key], list) and row[key] for key in LISTS if key in row), number
        assert set(row["type"].split("/")) <= {"C", "L", "P", "R", "X"}, number


def test_fields_are_those_of_the_language() -> None:
    for number, path in named("fields"):
        form: Any = FILE
        for part in path.split("."):
            form = (form.inner if isinstance(form, ByKindForm) else form).child(part)
            assert form is not None, f"{number}: there is no field {path}"


def test_kpis_are_those_of_the_results() -> None:
    kpis = {one.name for one in kpi_indicators(compile_model(fs.load(ROOT / "scenarios" / "mid_market.yaml")))}
    kpis |= {f"stages.{one.name}" for one in STAGE_INDICATORS} | {f"teams.{one.name}" for one in TEAM_INDICATORS}
    assert [pair for pair in named("kpis") if pair[1] not in kpis] == []


def test_records_are_kept() -> None:
    desk = fs.load(ROOT / "scenarios" / "one_desk.yaml").change({"horizon": "2 d", "warmup": "0 d"})
    result = fs.simulate(desk, replications=1, events=True)
    for name in {name for _, name in named("records")}:
        assert len(result.records(name).columns) > 1


def test_names_in_python_exist() -> None:
    for number, name in named("python"):
        found: Any = fs
        for part in name.split("."):
            assert hasattr(found, part), f"{number}: there is no {name}"
            found = getattr(found, part)


def test_files_exist() -> None:
    assert [pair for pair in named("files") if not (ROOT / pair[1]).is_file()] == []
    assert [pair for pair in named("levers") if page().lever_file(pair[1]) is None] == []


def test_what_is_to_come_is_not_there_yet() -> None:
    """A name under `later` moves to `levers` or `files` when it comes."""
    came = [
        pair
        for pair in named("later")
        if page().lever_file(pair[1]) is not None
        or (ROOT / "scenarios" / f"{pair[1]}.yaml").exists()
        or pair[1] in fs.__all__
    ]
    assert came == []


def test_each_lever_is_where_its_mechanisms_are() -> None:
    """What a lever file says of itself, and what the page says of mechanisms, is the same."""
    own = {(number, each.name) for each in library.levers() for number in find(each.name, None).lever.mechanisms}
    assert own - set(named("levers")) == set()
    assert {each.name for each in library.levers()} - {name for _, name in named("levers")} == set()


@pytest.mark.parametrize("kind", ["C", "R"])
def test_the_core_and_reports_are_there_now(kind: str) -> None:
    for number, row in entries().items():
        if kind in row["type"].split("/") and number not in NOT_EXPRESSIBLE:
            assert row.get("kpis") or row.get("fields"), f"{number}: neither a field nor a KPI"


def test_levers_and_presets_can_be_said() -> None:
    for number, row in entries().items():
        if {"L", "P"} & set(row["type"].split("/")):
            assert row.get("fields") or row.get("levers"), f"{number}: nothing that a file could change"


def test_what_cannot_be_said_is_counted() -> None:
    assert {number for number, row in entries().items() if "not_expressible" in row} == NOT_EXPRESSIBLE
    partly: dict[str, set[str]] = {}
    for number, row in entries().items():
        if "partly" in row:
            partly.setdefault(row["type"].split("/")[0], set()).add(number)
    assert partly == PARTLY


def test_the_page_is_made_of_the_list() -> None:
    made = page().render(entries())
    assert (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8") == made, "run python docs/mechanisms.py"
