"""`funnelsim trace`: one lead, alone and in two lives."""

from __future__ import annotations

import json
from pathlib import Path

from commands import Typed

LEVER = "lever: more\ntitle: One more rep\nchange: {teams.desk.headcount: {add: 1}}\n"


def test_one_lead_and_its_other_life(typed: Typed, desk: str, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(LEVER, encoding="utf-8")
    asked = ("trace", desk, "--lead", "web-20", "--against", "more.yaml", "--seed", "3")
    said = typed(*asked, "--pictures", "drawn")
    assert said.returncode == 0, said.stderr
    assert "web-20, replication 1 of" in said.stdout
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["life.png"]
    told = json.loads(typed(*asked, "--json").stdout)["lives"]
    assert [each["lead"] for each in told] == ["web-20", "web-20"]
    assert told[0]["created"] == told[1]["created"]


def test_where_nothing_is_different_it_is_said_once(typed: Typed, desk: str, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(LEVER, encoding="utf-8")
    said = typed("trace", desk, "--lead", "web-1", "--against", "more.yaml", "--quiet")  # finds all free
    assert said.returncode == 0, said.stderr
    assert "The same happens to it in" in said.stdout


def test_a_lead_that_does_not_exist(typed: Typed, desk: str) -> None:
    said = typed("trace", desk, "--lead", "webb-3")
    assert (said.returncode, said.stdout) == (2, "")
    assert "there is no lead 'webb-3' in replication 1; did you mean 'web-" in said.stderr
