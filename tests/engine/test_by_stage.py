"""Skill and speed that differ by stage: what they do to the outcome and to the time of a touch."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pandas as pd
import pytest

import funnelsim as fs
from funnelsim.engine import compiled, simpy_engine
from funnelsim.model.compile import compile_model
from funnelsim.results.frames import frame
from twins.same import differences

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "60 d",
    "sources": {"web": {"every": "5 h"}},
    "teams": {
        "inside": {"headcount": 1, "queue": "fifo", "speed": 1.25},
        "field": {"headcount": 1, "queue": "fifo"},
    },
    "stages": {
        "screen": {"team": "inside", "effort": "1 h", "convert": 0.5},
        "sell": {"team": "field", "effort": "1 h", "convert": 0.5, "handoff": {"give": "30 min"}},
    },
}


def visits(change: dict[str, Any]) -> pd.DataFrame:
    """All visits, on both engines alike, with what a visit to each stage took and how often it advanced."""
    model = compile_model(fs.Scenario.from_dict(LINE).change(change))
    records, twin = (engine.run(model, 3, 0, events=True) for engine in (compiled, simpy_engine))
    assert differences(records, twin) == []
    made = frame("visits", [records], model)
    return made[made["outcome"].notna() & (made["outcome"] != "open")]


def test_speed_is_multiplied_at_the_stage_of_the_work() -> None:
    made = visits({"teams.inside.speed.at": {"screen": 0.5, "sell": 2}, "stages.screen.convert": 1})
    assert made[made["stage"] == "screen"]["work"].unique() == pytest.approx([1 / (1.25 * 0.5)])
    sell = made[made["stage"] == "sell"]
    assert sell["give_busy"].unique() == pytest.approx([0.5 / (1.25 * 2)])  # the handoff belongs to the next stage
    assert (sell["work"] - sell["give_busy"]).round(9).unique() == pytest.approx([1.0])


def test_skill_is_added_at_the_stage_of_the_decision() -> None:
    made = visits(
        {"teams.inside.skill.at": {"screen": 40}, "teams.field.skill": {"mean": 20, "at": {"sell": -40}}}
    )
    advanced = made.groupby("stage")["outcome"].agg(lambda each: (each == "advanced").mean())
    assert advanced.to_dict() == {"screen": 1.0, "sell": 0.0}


def test_people_of_a_merged_team_know_what_they_knew() -> None:
    """Each is slow at the other's work, whoever takes it; in a phase as from the start."""
    slow = {"teams.inside.speed": {"mean": 1, "at": {"sell": 0.5}}, "teams.field.speed.at": {"screen": 0.25}}
    merged: dict[str, Any] = {"teams.all": {"from": ["inside", "field"], "queue": "fifo"}}
    whole = visits({**slow, **merged, "stages.screen.convert": 1, "sources.web.every": "2 h"})
    phase = {"from": "2026-01-20", "change": deepcopy(merged)}
    phased = visits({**slow, "phases": [phase], "stages.screen.convert": 1, "sources.web.every": "2 h"})
    for made in (whole, phased[phased["team"] == "all"]):
        made = made.assign(took=(made["work"] - made["give_busy"]).round(6))
        took = made.groupby(["rep", "stage"])["took"].agg(lambda each: sorted(each.unique()))
        assert took.to_dict() == {
            ("all-1", "screen"): [1.0],
            ("all-1", "sell"): [2.0],
            ("all-2", "screen"): [4.0],
            ("all-2", "sell"): [1.0],
        }
