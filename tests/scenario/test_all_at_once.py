"""Everything that is wrong with a file is told in one round, whichever step of reading it finds out."""

from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.experiments.study.checking import load_checked
from funnelsim.scenario import load
from funnelsim.scenario.scenario import Scenario

from .desks import DESK

SCENARIO = """\
funnelsim: 1
name: many
horizon: 3
sources:
  web: {rate: 2 / z}
teams:
  desk: {headcount: 3, queue: shortest, attrition: lots}
  field: {headcount: 2, queue: fifo}
  spare: {headcount: 1, queue: fifo, tenure: 3 mo}
stages:
  call: {team: desk, effort: 30 min, convert: 1.5}
  meet: {team: feild, effort: 30 min}
  wait: {next: round}
  round: {next: back}
  back: {next: round}
  sign: {team: field, effort: {dist: empirical, file: nowhere.csv, column: x}}
  last: {effort: 1 h}
opening: {leads: deals.csv}
phases:
  - {from: 2026-02-01, change: {teams.field.headcount: 3, teams.nobody.headcount: 2}}
  - {from: 2026-02-15, change: {currency: EUR, teams.field.skill: x}}
"""
OF_SCENARIO = {
    "3:10: horizon": "has no unit|needs a unit",
    "5:15: sources.web.rate": "unknown unit 'z'",
    "7:31: teams.desk.queue.rule": "found 'shortest'",
    "7:52: teams.desk.attrition": "found 'lots'",
    "11:47: stages.call.convert": "found 1.5",
    "12:16: stages.meet.team": "did you mean 'field'",
    "14:10: stages.round": "a loop that takes no time",
    "16:31: stages.sign.effort": "there is no file 'nowhere.csv'",
    "17:18: stages.last.effort": "needs a team",
    "18:18: opening.leads": "the column stage is missing",
    "20:59: teams.nobody.headcount": "there is no 'nobody' in teams",
    "21:43: phases.1.change.currency": "holds for the whole run",
    "21:67: teams.field.skill.mean": "found 'x'",
}
"""By where it stands, what is said of each mistake of the scenario."""

TABLE = "phase,valeu,age,owner\na,b,3\ncall,x,3,1\n"
OF_TABLE = (
    "unknown column 'valeu'; did you mean 'value'?",
    "the column stage is missing; write stage instead of 'phase'",
    "line 2: found 3 cells where the header has 4",
    "line 3, age: '3' has no unit; write 3 d, or call the column age_days",
)

BASE = DESK.replace("horizon: 10 d", "horizon: 2 mo")
STUDY = """\
study: big
base: base.yaml
arms:
  a: {teams.desk.headcount: 4}
  b: [nope]
  c: {teams.dsk.headcount: 4}
  d: [bad]
  e: {warmup: 3 mo}
vary:
  teams.desk.queue: [fifo, shortest]
kpis: [won, wonn, won]
predicts:
  - {arm: a, kpi: won, expect: better}
  - {arm: b, kpi: won, expect: up}
  - {arm: a, kpi: wonn, expect: up}
  - {arm: zz, kpi: won, expect: up}
constraints: {cycle_time: {at_most: 3 %}}
replications: 0
maximise: bookingz
"""
OF_STUDY = {
    "5:7: arms.b.0": "unknown lever 'nope'",
    "6:7: teams.dsk.headcount": "there is no 'dsk' in teams",
    "levers/bad.yaml:2:36: teams.desk.headcount": "found 'two'",
    "8:15: warmup": "`warmup < horizon` must hold",
    "10:28: vary.teams.desk.queue.1": "found 'shortest'",
    "11:13: kpis.1": "unknown KPI 'wonn'; did you mean 'won'?",
    "11:19: kpis.2": "'won' stands twice",
    "13:32: predicts.0.expect": "found 'better'",
    "15:19: predicts.2.kpi": "unknown KPI 'wonn'",
    "16:11: predicts.3.arm": "unknown arm 'zz'",
    "17:37: constraints.cycle_time.at_most": "is counted in h",
    "18:15: replications": "found 0",
    "19:11: maximise": "unknown KPI 'bookingz'",
}


def _told(error: ScenarioError, folder: Path) -> list[str]:
    return [str(one).replace(f"{folder}/", "") for one in error.problems]


