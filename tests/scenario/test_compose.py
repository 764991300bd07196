"""Files that extend others, defaults, levers, phases, tables; and what is refused of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario, load
from funnelsim.scenario.forms.quantities import HOUR, ByKind, Rate, constant
from funnelsim.scenario.reading import library
from funnelsim.scenario.study.study import load_study

BASE = """\
horizon: 1 y
segments: {small: {value: 10}, large: {value: 90}}
sources: {web: {rate: 10 / d}}
teams:
  desk: {headcount: 3, queue: fifo}
  field: {headcount: 2, queue: {fifo: 0.5, value: 0.5}}
stages:
  qualify: {team: desk, effort: 30 min, convert: 0.4}
  sell: {team: field, effort: 2 h, decision: 10 d, convert: 0.2, otherwise: {price: 0.5, rival: 0.5}}
"""

LEVER = """\
lever: tool
title: A tool
question: Does it help?
evidence: {stages.sell.effort: {grade: C, source: somebody}}
costs: {licence: 12_000 / y}
change:
  stages.sell.effort: {multiply: 0.5}
  stages.sell.convert: {add: 0.1}
  stages.*.gap: {multiply: 2}
"""


def put(folder: Path, **files: str) -> Path:
    """Files in a folder, each named after its keyword; returns the folder."""
    for name, text in files.items():
        place = folder / (name.replace("__", "/") + ".yaml")
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def refusal(path: Path) -> ScenarioError:
    """What is said of a file that is wrong."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return caught.value


# --- extends and defaults


def test_extending_lays_a_file_over_another(tmp_path: Path) -> None:
    child = """\
extends: base.yaml
name: Child
teams: {desk: {headcount: 5}}
stages:
  sell: {effort: {multiply: 1.5}, otherwise: {set: {lost: 1}}, convert: {large: 0.5}}
  close: {team: field, effort: 1 h}
stages.qualify.effort: {small: 10 min}
"""
    spec = load(put(tmp_path, base=BASE, child=child) / "child.yaml").spec
    assert spec.name == "Child"
    assert spec.teams["desk"].headcount.first == 5
    assert spec.stages["sell"].effort == ByKind(constant(3.0 * HOUR, "us"))
    assert spec.stages["sell"].otherwise == ByKind((("lost", 1.0),))
    assert spec.stages["sell"].convert == ByKind(0.2, (("large", 0.5),))
    assert spec.stages["qualify"].effort.cases == (("small", constant(HOUR / 6, "us")),)
    assert list(spec.stages) == ["qualify", "sell", "close"]


def test_extended_scenarios_are_their_own_base(tmp_path: Path) -> None:
    scenario = load(
        put(tmp_path, base=BASE, child="extends: base.yaml\nstages.sell.convert: 0.3\n") / "child.yaml"
    )
    assert scenario.base == scenario.spec
    assert scenario.base.stages["sell"].convert == ByKind(0.3)


def test_errors_name_the_file_they_stand_in(tmp_path: Path) -> None:
    put(tmp_path, base=BASE.replace("30 min", "30"), child="extends: base.yaml\nstages.sell.convert: 2\n")
    problems = {one.path: (Path(one.file).name, one.line) for one in refusal(tmp_path / "child.yaml").problems}
    assert problems == {"stages.qualify.effort": ("base.yaml", 8), "stages.sell.convert": ("child.yaml", 2)}


def test_a_shipped_template_is_extended_by_its_name() -> None:
    name = library.templates()[0].name
    assert Scenario.from_text(f"extends: {name}\nname: Mine").name == "Mine"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../outside.yaml", "outside the scenario's own folder"),
        ("/etc/passwd.yaml", "outside the scenario's own folder"),
        ("nowhere.yaml", "there is no file 'nowhere.yaml'"),
        ("me.yaml", "in no circle"),
        ("refrence", "unknown template 'refrence'"),
        ("link.yaml", "outside the scenario's own folder"),
        ("[a]", "expected the name of a scenario"),
    ],
)
def test_what_cannot_be_extended(tmp_path: Path, name: str, message: str) -> None:
    folder = put(tmp_path, outside=BASE).joinpath("inner")
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    error = refusal(put(folder, me=f"name: x\nextends: {name}\n") / "me.yaml")
    assert message in str(error)
    assert error.problems[0].line == 2


