"""Reps between whom a routing rule makes no difference, and the turns of a round robin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from exact import play

import funnelsim as fs

SHORT = {"team": "desk", "effort": "10 min"}


def desk(headcount: Any, **more: Any) -> dict[str, Any]:
    return {"desk": {"headcount": headcount, "queue": "fifo", **more}}


def a_lead_a_day(**more: Any) -> fs.Scenario:
    """30 leads, one a day, for two reps."""
    return fs.Scenario.from_dict({
        "start": "2026-01-01", "horizon": "30.5 d", "sources": {"web": {"every": "1 d"}},
        "calendars": {"office": {"days": "mon-sun", "hours": ["09:00-12:00", "13:00-17:00"]}},
        "teams": desk(2, **more),
        "stages": {"call": {"team": "desk", "effort": "1 h", "convert": 0.5}},
    })  # fmt: skip


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("assign", ["when_free", "on_arrival"])
@pytest.mark.parametrize("routing", ["least_loaded", "best_skill"])
def test_thirty_leads_of_two_equals_go_half_to_each(engine: Any, assign: str, routing: str) -> None:
    result = fs.simulate(
        a_lead_a_day(assign=assign, routing=routing), replications=20, seed=3, engine=engine
    )  # fmt: skip
    for records in result.replicates:
        assert np.bincount(records.visits.rep).tolist() == [15, 15]


@pytest.mark.parametrize("skill", [[1, -1], [-1, 1]])
def test_the_order_of_names_moves_no_rate(skill: list[float]) -> None:
    """Of log-odds 1 and -1 in turn half are won, whoever sits in the first seat."""
    result = fs.simulate(a_lead_a_day(skill=skill), replications=200, seed=4)
    code = result.model.outcome_names.index("won")
    won = np.array([(records.leads.outcome == code).mean() for records in result.replicates])
    assert abs(won.mean() - 0.5) < 3.5 * won.std() / np.sqrt(len(won))


def test_the_first_lead_is_no_seats_by_right() -> None:
    """Before anybody has had anything the draw decides: of 400 replications, half by the binomial distribution."""
    result = fs.simulate(a_lead_a_day(), replications=400, seed=5)
    firsts = sum(int(records.visits.rep[0] == 0) for records in result.replicates)
    assert abs(firsts - 200) < 4 * 10


def test_who_was_given_something_longest_ago_is_next_though_at_work() -> None:
    """Both own one lead when the third comes at 4 h: the first rep, at work since 0 h, has it, not the idle one,
    whose touch ended at 2 h.
    """
    sources = {name: {"bursts": [{"at": f"{at} h", "leads": 1}]} for name, at in (("x", 0), ("y", 1), ("z", 4))}
    stage = {"team": "desk", "effort": {"x": "9 h", "else": "1 h"}, "touches": 2, "gap": "9 h"}
    rows = play({"call": stage}, sources=sources, teams=desk(2, assign="on_arrival")).stage("call")
    assert rows[0].seat == rows[2].seat != rows[1].seat
    assert rows[2].touched == 9


def test_equals_of_a_territory_take_turns() -> None:
    teams = desk(3, routing="territory", serves={"east": 2}, assign="on_arrival")
    played = play({"call": SHORT}, *range(8), teams=teams, territories={"east": 1})
    seats = [row.seat for row in played.stage("call")]
    assert seats[0::2] == [seats[0]] * 4
    assert seats[1::2] == [1 - seats[0]] * 4


@pytest.mark.parametrize("assign", ["when_free", "on_arrival"])
def test_turns_by_weight_are_spread_evenly(assign: str) -> None:
    """The published sequence of the smooth weighted round robin for the weights 5, 1, 1: a a b a c a a."""
    teams = desk(3, routing={"round_robin": [5, 1, 1]}, assign=assign)
    rows = play({"call": SHORT}, *range(14), teams=teams).stage("call")
    assert [row.seat for row in rows] == [0, 0, 1, 0, 2, 0, 0] * 2


def test_equal_weights_are_the_plain_round_robin() -> None:
    plain = play({"call": SHORT}, *range(9), teams=desk(3, routing="round_robin"))
    equal = play({"call": SHORT}, *range(9), teams=desk(3, routing={"round_robin": [4, 4, 4]}))
    assert [row.seat for row in plain.stage("call")] == [row.seat for row in equal.stage("call")] == [0, 1, 2] * 3


def test_who_was_not_there_does_not_catch_up() -> None:
    """Seat 2, with half of all turns, comes after a day: four of the next eight leads are its own, no more."""
    teams = desk({"start": 2, "2026-01-06": 3}, routing={"round_robin": [1, 1, 2]}, assign="on_arrival")
    rows = play({"call": SHORT}, *range(8), *range(25, 33), teams=teams).stage("call")
    assert np.bincount([row.seat for row in rows[:8]]).tolist() == [4, 4]
    assert np.bincount([row.seat for row in rows[8:]]).tolist() == [2, 2, 4]


def test_who_cannot_take_a_lead_gains_no_turn() -> None:
    """While seat 0 is full the others go on by themselves; with room again it has its two turns of four."""
    stage = {"team": "desk", "effort": {"x": "10 h", "else": "10 min"}}
    sources = {"x": {"bursts": [{"at": "0 h", "leads": 1}]}}
    sources |= {f"l{at}": {"bursts": [{"at": f"{at} h", "leads": 1}]} for at in (*range(1, 9), *range(11, 19))}
    teams = desk(3, routing={"round_robin": [2, 1, 1]}, assign="on_arrival", wip_limit=1)
    rows = play({"call": stage}, sources=sources, teams=teams).stage("call")
    by_time = [row.seat for row in sorted(rows, key=lambda row: row.entered)]
    assert by_time[0] == 0
    assert np.bincount(by_time[1:9]).tolist() == [0, 4, 4]
    assert np.bincount(by_time[9:]).tolist() == [4, 2, 2]


def test_more_weights_than_seats_are_told() -> None:
    scenario = a_lead_a_day(routing={"round_robin": [2, 1, 1]})
    assert any("3 weights for 2 seats" in warning for warning in scenario.warnings)


@pytest.mark.parametrize(
    ("routing", "said"),
    [
        ({"random": [1, 2]}, "weights by seat belong to round_robin, and not to random"),
        ({"round_robin": [1, 0]}, "a whole number at least 1"),
        ([2, 1], "write {round_robin: [2, 1]}"),
    ],
)
def test_weights_that_cannot_be_meant_are_refused(routing: Any, said: str) -> None:
    with pytest.raises(fs.ScenarioError, match=said.replace("{", r"\{").replace("[", r"\[")):
        a_lead_a_day(routing=routing)
