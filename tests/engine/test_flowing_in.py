"""Timelines of what flows in: gaps in open time, rates per open hour, and phases that change them or the map."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from exact import DESK, HOUR, OFFICE, Played, play

from funnelsim import Scenario
from funnelsim.model.compile import compile_model
from funnelsim.model.tables.pace import leads_per_hour, pace

NOTHING: dict[str, Any] = {"take": {"convert": 1}}
SHOP = {"shop": {"hours": "08:00-18:00"}}


def created(source: dict[str, Any], **more: Any) -> list[float]:
    """When the leads of one source came, in hours."""
    return hours_of(play(NOTHING, sources={"web": source}, **more))


def hours_of(played: Played) -> list[float]:
    """When all leads came, in hours."""
    return [round(int(when) / HOUR, 6) for when in played.records.leads.created]


# --- every ---------------------------------------------------------------------------------------------------


def test_gaps_are_counted_in_open_time() -> None:
    """Open 9-12 and 13-18; what would come at closing comes at the next opening, so always in open hours."""
    times = created({"every": "2 h", "calendar": "office"}, calendars=OFFICE, horizon="2 d")
    assert times == [11, 14, 16, 24 + 9, 24 + 11, 24 + 14, 24 + 16]


def test_a_run_that_starts_on_a_sunday_has_its_first_lead_on_monday() -> None:
    office = {"office": {"days": "mon-fri", "hours": "09:00-17:00", "closed": ["2026-01-06"]}}
    times = created({"every": "3 h", "calendar": "office"}, calendars=office, start="2026-01-04", horizon="4 d")
    assert times == [24 + 12, 24 + 15, 72 + 10, 72 + 13, 72 + 16]


def test_a_calendar_that_never_closes_changes_no_bit() -> None:
    gaps = {"every": {"dist": "exponential", "mean": "3.1 h"}}
    plain = play(NOTHING, sources={"web": gaps})
    named = play(NOTHING, sources={"web": {**gaps, "calendar": "round"}}, calendars={"round": {}})
    assert plain.records.leads.created.tobytes() == named.records.leads.created.tobytes()


def test_time_runs_faster_where_the_pattern_says_so() -> None:
    """The multipliers add up to 7, so none is scaled."""
    pattern = {"weekday": {"mon": 2, "tue": 1.5, "sun": 0.5, "wed-sat": 0.75}}
    assert created({"every": "12 h", "pattern": pattern}, horizon="2 d") == [6, 12, 18, 24, 32, 40]


def test_gaps_shrink_with_growth() -> None:
    """On day d time runs 101^(d/365.25) times as fast, and lead n comes where that adds up to n days."""
    times = created({"every": "1 d", "growth": 100}, horizon="60 d")
    speeds = 101.0 ** (np.arange(60) / 365.25)
    upto = np.concatenate([[0.0], np.cumsum(speeds)])
    expected = [
        24 * (day + (n - upto[day]) / speeds[day])
        for n in range(1, int(upto[-1]) + 1)
        for day in [int(np.searchsorted(upto, n, side="right")) - 1]
        if day < 60
    ]
    assert times == pytest.approx(expected, abs=1e-5)


def test_a_phase_opens_a_calendar() -> None:
    """10 h of the gap of 30 h are over when the calendar, from then on always open, is changed."""
    phases = [{"from": "2026-01-06", "change": {"sources.web.calendar": "always"}}]
    source = {"every": "20 h", "calendar": "shop"}
    assert created(source, calendars=SHOP, phases=phases, horizon="3 d") == [24 + 10, 24 + 30]


# --- rates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "same"), [("5 / open h", "350 / w"), ("50 / bd", "350 / w"), ("0.5 / open  h", "5 / d")]
)
def test_a_rate_per_open_hour_is_that_of_the_week(written: str, same: str) -> None:
    one = created({"rate": written, "calendar": "shop"}, calendars=SHOP, horizon="20 d")
    other = created({"rate": same, "calendar": "shop"}, calendars=SHOP, horizon="20 d")
    assert one == pytest.approx(other, abs=1e-5)


def test_rates_by_the_calendar_come_to_what_they_say() -> None:
    """Four days of eight hours and one of four: 36 open hours and five business days a week."""
    uneven = {"desk": {"week": {"mon-thu": "09:00-17:00", "fri": "09:00-13:00"}}}
    made = {
        "funnelsim": 1, "horizon": "8 w", "calendars": uneven, "teams": DESK, "stages": NOTHING,
        "sources": {
            "hours": {"rate": "3 / open h", "calendar": "desk"}, "days": {"rate": "20 / bd", "calendar": "desk"},
            "gaps": {"every": "90 min", "calendar": "desk"}, "all": {"rate": "2 / h"},
        },
    }  # fmt: skip
    model = compile_model(Scenario.from_dict(made))
    spec = model.spec
    weekly = [leads_per_hour(spec, spec.sources[name]) * 168 for name in ("hours", "days", "gaps", "all")]
    assert weekly == pytest.approx([108, 100, 24, 336])
    assert pace(spec, spec.sources["days"]) == (pytest.approx(100 / 36), pytest.approx(20))
    assert pace(spec, spec.sources["all"]) == (pytest.approx(2), pytest.approx(48))
    for name, plan in zip(model.source_names, model.plans, strict=True):
        per_week = {"hours": 108, "days": 100, "gaps": 36 * HOUR, "all": 336}[name]
        assert plan is not None
        assert plan.daily.sum() == pytest.approx(8 * per_week)


# --- phases --------------------------------------------------------------------------------------------------


def test_a_burst_in_a_phase_comes_beside_those_before() -> None:
    phases = [{"from": "2026-01-06", "change": {"sources.web.bursts": [{"at": "2026-01-07", "leads": 2}]}}]
    assert hours_of(play(NOTHING, 5, 100, phases=phases)) == [5, 48, 48]


def test_a_source_of_bursts_has_a_rate_for_a_time() -> None:
    change = {"sources.web": {"rate": "1 / h", "calendar": "shop"}}
    phases = [{"from": "2026-01-07", "to": "2026-01-08", "change": change}]
    times = hours_of(play(NOTHING, 5, phases=phases, calendars=SHOP))
    assert times[0] == 5
    assert len(times) > 15
    assert all(48 + 8 <= time < 48 + 18 for time in times[1:])


def test_dispersion_holds_from_its_phase_on() -> None:
    source = {"rate": "40 / d"}
    phases = [{"from": "2026-03-01", "change": {"sources.web.dispersion": 20}}]
    plain = np.array(created(source, horizon="110 d"))
    phased = np.array(created(source, horizon="110 d", phases=phases))
    first = (dt.date(2026, 3, 1) - dt.date(2026, 1, 5)).days * 24
    assert plain[plain < first].tolist() == phased[phased < first].tolist()
    days = np.bincount((phased[phased >= first] // 24).astype(int))[first // 24 :]
    assert days.var() / days.mean() > 8


def test_more_prospects_come_onto_a_list() -> None:
    """A list of 2 that yields nothing and never cools is at its end after 2 h; from then on there are 3 more."""
    source = {"team": "desk", "effort": "1 h", "yield": 0, "market": 2, "cooling": "1 y"}
    longer = {"from": "2026-01-06", "change": {"sources.list.market": {"add": 3}}}
    played = play(NOTHING, sources={"list": source}, phases=[longer])
    assert played.records.reps.filler.tolist() == [5 * HOUR]
    endless = {"from": "2026-01-06", "to": "2026-01-07", "change": {"sources.list.market": None}}
    played = play(NOTHING, sources={"list": source}, phases=[endless])
    assert played.records.reps.filler.tolist() == [26 * HOUR]


def test_a_list_that_is_shorter_has_lost_its_last() -> None:
    """Of 4 contacted in turn and 3 again on the first day, the fourth, rested at midnight, is not called again."""
    source = {"team": "desk", "effort": "1 h", "yield": 0, "market": 4, "cooling": "20 h"}
    shorter = {"from": "2026-01-06", "change": {"sources.list.market": 2}}
    played = play(NOTHING, sources={"list": source}, phases=[shorter], horizon="40 h")
    assert played.records.reps.filler.tolist() == [7 * HOUR]


# --- a map drawn up anew ---------------------------------------------------------------------------------------

SERVE: dict[str, Any] = {"serve": {"team": "desk", "effort": "4 h"}}
PAIR = {"desk": {"headcount": 2, "queue": "fifo"}}


def test_who_waits_is_given_a_territory_and_waits_for_its_rep() -> None:
    """Two leads are done before the reps get a territory each, two are in hand, and six wait for their rep."""
    change = {"territories": {"east": 1, "west": 1}, "teams.desk.serves": {"east": 1, "west": 1}}
    phases = [{"from": "2026-01-06", "change": change}]
    played = play(SERVE, *[19] * 10, 80, 80, 80, teams=PAIR, phases=phases, horizon="20 d")
    territories, rows = played.records.leads.territory.tolist(), played.stage("serve")
    assert played.model.territory_names == ("east", "west")
    assert territories[:2] == [-1, -1]
    assert [row.touched for row in rows[:4]] == [19, 19, 23, 23]
    assert set(territories[2:]) == {0, 1}
    assert [row.seat for row in rows[4:]] == territories[4:]
    for territory in (0, 1):
        mine = [row.touched for row, at in zip(rows[4:10], territories[4:10], strict=True) if at == territory]
        assert mine == [27 + 4 * turn for turn in range(len(mine))]


def test_a_lead_has_the_territory_that_it_would_have_had_from_the_start() -> None:
    """The draw is the lead's own: drawn up in advance or later, the map gives it the same territory."""
    shares = {"territories": {"east": 2, "west": 1}}
    phases = [{"from": "2026-01-06", "change": shares}]
    at = [20.0] * 12
    early = play(SERVE, *at, 60, teams=PAIR, horizon="20 d", **shares).records.leads.territory
    late = play(SERVE, *at, 60, teams=PAIR, horizon="20 d", phases=phases).records.leads.territory
    assert early.tolist() == late.tolist()


