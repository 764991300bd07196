"""Open deals of the start: open, or won before, by the ways that lead to where they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.scenario.checking.routes import won_before

LINE: dict[str, Any] = {
    "horizon": "6 mo",
    "segments": {"all": {"value": 10_000}},
    "opening": {"leads": {"large": 10}},
    "sources": {"web": {"rate": "0 / h"}},
    "stages": {
        "qualify": {"next": {"small": 0.7, "large": 0.3}},
        "small": {"decision": "10 d", "books": True, "next": "end"},
        "large": {"decision": "60 d", "books": True},
    },
}


def line(**stages: Any) -> fs.Scenario:
    """The line with other stages."""
    return fs.Scenario.from_dict({**LINE, "stages": {**LINE["stages"], **stages}})


def figure(scenario: fs.Scenario, engine: Any, kpi: str) -> float:
    return float(fs.simulate(scenario, replications=1, engine=engine).kpis.loc[kpi, "mean"])


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("aside", [False, True])
def test_ten_open_deals_of_a_second_way_to_close_are_booked(engine: Any, aside: bool) -> None:
    scenario = line(large={"decision": "60 d", "books": True, "aside": aside})
    assert figure(scenario, engine, "bookings") == 100_000
    assert figure(scenario, engine, "customers_new") == 10


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_row_may_say_that_its_deal_is_booked(engine: Any, tmp_path: Path) -> None:
    """Of five deals in a stage with ways past the booking and ways that pass it, two were booked before."""
    rows = "".join(f"large,{word}\n" for word in ("", "yes", "no", "Yes", ""))
    (tmp_path / "deals.csv").write_text("stage,booked\n" + rows, encoding="utf-8")
    stages = {**LINE["stages"], "small": {"decision": "10 d", "books": True, "next": "large"}}
    document = {**LINE, "opening": {"leads": "deals.csv"}, "stages": stages}
    scenario = fs.Scenario.from_dict(document, folder=tmp_path)
    assert figure(scenario, engine, "bookings") == 30_000
    assert any("not every way to large passes" in warning for warning in scenario.warnings)


def booked(**stages: Any) -> dict[str, bool]:
    return won_before(line(**stages).spec)


def test_a_stage_that_only_booked_leads_reach_is_behind_the_booking() -> None:
    assert booked(small={"books": True, "next": "live"}, live={"books": False, "next": "end"}) == {"live": True}
    assert booked(small={"books": True, "next": "large"}) == {"large": False}


def test_who_fails_where_deals_are_booked_is_not_booked() -> None:
    again = {"aside": True, "decision": "1 d", "next": "small"}
    assert booked(small={"books": True, "convert": 0.5, "otherwise": "again", "next": "end"}, again=again) == {}


def test_a_stage_that_nothing_leads_to_is_where_leads_begin() -> None:
    """Three closing stages side by side that no source feeds: the deals in them are open."""
    assert booked(qualify={"next": "small"}, third={"books": True}, large={"books": True, "next": "end"}) == {}


def test_what_customers_send_begins_unbooked() -> None:
    stages = {
        "upsell": {"aside": True, "books": True},
        "large": {"books": True, "otherwise": "upsell", "next": "end"},
    }
    spec = fs.Scenario.from_dict({
        **LINE, "stages": {**LINE["stages"], **stages},
        "customers": {"expansion": {"rate": "1 / y", "to": "upsell"}},
    }).spec  # fmt: skip
    assert won_before(spec) == {}


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize(("stage", "word", "bookings"), [("qualify", True, 0), ("live", False, 0)])
def test_a_row_that_contradicts_the_line_acts_and_is_told(
    engine: Any, stage: str, word: bool, bookings: int
) -> None:
    stages = {**LINE["stages"], "small": {"decision": "10 d", "books": True}, "live": {"books": False}}
    opening = {"deals": [{"stage": stage, "booked": word}]}
    scenario = fs.Scenario.from_dict({**LINE, "stages": stages, "opening": opening})
    assert any(f"`booked: {'yes' if word else 'no'}` in {stage}" in warning for warning in scenario.warnings)
    assert figure(scenario, engine, "bookings") == bookings
