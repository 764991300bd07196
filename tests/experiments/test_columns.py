"""A factor or lever that is called like a column of the exported table is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.experiments.store.points import columns

DESK = """\
horizon: 20 d
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo}}
stages: {serve: {team: desk, effort: 1 h}}
"""
NAMES = [
    "seed",
    "arm",
    "study",
    "won",
    "error",
    "cost_low",
    "open_at_end",
    "version",
    "replications",
    "fingerprint",
]


@pytest.mark.parametrize("name", NAMES)
def test_levers_called_like_columns(tmp_path: Path, name: str) -> None:
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "levers").mkdir()
    change = "change: {teams.desk.headcount: 4}\n"
    (tmp_path / "levers" / f"{name}.yaml").write_text(f"lever: {name}\n{change}")
    (tmp_path / "study.yaml").write_text(f"study: s\nbase: desk.yaml\nvary:\n  {name}: [0, 1]\n")
    with pytest.raises(fs.ScenarioError, match=rf"'{name}' is a column of every table of points") as caught:
        fs.sweep(fs.load_study(tmp_path / "study.yaml"), out=tmp_path / "runs.db", replications=1, workers=1)
    assert caught.value.problems[0].line == 4
    assert not (tmp_path / "runs.db").exists()


def test_other_levers_pass() -> None:
    assert not set(columns([], ["won"])) & {"cpq", "teams.desk.headcount", "horizon"}
