"""Shipped files, the schema made from the types, and what reading costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import load
from funnelsim.scenario.reading import library
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.reading.reader import read_file
from funnelsim.scenario.schema import COMMITTED, scenario_schema, text

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHIPPED = [listed.path for listed in library.templates()]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_load_without_warnings(path: Path) -> None:
    assert load(path).warnings == ()


def test_templates_say_what_they_are() -> None:
    listed = {one.name: one for one in library.templates()}
    assert {"one_desk", "reference"} <= set(listed)
    assert all(one.title for one in listed.values())
    assert library.template("one_desk") == listed["one_desk"].path


def test_unknown_templates_are_named_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'one_desk'"):
        library.template("one_dsk")
    with pytest.raises(ScenarioError, match="unknown lever"):
        library.lever("no such lever")


def test_committed_schema_is_that_of_the_types() -> None:
    assert (ROOT / COMMITTED).read_text(encoding="utf-8") == text()


@pytest.mark.parametrize(
    "path", [*SHIPPED, HERE / "rich.yaml", HERE / "reference.yaml"], ids=lambda path: path.stem
)
def test_schema_takes_what_loads(path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(scenario_schema())
    assert [error.message for error in validator.iter_errors(plain(read_file(path)))] == []


WRONG = [
    {"horizon": 5},
    {"horizn": "1 y"},
    {"stages": {"a": {"effort": "5 d"}}},
    {"stages": {"a": {"convert": 2}}},
    {"teams": {"a": {}}},
    {"teams": {"a": {"queue": "fifoo"}}},
    {"sources": {"a": {"rate": 5}}},
    {"start": "soon"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_schema_refuses_what_does_not_load(wrong: dict[str, object]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(scenario_schema())
    good = {"horizon": "1 y", "stages": {"a": {}}}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, **wrong})


def test_schema_describes_its_keys() -> None:
    stage = scenario_schema()["$defs"]["Stage"]["properties"]
    assert stage["convert"]["description"] == "Share that advances, as a CRM shows it"
    json.dumps(scenario_schema())


def test_reading_needs_no_heavy_libraries() -> None:
    code = (
        "import sys, funnelsim.scenario as s; s.load(sys.argv[1]);"
        "heavy = {'pandas', 'scipy.stats', 'matplotlib', 'numba'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(HERE / "one_desk.yaml")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_reading_is_fast() -> None:
    load(HERE / "reference.yaml")  # imports
    spent = []
    for _ in range(5):
        start = time.process_time()
        load(HERE / "reference.yaml")
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1
