"""More timelines by hand: order at one instant, ownership, readiness, people who move, what is won and lost."""

from __future__ import annotations

from typing import Any

from exact import DESK, hours, play

SERVE: dict[str, Any] = {"team": "desk", "effort": "1 h"}
PAIR = {"a": {"headcount": 1, "queue": "fifo"}, "b": {"headcount": 1, "queue": "fifo"}}
RICH = {"poor": {"value": 1}, "rich": {"value": 1000}}


def sources(**times: tuple[float, str]) -> dict[str, Any]:
    """One lead of each source at an hour, of a segment."""
    return {
        name: {"bursts": [{"at": f"{at:g} h", "leads": 1}], "mix": {segment: 1}}
        for name, (at, segment) in times.items()
    }


# --- order at one instant ----------------------------------------------------------------------------------


def test_what_arrives_when_work_ends_is_chosen_from() -> None:
    """At 1 h a touch ends and a dearer lead arrives; the choice is made after both."""
    teams = {"desk": {"headcount": 1, "queue": "value"}}
    leads = sources(x=(0, "poor"), y=(0.5, "poor"), z=(1, "rich"))
    assert play({"serve": SERVE}, sources=leads, segments=RICH, teams=teams).starts("serve") == [0, 2, 1]


def test_expiries_run_one_by_one() -> None:
    """Both leads give up at 5 h. The poor one, the first, is taken before the rich one gives up as well."""
    teams = {"desk": {"headcount": 0, "queue": "fifo"}, "other": {"headcount": 1, "queue": "value"}}
    stages = {
        "serve": {**SERVE, "patience": "5 h", "on": {"expired": "rescue"}},
        "rescue": {"aside": True, "team": "other", "effort": "1 h"},
    }
    leads = sources(x=(0, "poor"), y=(0, "rich"))
    assert play(stages, sources=leads, segments=RICH, teams=teams).starts("rescue") == [5, 6]


def test_gaps_that_end_together_are_chosen_from_together() -> None:
    """Leads 1 and 2 are both ready again at 7 h: by value the second goes first."""
    teams = {"desk": {"headcount": 1, "queue": "value"}}
    stage = {**SERVE, "touches": 2, "gap": {"x": "6 h", "else": "5 h"}}
    leads = sources(x=(0, "poor"), y=(0.5, "rich"))
    first, second = play({"serve": stage}, sources=leads, segments=RICH, teams=teams).stage("serve")
    assert (first.left, second.left) == (9, 8)


# --- whose leads -------------------------------------------------------------------------------------------


def test_a_lead_held_before_a_limit_counts_in_nobodys_wip() -> None:
    """The rep has room for two. Leads 2 and 3 are held before `sign` from 2 and 3 h on, so that with lead 1, which
    waits there, there is room for one more; all who wait since 0 h go before lead 1, ready at 1 h. Lead 1 gets its
    touch at 4 h and leaves at 15 h, the others follow 11 h apart.
    """
    teams = {"desk": {"headcount": 1, "queue": "fifo", "wip_limit": 2}}
    stages = {"talk": SERVE, "sign": {"team": "desk", "effort": "1 h", "decision": "10 h"}}
    played = play(stages, 0, 0, 0, 0, teams=teams, limits=[{"stages": ["sign"], "wip": 1}])
    assert played.starts("talk") == [0, 1, 2, 3]
    assert [(row.held, row.touched) for row in played.stage("sign")] == [(0, 4), (13, 15), (23, 26), (33, 37)]


def test_an_automated_stage_in_line_keeps_the_rep_but_takes_no_room() -> None:
    """While lead 1 is in `mail` the rep has room for lead 2; then lead 1 comes back to its rep above the limit."""
    teams = {"desk": {"headcount": 2, "queue": "fifo", "wip_limit": 1, "routing": "round_robin"}}
    stages = {"talk": {**SERVE, "effort": "4 h"}, "mail": {"decision": "1 h"}, "sign": SERVE}
    played = play(stages, 0, 1, 2, teams=teams)
    assert [(row.seat, row.touched) for row in played.stage("talk")] == [(0, 0), (1, 1), (0, 4)]
    assert [(row.seat, row.touched) for row in played.stage("sign")] == [(0, 8), (1, 6), (0, 9)]


