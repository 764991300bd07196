"""``funnelsim levers``: the list, whether they fit a line, and what one changes there."""

from __future__ import annotations

import json
import re
from pathlib import Path

from commands import Typed, written

LINE = """
funnelsim: 1
name: 東京支店
horizon: 6 mo
sources: {展示会: {rate: 90 / mo}}
teams:
  東IS: {headcount: 2, queue: fifo, role: inside_sales}
  西IS: {headcount: 2, queue: fifo, role: inside_sales}
  FS: {headcount: 3, queue: fifo}
stages:
  選別: {team: 東IS, effort: 20 min, convert: 0.5}
  提案: {team: FS, effort: 4 h, decision: 10 d, convert: 0.5}
  受注: {team: FS, effort: 1 h}
"""


def test_the_list(typed: Typed) -> None:
    found = typed("levers")
    assert found.returncode == 0
    rows = [row.strip() for row in found.stdout.splitlines()]
    assert (
        rows.index("kpi")
        < rows.index("handoff")
        < rows.index("tools")
        < rows.index("people")
        < rows.index("rules")
    )
    assert any(row.startswith("cpq ") and "(CPQ)" in row for row in rows)
    few = typed("levers", "見積").stdout
    assert "cpq" in few
    assert "hire_field" not in few
    assert typed("levers", "--group", "people").stdout.count("hire_") == 6
    listed = json.loads(typed("levers", "--json").stdout)["levers"]
    assert {"name", "group", "title", "question"} == set(listed[0])


def test_which_fit(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", LINE)
    listed = {
        each["name"]: each for each in json.loads(typed("levers", "--for", "s.yaml", "--json").stdout)["levers"]
    }
    assert listed["cpq"]["fits"]
    assert not listed["hire_success"]["fits"]
    assert "write `role: customer_success` in one of 東IS, 西IS, FS" in listed["hire_success"]["lacks"][0]
    assert listed["kpi_appointments"]["one_sided"] == [
        "later stages do not look at the quality of leads, so passing on unripe ones costs nothing here"
    ]
    said = typed("levers", "--for", "s.yaml").stdout.splitlines()
    found = re.search(
        r"fits, but one side is missing \((\d+)\)", next(each for each in said if "kpi_appointments" in each)
    )
    assert found is not None
    below = said[next(number for number, each in enumerate(said) if each.startswith("Which side is missing")) :]
    told = next(each for each in below if each.split()[:1] == [found.group(1)])
    assert told.split(maxsplit=1)[1].startswith("later stages do not look at the quality of leads, so passing on")
    sentences = [each.partition(":")[0] for each in below if each[:1].isdigit()]
    assert len(sentences) == len(set(sentences))  # each is told once


def test_what_one_changes(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", LINE)
    said = typed("levers", "cpq@0.5", "--for", "s.yaml").stdout
    assert "stages.提案.effort: 4 h → 2.8 h" in said
    assert "dose 0.5" in said
    told = json.loads(typed("levers", "hire_inside:西IS@2", "--for", "s.yaml", "--json").stdout)
    assert told["changes"] == [{"path": "teams.西IS.headcount", "before": 2, "after": 4}]
    refused = typed("levers", "hire_inside", "--for", "s.yaml")
    assert refused.returncode == 2
    assert "--lever hire_inside:東IS" in refused.stderr
    assert typed("levers", "cpq").stdout.startswith("lever: cpq\n")


def test_a_word_that_no_lever_has(typed: Typed) -> None:
    for words in (("levers", "xyz"), ("levers", "--group", "magic")):
        found = typed(*words)
        assert found.returncode == 2
        assert "`funnelsim levers` lists them all" in found.stderr


def test_what_a_run_says_of_a_lever(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", LINE)
    ran = typed("run", "s.yaml", "--lever", "kpi_appointments", "--replications", "2", "--engine", "simpy")
    assert "lever kpi_appointments: Inside sales is paid by the appointment" in ran.stdout
    said = " ".join(ran.stdout.split())
    assert "One side only: lever kpi_appointments: later stages do not look at the quality of leads" in said


OWN = "lever: 見積時短\ntitle: 見積を早く\nchange: {stages.提案.effort: {multiply: 0.5}}\n"


def test_levers_of_ones_own_are_listed_and_shown(typed: Typed, tmp_path: Path) -> None:
    written(tmp_path / "line.yaml", LINE)
    (tmp_path / "levers").mkdir()
    written(tmp_path / "levers" / "見積時短.yaml", OWN)
    rows = typed("levers", "--for", "line.yaml").stdout.split("\n\n")[0].splitlines()
    assert [row.split() for row in rows[-2:]] == [["your", "own"], ["見積時短", "見積を早く", "fits"]]
    for name in ("見積時短", "levers/見積時短.yaml"):
        shown = typed("levers", name, "--for", "line.yaml")
        assert shown.returncode == 0, shown.stderr
        assert "stages.提案.effort: 4 h → 2 h" in shown.stdout
    assert typed("levers", "levers/見積時短.yaml").stdout == OWN
    checked = typed("check", "levers/見積時短.yaml")
    assert checked.returncode == 2
    assert "this is a lever, and a scenario is expected: lay it over one by `--lever FILE`" in checked.stderr
