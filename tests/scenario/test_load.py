"""A scenario file becomes a typed scenario."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario, load
from funnelsim.scenario.forms.quantities import HOUR, ByKind, Dist, Duration, Rate, constant

HERE = Path(__file__).parent


def test_smallest_scenario() -> None:
    scenario = load(HERE / "one_desk.yaml")
    spec = scenario.spec
    assert spec.horizon == Duration(2, "y")
    assert spec.sources["web"].rate == Rate(2, "h")
    assert spec.teams["desk"].headcount.first == 3
    assert spec.teams["desk"].queue.rule == (("fifo", 1.0),)
    stage = spec.stages["serve"]
    assert stage.team == ByKind(("desk",))
    assert stage.effort == ByKind(Dist("exponential", (("mean", float(HOUR)),), "us"))
    assert stage.convert == ByKind(1.0)
    assert stage.touches == ByKind(constant(1.0))


def test_reference_company() -> None:
    spec = load(HERE / "reference.yaml").spec
    assert list(spec.stages)[:4] == ["screen", "contact", "qualify", "meet"]
    meet = spec.stages["meet"]
    assert meet.handoff.other.delay == constant(2.0, "bd")
    assert meet.handoff.other.give == constant(35 * HOUR / 60, "us")
    assert meet.otherwise.other == (("no_show", 0.2), ("not_accepted", 0.32))
    decision = spec.stages["propose"].decision.other
    assert decision.advanced == decision.lost
    assert decision.lost.parameters == {"median": 16.0 * 24 * HOUR, "sigma": 0.7}
    assert spec.calendars["office"].days == (True,) * 5 + (False,) * 2
    assert spec.calendars["office"].hours == ((540, 720), (780, 1080))
    assert spec.customers.expansion.other.rate == Rate(0.25, "y")
    assert spec.customers.expansion.other.value == constant(0.3)
    assert spec.sources["outbound"].yield_ == 0.0035
    assert spec.sources["outbound"].to == ByKind("meet")


def test_scenario_survives_pickling() -> None:
    scenario = load(HERE / "reference.yaml")
    again = pickle.loads(pickle.dumps(scenario))
    assert again.spec == scenario.spec
    assert again.fingerprint == scenario.fingerprint


def test_missing_file() -> None:
    with pytest.raises(ScenarioError, match="cannot read the file"):
        load(HERE / "nowhere.yaml")


def test_document_is_a_copy() -> None:
    scenario = Scenario.from_text((HERE / "one_desk.yaml").read_text())
    scenario.document["stages"]["serve"]["effort"] = "5 h"
    assert scenario.document["stages"]["serve"]["effort"] != "5 h"
