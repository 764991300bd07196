"""Running commands as users do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import DESK, SOURCE, TOKYO, Command, Said, Typed, written

from funnelsim.cli.main import main


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """The file of a desk with three reps."""
    return written(tmp_path / "desk.yaml", DESK)


@pytest.fixture
def tokyo(tmp_path: Path) -> str:
    """The file of an overloaded line with Japanese names."""
    return written(tmp_path / "東京.yaml", TOKYO)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs the command in this process, which is quicker, in an empty folder."""

    def run(*arguments: str) -> Said:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "140")
        monkeypatch.setattr(sys, "argv", ["funnelsim", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return Said(stop.value.code or 0, said.out, said.err)

    return run


@pytest.fixture
def funnelsim(tmp_path: Path) -> Command:
    """Runs the command in a process of its own, in an empty folder."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "funnelsim", *arguments],
            capture_output=True,
            encoding=environment.get("PYTHONIOENCODING", "utf-8"),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": SOURCE, **environment},
            timeout=120,
            check=False,
        )

    return run
