"""Timelines worked out by hand from the rules: constant efforts, single leads, every moment known."""

from __future__ import annotations

from typing import Any

import pytest
from exact import DESK, OFFICE, Row, play

SERVE: dict[str, Any] = {"team": "desk", "effort": "1 h"}
TWO = {"desk": {"headcount": 2, "queue": "fifo", "routing": "round_robin"}}
PAIR = {"a": {"headcount": 1, "queue": "fifo"}, "b": {"headcount": 1, "queue": "fifo"}}


def spans(rows: list[Row]) -> list[tuple[float, float]]:
    """First touch and end of each visit."""
    return [(row.touched, row.left) for row in rows]


# --- queues ------------------------------------------------------------------------------------------------


def test_first_come_first_served() -> None:
    assert spans(play({"serve": SERVE}, 0, 0.5, 0.75).stage("serve")) == [(0, 1), (1, 2), (2, 3)]


def test_last_come_first_served() -> None:
    teams = {"desk": {"headcount": 1, "queue": "lifo"}}
    assert play({"serve": SERVE}, 0, 0.25, 0.5, teams=teams).starts("serve") == [0, 2, 1]


def _three_kinds(**more: Any) -> dict[str, Any]:
    """One lead each of the segments low, high and middle, at 1, 2 and 3 h; one of low holds the rep until 4 h."""
    times = {"hold": (0, "low"), "x": (1, "low"), "y": (2, "high"), "z": (3, "middle")}
    sources = {
        name: {"bursts": [{"at": f"{at} h", "leads": 1}], "mix": {segment: 1}}
        for name, (at, segment) in times.items()
    }
    segments = {name: {"value": value} for name, value in (("low", 100), ("high", 900), ("middle", 500))}
    return {"sources": sources, "segments": segments, **more}


FOUR: dict[str, Any] = {"team": "desk", "effort": {"hold": "4 h", "else": "1 h"}}


def test_the_dearest_first() -> None:
    teams = {"desk": {"headcount": 1, "queue": "value"}}
    assert play({"serve": FOUR}, **_three_kinds(teams=teams)).starts("serve") == [0, 6, 4, 5]


def test_expected_value_weighs_by_the_believed_chance() -> None:
    """100 x 0.9 = 90, 900 x 0.05 = 45, 500 x 0.5 = 250."""
    teams = {"desk": {"headcount": 1, "queue": "expected_value"}}
    stage = {**FOUR, "convert": {"low": 0.9, "high": 0.05, "else": 0.5}}
    assert play({"serve": stage}, **_three_kinds(teams=teams)).starts("serve") == [0, 5, 6, 4]


def test_value_per_hour_divides_by_the_effort() -> None:
    """100 / 0.25 h = 400, 900 / 3 h = 300, 500 / 1 h = 500."""
    teams = {"desk": {"headcount": 1, "queue": "value_per_hour"}}
    stage = {"team": "desk", "effort": {"hold": "4 h", "low": "15 min", "high": "3 h", "else": "1 h"}}
    assert play({"serve": stage}, **_three_kinds(teams=teams)).starts("serve") == [0, 5, 5.25, 4]


def test_value_per_hour_goes_to_what_cools() -> None:
    """What is lost in an hour counts: 100 x ln 2 / 1 h against 900 x ln 2 / 1000 h."""
    teams = {"desk": {"headcount": 1, "queue": "value_per_hour"}}
    stage = {**FOUR, "decay": {"low": {"half_life": "1 h"}, "else": {"half_life": "1000 h"}}}
    played = play({"serve": stage}, **_three_kinds(teams=teams))
    assert played.starts("serve") == [0, 4, 5, 6]


def test_nearest_deadline_first() -> None:
    """Deadlines: x 1 + 20, y 2 + 5, z none but a timeout at 3 + 6."""
    teams = {"desk": {"headcount": 1, "queue": "due"}}
    stage = {**FOUR, "sla": {"x": "20 h", "y": "5 h"}, "timeout": {"z": "6 h"}}
    assert play({"serve": stage}, **_three_kinds(teams=teams)).starts("serve") == [0, 6, 4, 5]


def test_classes_go_before_and_behind() -> None:
    queue = {"rule": "fifo", "first": {"segment": "middle"}, "last": {"source": "x"}}
    teams = {"desk": {"headcount": 1, "queue": queue}}
    assert play({"serve": FOUR}, **_three_kinds(teams=teams)).starts("serve") == [0, 6, 5, 4]


