"""Checks of a scenario as a whole, and warnings of likely slips."""

from __future__ import annotations

import time
from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.experiments.running.arms import warned
from funnelsim.scenario import Scenario

BASE: dict[str, Any] = {
    "horizon": "1 y",
    "sources": {"web": {"rate": "1 / d"}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo"}},
    "stages": {"serve": {"team": "desk", "effort": "1 h"}},
}


def scenario(**parts: Any) -> Scenario:
    """The smallest scenario with some parts exchanged."""
    return Scenario.from_dict({**BASE, **parts})


def refusal(**parts: Any) -> str:
    """What is said of a scenario that is wrong."""
    with pytest.raises(ScenarioError) as caught:
        scenario(**parts)
    return str(caught.value)


DESK = {"headcount": 2, "queue": "fifo"}
SERVE = {"team": "desk", "effort": "1 h"}


def test_kinds_of_lead_have_names_of_their_own() -> None:
    assert "the name 'web' stands in segments as well" in refusal(segments={"web": {}})
    assert "the name 'a' stands in segments as well" in refusal(segments={"a": {}}, territories={"a": 1})
    assert "'expansion' is reserved" in refusal(segments={"expansion": {}})
    assert "'else' is reserved" in refusal(sources={"else": {"rate": "1 / d"}})


@pytest.mark.parametrize("name", ["won", "rejected", "end", "lost", "care", "advanced"])
def test_outcomes_are_no_names_of_stages(name: str) -> None:
    assert f"the name {name!r} is reserved" in refusal(stages={name: SERVE})


@pytest.mark.parametrize("name", ["a.b", "*", "a@1", "x:y", " a", "", "n" * 101])
def test_names_that_would_break_paths(name: str) -> None:
    assert "a name has" in refusal(stages={name: SERVE})


@pytest.mark.parametrize("name", ["営業", "Außendienst", "serve 2", "a-b", "Ñandú", "می‌خواهم"])
def test_names_in_any_script(name: str) -> None:
    assert list(scenario(stages={name: SERVE}).spec.stages) == [name]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"stages": {}}, "at least one stage"),
        ({"stages": {"a": {**SERVE, "aside": True}}}, "must be in line"),
        ({"stages": {"a": {"effort": "1 h"}}}, "a stage with effort needs a team"),
        ({"stages": {"a": {"touches": 3}}}, "a stage with touches needs a team"),
        ({"stages": {"a": {**SERVE, "otherwise": "burned"}}}, "the name of another way out"),
        ({"stages": {"a": {**SERVE, "otherwise": "churned"}}}, "the name of another way out"),
        ({"warmup": "1 y"}, "`warmup < horizon` must hold, but got (warmup=1 y, horizon=1 y)"),
        ({"horizon": "101 y"}, "`horizon <= 100 y` must hold"),
        (
            {"teams": {"desk": {**DESK, "headcount": 60_000}, "b": {**DESK, "headcount": 60_000}}},
            "`reps of all teams",
        ),
        ({"sources": {"web": {}}}, "a source needs one of rate, every"),
        ({"sources": {"web": {"rate": "1 / d", "every": "1 d"}}}, "found rate and every"),
        ({"sources": {"web": {"team": "desk"}}}, "needs effort and yield"),
        ({"sources": {"web": {"rate": "1 / d", "yield": 0.1}}}, "but `team` is missing"),
        ({"sources": {"web": {"every": "0 d"}}}, "longer than 0"),
        ({"stages": {f"s{i}": SERVE for i in range(501)}}, "at most 500 stages are allowed, found 501"),
        ({"teams": {"desk": {**DESK, "staffed_from": "desk"}}}, "cannot be staffed from itself"),
        ({"limits": [{"stages": ["serve", "serve"], "wip": 3}]}, "stands twice"),
        (
            {"stages": {"a": {"otherwise": "b", "convert": 0.5}, "b": {"aside": True, "next": "a"}}},
            "a loop that takes no time: a -> b -> a",
        ),
        (
            {
                "calendars": {"day": {"hours": "09:00-17:00"}, "night": {"hours": "18:00-24:00"}},
                "teams": {"desk": {**DESK, "calendar": "day"}, "late": {**DESK, "calendar": "night"}},
                "stages": {"a": {**SERVE, "with": "late"}},
            },
            "have no open hours in common",
        ),
    ],
)
def test_refused(parts: dict[str, Any], message: str) -> None:
    assert message in refusal(**parts)


