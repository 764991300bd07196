"""People whom a phase makes better or quicker, who learn, and who finish what they have begun, by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from exact import DESK, HOUR, OFFICE, Played, hours, play

from funnelsim.model.numbers.arithmetic import normal_quantile
from funnelsim.model.numbers.draws import SKILL, SPEED, name_hash32, uniform

SERVE: dict[str, Any] = {"team": "desk", "effort": "1 h"}
MONTH = 730.5


def desk(**settings: Any) -> dict[str, Any]:
    """A team of one, with these settings."""
    return {"desk": {"headcount": 1, "queue": "fifo", **settings}}


def phase(change: dict[str, Any], start: int = 8, until: int | None = None) -> list[dict[str, Any]]:
    """A phase from one day of January 2026 to another; the run begins on the 5th."""
    made: dict[str, Any] = {"from": f"2026-01-{start:02}", "change": change}
    return [made if until is None else {**made, "to": f"2026-01-{until:02}"}]


def people(played: Played, team: str, what: str) -> list[float]:
    """Skill or speed of the people of a team at the end, by seat."""
    reps, code = played.records.reps, played.model.team_names.index(team)
    return [float(value) for value, at in zip(getattr(reps, what), reps.team, strict=True) if at == code]


def normal(team: str, seat: int, purpose: int, occupant: int = 0) -> float:
    """The normal variate of a person."""
    return normal_quantile(uniform(1, 0, name_hash32(team), seat << 16 | occupant, purpose, 0, 0))


# --- skill and speed in a phase ------------------------------------------------------------------------------


def test_people_are_quicker_while_a_phase_lasts() -> None:
    """From 72 h to 120 h work goes twice as fast; what is in hand then goes on as it began."""
    at = (0, 71.5, 80, 119.9, 121)
    played = play({"serve": SERVE}, *at, phases=phase({"teams.desk.speed": 2}, 8, 10))
    assert [row.busy for row in played.stage("serve")] == [1, 1, 0.5, 0.5, 1]


def test_people_are_better_from_the_phase_on() -> None:
    """At a skill of 40 all advance, at -40 none does. It counts at the end of the last touch."""
    stages = {"serve": {**SERVE, "convert": 0.5}}
    phases = phase({"teams.desk.skill": 40}, 8, 10)
    played = play(stages, 0, 71.5, 80, 119.5, 130, teams=desk(skill=-40), phases=phases)
    assert [row.outcome for row in played.stage("serve")] == ["lost", "advanced", "advanced", "lost", "lost"]


@pytest.mark.parametrize(("until", "mean", "sd"), [(None, 1.0, 0.25), (10, 0.2, 0.5)])
def test_each_keeps_the_own_draw(until: int | None, mean: float, sd: float) -> None:
    teams = desk(headcount=4, skill={"mean": 0.2, "sd": 0.5}, speed={"mean": 1, "sd": 0.3})
    change = {"teams.desk.skill": {"mean": 1, "sd": 0.25}, "teams.desk.speed": {"multiply": 2}}
    played = play({"serve": SERVE}, teams=teams, phases=phase(change, 8, until))
    skills = [mean + sd * normal("desk", seat, SKILL) for seat in range(4)]
    assert people(played, "desk", "skill") == pytest.approx(skills, abs=1e-12)
    sigma = math.sqrt(math.log(1 + 0.3**2)) if until else math.sqrt(math.log(1 + (0.3 / 2) ** 2))
    scale = (1 if until else 2) * math.exp(-(sigma**2) / 2)
    speeds = [scale * math.exp(sigma * normal("desk", seat, SPEED)) for seat in range(4)]
    assert people(played, "desk", "speed") == pytest.approx(speeds, rel=1e-9)


def test_known_people_change_seat_by_seat() -> None:
    """Adding to the skill of a team adds to everybody's; one number is everybody's."""
    teams = desk(headcount=3, skill=[0.5, -0.5])
    added = play({"serve": SERVE}, teams=teams, phases=phase({"teams.desk.skill": {"add": 1}}))
    assert people(added, "desk", "skill") == [1.5, 0.5, 1.0]
    same = play({"serve": SERVE}, teams=teams, phases=phase({"teams.desk.skill": 2}))
    assert people(same, "desk", "skill") == [2, 2, 2]


def test_who_comes_later_has_what_holds_then() -> None:
    """The second seat is filled on the 9th, in the phase, and is as the others when it ends."""
    teams = desk(headcount={"start": 1, "2026-01-09": 2}, skill={"sd": 0.5})
    for until, moved in ((None, 1.0), (10, 0.0)):
        played = play({"serve": SERVE}, teams=teams, phases=phase({"teams.desk.skill": {"add": 1}}, 8, until))
        drawn = [0.5 * normal("desk", seat, SKILL) + moved for seat in range(2)]
        assert people(played, "desk", "skill") == pytest.approx(drawn, abs=1e-12)


def test_who_changed_team_is_moved_by_what_moves_the_new_one() -> None:
    """A person of `old` moves to `new` on the 7th; from the 8th to the 10th people of `new` are better by 1.

    They are quicker by half too, and what holds in `old` from the 8th on does not concern who left it.
    """
    teams = {
        "old": {"headcount": 2, "queue": "fifo", "skill": {"sd": 0.5}, "speed": 1.2},
        "new": {"headcount": 0, "queue": "fifo", "staffed_from": "old", "skill": {"mean": 3, "sd": 2}, "speed": 2},
    }
    move = phase({"teams.old.headcount": 1, "teams.new.headcount": 1}, 7)
    better = {"teams.new.skill": {"add": 1}, "teams.new.speed": {"multiply": 1.5}, "teams.old.skill": {"add": 9}}
    stages = {"serve": {"team": ["old", "new"], "effort": "1 h"}}
    brought = 0.5 * normal("old", 1, SKILL)
    for until, skill, speed in ((None, brought + 1, 1.8), (10, brought, 1.2)):
        played = play(stages, teams=teams, phases=[*move, *phase(better, 8, until)])
        assert people(played, "new", "skill") == pytest.approx([skill], abs=1e-12)
        assert people(played, "new", "speed") == pytest.approx([speed], rel=1e-12)


def test_the_best_skilled_is_found_anew() -> None:
    """Seat 2 is the best until the phase, then seat 1."""
    teams = desk(headcount=2, skill=[0, 1], routing="best_skill")
    played = play({"serve": SERVE}, 0, 80, teams=teams, phases=phase({"teams.desk.skill": {"set": [2, 1]}}))
    assert [row.seat for row in played.stage("serve")] == [1, 0]


# --- ramps -----------------------------------------------------------------------------------------------------


def test_a_new_person_by_month() -> None:
    """A quarter, a half, then all: of 1,000 h of work 182.625 h are done in month 1, 365.25 h in month 2."""
    played = play(
        {"serve": {**SERVE, "effort": "1000 h"}},
        0,
        teams=desk(tenure="0 d", ramp=[0.25, 0.5, 1]),
        horizon="4 mo",
    )
    (row,) = played.stage("serve")
    assert row.left == pytest.approx(2 * MONTH + 1000 - 0.75 * MONTH, abs=1e-9)
    assert row.busy == row.work == row.left


def test_nothing_is_done_in_a_month_at_zero() -> None:
    played = play(
        {"serve": SERVE}, 0, 1, teams=desk(tenure="1 d", ramp=[0, 0.5]), horizon="2 mo", start="2026-01-05"
    )
    assert [row.left for row in played.stage("serve")] == [MONTH - 24 + 2, MONTH - 24 + 4]


def test_a_long_touch_is_done_faster_and_faster() -> None:
    """From 0: t + s (exp(-t / s) - 1) of work is done in t hours, s being the time over 2.3."""
    played = play(
        {"serve": {**SERVE, "effort": "7.3 h"}}, 0, teams=desk(tenure="0 d", ramp={"start": 0, "time": "3 mo"})
    )
    (row,) = played.stage("serve")
    scale = 3 * MONTH / 2.3
    assert row.left + scale * math.expm1(-row.left / scale) == pytest.approx(7.3, abs=1e-6)
    assert row.left == pytest.approx(math.sqrt(2 * 7.3 * scale), rel=0.03)


def test_learning_goes_on_while_nobody_works() -> None:
    """Half a day each of working and learning: the work of an interval is the integral over it alone."""
    hours_open = {"calendars": {"half": {"days": "mon-sun", "hours": "00:00-12:00"}}}
    played = play(
        {"serve": {**SERVE, "effort": "15 h"}},
        0,
        teams=desk(tenure="0 d", ramp={"start": 0.2, "time": "230 h"}),
        **hours_open,
    )
    (row,) = played.stage("serve")

    def done(since: float, until: float) -> float:
        return until - since - 0.8 * 100 * (math.exp(-since / 100) - math.exp(-until / 100))

    whole = [done(24 * day, 24 * day + 12) for day in range(4)]
    assert sum(whole[:3]) < 15 < sum(whole)
    assert sum(whole[:3]) + done(72, row.left) == pytest.approx(15, abs=1e-6)
    assert (row.busy, row.paused) == (row.left - 36, 36)
    assert row.work == row.busy


def test_a_share_of_the_hours_is_learnt_in() -> None:
    """At a share of one half an hour of work at productivity one half takes four open hours."""
    played = play({"serve": SERVE}, 0, teams=desk(tenure="0 d", ramp=[0.5, 1], selling_share=0.5), horizon="10 d")
    (row,) = played.stage("serve")
    assert (row.left, row.busy, row.work) == (4, 4, 2)


def test_in_a_joint_touch_the_own_rep_counts() -> None:
    """`desk` learns and works with an experienced partner: 2 h at one half, in the hours of both."""
    office = {"calendars": {"early": {"days": "mon-fri", "hours": "08:00-17:00"}, **OFFICE}}
    teams = {
        **desk(tenure="0 d", ramp=[0.5], calendar="office"),
        "expert": {"headcount": 1, "queue": "fifo", "calendar": "early"},
    }
    played = play({"serve": {**SERVE, "effort": "2 h", "with": {"team": "expert"}}}, 11, teams=teams, **office)
    (row,) = played.stage("serve")
    assert (row.touched, row.left, row.busy, row.paused) == (11, 16, 4, 1)
    assert played.busy("desk") == played.busy("expert") == [4]


def test_contacts_of_a_new_person() -> None:
    """Contacts of 1 h at one half take two: five in ten hours, besides the touch."""
    sources = {"list": {"team": "desk", "effort": "1 h", "yield": 0}}
    played = play({"serve": SERVE}, sources=sources, teams=desk(tenure="0 d", ramp=[0.5, 1]), horizon="10 h")
    assert hours(played.records.reps.filler[0]) == 10
    lists = {"list": {**sources["list"], "yield": 1, "to": "later"}}
    stages = {"serve": SERVE, "later": {"aside": True}}
    played = play(stages, sources=lists, teams=desk(tenure="0 d", ramp=[0.5, 1]), horizon="10 h")
    assert len(played.records.leads.created) == 4  # the fifth is done at the horizon itself


def test_a_phase_changes_the_ramp_of_who_comes_then() -> None:
    """Who comes on the 9th learns by the ramp of the phase: an hour takes two and not ten."""
    teams = desk(headcount={"start": 0, "2026-01-09": 1}, ramp=[0.1])
    played = play({"serve": SERVE}, 0, teams=teams, phases=phase({"teams.desk.ramp": [0.5]}))
    assert played.stage("serve")[0].left == 96 + 2


# --- work that meets closing time ------------------------------------------------------------------------------


FINISH = desk(at_closing="finish")
SHORT_DAY = {"office": {"days": "mon-fri", "hours": "09:00-17:00"}}


def test_a_call_is_finished_after_closing() -> None:
    """Begun at 16:30, the call of one hour ends at 17:30; the next begins in the morning."""
    played = play({"serve": SERVE}, 16.5, 16.8, teams=FINISH, calendars=SHORT_DAY, horizon="2 d")
    first, second = played.stage("serve")
    assert (first.touched, first.left, first.busy, first.paused) == (16.5, 17.5, 1, 0)
    assert (second.touched, second.left) == (33, 34)
    paused = play({"serve": SERVE}, 16.5, calendars=SHORT_DAY, horizon="2 d").stage("serve")[0]
    assert (paused.left, paused.busy, paused.paused) == (33.5, 1, 16)


def test_overtime_counts_as_busy_and_not_as_open() -> None:
    played = play(
        {"serve": {**SERVE, "effort": "9 h"}}, 9, 32, 56, teams=FINISH, calendars=SHORT_DAY, horizon="3 d"
    )
    reps = played.records.reps
    assert (hours(reps.busy[0]), hours(reps.open[0])) == (27, 24)


def test_a_day_off_begins_after_the_work_in_hand() -> None:
    teams = desk(at_closing="finish", absence={"dates": ["2026-01-06"]})
    played = play({"serve": {**SERVE, "effort": "3 h"}}, 23, 24.5, teams=teams)
    assert [(row.touched, row.left) for row in played.stage("serve")] == [(23, 26), (48, 51)]


def test_who_leaves_finishes_first() -> None:
    teams = desk(at_closing="finish", headcount={"start": 1, "2026-01-06": 0})
    played = play({"serve": {**SERVE, "effort": "9 h"}}, 16.5, teams=teams, calendars=SHORT_DAY)
    assert played.stage("serve")[0].left == 25.5
    assert hours(played.records.reps.end[0]) == 25.5


def test_a_contact_is_finished_after_closing() -> None:
    sources = {"list": {"team": "desk", "effort": "3 h", "yield": 0}}
    played = play({"serve": SERVE}, sources=sources, teams=FINISH, calendars=SHORT_DAY, horizon="1 d")
    assert hours(played.records.reps.filler[0]) == 9
    cut = play({"serve": SERVE}, sources=sources, teams=FINISH, calendars=SHORT_DAY, horizon="17.5 h")
    assert hours(cut.records.reps.filler[0]) == 8.5


@pytest.mark.parametrize(
    ("desk_closing", "partner_closing", "left"),
    [("pause", "pause", 36), ("finish", "pause", 20), ("pause", "finish", 36), ("finish", "finish", 20)],
)
def test_a_joint_touch_goes_on_while_who_pauses_is_open(
    desk_closing: str, partner_closing: str, left: float
) -> None:
    """Four hours from 16:00: `desk` closes at 17:00, its partner at 21:00; both open at 9:00."""
    calendars = {**SHORT_DAY, "late": {"days": "mon-fri", "hours": "09:00-21:00"}}
    teams = {
        **desk(at_closing=desk_closing),
        "expert": {"headcount": 1, "queue": "fifo", "calendar": "late", "at_closing": partner_closing},
    }
    stage = {**SERVE, "effort": "4 h", "with": {"team": "expert"}}
    played = play({"serve": stage}, 16, teams=teams, calendars=calendars)
    assert played.stage("serve")[0].left == left
    assert played.busy("desk") == played.busy("expert") == [4]


def test_work_for_customers_is_finished_after_closing() -> None:
    """A visit of 3 h falls due at 15:00; open at the horizon it has been worked on for 2.5 h."""
    customers = {"team": "desk", "care": {"every": "15 h", "effort": "3 h"}}
    whole = {"teams": FINISH, "calendars": SHORT_DAY, "customers": customers, "opening": {"customers": 1}}
    played = play({"serve": SERVE}, horizon="3 d", **whole)
    begun = [(start, end) for _, start, end in played.tasks() if end >= 0]
    assert begun
    assert all(end - start == pytest.approx(3, abs=1e-8) for start, end in begun)


def test_a_phase_lets_work_be_finished() -> None:
    phases = phase({"teams.desk.at_closing": "finish"}, 6)
    played = play({"serve": SERVE}, 16.5, 40.5, calendars=SHORT_DAY, phases=phases)
    assert [row.left for row in played.stage("serve")] == [33.5, 41.5]


# --- business days -------------------------------------------------------------------------------------------


def test_patience_in_business_days() -> None:
    """One business day from Friday noon is Monday noon, in the calendar of the stage's team."""
    teams = {"desk": {"headcount": 0, "queue": "fifo"}}
    played = play({"serve": {**SERVE, "patience": "1 bd"}}, 108, teams=teams, calendars=SHORT_DAY)
    (row,) = played.stage("serve")
    assert (row.outcome, row.left, row.wait) == ("expired", 180, 72)
    spread = {"dist": "uniform", "low": "1 bd", "high": "2 bd"}
    played = play({"serve": {**SERVE, "patience": spread}}, 9, 9, teams=teams, calendars=SHORT_DAY)
    assert all(33 <= row.left <= 41 or row.left == 57 for row in played.stage("serve"))