def test_defaults_lie_under_every_team_and_stage() -> None:
    text = (
        BASE
        + "defaults:\n  teams: {selling_share: 0.5}\n  stages: {gap: 1 d, convert: 0.9, handoff: {keeps: 0.5}}\n"
    )
    spec = Scenario.from_text(
        text.replace("decision: 10 d", "decision: 10 d, gap: null, handoff: {delay: 1 d}")
    ).spec
    assert [team.selling_share for team in spec.teams.values()] == [0.5, 0.5]
    assert spec.stages["qualify"].gap == ByKind(constant(24.0 * HOUR, "us"))
    assert spec.stages["sell"].gap == ByKind(constant(0.0, "us"))
    assert spec.stages["sell"].convert == ByKind(0.2)
    assert spec.stages["sell"].handoff.other.keeps == 0.5
    assert spec.stages["sell"].handoff.other.delay == constant(24.0 * HOUR, "us")


def test_errors_in_defaults_stand_where_they_are_written() -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_text(BASE + "defaults:\n  stages: {gapp: 1 d}\n  team: {}\n")
    assert [(one.path, one.line) for one in caught.value.problems] == [("defaults.team", 12)]
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_text(BASE + "defaults:\n  stages: {gapp: 1 d}\n")
    assert {(one.path, one.line) for one in caught.value.problems} == {
        ("stages.qualify.gapp", 11),
        ("stages.sell.gapp", 11),
    }


# --- levers


def test_a_lever_changes_and_costs(tmp_path: Path) -> None:
    folder = put(tmp_path, scenario=BASE + "levers: [tool]\n", levers__tool=LEVER)
    scenario = load(folder / "scenario.yaml")
    stage = scenario.spec.stages["sell"]
    assert stage.effort == ByKind(constant(1.0 * HOUR, "us"))
    assert stage.convert.other == pytest.approx(0.3)
    assert scenario.spec.costs == (("licence", Rate(12_000, "y")),)
    assert scenario.base.stages["sell"].convert == ByKind(0.2)
    assert any("lever tool: stages.*.gap" in text for text in scenario.warnings)
    same = load(put(tmp_path, plain=BASE) / "plain.yaml").with_levers("tool")
    assert same.spec == scenario.spec
    assert same.fingerprint == scenario.fingerprint


def test_a_dose_moves_each_number_part_of_the_way_but_costs_are_whole(tmp_path: Path) -> None:
    scenario = load(put(tmp_path, plain=BASE, levers__tool=LEVER) / "plain.yaml")
    half = scenario.with_levers("tool@0.5").spec
    assert half.stages["sell"].effort == ByKind(constant(1.5 * HOUR, "us"))
    assert half.stages["sell"].convert.other == pytest.approx(0.25)
    assert half.costs == (("licence", Rate(12_000, "y")),)
    none = scenario.with_levers("tool@0").spec
    assert none.stages == scenario.spec.stages
    assert scenario.with_levers("tool@1").spec == scenario.with_levers("tool").spec


def test_levers_apply_in_order_and_costs_add_up(tmp_path: Path) -> None:
    other = "lever: other\ncosts: {licence: 1_000 / mo}\nchange: {stages.sell.convert: 0.5}\n"
    scenario = load(put(tmp_path, plain=BASE, levers__tool=LEVER, levers__other=other) / "plain.yaml")
    assert scenario.with_levers("tool", "other").spec.stages["sell"].convert == ByKind(0.5)
    assert scenario.with_levers("other", "tool").spec.stages["sell"].convert.other == pytest.approx(0.6)
    assert scenario.with_levers("tool", "other").spec.costs == (("licence", Rate(24_000, "y")),)


