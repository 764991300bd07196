"""What limits the line: the verdict follows load, growth and waiting, never utilisation alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.results.estimates import Estimate
from funnelsim.results.limiting import cautions, evidence, limit
from funnelsim.results.measures.indicators import MONTH
from funnelsim.results.measures.summary import Summary
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.views.sentences.limiting import caution, verdict
from funnelsim.views.words import say

from . import samples


def _about(mean: float | None, unit: str = "share", by: float | None = 0.02) -> Estimate:
    if mean is None or by is None:
        return Estimate(mean, None, None, unit)
    return Estimate(mean, mean - by, mean + by, unit)


def _team(
    load: float | None, growth: float, queue: float, by: float | None = 0.02, coming: float = 100.0, **other: Any
) -> dict[str, Estimate]:
    """Figures of a team to which so many leads come in a month."""
    team = {
        "load": _about(load, by=by),
        "queue_growth": _about(growth, "leads/month", by),
        "queue": _about(queue, "leads", by),
        "wait": _about(queue / coming * MONTH / HOUR, "h", by),
        "wait_open": _about(12.0, "h", by),
        "utilisation": _about(0.5, by=by),
        "filler": _about(0.0, by=by),
    }
    return team | {name: _about(value, by=by) for name, value in other.items()}


def _verdict(
    inside: dict[str, Estimate], field: dict[str, Estimate], limits: tuple[Any, ...] = (), **stage: float
) -> str:
    held = {"blocked": _about(stage.get("blocked", 0.0)), "held": _about(stage.get("held", 0.0))}
    summary = Summary({}, {"call": held, "sell": held}, {"inside": inside, "field": field})
    model = samples.model(spec_limits=limits)
    return verdict(limit(evidence(summary, model, 12), summary, model), summary, model)


def test_a_growing_queue_names_the_team_with_its_evidence() -> None:
    said = _verdict(_team(0.5, 0.0, 1), _team(1.2, 30, 180))
    assert said.startswith("Field limits the line: its queue grows by 30 (95 % interval 30 to 30) leads a month")
    assert "its load offered (work / capacity) is 120 % (95 % interval 118 % to 122 %)" in said
    assert "waits 12 open hours" in said


def test_demand_limits_where_no_queue_grows() -> None:
    said = _verdict(_team(0.5, 0.0, 1), _team(0.86, 0.01, 9))
    assert said.startswith(
        "Demand limits the line: no team's queue grows. Closest to its limit is Field: load offered 86 %"
    )
    assert "This is by growth of queues" in said


def test_a_team_with_few_hours_left_is_not_cleared() -> None:
    """One more rep there may still bring more: `diagnose` tries it, and must not be contradicted."""
    said = _verdict(_team(0.5, 0.0, 1), _team(0.93, 0.01, 9))
    assert said.startswith("No team's queue grows. Closest to its limit is Field: load offered 93 %")
    assert "Whether one more rep there brings more, or demand is the limit, `funnelsim diagnose` tells." in said
    assert "Demand limits" not in said


def test_a_load_that_may_be_above_1_is_said_to_be_so() -> None:
    said = _verdict(_team(0.5, 0.0, 1), _team(0.99, 0.01, 9))
    assert said.startswith(
        "Field may be at its limit: its load offered (work / capacity) is 99 % (95 % interval 97 % to 101 %)"
    )
    assert said.endswith(f"its queue does not grow for certain. {say('limit.free')}")


def test_reps_with_filler_are_busy_but_do_not_limit() -> None:
    said = _verdict(_team(0.54, 0.0, 1, utilisation=0.54, filler=0.45), _team(0.4, 0, 1))
    assert said.startswith("Demand limits the line")


def test_leads_that_give_up_hide_no_overload() -> None:
    said = _verdict(_team(0.5, 0.0, 1), _team(1.5, 0.0, 20))
    assert said.startswith("Field limits the line: its load offered (work / capacity) is 150 %")


def test_growth_within_chance_or_without_weight_does_not_count() -> None:
    assert _verdict(_team(0.5, 0.01, 1), _team(0.5, 0, 1)).startswith("Demand")  # interval holds 0
    assert _verdict(_team(0.8, 0.1, 100), _team(0.5, 0, 1)).startswith("Demand")  # 1.2 leads a year on 100


def test_growth_must_matter_against_what_comes() -> None:
    """Half a lead a month is surely more than nothing, and nothing for a team to which 100 come."""
    few = {"growth": 0.5, "queue": 3.0, "by": 0.01}
    assert _verdict(_team(0.45, **few), _team(0.4, 0, 1)).startswith(
        "Demand limits the line: no team's queue grows"
    )
    assert _verdict(_team(0.45, coming=10.0, **few), _team(0.4, 0, 1)).startswith("Inside limits the line")


def test_a_queue_that_grows_while_reps_have_hours_left_points_elsewhere() -> None:
    said = _verdict(_team(0.6, 10, 60), _team(0.5, 0, 1))
    assert said.startswith("Inside limits the line")
    assert "WIP limit" in said


def test_two_teams_that_cannot_keep_up() -> None:
    said = _verdict(_team(1.1, 10, 60), _team(1.3, 30, 180))
    assert said.startswith("Field limits the line")
    assert "The queue of Inside grows as well" in said


def test_a_single_replication_needs_strong_growth() -> None:
    assert _verdict(_team(1.0, 30, 180, by=None), _team(0.5, 0, 1, by=None)).startswith("Inside limits")
    assert _verdict(_team(0.8, 3, 60, by=None), _team(0.5, 0, 1, by=None)).startswith("Demand")


def test_a_single_replication_is_warned_about() -> None:
    kpis = {name: _about(80, by=None) for name in ("created", "open_at_start")} | {
        "open_at_end": _about(1, by=None)
    }
    summary = Summary(kpis, {}, {"inside": _team(0.5, 0, 1), "field": _team(0.5, 0, 1)})
    said = [*map(caution, cautions(summary, evidence(summary, samples.model(), 12), None, samples.model()))]
    assert said == ["a single replication has no intervals: chance cannot be told from what lasts"]


def test_limits_on_work_in_progress() -> None:
    limit = SimpleNamespace(stages=("call", "sell"))
    calm = _team(0.8, 0.0, 1), _team(0.85, 0.0, 1)
    assert "they turn away 40 leads" in _verdict(*calm, (limit,), blocked=40)
    assert "held for 7 hours" in _verdict(*calm, (limit,), held=7)
    assert _verdict(*calm, (limit,)).startswith("Demand limits")


def test_a_line_without_work_for_teams() -> None:
    assert (
        _verdict(_team(None, 0, 0), _team(None, 0, 0))
        == f"Demand limits the line: no team's queue grows. {say('limit.free')}"
    )


@pytest.mark.parametrize(
    ("still_open", "slowest", "growth", "said"),
    [
        (10.0, 1.0, 0.0, []),
        (30.0, 1.0, 0.0, ["30% of the leads are still open"]),
        (
            10.0,
            72.0,
            0.0,
            ["warm-up (2 hours) is shorter than the time in which 95 % of the wins are won (3 days)"],
        ),
        (10.0, None, 30.0, ["the queue of Inside grows by 30 leads a month"]),
    ],
)
def test_cautions(still_open: float, slowest: float | None, growth: float, said: list[str]) -> None:
    kpis = {"created": _about(80), "open_at_start": _about(20), "open_at_end": _about(still_open)}
    summary = Summary(kpis, {}, {"inside": _team(1.0, growth, 100), "field": _team(0.5, 0, 1)})
    found = [*map(caution, cautions(summary, evidence(summary, samples.model(), 12), slowest, samples.model()))]
    assert len(found) == len(said)
    assert all(part in text for part, text in zip(said, found, strict=True))


def _three(load: float) -> fs.Scenario:
    """Three teams with the same load, one after the other."""
    stages = {
        name: {"team": name, "effort": {"dist": "exponential", "mean": f"{1.2 * load * people} h"}}
        for people, name in enumerate(("first", "second", "third"), 1)
    }
    return fs.Scenario.from_dict(
        {
            "horizon": "12 mo",
            "warmup": "2 mo",
            "sources": {"web": {"rate": "20 / d"}},
            "teams": {name: {"headcount": people, "queue": "fifo"} for people, name in enumerate(stages, 1)},
            "stages": stages,
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize("replications", [1, 4])
def test_a_stable_line_has_no_limit(replications: int) -> None:
    """At a load of .9 a team is named with at most 18 of 200 seeds, the most that an error of 5 % gives."""
    runs = (
        fs.simulate(_three(0.9), replications=replications, seed=seed, records=False) for seed in range(1, 201)
    )
    named = sum(any(each.limits for each in run.limit) for run in runs)
    print(f"a limiting team is named with {named} of 200 seeds")
    assert named <= 18


@pytest.mark.slow
def test_a_line_that_cannot_keep_up_has_one() -> None:
    runs = (fs.simulate(_three(1.05), replications=4, seed=seed, records=False) for seed in range(1, 41))
    named = sum(any(each.limits for each in run.limit) for run in runs)
    print(f"a limiting team is named with {named} of 40 seeds")
    assert named >= 38


@pytest.mark.parametrize(("people", "nobody"), [(0, True), (1, False)])
def test_a_team_without_reps_is_said_to_have_none(people: int, nobody: bool) -> None:
    line = fs.Scenario.from_dict(
        {
            "horizon": "3 mo",
            "warmup": "1 mo",
            "sources": {"web": {"rate": "2 / h"}},
            "teams": {"desk": {"headcount": people, "queue": "fifo"}},
            "stages": {"serve": {"team": "desk", "effort": "1 h"}},
        }
    )
    said = fs.simulate(line, replications=2).verdict
    assert said.startswith("desk limits the line")
    assert ("Nobody works in desk" in said) is nobody
