"""A line that does not fit a study of the library is told so once, at its own place, with what would be right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from library.test_shipped_levers import FOUR
from scenario.test_levers_by_role import NINE

Change = Callable[[dict[str, Any]], object]
TURNS = {"rule": "round_robin", "weights": [2, 1, 1]}
PERIOD = "give both the same period"
PHASE = {"from": "2026-03-01"}


def line() -> dict[str, Any]:
    """A line of three teams that fits."""
    return {
        "funnelsim": 1,
        "horizon": "6 mo",
        "sources": {"web": {"rate": "60 / mo"}},
        "teams": {
            "sdr": {"headcount": 2, "queue": "fifo"},
            "ae": {"headcount": 3, "queue": "fifo"},
            "csm": {"headcount": 2, "queue": "fifo"},
        },
        "stages": {
            "選別": {"team": "sdr", "effort": "20 min", "convert": 0.5, "role": "screen"},
            "提案": {"team": "ae", "effort": "4 h", "convert": 0.5},
            "受注": {"team": "ae", "effort": "1 h"},
            "定着": {"team": "csm", "effort": "3 h", "role": "onboard"},
        },
    }


def _second(team: str, **more: Any) -> Change:
    def change(own: dict[str, Any]) -> None:
        own["teams"][team] = {"headcount": 3, "queue": "fifo", **more}
        own["stages"]["提案"]["team"] = ["ae", team]

    return change


def _quota(*periods: str) -> Change:
    def change(own: dict[str, Any]) -> None:
        for team, period in zip(own["teams"].values(), periods, strict=True):
            team["quota"] = {"amount": 1000, "period": period}

    return change


def _alone(own: dict[str, Any]) -> None:
    del own["teams"]["sdr"]
    own["stages"]["選別"]["team"] = "ae"


def _routed(own: dict[str, Any]) -> None:
    own["teams"]["ae"]["routing"] = TURNS


def _both(*changes: Change) -> Change:
    return lambda own: [change(own) for change in changes]


def _phase(**more: Any) -> Change:
    return lambda own: own.update(phases=[{**PHASE, **more}])


MADE = {"from": ["sdr", "ae"], "queue": "fifo"}
CASES: dict[str, tuple[Change, str, str]] = {
    "no team for a function": (_alone, "teams", "write `role: inside_sales` in one of ae, csm"),
    "quotas of two periods": (
        _quota("month", "quarter", "quarter"),
        "teams.ae.quota",
        PERIOD,
    ),
    "quotas of three": (_quota("month", "quarter", "half_year"), "teams.ae.quota", PERIOD),
    "a quota that a phase brings": (
        _both(_quota("month", "month", "month"), _phase(change={"teams.ae.quota.period": "year"})),
        "phases",
        "ae: the period of its quota is a year from 2026-03-01 on",
    ),
    "a team made of others": (
        lambda own: own["teams"].update(sell=MADE),
        "teams.sell.from",
        "take sell out of the file and let sdr, ae do its work",
    ),
    "one made of others with roles": (
        lambda own: own["teams"].update(sell={**MADE, "role": ["inside_sales", "field_sales"]}),
        "teams.sell.from",
        "take sell out of the file",
    ),
    "one made by a lever of the file": (
        lambda own: own.update(levers=["design_pods"]),
        "levers",
        "leave that lever out of the file",
    ),
    "one made in a phase": (_phase(change={"teams.all": MADE}), "phases.0.change", "leave the phase out"),
    "one made by a lever of a phase": (
        _phase(levers=["design_generalist"]),
        "phases.0.levers",
        "leave the phase out",
    ),
    "a team with two roles": (
        lambda own: own["teams"]["ae"].update(role=["field_sales", "inside_sales"]),
        "teams.ae.role",
        "give it one role",
    ),
    "two roles, and no other team": (
        _both(_alone, lambda own: own["teams"]["ae"].update(role=["inside_sales", "field_sales"])),
        "teams.ae.role",
        "give it one role",
    ),
    "turns by weights": (
        _both(
            _second("西", role="field_sales", routing=TURNS), lambda own: own["teams"]["ae"].update(routing=TURNS)
        ),
        "teams.西.routing",
        "leave `weights` away",
    ),
    "a team of the same name": (_second("generalists"), "teams.generalists", "give the one of the line another"),
}


def _written(folder: Path, own: dict[str, Any]) -> Path:
    file = folder / "自社.yaml"
    file.write_text(json.dumps(own, ensure_ascii=False, indent=2), encoding="utf-8")  # which is YAML
    return file


@pytest.mark.parametrize("case", CASES)
def test_each_cause_is_told_once_and_at_the_line(case: str, tmp_path: Path) -> None:
    change, path, way = CASES[case]
    own = line()
    change(own)
    file = _written(tmp_path, own)
    with pytest.raises(fs.ScenarioError) as error:
        fs.study("designs", on=fs.load(file))
    (problem,) = error.value.problems
    assert (problem.path, problem.file) == (path, str(file))
    key = path.split(".")[-1] if path.split(".")[-1] != "0" else "phases"
    around = file.read_text(encoding="utf-8").splitlines()[problem.line - 2 : problem.line]
    assert any(key in each for each in around)
    assert way in problem.message
    assert "designs" in problem.message


@pytest.mark.parametrize(
    "change",
    [
        lambda own: own["teams"]["ae"].update(headcount=5),
        lambda own: own["teams"]["sdr"].update(headcount=1),
        lambda own: own["teams"]["ae"].update(headcount=2.5),
        _second("西", role="field_sales"),
        _second("外部", role="outsourced"),
        _phase(change={"teams.ae.headcount": 4}),
    ],
)
def test_what_is_odd_but_can_be_done_is_done(change: Change, tmp_path: Path) -> None:
    own = line()
    change(own)
    assert len(fs.study("designs", on=fs.load(_written(tmp_path, own))).arms) == 7


@pytest.mark.parametrize("document", [FOUR, NINE])
def test_lines_that_fit_are_not_refused(document: dict[str, Any]) -> None:
    assert len(fs.study("designs", on=fs.Scenario.from_dict(document)).arms) == 7


def test_a_study_of_ones_own_tells_itself_what_it_misses(tmp_path: Path) -> None:
    study = tmp_path / "mine.yaml"
    study.write_text("study: mine\nbase: reference\narms: {a: {teams.customer_success.headcount: {add: 1}}}\n")
    with pytest.raises(fs.ScenarioError) as error:
        fs.study(study, on=fs.Scenario.from_dict(FOUR))
    assert all(one.file == str(study) for one in error.value.problems)


# --- what it leaves as it is -----------------------------------------------------------------------------------


def test_teams_that_no_design_touches_are_named(tmp_path: Path) -> None:
    own = line()
    _second("外部", role="outsourced")(own)
    _second("spare")(own)
    said = fs.study("designs", on=fs.load(_written(tmp_path, own))).said
    assert said[-1] == (
        "designs takes people of ae, csm and sdr, and leaves these teams as in the line: 外部 (outsourced), spare "
        "(no role)"
    )
    assert not any("leaves" in one for one in fs.study("designs", on=fs.Scenario.from_dict(line())).said)
    assert not any("leaves" in one for one in fs.study("one_more_rep", on=fs.Scenario.from_dict(line())).said)


def test_names_behind_a_study_narrow_its_levers_too() -> None:
    study = fs.study("designs:東FS", on=fs.Scenario.from_dict(NINE))
    for name, arm in study.arms.items():
        assert ("西FS" in arm.spec.teams, "東FS" in arm.spec.teams) == (True, name == "base")
    assert study.said[-2:] == (
        "東FS alone is meant, and 西FS is left as in the line",
        "designs takes people of CSM, 東FS, 東IS and 西IS, and leaves this team as in the line: 西FS "
        "(field_sales)",
    )


def test_a_name_that_narrows_nothing_is_refused() -> None:
    with pytest.raises(
        fs.ScenarioError, match="one_more_rep cannot be narrowed to 大口, which is key; it speaks of"
    ):
        fs.study("one_more_rep:大口", on=fs.Scenario.from_dict(NINE))
