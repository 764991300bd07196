"""The queue rule `due` where some work has no deadline."""

from __future__ import annotations

from typing import Any

import pytest
from exact import play

import funnelsim as fs

TWO_KINDS: dict[str, Any] = {
    "horizon": "12 mo", "warmup": "2 mo",
    "calendars": {"office": {"days": "mon-fri", "hours": "09:00-17:00"}},
    "sources": {"a": {"rate": "60 / mo", "to": "quick"}, "b": {"rate": "60 / mo", "to": "slow"}},
    "teams": {"desk": {"headcount": 1, "queue": "due"}},
    "stages": {
        "quick": {"team": "desk", "effort": "80 min", "sla": "1 d", "next": "end"},
        "slow": {"team": "desk", "effort": "80 min"},
    },
}  # fmt: skip


def test_work_without_a_deadline_is_due_seven_days_after_it_is_ready() -> None:
    """Busy from 0 to 200 h; then what was ready at 1 h (due at 169 h) goes before what is due at 170 h, and after
    what is due at 168 h.
    """
    leads = {"long": 0, "none": 1, "early": 2, "late": 3}
    sources = {name: {"bursts": [{"at": f"{at} h", "leads": 1}]} for name, at in leads.items()}
    stage = {
        "team": "desk", "effort": {"long": "200 h", "else": "1 h"}, "sla": {"early": "166 h", "late": "167 h"},
    }  # fmt: skip
    played = play(
        {"call": stage}, sources=sources, teams={"desk": {"headcount": 1, "queue": "due"}}, horizon="2 w"
    )
    assert played.starts("call") == [0, 201, 200, 202]


def test_a_complaint_without_a_deadline_is_not_last_for_ever() -> None:
    document = {
        **TWO_KINDS, "opening": {"customers": 60},
        "customers": {"team": "desk", "complaint": {"rate": "1 / mo", "effort": "80 min"}},
        "stages": {"quick": {**TWO_KINDS["stages"]["quick"], "convert": 0}},
        "sources": {"a": TWO_KINDS["sources"]["a"]},
    }  # fmt: skip
    scenario = fs.Scenario.from_dict(document)
    assert any("without an `sla` the work of complaint counts as due 7 days" in each for each in scenario.warnings)
    result = fs.simulate(scenario, replications=2)
    for records in result.replicates:
        assert records.tasks is not None
        done = records.tasks.ended >= 0
        assert done.sum() > 0.8 * len(done)


@pytest.mark.parametrize("sla", [{}, {"sla": "30 d"}])
def test_check_says_which_deadlines_are_assumed(sla: dict[str, str]) -> None:
    stages = {**TWO_KINDS["stages"], "slow": {**TWO_KINDS["stages"]["slow"], **sla}}
    said = fs.Scenario.from_dict({**TWO_KINDS, "stages": stages}).warnings
    assert any("the work of slow counts as due 7 days" in each for each in said) != bool(sla)


def test_a_stage_without_a_deadline_is_not_starved() -> None:
    """At a load of 1.36 three quarters of both kinds are served; behind all with an `sla` it was a fifth."""
    sources = {"a": {"rate": "118 / mo", "to": "quick"}, "b": {"rate": "60 / mo", "to": "slow"}}
    result = fs.simulate(fs.Scenario.from_dict({**TWO_KINDS, "sources": sources}), replications=4)
    stages = result.stages["mean"].unstack()
    for name in ("quick", "slow"):
        assert 0.6 < stages.loc[name, "advanced"] / stages.loc[name, "entered"] < 0.85
