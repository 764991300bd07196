"""Open deals of which a source, a segment and a territory are known."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.standing import unreached
from funnelsim.model.compile import compile_model

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "horizon": "2 mo",
    "warmup": "0 d",
    "segments": {
        "small": {"share": 0.9, "value": {"dist": "lognormal", "median": 1_000, "sigma": 0.5}},
        "large": {"share": 0.1, "value": {"dist": "lognormal", "median": 50_000, "sigma": 0.5}},
    },
    "territories": {"east": 0.7, "west": 0.3},
    "sources": {"web": {"rate": "9 / mo"}, "partner": {"rate": "1 / mo", "quality": 0.8}},
    "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
    "stages": {
        "first": {"team": "desk", "effort": "1 h", "quality_weight": 1, "convert": {"partner": 0.6, "else": 0.3}},
        "last": {"team": "desk", "effort": "1 h", "quality_weight": 1, "convert": 0.4},
    },
}
MANY = 1_500


def deals(**known: str) -> dict[str, Any]:
    return {**LINE, "opening": {"deals": [{"stage": "last", **known} for _ in range(MANY)]}}


def opened(document: dict[str, Any], engine: str = "compiled") -> Any:
    leads = fs.simulate(fs.Scenario.from_dict(document), replications=1, engine=engine, seed=3).records("leads")
    return leads.head(MANY)  # those of the start come before all others


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_deal_is_of_the_source_the_segment_and_the_territory_that_are_written(engine: str) -> None:
    leads = opened(deals(source="partner", segment="large", territory="west"), engine)
    assert len(leads) == MANY
    assert set(leads["source"]) == {"partner"}
    assert set(leads["segment"]) == {"large"}
    assert set(leads["territory"]) == {"west"}


@pytest.mark.parametrize("known", [{"source": "web"}, {"segment": "large"}, {"territory": "east"}, {}])
def test_both_engines_make_the_same_of_them(known: dict[str, str]) -> None:
    one, other = (opened(deals(**known), engine) for engine in ("compiled", "simpy"))
    assert one.equals(other)


def test_values_are_those_of_the_segment() -> None:
    logs = np.log(opened(deals(segment="large"))["value"].to_numpy())
    z = (logs.mean() - math.log(50_000)) / (0.5 / math.sqrt(MANY))
    assert abs(z) < 4
    assert abs(logs.std(ddof=1) / 0.5 - 1) < 4 / math.sqrt(2 * MANY)


def test_what_is_not_written_is_drawn_as_without_it() -> None:
    """Segments of deals of a source are those of its leads; who got there is better than who comes in."""
    web, partner = (opened(deals(source=source)) for source in ("web", "partner"))
    for leads in (web, partner):
        large = (leads["segment"] == "large").sum()
        assert abs(large - 0.1 * MANY) < 4 * math.sqrt(MANY * 0.1 * 0.9)
    assert web["quality"].mean() > 0.3  # of those who come in it is 0
    assert partner["quality"].mean() > web["quality"].mean()


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_known_segment_tells_of_the_source(engine: str) -> None:
    """By Bayes' rule, where sources differ in their mix alone: 9 x 0.05 of web, 1 x 0.9 of the partner."""
    sources = {
        "web": {"rate": "9 / mo", "mix": {"small": 0.95, "large": 0.05}},
        "partner": {"rate": "1 / mo", "mix": {"small": 0.1, "large": 0.9}},
    }
    stages = {
        "first": {"team": "desk", "effort": "1 h", "convert": 0.5},
        "last": {"team": "desk", "effort": "1 h", "convert": 0.4},
    }
    leads = opened({**deals(segment="large"), "sources": sources, "stages": stages}, engine)
    assert set(leads["segment"]) == {"large"}
    expected = 0.9 / (0.9 + 9 * 0.05)
    z = ((leads["source"] == "partner").mean() - expected) / math.sqrt(expected * (1 - expected) / MANY)
    assert abs(z) < 4


def test_a_kind_that_never_gets_there_is_told() -> None:
    stages = {**LINE["stages"], "first": {**LINE["stages"]["first"], "convert": {"large": 0, "else": 0.3}}}
    for known, told in (({"segment": "large"}, True), ({"segment": "small"}, False), ({"source": "web"}, False)):
        made = compile_model(fs.Scenario.from_dict({**deals(**known), "stages": stages}))
        assert [each.code for each in unreached(made)] == ["W-deal-unreached"] * told


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_leads_begin_at_the_first_stage_in_line(engine: str) -> None:
    """Not at one aside that stands before it, which leads enter by name only; `check` expects the same."""
    aside = {"warm": {"aside": True, "team": "desk", "effort": "5 min", "convert": 0}}
    document = {**LINE, "stages": {**aside, **LINE["stages"]}}
    scenario = fs.Scenario.from_dict(document)
    entered = fs.simulate(scenario, replications=1, engine=engine).records("visits")["stage"]
    assert "warm" not in set(entered)
    flow = expected(compile_model(scenario))
    assert flow is not None
    assert flow.visits["warm"] == 0 < flow.visits["first"]


def test_names_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"opening\.deals\.0\.segment: .*'huge'"):
        fs.Scenario.from_dict(deals(segment="huge"))
    (tmp_path / "open.csv").write_text(
        "stage,source,segment\nlast,partner,large\nlast,fair,large\n", encoding="utf-8"
    )
    (tmp_path / "line.json").write_text(json.dumps({**LINE, "opening": {"leads": "open.csv"}}), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"open\.csv.*'fair'"):
        fs.load(tmp_path / "line.json")
