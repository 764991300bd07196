"""Runs that are too large are refused before they begin, with the arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from funnelsim import load
from funnelsim.errors import ScenarioError
from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.size import MANY_EVENTS, MOST_EVENTS, Size, most_events, size_of, size_warnings
from funnelsim.model.compile import compile_model
from funnelsim.scenario import Scenario
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))

BASE: dict[str, Any] = {
    "start": "2026-01-01",
    "horizon": "20 y",
    "sources": {"web": {"rate": "2 / h"}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo"}},
    "stages": {"serve": {"team": "desk", "effort": "1 h"}},
}
SERVE = {"team": "desk", "effort": "1 h"}
SCIPY = {"dist": "genpareto", "c": 0.1, "scale": 900}


def refusal(**parts: Any) -> str:
    """What is said of a scenario of which a run would be too large."""
    with pytest.raises(ScenarioError) as caught:
        compile_model(Scenario.from_dict({**BASE, **parts}))
    return str(caught.value)


def size(**parts: Any) -> Size:
    """The size of a run."""
    model = compile_model(Scenario.from_dict({**BASE, **parts}))
    return size_of(model, expected(model))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"rate": "2 / h", "batch": 1000}, "2 / h x batch 1,000 x 20 y = 350,640,000 leads; at most 100,000,000"),
        ({"rate": "2 / h", "batch": SCIPY}, "2 / h x batch 1,000 (mean) x 20 y = 350,640,000 leads"),
        (
            {"rate": "2 / h", "batch": {"dist": "uniform", "low": 0, "high": 2000}},
            "2 / h x batch 1,000 (mean) x 20 y = 350,640,000 leads",
        ),
        ({"rate": "2 / h", "batch": {"dist": "empirical", "values": [0, 2000]}}, "x batch 1,000 (mean) x 20 y ="),
        ({"every": "1 min", "batch": 10}, "1 / 1 min x batch 10 x 20 y = 105,192,000 leads"),
        ({"every": {"dist": "beta", "a": 0.001, "b": 1000, "scale": "1 h"}}, "1 / 3,600 us (mean) x 20 y ="),
        ({"rate": "50_000 / d", "growth": 20}, "arrivals in 20 y ="),
        ({"bursts": [{"at": "2026-02-01", "leads": 60_000_000}] * 2}, "120,000,000 in bursts = 120,000,000 leads"),
    ],
)
def test_leads(source: dict[str, Any], words: str) -> None:
    said = refusal(sources={"web": source})
    assert words in said
    assert said.startswith("sources.web: ")


def test_leads_of_many_sources() -> None:
    sources = {name: {"rate": "30_000_000 / y"} for name in "abcd"}
    assert "leads of all sources and the opening; at most 100,000,000" in refusal(horizon="12 mo", sources=sources)


def test_leads_of_phases() -> None:
    phases = [{"from": "2027-01-01", "change": {"sources.web.rate": "700 / h"}}]
    assert "arrivals in 20 y =" in refusal(phases=phases)
    phases = [{"from": "2027-01-01", "change": {"sources.web.batch": SCIPY}}]
    assert "x batch" in refusal(phases=phases)


def test_things_that_take_no_time() -> None:
    assert "at least 1 microsecond" in refusal(
        sources={"web": {"every": {"dist": "uniform", "low": "0 h", "high": "1e-9 min"}}}
    )
    calls = {"team": "desk", "effort": "0 min", "yield": 0.1}
    assert "at least 1 second" in refusal(sources={"calls": calls})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"stages": {"ring": {"decision": "1 min", "next": "ring"}}, "sources": {"web": {"rate": "500 / d"}}},
            "stages.ring: ",
        ),
        ({"stages": {"late": {"decision": "1e-4 min", "next": {"late": 0.999999, "end": 1e-6}}}}, "stages.late: "),
        ({"customers": {"team": "desk", "care": {"every": "1e-6 min", "effort": "1 min"}}}, "customers: "),
        ({"customers": {"complaint": {"rate": "1_000_000 / min"}}}, "customers: "),
        ({"customers": {"referral": {"rate": "50 / y"}}}, "events in 20 y; at most 10,000,000,000"),
    ],
)  # fmt: skip
def test_events(parts: dict[str, Any], words: str) -> None:
    said = refusal(**parts)
    assert words in said
    assert "at most 10,000,000,000 are allowed in a replication" in said


def test_loops_within_reach_are_let_through() -> None:
    """A loop without end has as many rounds as there is time for, by the buyer's time or the team's."""
    ring = size(
        horizon="1 y", sources={"web": {"rate": "1 / d"}}, stages={"ring": {"decision": "30 d", "next": "ring"}}
    )
    assert 365 * 12 < ring.visits < 365 * 15
    stage = {"team": "desk", "effort": "1 h", "next": {"ring": 0.99999, "end": 0.00001}}
    assert size(horizon="1 y", stages={"ring": stage}).visits < 2 * 8766 + 2 * 8766 + 100
    most = {"decision": "1 min", "next": "ring", "at_most": 3}
    assert size(horizon="1 y", stages={"ring": most}).visits <= 4 * 2 * 8766


def test_a_line_without_loops_has_one_visit_a_stage() -> None:
    found = size(horizon="365 d", stages={"a": SERVE, "b": {**SERVE, "convert": 0.5}})
    assert found.leads == pytest.approx(2 * 24 * 365)
    assert found.visits == pytest.approx(2 * 2 * 24 * 365)
    assert found.events < MOST_EVENTS


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_bound_spares_the_balance(path: Path) -> None:
    model = compile_model(load(path))
    assert size_of(model, expected(model)).events <= most_events(model) < MANY_EVENTS


def test_the_bound_holds_for_random_scenarios() -> None:
    bounded = 0
    for seed in range(60):
        made = scenario_of(document(seeded(seed)))
        if made is not None:
            model = compile_model(made)
            bound = most_events(model)
            assert size_of(model, expected(model)).events <= bound * (1.0 + 1e-9), seed
            bounded += bound < MANY_EVENTS
    assert bounded > 40


def test_a_flow_without_end_says_nothing_of_a_run_that_is_small_by_its_length() -> None:
    """Leads circle as long as the run lasts; the balance expects no end of visits to what takes no time."""
    circle = {"serve": {**SERVE, "next": "pass"}, "pass": {"next": "serve"}}
    model = compile_model(Scenario.from_dict({**BASE, "horizon": "2 d", "stages": circle}))
    assert size_of(model, expected(model)).events == float("inf")
    assert size_warnings(model, expected(model)) == ()
