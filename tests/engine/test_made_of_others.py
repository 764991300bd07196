"""Persons in a team that is made of others are who they were: seat by seat, from the records."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
import pytest

import funnelsim as fs
from funnelsim.engine import compiled, simpy_engine
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results.frames import frame
from funnelsim.results.measures.window import Window
from funnelsim.scenario.forms.quantities import HOUR
from twins.same import differences

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "start": "2026-01-05",
    "horizon": "18 mo",
    "segments": {"all": {"value": 1_000}},
    "sources": {"web": {"rate": "0.2 / mo"}},
    "teams": {
        "inside": {
            "headcount": 3, "queue": "fifo", "attrition": 0.8, "hiring": "20 d", "people": "everybody",
            "skill": {"sd": 0.4}, "speed": {"sd": 0.3}, "cost": {"salary": "60_000 / y", "commission": 0.01},
        },
        "other": {"headcount": 1, "queue": "fifo", "people": "everybody", "skill": {"sd": 0.2}, "hiring": "20 d"},
        "field": {
            "headcount": {"start": 1, "2026-06-01": 3, "2027-02-01": 2}, "queue": "fifo", "attrition": 0.5,
            "hiring": "20 d", "people": "everybody", "skill": {"mean": 0.3, "sd": 0.2}, "absence": {"days": 20},
            "cost": {"salary": "90_000 / y", "commission": 0.1}, "ramp": {"start": 0.3, "time": "3 mo"},
        },
    },
    "stages": {
        "screen": {"team": "inside", "effort": "1 min", "convert": 1},
        "else": {"team": "other", "effort": "1 min"},
        "sell": {"team": "field", "effort": "1 min", "convert": 1, "books": True},
    },
}  # fmt: skip
"""Three teams of one pool of people; hardly any work, so that nobody's leaving waits for a touch in hand."""
LINE["stages"] = {{"else": "check"}.get(name, name): stage for name, stage in LINE["stages"].items()}
SALES = {"from": ["inside", "field"], "queue": "lifo"}
SAME = ["part", "seat_of_part", "occupant", "start", "end", "open", "skill", "speed"]


def people(scenario: fs.Scenario) -> tuple[pd.DataFrame, Records, Model]:
    """Who held which seat, by part and seat in it, on both engines alike."""
    model = compile_model(scenario)
    records, twin = (engine.run(model, 7, 0, events=True) for engine in (compiled, simpy_engine))
    assert differences(records, twin) == []
    reps = frame("reps", [records], model)
    first = reps.groupby(["team", "part"])["seat"].transform("min")
    reps["seat_of_part"] = reps["seat"] - first
    return reps, records, model


def test_persons_seat_by_seat() -> None:
    """Skill, speed, hours, and when each comes and leaves: all as in the teams by themselves."""
    apart, _, _ = people(fs.Scenario.from_dict(LINE))
    merged, _, _ = people(fs.Scenario.from_dict(LINE).change({"teams.sales": SALES}))
    assert set(merged["team"]) == {"sales", "other"}
    assert len(apart) > 10
    sort = ["part", "seat_of_part", "occupant"]
    one, two = (each.sort_values(sort)[SAME].reset_index(drop=True) for each in (apart, merged))
    pd.testing.assert_frame_equal(one, two)


def test_pay_by_part() -> None:
    """Salaries of a whole are those of its parts by staffed time; each deal pays the commission of its rep."""
    scenario = fs.Scenario.from_dict(LINE).change({"teams.sales": SALES, "sources.web.rate": "20 / mo"})
    reps, records, model = people(scenario)
    costs = Window(records, model).costs
    hours = (reps["end"].fillna(model.horizon / HOUR) - reps["start"]).groupby(reps["part"]).sum()
    expected = hours["inside"] * 60_000 + hours["field"] * 90_000
    assert costs.people.sum() / 100 == pytest.approx(expected / 8766.0, rel=1e-9)
    visits, leads = frame("visits", [records], model), frame("leads", [records], model)
    booked = visits[(visits["stage"] == "sell") & (visits["outcome"] == "advanced")].merge(leads, on="lead")
    part = booked["rep"].map(reps.set_index("rep")["part"])
    assert set(part) == {"inside", "field"}
    rates = part.map({"inside": 0.01, "field": 0.1})
    assert costs.commission.sum() / 100 == pytest.approx((rates * booked["booked"]).sum(), rel=1e-9)


def test_in_a_phase_people_come_and_go_back() -> None:
    """Whoever is there goes along, with the same draws, and returns to the own team; the engines agree."""
    made = deepcopy(LINE)
    made["phases"] = [{"from": "2026-07-01", "to": "2026-12-01", "change": {"teams.sales": SALES}}]
    phased, _, _ = people(fs.Scenario.from_dict(made))
    apart, _, _ = people(fs.Scenario.from_dict(LINE))
    key = ["part", "seat_of_part", "occupant"]
    spans = phased.assign(end=phased["end"].fillna(np.inf)).groupby(key)
    one = spans.agg(start=("start", "min"), end=("end", "max"), skill=("skill", "first"), speed=("speed", "first"))
    two = apart.assign(end=apart["end"].fillna(np.inf)).set_index(key).sort_index()
    pd.testing.assert_frame_equal(one, two[["start", "end", "skill", "speed"]])
    here = phased[phased["team"] == "sales"]
    assert here["start"].min() == pytest.approx(
        (pd.Timestamp("2026-07-01") - pd.Timestamp("2026-01-05")).days * 24
    )
    assert (phased.groupby(key)["skill"].nunique() == 1).all()
