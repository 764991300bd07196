"""Tuning: totals that can be reached are reached, measured inputs stay, and contradictions are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError

LINE: dict[str, Any] = {
    "name": "small firm",
    "horizon": "8 mo",
    "warmup": "2 mo",
    "sources": {"web": {"rate": "6 / d"}},
    "segments": {"all": {"value": 5000}},
    "teams": {"desk": {"headcount": 6, "queue": "fifo"}},
    "milestones": {"opportunity": "close"},
    "stages": {
        "call": {"team": "desk", "effort": "30 min", "convert": 0.4, "decision": "3 d"},
        "close": {"team": "desk", "effort": "2 h", "convert": 0.3, "decision": "20 d"},
    },
    "evidence": {
        "sources.web.rate": {"grade": "A", "source": ["counted"]},
        "stages.call.convert": {"grade": "C", "source": ["guess"], "range": [0.2, 0.6]},
        "stages.close.decision": {"grade": "C", "source": ["guess"], "range": ["10 d", "40 d"]},
    },
}


def line(**changed: Any) -> fs.Scenario:
    return fs.Scenario.from_dict(LINE).change(changed)


@pytest.fixture(scope="module")
def tuned() -> fs.Tuned:
    """Totals of a line whose conversion and time differ from what is written, within their ranges."""
    truth = fs.simulate(
        line(**{"stages.call.convert": 0.5, "stages.close.decision": "14 d"}), replications=20, seed=9
    )
    kpis = truth.summary.kpis
    months = 6.0
    totals = {
        "won": f"{kpis['won'].mean / months:.1f}/mo",
        "opportunity_created": f"{kpis['opportunity_created'].mean / months:.0f}/mo",
        "cycle_time": f"{kpis['cycle_time'].mean / 24:.1f} d",
    }
    return fs.tune(line(), totals, replications=6)


def test_totals_that_can_be_reached_are_reached(tuned: fs.Tuned) -> None:
    assert tuned.is_met, tuned.to_dict()["totals"]
    assert not tuned.contradicts
    again = fs.simulate(tuned.scenario, replications=20, seed=33)
    for each in tuned.totals:
        found = again.summary.kpis[each.total.kpi]
        assert abs((found.mean or 0.0) - each.total.value) < 3 * each.total.tolerance + 3 * (found.half or 0.0)


def test_what_was_measured_stays_and_what_moved_says_so(tuned: fs.Tuned) -> None:
    paths = {each.path for each in tuned.inputs}
    assert "sources.web.rate" not in paths
    assert tuned.scenario.values_at("sources.web.rate") == line().values_at("sources.web.rate")
    moved = {each.path: each for each in tuned.moved}
    assert {"stages.call.convert", "stages.close.decision"} <= set(moved)
    assert float(moved["stages.call.convert"].after) > 0.42
    assert moved["stages.close.decision"].is_determined
    record = tuned.scenario.evidence["stages.call.convert"]
    assert (record.grade, record.source) == ("D", ("tuned",))
    assert "won = " in record.note


def test_the_tuned_line_is_a_file(tuned: fs.Tuned, tmp_path: Path) -> None:
    out = tuned.save(tmp_path / "tuned.yaml")
    again = fs.load(out)
    assert fs.simulate(again, replications=2).kpis.equals(fs.simulate(tuned.scenario, replications=2).kpis)
    assert "# won = " in out.read_text(encoding="utf-8")


def test_what_it_says(tuned: fs.Tuned) -> None:
    said = " ".join(tuned.words)
    assert said.startswith("All totals are met.")
    assert "inputs were moved" in said
    document = json.loads(tuned.to_json())
    assert document["met"] is True
    assert {each["kpi"] for each in document["totals"]} == {"won", "opportunity_created", "cycle_time"}
    assert list(tuned.table.index) == [each.path for each in tuned.inputs]


@pytest.mark.parametrize(
    ("totals", "kind"),
    [
        ({"won": "22/mo", "opportunity_created": "73/mo", "win_rate": "60%"}, "product"),
        ({"won": "22/mo", "won_new": "30/mo"}, "order"),
        ({"won": "22/mo", "bookings": "110000/mo", "average_deal_value": "9000"}, "product"),
    ],
)
def test_totals_that_break_an_identity_are_told(totals: dict[str, str], kind: str) -> None:
    found = fs.tune(line(), totals, replications=3, vary=["stages.*.convert"])
    assert found.contradicts
    assert [each.kind for each in found.broken] == [kind]
    assert "contradict one another" in " ".join(found.words)


def test_totals_out_of_reach_are_told() -> None:
    """Six leads a day bring at the most 183 wins a month, whatever is converted."""
    found = fs.tune(line(), {"won": "400/mo"}, replications=3, vary=["stages.*.convert"])
    assert found.contradicts
    assert not found.is_met
    assert "should be 400/mo and is" in " ".join(found.words)


@pytest.mark.parametrize(
    ("totals", "options", "code"),
    [
        ({}, {}, "E-tune-totals"),
        ({"won": "0/mo"}, {}, "E-tune-totals"),
        ({"wins": "8/mo"}, {}, "E-kpi-unknown"),
        ({"won": "soon"}, {}, "E-value-amount"),
        ({"won": "8/mo"}, {"vary": ["sources.web.rate"]}, "E-tune-measured"),
        ({"won": "8/mo"}, {"vary": ["stages.shut.convert"]}, "E-path-unknown"),
        ({"won": "8/mo"}, {"replications": 1}, "E-replications-range"),
    ],
)
def test_what_is_refused(totals: dict[str, str], options: dict[str, Any], code: str) -> None:
    with pytest.raises(FunnelsimError) as wrong:
        fs.tune(line(), totals, **options)
    assert wrong.value.code == code
