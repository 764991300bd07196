"""Reorganising: what changes nothing, what a change of rep costs, and where everybody and every lead has gone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.engine.simpy_engine import run
from funnelsim.model.compile import compile_model
from funnelsim.model.records import CONTRACTED, WON, Records
from funnelsim.results import conservation
from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.scenario.reading import library

from .paired import CENTS, SEED, customers

STORIES = ("story_unripe_leads", "story_promises", "story_customers_wishes", "mid_market")


def simulated(scenario: fs.Scenario, replication: int = 0) -> Records:
    return run(compile_model(scenario), SEED, replication, events=True)


def assert_same(one: Records, other: Records) -> None:
    """Hold all records of two runs equal, bit for bit."""
    for part in ("visits", "leads", "reps", "series", "waits", "events", "customers", "moves", "tasks"):
        here, there = getattr(one, part), getattr(other, part)
        for name in here._fields:
            np.testing.assert_array_equal(getattr(here, name), getattr(there, name), f"{part}.{name}")


@pytest.mark.parametrize("name", STORIES)
def test_a_phase_that_changes_nothing(name: str) -> None:
    scenario = fs.load(library.template(name)).change({"horizon": "4 mo", "warmup": "1 mo"})
    team = next(iter(scenario.spec.teams))
    seats = scenario.spec.teams[team].headcount.steps[0][1]
    same = {
        "phases": [
            {"from": "2026-05-15", "to": "2026-06-20", "change": {}},
            {"from": "2026-06-10", "to": "2026-07-01", "change": {f"teams.{team}.headcount": seats}},
            {"from": "2026-07-05", "change": {f"teams.{team}.headcount": {"add": 0}}},
        ]
    }
    assert_same(simulated(scenario), simulated(scenario.change(same)))


LINE = """
funnelsim: 1
name: Before the reorganisation
start: 2026-01-05
horizon: 9 mo
score_accuracy: 0.6
territories: {east: 2, west: 1}
segments: {firm: {value: {dist: lognormal, median: 20_000, sigma: 0.6}}}
opening: {customers: 30, leads: {propose: 10}}
sources: {web: {rate: 3 / d}, fair: {rate: 5 / w, quality: 0.4}}
teams:
  inside: {headcount: 3, queue: fifo, attrition: 0.5, hiring: 20 d}
  field: {headcount: 4, queue: expected_value, skill: {sd: 0.6}, speed: {sd: 0.3}}
  care: {headcount: 2, queue: due}
stages:
  qualify: {team: inside, effort: {dist: exponential, mean: 5 h}, convert: 0.5, quality_weight: 0.8}
  propose:
    team: field
    handoff: {delay: 2 d, keeps: 0.8, dropout: 0.03}
    touches: 2.4
    effort: {dist: gamma, mean: 9 h, cv: 0.6}
    gap: {dist: exponential, mean: 4 d}
    decision: {dist: exponential, mean: 12 d}
    convert: 0.4
    quality_weight: 0.8
    books: true
  onboard: {team: care, effort: 5 h}
customers:
  team: care
  churn: 0.02 / mo
  care: {every: 1 mo, effort: 2 h}
  expansion: {rate: 0.5 / y, value: 0.3, to: propose}
"""

SPLIT = """
lever: split
title: Field sales in two teams, east and west
adds: [teams.west]
change:
  teams.field.headcount: 2
  teams.west: {headcount: 2, queue: expected_value, skill: {sd: 0.6}, speed: {sd: 0.3}, people: field}
  stages.propose.team: {west: west, else: field}
