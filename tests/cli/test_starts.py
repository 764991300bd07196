"""How commands start: what they import, and that they read each file once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import ValidationError

from funnelsim.cli import main
from funnelsim.scenario.forms.entry import Entry
from funnelsim.scenario.scenario import load

ROOT = Path(__file__).parents[2]
SHORT = ("--set", "horizon=2 mo", "--set", "warmup=1 mo", "--replications", "3", "--engine", "simpy")
WATCHED = """
import json, sys
opened = []
def hear(event, arguments):
    if event == "open" and arguments[1] and str(arguments[0]).endswith((".yaml", ".csv")):
        opened.append(str(arguments[0]))
sys.addaudithook(hear)
from funnelsim.cli import main
try:
    main.main()
except SystemExit as end:
    code = end.code
with open(RESULT, "w") as file:
    json.dump({"code": code, "modules": sorted(sys.modules), "opened": opened}, file)
"""


def watched(tmp_path: Path, *arguments: str) -> dict[str, list[str]]:
    """What a command imported and opened."""
    result = tmp_path / "watched.json"
    code = WATCHED.replace("RESULT", repr(str(result)))
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=ROOT, capture_output=True)
    found: dict[str, list[str]] = json.loads(result.read_text())
    assert found["code"] == 0
    return found


HEAVY = {"scipy", "pandas", "matplotlib", "numba", "holidays", "IPython"}


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (["--help"], {"numpy", "rich", "pydantic", "ruamel", "funnelsim.scenario.scenario", *HEAVY}),
        (["run", "--help"], {"numpy", "rich", "ruamel", "funnelsim.scenario.scenario", *HEAVY}),
        (["templates"], {"numpy", "funnelsim.scenario.scenario", *HEAVY}),
        (["check", "scenarios/one_desk.yaml"], {"simpy", "funnelsim.experiments", *HEAVY}),
        (["check", "scenarios/reference.yaml"], {"simpy", "funnelsim.experiments", *HEAVY - {"holidays"}}),
        (["run", "scenarios/one_desk.yaml", *SHORT], HEAVY),
    ],
    ids=lambda each: " ".join(each[:2]) if isinstance(each, list) else "",
)
def test_commands_import_nothing_heavy_that_they_do_not_use(
    tmp_path: Path, arguments: list[str], without: set[str]
) -> None:
    assert without & set(watched(tmp_path, *arguments)["modules"]) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "scenarios/mid_market.yaml"],
        ["check", "studies/one_more_rep.yaml", "--quiet"],
        ["run", "one_desk", *SHORT],
        ["templates"],
        ["kpis", "--for", "scenarios/reference.yaml"],
    ],
    ids=lambda each: " ".join(each[:2]),
)
def test_commands_read_each_file_once(tmp_path: Path, arguments: list[str]) -> None:
    opened = Counter(Path(ROOT, each).resolve() for each in watched(tmp_path, *arguments)["opened"])
    assert opened
    assert set(opened.values()) == {1}


def test_a_template_is_found_without_reading_the_others(tmp_path: Path) -> None:
    opened = {Path(each).stem for each in watched(tmp_path, "kpis", "--for", "one_desk")["opened"]}
    assert opened == {"one_desk", "en"}  # and the texts of the language in force


def test_in_python_a_file_is_read_whenever_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    text = (ROOT / "scenarios" / "one_desk.yaml").read_text(encoding="utf-8")
    for name in ("first", "second"):
        file.write_text(text.replace("name: One desk", f"name: {name}"), encoding="utf-8")
        assert load(file).name == name


def test_settings_of_libraries_hold_while_a_command_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*main._THREADS, main._PLUGINS):
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    with main._quick_imports():
        assert os.environ["OPENBLAS_NUM_THREADS"] == os.environ["PYDANTIC_DISABLE_PLUGINS"] == "1"
    assert dict(os.environ) == before


@pytest.mark.parametrize("name", main._THREADS)
def test_settings_of_the_user_are_left(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in main._THREADS:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, "7")
    monkeypatch.setenv(main._PLUGINS, "one")
    before = dict(os.environ)
    with main._quick_imports():
        assert dict(os.environ) == before
    assert dict(os.environ) == before


def _kinds(kind: type[Entry]) -> list[type[Entry]]:
    return [each for one in kind.__subclasses__() for each in (one, *_kinds(one))]


def test_neutral_entries_are_those_that_are_read_of_nothing() -> None:
    read = {}
    for kind in _kinds(Entry):
        with suppress(ValidationError):  # of some something has to be written
            read[kind] = kind()
    assert len(read) > 25
    for kind, whole in read.items():
        made = kind.neutral()
        assert (made, made.model_fields_set) == (whole, whole.model_fields_set)
        made.check()