def test_a_lead_that_comes_back_is_anybodys() -> None:
    """Lead 1 fails at 1 h, rests aside until 3 h and is taken by seat 1, for seat 0 is at work until 11 h."""
    teams = {"desk": {"headcount": 2, "queue": "fifo", "routing": "best_skill", "skill": [1, 0]}}
    stages = {
        "talk": {"team": "desk", "effort": {"x": "1 h", "else": "9 h"}, "convert": {"x": 0, "else": 1},
                 "otherwise": "rest", "at_most": 2},
        "rest": {"aside": True, "decision": "2 h", "next": "talk"},
    }  # fmt: skip
    leads = {name: {"bursts": [{"at": f"{at} h", "leads": 1}]} for name, at in (("x", 0), ("y", 2))}
    played = play(stages, sources=leads, teams=teams)
    assert [(row.stage, row.seat, row.entered, row.left) for row in played.lead(1)][:3] == [
        ("talk", 0, 0, 1), ("rest", -1, 1, 3), ("talk", 1, 3, 4),
    ]  # fmt: skip


def test_a_pushed_lead_needs_room() -> None:
    """One rep with room for one lead: the second waits for anybody, until the first has left."""
    teams = {"desk": {"headcount": 1, "queue": "fifo", "wip_limit": 1, "assign": "on_arrival"}}
    stage = {**SERVE, "touches": 2, "gap": "5 h"}
    assert play({"serve": stage}, 0, 0, teams=teams).starts("serve") == [0, 7]


def test_who_found_a_lead_owns_it_above_the_limit() -> None:
    """Each contact of an hour finds a lead of two touches 20 h apart; own leads need no room."""
    teams = {"desk": {"headcount": 1, "queue": "fifo", "wip_limit": 1}}
    dial = {"dial": {"team": "desk", "effort": "1 h", "yield": 1}}
    stage = {**SERVE, "touches": 2, "gap": "20 h"}
    assert play({"serve": stage}, sources=dial, teams=teams, horizon="8 h").starts("serve")[:3] == [1, 3, 5]


def test_a_lead_found_for_another_team_is_handed_over() -> None:
    dial = {"dial": {"team": "a", "effort": "1 h", "yield": 1}}
    stage = {"team": "b", "effort": "1 h", "handoff": {"delay": "2 h", "give": "30 min"}}
    row = play({"serve": stage}, sources=dial, teams=PAIR, horizon="1 d").lead(1)[0]
    assert (row.entered, row.touched, row.left, row.handoff) == (1, 3.5, 4.5, 2)


# --- chances that are certain ------------------------------------------------------------------------------


def test_without_context_there_is_no_chance() -> None:
    stages = {
        "first": {"team": "a", "effort": "1 h"},
        "second": {"team": "b", "effort": "1 h", "convert": 0.99, "context_weight": 1, "handoff": {"keeps": 0}},
    }
    assert play(stages, 0, teams=PAIR).lead(1)[1].outcome == "lost"


def test_a_push_on_the_unready_burns_them() -> None:
    leads = {"web": {"bursts": [{"at": "0 h", "leads": 1}], "readiness": {"ready": 0, "never": 1}}}
    stage = {**SERVE, "convert": 0.9, "unready": {"never": 0, "burned": 1}, "otherwise": "nurture"}
    (row,) = play({"serve": stage}, sources=leads).lead(1)
    assert (row.left, row.outcome) == (1, "burned")


