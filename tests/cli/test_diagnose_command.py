"""`funnelsim diagnose`: what it prints where, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Command, written

LINE = """\
funnelsim: 1
name: Line
horizon: 50 d
warmup: 8 d
segments: {mid: {value: 1_000}}
sources: {web: {rate: 10 / d}}
teams:
  callers: {headcount: 2, queue: fifo, cost: {salary: 100 / d}}
  closers: {headcount: 1, queue: lifo, label: 営業, cost: {salary: 100 / d}}
stages:
  call: {team: callers, effort: 2 h}
  close: {team: closers, effort: 4 h, convert: 0.5}
"""

QUICK = ("--replications", "3", "--quiet", "--workers", "1", "--no-equation")


@pytest.fixture
def line(tmp_path: Path) -> str:
    """The file of a line whose second team is overloaded."""
    return written(tmp_path / "line.yaml", LINE)


def test_words_before_tables(funnelsim: Command, line: str) -> None:
    done = funnelsim("diagnose", line, *QUICK)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Line"
    assert lines[1].startswith("3 replications of each on the same random numbers, seed 1, engine ")
    first = lines.index("1. Where is the limit?")
    assert all(line == "" or line.startswith("Laid over it: ") for line in lines[2:first])
    assert lines[first + 1].rstrip() == "  営業 limits the line."
    for part in (
        "営業 was the limit in 100 % of weeks",
        "5. Where does the limit move?",
        "through the line",
        "without 0",
    ):
        assert part in " ".join(done.stdout.split())
    assert "revenue equation" not in done.stdout


def test_json_and_pictures(funnelsim: Command, line: str, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    done = funnelsim(
        "diagnose", line, "--replications", "2", "--quiet", "--workers", "2", "--json", "--pictures", str(pictures)
    )
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert document["limit"]["names"] == ["closers"]
    assert set(document["equation"]["factors"]) == {"volume", "price", "win rate", "speed"}
    assert sorted(path.name for path in pictures.iterdir()) == ["diagnosis.png", "tornado.png"]


def test_changes_and_tolerance(funnelsim: Command, line: str) -> None:
    done = funnelsim(
        "diagnose", line, *QUICK, "--json", "--set", "teams.closers.headcount=3", "--tolerance", "close=90%"
    )
    document = json.loads(done.stdout)
    assert document["limit"]["names"] == ["leads"]
    assert [each["stage"] for each in document["conversions"] if each["below"]] == ["close"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--tolerance", "close"), "STAGE=SHARE"),
        (("--tolerance", "closed=50%"), "close"),
        (("--tolerance", "close=high"), "not a share"),
        (("--replications", "1"), "2"),
    ],
)
def test_mistakes(funnelsim: Command, line: str, options: tuple[str, ...], said: str) -> None:
    done = funnelsim("diagnose", line, *options, "--quiet")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