"""


@pytest.fixture
def split(tmp_path: Any) -> Any:
    """The line as it is, and with field sales split in two by a lever."""
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "split.yaml").write_text(SPLIT, encoding="utf-8")
    (tmp_path / "line.yaml").write_text(LINE, encoding="utf-8")
    before = fs.load(tmp_path / "line.yaml")
    return before, before.with_levers("split")


def seats_of(records: Records, scenario: fs.Scenario, *teams: str) -> list[tuple[float, float]]:
    """Skill and speed of the first people in the seats of some teams."""
    names = list(scenario.spec.teams)
    reps = records.reps
    rows = [
        row
        for team in teams
        for row in np.flatnonzero((reps.team == names.index(team)) & (reps.occupant == 0)).tolist()
    ]
    return [(reps.skill[row], reps.speed[row]) for row in rows]


def lead_of(records: Records, lead: int) -> tuple[int, ...]:
    """What a lead is known by, whatever else happens."""
    leads = records.leads
    return tuple(int(column[lead]) for column in (leads.opening, leads.source, leads.number))


def test_a_team_split_in_two_keeps_skills_and_luck(split: Any) -> None:
    before, after = split
    one, two = simulated(before), simulated(after)
    people = seats_of(one, before, "field")
    assert len(set(people)) == 4
    assert seats_of(two, after, "field", "west") == people
    drawn = ("source", "number", "created", "segment", "territory", "value", "quality", "score", "readiness")
    new = one.leads.origin == 0
    for name in drawn:
        here, there = getattr(one.leads, name)[new], getattr(two.leads, name)[two.leads.origin == 0]
        assert here.tobytes() == there.tobytes(), name


def test_a_team_split_in_two_loses_the_same_leads_to_the_same_luck(split: Any) -> None:
    """With equal reps, who meets the lead and when decides nothing: each visit has the same work, time and end."""
    equal = {"teams.field.skill.sd": 0, "teams.field.speed.sd": 0, "teams.inside.attrition": 0}
    before, after = (scenario.change(equal) for scenario in split)
    after = after.change({"teams.west.skill.sd": 0, "teams.west.speed.sd": 0})
    found = []
    for records in (simulated(before), simulated(after)):
        visits, leads = records.visits, records.leads
        rows = np.flatnonzero((visits.outcome >= 0) & (leads.origin[visits.lead] == 0))
        entries = zip(visits.lead[rows], visits.stage[rows], visits.visit[rows], strict=True)
        keys = [(*lead_of(records, lead), stage, visit) for lead, stage, visit in entries]
        drawn = zip(visits.work[rows], visits.buyer[rows], visits.outcome[rows], strict=True)
        found.append(dict(zip(keys, drawn, strict=True)))
    shared = found[0].keys() & found[1].keys()
    assert len(shared) > 800
    assert [key for key in shared if found[0][key] != found[1][key]] == []


GENERALISTS = {
    "phases": [
        {
            "from": "2026-05-01",
            "to": "2026-08-01",
            "change": {
                "teams.all": {"headcount": 7, "queue": "fifo", "staffed_from": "field"},
                "teams.field.headcount": 0,
                "teams.inside.headcount": 1,
                "stages.qualify.team": "all",
                "stages.propose.team": "all",
                "customers.team": "all",
            },
        }
    ]
}


@pytest.mark.parametrize("replication", range(3))
def test_everybody_and_everything_is_accounted_for(replication: int) -> None:
    """From specialists to generalists and back: leads, customers and people, none lost and none doubled."""
    scenario = fs.Scenario.from_text(LINE).change(GENERALISTS)
    model = compile_model(scenario)
    records = run(model, SEED, replication)
    conservation.check(records, model)
    leads, visits, reps = records.leads, records.visits, records.reps
    open_leads = leads.outcome < 0
    in_line = np.unique(visits.lead[visits.outcome < 0])
    assert set(np.flatnonzero(open_leads)) <= set(in_line)
    assert (leads.outcome >= 0).sum() + open_leads.sum() == len(leads.outcome)
    # The four of field sales are among the seven, with their skills; three more were hired.
    names = [*model.team_names]
    new, old = names.index("all"), names.index("field")
    skills = reps.skill[(reps.team == old) & (reps.start == 0)]
    assert set(skills) <= set(reps.skill[reps.team == new])
    moved = reps.team == new
    assert moved.sum() == 7
    assert (reps.end[moved] >= 0).all()
    table, moves = customers(records)
    living = table.ended < 0
    assert living.sum() == records.series.customers_last[-1]
    assert len(table.ended) == 30 + len(np.unique(table.lead[table.lead >= 0]))
    assert table.arr[living].sum() == records.series.arr_last[-1]
    assert (np.bincount(moves.customer[moves.kind <= 1], minlength=len(living)) == 1).all()


CHANGES = """
funnelsim: 1
start: 2026-01-01
horizon: 18 mo
opening: {customers: 40}
segments: {firm: {value: 10_000}}
teams: {care: {headcount: 2, queue: fifo}, key: {headcount: 2, queue: fifo}}
stages: {sell: {}}
customers:
  team: care
  health: {start: 0.9}
  care: {every: 1 mo, effort: 1 h}
  rep_change: {health: 0.2, revenue: 0.15}