def test_the_readiness_clock_goes_on_where_it_stopped() -> None:
    """10 h are needed: 6 h in the first visit, 4 h in the second, and 2 h of notice."""
    leads = {"web": {"bursts": [{"at": "0 h", "leads": 1}], "readiness": {"ready": 0, "later": 1, "time": "10 h"}}}
    stages = {
        "nurture": {"nurtures": {"notice": "2 h"}, "timeout": "6 h", "on": {"expired": "nurture"}},
        "serve": SERVE,
    }
    rows = play(stages, sources=leads).lead(1)
    assert [(row.entered, row.left, row.outcome) for row in rows] == [
        (0, 6, "expired"), (6, 12, "advanced"), (12, 13, "advanced"),
    ]  # fmt: skip


def test_waiting_in_all_its_forms_cools_a_lead() -> None:
    """Two hours on the way in a handoff are 120 half-lives; four held before a limit are 240."""
    cold = {"convert": 1, "decay": {"half_life": "1 min"}}
    stages = {
        "first": {"team": "a", "effort": "1 h"},
        "second": {"team": "b", "effort": "1 h", "handoff": {"delay": "2 h"}, **cold},
    }
    assert play(stages, 0, teams=PAIR).lead(1)[1].outcome == "lost"
    rows = play({"wait": {"decision": "4 h", **cold}}, 0, 0, limits=[{"stages": ["wait"], "wip": 1}]).stage("wait")
    assert [row.outcome for row in rows] == ["advanced", "lost"]


def test_the_floor_of_a_power_law_stays() -> None:
    stage = {**SERVE, "decay": {"floor": 1, "scale": "1 min", "power": 3}}
    rows = play({"serve": stage}, 0, 0, 0).stage("serve")
    assert {row.outcome for row in rows} == {"advanced"}


# --- people who move ---------------------------------------------------------------------------------------


def test_a_new_team_is_staffed_with_people_and_their_leads() -> None:
    """From 24 h the stage and its person are another team's: the second touch needs no handoff and no rework."""
    stage = {
        "team": "a", "effort": "1 h", "touches": 2, "gap": "30 h", "rework": 1,
        "handoff": {"keeps": 0, "delay": "9 h"},
    }  # fmt: skip
    change = {
        "teams.n": {"headcount": 1, "queue": "fifo", "staffed_from": "a"},
        "teams.a.headcount": 0,
        "stages.serve.team": "n",
    }
    teams = {"a": {"headcount": 1, "queue": "fifo", "skill": {"sd": 1}}}
    played = play({"serve": stage}, 0, teams=teams, phases=[{"from": "2026-01-06", "change": change}])
    (row,) = played.lead(1)
    assert (row.left, row.busy, row.handoff) == (32, 2, 0)
    reps = played.records.reps
    assert reps.team.tolist() == [0, 1]
    assert reps.skill[0] == reps.skill[1] != 0
    assert [hours(end) for end in reps.end] == [24, -1]


def test_a_split_team_keeps_its_people() -> None:
    """The second of the pool goes to the new team with the same skill; the lead in hand is finished first."""
    teams = {"a": {"headcount": 2, "queue": "fifo", "skill": {"sd": 1}, "speed": {"sd": 0.5}}}
    change = {"teams.n": {"headcount": 1, "queue": "fifo", "people": "a"}, "teams.a.headcount": 1}
    stage = {"team": "a", "effort": "1 h"}
    played = play({"serve": stage}, 0, teams=teams, phases=[{"from": "2026-01-06", "change": change}])
    reps = played.records.reps
    assert reps.team.tolist() == [0, 0, 1]
    assert (reps.skill[1], reps.speed[1]) == (reps.skill[2], reps.speed[2])


