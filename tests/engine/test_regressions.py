"""Small scenarios that once went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from exact import DESK, HOUR, OFFICE, Played, play

from funnelsim import FunnelsimError, Scenario, simulate
from funnelsim.engine.simpy_engine.run import Run
from funnelsim.model import records as rec
from funnelsim.model.compile import compile_model
from funnelsim.model.rules import customer_rules
from funnelsim.results import conservation

SERVE: dict[str, Any] = {"team": "desk", "effort": "1 h"}
PAIR = {"a": {"headcount": 1, "queue": "fifo"}, "b": {"headcount": 1, "queue": "fifo"}}


def loads_at_the_end(made: dict[str, Any]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each person who is there, the load kept by the engine and the leads that make it up."""
    bare = {"funnelsim": 1, "start": "2026-01-05", "horizon": "4 d"}
    run = Run(compile_model(Scenario.from_dict({**bare, **made})), 1, 0)
    counted: dict[tuple[int, int], tuple[int, int]] = {}

    class Audit(Exception):  # noqa: N818  # the state is looked at before the run is written down
        pass

    def look() -> None:
        for rep in run.ledger.reps:
            waiting = sum(item.assigned and item.rep is rep for item in run.waiting)
            owned = sum(lead.owned for lead in rep.leads)
            counted[rep.team, rep.seat] = (rep.load, owned + waiting)
        raise Audit

    run._close = look  # type: ignore[method-assign, assignment]
    with pytest.raises(Audit):
        run.run()
    return counted


def test_a_lead_shared_by_two_teams_is_not_pushed_to_the_second() -> None:
    """Its rep kept counting leads that the first team took."""
    teams = {**PAIR, "b": {"headcount": 2, "queue": "fifo", "assign": "on_arrival"}}
    stages = {"serve": {"team": ["a", "b"], "effort": "2 h"}}
    loads = loads_at_the_end({"teams": teams, "stages": stages, "sources": {"web": {"every": "90 min"}}})
    assert all(load == counted for load, counted in loads.values())


def test_a_pushed_lead_that_a_phase_takes_away_is_not_counted_any_more() -> None:
    teams = {**PAIR, "a": {"headcount": 2, "queue": "fifo", "assign": "on_arrival"}}
    phases = [{"from": "2026-01-06", "change": {"stages.serve.team": "b"}}]
    stages = {"serve": {"team": "a", "effort": "20 h"}}
    made = {"teams": teams, "stages": stages, "phases": phases, "sources": {"web": {"every": "3 h"}}}
    loads = loads_at_the_end(made)
    assert loads[0, 0][0] == loads[0, 1][0] == 0


def test_work_for_customers_of_two_teams_is_not_left_lying() -> None:
    """Two care touches fall due at once. `a` leaves both to `b`, which is named first and takes one of them."""
    customers = {"team": ["b", "a"], "care": {"every": "1 d", "effort": "1 h"}}
    played = play({"serve": {"decision": "1 h"}}, 0, 0, customers=customers, teams=PAIR, horizon="2 d")
    assert played.tasks() == [(25, 25, 26), (25, 25, 26)]


def test_keys_follow_a_phase() -> None:
    """Lead 2 stands behind lead 3 until the phase makes its kind worth more."""
    teams = {"desk": {"headcount": 1, "queue": "expected_value"}}
    sources = {name: {"bursts": [{"at": f"{at} h", "leads": 1}]} for name, at in (("hold", 0), ("x", 1), ("y", 2))}
    effort = {"hold": "30 h", "else": "1 h"}
    stage = {"team": "desk", "effort": effort, "convert": {"x": 0.2, "y": 0.5, "else": 1}}
    phases = [{"from": "2026-01-06", "change": {"stages.serve.convert": {"x": 0.9}}}]
    more: dict[str, Any] = {"teams": teams, "sources": sources, "segments": {"all_of_them": {"value": 100}}}
    assert play({"serve": stage}, **more).starts("serve") == [0, 31, 30]
    assert play({"serve": stage}, phases=phases, **more).starts("serve") == [0, 30, 31]


