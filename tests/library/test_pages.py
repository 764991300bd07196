"""The READMEs, the tour and CONTRIBUTING work: commands and Python run, scenarios load, links lead somewhere.

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
from funnelsim.scenario.reading.reader import read_text
from funnelsim.scenario.study.study import is_study, study_from_text

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "docs" / "tour.md", ROOT / "CONTRIBUTING.md", ROOT / "README.ja.md")
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
BLOCKS = {
    page: re.findall(r"^```(\w+)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    for page, text in TEXTS.items()
}


def blocks(language: str, pages: tuple[Path, ...] = PAGES) -> list[str]:
    return [text for page in pages for name, text in BLOCKS[page] if name == language]


LINES = [line[2:] for text in blocks("console") for line in text.splitlines() if line.startswith("$ ")]
COMMANDS = list(dict.fromkeys(LINES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the README speaks of."""
    place = tmp_path_factory.mktemp("readme")
    for name in ("examples", "scenarios"):
        shutil.copytree(ROOT / name, place / name)
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
    assert {name for page in PAGES for name, _ in BLOCKS[page]} <= {"console", "sh", "python", "yaml", "text"}
    assert COMMANDS
    assert blocks("python")
    assert blocks("yaml")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, folder: Path) -> None:
    program, *arguments = shlex.split(re.sub(r"--replications \d+", "--replications 1", command))
    assert program == "funnelsim"
    if "reference.yaml" in command and arguments[0] != "check":
        arguments += ["--set", "horizon=8 mo"]
    done = run(["-m", "funnelsim", *arguments], folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks("python", (page,))], ids=lambda page: page.stem)
def test_python_runs(page: Path, folder: Path) -> None:
    """All blocks one after the other, as in a notebook."""
    done = run(["-c", "\n".join(blocks("python", (page,)))], folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", blocks("yaml"))
def test_scenarios_studies_and_levers_load(text: str, folder: Path) -> None:
    if text.startswith("lever:"):
        name = text.split()[1]
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        base = fs.load(folder / "scenarios" / "one_desk.yaml")
        assert base.with_levers(f"{folder / name}.yaml").fingerprint != base.fingerprint
        return
    if is_study(read_text(text)):
        assert study_from_text(text).factors
        return
    scenario = fs.Scenario.from_text(text)
    assert not scenario.warnings


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXTS[page])
    assert targets
    for target in targets:
        assert (page.parent / target).exists(), target


def test_the_readme_is_short() -> None:
    assert len(TEXTS[PAGES[0]].splitlines()) <= 150


def test_continuous_integration_runs_the_test_command() -> None:
    command = "python -m pytest -n 2 --dist worksteal"
    assert any(command in text for text in blocks("sh", PAGES[:1]))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_citation_names_this_version() -> None:
    assert f"version: {fs.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
