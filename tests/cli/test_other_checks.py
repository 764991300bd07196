"""What `check` says of expected loads that they do not know."""

from __future__ import annotations

import json
from pathlib import Path

from commands import DESK, Typed, written

FOUNDED = """\
funnelsim: 1
name: A phase that founds a team
start: 2026-04-01
horizon: 3 mo
sources: {web: {rate: 1 / d}}
teams: {desk: {headcount: 2, queue: fifo}}
stages: {serve: {team: desk, effort: 1 h}}
phases: [{from: 2026-05-01, change: {teams.kam: {headcount: 1, queue: fifo}, stages.serve.team: kam}}]
"""


def test_a_team_that_a_phase_founds(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", FOUNDED)
    found = typed("check", "s.yaml")
    assert found.returncode == 0, found.stderr
    assert "Phases are not counted: this is the organisation of the start." in found.stdout
    told = json.loads(typed("check", "s.yaml", "--json").stdout)["files"][0]
    assert list(told["teams"]) == ["desk"]
    assert told["left_out"]


def test_leads_that_cool_are_not_in_the_expected_load(tmp_path: Path, typed: Typed) -> None:
    written(
        tmp_path / "s.yaml", DESK.replace("{team: desk,", "{team: desk, decay: {half_life: 2 h}, timeout: 9 d,")
    )
    said = typed("check", "s.yaml").stdout
    assert "Waiting is not counted: what it takes off (decay, timeout) makes fewer leads advance" in said
    written(tmp_path / "s.yaml", DESK)
    assert "not counted" not in typed("check", "s.yaml").stdout
    written(tmp_path / "s.yaml", f"{DESK}\nlimits: [{{stages: [serve], wip: 9, full: hold}}]\n")
    assert "Limits are not counted: leads that they hold back" in typed("check", "s.yaml").stdout


def test_vacancies_and_new_people_are_not_in_the_expected_load(tmp_path: Path, typed: Typed) -> None:
    ramp = "ramp: {start: 0.2, time: 3 mo}"
    for more, said in (
        (
            f"hiring: 60 d, {ramp}",
            "(attrition, hiring) and the slower work of new people (ramp) are not counted: loads",
        ),
        ("hiring: 60 d", "Time for which seats are vacant (attrition, hiring) is not counted: loads are higher"),
        (ramp, "The slower work of new people (ramp) is not counted: loads are higher by what it takes."),
    ):
        written(tmp_path / "s.yaml", DESK.replace("queue: fifo", f"queue: fifo, attrition: 0.3, {more}"))
        assert said in typed("check", "s.yaml").stdout


PARALLEL = """\
horizon: 6 mo
segments: {all: {value: 10_000}}
opening: {leads: {large: 10}}
sources: {web: {rate: 0 / h}}
stages:
  qualify: {convert: 0.5, next: {small: 0.7, large: 0.3}}
  small:   {decision: 10 d, convert: 0.5, books: true, next: end}
  large:   {decision: 60 d, convert: 0.5, books: true}
"""


def test_open_deals_on_a_second_way_to_close_are_open(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", PARALLEL)
    assert typed("check", "s.yaml").stderr == ""
    written(tmp_path / "s.yaml", PARALLEL.replace("books: true, next: end", "books: true"))
    said = typed("check", "s.yaml").stderr
    assert "not every way to large passes small or large, where deals are booked, so those who stand there" in said
    one_way = PARALLEL.replace("next: {small: 0.7, large: 0.3}", "next: small").replace("true, next: end", "true")
    written(tmp_path / "s.yaml", one_way)
    said = typed("check", "s.yaml").stderr
    assert "those in large stand behind small, which books, so they count as won before the start" in said


def test_open_deals_that_nothing_books_are_told(tmp_path: Path, typed: Typed) -> None:
    written(tmp_path / "s.yaml", PARALLEL.replace("0.5, books: true}", "0.5}"))
    assert "those in large can never be booked" in typed("check", "s.yaml").stderr
