"""The pages of `docs/` on experiments: their Python runs, and their commands print what stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from funnelsim.cli.main import app, main

ROOT = Path(__file__).parents[2]
PAGES = ("comparing", "diagnosing")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


COMMANDS = [block for page in PAGES for block in blocks(page, "console")]


@pytest.mark.parametrize(
    "page",
    ["comparing", "targets", "worlds", "own_data", "tuning", pytest.param("diagnosing", marks=pytest.mark.slow)],
)
def test_python_runs(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All blocks one after the other, as in a notebook."""
    monkeypatch.chdir(ROOT)
    code = blocks(page, "python")
    assert code
    exec("\n".join(["import funnelsim as fs", *code]), {})


@pytest.mark.parametrize("page", ["app", "player", "report"])
def test_python_that_writes_files_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    code = blocks(page, "python")
    assert code
    exec("\n".join(["import funnelsim as fs", *code]), {})


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.split()[2])
def test_commands_print_what_stands_there(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, _, shown = block.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "funnelsim"
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    monkeypatch.delenv("COLUMNS", raising=False)
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.strip().splitlines())
    assert printed == shown.strip() if not shown.startswith("...") else printed.endswith(shown[4:].strip())


@pytest.mark.parametrize(
    "block", [*blocks("targets", "console"), *blocks("worlds", "console")], ids=lambda block: block.split()[-1]
)
def test_the_end_of_a_run_is_what_stands_there(
    block: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, _, shown = block.removeprefix("$ funnelsim ").partition("\n")
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["funnelsim", *shlex.split(command)])
    monkeypatch.setenv("COLUMNS", "110")
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.strip().splitlines())
    assert printed.endswith(shown.removeprefix("...\n").rstrip())


@pytest.mark.parametrize("page", ["own_data", "tuning"])
def test_the_commands_on_own_data_print_what_stands_there(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One after the other in one folder, since later ones read what earlier ones wrote."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "110")
    for block in blocks(page, "console"):
        command, _, shown = block.removeprefix("$ funnelsim ").partition("\n")
        monkeypatch.setattr(sys, "argv", ["funnelsim", *shlex.split(command)])
        with pytest.raises(SystemExit) as stop:
            main()
        assert not stop.value.code
        printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.strip().splitlines())
        assert printed.endswith(shown.removeprefix("...\n").rstrip()), command


def test_the_readme_lists_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `funnelsim ([a-z]+(?: [a-z]+)?)", readme, flags=re.MULTILINE)
    commands = [command.name or command.callback.__name__ for command in app.registered_commands]  # type: ignore[union-attr]
    for group in app.registered_groups:
        commands += [f"{group.name} {each.callback.__name__}" for each in group.typer_instance.registered_commands]  # type: ignore[union-attr]
    assert sorted(listed) == sorted(commands)
