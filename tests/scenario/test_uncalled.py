"""What does nothing as it is, is said: of the start and of each phase, and only where it acts in no period."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim.scenario import Scenario

BASE: dict[str, Any] = {
    "start": "2026-01-01",
    "horizon": "8 mo",
    "sources": {"web": {"rate": "1 / d"}},
    "teams": {"desk": {"headcount": 3, "queue": "fifo"}, "field": {"headcount": 3, "queue": "fifo"}},
    "stages": {
        "talk": {"team": "desk", "effort": "1 h", "convert": 0.5},
        "meet": {"team": "field", "effort": "1 h", "convert": 0.5},
        "sign": {"team": "field", "effort": "1 h"},
    },
    "customers": {"team": "desk", "churn": "1 % / mo", "care": {"every": "1 mo", "effort": "1 h"}},
}

IDLE = {
    "teams.desk.hiring": "30 d",
    "teams.desk.ramp": {"start": 0.3, "time": "3 mo"},
    "teams.desk.routing": "best_skill",
    "teams.desk.queue.joint": "first",
    "teams.desk.skill": {"mean": 0, "floor": -1},
    "teams.desk.cost.commission": "5 %",
    "stages.sign.quality_weight": 1,
    "stages.sign.otherwise": "talk",
    "stages.sign.handoff.delay": "1 d",
    "stages.meet.lift": 2,
    "stages.talk.gap": "1 d",
    "stages.talk.unready": {"later": 0.5},
    "customers.health_weight": 2,
    "customers.health.lost_context": 0.2,
    "customers.health.rep_skill": 0.2,
    "customers.expansion": {"rate": "1 / y", "health_weight": 1},
    "customers.renewal": {"every": "2 mo"},
    "customers.rep_change.revenue": 0.3,
}
NOTHING = "does nothing as it is"


def told(scenario: Scenario, path: str) -> bool:
    """Whether it is said that something at this path does nothing."""
    return any(text.startswith(path) and NOTHING in text for text in scenario.warnings)


def phase(change: dict[str, Any], start: str = "2026-03-01") -> dict[str, Any]:
    return {"from": start, "change": change}


@pytest.fixture(scope="module")
def base() -> Scenario:
    made = Scenario.from_dict(BASE)
    assert not made.warnings
    return made


@pytest.mark.parametrize(("path", "value"), IDLE.items())
def test_said_without_and_with_phases(base: Scenario, path: str, value: Any) -> None:
    """What a phase is about is another matter, and a key may stand in the phase itself."""
    other = phase({"sources.web.rate": "2 / d"})
    assert told(base.change({path: value}), path)
    assert told(base.change({path: value, "phases": [other]}), path)
    assert told(base.change({"phases": [phase({path: value})]}), path)


MEANT = {
    "teams.desk.hiring": ("30 d", {"teams.desk.attrition": 0.3}),
    "teams.desk.ramp": ({"start": 0.3, "time": "3 mo"}, {"teams.desk.headcount": {"add": 1}}),
    "teams.desk.routing": ("best_skill", {"teams.desk.skill.sd": 0.5}),
    "teams.desk.queue.joint": ("first", {"stages.meet.with": {"team": "desk"}}),
    "stages.sign.quality_weight": (1, {"stages.sign.convert": 0.9}),
    "stages.sign.otherwise": ("talk", {"stages.sign.convert": 0.9}),
    "stages.sign.handoff.delay": ("1 d", {"stages.meet.team": "desk"}),
    "stages.meet.lift": (2, {"stages.sign.convert": 0.9}),
    "stages.talk.gap": ("1 d", {"stages.talk.touches": 2}),
    "customers.health_weight": (2, {"customers.health.care_late": 0.1}),
    "customers.health.lost_context": (0.2, {"stages.meet.handoff.keeps": 0.5}),
    "customers.health.rep_skill": (0.2, {"teams.desk.skill.sd": 0.3}),
    "customers.rep_change.revenue": (0.3, {"teams.desk.headcount": {"add": -1}}),
}


@pytest.mark.parametrize("path", MEANT)
def test_not_said_where_a_phase_gives_it_a_meaning(base: Scenario, path: str) -> None:
    value, change = MEANT[path]
    assert not told(base.change({path: value, "phases": [phase(change)]}), path)
    assert not told(base.change({"phases": [phase(change), phase({path: value}, "2026-05-01")]}), path)


def test_what_lies_under_all_is_not_said_of_those_it_does_not_fit(base: Scenario) -> None:
    assert not told(Scenario.from_dict({**BASE, "defaults": {"stages": {"quality_weight": 1}}}), "stages")


def test_handoffs_through_a_stage_that_some_leads_pass_by(base: Scenario) -> None:
    """Who is not accepted for a meeting goes from the desk to the signature."""
    passed_by = base.change({"stages.meet": {"accept": {"source": ["web"]}, "on.rejected": "sign"}})
    assert not told(passed_by.change({"stages.sign.handoff.delay": "1 d"}), "stages.sign")


def test_slips_in_a_phase_are_said(base: Scenario) -> None:
    made = base.change({"phases": [phase({"stages.talk.otherwise": "mete"})]})
    assert any("'mete' is taken for a reason of loss; did you mean 'meet'?" in text for text in made.warnings)
    idle = base.change({"phases": [phase({"teams.bench": {"queue": "fifo"}})]})
    assert any("teams.bench: the team has no work" in text for text in idle.warnings)


def test_risk_is_that_of_customers(base: Scenario) -> None:
    made = base.change({"teams.field.queue": "at_risk"})
    assert any("teams.field.queue: the rule goes by the health of customers" in text for text in made.warnings)
    assert not base.change({"teams.desk.queue": "at_risk"}).warnings


def test_nobody_is_late_without_a_deadline_behind_the_booking() -> None:
    """An `sla` before the booking is no deadline of onboarding; one behind it is, and so is `onboarding_due`."""
    health = {"late_onboarding": 0.1}
    stages = {
        "talk": {"team": "desk", "effort": "1 h", "sla": "1 d"},
        "sign": {"team": "field", "effort": "1 h", "books": True},
        "onboard": {"team": "desk", "effort": "1 h"},
    }
    path = "customers.health.late_onboarding"
    late = {**BASE, "stages": stages, "customers": {**BASE["customers"], "health_weight": 2, "health": health}}
    assert told(Scenario.from_dict(late), path)
    assert not told(Scenario.from_dict(late).change({"stages.onboard.sla": "9 d"}), path)
    assert not told(Scenario.from_dict(late).change({"customers.health.onboarding_due": "9 d"}), path)


@pytest.mark.parametrize(
    ("path", "default"),
    [("teams.desk.headcount", "1"), ("stages.talk.convert", "1"), ("teams.desk.assign", "when_free")],
)
def test_a_key_without_a_value_has_its_default_and_says_so(path: str, default: str) -> None:
    group, name, key = path.split(".")
    made = Scenario.from_dict({**BASE, group: {**BASE[group], name: {**BASE[group][name], key: None}}})
    assert f"{path}: no value stands here, so the default holds: {default}" in made.warnings
    changed = Scenario.from_dict(BASE).change({path: None})  # where null takes away what was there
    assert not any("no value stands here" in text for text in changed.warnings)
