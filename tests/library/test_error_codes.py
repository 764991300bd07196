"""Every error has a code that names its kind, each code is explained, and none is ever given up."""

from __future__ import annotations

import importlib.util
import pickle
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError, HinderedError, Problem, Unheeded, Warned, after
from funnelsim.scenario.forms.base import Fault, FormError

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).with_name("error_codes.txt")
"""Codes that were ever used, one a line; ``python tests/library/test_error_codes.py`` adds new ones."""


@cache
def errors() -> ModuleType:
    """The program that makes the page."""
    spec = importlib.util.spec_from_file_location("errors_page", ROOT / "docs" / "errors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["errors_page"] = module  # dataclasses look for their module there
    spec.loader.exec_module(module)
    return module


def used() -> set[str]:
    return {code for site in errors().sites() for code in site.codes}


def explained() -> dict[str, str]:
    """The codes in use with their meaning."""
    parts = errors().catalogue().items()
    return {code: text for part, codes in parts for code, text in codes.items() if part != errors().RETIRED}


def retired() -> set[str]:
    return set(errors().catalogue().get(errors().RETIRED, ()))


def test_every_place_that_makes_an_error_gives_a_code() -> None:
    without = [
        f"{site.path}:{site.line}: {site.maker}({site.example!r})" for site in errors().sites() if not site.coded
    ]
    assert not without, without


def test_codes_in_use_are_explained_and_the_others_are_not() -> None:
    assert used() == set(explained())
    assert not used() & retired()
    assert all(errors().CODE.fullmatch(code) for code in used() | retired())
    for code, text in explained().items():
        assert text.endswith("."), code
        assert text[0].isupper() or text[0] == "`", code


def test_no_code_is_given_up() -> None:
    kept = KEPT.read_text(encoding="utf-8").split()
    assert kept == sorted(set(kept))
    assert set(kept) == used() | retired()


def test_the_page_is_that_of_the_sources() -> None:
    assert errors().PAGE.read_text(encoding="utf-8") == errors().page()


def test_most_codes_have_an_example() -> None:
    """Of the sources, or beside the meaning where a sentence is put together in another place."""
    known = errors().examples()
    assert set(errors().given()) <= set(explained())
    assert len(known) > 0.97 * len(explained())
    assert "unknown" in known["E-name-unknown"]
    assert known["E-stage-team"].startswith("a stage ")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("horizon: 1 y\nstages: {a: {effort: 1 h}}", "E-stage-team"),
        ("horizon: 1 y\nstages: {a: {team: desk}}", "E-name-unknown"),
        ("horizon: 1 y\nstages: {a: {convert: 30}}", "E-share-range"),
        ("horizon: 1 y\nstages: {a: {convert: much}}", "E-value-number"),
        ("horizon: 1\nstages: {a: {}}", "E-time-unit"),
        ("horizon: 1 y\nstages: {a: {height: 1 h}}", "E-key-unknown"),
        ("horizon: 1 y\nstages: {a: }\nstages: {b: }", "E-yaml-key"),
        ("stages: {a: }", "E-key-missing"),
        ("horizon: 1 y\n  stages: {a: }", "E-yaml"),
        ("horizon: 1 y\nextends: nowhere\nstages: {a: }", "E-name-unknown"),
        ("horizon: 1 y\nlevers: [cpg]\nstages: {a: }", "E-name-unknown"),
        ("horizon: 1 y\nstages: {a: {next: b}, b: {next: a}}", "E-loop-instant"),
    ],
)
def test_the_code_of_a_mistake(text: str, code: str) -> None:
    """All through pydantic, changes and files, to the error that a user catches."""
    with pytest.raises(fs.ScenarioError) as wrong:
        fs.Scenario.from_text(f"funnelsim: 1\n{text}\n")
    assert code in {problem.code for problem in wrong.value.problems}, wrong.value
    assert wrong.value.code == wrong.value.problems[0].code


def test_a_change_to_nothing_has_the_code_of_its_path() -> None:
    line = fs.Scenario.from_text("funnelsim: 1\nhorizon: 1 y\nstages: {a: }")
    for change, code in (
        ({"teams.desk.headcount": 4}, "E-change-nothing"),
        ({"stages.a.label.x": 4}, "E-path-unknown"),
        ({"stages.a.effort": {"add": 1}}, "E-time-unit"),
        ({"stages.a.convert": 7}, "E-share-range"),
    ):
        with pytest.raises(fs.ScenarioError) as wrong:
            line.change(change)
        assert wrong.value.code == code, wrong.value


def test_codes_survive_the_way_from_a_worker() -> None:
    problem = Problem("stages", "too many", "a.yaml", 3, 1, code="E-size-run")
    for error in (
        FunnelsimError("no", code="E-bug"),
        HinderedError("not now", code="E-space-disk"),
        fs.ScenarioError([problem, problem]),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.code) == (type(error), str(error), error.code)


LINE = """
funnelsim: 1
horizon: 2 mo
sources: {web: {rate: 5 / d, bursts: [{at: 1 mo, leads: 0}]}}
teams:
  desk: {headcount: 1, queue: {rule: fifo, first: {stage: serve}}, selling_share: 0.01}
  idle: {headcount: 1, queue: fifo}
stages: {serve: {team: desk, effort: 1 h, otherwise: {a: 0.3, b: 0.4}, rework: 2}}
"""


def test_every_warning_of_a_line_has_a_code() -> None:
    """Whatever it comes through: checks, phases, changes, levers, arms of a study."""
    line = fs.Scenario.from_text(LINE)
    found = {text.code for text in line.warnings}
    assert {"W-team-idle", "W-shares-sum", "W-burst-empty", "W-key-idle", "W-value-doubtful"} <= found
    changed = line.change({"teams.desk.cost": None, "teams.desk.headcount": {"add": 1, "multiply": 1.3}})
    assert {"W-change-nothing", "W-change-order", "W-number-rounded"} <= {text.code for text in changed.warnings}
    late = line.change({"phases": [{"from": "2027-01-01", "change": {"teams.desk.headcount": 2}}]})
    assert "W-dated-outside" in {text.code for text in late.warnings}
    every = (*line.warnings, *changed.warnings, *late.warnings)
    assert all(text.code in explained() for text in every)


def test_a_warning_keeps_its_code_behind_other_words_and_in_a_worker() -> None:
    for made in (Warned("stages.a: no use", "W-key-idle"), Unheeded("lever x: no use", "W-lever-idle")):
        for text in (made.after("own.yaml: "), after("own.yaml: ", made), pickle.loads(pickle.dumps(made))):
            assert (type(text), text.code) == (type(made), made.code)
        assert after("own.yaml: ", made) == f"own.yaml: {made}"
    assert after("own.yaml: ", "no use") == "own.yaml: no use"


def test_an_error_of_several_faults_has_the_code_of_the_first() -> None:
    one, other = Fault("this", ("a",), code="E-order"), Fault("that", code="E-value-text")
    assert FormError(one, other).code == "E-order"
    assert FormError("this", "that", code="E-order").faults[1].code == "E-order"
    assert one.under(("b",)) == Fault("this", ("b", "a"), code="")


if __name__ == "__main__":
    written = set(KEPT.read_text(encoding="utf-8").split()) if KEPT.exists() else set()
    KEPT.write_text("\n".join(sorted(written | used())) + "\n", encoding="utf-8")
