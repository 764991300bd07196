"""Open deals that go on where they stand, in moments that can be worked out by hand; both engines."""

from __future__ import annotations

from typing import Any

import pytest
from exact import OFFICE, Played, Row, play

NONE = {"web": {"rate": "0 / d"}}
TALK = {"team": "desk", "effort": "1 h", "touches": 3, "gap": "2 d", "decision": "5 d"}
CLOSED = {"desk": {"headcount": 1, "queue": "fifo", "calendar": "office"}}


def stands(stage: dict[str, Any], *deals: dict[str, Any], **more: Any) -> list[Row]:
    return opened({"serve": stage}, *deals, **more).stage("serve")


def opened(stages: dict[str, Any], *deals: dict[str, Any], **more: Any) -> Played:
    opening = {"leads": [{"stage": next(iter(stages)), **deal} for deal in deals]}
    return play(stages, opening=opening, sources=NONE, **more)


@pytest.mark.parametrize(
    ("deal", "touched", "left"),
    [
        ({}, 0, 219),  # three touches, two gaps of two days, five days
        ({"age": "3 d"}, -1, 48),  # all touches done, the last of them three days ago
        ({"age": "9 d", "since_touch": "4 d"}, -1, 24),
        ({"since_touch": "4 d"}, -1, 24),
        ({"touches": 3, "age": "9 d", "since_touch": "4 d"}, -1, 24),
        ({"touches": 7, "since_touch": "4 d"}, -1, 24),
        ({"age": "5 d"}, -1, 0),  # neither outcome takes longer
        ({"touches": 0, "age": "3 d"}, 0, 219),
        ({"touches": 2, "since_touch": "36 h"}, 12, 133),  # half a day of the gap, an hour, five days
        ({"touches": 1, "since_touch": "36 h"}, 12, 182),
        ({"touches": 1, "age": "36 h"}, 12, 182),  # the touch was not later than the entering
        ({"touches": 1, "since_touch": "4 d"}, 0, 170),  # no gap lasts that long
        ({"touches": 2, "since_touch": "1 d", "waiting": True}, 0, 121),
        ({"age": "3 d", "waiting": True}, 0, 219),  # before its first touch
        ({"touches": 2}, 48, 169),  # touched just now
    ],
)
def test_a_deal_goes_on_where_it_stands(deal: dict[str, Any], touched: float, left: float) -> None:
    (row,) = stands(TALK, deal)
    assert (row.touched, row.left, row.outcome) == (touched, left, "advanced")


def test_where_nothing_takes_time_after_the_last_touch_a_deal_stands_before_the_first() -> None:
    (row,) = stands({"team": "desk", "effort": "1 h"}, {"age": "9 d"})
    assert (row.touched, row.left) == (0, 1)


def test_an_automated_stage_decides_since_it_was_entered() -> None:
    assert [row.left for row in stands({"decision": "5 d"}, {"age": "3 d"}, {}, {"age": "6 d"})] == [48, 120, 0]


@pytest.mark.parametrize(
    ("length", "left"),
    [
        ("1 bd", 90),  # from Friday at 9 to Monday is one day; the fourth of those left ends on Thursday at 18
        ("3 d", 90),  # since Friday at midnight: the same day of work
        ("2 d", 114),  # since Saturday: none
    ],
)
def test_business_days_count_open_time_since_the_touch(length: str, left: float) -> None:
    (row,) = stands(
        {**TALK, "decision": "5 bd"}, {"since_touch": length}, calendars=OFFICE, teams=CLOSED, horizon="12 d"
    )
    assert row.left == left


def test_an_age_in_business_days_goes_back_over_the_weekend() -> None:
    (row,) = stands({"decision": "9 d", "team": "desk"}, {"age": "2 bd"}, calendars=OFFICE, teams=CLOSED)
    assert row.left == pytest.approx(9 * 24 - (3 * 24 + 15))  # since Thursday at 9


def test_a_decision_on_meetings_ends_on_one() -> None:
    """Meetings are a week apart; a deal ends on the first after its two days, unless that is past."""
    stage = {"decision": {"dist": "constant", "value": "2 d", "meets": "7 d"}}
    ages = (1, 2, 3, 5, 8, 9, 9.5)
    rows = stands(stage, *({"age": f"{days} d"} for days in ages))
    meetings = [row.left % 168 for row in stands(stage, *({} for _ in ages))]
    for row, meeting, days in zip(rows, meetings, ages, strict=True):
        first = next(meeting + 168 * week for week in range(-9, 9) if meeting + 168 * week >= 48 - 24 * days)
        assert row.left == pytest.approx(max(first, 0), abs=1e-8)


def test_a_timeout_that_has_passed_strikes_at_once() -> None:
    late, soon = stands({**TALK, "timeout": "4 d"}, {"age": "5 d", "touches": 0}, {"age": "3 d", "touches": 3})
    assert (late.left, late.outcome, late.touched) == (0, "expired", -1)
    assert (soon.left, soon.outcome) == (24, "expired")


def test_the_creation_counts_for_the_cycle_alone() -> None:
    played = opened(
        {"serve": {**TALK, "timeout": "4 d"}}, {"age": "1 d", "since_created": "90 d"}, {"since_created": "9 d"}
    )
    assert [int(created) // 3_600_000_000 for created in played.records.leads.created] == [-90 * 24, -9 * 24]
    assert [row.left for row in played.stage("serve")] == [72, 96]


def test_what_a_deal_has_waited_cools_it() -> None:
    """After fifty half-lives nothing is left of the chance; the deal that has not waited has all of it."""
    stage = {**TALK, "decay": {"half_life": "1 h"}, "convert": 1, "touches": 1}
    cold, warm = stands(stage, {"age": "3 d", "waited": "50 h"}, {"age": "3 d"})
    assert (cold.outcome, warm.outcome) == ("lost", "advanced")
    (later,) = stands(stage, {"touches": 0, "age": "3 d", "waited": "50 h"})
    assert (later.outcome, later.wait) == ("lost", 0)


def test_the_owner_is_who_made_the_touches() -> None:
    """A deal of a rep who always wins is won though nobody of the team touches it any more."""
    teams = {"desk": {"headcount": 2, "queue": "fifo", "skill": [-39, 39]}}
    rows = stands({**TALK, "convert": 0.5}, *({"age": "3 d", "owner": name} for name in "AB"), teams=teams)
    assert [(row.seat, row.outcome) for row in rows] == [(0, "lost"), (1, "advanced")]


def test_a_nurturing_stage_counts_from_the_entering() -> None:
    """Leads of `later` ready after 10 h: those there after 9 h have an hour more, or never come out."""
    sources = {"web": {"rate": "0 / d", "readiness": {"ready": 0.5, "later": 0.4, "never": 0.1, "time": "10 h"}}}
    opening = {"leads": [{"stage": "nurture", "age": "9 h"}] * 40}
    rows = play({"nurture": {"nurtures": {"notice": "0 h"}}}, sources=sources, opening=opening).stage("nurture")
    assert {row.left for row in rows} == {1, -1}


def test_one_beside_another_stands_before_a_touch_that_another_team_joins() -> None:
    teams = {"desk": {"headcount": 1, "queue": "fifo"}, "lab": {"headcount": 1, "queue": "fifo"}}
    stage = {**TALK, "with": {"team": "lab", "touches": "last"}}
    played = opened({"serve": stage}, {"touches": 2, "waiting": True}, teams=teams)
    assert played.busy("lab") == [1]