def test_ignored_leads_lie_until_their_patience_ends() -> None:
    teams = {"desk": {"headcount": 1, "queue": {"rule": "fifo", "ignore": {"segment": "high"}}}}
    rows = play({"serve": {**FOUR, "patience": "9 h"}}, **_three_kinds(teams=teams)).stage("serve")
    assert spans(rows) == [(0, 4), (4, 5), (-1, 11), (5, 6)]
    assert rows[2].outcome == "expired"


# --- calendars ---------------------------------------------------------------------------------------------


def test_work_pauses_over_noon_and_night() -> None:
    first, second = play({"serve": {**SERVE, "effort": "3 h"}}, 11, 16, calendars=OFFICE).stage("serve")
    assert (first.left, first.busy, first.paused) == (15, 3, 1)
    assert (second.touched, second.left, second.wait) == (16, 24 + 10, 0)
    assert (second.busy, second.paused) == (3, 15)


def test_work_that_just_fits_ends_at_closing() -> None:
    rows = play({"serve": {**SERVE, "effort": "2 h"}}, 10, 10, calendars=OFFICE).stage("serve")
    assert spans(rows) == [(10, 12), (13, 15)]
    assert rows[0].paused == 0


def test_no_work_asked_for_at_night_is_done_at_the_opening() -> None:
    (row,) = play({"serve": {"team": "desk"}}, 3, calendars=OFFICE).stage("serve")
    assert (row.touched, row.left, row.wait) == (9, 9, 6)


def test_at_an_opening_the_rule_chooses_among_all_that_waits() -> None:
    teams = {"desk": {"headcount": 1, "queue": "lifo"}}
    assert play({"serve": SERVE}, 3, 4, 5, calendars=OFFICE, teams=teams).starts("serve") == [11, 10, 9]


def test_selling_share_stretches_work() -> None:
    teams = {"desk": {"headcount": 1, "queue": "fifo", "selling_share": 0.25}}
    (row,) = play({"serve": SERVE}, 9, calendars=OFFICE, teams=teams).stage("serve")
    assert (row.left, row.work, row.busy, row.paused) == (14, 1, 4, 1)


def test_business_days_count_open_hours() -> None:
    """From Monday 10:00: 2 h to noon, 5 h to 18:00, the eighth hour ends on Tuesday at 10:00."""
    (row,) = play({"serve": {**SERVE, "touches": 2, "gap": "1 bd"}}, 9, calendars=OFFICE).stage("serve")
    assert (row.buyer, row.left) == (24, 24 + 11)


def test_days_off_pause_a_touch() -> None:
    teams = {"desk": {"headcount": 1, "queue": "fifo", "absence": {"dates": ["2026-01-06"]}}}
    (row,) = play({"serve": {**SERVE, "effort": "10 h"}}, 20, teams=teams).stage("serve")
    assert (row.touched, row.left, row.paused) == (20, 48 + 6, 24)


# --- a visit -----------------------------------------------------------------------------------------------


def test_touches_and_gaps() -> None:
    (row,) = play({"serve": {**SERVE, "touches": 3, "gap": "2 h"}}, 0).stage("serve")
    assert (row.left, row.busy, row.buyer, row.wait) == (7, 3, 4, 0)


def test_gaps_leave_the_rep_free() -> None:
    rows = play({"serve": {**SERVE, "touches": 2, "gap": "2 h"}}, 0, 0).stage("serve")
    assert [(row.touched, row.left, row.wait) for row in rows] == [(0, 4, 0), (1, 5, 1)]


@pytest.mark.parametrize(("convert", "left", "outcome"), [(1, 5, "advanced"), (0, 8, "lost")])
def test_decision_by_outcome(convert: int, left: float, outcome: str) -> None:
    stage = {**SERVE, "convert": convert, "decision": {"advanced": "4 h", "lost": "7 h"}}
    (row,) = play({"serve": stage}, 0).stage("serve")
    assert (row.left, row.outcome, row.buyer) == (left, outcome, left - 1)


def test_patience_counts_from_ready_to_start() -> None:
    rows = play({"serve": {**SERVE, "effort": "3 h", "patience": "2 h"}}, 0, 0.5, 1).stage("serve")
    assert [(row.touched, row.left, row.outcome) for row in rows] == [
        (0, 3, "advanced"),
        (-1, 2.5, "expired"),
        (3, 6, "advanced"),  # it would end at 3 h as well: the touch starts
    ]