def test_open_hours_are_counted_by_the_hours_of_their_time() -> None:
    """A day around the clock, then office hours: 24 + 8 h, where the new hours were once taken for the whole."""
    phases = [{"from": "2026-01-06", "change": {"teams.desk.calendar": "office"}}]
    played = play({"serve": SERVE}, 0, calendars={"round": {}, **OFFICE}, phases=phases, horizon="2 d")
    assert played.records.reps.open.tolist() == [32 * 3_600_000_000]


def test_the_period_of_a_quota_may_change() -> None:
    """From a monthly to a quarterly quota: the second period is the first quarter, not the second."""
    team = {"headcount": 1, "queue": "fifo", "quota": {"amount": 1000, "period": "month"}}
    phases = [{"from": "2026-02-10", "change": {"teams.desk.quota.period": "quarter"}}]
    promise = {"share": 0, "under_pressure": 1, "odds": 1}
    stages = {"serve": {**SERVE, "concessions": {"promise": promise}}}
    bare = {"funnelsim": 1, "start": "2026-01-05", "horizon": "3 mo", "sources": {"web": {"every": "3 d"}}}
    scenario = Scenario.from_dict({**bare, "teams": {"desk": team}, "stages": stages, "phases": phases})
    run = Run(compile_model(scenario), 1, 0)
    seen: list[tuple[float, float]] = []
    chance = run.pressure.concession_chance

    def watched(share: float, under: float, of: int) -> float:
        seen.append((run.clock.now / 86_400e6, chance(share, under, of)))
        return seen[-1][1]

    run.pressure.concession_chance = watched  # type: ignore[method-assign]
    run.run()
    later = [(day, share) for day, share in seen if day > 36]
    assert all(abs(share - (day / 90) ** 2) < 1e-9 for day, share in later)


def test_a_random_partner_is_drawn_once_a_touch() -> None:
    """Whether somebody could join takes no draw, so in which order lines are looked through does not matter."""
    teams = {
        "a": {"headcount": 1, "queue": "fifo"},
        "b": {"headcount": 3, "queue": "fifo", "routing": "random"},
    }
    stages = {"talk": {"team": "a", "effort": "1 h", "with": {"team": "b"}}}
    bare = {"funnelsim": 1, "start": "2026-01-05", "horizon": "4 d", "sources": {"web": {"every": "2 h"}}}
    run = Run(compile_model(Scenario.from_dict({**bare, "teams": teams, "stages": stages})), 1, 0)
    records = run.run()
    assert run.teams[1].turns.drawn == int((records.visits.first_touch >= 0).sum()) > 0


def test_held_leads_stay_in_order_when_limits_change() -> None:
    """The limit is raised by one: of the two that are held the first enters."""
    limits = [{"stages": ["wait"], "wip": 1}]
    phases = [{"from": "2026-01-06", "change": {"limits": [{"stages": ["wait"], "wip": 2}]}}]
    played: Played = play({"wait": {"decision": "40 h"}}, 0, 1, 2, limits=limits, phases=phases, teams=DESK)
    assert [(row.held, row.left) for row in played.stage("wait")] == [(0, 40), (23, 64), (38, 80)]


def test_who_did_the_last_touch_counts_where_a_phase_takes_the_stage_away_meanwhile() -> None:
    """The touch in hand is `a`'s: its skill decides, and the visit stays a's."""
    teams = {**PAIR, "a": {"headcount": 1, "queue": "fifo", "skill": [40]}}
    phases = [{"from": "2026-01-06", "change": {"stages.serve.team": "b"}}]
    stage = {"team": "a", "effort": "5 h", "convert": 1e-9, "decision": "3 h", "handoff": {"keeps": 0}}
    played = play({"serve": stage}, 20, teams=teams, phases=phases)
    (row,) = played.lead(1)
    assert (row.left, row.outcome, row.seat) == (28, "advanced", 0)
    assert played.records.visits.team.tolist() == [0]


