"""What is said alike of several paths of one scenario or arm is told once, with all paths; documents keep each."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from commands import Typed, written

import funnelsim as fs
from funnelsim.errors import Unheeded, told_together

LINE = """
funnelsim: 1
name: 東京支店
horizon: 6 mo
sources: {展示会: {rate: 30 / mo}}
teams:
  FS: {headcount: 3, queue: fifo, skill: {at: {対応: 0.3}}, speed: {at: {対応: 1.1}}}
  CS: {headcount: 1, queue: fifo}
stages:
  選別: {team: FS, effort: 20 min, convert: 0.5}
  提 案: {team: FS, effort: 4 h, convert: 0.5, handoff: {delay: 1 d, give: 10 min, take: 10 min}}
  受注: {team: FS, effort: 1 h, handoff: {delay: 1 d}}
  対応: {team: CS, effort: 1 h}
"""
ALIKE = (
    "stages.提 案.handoff.delay",
    "stages.提 案.handoff.give",
    "stages.提 案.handoff.take",
    "stages.受注.handoff.delay",
)
SKILLS = ("teams.FS.skill.at.対応", "teams.FS.speed.at.対応")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ((), ()),
        (("stages.a.x: no use", "stages.b.x: no use"), ("stages.a.x, stages.b.x: no use",)),
        (
            ("stages.a.x: no use: at all", "b", "teams.b: no use: at all"),
            ("stages.a.x, teams.b: no use: at all", "b"),
        ),
        (("one: stages.a.x: no use", "two: stages.b.x: no use"),) * 2,
        (("one: stages.a: no use", "one: stages.b: no use"), ("one: stages.a, stages.b: no use",)),
        (("stages.a: no use", "stages.b: 2 are few"),) * 2,
        (("stages.提 案.x: no use", "stages.受注: no use"), ("stages.提 案.x, stages.受注: no use",)),
        ((Unheeded("lever x: stages.a: no use", "W-lever-idle"), "lever x: stages.b: no use"),) * 2,
        (("the same", "the same"), ("the same",)),
    ],
)
def test_what_is_told_together(said: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert told_together(said) == told
    assert [type(each) for each in told_together(said)] == [type(each) for each in told]


def test_a_line_is_checked_with_one_warning_for_what_is_said_alike(typed: Typed, tmp_path: Path) -> None:
    written(tmp_path / "line.yaml", LINE)
    warnings = fs.load(tmp_path / "line.yaml").warnings
    listed = json.loads(typed("check", "line.yaml", "--json").stdout)["files"][0]["warnings"]
    for path in (*ALIKE, *SKILLS):
        assert [text for text in warnings if text.startswith(f"{path}: ")], warnings
        assert [text for text in listed if text.startswith(f"{path}: ")]
    said = typed("check", "line.yaml").stderr
    assert f"warning[W-key-idle]: line.yaml: {', '.join(ALIKE)}: does nothing as it is: no lead comes here" in said
    assert (
        f"warning[W-key-idle]: line.yaml: {', '.join(SKILLS)}: does nothing as it is: FS does not work there"
        in said
    )


def test_arms_are_told_apart_and_nothing_is_lost(typed: Typed, tmp_path: Path) -> None:
    written(tmp_path / "line.yaml", LINE)
    arms = ("--arm", "more:teams.FS.headcount=4", "--arm", "handed:stages.受注.team=CS")
    run = ("--replications", "2", "--kpi", "won", "--engine", "simpy", "--json")
    done = typed("compare", "line.yaml", *arms, *run)
    document = json.loads(done.stdout)["warnings"]
    marked = (re.fullmatch(r"warning(?:\[W-[a-z-]+\])?: (.*)", row) for row in done.stderr.splitlines())
    lines = [found[1] for found in marked if found is not None]
    whys = Counter((text.split(": ")[0], text.partition("does nothing as it is: ")[2]) for text in lines)
    assert max(whys.values()) == 1
    assert len(lines) < len(document)
    assert {"in all", "line", "more"} <= {text.split(": ")[0] for text in lines}
    for text in document:
        assert any(all(part in row for part in re.split(": ", text)) for row in lines), text
