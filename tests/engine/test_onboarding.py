"""Customers who are not live yet, by hand: their contract runs from the booking, and they may churn.

Where churn has to come at a known hour, the contract runs out then and is never renewed.
"""

from __future__ import annotations

from typing import Any

import pytest
from exact import DESK, Played, hours, play

from funnelsim.model import records as rec
from funnelsim.results.events import steps

CLOSE: dict[str, Any] = {"books": True}
VALUE = {"firm": {"value": 1000}}


def onboarded(onboard: dict[str, Any], *arrivals: float, lapses: str | None = "5 h", **more: Any) -> Played:
    """Deals booked as they come, and an onboarding during which contracts run out for good."""
    customers = dict(more.pop("customers", {}))
    if lapses is not None:
        customers["renewal"] = {"every": lapses, "churn": 1}
    stages = {"close": CLOSE, "onboard": onboard, **more.pop("stages", {})}
    return play(stages, *(arrivals or (0,)), customers=customers, segments=VALUE, **more)


def lost_at(played: Played) -> list[tuple[float, float, float]]:
    """Hours at which each customer was booked, went live and churned."""
    customers = played.records.customers
    assert customers is not None
    return [
        (hours(since), hours(live), hours(ended))
        for since, live, ended in zip(customers.since, customers.live, customers.ended, strict=True)
    ]


def test_who_waits_for_a_rep_is_withdrawn() -> None:
    """The desk has the first until 20 h; the second, booked at 1 h, churns at 6 h; the third is next."""
    played = onboarded({"team": "desk", "effort": "20 h"}, 0, 1, 18)
    first, second, third = played.stage("onboard")
    assert (second.left, second.outcome, second.wait, second.touched) == (6, "churned", 5, -1)
    assert (first.left, first.outcome, third.touched) == (5, "churned", 20)
    assert lost_at(played) == [(0, -1, 5), (1, -1, 6), (18, -1, 23)]


def test_the_buyers_time_is_cut_short() -> None:
    played = onboarded({"team": "desk", "effort": "1 h", "decision": "30 h"})
    (row,) = played.stage("onboard")
    assert (row.left, row.outcome, row.busy, row.buyer) == (5, "churned", 1, 4)


def test_a_touch_in_hand_is_finished_without_effect() -> None:
    """The visit has the part until the churn; the rep is busy until the end, and then takes the next."""
    played = onboarded({"team": "desk", "effort": "8 h"}, 0, 4)
    first, second = played.stage("onboard")
    assert (first.left, first.outcome, first.busy, first.work, first.wait) == (5, "churned", 5, 5, 0)
    assert (second.touched, second.left, second.outcome) == (8, 9, "churned")
    assert played.busy("desk") == [16]
    assert int((played.records.visits.outcome == rec.ADVANCED).sum()) == 2  # only those of the booking


def test_a_touch_that_is_paused_is_finished_after_the_night() -> None:
    played = onboarded(
        {"team": "desk", "effort": "6 h"},
        15,
        lapses="8 h",
        calendars={"office": {"days": "mon-fri", "hours": "09:00-17:00"}},
    )
    (row,) = played.stage("onboard")
    assert (row.left, row.busy, row.paused) == (23, 2, 6)
    assert played.busy("desk") == [6]


def test_both_reps_of_a_joint_touch_are_busy_until_its_end() -> None:
    teams = {"desk": {"headcount": 1, "queue": "fifo"}, "tech": {"headcount": 1, "queue": "fifo"}}
    stage = {"team": "desk", "effort": "8 h", "with": {"team": "tech", "touches": "all"}}
    played = onboarded(stage, 0, 4, teams=teams)
    assert [row.touched for row in played.stage("onboard")] == [0, 8]
    assert (played.busy("desk"), played.busy("tech")) == ([16], [16])


def test_who_is_on_the_way_to_another_team_leaves() -> None:
    teams = {"field": {"headcount": 1, "queue": "fifo"}, "desk": {"headcount": 1, "queue": "fifo"}}
    stages = {
        "close": {"team": "field", "effort": "1 h", "books": True},
        "onboard": {"team": "desk", "effort": "1 h", "handoff": {"delay": "20 h"}},
    }
    customers = {"renewal": {"every": "5 h", "churn": 1}}
    played = play(stages, 0, 0.5, customers=customers, teams=teams)
    first, second = played.stage("onboard")
    assert (first.left, first.outcome, first.handoff) == (6, "churned", 5)
    assert (second.left, second.outcome, second.handoff) == (7, "churned", 5)


def test_what_was_to_wake_a_lead_wakes_no_other() -> None:
    """The first churns in the buyer's time that was to end at 30 h; later leads take its place in memory."""
    played = onboarded({"team": "desk", "effort": "1 h", "decision": "30 h"}, *range(0, 200, 10), lapses="7 h")
    assert [row.left for row in played.stage("onboard")] == [at + 7 for at in range(0, 200, 10)]