"""
CHURN = {"customers.churn": "0.02 / mo", "customers.health_weight": 3}
OTHER_TEAM = {"phases": [{"from": "2026-04-01", "change": {"customers.team": "key"}}]}


def test_a_change_of_rep_has_its_price() -> None:
    """All customers change hands once: 15 % of their revenue goes within a year, in twelve steps, to the cent."""
    records = simulated(fs.Scenario.from_text(CHANGES).change(OTHER_TEAM))
    table, moves = customers(records)
    assert table.rep_changes.tolist() == [1] * 40
    assert table.health == pytest.approx([0.7] * 40)
    lost = moves.kind == CONTRACTED
    assert moves.amount[lost].sum() / CENTS == 0.15 * 400_000
    assert np.bincount(moves.customer[lost]).tolist() == [12] * 40
    first, last = moves.time[lost].min(), moves.time[lost].max()
    assert last - first == 11 * MICROSECONDS["mo"]
    assert records.series.arr_last[-1] / CENTS == 0.85 * 400_000


def test_a_change_of_rep_makes_customers_leave() -> None:
    """The harm to health shows in churn: with the hazard exp(3 x 0.2) times as high afterwards."""
    calm = fs.Scenario.from_text(CHANGES.replace("customers: 40", "customers: 3000")).change(
        {**CHURN, "customers.care": None}
    )
    before, after = simulated(calm), simulated(calm.change(OTHER_TEAM))
    at = 90 * MICROSECONDS["d"]
    months = (compile_model(calm).horizon - at) / MICROSECONDS["mo"]
    for records, factor in ((before, 1.0), (after, np.exp(3 * 0.2))):
        ended = customers(records)[0].ended
        there = (ended < 0) | (ended >= at)
        share, truth = (ended[there] < 0).mean(), np.exp(-0.02 * factor * months)
        error = np.sqrt(truth * (1 - truth) / there.sum())
        print(f"stay for {months:.1f} months: {share:.4f}, exact {truth:.4f}, z {(share - truth) / error:+.2f}")
        assert error < 0.02 * truth
        assert abs(share - truth) <= 4 * error


def test_people_who_change_team_take_their_customers_along() -> None:
    """A team renamed is no change of rep."""
    text = CHANGES.replace(", key: {headcount: 2, queue: fifo}", ", key: {headcount: 0, queue: fifo}")
    change = {
        "teams.key": {"headcount": 2, "queue": "fifo", "staffed_from": "care"},
        "teams.care.headcount": 0,
        "customers.team": "key",
    }
    scenario = fs.Scenario.from_text(text).change({"phases": [{"from": "2026-04-01", "change": change}]})
    table, moves = customers(simulated(scenario))
    assert table.rep_changes.sum() == 0
    assert (moves.kind != CONTRACTED).all()
    assert (table.health >= 0.9).all()


def test_what_was_before_stands() -> None:
    """Until the day of the reorganisation nothing differs from the run without it."""
    scenario = fs.Scenario.from_text(LINE)
    one, two = (simulated(each) for each in (scenario, scenario.change(GENERALISTS)))
    at = 116 * MICROSECONDS["d"]
    won = []
    for records in (one, two):
        leads = records.leads
        rows = np.flatnonzero((leads.outcome == WON) & (leads.ended < at))
        won.append({(*lead_of(records, row), leads.ended[row], leads.booked[row]) for row in rows})
    assert len(won[0]) > 20
    assert won[0] == won[1]
    assert (one.events.time < at).sum() == (two.events.time < at).sum()