def test_each_touch_is_a_wait_of_its_own() -> None:
    """Two leads alternate: nobody waits longer than 2 h at a time, though longer in all."""
    stage = {**SERVE, "effort": "2 h", "touches": 3, "patience": "2.5 h"}
    rows = play({"serve": stage}, 0, 0).stage("serve")
    assert {row.outcome for row in rows} == {"advanced"}
    assert sorted(row.left for row in rows) == [10, 12]
    assert max(row.wait for row in rows) == 6


def test_timeout_strikes_in_a_gap() -> None:
    (row,) = play({"serve": {**SERVE, "touches": 2, "gap": "10 h", "timeout": "4 h"}}, 0).stage("serve")
    assert (row.left, row.outcome, row.buyer) == (4, "expired", 3)


@pytest.mark.parametrize("gap", ["0 h", "1 h"])
def test_timeout_that_passes_in_a_touch_strikes_at_its_end(gap: str) -> None:
    stage = {**SERVE, "effort": "3 h", "touches": 2, "gap": gap, "timeout": "2 h"}
    (row,) = play({"serve": stage}, 0).stage("serve")
    assert (row.left, row.outcome, row.busy) == (3, "expired", 3)


def test_an_outcome_goes_before_the_timeout() -> None:
    (row,) = play({"serve": {**SERVE, "timeout": "1 h"}}, 0).stage("serve")
    assert (row.left, row.outcome) == (1, "advanced")


def test_waiting_takes_the_chance_away() -> None:
    """The second lead waits for an hour, sixty half-lives: its chance is below 10^-18."""
    first, second = play({"serve": {**SERVE, "decay": {"half_life": "1 min"}}}, 0, 0).stage("serve")
    assert (first.outcome, second.outcome, second.wait) == ("advanced", "lost", 1)


def test_the_buyers_time_takes_no_chance_away() -> None:
    stage = {**SERVE, "touches": 2, "gap": "50 h", "decision": "5 h", "decay": {"half_life": "1 min"}}
    (row,) = play({"serve": stage}, 0).stage("serve")
    assert (row.outcome, row.left) == ("advanced", 57)


def test_at_most_ends_a_loop() -> None:
    rows = play({"serve": {**SERVE, "convert": 0, "otherwise": "serve", "at_most": 3}}, 0).lead(1)
    assert spans(rows) == [(0, 1), (1, 2), (2, 3)]
    assert {row.outcome for row in rows} == {"moved"}


# --- limits ------------------------------------------------------------------------------------------------

SLOW = {"decision": "4 h"}


def test_leads_are_held_before_a_limit_in_order() -> None:
    rows = play({"wait": SLOW}, 0, 1, 2, limits=[{"stages": ["wait"], "wip": 1}]).stage("wait")
    assert [(row.entered, row.held, row.left) for row in rows] == [(0, 0, 4), (1, 3, 8), (2, 6, 12)]


def test_leads_are_turned_away_from_a_limit() -> None:
    stage = {**SLOW, "on": {"blocked": "try_later"}}
    limits = [{"stages": ["wait"], "wip": 1, "full": "turn_away"}]
    played = play({"wait": stage}, 0, 1, 4, limits=limits)
    assert [(row.left, row.outcome) for row in played.stage("wait")] == [
        (4, "advanced"),
        (1, "blocked"),
        (8, "advanced"),
    ]
    assert played.model.outcome_names[played.records.leads.outcome[1]] == "try_later"


def test_a_lead_that_comes_back_enters_above_the_limit() -> None:
    stages = {"first": {**SLOW, "at_most": 2}, "second": {"decision": "1 h", "next": "first"}}
    played = play(stages, 0, 4, limits=[{"stages": ["first"], "wip": 1}])
    assert [(row.entered, row.held) for row in played.lead(1)] == [(0, 0), (4, 0), (5, 0), (9, 0)]
    assert [(row.entered, row.held) for row in played.lead(2)][:1] == [(4, 0)]


def test_the_first_that_fits_all_its_limits_enters() -> None:
    """Lead 2 is before both limits; when `rear` frees at 4 h it still lacks `both`, so lead 3 goes first."""
    stages = {
        "front": {"decision": "20 h", "next": "end"},
        "rear": {"aside": True, "decision": "4 h", "next": "end"},
    }
    sources = {
        "x": {"bursts": [{"at": "0 h", "leads": 1}], "to": "front"},
        "y": {"bursts": [{"at": "1 h", "leads": 1}], "to": "front"},
        "z": {"bursts": [{"at": "2 h", "leads": 2}], "to": "rear"},
    }
    limits = [{"stages": ["front", "rear"], "wip": 2}, {"stages": ["front"], "wip": 1}]
    played = play(stages, sources=sources, limits=limits)
    assert [(row.entered, row.held) for row in played.stage("rear")] == [(2, 0), (2, 4)]
    assert [(row.entered, row.held) for row in played.stage("front")] == [(0, 0), (1, 19)]


