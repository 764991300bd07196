"""A key that can do nothing where it was written is refused; what defaults and levers leave behind is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario

BASE: dict[str, Any] = {
    "start": "2026-01-01",
    "horizon": "1 y",
    "sources": {"web": {"rate": "1 / d"}},
    "teams": {"desk": {"headcount": 2, "queue": "fifo"}, "field": {"queue": "fifo"}},
    "stages": {
        "talk": {"team": "desk", "effort": "1 h", "convert": 0.5},
        "check": {"decision": "1 d"},
        "sell": {"team": "field", "effort": "1 h", "convert": 0.5},
    },
}


def _nested(path: list[str], value: Any) -> dict[str, Any]:
    """The part of the base in which one value is set."""
    made: Any = dict(BASE)
    node = made
    for key in path[:-1]:
        node[key] = dict(node.get(key) or {})
        node = node[key]
    node[path[-1]] = value
    return {path[0]: made[path[0]]}


def refusal(made: Any) -> str:
    """What is said of a scenario that is refused."""
    with pytest.raises(ScenarioError) as caught:
        made()
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("stages.check.patience", "2 d", "counts while a lead waits for a rep, and this stage has no team"),
        ("stages.check.sla", "2 h", "within which a rep is to begin"),
        ("stages.check.rework", 0.5, "makes the touches of a rep longer"),
        ("stages.check.continuity", "any_rep", "which rep does the next touch"),
        ("stages.check.gap", "1 d", "between two touches of a rep"),
        ("stages.check.handoff.keeps", 0.5, "leads that come to a team from another"),
        ("stages.check.decay", {"half_life": "2 d"}, "no team and no limit for which leads wait"),
        ("stages.check.concessions.discount", {"share": 0.1, "under_pressure": 0.3}, "that of a team's quota"),
        ("stages.check", {"aside": True, "nurtures": "2 d", "convert": 0.4}, "with `nurtures` nothing is decided"),
        ("stages.check", {"aside": True, "nurtures": "2 d", "decision": "3 d"}, "nothing is decided"),
        ("stages.sell.on.rejected", "check", "there is no `accept`"),
        ("stages.sell.on.expired", "gone", "no `patience` and no `timeout`"),
        ("stages.sell.on.dropped", "gone", "the `handoff` has no `dropout`"),
        ("stages.sell.accept", {"stage": "sell"}, "asked as they enter this stage"),
        (
            "stages.check.concessions.discount",
            {"share": 0.1, "pulls_forward": {"share": 1, "by": "30 d"}},
            "that of a team's quota",
        ),
        (
            "stages.sell.concessions.discount",
            {"share": 0.1, "pulls_forward": {"share": 1, "by": "30 d"}},
            "this stage has none",
        ),
        ("stages.sell.concessions.discount", {"share": 0.1, "pulls_forward": {"share": 1}}, "it needs `by`"),
        ("stages.sell.concessions.promise", {"odds": 2}, "never given without `share`"),
        ("stages.sell.with", {"team": "desk", "keeps": 0.9}, None),
        ("stages.talk.with", {"team": "field", "keeps": 0.9}, None),
        ("teams.desk.switching_from", 9, "where `switching` begins, which is missing"),
        ("teams.desk.tenure", "90 d", "matters by `ramp`, which is missing"),
        ("teams.desk.absence", {"release": "2 d"}, "nobody is ever away without `days` or `dates`"),
        ("sources.web.readiness", {"never": 0.2, "time": "9 d"}, "which is missing"),
        ("customers.complaint", {"sla": "1 d"}, "without `rate` there is none"),
        ("customers.expansion", {"quality": 1}, "without `rate` there is none"),
        ("customers.early", {"first": "9 d"}, "how long `factor` holds, which is missing"),
        ("customers.health", {"onboarding_due": "9 d"}, "needs `late_onboarding`"),
        ("teams.field.staffed_from", "desk", "as a phase begins, and there is no phase"),
    ],
)
def test_refused_where_it_was_written(path: str, value: Any, reason: str | None) -> None:
    made = {**BASE, **_nested(path.split("."), value)}
    if reason is None:
        Scenario.from_dict(made)
        return
    said = refusal(lambda: Scenario.from_dict(made))
    assert "does nothing here" in said
    assert reason in said
    assert said.startswith(path.split(".")[0])


def test_nobody_takes_over() -> None:
    made = {**BASE, **_nested(["stages", "sell", "with"], {"team": "helpers", "keeps": 0.9})}
    made["teams"] = {**BASE["teams"], "helpers": {"queue": "fifo"}}
    assert "no other stage belongs to 'helpers'" in refusal(lambda: Scenario.from_dict(made))


def test_line_of_the_file(tmp_path: Path) -> None:
    text = "horizon: 1 y\nsources: {web: {rate: 1 / d}}\nstages:\n  check:\n    decision: 1 d\n    patience: 2 d\n"
    (tmp_path / "a.yaml").write_text(text)
    import funnelsim as fs

    said = refusal(lambda: fs.load(tmp_path / "a.yaml"))
    assert f"{tmp_path / 'a.yaml'}:6:5: stages.check.patience: `patience` does nothing here" in said


def test_at_its_neutral_value_it_says_what_is() -> None:
    made = {**BASE, **_nested(["stages", "check", "continuity"], "same_rep")}
    assert Scenario.from_dict(made).fingerprint == Scenario.from_dict(BASE).fingerprint


def test_defaults_lie_under_entries_they_do_not_fit() -> None:
    fits = {**BASE, "defaults": {"stages": {"patience": "9 d"}, "teams": {"switching": 0.1, "switching_from": 3}}}
    scenario = Scenario.from_dict(fits)
    assert "patience" not in scenario.document["stages"]["check"]
    assert scenario.document["stages"]["sell"]["patience"] == "9 d"
    assert Scenario.from_dict(scenario.document).fingerprint != Scenario.from_dict(BASE).fingerprint


def test_a_default_that_fits_no_entry_is_refused() -> None:
    nowhere = {**BASE, "defaults": {"teams": {"switching_from": 3}}}
    said = refusal(lambda: Scenario.from_dict(nowhere))
    assert said.startswith("defaults.teams.switching_from: `switching_from` does nothing here")


def test_what_a_change_leaves_without_effect_is_no_fault() -> None:
    patient = Scenario.from_dict({**BASE, **_nested(["stages", "sell", "patience"], "2 d")})
    automated = patient.change({"stages.sell": {"team": None, "effort": None}})
    assert "patience" not in automated.document["stages"]["sell"]
    assert "patience" in automated.change({"stages.sell.team": "field"}).document["stages"]["sell"]


def test_a_change_that_can_do_nothing_is_refused() -> None:
    said = refusal(lambda: Scenario.from_dict(BASE).change({"stages.check.patience": "2 d"}))
    assert "stages.check.patience: `patience` does nothing here" in said


def test_levers_are_judged_where_they_act(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "hurry.yaml").write_text("lever: hurry\nchange: {stages.sell.patience: 3 d}\n")
    (tmp_path / "levers" / "robot.yaml").write_text(
        "lever: robot\nchange: {stages.sell: {team: null, effort: null}}\n"
    )
    base = Scenario.from_dict(BASE, tmp_path)
    base.with_levers("hurry", "robot")
    Scenario.from_dict({**BASE, "levers": ["hurry", "robot"]}, tmp_path)
    said = refusal(lambda: base.with_levers("robot", "hurry"))
    assert "lever hurry: `patience` does nothing here" in said
    assert f"{tmp_path / 'levers' / 'hurry.yaml'}:2:10" in said


def test_a_phase_may_give_it_a_meaning() -> None:
    robot_at_first = {**BASE, **_nested(["stages", "check", "patience"], "2 d")}
    manned = {"from": "2026-06-01", "change": {"stages.check.team": "desk"}}
    Scenario.from_dict({**robot_at_first, "phases": [manned]})


def test_a_phase_is_refused_what_does_nothing_in_it() -> None:
    idle = {"from": "2026-06-01", "change": {"stages.check.patience": "2 d"}}
    said = refusal(lambda: Scenario.from_dict({**BASE, "phases": [idle]}))
    assert said.startswith("phases.0.change.stages.check.patience: `patience` does nothing here")
    Scenario.from_dict({**BASE, "phases": [{**idle, "change": {**idle["change"], "stages.check.team": "desk"}}]})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stages.sell.label": "売る"}, "a phase changes how things work"),
        ({"teams": {"desk": {"label": "D"}}}, "a phase changes how things work"),
        ({"teams.desk.ramp": {"start": 0.5, "time": "9 d"}, "teams.desk.tenure": "9 d"}, "a phase begins later"),
    ],
)
def test_what_holds_for_a_whole_run_is_refused_in_a_phase(change: dict[str, Any], reason: str) -> None:
    said = refusal(lambda: Scenario.from_dict({**BASE, "phases": [{"from": "2026-06-01", "change": change}]}))
    assert said.startswith("phases.0.change.")
    assert reason in said


def test_a_team_that_comes_in_a_phase_has_a_name() -> None:
    team = {"teams.kam": {"queue": "fifo", "label": "Key accounts"}, "stages.sell.team": "kam"}
    Scenario.from_dict({**BASE, "phases": [{"from": "2026-06-01", "change": team}]})


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (
            "customers.health",
            {"care_late": 0.2},
            "customers.health.care_late: does nothing as it is: it is a step",
        ),
        ("stages.sell.gap", "1 d", "between two touches, and there is one"),
        ("stages.sell.rework", 0.5, "no context is ever lost"),
        ("stages.sell.unready", {"later": 0.5}, "no source has leads of `later`"),
        ("stages.sell.on.blocked", "gone", "without a limit that turns away"),
        ("customers.early", {"factor": 3}, "acts on `churn`, which is 0"),
        ("teams.desk.hiring", "20 d", "nobody leaves"),
    ],
)
def test_what_does_nothing_as_it_is_is_a_warning(path: str, value: Any, reason: str) -> None:
    scenario = Scenario.from_dict({**BASE, **_nested(path.split("."), value)})
    assert any(reason in warning for warning in scenario.warnings), scenario.warnings


COMMISSION = {"cost": {"commission": 0.1}}


@pytest.mark.parametrize(
    ("changes", "start", "reason"),
    [
        # What only those have who book.
        ({"teams.desk": COMMISSION}, "teams.desk.cost.commission", "booked in 'sell', worked by 'field'"),
        ({"teams.field": COMMISSION}, None, ""),
        ({"teams.desk.quota": 1000}, "teams.desk.quota", "booked in 'sell', worked by 'field'"),
        ({"teams.field.quota": 1000}, None, ""),
        (
            {"teams.field": COMMISSION, "stages.sell": {"team": None, "effort": None}},
            "teams.field.cost.commission",
            "'sell', which has no team, so they count for none; give it one (stages.sell.team)",
        ),
        (
            {
                "teams.desk.quota": 1000,
                "stages.talk.concessions.discount": {"under_pressure": 0.3, "discount": 0.1},
            },
            None,
            "",
        ),
        # Concessions without an effect.
        (
            {"stages.sell.concessions.discount": "10%"},
            "stages.sell.concessions.discount",
            "{share: 10 %, discount: 5 %} for 5 % off in 10 % of them, or {share: 100 %, discount: 10 %}",
        ),
        ({"stages.sell.concessions.promise": "10%"}, "stages.sell.concessions.promise", "odds: 1.2"),
        ({"stages.sell.concessions.discount": {"share": "10%", "discount": "5%"}}, None, ""),
        # Leads from another team, new people, odds still open.
        (
            {"stages.talk.handoff.delay": "1 d"},
            "stages.talk.handoff.delay",
            "no lead comes here from another team",
        ),
        ({"stages.sell.handoff.delay": "1 d"}, None, ""),
        ({"stages.talk.handoff.delay": "1 d", "stages.sell.otherwise": {"talk": 1}}, None, ""),
        ({"teams.desk.ramp": {"start": 0.3, "time": "3 mo"}}, "teams.desk.ramp", "nobody joins"),
        ({"teams.desk.ramp": {"start": 0.3, "time": "3 mo"}, "teams.desk.tenure": "9 d"}, None, ""),
        ({"teams.desk.ramp": {"start": 0.3, "time": "3 mo"}, "teams.desk.attrition": 0.1}, None, ""),
        ({"stages.sell.lift": 2}, "stages.sell.lift", "in none of these is the outcome open"),
        ({"stages.talk.lift": 2}, None, ""),
        # Numbers of the people themselves.
        ({"teams.desk.skill": {"mean": 1, "seats": [0, 0.5]}}, "teams.desk.skill.mean", "a number of its own"),
        ({"teams.desk.skill": {"mean": 1, "seats": [0]}}, None, ""),
        # Weights on two scales.
        (
            {"stages.sell.otherwise": {"a": 40, "b": "30%", "c": 0.3}},
            "stages.sell.otherwise",
            "40 stands beside 0.3 (30 %), and they are taken as weights, 40 : 0.3 : 0.3",
        ),
        ({"stages.sell.otherwise": {"a": 40, "b": 30, "c": 1}}, None, ""),
        # Where no lead can get to.
        ({"stages.talk.next": "talk"}, "stages.check", "no lead can ever reach this stage"),
        ({"stages.talk.next": "talk"}, "stages:", "no deal can ever be won, as sell is where deals are booked"),
        ({"stages.sell.convert": 0}, "stages:", "no deal can ever be won, as sell converts 0"),
        ({"stages.sell.next": "sell", "stages.sell.otherwise": "sell"}, "stages.sell", "no lead ever leaves"),
        # Before the start and after the end.
        (
            {"phases": [{"from": "2027-02-01", "change": {"stages.sell.convert": 0.6}}]},
            "phases.0",
            "after the run",
        ),
        (
            {"phases": [{"from": "2025-01-01", "to": "2026-01-01", "change": {"stages.sell.convert": 0.6}}]},
            "phases.0",
            "it ends on 2026-01-01, before the run",
        ),
        ({"phases": [{"from": "2025-01-01", "change": {"stages.sell.convert": 0.6}}]}, None, ""),
        (
            {"teams.desk.headcount": {"2026-01-01": 2, "2027-03-01": 3}},
            "teams.desk.headcount.2027-03-01",
            "begins after the run, which goes from 2026-01-01 to 2027-01-01",
        ),
        (
            {"teams.desk.headcount": {"2025-01-01": 2, "2025-06-01": 3}},
            "teams.desk.headcount.2025-01-01",
            "the step of 2025-06-01 takes its place before the run",
        ),
        ({"teams.desk.headcount": {"2025-01-01": 2, "2026-06-01": 3}}, None, ""),
        ({"sources.web.bursts": [{"at": "2027-02-01", "leads": 9}]}, "sources.web.bursts", "after the run"),
        ({"sources.web.bursts": [{"at": "2025-02-01", "leads": 9}]}, "sources.web.bursts", "before the run"),
        (
            {"sources.web.bursts": [{"at": "400 d", "leads": 9}]},
            "sources.web.bursts",
            "that of 400 d does nothing",
        ),
        ({"sources.web.bursts": [{"at": "2026-02-01", "leads": 9}]}, None, ""),
        (
            {"teams.desk.absence.dates": ["2027-08-10..2027-08-14"]},
            "teams.desk.absence.dates",
            "outside of the run",
        ),
        ({"teams.desk.absence.dates": ["2026-08-10..2026-08-14", "12-29..01-03"]}, None, ""),
    ],
)
def test_what_nothing_calls_for_is_a_warning(changes: dict[str, Any], start: str | None, reason: str) -> None:
    scenario = Scenario.from_dict(BASE).change(changes)
    if start is None:
        assert scenario.warnings == ()
        return
    assert any(text.startswith(start) and reason in text for text in scenario.warnings), scenario.warnings


def test_what_a_phase_changes_in_vain_is_a_warning() -> None:
    own = Scenario.from_dict({**BASE, **_nested(["teams", "desk", "skill"], [0, 0.5])})
    phase = {"from": "2026-06-01", "change": {"teams.desk.skill.mean": 1}}
    (warning,) = own.change({"phases": [phase]}).warnings
    assert "teams.desk.skill.mean: does nothing as it is: every seat has a number of its own" in warning
    staffed = {"from": "2026-06-01", "change": {"teams.desk.staffed_from": "field"}}
    (warning,) = Scenario.from_dict({**BASE, "phases": [staffed]}).warnings
    assert "no seat opens, as headcount is 2 throughout" in warning
    staffed["change"] = {**staffed["change"], "teams.desk.headcount": 3}
    assert Scenario.from_dict({**BASE, "phases": [staffed]}).warnings == ()
