"""The command of the benchmarks, run small: all of its parts work, and make a page of the documentation."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
PAGE = BENCHMARKS.parent / "docs" / "speed.md"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("benchmarks_command", BENCHMARKS / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_all_parts_run_and_make_a_page(
    command: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "speed.md"
    command.main(["--quick", "--write", str(page)])
    printed, text = capsys.readouterr().out, page.read_text(encoding="utf-8")
    titles = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert len(titles) >= len(command.PARTS)
    assert all(f"\n{title}\n" in printed for title in titles)
    for shown in ("compiled engine", "bare SimPy", "one_desk", "simulate(records=False)", "in this process"):
        assert f"| {shown}" in text


def test_the_page_shows_what_the_command_measures(command: ModuleType) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert command.page([]).splitlines()[0] == text.splitlines()[0]
    assert "python benchmarks --write docs/speed.md" in text


def test_a_part_is_renewed_and_the_others_stay(command: ModuleType) -> None:
    first, second = (command.Table(title, ("", "s"), [("a", "1")]) for title in ("M1", "M2"))
    text = command.page([first, second])
    again = command.Table("M1", ("", "s"), [("a", "2")], "Measured again.")
    new = command.Table("M3", ("", "s"), [("b", "3")])
    assert command.renewed(text, [again, new]) == command.page([again, second, new])
    assert command.renewed(PAGE.read_text(encoding="utf-8"), []) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [(["M7"], "there is no M7; there are first"), (["M1", "--write", "x.md"], "renewed in a page that is there")],
)
def test_what_cannot_be_meant_is_told(
    command: ModuleType, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