def test_a_stage_may_be_automated_by_a_phase() -> None:
    """Leads 1 and 3 wait at 24 h and go on; lead 2 is in a touch until 26 h, and then in its gap until 28 h."""
    change = {"stages.serve.team": [], "stages.serve.effort": "0 h", "stages.serve.touches": 1}
    phases = [{"from": "2026-01-06", "change": change}]
    stage = {"team": "a", "effort": "5 h", "touches": 2, "gap": "2 h"}
    rows = play({"serve": stage}, 16, 20, 23, teams=PAIR, phases=phases).stage("serve")
    assert [(row.left, row.busy) for row in rows] == [(24, 5), (28, 5), (24, 0)]


def test_the_sla_is_the_deadline_where_there_is_one() -> None:
    """Lead 2 is due at 1 + 9 h, its timeout of 8 h apart; lead 3 at 2 + 7.5 h."""
    teams = {"desk": {"headcount": 1, "queue": "due"}}
    sources = {name: {"bursts": [{"at": f"{at} h", "leads": 1}]} for name, at in (("hold", 0), ("x", 1), ("y", 2))}
    stage = {"team": "desk", "effort": "4 h", "sla": {"x": "9 h", "y": "7.5 h"}, "timeout": {"x": "8 h"}}
    assert play({"serve": stage}, sources=sources, teams=teams).starts("serve") == [0, 8, 4]


def test_a_seat_that_is_cut_for_a_day_keeps_its_person_at_work() -> None:
    """Its touch goes on over the day for which the seat is cut, so nobody goes and nobody is hired."""
    teams = {"desk": {"headcount": {"start": 1, "2026-01-06": 0, "2026-01-07": 1}, "queue": "fifo"}}
    played = play({"serve": {**SERVE, "effort": "40 h"}}, 20, 30, teams=teams)
    assert played.records.reps.end.tolist() == [-1]
    assert played.starts("serve") == [20, 60]


def test_a_move_to_a_team_that_is_dissolved_again_does_not_take_place() -> None:
    """Only on Tuesday is there the other team; who was to join it is at work all day and stays."""
    change = {"teams.n": {"headcount": 1, "queue": "fifo", "staffed_from": "desk"}, "teams.desk.headcount": 0}
    phases = [{"from": "2026-01-06", "to": "2026-01-07", "change": change}]
    played = play({"serve": {**SERVE, "effort": "40 h"}}, 20, 30, phases=phases)
    assert played.records.reps.team.tolist() == [0]
    assert played.starts("serve") == [20, 60]


def test_a_phase_does_not_fill_vacancies() -> None:
    """Who leaves is followed after 90 days, whatever else is reorganised meanwhile."""
    team = {"headcount": 6, "queue": "fifo", "attrition": 6, "hiring": "90 d"}
    more: dict[str, Any] = {"teams": {"desk": team}, "horizon": "80 d", "sources": {"web": {"rate": "1 / d"}}}
    phases = [{"from": "2026-03-10", "change": {"stages.serve.effort": "2 h"}}]
    played = play({"serve": SERVE}, phases=phases, **more)
    assert len(played.records.reps.team) == 6
    assert (played.records.reps.end >= 0).sum() > 1


def test_who_has_given_notice_goes_where_a_phase_changes_attrition() -> None:
    """Touches of 60 days, and attrition so high that all give notice within the first."""
    team = {"headcount": 4, "queue": "fifo", "attrition": 100}
    phases = [{"from": "2026-02-10", "change": {"teams.desk.attrition": 1}}]
    stage = {**SERVE, "effort": "1440 h"}
    played = play({"serve": stage}, 0, 0, 0, 0, teams={"desk": team}, phases=phases, horizon="70 d")
    reps = played.records.reps
    assert (reps.end == 60 * 24 * 3_600_000_000).sum() == 4


