"""What became of the same leads: worked out by hand, and adding up exactly to the KPIs, whatever the scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.fates.fate import Fate
from funnelsim.experiments.fates.result import Fates
from funnelsim.results.measures.window import Window
from funnelsim.views.words import LANGUAGES, speaking
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))

THREE_LEADS = """
name: Three leads, one rep
horizon: 11.5 h
warmup: 0 h
currency: EUR
segments: {all: {value: {dist: constant, value: 1_000}}}
sources: {web: {every: 3 h}}
teams: {desk: {headcount: 1, queue: fifo}}
stages: {meet: {team: desk, effort: 5 h, patience: 90 min}}
"""
"""Leads come at 3, 6 and 9 h. The rep has the first until 8 h, so that the second leaves at 7.5 h; the third is in
work at the end. A second rep wins the second at 11 h."""


def three_leads() -> Fates:
    today = fs.Scenario.from_text(THREE_LEADS)
    return fs.compare(
        {"one": today, "two": today.change({"teams.desk.headcount": 2})}, kpis=["won"], replications=2
    ).fates()


def test_a_case_worked_out_by_hand() -> None:
    fates = three_leads()
    rows = {(row.before, row.after): row for row in fates.changes("two")}
    assert set(rows) == {
        (Fate("expired", "meet"), Fate("won")),
        (Fate("won"), Fate("won")),
        (Fate("open", "meet"), Fate("open", "meet")),
    }
    second = rows[Fate("expired", "meet"), Fate("won")]
    assert (second.leads, second.wins, second.bookings) == (1.0, 1.0, 1000.0)
    assert (second.waited_before, second.waited_after) == (1.5, 0.0)
    assert fates.difference("two") == (1.0, 1000.0)
    cycles = fates.cycles("two")
    assert (cycles.before, cycles.after, cycles.change, cycles.composition) == (5.0, 5.0, 0.0, 0.0)
    assert fates.words["two"][1] == (
        "With one, the leads that only two wins ended like this: would not wait any longer at meet 1 "
        "(after 1.5 h of waiting for a rep there)."
    )


def added_up(arms: dict[str, fs.Scenario], replications: int = 2) -> None:
    """Rows add up to won and booked in whole leads and cents, and parts of a cycle to its change."""
    compared = fs.compare(arms, kpis=["created"], replications=replications, seed=3)
    fates = compared.fates()
    base = windows(compared.base)
    for arm in compared.arms[1:]:
        ways = fates.accounts[arm.name].ways
        other = windows(arm)
        assert sum(each.leads for way, each in ways.items() if way.before) == leads_of(base)
        assert sum(each.leads for way, each in ways.items() if way.after) == leads_of(other)
        won = [sum(each.leads for way, each in ways.items() if way[at] and way[at].counted) for at in (1, 2)]
        assert won == [sum(int(each.won.sum()) for each in side) for side in (base, other)]
        booked = (
            sum(each.booked_before for each in ways.values()),
            sum(each.booked_after for each in ways.values()),
        )
        assert booked == tuple(
            sum(int(each.leads.booked[each.won].sum()) for each in side) for side in (base, other)
        )
        assert sum(len(end) > 0 for end in fates.ends(arm.name)) <= 2
        times = fates.accounts[arm.name].times
        assert sum(times.changes.values()) == times.both_cycles[1] - times.both_cycles[0]
        assert all(way.wins == 0 for way in fates.changes(arm.name) if way.before == way.after)
    json.dumps(fates.to_dict(), allow_nan=False)
    for lang in LANGUAGES:
        with speaking(lang):
            assert all(fates.words.values())


def windows(arm: Any) -> list[Window]:
    from funnelsim.experiments.running.replications import replicate

    return [
        Window(replicate(arm.model, 3, number, "compiled", False), arm.model) for number in range(arm.replications)
    ]


def leads_of(windows: list[Window]) -> int:
    return sum(len(each.leads.created) for each in windows)


def changed(scenario: fs.Scenario) -> fs.Scenario | None:
    """The same line with less work, and one more person in its first team that can have one."""
    made = scenario.change({"stages.*.effort": {"multiply": 0.8}})
    for team in scenario.document["teams"]:
        try:
            return made.change({f"teams.{team}.headcount": {"add": 1}})
        except FunnelsimError:
            continue
    return None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_it_adds_up_on_shipped_scenarios(path: Path) -> None:
    today = fs.load(path)
    other = changed(today)
    assert other is not None
    added_up({"today": today, "other": other}, 2)


def pairs(first: int, last: int) -> int:
    """Random scenarios and changes of them; how many there were."""
    done = 0
    for seed in range(first, last):
        scenario = scenario_of(document(seeded(seed)))
        try:
            other = None if scenario is None else changed(scenario)
        except FunnelsimError:
            continue
        if scenario is not None and other is not None:
            added_up({"today": scenario, "other": other}, 1)
            done += 1
    return done


def test_it_adds_up_on_some_random_pairs() -> None:
    assert pairs(0, 25) >= 10


@pytest.mark.slow
def test_it_adds_up_on_five_hundred_random_pairs() -> None:
    assert pairs(1000, 1900) >= 500


def test_the_same_line_changes_nothing() -> None:
    today = fs.load(ROOT / "scenarios" / "mid_market.yaml")
    fates = fs.compare({"today": today, "same": today}, kpis=["won"], replications=1).fates()
    assert all(row.before == row.after and row.wins == row.bookings == 0 for row in fates.changes("same"))
    assert fates.ends("same") == ((), ())
    assert fates.cycles("same").change == 0
