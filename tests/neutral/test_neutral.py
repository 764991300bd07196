"""Neutral settings change nothing, bit for bit."""

from __future__ import annotations

from typing import Any

import pytest

from .line import LINE, assert_same, changed, run, scenario

LONG = "90 y"

NEUTRAL: dict[str, dict[str, Any]] = {
    "patience without end": {"stages.each.patience": LONG},
    "a timeout that never strikes": {"stages.each.timeout": LONG},
    "an sla": {"stages.each.sla": "1 h"},
    "decay to a floor of 1": {"stages.each.decay": {"floor": 1, "scale": "1 h"}},
    "decay with power 0": {"stages.each.decay": {"scale": "1 h", "power": 0}},
    "a calendar that is always open": {
        "calendars": {"round": {"hours": ["00:00-24:00"]}},
        "teams.each.calendar": "round",
    },
    "a calendar of touching hours": {
        "calendars": {"round": {"hours": ["00:00-09:00", "09:00-24:00"]}},
        "teams.each.calendar": "round",
    },
    "a source's calendar that is always open": {
        "calendars": {"round": {"hours": ["00:00-24:00"]}},
        "sources.each.calendar": "always",
        "teams.each.calendar": "always",
    },
    "selling all the time": {"teams.each.selling_share": 1},
    "no WIP limit to speak of": {"teams.each.wip_limit": 100_000},
    "equal reps": {"teams.each.skill": {"mean": 0, "sd": 0}, "teams.each.speed": {"mean": 1, "sd": 0}},
    "no ramp": {"teams.each.ramp": {"start": 1, "time": "3 mo"}},
    "no switching cost": {"teams.each.switching": 0, "teams.each.switching_from": 3},
    "context without weight": {"stages.each.context_weight": 0, "stages.each.rework": 0},
    "a handoff that keeps all": {"stages.each.handoff": {"delay": "0 d", "dropout": 0, "keeps": 1}},
    "context lost, but without weight": {"stages.each.handoff": {"keeps": 0.5}},
    "no readiness effect": {
        "sources.each.readiness": {"ready": 0.5, "later": 0.25, "never": 0.25, "time": "1 mo"},
        "stages.each.unready": {"later": 1, "never": 1, "burned": 0},
    },
    "a limit that is never reached": {"limits": [{"stages": ["demo", "close"], "wip": 100_000}]},
    "a gate that lets all in": {"stages.each.accept": {"value_at_least": 0}},
    "a class of its own that is empty": {"teams.each.queue.first": {"value_at_least": 1_000_000_000}},
    "leads of no class ignored": {"teams.each.queue.ignore": {"value_at_least": 1_000_000_000}},
    "a place for joint work, of which there is none": {"teams.each.queue.joint": "first"},
    "no lift": {"stages.each.lift": 1},
    "as many visits as one likes": {"stages.each.at_most": 10_000},
    "a flat pattern": {"sources.each.pattern": {"hour": [3] * 24, "weekday": [2] * 7, "month": [1] * 12}},
    "no growth, no dispersion": {"sources.each.growth": 0, "sources.each.dispersion": 1},
    "batches of one": {"sources.each.batch": 1},
    "the mixture of one rule": {"teams.inside.queue": {"rule": {"fifo": 1}}},
    "a stage that nobody enters": {"stages.museum": {"aside": True, "team": "inside", "effort": "1 h"}},
    "a source of no leads": {"sources.dead": {"rate": "0 / d"}},
    "a team without work": {"teams.idle": {"headcount": 2, "queue": "lifo"}},
    "money": {"gross_margin": 0.5, "teams.each.cost": {"salary": "100_000 / y"}, "sources.each.cost": 10},
    "labels": {"stages.each.label": "段階", "teams.each.label": "班"},
    "next written out": {
        "stages.qualify.next": "demo",
        "stages.demo.next": "close",
        "stages.close.books": True,
    },
}


@pytest.fixture(scope="module")
def plain() -> Any:
    return run(scenario())


@pytest.mark.parametrize("change", NEUTRAL.values(), ids=NEUTRAL.keys())
def test_neutral_setting(plain: Any, change: dict[str, Any]) -> None:
    other = run(changed(change))
    if "teams.idle" in change:  # its reps are new rows, and rightly so
        reps = other.records("reps")
        assert (reps.loc[reps["team"] == "idle", "busy"] == 0).all()
        assert other.records("visits").equals(plain.records("visits"))
        assert other.records("leads").equals(plain.records("leads"))
    else:
        lost_context = {"keeps": 0.5} in change.values()
        assert_same(plain, other, apart=("context",) if lost_context else ())
    assert other.kpis.loc[["created", "won", "lost"]].equals(plain.kpis.loc[["created", "won", "lost"]])


TELLING: dict[str, dict[str, Any]] = {
    "patience": {"stages.each.patience": "12 h"},
    "timeout": {"stages.each.timeout": "3 d"},
    "decay": {"stages.each.decay": {"half_life": "2 d"}},
    "calendar": {"calendars": {"day": {"hours": ["02:00-24:00"]}}, "teams.each.calendar": "day"},
    "share": {"teams.each.selling_share": 0.95},
    "WIP limit": {"teams.each.wip_limit": 5},
    "skill": {"teams.each.skill": {"mean": 0, "sd": 0.5}},
    "speed": {"teams.each.speed": {"mean": 1, "sd": 0.2}},
    "handoff": {"stages.each.handoff": {"delay": "1 d", "dropout": 0.1}},
    "context": {"stages.each.handoff": {"keeps": 0.5}, "stages.each.context_weight": 1},
    "limit": {"limits": [{"stages": ["demo", "close"], "wip": 5}]},
    "gate": {"stages.demo.accept": {"value_at_least": 10_000}},
    "first": {"teams.each.queue.first": {"segment": "large"}},
    "pattern": {"sources.each.pattern": {"hour": [1] * 12 + [2] * 12}},
    "lift": {"stages.qualify.lift": 2},
    "visits": {"stages.qualify.at_most": 1},
}


@pytest.mark.parametrize("change", TELLING.values(), ids=TELLING.keys())
def test_setting_that_is_not_neutral_shows(plain: Any, change: dict[str, Any]) -> None:
    """The comparison above is worth something only if it sees what is not neutral."""
    with pytest.raises(AssertionError):
        assert_same(plain, run(changed(change)))


def test_renamed_stage_with_its_old_key(plain: Any) -> None:
    text = LINE.replace("{qualify: 0.3", "{first_talk: 0.3").replace(
        "  qualify:\n", "  first_talk:\n    key: qualify\n"
    )
    assert_same(plain, run(scenario(text)), first_talk="qualify")
    forgotten = text.replace("    key: qualify\n", "")
    with pytest.raises(AssertionError):
        assert_same(plain, run(scenario(forgotten)), first_talk="qualify")


def test_renamed_team_and_source_with_their_old_keys(plain: Any) -> None:
    text = (
        LINE.replace("team: field", "team: closers")
        .replace("field:  {", "closers: {key: field, ")
        .replace("  fair: {", "  trade_show: {key: fair, ")
    )
    assert_same(plain, run(scenario(text)), closers="field", trade_show="fair")