# --- who works ---------------------------------------------------------------------------------------------

LONG = {**SERVE, "touches": 2, "gap": "5 h"}


def test_the_same_rep_does_all_touches() -> None:
    """Lead 1 is seat 0's, who works from 4 to 8 h on another. Seat 1 is free at 6 h, when lead 1 is ready
    again, and may take lead 1 only where any rep may.
    """
    stage = {"team": "desk", "touches": {"web": 2, "else": 1}, "effort": {"y": "2 h", "web": "1 h", "else": "4 h"}}
    sources = {"web": {"bursts": [{"at": "0 h", "leads": 1}]}}
    sources |= {name: {"bursts": [{"at": "4 h", "leads": 1}]} for name in ("x", "y")}
    teams = {"desk": {"headcount": 2, "queue": "fifo", "routing": "best_skill", "skill": [1, 0]}}
    stage["gap"] = "5 h"
    rows = play({"serve": stage}, sources=sources, teams=teams).stage("serve")
    assert [(row.seat, row.touched, row.left, row.wait) for row in rows] == [
        (0, 0, 9, 2),
        (0, 4, 8, 0),
        (1, 4, 6, 0),
    ]
    free = play({"serve": {**stage, "continuity": "any_rep"}}, sources=sources, teams=teams).stage("serve")
    assert (free[0].seat, free[0].left, free[0].wait) == (1, 7, 0)


def test_the_wip_limit_is_asked_for_new_leads_only() -> None:
    teams = {"desk": {"headcount": 1, "queue": "fifo", "wip_limit": 1}}
    assert spans(play({"serve": LONG}, 0, 0, teams=teams).stage("serve")) == [(0, 7), (7, 14)]
    free = play({"serve": {**LONG, "continuity": "any_rep"}}, 0, 0, teams=teams).stage("serve")
    assert spans(free) == [(0, 7), (1, 8)]


def test_the_least_loaded_rep_takes_the_next_lead() -> None:
    teams = {"desk": {"headcount": 2, "queue": "fifo"}}
    first, second, third = (row.seat for row in play({"serve": LONG}, 0, 2, 3.5, teams=teams).stage("serve"))
    assert first == third != second


def test_round_robin_goes_round() -> None:
    teams = {"desk": {"headcount": 3, "queue": "fifo", "routing": "round_robin"}}
    rows = play({"serve": SERVE}, 0, 2, 4, 6, teams=teams).stage("serve")
    assert [row.seat for row in rows] == [0, 1, 2, 0]


def test_the_most_skilled_is_asked_first() -> None:
    teams = {"desk": {"headcount": 3, "queue": "fifo", "routing": "best_skill", "skill": [0, 2, 1]}}
    rows = play({"serve": {**SERVE, "effort": "5 h"}}, 0, 1, 2, teams=teams).stage("serve")
    assert [row.seat for row in rows] == [1, 2, 0]


def test_leads_pushed_on_arrival_wait_for_their_rep() -> None:
    """Seat 0 has leads 1 and 3; seat 1 is free at 3 h, yet lead 3 waits until 5 h."""
    teams = {"desk": {**TWO["desk"], "assign": "on_arrival"}}
    stage = {"team": "desk", "effort": {"web": "5 h", "else": "2 h"}}
    sources = {
        "web": {"bursts": [{"at": "0 h", "leads": 1}]},
        "b": {"bursts": [{"at": "1 h", "leads": 1}, {"at": "2 h", "leads": 1}]},
    }
    rows = play({"serve": stage}, sources=sources, teams=teams).stage("serve")
    assert [(row.seat, row.touched) for row in rows] == [(0, 0), (1, 1), (0, 5)]


def test_a_rep_serves_one_territory() -> None:
    teams = {"desk": {"headcount": 2, "queue": "fifo", "serves": {"east": 1, "west": 1}}}
    rows = play({"serve": SERVE}, 0, 0, territories={"east": 0, "west": 1}, teams=teams).stage("serve")
    assert [(row.seat, row.touched) for row in rows] == [(1, 0), (1, 1)]


def test_the_earlier_named_team_is_preferred() -> None:
    stage = {"team": ["b", "a"], "effort": "3 h"}
    played = play({"serve": stage}, 0, 1, 2, teams=PAIR)
    assert played.starts("serve") == [0, 1, 3]
    assert played.busy("b") == [6]
    assert played.busy("a") == [3]


