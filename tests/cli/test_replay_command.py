"""`funnelsim replay`: what it writes and says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Typed

import funnelsim as fs

LEVER = """\
lever: calm
title: {en: More calm, ja: 落ち着き}
change:
  horizon: 30 d
"""


def test_it_writes_a_page_and_says_where(typed: Typed, desk: str, tmp_path: Path) -> None:
    done = typed("replay", desk, "-o", "a.html", "--seed", "3", "--replication", "2", "--title", "Our <desk>")
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.html\n", "")
    text = (tmp_path / "a.html").read_text("utf-8")
    assert "This is replication 2 with seed 3" in text
    assert "<h1>Our &lt;desk&gt;</h1>" in text
    scenario = fs.load(desk)
    page = fs.simulate(scenario, replications=2, seed=3).replay(
        tmp_path / "b.html", replication=2, title="Our <desk>"
    )
    assert page.read_text("utf-8") == text


def test_two_arms_differ_as_the_replication_does(typed: Typed, desk: str, tmp_path: Path) -> None:
    Path(tmp_path / "slow.yaml").write_text(
        "lever: slow\ntitle: {en: Slower, ja: 遅い}\nchange: {stages.serve.effort: {multiply: 1.4}}\n", "utf-8"
    )
    done = typed("replay", desk, "--against", "slow.yaml", "-o", "a.html", "--json", "--lang", "ja")
    told = json.loads(done.stdout)
    assert [arm["name"] for arm in told["arms"]] == ["One desk", "遅い"]
    assert (told["written"], told["seed"], told["replication"]) == ("a.html", 1, 1)
    base = fs.load(desk)
    for arm, line in zip(told["arms"], (base, base.with_levers(str(tmp_path / "slow.yaml"))), strict=True):
        figures = fs.simulate(line, replications=1).kpis["mean"]
        assert (arm["won"], arm["open"]) == (figures["won"], figures["open_at_end"])
    assert '<html lang="ja">' in (tmp_path / "a.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "a.pdf"), "a replay is one HTML file; give it a name such as a.html"),
        (("-o", "none/a.html"), "there is no folder"),
        (("-o", "a.html", "--replication", "0"), "greater than or equal to 1"),
        (("-o", "a.html", "--against", "no_such"), "no_such"),
        (("-o", "a.html", "--against", "calm.yaml"), "the same start, horizon and warmup"),
        (("-o", "a.html", "--set", "horizon=30 y"), "at most 7,320 days"),
        (("-o", "a.html", "--engine", "fast"), "fast"),
        ((), "--out"),
    ],
)
def test_what_it_cannot_do_is_refused(
    arguments: tuple[str, ...], said: str, typed: Typed, desk: str, tmp_path: Path
) -> None:
    Path(tmp_path / "calm.yaml").write_text(LEVER, "utf-8")
    done = typed("replay", desk, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "a.html").exists()