GIVEN = {"first": {"team": "a", "effort": "1 h"}, "long": {"aside": True, "team": "a", "effort": "30 h"}}
BUSY_GIVER = {
    "web": {"bursts": [{"at": "22 h", "leads": 1}]},
    "z": {"bursts": [{"at": "22.5 h", "leads": 1}], "to": "long"},
}
"""Lead 1 is given on from 23 h; its old rep is at work for 30 h on what came at 22.5 h."""


def test_the_timeout_strikes_while_a_lead_waits_to_be_given_on() -> None:
    second = {"team": "b", "effort": "1 h", "handoff": {"give": "30 min"}, "timeout": "5 h"}
    played = play({**GIVEN, "second": second}, sources=BUSY_GIVER, teams=PAIR)
    row = played.lead(1)[1]
    assert (row.entered, row.left, row.outcome, row.wait) == (23, 28, "expired", 5)


def test_a_handoff_under_way_ends_with_the_team_of_the_new_phase() -> None:
    """Given on from 53 to 53.5 h, then 2 h on the way: once, with half the context lost once."""
    second = {
        "team": "b",
        "effort": "1 h",
        "rework": 1,
        "handoff": {"give": "30 min", "delay": "2 h", "keeps": 0.5},
    }
    teams = {**PAIR, "c": {"headcount": 1, "queue": "fifo"}}
    phases = [{"from": "2026-01-06", "change": {"stages.second.team": "c"}}]
    played = play({**GIVEN, "second": second}, sources=BUSY_GIVER, teams=teams, phases=phases)
    row = played.lead(1)[1]
    assert (row.touched, row.left, row.handoff, row.busy) == (55.5, 57, 2, 0.5 + 1.5)
    assert (played.busy("b"), played.busy("c")) == ([0], [1.5])


def test_a_handoff_meeting_is_with_the_team_of_the_new_phase() -> None:
    """There is nobody in `b` to meet from 23 h on; `a` works until 53 h, and then meets `c`."""
    second = {"team": "b", "effort": "1 h", "handoff": {"joint": "2 h"}}
    teams = {"a": PAIR["a"], "b": {"headcount": 0, "queue": "fifo"}, "c": {"headcount": 1, "queue": "fifo"}}
    phases = [{"from": "2026-01-06", "change": {"stages.second.team": "c"}}]
    played = play({**GIVEN, "second": second}, sources=BUSY_GIVER, teams=teams, phases=phases)
    row = played.lead(1)[1]
    assert (row.touched, row.left) == (55, 56)
    assert (played.busy("b"), played.busy("c")) == ([], [3])


def test_a_held_lead_is_handed_over_once() -> None:
    """Held from 3 h, when the stage is b's, until 39 h, when it is c's: half of the context is lost once."""
    stages = {
        "first": {"team": "a", "effort": "3 h"},
        "second": {
            "team": "b",
            "effort": "1 h",
            "rework": 1,
            "handoff": {"keeps": 0.5},
            "decision": {"x": "36 h"},
        },
    }
    sources = {
        "x": {"bursts": [{"at": "2 h", "leads": 1}], "to": "second"},
        "y": {"bursts": [{"at": "0 h", "leads": 1}]},
    }
    teams = {**PAIR, "c": {"headcount": 1, "queue": "fifo"}}
    phases = [{"from": "2026-01-06", "change": {"stages.second.team": "c"}}]
    limits = [{"stages": ["second"], "wip": 1}]
    played = play(stages, sources=sources, teams=teams, phases=phases, limits=limits)
    row = played.lead(1)[1]
    assert (row.entered, row.held, row.busy) == (3, 36, 1.5)


def test_what_an_absent_rep_releases_is_not_pushed_back() -> None:
    """Seat 0 is away all year and still given leads in turn; after 5 h they go to seat 1, and no more come."""
    teams = {
        "desk": {"headcount": 1, "queue": "fifo", "assign": "on_arrival", "routing": "best_skill", "skill": [1],
                 "absence": {"days": 365, "release": "5 h"}},
    }  # fmt: skip
    phases = [{"from": "2026-01-06", "change": {"teams.desk.headcount": {"add": 1}, "teams.desk.absence.days": 0}}]
    released = play({"serve": SERVE}, 1, 8, teams=teams, horizon="20 h")
    assert released.records.visits.first_touch.tolist() == [-1, -1]
    run = Run(released.model, 1, 0)
    run.run()
    assert [item.rep for item in run.waiting] == [None, None]
    assert play({"serve": SERVE}, 1, 8, teams=teams, phases=phases).starts("serve") == [24, 24]