def test_another_team_takes_what_the_preferred_left() -> None:
    """At one instant `b` takes its own lead, so the shared one is for `a`, which stands before it in the file."""
    stages = {
        "own": {"team": "b", "effort": "2 h", "next": "end"},
        "shared": {"team": ["b", "a"], "effort": "2 h"},
    }
    sources = {
        "x": {"bursts": [{"at": "0 h", "leads": 1}]},
        "y": {"bursts": [{"at": "0 h", "leads": 1}], "to": "shared"},
    }
    played = play(stages, sources=sources, teams=PAIR)
    assert (played.starts("own"), played.starts("shared")) == ([0], [0])
    assert (played.busy("a"), played.busy("b")) == ([2], [2])


def test_switching_costs_time() -> None:
    """Lead 2 starts while its rep owns two leads: 1 h x (1 + 0.5 x (2 - 1))."""
    teams = {"desk": {"headcount": 1, "queue": "fifo", "switching": 0.5, "switching_from": 1}}
    rows = play({"serve": LONG}, 0, 2, teams=teams).stage("serve")
    assert (rows[0].busy, rows[0].left) == (1 + 1.5, 7.5)
    assert rows[1].busy == 1.5 + 1


def test_speed_and_ramp() -> None:
    """Twice the speed halves the effort; at half productivity it takes nearly twice the time."""
    fast = {"desk": {"headcount": 1, "queue": "fifo", "speed": [2]}}
    assert play({"serve": SERVE}, 0, teams=fast).stage("serve")[0].left == 0.5
    new = {"desk": {"headcount": 1, "queue": "fifo", "ramp": {"start": 0.5, "time": "90 d"}, "tenure": "0 d"}}
    assert 1.99 < play({"serve": SERVE}, 0, teams=new).stage("serve")[0].left < 2


# --- handoffs ----------------------------------------------------------------------------------------------


def _passed(handoff: dict[str, Any], **second: Any) -> dict[str, Any]:
    return {
        "first": {"team": "a", "effort": "1 h"},
        "second": {"team": "b", "effort": "2 h", "handoff": handoff, **second},
    }


def test_give_delay_and_take() -> None:
    """Give 1.0-1.5 by the old rep, on the way until 4.5, then 0.25 h of taking over and the touch of 2 h."""
    played = play(_passed({"give": "30 min", "delay": "3 h", "take": "15 min"}), 0, teams=PAIR)
    row = played.lead(1)[1]
    assert (row.entered, row.touched, row.left) == (1, 4.5, 6.75)
    assert (row.handoff, row.busy, row.wait) == (3, 0.5 + 2.25, 0)
    assert (played.busy("a"), played.busy("b")) == ([1.5], [2.25])


def test_lost_context_is_asked_for_again() -> None:
    row = play(_passed({"keeps": 0.5}, rework=1), 0, teams=PAIR).lead(1)[1]
    assert (row.busy, row.left) == (3, 4)


def test_a_handoff_meeting_needs_both_and_decides_who_takes_over() -> None:
    """Both meet from 1 h to 2 h; the partner of the meeting does the touch."""
    teams = {**PAIR, "b": {"headcount": 2, "queue": "fifo", "routing": "best_skill", "skill": [0, 1]}}
    played = play(_passed({"joint": "1 h"}), 0, teams=teams)
    row = played.lead(1)[1]
    assert (row.touched, row.left, row.seat) == (2, 4, 1)
    assert (played.busy("a"), played.busy("b")) == ([2], [0, 3])


def test_what_is_dropped_leaves_at_the_end_of_the_delay() -> None:
    row = play(_passed({"delay": "3 h", "dropout": 1}), 0, teams=PAIR).lead(1)[1]
    assert (row.left, row.outcome, row.handoff) == (4, "dropped", 3)


def test_an_automated_stage_is_no_other_team() -> None:
    stages = {
        "first": {"team": "a", "effort": "1 h"},
        "mail": {"decision": "2 h"},
        "second": {"team": "a", "effort": "1 h", "handoff": {"delay": "9 h"}},
    }
    assert play(stages, 0, teams=PAIR).lead(1)[2].left == 4