def _missed(expected: dict[str, str], told: list[str]) -> list[str]:
    def is_said(place: str, what: str) -> bool:
        return any(place in one and any(part in one for part in what.split("|")) for one in told)

    return [f"{place}: {what}" for place, what in expected.items() if not is_said(place, what)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "many.yaml").write_text(SCENARIO)
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "deals.csv").write_text(TABLE)
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers/bad.yaml").write_text("lever: bad\nchange: {teams.desk.headcount:     two}\n")
    return tmp_path


def test_all_that_is_wrong_with_a_scenario_is_told_in_one_round(folder: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        load(folder / "many.yaml")
    told = _told(refused.value, folder)
    assert _missed(OF_SCENARIO, told) == []
    assert len(told) == len(OF_SCENARIO) + len(OF_TABLE) - 1, "nothing that only follows from the rest is told"
    assert [part for part in OF_TABLE if not any(part in one for one in told)] == []


@pytest.mark.parametrize("encoding", ["euc_jp", "cp932", "utf-8"])
def test_a_table_that_cannot_be_read_hides_nothing_of_its_file(folder: Path, encoding: str) -> None:
    (folder / "deals.csv").write_bytes("案件,金額,日数\n見積,10,3\n".encode(encoding))
    with pytest.raises(ScenarioError) as refused:
        load(folder / "many.yaml")
    told = _told(refused.value, folder)
    said = "save it as UTF-8" if encoding == "euc_jp" else "its columns are 案件, 金額, 日数"
    assert _missed({**OF_SCENARIO, "18:18: opening.leads": said}, told) == []


def test_what_levers_do_wrong_is_told_beside_the_rest(folder: Path) -> None:
    (folder / "many.yaml").write_text(SCENARIO.replace("name: many", "levers: [nope, bad, nope2@0.5]"))
    with pytest.raises(ScenarioError) as refused:
        load(folder / "many.yaml")
    told = _told(refused.value, folder)
    levers = {
        "2:10: levers.0": "unknown lever 'nope'",
        "2:21: levers.2": "unknown lever 'nope2'",
    }
    hangs_on_levers = ("20:59", "21:43", "21:67")
    rest = {place: what for place, what in OF_SCENARIO.items() if not place.startswith(hangs_on_levers)}
    assert _missed({**levers, **rest}, told) == []


def test_all_that_is_wrong_with_a_study_is_told_in_one_round(folder: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_checked(folder / "study.yaml")
    told = _told(refused.value, folder)
    assert _missed(OF_STUDY, told) == []
    assert len(told) == len(OF_STUDY), "nothing that only follows from the rest is told"


def test_one_mistake_is_told_once() -> None:
    """What follows from a mistake is no mistake: a team left out for its queue is not missed by its stages."""
    base = {
        "horizon": "2 mo",
        "sources": {"web": {"rate": "2 / h"}},
        "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": "1 h"}},
    }
    slips = [
        {"horizon": "2"},
        {"horizon": None},
        {"sources": {"web": {"rate": "often"}}},
        {"sources": {"web": {}}},
        {"teams": {"desk": {"headcount": 3}}},
        {"teams": {"desk": {"headcount": 3, "queue": "shortest"}}},
        {"teams": {"desk": 3}},
        {"stages": {"serve": {"team": "desk", "effort": "1"}}},
        {"stages": {"serve": {"team": "dsk", "effort": "1 h"}}},
        {"stages": {"serve": {"team": "desk", "effort": "1 h"}, "round": {"next": "round"}}},
        {"stages": {"serve": {"team": "desk", "effort": "1 h", "next": "round"}, "round": {"effort": 2}}},
        {"levers": ["nope"]},
        {"extends": "nope"},
        {"phases": [{"from": "2026-02-01", "change": {"teams.desk.headcount": "x"}}]},
        {"calendars": {"office": {"hours": "9-25"}}},
        {"limits": [{"stages": ["serve"], "wip": 0}]},
        {"customers": {"churn": "1 / z"}},
        {"warmup": "3 mo"},
        {"limits": [{"stages": ["there"], "wip": 2}], "milestones": {"mql": "there"}},
        {"opening": {"leads": {"srve": 3}}},
    ]
    for slip in slips:
        with pytest.raises(ScenarioError) as refused:
            Scenario.from_dict({**base, **slip})
        assert len(refused.value.problems) == 1, (slip, str(refused.value))


def test_a_file_that_is_no_yaml_says_that_more_may_follow(folder: Path) -> None:
    (folder / "many.yaml").write_text(SCENARIO.replace("headcount: 3, queue", "headcount: 3: queue"))
    with pytest.raises(ScenarioError, match="what else may be wrong in the file shows when this is mended"):
        load(folder / "many.yaml")
