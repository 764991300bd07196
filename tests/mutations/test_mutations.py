"""Whatever is mutated: never a traceback, and never a command without an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from .__main__ import KINDS
from .outcomes import ACTS, LONGEST, REFUSED, WRONG, Outcome, command, difference

FEW = {"scenarios": 40, "studies": 30, "commands": 150}
MANY = {"scenarios": 5000, "studies": 2000, "commands": 3000}


def made(kind: str, numbers: range, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """The outcomes of these mutations."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "140")
    return [KINDS[kind](number, folder) for number in numbers]


def check(outcomes: list[Outcome]) -> None:
    wrong = [one for one in outcomes if one.way in WRONG]
    assert not wrong, wrong[0]
    ways = [one.way for one in outcomes]
    assert ways.count(REFUSED) > len(outcomes) / 4
    assert ways.count(ACTS) > len(outcomes) / 50


@pytest.mark.parametrize("kind", FEW)
def test_some(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(made(kind, range(FEW[kind]), tmp_path, monkeypatch))


@pytest.mark.slow
@pytest.mark.parametrize("kind", MANY)
def test_ten_thousand(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(made(kind, range(1000, 1000 + MANY[kind]), tmp_path, monkeypatch))


def test_what_is_looked_for_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise AttributeError("no such attribute")

    from funnelsim.cli import templates

    monkeypatch.setattr(templates, "templates", broken)
    said = command(["templates"])
    assert said.trouble in WRONG
    assert "AttributeError" in said.err
    assert LONGEST > 10


def test_differences_are_shown() -> None:
    assert difference("a\nb\nc", "a\nB\nc") == "- b\n+ B"
