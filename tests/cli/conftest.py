"""Running commands as users do, and scenarios to run them on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import funnelsim as fs

SOURCE = str(Path(fs.__file__).parents[1])
"""Where the package lies, for processes that do not start in the folder of the tests."""

Command = Callable[..., subprocess.CompletedProcess[str]]

DESK = """\
funnelsim: 1
name: One desk
horizon: 20 d
warmup: 2 d
sources: {web: {rate: 2 / h}}
teams:   {desk: {headcount: 3, queue: fifo}}
stages:
  serve: {team: desk, continuity: any_rep, effort: {dist: exponential, mean: 1 h}}
"""

TOKYO = """\
funnelsim: 1
name: 東京支店
horizon: 1 mo
currency: JPY
segments: {中堅: {value: 1_200_000}}
sources: {web: {rate: 10 / d}}
teams:
  is: {headcount: 1, queue: fifo, label: インサイドセールス}
  fs: {headcount: 1, queue: lifo, label: FS}
stages:
  call: {team: is, effort: 1 h, convert: 0.3, label: 電話}
  negotiation: {team: fs, effort: 20 h, convert: 0.5}
"""


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """The file of a desk with three reps."""
    return written(tmp_path / "desk.yaml", DESK)


@pytest.fixture
def tokyo(tmp_path: Path) -> str:
    """The file of an overloaded line with Japanese names."""
    return written(tmp_path / "東京.yaml", TOKYO)


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


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
