"""Runs that are remembered: nothing is run twice, and parts are those of the whole."""

from __future__ import annotations

from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.diagnosis import laboratory
from funnelsim.experiments.diagnosis.laboratory import ScenarioLaboratory, Wanted
from funnelsim.experiments.running.laboratory import Sampling


@pytest.fixture
def desk() -> fs.Scenario:
    return fs.Scenario.from_dict(
        {
            "horizon": "30 d",
            "warmup": "2 d",
            "sources": {"web": {"rate": "5 / d"}},
            "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
            "stages": {"call": {"team": "desk", "effort": "2 h", "convert": 0.5}},
        }
    )


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replications that were run."""
    found: list[int] = []
    observe = laboratory.observe

    def noted(model: Any, seed: int, replication: int, *rest: Any, **options: Any) -> laboratory.Observation:
        found.append(replication)
        return observe(model, seed, replication, *rest, **options)

    monkeypatch.setattr(laboratory, "observe", noted)
    return found


def test_only_what_is_missing_is_run(desk: fs.Scenario, ran: list[int]) -> None:
    looked = ScenarioLaboratory(Sampling(), ["won"])
    looked.look([Wanted(desk, 2)])
    looked.look([Wanted(desk, 3)])
    assert ran == [0, 1, 2]
    assert looked.arm("today", desk).replications == 3
    assert looked.arm("today", desk, 2).replications == 2


def test_the_same_scenario_twice_is_run_once(desk: fs.Scenario, ran: list[int]) -> None:
    again = desk.change({"teams.desk.headcount": 2}).change({"teams.desk.headcount": 1})
    looked = ScenarioLaboratory(Sampling(), ["won"])
    looked.look([Wanted(desk, 2), Wanted(again, 3)])
    assert ran == [0, 1, 2]
    assert looked.arm("again", again).replications == 3


def test_parts_are_those_of_the_whole(desk: fs.Scenario) -> None:
    parts, whole = ScenarioLaboratory(Sampling(), ["won"]), ScenarioLaboratory(Sampling(), [])
    parts.look([Wanted(desk, 2)])
    whole.look([Wanted(desk, 2, whole=True)])
    few, every = parts.arm("", desk), whole.arm("", desk)
    assert few.figures("won") == every.figures("won")
    at = few.indicators["lost"][0]
    assert few.tallies[0].kpis[at] == ()  # not asked for
    assert every.tallies[0].kpis[at] != ()
    assert few.tallies[0].stages.count(()) == len(few.tallies[0].stages) - 1
    assert whole.weeks(desk).timeline


def test_what_was_seen_as_a_whole_holds_its_parts(desk: fs.Scenario, ran: list[int]) -> None:
    looked = ScenarioLaboratory(Sampling(), ["won"])
    looked.look([Wanted(desk, 3, whole=True)])
    looked.look([Wanted(desk, 2)])
    assert ran == [0, 1, 2]
    assert looked.arm("", desk).replications == 3


def test_more_parts_than_were_seen_as_a_whole(desk: fs.Scenario) -> None:
    looked = ScenarioLaboratory(Sampling(), ["won"])
    looked.look([Wanted(desk, 3, whole=True)])
    looked.look([Wanted(desk, 5)])
    fresh = ScenarioLaboratory(Sampling(), ["won"])
    fresh.look([Wanted(desk, 5)])
    assert looked.arm("", desk).tallies == fresh.arm("", desk).tallies


def test_progress_ends_at_all_that_was_planned(desk: fs.Scenario) -> None:
    told: list[tuple[float, int]] = []
    looked = ScenarioLaboratory(Sampling(progress=lambda done, planned: told.append((done, planned))), ["won"])
    looked.look([Wanted(desk, 2)])
    looked.look([Wanted(desk, 4)])
    assert told[-1] == (4.0, 4)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