@pytest.mark.parametrize(
    ("change", "look", "value"),
    [
        ("teams.desk.queue: value", "desk", (("fifo", 0.75), ("value", 0.25))),
        ("teams.field.queue: {set: value}", "field", (("fifo", 0.375), ("value", 0.625))),
    ],
)
def test_a_dose_of_a_queue_rule_is_a_mixture(tmp_path: Path, change: str, look: str, value: object) -> None:
    scenario = load(put(tmp_path, plain=BASE, levers__rule=f"lever: rule\nchange: {{{change}}}\n") / "plain.yaml")
    assert scenario.with_levers("rule@0.25").spec.teams[look].queue.rule == value


def test_a_dose_by_kind_by_date_and_on_what_is_not_given(tmp_path: Path) -> None:
    change = """\
lever: mix
change:
  stages.qualify.convert: {large: 0.8}
  stages.sell.lift: 1.4
  stages.sell.concessions: {discount: {share: 0.2, odds: 2}}
  stages.sell.decision.lost: 20 d
  teams.desk.headcount: {2026-07-01: 5}
  stages.sell.otherwise: {set: {price: 1, rival: 0}}
"""
    scenario = load(put(tmp_path, plain=BASE, levers__mix=change) / "plain.yaml")
    spec = scenario.with_levers("mix@0.5").spec
    assert dict(spec.stages["qualify"].convert.cases)["large"] == pytest.approx(0.6)
    assert spec.stages["qualify"].convert.other == pytest.approx(0.4)
    assert spec.stages["sell"].lift.other == pytest.approx(1.2)
    discount = spec.stages["sell"].concessions.other.discount
    assert discount is not None
    assert (discount.share, discount.odds) == (pytest.approx(0.1), pytest.approx(1.5))
    assert spec.stages["sell"].decision.other.advanced == constant(240.0 * HOUR, "us")
    assert spec.stages["sell"].decision.other.lost == constant(360.0 * HOUR, "us")
    assert [number for _, number in spec.teams["desk"].headcount.steps] == [3, 4]
    assert dict(spec.stages["sell"].otherwise.other) == {"price": 0.75, "rival": 0.25}


@pytest.mark.parametrize(
    ("reference", "change", "message"),
    [
        ("x@0.5", "stages.sell.team: desk", "dose 1 only"),
        ("x@0.5", "stages.sell.decay: {half_life: 9 d}", "dose 1 only"),
        ("x@0.5", "stages.sell.patience: 9 d", "dose 1 only"),
        ("x@0.5", "stages.sell.otherwise: null", "dose 1 only"),
        ("x@0.5", "stages.sell.effort: {dist: exponential, mean: 3 h}", "dose 1 only"),
        ("x@0.5", "teams.desk.headcount: {add: -9}", "expected a whole number"),
        ("x@1.5", "stages.sell.convert: 0.5", "`0 <= dose <= 1` must hold"),
        ("y", "stages.sell.convert: 0.5", "unknown lever 'y'"),
        ("../x", "stages.sell.convert: 0.5", "there is no lever file '../x'"),
        ("x@", "stages.sell.convert: 0.5", "expected the name of a lever"),
        ("x", "stages.sell.convert: 5", "found 5"),
        ("x", "stages.sell.convert: {add: a}", "found 'a'"),
        ("x", "levers: [x]", "has no place in a change"),
    ],
)
def test_levers_refused(tmp_path: Path, reference: str, change: str, message: str) -> None:
    scenario = load(put(tmp_path, plain=BASE, levers__x=f"lever: x\nchange: {{{change}}}\n") / "plain.yaml")
    with pytest.raises(ScenarioError) as caught:
        scenario.with_levers(reference)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lever: x\n", "change: this key is required"),
        ("lever: x\nchange: 5\n", "expected a mapping"),
        ("lever: x\nchange: {}\nchanges: {}\n", "did you mean 'change'?"),
        ("lever: x\nchange: {}\ncosts: {a: 5}\n", "bare number 5"),
        ("lever: [", "not YAML"),
    ],
)
def test_lever_files_refused(tmp_path: Path, text: str, message: str) -> None:
    scenario = load(put(tmp_path, plain=BASE, levers__x=text) / "plain.yaml")
    with pytest.raises(ScenarioError) as caught:
        scenario.with_levers("x")
    assert message in str(caught.value)
    assert caught.value.problems[0].file.endswith("x.yaml")