def test_who_takes_over_and_never_touches_does_not_keep_the_lead() -> None:
    """The meeting made a rep of `b` the owner; the lead expires unseen, and the way back is a stage of `a`."""
    stages = {
        "first": {"team": "a", "effort": "1 h"},
        "second": {
            "team": "b", "effort": "2 h", "handoff": {"joint": "1 h"}, "patience": "1 h",
            "on": {"expired": "again"},
        },
        "again": {"aside": True, "team": "a", "effort": "30 min"},
        "alone": {"aside": True, "team": "b", "effort": "9 h"},
    }  # fmt: skip
    sources = {
        "web": {"bursts": [{"at": "0 h", "leads": 1}]},
        "z": {"bursts": [{"at": "1.5 h", "leads": 1}], "to": "alone"},
    }
    teams = {**PAIR, "b": {"headcount": 1, "queue": {"rule": "fifo", "first": {"stage": "alone"}}}}
    played = play(stages, sources=sources, teams=teams)
    again = played.lead(1)[2]
    assert (again.stage, again.entered, again.touched, again.left) == ("again", 3, 3, 3.5)
    assert played.busy("a") == [1 + 1 + 0.5]


# --- joint touches -----------------------------------------------------------------------------------------


def test_nobody_is_held_idle_for_a_joint_touch() -> None:
    """The partner is at work until 4 h; the owner takes the leads behind; then the joint touch is next."""
    stages = {
        "talk": {"team": "a", "effort": "1 h", "with": {"x": {"team": "b"}}},
        "alone": {"aside": True, "team": "b", "effort": "4 h"},
    }
    sources = {
        "z": {"bursts": [{"at": "0 h", "leads": 1}], "to": "alone"},
        "x": {"bursts": [{"at": "1 h", "leads": 1}]},
        "y": {"bursts": [{"at": "2 h", "leads": 2}, {"at": "3.5 h", "leads": 1}]},
    }
    played = play(stages, sources=sources, teams=PAIR)
    assert played.starts("talk") == [4, 2, 3, 5]
    assert (played.busy("a"), played.busy("b")) == ([4], [5])


def test_joint_time_is_counted_where_both_are_open() -> None:
    """Common hours 12:00 to 14:00: 2 h on Monday, the third on Tuesday from 12:00 to 13:00."""
    calendars = {"early": {"hours": "09:00-14:00"}, "late": {"hours": "12:00-18:00"}}
    teams = {
        "a": {"headcount": 1, "queue": "fifo", "calendar": "early"},
        "b": {"headcount": 1, "queue": "fifo", "calendar": "late"},
    }
    stage = {"team": "a", "effort": "3 h", "with": {"team": "b"}}
    played = play({"talk": stage}, 10, calendars=calendars, teams=teams)
    row = played.lead(1)[0]
    assert (row.touched, row.left, row.busy, row.paused, row.wait) == (12, 24 + 13, 3, 22, 2)
    assert played.busy("a") == played.busy("b") == [3]


def test_who_joined_takes_over_with_what_that_keeps() -> None:
    """The partner of the last touch owns the lead next, with all of the context: no rework."""
    stages = _passed({"keeps": 0}, rework=3)
    stages["first"]["with"] = {"team": "b", "touches": "last", "keeps": 1}
    teams = {**PAIR, "b": {"headcount": 2, "queue": "fifo", "routing": "round_robin"}}
    first, second = play(stages, 0, teams=teams).lead(1)
    assert (first.left, second.touched, second.left, second.seat) == (1, 1, 3, 0)


# --- people ------------------------------------------------------------------------------------------------


def test_headcount_by_dates() -> None:
    teams = {"desk": {"headcount": {"start": 0, "2026-01-06": 1, "2026-01-07": 2}, "queue": "fifo"}}
    rows = play({"serve": {**SERVE, "effort": "30 h"}}, 1, 2, 3, teams=teams).stage("serve")
    assert [(row.touched, row.seat) for row in rows] == [(24, 0), (48, 1), (54, 0)]


def test_a_seat_that_is_cut_goes_after_its_touch_and_its_lead_is_handed_over() -> None:
    """Seat 1 ends its touch at 25 h and goes; its lead's second touch is seat 0's, with half the context."""
    teams = {"desk": {"headcount": {"start": 2, "2026-01-06": 1}, "queue": "fifo", "routing": "round_robin"}}
    stage = {
        "team": "desk", "effort": "3 h", "touches": {"x": 1, "else": 2}, "gap": "5 h", "rework": 1,
        "handoff": {"keeps": 0.5},
    }  # fmt: skip
    sources = {name: {"bursts": [{"at": "22 h", "leads": 1}]} for name in ("x", "y")}
    played = play({"serve": stage}, sources=sources, teams=teams)
    row = played.lead(2)[0]
    assert (row.touched, row.seat, row.left) == (22, 0, 25 + 5 + 4.5)
    ends = played.records.reps.end.tolist()
    assert ends[0] == -1
    assert ends[1] == 25 * 3_600_000_000


