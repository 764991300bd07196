"""Stages chosen in brackets, in changes of one's own: by the names of the line, never by roles."""

from __future__ import annotations

import pytest

import funnelsim as fs

TEXT = """\
funnelsim: 1
horizon: 6 mo
sources: {展示会: {rate: 20 / mo}}
teams:
  東営業: {headcount: 2, queue: fifo}
  field_sales: {headcount: 2, queue: fifo}
stages:
  訪問: {team: 東営業, effort: 1 h, otherwise: 保留}
  提案: {team: [東営業, field_sales], effort: 2 h}
  契約: {team: field_sales, effort: 3 h}
  保留: {aside: true, team: 東営業, effort: 10 min, convert: 0}
"""
LINE = fs.Scenario.from_text(TEXT)


@pytest.mark.parametrize(
    ("chosen", "stages"),
    [
        ("[team=東営業]", ["訪問", "提案", "保留"]),
        ("[team=field_sales]", ["提案", "契約"]),
        ("[first, team=東営業]", ["訪問"]),
        ("[last, team=東営業]", ["提案"]),
        ("[books]", ["契約"]),
    ],
)
def test_a_change_goes_into_each_stage_that_is_chosen(chosen: str, stages: list[str]) -> None:
    made = LINE.change({f"stages{chosen}.effort": {"multiply": 2}})
    changed = [name for name, stage in made.spec.stages.items() if stage.effort != LINE.spec.stages[name].effort]
    assert changed == stages
    by_name = LINE.change({f"stages.{name}.effort": {"multiply": 2} for name in stages})
    assert made.fingerprint == by_name.fingerprint
    assert list(LINE.values_at(f"stages{chosen}.effort")) == [f"stages.{name}.effort" for name in stages]


def test_a_phase_and_a_factor_choose_likewise() -> None:
    phase = {"phases": [{"from": "3 mo", "change": {"stages[team=東営業].effort": {"multiply": 2}}}]}
    later = LINE.change(phase).periods[1].spec
    assert later.stages["保留"].effort != LINE.spec.stages["保留"].effort
    study = fs.Study.of(LINE, {"stages[team=東営業].effort": ["1 h", "2 h"]})
    made = study.scenario("base", {"stages[team=東営業].effort": "2 h"})
    assert (
        made.fingerprint
        == LINE.change({f"stages.{n}.effort": "2 h" for n in ("訪問", "提案", "保留")}).fingerprint
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "stages[team=西営業].effort",
            "no stage is [team=西営業]; the stages, with who works there: 訪問 (東営業)",
        ),
        ("stages[team=key_account].effort", "no stage is"),
        ("stages[role=propose].effort", "expected [books], [team=...], [first, team=...]"),
        ("teams[first].headcount", "expected [books], [team=...], [first, team=...]"),
        ("stages[team=東営業].efort", "unknown key 'efort'"),
    ],
)
def test_what_chooses_nothing_is_refused(path: str, said: str) -> None:
    with pytest.raises(fs.ScenarioError) as wrong:
        LINE.change({path: "1 h"})
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("東 日本 IS", "東 日本 IS"),
        ("東, 西", '"東, 西"'),
        ("東[IS]", '"東[IS]"'),
        ("東=IS", "'東=IS'"),
        ("東=IS", "東=IS"),
    ],
)
def test_a_name_with_signs_of_its_own_stands_in_quotation_marks(name: str, written: str) -> None:
    text = yaml_of(name)
    line = fs.Scenario.from_text(text)
    made = line.change({f"stages[first, team={written}].effort": {"multiply": 2}})
    assert made.spec.stages["訪問"].effort != line.spec.stages["訪問"].effort
    assert made.spec.stages["契約"].effort == line.spec.stages["契約"].effort


def yaml_of(name: str) -> str:
    """The line with a team of another name."""
    return TEXT.replace("東営業", f'"{name}"')


def test_roles_count_in_levers_only() -> None:
    """東営業 is said to be field sales, and field_sales is another team."""
    line = LINE.change({"teams.東営業.role": "field_sales", "teams.field_sales.role": "partner"})
    made = line.change({"stages[team=field_sales].effort": {"multiply": 2}})
    assert made.spec.stages["訪問"].effort == line.spec.stages["訪問"].effort
    assert made.spec.stages["契約"].effort != line.spec.stages["契約"].effort


def test_two_choices_of_one_stage_lose_nothing_in_silence() -> None:
    """提案 is worked by both teams, so both would change it, and one of them would be lost."""
    twice = {"stages[team=東営業].effort": {"multiply": 2}, "stages[team=field_sales].effort": {"multiply": 3}}
    with pytest.raises(fs.ScenarioError, match=r"speaks of stages\.提案\.effort as well; make one change"):
        LINE.change(twice)
    made = LINE
    for path, value in twice.items():
        made = made.change({path: value})
    assert (
        made.spec.stages["提案"].effort
        == LINE.change({"stages.提案.effort": {"multiply": 6}}).spec.stages["提案"].effort
    )
