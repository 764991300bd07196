"""Values that can hardly be meant are told by every command, and in its JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import DESK, Typed, written

ODD = DESK.replace("rate: 2 / h", "rate: 2 / min").replace("headcount: 3", "headcount: 3, attrition: 15")
LOAD = "teams.desk: the expected load is 40.00: there is work for 40 times the people that there are"
LEFT = "teams.desk.attrition: 15 a year: each seat is left fifteen times"


def test_run_compare_and_check_tell_them(typed: Typed, tmp_path: Path) -> None:
    written(
        tmp_path / "odd.yaml", ODD.replace("horizon: 20 d", "horizon: 3 d").replace("warmup: 2 d", "warmup: 0 d")
    )
    few = ("--replications", "2", "--engine", "simpy", "--workers", "1")
    for command in (
        ("run", "odd.yaml", *few),
        ("compare", "odd.yaml", "--arm", "more: teams.desk.headcount=4", *few),
        ("check", "odd.yaml"),
    ):
        done = typed(*command, "--json")
        assert done.returncode == 0, done
        assert LOAD in done.stderr
        assert LEFT in done.stderr
        found = json.loads(done.stdout)
        warnings = found["warnings"] if command[0] != "check" else found["files"][0]["warnings"]
        for said in (LOAD, LEFT):
            assert any(said in text for text in warnings), command
        assert "warning:" not in typed(*command, "--json", "--quiet").stderr


def test_check_tells_leads_an_hour(typed: Typed, tmp_path: Path) -> None:
    calendar = (
        "calendars: {open: {hours: 08:00-18:00}}\n"
        "sources: {web: {rate: 5 / h, calendar: open, pattern: {month: {dec: 2}}}}"
    )
    written(tmp_path / "boxes.yaml", DESK.replace("sources: {web: {rate: 2 / h}}", calendar))
    done = typed("check", "boxes.yaml")
    assert "in an hour with leads" in done.stdout
    assert (
        "sources.web.pattern: of the factors those by month average 1.085, and are divided by that" in done.stdout
    )
    (file,) = json.loads(typed("check", "boxes.yaml", "--json").stdout)["files"]
    web = file["sources"]["web"]
    assert web["scaled"]["month"] == pytest.approx((365.25 + 31) / 365.25)
    assert web["per_hour"] * 10 == pytest.approx(web["per_day"])