def test_contacts_fill_idle_time() -> None:
    """Contacts of 1 h that always succeed; who found the lead works on it at once, then makes the next contact."""
    sources = {"dial": {"team": "desk", "effort": "1 h", "yield": 1}}
    played = play({"serve": {**SERVE, "effort": "2 h"}}, sources=sources, horizon="1 d")
    assert played.starts("serve")[:3] == [1, 4, 7]


def test_a_finite_market_is_used_up() -> None:
    """Two prospects rest for 10 h each time: contacts 0-1, 1-2, 11-12, 12-13, 22-23 and 23-24."""
    sources = {"dial": {"team": "desk", "effort": "1 h", "yield": 0, "market": 2, "cooling": "10 h"}}
    played = play({"serve": SERVE}, sources=sources, horizon="1 d")
    assert played.records.reps.filler.tolist() == [6 * 3_600_000_000]


# --- readiness, opening, customers -------------------------------------------------------------------------


def test_a_lead_moves_on_some_time_after_it_became_ready() -> None:
    stages = {"nurture": {"nurtures": {"notice": "2 h"}, "timeout": "30 h"}, "serve": SERVE}
    for shares, left, outcome in (
        ({"ready": 0, "later": 1, "time": "10 h"}, 12, "advanced"),
        ({"ready": 1}, 2, "advanced"),
        ({"ready": 0, "never": 1}, 30, "expired"),
    ):
        sources = {"web": {"bursts": [{"at": "0 h", "leads": 1}], "readiness": shares}}
        row = play(stages, sources=sources).lead(1)[0]
        assert (row.left, row.outcome) == (left, outcome)


def test_age_counts_for_the_timeout() -> None:
    opening, sources = {"leads": [{"stage": "serve", "age": "3 d"}]}, {"web": {"rate": "0 / d"}}
    teams = {"desk": {"headcount": 0, "queue": "fifo"}}
    (row,) = play({"serve": {**SERVE, "timeout": "4 d"}}, opening=opening, sources=sources, teams=teams).lead(1)
    assert (row.left, row.outcome, row.wait) == (24, "expired", 24)


def test_deals_of_one_owner_wait_for_that_owner() -> None:
    opening = {"leads": [{"stage": "serve", "owner": name} for name in ("Aoki", "Baker", "Aoki")]}
    rows = play({"serve": SERVE}, opening=opening, sources={"web": {"rate": "0 / d"}}, teams=TWO).stage("serve")
    assert [(row.seat, row.touched) for row in rows] == [(0, 0), (1, 0), (0, 1)]


def test_a_discount_and_a_promise_are_paid_later() -> None:
    promise = {"share": 1, "discount": 0.2, "onboarding": 2}
    stages = {
        "close": {**SERVE, "books": True, "concessions": {"promise": promise}},
        "onboard": {"team": "desk", "effort": "2 h"},
    }
    played = play(stages, 0, segments={"all_of_them": {"value": 1000}})
    assert played.records.leads.booked.tolist() == [80_000]
    assert played.lead(1)[1].left == 1 + 4


def test_a_concession_pulls_decisions_out_of_the_next_quota_period() -> None:
    """The touch ends at 1 h of January; what would be decided up to 19 d after its close is decided before."""
    given = {"share": 1, "odds": 1, "pulls_forward": {"share": 1, "by": "19 d"}}
    teams = {"desk": {**DESK["desk"], "quota": {"amount": 1000, "period": "month"}}}
    for days, convert, left in ((40, 1, 24 * 40 * 31 / 50), (40, 0, 24 * 40), (30, 1, 24 * 30), (50, 1, 24 * 50)):
        stages = {
            "close": {
                **SERVE,
                "effort": "0 h",
                "decision": f"{days} d",
                "convert": convert,
                "concessions": {"discount": given},
            }
        }
        assert play(stages, 0, teams=teams, horizon="60 d").lead(1)[0].left == pytest.approx(left)