def test_who_has_a_touch_in_hand_moves_after_it() -> None:
    teams = {"a": {"headcount": 1, "queue": "fifo"}, "n": {"headcount": 0, "queue": "fifo"}}
    change = {"teams.n.headcount": 1, "teams.n.staffed_from": "a", "teams.a.headcount": 0}
    stages = {"serve": {"team": "a", "effort": "30 h"}}
    played = play(stages, 0, teams=teams, phases=[{"from": "2026-01-06", "change": change}])
    reps = played.records.reps
    assert [(hours(start), hours(end)) for start, end in zip(reps.start, reps.end, strict=True)] == [
        (0, 30),
        (30, -1),
    ]


def test_a_phase_ends() -> None:
    """Two desks on Tuesday only; a seat that is cut goes after its touch."""
    phases = [{"from": "2026-01-06", "to": "2026-01-07", "change": {"teams.desk.headcount": {"add": 1}}}]
    played = play({"serve": {**SERVE, "effort": "20 h"}}, 10, 10, 10, 10, phases=phases)
    assert [(row.touched, row.seat) for row in played.stage("serve")] == [(10, 0), (24, 1), (30, 0), (44, 1)]
    assert hours(played.records.reps.end[1]) == 64


# --- what is won and lost ----------------------------------------------------------------------------------


def test_a_deal_that_fails_after_booking_is_a_lost_customer() -> None:
    stages = {"close": {**SERVE, "books": True}, "onboard": {"team": "desk", "effort": "2 h", "convert": 0}}
    played = play(stages, 0, segments={"all_of_them": {"value": 1000}})
    leads, customers, moves = played.records.leads, played.records.customers, played.records.moves
    assert customers is not None
    assert moves is not None
    assert played.model.outcome_names[leads.outcome[0]] == "won"
    assert hours(leads.ended[0]) == 1
    assert (hours(customers.since[0]), hours(customers.live[0]), hours(customers.ended[0])) == (1, -1, 3)
    assert [(hours(t), int(a)) for t, a in zip(moves.time, moves.amount, strict=True)] == [
        (1, 100_000),
        (3, 100_000),
    ]


def test_invoices_are_paid_after_their_delay() -> None:
    played = play({"serve": SERVE}, 0, 300, customers={"payment": {"delay": "30 h"}}, horizon="13 d")
    customers = played.records.customers
    assert customers is not None
    assert [hours(paid) for paid in customers.paid] == [31, -1]


def test_late_onboarding_harms_health() -> None:
    health = {"start": 0.8, "late_onboarding": 0.3, "onboarding_due": "3 h"}
    stages = {"close": {**SERVE, "books": True}, "onboard": {"team": "desk", "effort": "2 h"}}
    played = play(stages, 0, 10, 10, customers={"health": health}, teams=DESK)
    customers = played.records.customers
    assert customers is not None
    # Booked at 1, 11 and 12 h; live at 3, 14 and 16 h: of the two that came together the second is 4 h on its way.
    assert [hours(live) for live in customers.live] == [3, 14, 16]
    assert customers.health.round(9).tolist() == [0.8, 0.8, 0.5]


def test_care_in_time_does_good_and_late_care_harm() -> None:
    """Due at 12 h, begun at 12 h: good. Due at 24 h, begun at 40 h: a missed one at 36 h harms."""
    health = {"start": 0.5, "care_on_time": 0.1, "care_late": 0.2}
    customers = {"team": "desk", "health": health, "care": {"every": "12 h", "effort": "1 h"}}
    stages = {
        "serve": {"decision": "0 h"},
        "long": {"aside": True, "team": "desk", "effort": "20 h", "convert": 0},
    }
    leads = {
        "web": {"bursts": [{"at": "0 h", "leads": 1}]},
        "z": {"bursts": [{"at": "20 h", "leads": 1}], "to": "long"},
    }
    played = play(stages, sources=leads, customers=customers, horizon="2 d")
    made = played.records.customers
    assert made is not None
    assert played.tasks() == [(12, 12, 13), (24, 40, 41)]
    assert (made.care_on_time[0], made.care_late[0], made.care_missed[0]) == (1, 1, 1)
    assert round(float(made.health[0]), 9) == 0.4
