"""Forty sets of six totals of lines whose inputs were drawn from the ranges that are known; ten that contradict.

Run them by ``python -m pytest tests/experiments/test_tune_sets.py -m slow -s``, which prints the figures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.experiments.tuning.inputs import HALF, Input, at, inputs_of

RANGES: dict[str, list[Any]] = {
    "sources.web.rate": ["6 / d", "10.5 / d"],
    "sources.fair.rate": ["1.4 / d", "2.8 / d"],
    "stages.call.convert": [0.28, 0.53],
    "stages.propose.convert": [0.3, 0.6],
    "stages.close.convert": [0.45, 0.73],
    "stages.propose.decision": ["12 d", "33 d"],
    "stages.close.decision": ["9 d", "25 d"],
    "stages.call.effort": ["30 min", "52 min"],
    "stages.propose.effort": ["2.2 h", "4 h"],
    "segments.all.value": [7000, 14500],
}
MEASURED = (
    "teams.inside.selling_share",
    "teams.field.selling_share",
    "stages.close.effort",
    "stages.call.decision",
)
FIRM: dict[str, Any] = {
    "name": "firm",
    "horizon": "14 mo",
    "warmup": "2 mo",
    "sources": {"web": {"rate": "8 / d"}, "fair": {"rate": "2 / d"}},
    "segments": {"all": {"value": {"dist": "lognormal", "median": 9000, "sigma": 0.5}}},
    "calendars": {"office": {"days": "mon-fri", "hours": "09:00-17:00"}},
    "teams": {
        "inside": {"headcount": 3, "queue": "fifo", "calendar": "office", "selling_share": 0.6},
        "field": {"headcount": 5, "queue": "fifo", "calendar": "office", "selling_share": 0.6},
    },
    "milestones": {"opportunity": "propose"},
    "stages": {
        "call": {"team": "inside", "effort": "40 min", "convert": 0.4, "decision": "3 d"},
        "propose": {"team": "field", "effort": "3 h", "convert": 0.45, "decision": "20 d"},
        "close": {"team": "field", "effort": "2 h", "convert": 0.6, "decision": "15 d"},
    },
    "evidence": {
        **{path: {"grade": "C", "source": ["guess"], "range": ends} for path, ends in RANGES.items()},
        **{path: {"grade": "B", "source": ["counted"]} for path in MEASURED},
    },
}
MONTHS = 12


def firm() -> tuple[fs.Scenario, tuple[Input, ...]]:
    line = fs.Scenario.from_dict(FIRM)
    return line, inputs_of(line)


def totals(line: fs.Scenario, seed: int) -> dict[str, str]:
    """Six totals as people write them."""
    kpis = fs.simulate(line, replications=30, seed=seed).summary.kpis
    mean = {name: kpis[name].mean or 0.0 for name in kpis}
    return {
        "won": f"{mean['won'] / MONTHS:.1f}/mo",
        "created": f"{mean['created'] / MONTHS:.0f}/mo",
        "opportunity_created": f"{mean['opportunity_created'] / MONTHS:.1f}/mo",
        "win_rate": f"{100 * mean['win_rate']:.0f}%",
        "cycle_time": f"{mean['cycle_time'] / 24:.0f} d",
        "bookings": f"{mean['bookings'] / MONTHS:.0f}/mo",
    }


@pytest.mark.slow
def test_forty_sets_of_totals_are_met_and_ranges_hold_the_truth() -> None:
    line, inputs = firm()
    rng = np.random.default_rng(5)
    met = inside = told = 0
    for number in range(40):
        z = rng.standard_normal(len(inputs))
        z = np.clip(z, [each.limits[0] for each in inputs], [each.limits[1] for each in inputs])
        found = fs.tune(line, totals(at(line, inputs, z), 1000 + number), replications=8, seed=number + 1)
        met += found.is_met
        told += found.contradicts
        by_path = {each.path: each for each in found.inputs}
        moved = [by_path[each.path] for each in inputs]
        inside += sum(abs(own - each.z) <= HALF * each.spread for own, each in zip(z, moved, strict=True))
    print(f"met {met} of 40, ranges hold {inside} of {40 * len(inputs)}, contradictions told {told}")
    assert met >= 36
    assert inside >= 0.9 * 40 * len(inputs)
    assert told <= 2


WRONG = (
    {"won": "40/mo", "opportunity_created": "100/mo", "win_rate": "20%"},
    {"won": "12/mo", "opportunity_created": "120/mo", "win_rate": "45%"},
    {"won": "20/mo", "bookings": "500000/mo", "average_deal_value": "9000"},
    {"won": "20/mo", "won_new": "30/mo"},
    {"won": "30/mo", "created": "100/mo", "conversion": "5%"},
    {"won": "400/mo"},
    {"created": "2000/mo"},
    {"cycle_time": "3 d"},
    {"cycle_time": "900 d"},
    {"win_rate": "99%", "won": "10/mo"},
)
"""Totals that break an identity, or that no inputs near what is known bring."""


@pytest.mark.slow
@pytest.mark.parametrize("given", WRONG, ids=lambda given: " ".join(f"{k}={v}" for k, v in given.items()))
def test_sets_that_contradict_are_told_so(given: dict[str, str]) -> None:
    line, _ = firm()
    assert fs.tune(line, given, replications=6).contradicts