def test_a_vacancy_in_business_days() -> None:
    """Seats that become empty are filled two business days later."""
    teams = desk(headcount=20, attrition=90, hiring="2 bd")
    played = play({"serve": SERVE}, teams=teams, calendars=SHORT_DAY, horizon="14 d")
    reps = played.records.reps
    ends = {int(seat): int(end) for seat, end, n in zip(reps.seat, reps.end, reps.occupant, strict=True) if n == 0}
    second = [
        (ends[int(s)], int(t)) for s, t, n in zip(reps.seat, reps.start, reps.occupant, strict=True) if n == 1
    ]
    assert second

    def open_hours(moment: float) -> float:
        day, hour = divmod(moment, 24)
        weeks, weekday = divmod(day, 7)
        return 8 * (5 * weeks + min(weekday, 5)) + (min(max(hour - 9, 0), 8) if weekday < 5 else 0)

    for left, filled in second:
        assert open_hours(filled / HOUR) - open_hours(left / HOUR) == pytest.approx(16, abs=1e-6)


def test_a_ramp_that_ends_at_once_changes_nothing() -> None:
    for ramp in ([1], {"start": 1, "time": "3 mo"}, {"start": 0.2, "time": "0 d"}):
        played = play({"serve": SERVE}, 0, 0.3, teams=desk(tenure="0 d", ramp=ramp), calendars=OFFICE)
        plain = play({"serve": SERVE}, 0, 0.3, teams=DESK, calendars=OFFICE)
        assert played.stage("serve") == plain.stage("serve")
