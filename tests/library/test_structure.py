"""How the program is arranged: its folders, and the walk of `funnelsim run` in the design notes."""

from __future__ import annotations

import importlib
import os
import re
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import funnelsim
from funnelsim.cli import main

ROOT = Path(__file__).parents[2]
SOURCE = str(Path(funnelsim.__file__).parent)
MOST = 15
"""Stays of the walk, at most."""

MOST_FILES, MOST_LINES = 25, 400
"""Modules in a folder, and lines of a module, at most."""

COMPILED = "engine/compiled/story/loop.go"
"""What runs as machine code, where Python sees no call."""


def stays() -> list[list[str]]:
    """What each stay of the walk names, as ``folder/module.name``."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    walk = text.split("**A walk:", 1)[1].split("\n## ", 1)[0]
    return [re.findall(r"`(\w[\w/]*/[\w.]+)`", line) for line in re.findall(r"(?m)^\d+\. (.*)$", walk)]


def named(name: str) -> Any:
    """The function or class that such a name leads to."""
    module, *way = name.split(".")
    place: Any = importlib.import_module(f"funnelsim.{module.replace('/', '.')}")
    for part in way:
        place = getattr(place, part)
    return getattr(place, "__wrapped__", place)


def calls(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[CodeType]:
    """The functions of the program that a command calls, in order."""
    seen: list[CodeType] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(SOURCE):
            seen.append(frame.f_code)

    monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        with pytest.raises(SystemExit) as ended:
            main.main()
    finally:
        sys.setprofile(before)
    assert ended.value.code == 0
    return seen


def test_no_folder_has_too_many_modules() -> None:
    folders = [Path(SOURCE), *(path for path in Path(SOURCE).rglob("*") if path.is_dir())]
    counts = {folder.relative_to(SOURCE): len(list(folder.glob("*.py"))) for folder in folders}
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_no_module_is_too_long() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in Path(SOURCE).rglob("*.py")}
    assert {str(path): number for path, number in lines.items() if number > MOST_LINES} == {}


def test_the_walk_is_short_and_every_name_leads_somewhere() -> None:
    walk = stays()
    assert 10 <= len(walk) <= MOST
    assert all(walk)
    for name in (name for stay in walk for name in stay):
        assert callable(named(name)) or isinstance(named(name), type)


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the loop is not machine code then")
def test_the_walk_is_the_way_of_a_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    desk = str(ROOT / "scenarios" / "one_desk.yaml")
    short = ("--set", "horizon=4 w", "--set", "warmup=0 d", "--engine", "compiled")
    made = iter(calls(monkeypatch, "run", desk, "--replications", "2", "--workers", "1", *short))
    for first in (stay[0] for stay in stays() if stay[0] != COMPILED):
        code = named(first).__code__
        assert any(each is code for each in made), f"{first} is not called after what stands before it"
    assert "won" in capsys.readouterr().out