def test_who_has_a_territory_of_the_new_map_keeps_it() -> None:
    phases = [{"from": "2026-01-06", "change": {"territories": {"set": {"east": 1, "north": 1}}}}]
    at, first = [19.0] * 12, {"east": 1, "west": 1}
    plain = play(SERVE, *at, teams=PAIR, horizon="20 d", territories=first).records.leads.territory
    played = play(SERVE, *at, teams=PAIR, horizon="20 d", territories=first, phases=phases)
    assert played.model.territory_names == ("east", "west", "north")
    waiting = [row.left > 24 for row in played.stage("serve")]
    for old, new, waits in zip(plain, played.records.leads.territory, waiting, strict=True):
        assert new == old if old == 0 or not waits else new in (0, 2)


def test_a_map_that_is_given_up_leaves_new_leads_without() -> None:
    phases = [{"from": "2026-01-06", "change": {"territories": {"set": {}}}}]
    played = play(SERVE, 20, 20, 20, 30, teams=PAIR, territories={"east": 1, "west": 1}, phases=phases)
    assert played.records.leads.territory.tolist()[3] == -1
    assert -1 not in played.records.leads.territory.tolist()[:3]


def test_new_segments_are_drawn_for_leads_and_customers() -> None:
    """Leads in the line are sorted into the new segments, keep their value, and go to their team."""
    segments = {"key": {"share": 1, "value": 900}, "rest": {"share": 1, "value": 10}}
    teams = {**PAIR, "kam": {"headcount": 1, "queue": "fifo"}}
    phases = [{"from": "2026-01-06", "change": {"segments": segments, "stages.serve.team": {"key": "kam"}}}]
    played = play(SERVE, *[20] * 12, 60, 60, 60, 60, teams=teams, phases=phases, horizon="20 d")
    assert played.model.segment_names == ("all", "key", "rest")
    leads, rows = played.records.leads, played.stage("serve")
    reps = played.records.reps
    kam = played.model.team_names.index("kam")
    visits = played.records.visits
    for at in range(len(rows)):
        segment, value = int(leads.segment[at]), int(leads.value[at])
        if rows[at].touched >= 24:
            assert segment in (1, 2)
            assert (int(reps.team[visits.rep[at]]) == kam) == (segment == 1)
        assert value == (0 if at < 12 else {1: 90_000, 2: 1_000}[segment])