# --- phases


def test_phases_make_periods(tmp_path: Path) -> None:
    text = (
        BASE
        + """\
start: 2026-01-01
phases:
  - {from: 2026-04-01, to: 2026-10-01, change: {teams.desk.headcount: {add: 2}}}
  - {from: 2026-07-01, levers: [tool@0.5], change: {stages.sell.team: {large: desk}}}
"""
    )
    scenario = load(put(tmp_path, plain=text, levers__tool=LEVER) / "plain.yaml")
    periods = scenario.periods
    assert [period.start for period in periods] == [None, *(dt.date(2026, month, 1) for month in (4, 7, 10))]
    assert [period.spec.teams["desk"].headcount.first for period in periods] == [3, 5, 5, 3]
    assert [len(period.spec.stages["sell"].team.cases) for period in periods] == [0, 0, 1, 1]
    assert periods[2].spec.stages["sell"].effort == ByKind(constant(1.5 * HOUR, "us"))
    assert scenario.spec == periods[0].spec
    assert scenario.base == scenario.spec


def test_a_phase_that_holds_from_the_start() -> None:
    text = BASE + "start: 2026-01-01\nphases: [{from: 2025-01-01, change: {teams.desk.headcount: 9}}]\n"
    (period,) = Scenario.from_text(text).periods
    assert period.spec.teams["desk"].headcount.first == 9