@pytest.mark.parametrize(
    "stages",
    [
        {"a": {"otherwise": "b", "convert": 0.5}, "b": {"aside": True, "next": "a", "decision": "1 d"}},
        {"a": {"otherwise": "b", "convert": 0.5}, "b": {"aside": True, "next": "a", "at_most": 3}},
        {"a": {"otherwise": "b", "convert": 0.5}, "b": {"aside": True, "next": {"a": 0, "end": 1}}},
        {"a": {"otherwise": "b", "convert": 1}, "b": {"aside": True, "next": "a"}},
    ],
)
def test_loops_that_take_time_or_end(stages: dict[str, Any]) -> None:
    assert scenario(stages=stages, teams={}).spec.stages.keys() == stages.keys()


@pytest.mark.parametrize(
    ("parts", "warning"),
    [
        ({}, None),
        ({"stages": {"serve": {**SERVE, "next": "sreve"}}}, "did you mean 'serve'?"),
        ({"stages": {"serve": {**SERVE, "convert": 0.4, "otherwise": {"a": 0.5, "b": 0.2}}}}, "add up to 0.7"),
        ({"stages": {"serve": {**SERVE, "convert": 0.3, "otherwise": {"a": 0.5, "b": 0.2}}}}, None),
        ({"stages": {"serve": {**SERVE, "convert": 0.4, "otherwise": {"a": 5, "b": 2}}}}, None),
        ({"teams": {"desk": {**DESK, "queue": "value"}}}, "no segment has one"),
        ({"teams": {"desk": {**DESK, "queue": "value"}}, "segments": {"big": {"value": 5}}}, None),
        ({"teams": {"desk": {**DESK, "queue": {"fifo": 0.5, "lifo": 0.2}}}}, "add up to 0.7"),
        (
            {"teams": {"desk": {**DESK, "queue": {"rule": "fifo", "ignore": {"source": "web"}}}}},
            "lie for ever in serve",
        ),
        (
            {
                "teams": {"desk": {**DESK, "queue": {"rule": "fifo", "ignore": {"source": "web"}}}, "other": DESK},
                "stages": {"serve": {**SERVE, "team": ["desk", "other"]}},
            },
            None,
        ),
        (
            {
                "teams": {"desk": {**DESK, "queue": {"rule": "fifo", "ignore": {"source": "web"}}}, "other": DESK},
                "segments": {"big": {}, "small": {}},
                "stages": {"serve": {**SERVE, "team": {"big": "desk", "else": "other"}}},
            },
            "lie for ever in serve",
        ),
        (
            {
                "teams": {"desk": {**DESK, "queue": {"rule": "fifo", "ignore": {"source": "web"}}}},
                "stages": {"serve": {**SERVE, "timeout": "30 d"}},
            },
            None,
        ),
        ({"teams": {"desk": DESK, "idle": DESK}}, "teams.idle: the team has no work"),
        ({"segments": {"a": {"share": 0.5}, "b": {"share": 0.2}}}, "segments: the shares add up to 0.7"),
        ({"territories": {"a": 0.5, "b": 0.4}}, "territories: the shares add up to 0.9"),
        ({"territories": {"a": 1, "b": 1}}, None),
        ({"sources": {"web": {"rate": "1 / d", "readiness": {"ready": 0.5, "never": 0.1}}}}, "add up to 0.6"),
        ({"sources": {"web": {"rate": "1 / d", "readiness": {"later": 0.1}}}}, "no stage nurtures"),
        ({"stages": {"serve": SERVE, "b": {**SERVE, "aside": True}}}, "nothing leads to this stage"),
        ({"teams": {"desk": {**DESK, "routing": "territory"}}}, "`serves` names none"),
        (
            {
                "stages": {
                    "serve": {**SERVE, "concessions": {"discount": {"discount": 0.1, "under_pressure": 0.2}}}
                }
            },
            "under_pressure needs a quota",
        ),
        ({"teams": {"desk": {**DESK, "cost": {"commission": {"above_quota": 0.1}}}}}, "above_quota needs a quota"),
    ],
)
def test_warnings(parts: dict[str, Any], warning: str | None) -> None:
    warnings = scenario(**parts).warnings
    if warning is None:
        assert warnings == ()
    else:
        assert [warning in text for text in warnings] == [True]


