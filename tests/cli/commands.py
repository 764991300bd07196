"""Scenarios that commands are run on, and how they are written down."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import funnelsim as fs
from funnelsim.experiments.running import arms

SOURCE = str(Path(fs.__file__).parents[1])
"""Where the package lies, for processes that do not start in the folder of the tests."""

Command = Callable[..., subprocess.CompletedProcess[str]]


class Said(NamedTuple):
    """What a command left."""

    returncode: int | str
    stdout: str
    stderr: str


Typed = Callable[..., Said]

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


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def interrupt_after(replications: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come after so many replications of any arm."""
    made: list[int] = []
    tallied = arms.tallied

    def stops(*task: object, **options: object) -> object:
        made.append(1)
        if len(made) > replications:
            raise KeyboardInterrupt
        return tallied(*task, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(arms, "tallied", stops)