def test_a_source_of_no_leads_is_on_no_way() -> None:
    """Open leads of a stage that no leads come to were drawn anew where a source of rate 0 led there."""
    sources = {"web": {"rate": "1 / d", "to": "late"}}
    opening = {"leads": {"early": 3}}
    stages = {"early": {"decision": "1 h", "convert": 0.5}, "late": {"decision": "1 h"}}
    one = play(stages, sources=sources, opening=opening)
    other = play(stages, sources={**sources, "nobody": {"rate": "0 / d"}}, opening=opening)
    assert one.records.leads.quality.tolist() == other.records.leads.quality.tolist()


@pytest.mark.parametrize("begun", [False, True])
def test_open_waiting_goes_by_the_hours_that_hold(begun: bool) -> None:
    """A wait that goes on when the hours change was counted by the hours in which it ended, as a whole."""
    calendars = {
        "office": {"days": "mon-fri", "hours": "09:00-17:00"},
        "late": {"days": "mon-sun", "hours": "12:00-24:00"},
    }
    teams = {
        "desk": {"headcount": {"2026-01-05": 0, "2026-01-15": int(begun)}, "queue": "fifo", "calendar": "office"}
    }
    phases = [{"from": "2026-01-12", "change": {"teams.desk.calendar": "late"}}]
    played = play({"serve": SERVE}, 10, calendars=calendars, teams=teams, phases=phases, horizon="14 d")
    visits, days = played.records.visits, 3 if begun else 7
    assert visits.wait_open.tolist() == [(7 + 4 * 8 + days * 12) * HOUR]
    by_day = played.records.series.team_queue_open[:, 0] / HOUR
    assert by_day[:9].tolist() == [7, 8, 8, 8, 8, 0, 0, 12, 12]
    if begun:
        assert played.records.leads.response_open.tolist() == visits.wait_open.tolist()


def test_referrals_without_bound_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each customer brings a new one every other day: what used to end when the memory was full."""
    monkeypatch.setattr(customer_rules, "MOST_BORN", 1_000)
    monkeypatch.setattr(customer_rules, "MOST_BORN_EACH", 10)
    with pytest.raises(FunnelsimError, match=r"customers: more than .* customers x"):
        play({"serve": {}}, 0, customers={"referral": {"rate": "0.5 / d"}}, horizon="90 d")


def test_many_customers_may_give_rise_to_many_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each of a large base of customers brings is no runaway, however many it adds up to."""
    monkeypatch.setattr(customer_rules, "MOST_BORN", 0)
    monkeypatch.setattr(customer_rules, "MOST_BORN_EACH", 2)
    customers = {"expansion": {"rate": "0.01 / d", "to": "serve"}}
    played = play({"serve": {"convert": 0}}, 0, customers=customers, horizon="90 d", opening={"customers": 50})
    assert 20 < len(played.records.leads.created) < 100


def test_a_wait_that_is_passed_on_is_divided_between_the_teams() -> None:
    """What waits for a rep and passes to another team with the customer waited for each team in turn."""
    teams = {
        "desk": {"headcount": 1, "queue": "fifo", "absence": {"dates": ["2026-01-05..2026-01-09"]}},
        "other": {"headcount": {"2026-01-05": 0, "2026-01-09": 1}, "queue": "fifo"},
    }
    phases = [{"from": "2026-01-08", "change": {"customers.team": "other"}}]
    customers = {"team": "desk", "complaint": {"rate": "1 / d", "effort": "1 h"}}
    played = play({"serve": {}}, teams=teams, phases=phases, customers=customers, opening={"customers": 5})
    asked = [asked for asked, begun, _ in played.tasks() if asked < 96]
    assert len(asked) > 10
    waited = played.records.series.team_queue.sum(axis=0) / HOUR
    assert waited[0] == pytest.approx(sum(max(72 - at, 0) for at in asked), abs=1e-6)
    conservation.check(played.records, played.model)


