"""Causes that are switched off: both engines without them are twins, and each switch does what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.engine import compiled
from funnelsim.errors import ScenarioError
from funnelsim.model import switches
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import DROPPED
from funnelsim.model.switches import CAUSES, causes_of, switched_off
from funnelsim.results.conservation import check
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded

from .same import assert_twins, differences

HOUR = 3_600_000_000


def models(first: int, last: int) -> list[tuple[int, Model]]:
    """Random scenarios, every other one with phases."""
    found = []
    for seed in range(first, last):
        scenario = scenario_of(document(seeded(seed), phased=seed % 2 == 1))
        if scenario is not None:
            try:
                found.append((seed, compile_model(scenario)))
            except ScenarioError:  # a run that would be too large
                continue
    return found


def chosen(seed: int) -> tuple[str, ...]:
    """All causes for every third scenario; else each with a chance of one half."""
    return CAUSES if seed % 3 == 0 else tuple(one for at, one in enumerate(CAUSES) if seed >> at & 1)


def assert_lawful_twins(first: int, last: int) -> int:
    made = models(first, last)
    for seed, model in made:
        without = switched_off(model, chosen(seed))
        assert_twins(without, replication=seed % 5)
        check(compiled.run(without, 7, seed % 5), without)
    return len(made)


def test_engines_without_causes_are_twins() -> None:
    assert assert_lawful_twins(0, 24) > 12


@pytest.mark.slow
def test_engines_without_causes_are_twins_in_many_scenarios() -> None:
    assert assert_lawful_twins(100, 400) > 200


def test_a_cause_that_is_not_at_work_changes_no_byte() -> None:
    for seed, model in models(0, 24):
        idle = [cause for cause in CAUSES if cause not in causes_of(model)]
        assert switched_off(model, ()) is model
        records = [compiled.run(each, 7, seed % 5, events=True) for each in (model, switched_off(model, idle))]
        assert differences(*records) == []


BUSY = """
name: One rep for five
horizon: 100 h
warmup: 0 h
currency: EUR
segments: {all: {value: {dist: constant, value: 1_000}}}
sources: {web: {every: 1 h}}
teams: {desk: {headcount: 1, queue: fifo}}
stages: {meet: {team: desk, effort: 5 h}}
"""


def run_of(text: str | fs.Scenario, *causes: str, replication: int = 0) -> tuple[Any, Model]:
    scenario = text if isinstance(text, fs.Scenario) else fs.Scenario.from_text(text)
    model = switched_off(compile_model(scenario), causes)
    records = compiled.run(model, 1, replication)
    check(records, model)
    return records, model


def test_nobody_waits_where_people_are_as_many_as_needed() -> None:
    """A lead comes every hour and takes five: one rep has five in hand from then on."""
    records, _ = run_of(BUSY, switches.CAPACITY)
    done = records.visits.outcome >= 0
    assert (records.visits.wait == 0).all()
    assert (records.visits.left - records.visits.entered)[done].tolist() == [5 * HOUR] * 94
    assert records.series.team_busy.sum() == 94 * 5 * HOUR + (5 + 4 + 3 + 2 + 1) * HOUR
    alone, _ = run_of(BUSY)
    assert (alone.visits.outcome >= 0).sum() == 19


def test_opening_hours_stay_where_people_are_as_many_as_needed() -> None:
    shut = fs.load("scenarios/mid_market.yaml").change({"horizon": "6 mo", "warmup": "0 d"})
    records, model = run_of(shut, switches.CAPACITY)
    joint = model.tables.stages.joint_team.reshape(len(model.stage_names), -1).max(axis=1) >= 0
    alone = ~joint[records.visits.stage]
    assert records.visits.wait_open[alone].max() == 0  # a joint touch waits until both teams are open
    assert records.visits.wait.max() > 0
    usual, _ = run_of(shut)
    assert usual.visits.wait_open.sum() > 20 * records.visits.wait_open.sum()


DECAYING = """
name: What waits grows cold
horizon: 400 h
warmup: 0 h
currency: EUR
segments: {all: {value: {dist: constant, value: 1_000}}}
sources: {web: {every: 1 h}}
teams: {first: {headcount: 2, queue: fifo}, second: {headcount: 1, queue: fifo}}
stages:
  hear: {team: first, effort: 30 min, convert: 0.8}
  meet: {team: second, effort: 1 h, convert: 0.5, decay: {half_life: 2 h}, handoff: {delay: 3 h, keeps: 1}}