def test_a_place_under_a_limit_is_free_at_once() -> None:
    limits = [{"stages": ["onboard"], "wip": 1, "full": "hold"}]
    played = onboarded({"team": "desk", "effort": "1 h", "decision": "50 h"}, 0, 4, limits=limits)
    first, second = played.stage("onboard")
    assert (first.left, second.held, second.touched, second.left) == (5, 1, 5, 9)


def test_who_is_held_before_a_limit_leaves() -> None:
    """The first holds the only place until 7 h; the second churns at 6 h while held; the third enters at 7 h."""
    limits = [{"stages": ["onboard"], "wip": 1, "full": "hold"}]
    kinds = {"a": {"bursts": [{"at": "0 h", "leads": 1}]}, "b": {"bursts": [{"at": "1 h", "leads": 1}]},
             "c": {"bursts": [{"at": "5 h", "leads": 1}]}}  # fmt: skip
    customers = {"renewal": {"b": {"every": "5 h", "churn": 1}, "else": {"every": "90 d", "churn": 1}}}
    stages = {"close": CLOSE, "onboard": {"team": "desk", "effort": "7 h"}}
    rows = play(stages, sources=kinds, customers=customers, limits=limits).stage("onboard")
    assert [(row.outcome, row.left, row.held) for row in rows] == [
        ("advanced", 7, 0), ("churned", 6, 5), ("advanced", 14, 2),
    ]  # fmt: skip


def test_the_lead_stays_won_and_the_revenue_ends_with_the_churn() -> None:
    played = onboarded({"team": "desk", "effort": "1 h", "decision": "30 h"})
    leads, moves = played.records.leads, played.records.moves
    assert moves is not None
    assert (leads.outcome[0], hours(leads.ended[0])) == (rec.WON, 0)
    assert [hours(time) for time in moves.time] == [0, 5]
    assert moves.kind.tolist() == [rec.NEW_ARR, rec.CHURNED]
    assert moves.amount.tolist() == [100_000, 100_000]


def test_a_lead_lost_in_onboarding_churns_once() -> None:
    """Lost at 3 h; the contract that was to run out at 5 h is no more."""
    played = onboarded({"team": "desk", "effort": "3 h", "convert": 0})
    moves = played.records.moves
    assert moves is not None
    assert lost_at(played) == [(0, -1, 3)]
    assert moves.kind.tolist() == [rec.NEW_ARR, rec.CHURNED]


def test_who_goes_live_at_the_instant_of_the_churn_went_live_first() -> None:
    played = onboarded({"team": "desk", "effort": "5 h"})
    assert lost_at(played) == [(0, 5, 5)]
    assert played.stage("onboard")[0].outcome == "advanced"


def test_renewals_count_from_the_booking_and_care_from_going_live() -> None:
    customers = {
        "team": "desk",
        "care": {"every": "10 h", "effort": "1 h"},
        "renewal": {"every": "24 h", "effort": "1 h"},
    }
    played = onboarded({"team": "desk", "effort": "6 h"}, lapses=None, customers=customers, horizon="2 d")
    assert [ready for ready, _, _ in played.tasks()] == [16, 24, 26, 36, 46]


def test_a_renewal_in_onboarding_is_work_for_the_customers_team() -> None:
    """The contract runs out at 24 h: who takes the renewal up keeps the customer, and goes on when it is live."""
    teams = {
        "desk": {"headcount": 1, "queue": "fifo"},
        "care": {"headcount": 2, "queue": "fifo", "routing": "round_robin"},
    }
    customers = {"team": "care", "renewal": {"every": "24 h", "effort": "1 h"}}
    stage = {"decision": "30 h"}
    played = onboarded(stage, lapses=None, customers=customers, teams=teams, horizon="3 d")
    made = played.records.customers
    assert made is not None
    assert played.tasks() == [(24, 24, 25), (48, 48, 49)]
    assert (hours(made.live[0]), int(made.rep[0]), int(made.rep_changes[0])) == (30, 1, 0)


