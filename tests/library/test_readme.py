"""The README works: its commands run, its Python runs, its scenarios load, its links lead somewhere.

Blocks marked `console` show commands after `$` and what they print; the commands are run. Blocks marked `sh` set
things up and are not run here: the test command is the one that continuous integration runs. To save time each
simulation is run once, over eight months.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.scenario.reader import read_text
from funnelsim.scenario.study import is_study, study_from_text

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


COMMANDS = [line[2:] for text in blocks("console") for line in text.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the README speaks of."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "scenarios", place / "scenarios")
    return place


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    source = str(Path(fs.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": source, "MPLBACKEND": "Agg"},
        capture_output=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


def test_blocks_are_of_known_languages() -> None:
    assert {name for name, _ in BLOCKS} <= {"console", "sh", "python", "yaml", "text"}
    assert COMMANDS
    assert blocks("python")
    assert blocks("yaml")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, folder: Path) -> None:
    program, *arguments = shlex.split(re.sub(r"--replications \d+", "--replications 1", command))
    assert program == "funnelsim"
    if arguments[0] == "run" and "horizon=" not in command:  # the same path twice is refused
        arguments += ["--set", "horizon=8 mo"]
    done = run(["-m", "funnelsim", *arguments], folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_python_runs(folder: Path) -> None:
    """All blocks one after the other, as in a notebook."""
    done = run(["-c", "\n".join(blocks("python"))], folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", blocks("yaml"))
def test_scenarios_and_studies_load(text: str) -> None:
    if is_study(read_text(text)):
        assert study_from_text(text).factors
        return
    scenario = fs.Scenario.from_text(text)
    assert not scenario.warnings


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_continuous_integration_runs_the_test_command() -> None:
    command = "python -m pytest -n 2 --dist worksteal"
    assert any(command in text for text in blocks("sh"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