def test_care_falls_due_at_intervals_and_one_touch_waits_at_most() -> None:
    """Live at 1 h; due at 13, 25 and 37 h. The rep is at work until 42 h: the first waits, two are missed."""
    sources = {
        "web": {"bursts": [{"at": "0 h", "leads": 1}]},
        "z": {"bursts": [{"at": "12 h", "leads": 1}], "to": "long"},
    }
    stages = {"serve": SERVE, "long": {"aside": True, "team": "desk", "effort": "30 h", "convert": 0}}
    customers = {"team": "desk", "care": {"every": "12 h", "effort": "1 h"}}
    played = play(stages, sources=sources, customers=customers, horizon="2 d")
    assert played.tasks() == [(13, 42, 43)]
    assert played.records.customers.care_missed.tolist() == [2]
    assert played.records.customers.care_late.tolist() == [1]


def test_renewals_are_worked_by_the_customers_rep() -> None:
    customers = {"team": "desk", "renewal": {"every": "2 d", "effort": "3 h"}}
    played = play({"serve": SERVE}, 0, customers=customers, teams=TWO, horizon="4 d")
    assert played.tasks() == [(49, 49, 52)]
    assert played.busy("desk") == [4, 0]


def test_a_change_of_rep_takes_its_share_of_revenue_by_months() -> None:
    """1,000 a year, half of it lost over twelve months: 41.66 and 41.67 after one and two months of 730.5 h."""
    teams = {
        "desk": {
            "headcount": {"start": 2, "2026-01-06": 1},
            "queue": "fifo",
            "routing": "best_skill",
            "skill": [0, 1],
        }
    }
    customers = {"team": "desk", "rep_change": {"revenue": 0.5}, "care": {"every": "5 y", "effort": "1 h"}}
    segments = {"all_of_them": {"value": 1000}}
    played = play({"serve": SERVE}, 0, customers=customers, teams=teams, segments=segments, horizon="3 mo")
    moves = played.records.moves
    assert moves is not None
    assert moves.amount.tolist()[:3] == [100_000, 4_166, 4_167]
    assert (moves.time / 3.6e9).tolist()[:3] == [1, 24 + 730.5, 24 + 1461]


# --- reorganising ------------------------------------------------------------------------------------------


def test_leads_that_wait_change_hands_at_the_phase_and_those_in_a_touch_after_it() -> None:
    """From 24 h the stage is `b`'s. Lead 2, which nobody has touched, is b's at once and gets its touches from 24
    to 29 and, as lead 1 is ready before, from 34 to 39. Lead 1 ends its first touch at 25 h, is on the way until
    27, and waits for `b` until 29.
    """
    stage = {"team": "a", "effort": "5 h", "touches": 2, "handoff": {"delay": "2 h"}}
    phases = [{"from": "2026-01-06", "change": {"stages.serve.team": "b"}}]
    first, second = play({"serve": stage}, 20, 20, teams=PAIR, phases=phases).stage("serve")
    assert (first.touched, first.left, first.handoff, first.wait) == (20, 34, 2, 2)
    assert (second.touched, second.left, second.handoff) == (24, 39, 0)


def test_a_limit_that_is_lifted_lets_the_held_in() -> None:
    phases = [{"from": "2026-01-06", "change": {"limits": []}}]
    limits = [{"stages": ["wait"], "wip": 1}]
    rows = play({"wait": {"decision": "40 h"}}, 0, 1, limits=limits, phases=phases).stage("wait")
    assert [(row.held, row.left) for row in rows] == [(0, 40), (23, 64)]


def test_a_joint_touch_needs_no_partner_where_the_phase_says_so() -> None:
    teams = {**PAIR, "b": {"headcount": 0, "queue": "fifo"}}
    stage = {"team": "a", "effort": "1 h", "with": {"team": "b"}}
    phases = [{"from": "2026-01-06", "change": {"stages.talk.with": None}}]
    (row,) = play({"talk": stage}, 3, teams=teams, phases=phases).stage("talk")
    assert (row.touched, row.left) == (24, 25)


def test_new_hours_hold_from_the_phase_on() -> None:
    """Office hours from Tuesday on: a touch in hand goes on by the hours in which it began, others by the new."""
    phases = [{"from": "2026-01-06", "change": {"teams.desk.calendar": "office"}}]
    calendars = {"round": {}, **OFFICE}
    rows = play({"serve": {**SERVE, "effort": "4 h"}}, 22, 22, calendars=calendars, phases=phases).stage("serve")
    assert spans(rows) == [(22, 26), (24 + 9, 24 + 14)]


def test_every_and_batch() -> None:
    sources = {"mail": {"every": "5 h", "batch": 2}}
    played = play({"serve": {"decision": "1 h"}}, sources=sources, horizon="1 d", teams=DESK)
    assert [row.entered for row in played.stage("serve")] == [5, 5, 10, 10, 15, 15, 20, 20]