def test_who_gives_notice_before_a_move_goes_and_does_not_move() -> None:
    """Somebody at work who was to move gave notice, moved all the same, and the seat stayed empty for ever."""
    teams = {"desk": {"headcount": 3, "queue": "fifo", "attrition": 24}}
    phases = [
        {"from": "2026-01-09", "to": "2026-01-13", "change": {
            "teams.desk.headcount": 0,
            "teams.new": {"headcount": 3, "queue": "fifo", "staffed_from": "desk"},
        }},
    ]  # fmt: skip
    sources = {"web": {"rate": "1 / d"}}
    made = {"sources": sources, "teams": teams, "stages": {"serve": {"team": "desk", "effort": "240 h"}}}
    whole = {"funnelsim": 1, "start": "2026-01-05", "horizon": "60 d", "phases": phases, **made}
    model = compile_model(Scenario.from_dict(whole))
    for replication in range(20):
        records = Run(model, 1, replication).run()
        assert records.series.team_headcount[-1].tolist() == [3 * 24 * HOUR, 0]


def test_a_source_of_no_leads_decides_no_intercept() -> None:
    """Where leads of one source skip a stage, one of rate 0 that would enter there set the chance of others."""
    sources = {"web": {"rate": "1 / d", "to": "late"}}
    stages = {"early": {"convert": 0.5, "quality_weight": 1.2}, "late": {}}
    found = [
        compile_model(Scenario.from_dict({"funnelsim": 1, "horizon": "9 d", "sources": more, "stages": stages}))
        for more in (sources, {**sources, "nobody": {"rate": "0 / d", "quality": 2}})
    ]
    assert found[0].tables.stages.intercept[0] == found[1].tables.stages.intercept[0]


def test_a_giver_who_has_come_to_the_other_team_meets_nobody() -> None:
    """Who gave a lead away, and is in the team that takes it by then, was to meet that team: perhaps oneself."""
    text = """
funnelsim: 1
start: '2026-04-30'
horizon: 2 w
calendars:
  late:
    week:
      mon-thu: 13:00-20:00
      fri: [13:00-15:00]
    closed: ['2026-05-07']
segments:
  small: {}
sources:
  web: {rate: 2 / d}
teams:
  inside:
    queue: {rule: at_risk}
  field:
    headcount: 4
    queue: {due: 1}
stages:
  contact: {team: inside, effort: 1 h}
  propose:
    team: field
    handoff:
      small:
        give: 0.5 h
        joint: {dist: constant, value: 0.35 h}
phases:
- from: '2026-05-05'
  to: '2026-05-10'
  change:
    teams.new_1: {queue: fifo, staffed_from: field}
    stages.contact.team: new_1
    teams.field.headcount: 0
"""
    model = compile_model(Scenario.from_text(text))
    conservation.check(Run(model, 7, 0).run(), model)


def test_a_single_change_of_revenue_stays_when_the_next_replication_runs() -> None:
    """The memory of rows is used again, and a table of one row had not been copied out of it."""
    made = {
        "funnelsim": 1,
        "horizon": "20 d",
        "warmup": "0 d",
        "segments": {"all": {"value": 1000}},
        "sources": {"web": {"rate": "0.05 / d"}},
        "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": "1 h", "books": True}},
    }
    scenario = Scenario.from_dict(made)
    for workers in (1, 3):
        kept = simulate(scenario, replications=30, seed=3, workers=workers).replicates
        assert sum(len(each.moves.time) == 1 for each in kept) > 5
        for each in kept:
            assert each.moves.time.tolist() == sorted(each.leads.ended[each.leads.outcome == rec.WON].tolist())
