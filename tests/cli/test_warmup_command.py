"""`funnelsim warmup`: the suggestion, its pictures, and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

from commands import Typed

import funnelsim as fs

LONG = ("--set", "horizon=70 d", "--replications", "2")


def test_it_says_whether_the_warm_up_is_long_enough(typed: Typed, desk: str) -> None:
    done = typed("warmup", desk, *LONG)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "One desk"
    assert lines[1].startswith("2 replications, seed 1")
    found = fs.suggest_warmup(fs.simulate(fs.load(desk).change({"horizon": "70 d"}), replications=2))
    assert lines[4] == found.verdict


def test_json_and_pictures(typed: Typed, desk: str, tmp_path: Path) -> None:
    done = typed("warmup", desk, *LONG, "--batch", "7", "--json", "--pictures", "new")
    document = json.loads(done.stdout)
    assert document["batch"] == 7
    assert document["given"] == 2
    assert len(document["by_day"]) == 70
    assert document["scenario"] == "One desk"
    for name in ("mser", "welch"):
        assert (tmp_path / "new" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_a_short_run_is_told_so(typed: Typed, desk: str) -> None:
    done = typed("warmup", desk, "--replications", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a longer horizon gives more" in done.stderr


def test_pictures_that_cannot_be_written_are_told_before_anything_is_run(typed: Typed, desk: str) -> None:
    done = typed("warmup", desk, *LONG, "--pictures", f"{desk}/pictures")
    assert (done.returncode, done.stdout) == (1, "")
    assert "desk.yaml/pictures" in done.stderr
