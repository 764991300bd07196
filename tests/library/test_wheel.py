"""The wheel has all that the package reads, and works outside the folder that it was built from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PLACES = {"src/funnelsim": "funnelsim", "scenarios": "funnelsim/library", "studies": "funnelsim/library/studies"}
"""Folders of the project, and where each lies in the wheel."""

UNREAD = {"__pycache__"}
SHORT = ("one_desk", "--set", "horizon=2 mo", "--set", "warmup=1 mo")


def run(arguments: list[str], folder: Path, **given: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "Agg", "FUNNELSIM_LANG": "en", **given},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(["-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], ROOT)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder of its own; what it depends on comes from here."""
    folder = tmp_path_factory.mktemp("installed")
    run(
        ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel)], folder
    )
    return folder


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    """And nothing else, so that what one edits and what one installs are the same."""
    wanted = {
        f"{inside}/{file.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in PLACES.items()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and not UNREAD & set(file.parts)
    }
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted
    kinds = {Path(name).suffix for name in held}
    assert {".py", ".yaml", ".csv", ".js", ".css", ".toml", ".ipynb", ".json", ".xz", ".typed"} <= kinds


def test_what_is_installed_works_by_itself(installed: Path, tmp_path: Path) -> None:
    """A template is run, reported and replayed, levers are listed, and the event loop comes translated."""

    def funnelsim(*arguments: str) -> str:
        return run(["-P", "-m", "funnelsim", *arguments], tmp_path, PYTHONPATH=str(installed))

    asked = (
        "import funnelsim; from funnelsim.engine.compiled.machine import shipped; from funnelsim.scenario.reading "
    )
    asked += "import library; print(funnelsim.__file__, library.folder(), shipped.misfit(), sep='\\n')"
    package, library, misfit = run(["-P", "-c", asked], tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert Path(package).parents[1] == installed
    assert Path(library) == installed / "funnelsim" / "library"
    assert misfit == "None"

    document = json.loads(funnelsim("run", *SHORT, "--replications", "2", "--json"))
    assert document["kpis"]["won"]["mean"] > 0
    funnelsim("report", *SHORT, "--replications", "2", "-o", "report.html", "--lang", "ja")
    funnelsim("replay", *SHORT, "-o", "film.html")
    for name in ("report.html", "film.html"):
        assert "</html>" in (tmp_path / name).read_text(encoding="utf-8")
    assert "design_pods" in funnelsim("levers", "--for", "mid_market")
    assert "designs" in funnelsim("templates")
    funnelsim("init", "own", "--ja")
    assert funnelsim("check", "own/scenario.yaml").startswith("OK ")