@pytest.mark.parametrize(
    ("phase", "message"),
    [
        ("{from: 2026-04-01, change: {stages: {new: {}}}}", "a phase cannot add or remove stages, found new"),
        ("{from: 2026-04-01, change: {stages.sell: null}}", "a phase cannot add or remove stages, found sell"),
        ("{from: 2026-04-01, change: {sources: {ads: {rate: 1 / d}}}}", "cannot add or remove sources"),
        ("{from: 2026-04-01, change: {phases: []}}", "a phase cannot change phases"),
        ("{from: 2026-04-01, change: {teams.desk.headcount: -1}}", "found -1"),
        ("{from: 2026-04-01, change: {teams.desk.headcont: 1}}", "did you mean teams.desk.headcount?"),
        ("{from: 2026-04-01, levers: [nothing]}", "unknown lever 'nothing'"),
        ("{to: 2026-04-01}", "this key is required"),
        ("{from: 2026-04-01, change: [1]}", "expected a mapping"),
    ],
)
def test_phases_refused(phase: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_text(f"{BASE}phases:\n  - {phase}\n")
    assert message in str(caught.value)
    assert caught.value.problems[0].line == 11


# --- tables


def test_values_from_a_table_become_part_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("sold,took\n1,5 d\n2,9 d\n3,\n")
    text = BASE.replace("decision: 10 d", "decision: {dist: empirical, file: days.csv, column: took}")
    scenario = load(put(tmp_path, plain=text) / "plain.yaml")
    assert scenario.spec.stages["sell"].decision.other.lost.values == (120.0 * HOUR, 216.0 * HOUR)
    (tmp_path / "days.csv").unlink()
    again = Scenario.from_dict(scenario.document)
    assert (again.spec, again.fingerprint) == (scenario.spec, scenario.fingerprint)


def test_open_deals_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("stage,value,age,owner\nsell,5000,12 d,Ann\nqualify,,,\n")
    spec = load(put(tmp_path, plain=BASE + "opening: {leads: deals.csv}\n") / "plain.yaml").spec
    first, second = spec.opening.deals
    assert (first.stage, first.value, first.age.amount, first.owner) == ("sell", 5000.0, 12.0, "Ann")
    assert (second.stage, second.value, second.owner) == ("qualify", None, None)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{dist: empirical, file: ../x.csv, column: a}", "outside the scenario's own folder"),
        ("{dist: empirical, file: /etc/passwd, column: a}", "outside the scenario's own folder"),
        ("{dist: empirical, file: none.csv}", "there is no file 'none.csv'"),
        ("{dist: empirical, file: two.csv}", "`column` is missing; two.csv has a, b"),
        ("{dist: empirical, file: two.csv, column: c}", "unknown column of two.csv 'c'"),
        ("{dist: empirical, file: two.csv, column: b}", "found 'x'"),
        ("{dist: empirical, file: empty.csv}", "the table is empty"),
        ("{dist: empirical, file: 5}", "expected the name of a file"),
        ("{dist: empirical, file: binary.csv}", "is not UTF-8 text"),
    ],
)
def test_tables_refused(tmp_path: Path, written: str, message: str) -> None:
    (tmp_path / "two.csv").write_text("a,b\n1 d,x\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    error = refusal(put(tmp_path, plain=BASE.replace("decision: 10 d", f"decision: {written}")) / "plain.yaml")
    assert message in str(error)
    assert all(one.line == 9 or one.file.endswith("two.csv") for one in error.problems)


def test_a_scenario_without_a_folder_reads_no_files() -> None:
    with pytest.raises(ScenarioError, match="without a folder"):
        Scenario.from_text(BASE + "opening: {leads: deals.csv}\n")


# --- levers by path


def test_a_lever_is_named_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load(put(tmp_path, plain=BASE, levers__tool=LEVER) / "plain.yaml")
    elsewhere = tmp_path / "else@where"
    elsewhere.mkdir()
    (elsewhere / "x@y.yaml").write_text(LEVER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for reference, same in (
        (f"{elsewhere}/x@y.yaml@0.5", "tool@0.5"),
        ("else@where/x@y.yaml", "tool"),
        ("./levers/tool.yaml@ .5", "tool@0.5"),
        ("levers/tool.yaml", "tool@1"),
    ):
        assert scenario.with_levers(reference).fingerprint == scenario.with_levers(same).fingerprint
    with pytest.raises(ScenarioError, match=r"there is no lever file 'else@where/z\.yaml'"):
        scenario.with_levers("else@where/z.yaml")
    with pytest.raises(
        ScenarioError, match=r"looked for in .*levers and in the library; a file is named by its path"
    ):
        scenario.with_levers("nothing_like_it")


def test_a_file_names_only_levers_in_its_folder(tmp_path: Path) -> None:
    put(tmp_path, outside=LEVER)
    folder = tmp_path / "inner"
    folder.mkdir()
    put(folder, scenario=BASE + "levers: [mine/tool.yaml@0.5]\n", plain=BASE, levers__tool=LEVER)
    (folder / "mine").mkdir()
    (folder / "mine" / "tool.yaml").write_text(LEVER, encoding="utf-8")
    plain = load(folder / "plain.yaml")
    assert load(folder / "scenario.yaml").fingerprint == plain.with_levers("tool@0.5").fingerprint
    for wrong in ("../outside.yaml", str(tmp_path / "outside.yaml")):
        error = refusal(put(folder, scenario=BASE + f"levers: [{wrong}]\n") / "scenario.yaml")
        assert "outside the scenario's own folder are refused" in str(error)
        study = f"study: s\nbase: plain.yaml\narms: {{one: [{wrong}]}}\n"
        (folder / "study.yaml").write_text(study, encoding="utf-8")
        with pytest.raises(ScenarioError, match="outside the scenario's own folder are refused"):
            load_study(folder / "study.yaml")