def test_deep_and_large_documents_made_in_python_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"x": deep}
    assert "nested at most 40 deep" in refusal(stages=deep)
    assert "at most 300,000 values" in refusal(costs={"x": [0] * 300_001})


def test_names_that_look_equal_are_equal() -> None:
    composed, decomposed = "Caf\u00e9", "Cafe\u0301"
    made = scenario(teams={composed: DESK}, stages={"serve": {**SERVE, "team": decomposed}})
    assert made.spec.stages["serve"].team.other == (composed,)
    text = f"horizon: 1 y\nteams: {{{decomposed}: {{queue: fifo}}}}\nstages: {{a: {{team: {composed}}}}}\n"
    assert list(Scenario.from_text(text).spec.teams) == [composed]


def test_ignoring_one_stage_warns_of_that_stage_only() -> None:
    queue = {"rule": "fifo", "ignore": {"stage": "b", "source": "web"}}
    made = scenario(
        teams={"desk": {**DESK, "queue": queue}}, stages={"a": SERVE, "b": {**SERVE, "patience": "9 d"}}
    )
    assert made.warnings == ()


def test_many_unknown_names_are_told_quickly() -> None:
    teams = {f"team {number}": DESK for number in range(1500)}
    stages = {f"s{number}": {**SERVE, "team": f"taem {number}"} for number in range(400)}
    started = time.process_time()
    assert refusal(teams=teams, stages=stages).count("unknown team") == 400
    assert time.process_time() - started < 20


PAID = """
start: 2026-01-01
horizon: 1 mo
sources: {web: {rate: 1 / d}}
teams:
  inside: {queue: fifo, cost: {salary: 60_000 / y}}
  field: {queue: fifo}
stages:
  talk: {team: inside, effort: 1 h}
  sell: {team: field, effort: 1 h}
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"teams.field.cost.salary": "80_000 / y"}, False),
        ({"teams.field.cost.commission": 0.1}, False),
        ({"teams.inside.cost.salary": "0 / y"}, False),
        ({"teams.field.headcount": 0}, False),
    ],
)
def test_a_team_that_costs_nothing_beside_one_that_does(change: dict[str, Any], told: bool) -> None:
    warnings = Scenario.from_text(PAID).change(change).warnings
    assert any("field costs nothing, while inside has a salary" in text for text in warnings) == told


def test_a_team_that_a_phase_brings_costs_nothing() -> None:
    phase = {
        "from": "2026-01-20",
        "change": {
            "teams.field.cost.salary": "50_000 / y",
            "teams.third": {"queue": "fifo"},
            "stages.sell.team": "third",
        },
    }
    warnings = (
        Scenario.from_text(PAID).change({"phases": [phase], "teams.field.cost.salary": "50_000 / y"}).warnings
    )
    assert sum("third costs nothing" in text for text in warnings) == 1


def test_a_design_in_which_nobody_is_paid_is_cheap() -> None:
    paid = Scenario.from_text(
        PAID.replace("field: {queue: fifo}", "field: {queue: fifo, cost: {salary: 50_000 / y}}")
    )
    free = paid.change({"teams.*.cost.salary": "0 / y"})
    assert not [text for text in warned({"paid": paid, "as well": paid}) if "salary" in text]
    said = [text for text in warned({"paid": paid, "free": free}) if "salary" in text]
    assert len(said) == 1
    assert said[0].startswith("free: no team has a salary, while teams of paid have: contribution")
