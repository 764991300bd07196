"""What shows a whole against its parts moves where the whole is hurt or helped, and stays where only a part moves.

Each indicator has changes of a small company that must move it, and such that must not, though a careless count
would move there. Organisations meet the same leads and the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.model.model import Model
from funnelsim.model.records import Records
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.whole import WHOLE_KPIS
from funnelsim.results.measures.window import Window

from .paired import SEED, Difference, difference

COUNT = 12
ROUNDING = 1e-9
LAB = """
funnelsim: 1
name: Lab
start: 2026-01-01
horizon: 24 mo
warmup: 3 mo
score_accuracy: 0.6
segments: {firm: {value: 10_000}}
sources: {web: {rate: 4 / d}}
opening: {customers: 60}
teams:
  inside: {headcount: 1, queue: fifo}
  field: {headcount: 1, queue: fifo}
  success: {headcount: 1, queue: fifo}
stages:
  qualify: {team: inside, effort: 2 h, sla: 1 d, quality_weight: 0.5, convert: 0.5}
  close:
    {team: field, effort: 4 h, decision: 10 d, quality_weight: 0.5, convert: 0.4, decay: {half_life: 20 d},
     timeout: 60 d, books: true}
  onboard: {team: success, effort: 6 h}
customers:
  team: success
  care: {every: 30 d, effort: 1 h}
  churn: 2 % / mo
  early: {factor: 2, first: 90 d}
  health: {start: 0.8, care_late: 0.05, care_on_time: 0.01}
  health_weight: 3
  expansion: {rate: 0.3 / y, to: qualify, value: 0.3}
"""
Change = Mapping[str, Any]
PROMISE = "stages.close.concessions.promise"
NO_PROMISE: Change = {PROMISE: {"share": 0.0}}
IDLE_PROMISE: Change = {PROMISE: {"share": 0.5}}
ONBOARDING: Change = {PROMISE: {"share": 0.5, "onboarding": 6}}
HARM: Change = {PROMISE: {"share": 0.5, "health": 0.4}}
BUSY: Change = {"stages.onboard.effort": "9 h"}
NEW_FIRST: Change = {
    "teams.inside.queue.last": {"origin": "expansion"},
    "stages.qualify.decay": {"half_life": "1 d"},
}
CHERRIES: Change = {"teams.field.queue.ignore": {"stage": "close", "score_below": 0}}


class Case(NamedTuple):
    """What must move an indicator, and where to, and what must not; both against ``base``."""

    moves: Change
    up: bool
    stays: Change
    base: Change = MappingProxyType({})


CASES: dict[str, Case] = {
    # Another team in the middle is another face; the next team is none, if it only comes earlier.
    "faces_per_deal": Case(
        {"teams.legal": {"headcount": 1, "queue": "fifo"}, "stages.close.with": {"team": "legal"}},
        True,
        {"stages.close.with": {"team": "success", "touches": "last"}},
    ),
    "left_lying": Case(CHERRIES, True, {"stages.close.effort": "2 h"}),
    # The first team answers everybody, whatever the next one leaves lying.
    "never_touched": Case(
        {"teams.inside.queue.ignore": {"score_below": -1}, "stages.qualify.timeout": "60 d"}, True, CHERRIES
    ),
    "handoff_wait": Case({"stages.close.effort": "7 h"}, True, {"stages.qualify.decision": "20 d"}),
    "sla_attainment": Case({"stages.qualify.effort": "5 h"}, False, {"stages.close.effort": "7 h"}),
    "wasted_effort": Case(
        {"sources.web.readiness": {"ready": 0.6, "never": 0.4}, "stages.qualify.unready": {"never": 0}},
        True,
        {"stages.onboard.effort": "12 h"},
    ),
    "aged_need_loss": Case({"stages.close.effort": "11 h"}, True, {"stages.close.decision": "30 d"}),
    "aged_need_share": Case({"stages.close.effort": "11 h"}, True, {"stages.close.decision": "30 d"}),
    "aged_share": Case(CHERRIES, True, {"stages.close.decision": "20 d", "stages.qualify.decision": "0 d"}),
    "over_promise_rate": Case(IDLE_PROMISE, True, {"sources.web.rate": "3 / d"}, {PROMISE: {"share": 0.2}}),
    "over_promised_churn": Case(HARM, True, {PROMISE: {"share": 0.7}}, IDLE_PROMISE),
    # Onboarding that takes six times as long keeps a busy team from those to whom nothing was promised.
    "spill_over_churn": Case({**ONBOARDING, **BUSY}, True, {**IDLE_PROMISE, **BUSY}, {**NO_PROMISE, **BUSY}),
    "cs_lead_leakage": Case({"sources.web.rate": "11 / d"}, True, {"stages.close.effort": "7 h"}, NEW_FIRST),
    "boom_and_bust": Case(
        {"sources.web.pattern": {"month": {"feb": 3, "mar": 3, "aug": 3, "sep": 3}}},
        True,
        {"sources.web.rate": "2 / d"},
    ),
    "bookings_linearity": Case(
        {
            "teams.field.quota": {"amount": 4_000_000, "period": "quarter"},
            "stages.close.concessions.discount": {"under_pressure": 1, "odds": 5},
        },
        True,
        {"stages.close.concessions.discount": {"share": 0.5, "odds": 5}},
    ),
    # More that customers want is no more new business, and more strangers are no expansions.
    "won_new": Case({"sources.web.rate": "5 / d"}, True, {"customers.expansion.rate": "0.9 / y"}),
    "won_expansion": Case({"customers.expansion.rate": "0.9 / y"}, True, {"opening.leads": {"close": 3}}),
    "bookings_new": Case({"sources.web.rate": "5 / d"}, True, {"customers.expansion.rate": "0.9 / y"}),
    "bookings_expansion": Case({"customers.expansion.rate": "0.9 / y"}, True, {"opening.leads": {"close": 3}}),
    "conversion_new": Case({"stages.close.convert": 0.5}, True, {"customers.expansion.rate": "0.9 / y"}),
    "win_rate_new": Case({"stages.close.convert": 0.5}, True, {"customers.expansion.rate": "0.9 / y"}),
}

_known: dict[str, dict[str, np.ndarray]] = {}


def figures(change: Change) -> dict[str, np.ndarray]:
    """Each indicator of an organisation, one figure a replication."""
    key = repr(sorted(change.items()))
    if key not in _known:
        scenario = fs.Scenario.from_text(LAB).change(change)
        result = fs.simulate(scenario, replications=COUNT, seed=SEED)
        rows = [_kpis(each, result.model) for each in result.replicates]
        _known[key] = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
    return _known[key]


def _kpis(records: Records, model: Model) -> dict[str, float | None]:
    window = Window(records, model)
    every = kpi_indicators(model)
    return {each.name: each.estimate([each.measure(window)], "USD").mean for each in every if each.name in CASES}


def _moved(name: str, change: Change, base: Change) -> Difference:
    return difference(figures(base)[name], figures({**base, **change})[name])


@pytest.mark.parametrize("name", CASES)
def test_indicator(name: str) -> None:
    case = CASES[name]
    moves, stays = _moved(name, case.moves, case.base), _moved(name, case.stays, case.base)
    print(f"{name}: must move: {moves}; must not: {stays}")
    assert moves.up if case.up else moves.down, moves
    assert stays.low <= ROUNDING, stays
    assert stays.high >= -ROUNDING, stays


def test_each_indicator_of_the_whole_has_a_case() -> None:
    assert {each.name for each in WHOLE_KPIS} <= set(CASES)