"""


def test_without_decay_the_line_is_that_of_a_file_without_it() -> None:
    scenario = fs.Scenario.from_text(DECAYING)
    never = scenario.change({"stages.meet.decay": None})
    for replication in range(3):
        without, _ = run_of(scenario, switches.WAITING, switches.HANDING, replication=replication)
        assert differences(without, run_of(never, replication=replication)[0]) == []


def test_without_decay_leads_advance_at_the_chance_of_the_file() -> None:
    met = advanced = 0
    for replication in range(10):
        records, _ = run_of(DECAYING, switches.WAITING, switches.HANDING, replication=replication)
        ended = records.visits.outcome[(records.visits.stage == 1) & (records.visits.outcome >= 0)]
        met, advanced = met + len(ended), advanced + int((ended == 0).sum())
    assert abs(advanced / met - 0.5) < 4 * (0.25 / met) ** 0.5


def test_decay_in_a_handoff_alone_leaves_a_known_share() -> None:
    """Three hours at a half-life of two leave 2^-1.5 of the chance."""
    met = advanced = 0
    for replication in range(10):
        records, _ = run_of(DECAYING, switches.WAITING, replication=replication)
        ended = records.visits.outcome[(records.visits.stage == 1) & (records.visits.outcome >= 0)]
        met, advanced = met + len(ended), advanced + int((ended == 0).sum())
    chance = 0.5 * 2**-1.5
    assert abs(advanced / met - chance) < 4 * (chance * (1 - chance) / met) ** 0.5


def test_dropout_and_concessions_and_context() -> None:
    scenario = fs.load("scenarios/mid_market.yaml").change({"horizon": "6 mo", "warmup": "0 d"})
    records, model = run_of(scenario, switches.DROPOUT, switches.CONCESSIONS, switches.CONTEXT)
    usual, before = run_of(scenario)
    assert (usual.visits.outcome == DROPPED).any()
    assert not (records.visits.outcome == DROPPED).any()
    assert causes_of(before) >= {switches.DROPOUT, switches.CONTEXT}
    assert causes_of(model) == causes_of(before) - {switches.DROPOUT, switches.CONCESSIONS, switches.CONTEXT}
    assert np.array_equal(model.tables.stages.intercept, before.tables.stages.intercept)  # not solved anew


FULL_ON_MONDAY = """
name: All at once
start: 2026-01-05
horizon: 8 d
warmup: 0 h
currency: EUR
segments: {all: {value: {dist: constant, value: 1_000}}}
sources: {web: {every: 4 min}, calls: {team: desk, effort: 10 min, yield: 0.2}}
calendars: {office: {days: mon-fri, hours: 09:00-17:00}}
teams: {desk: {headcount: 2, queue: fifo, calendar: office}}
stages: {meet: {team: desk, effort: 20 min}}
"""


def test_all_that_waited_over_a_weekend_begins_at_once() -> None:
    """Hundreds of pieces of work begin at one instant, and there is room for what that causes."""
    model = switched_off(compile_model(fs.Scenario.from_text(FULL_ON_MONDAY)), {switches.CAPACITY})
    assert_twins(model)
    begun = compiled.run(model, 7, 0, events=True).events
    assert begun is not None
    times = np.bincount(np.unique(begun.time, return_inverse=True)[1])
    assert times.max() > 500


def test_contacts_take_the_time_that_work_would_leave_one_after_another() -> None:
    """A load of a half leaves a half for contacts, however much of the work is in hand at once."""
    quiet = FULL_ON_MONDAY.replace("every: 4 min", "every: 90 min").replace("effort: 20 min", "effort: 30 min")
    model = compile_model(fs.Scenario.from_text(quiet).change({"horizon": "60 d", "sources.calls.yield": 0.0}))
    usual, freed = (compiled.run(each, 7, 0) for each in (model, switched_off(model, {switches.CAPACITY})))
    assert freed.reps.filler.sum() == pytest.approx(usual.reps.filler.sum(), rel=0.02)
    assert freed.reps.filler.sum() < freed.reps.open.sum()
