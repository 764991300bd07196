"""Loops that take no time are refused, whichever way they go; loops that take some are not."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim import Scenario, ScenarioError

LOOPS: dict[str, dict[str, Any]] = {
    "rejected and sent back": {"accept": {"value_at_least": 5}, "on": {"rejected": "one"}},
    "turned away and sent back": {"decision": "1 h", "on": {"blocked": "one"}},
    "dropped without delay": {"handoff": {"dropout": 0.5}, "effort": "1 h", "team": "t", "on": {"dropped": "one"}},
    "patience of nothing": {"team": "t", "effort": "1 h", "patience": "0 h", "on": {"expired": "one"}},
    "no effort for some kind": {
        "team": "t", "effort": {"x": "0 h", "else": "1 h"}, "otherwise": "one", "convert": 0.5,
    },
    "a loss without time": {"decision": {"advanced": "1 h", "lost": "0 h"}, "convert": 0.5, "otherwise": "one"},
    "effort multiplied by nothing": {
        "team": "t", "effort": {"dist": "exponential", "mean": "1 h", "multiply": 0}, "next": "one",
    },
    "ready at once": {"nurtures": {"notice": "0 d"}, "next": "one"},
}  # fmt: skip


def scenario(stage: dict[str, Any]) -> Scenario:
    """A scenario with one stage and a limit that turns away."""
    return Scenario.from_dict(
        {
            "funnelsim": 1,
            "horizon": "1 mo",
            "sources": {"x": {"rate": "1 / d"}},
            "teams": {"t": {"headcount": 1, "queue": "fifo"}},
            "stages": {"one": stage},
            "limits": [{"stages": ["one"], "wip": 3, "full": "turn_away"}],
        }
    )


@pytest.mark.parametrize("stage", LOOPS.values(), ids=LOOPS.keys())
def test_a_loop_without_time_is_refused(stage: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="a loop that takes no time: one -> one"):
        scenario(stage)
    scenario({**stage, "at_most": 3})


SLOW: dict[str, dict[str, Any]] = {
    "the way back takes time": {
        "decision": {"advanced": "0 h", "lost": "1 h"},
        "convert": 0.5,
        "otherwise": "one",
    },
    "dropped after a delay": {**LOOPS["dropped without delay"], "handoff": {"dropout": 0.5, "delay": "1 h"}},
    "some patience": {**LOOPS["patience of nothing"], "patience": "1 min"},
    "ready after a while": {**LOOPS["ready at once"], "nurtures": {"notice": "1 d"}},
}


@pytest.mark.parametrize("stage", SLOW.values(), ids=SLOW.keys())
def test_a_loop_that_takes_time_is_not(stage: dict[str, Any]) -> None:
    scenario(stage)


def test_open_leads_need_a_source() -> None:
    bare = {"funnelsim": 1, "horizon": "1 mo", "stages": {"one": {"decision": "1 h"}}}
    with pytest.raises(ScenarioError, match="open leads need a source"):
        Scenario.from_dict({**bare, "opening": {"leads": {"one": 3}}})
    Scenario.from_dict({**bare, "opening": {"leads": {"one": 3}}, "sources": {"x": {"rate": "0 / d"}}})
