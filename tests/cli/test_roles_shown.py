"""`check` shows the roles that levers of the library go by."""

from __future__ import annotations

import json
from pathlib import Path

from commands import Typed, written

LINE = """
funnelsim: 1
horizon: 2 mo
sources: {展示会: {rate: 5 / d}}
teams: {東: {headcount: 3, queue: fifo, role: [inside_sales, generalist]}}
stages:
  選別: {team: 東, effort: 10 min}
  訪問: {team: 東, effort: 1 h}
  s3: {team: 東, effort: 1 h, label: 受注}
  meet: {team: 東, effort: 1 h}
"""


def test_roles_in_words_and_in_json(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", LINE)
    said = typed("check", "s.yaml").stdout
    assert (
        "stages: meet (by name); 選別 is screen (by name, in the table of words); "
        "s3 is close (by label, in the table of words); 訪問 has none" in said
    )
    assert "teams: 東 is inside_sales and generalist (written)" in said
    told = json.loads(typed("check", "s.yaml", "--json").stdout)["files"][0]["roles"]
    assert told["sources"] == {"展示会": {"roles": ["event"], "known_by": "word"}}
    assert told["teams"] == {"東": {"roles": ["inside_sales", "generalist"], "known_by": "role"}}
    assert {name: each["known_by"] for name, each in told["stages"].items()} == {
        "選別": "word",
        "s3": "label",
        "meet": "name",
    }