@pytest.mark.parametrize(
    ("onboard", "due", "expected"),
    [
        ({"effort": "3 bd", "sla": "3 d"}, None, 0.9),  # live at the deadline: in time
        ({"effort": "4 bd", "sla": "3 d"}, None, 0.8),
        ({"effort": "18 bd", "sla": "3 d"}, None, 0.6),  # at days 3, 10, 17
        ({"effort": "17 bd", "sla": "3 d"}, None, 0.7),  # live at day 17: in time
        ({"effort": "30 bd"}, None, 0.9),  # without a deadline nobody is late
        ({"effort": "4 bd"}, "3 d", 0.8),  # a deadline for the whole
        ({"effort": "18 bd", "sla": "3 d"}, "10 d", 0.6),  # what comes first counts
        ({"effort": "18 bd", "sla": "10 d"}, "3 d", 0.6),
    ],
)
def test_late_onboarding_is_taken_off_at_the_deadline_and_weekly(
    onboard: dict[str, Any], due: str | None, expected: float
) -> None:
    health: dict[str, Any] = {"start": 0.9, "late_onboarding": 0.1}
    if due is not None:
        health["onboarding_due"] = due
    played = onboarded(
        {"team": "desk", **onboard}, lapses=None, customers={"health": health}, horizon="40 d", teams=DESK
    )
    made = played.records.customers
    assert made is not None
    assert float(made.health[0]) == pytest.approx(expected, abs=1e-12)


def test_a_stage_that_is_left_in_time_does_no_harm_later() -> None:
    """Two stages of 4 days each, one with 5 days and one with 2: late two days into the second, once in a week."""
    health = {"start": 0.9, "late_onboarding": 0.1}
    stages = {"train": {"decision": "4 d"}}
    played = onboarded(
        {"team": "desk", "effort": "4 bd", "sla": "5 d"},
        lapses=None, stages=stages, customers={"health": health}, horizon="40 d",
    )  # fmt: skip
    made = played.records.customers
    assert made is not None
    assert (hours(made.live[0]), float(made.health[0])) == (8 * 24, 0.9)


def test_who_is_late_stays_late_in_the_next_stage() -> None:
    """Late at day 1; live at day 12: taken off at days 1 and 8."""
    health = {"start": 0.9, "late_onboarding": 0.1}
    stages = {"train": {"team": "desk", "effort": "10 bd", "sla": "30 d"}}
    played = onboarded(
        {"team": "desk", "effort": "2 bd", "sla": "1 d"},
        lapses=None, stages=stages, customers={"health": health}, horizon="40 d",
    )  # fmt: skip
    made = played.records.customers
    assert made is not None
    assert float(made.health[0]) == pytest.approx(0.7, abs=1e-12)


def test_early_counts_from_the_booking() -> None:
    """Nobody churns in the first 90 days by `early: 0`; those come from the booking, not from going live."""
    early = {"factor": 0, "first": "90 d"}
    played = onboarded(
        {"decision": "80 d"},
        *(0.0,) * 200,
        lapses=None,
        customers={"churn": "1 / d", "early": early},
        horizon="120 d",
    )
    ends = [ended / 24 for _, _, ended in lost_at(played)]
    assert min(ends) > 90
    assert sorted(ends)[100] < 92


def test_deals_behind_the_booking_at_the_start_have_contracts_from_then() -> None:
    """The deadline of 3 days from entering passed before the start: late at once, and weekly."""
    stages = {"close": CLOSE, "onboard": {"team": "desk", "effort": "9 bd", "sla": "3 d"}}
    customers = {"health": {"start": 0.9, "late_onboarding": 0.1}, "renewal": {"every": "20 d", "churn": 1}}
    opening = {"leads": [{"stage": "onboard", "value": 1000, "age": "5 d"}] * 3}
    played = play(stages, customers=customers, opening=opening, horizon="40 d", sources={"web": {"rate": "0 / d"}})
    made = played.records.customers
    assert made is not None
    assert [row.outcome for row in played.stage("onboard")] == ["advanced", "advanced", "churned"]
    assert made.health.round(9).tolist() == [0.7, 0.6, 0.6]  # live at days 9 and 18; days 0, 7, 14 before the end
    assert lost_at(played)[2] == (0, -1, 480)


def test_a_phase_reaches_contracts_of_customers_who_are_not_live() -> None:
    """From day 2 on contracts run for a day and are not renewed."""
    phases = [{"from": "2026-01-07", "change": {"customers.renewal": {"every": "24 h", "churn": 1}}}]
    customers = {"renewal": {"every": "90 d", "churn": 1}}
    played = onboarded({"decision": "8 d"}, lapses=None, customers=customers, phases=phases)
    assert lost_at(played) == [(0, -1, 72)]


def test_the_log_ends_the_visit_and_then_the_touch() -> None:
    from funnelsim.engine import simpy_engine

    played = onboarded({"team": "desk", "effort": "8 h"})
    log = simpy_engine.run(played.model, 1, 0, events=True)
    said = [(step.activity, step.time // 3_600_000_000, step.transition) for step in steps(log, played.model)]
    assert said[-4:] == [
        ("onboard", 0, "schedule"),
        ("onboard", 0, "start"),
        ("onboard", 5, "pi_abort"),
        ("onboard", 8, "complete"),
    ]
