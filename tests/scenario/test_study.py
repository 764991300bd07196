"""Study files: what they may say, what is refused and where, and the scenarios that come out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.scenario.study.schema import COMMITTED, study_schema, text
from funnelsim.scenario.study.study import study_from_text

from .desks import DESK

LEVER = "lever: faster\ncosts: {tool: 100 / mo}\nchange: {stages.serve.effort: {multiply: 0.5}}\n"

STUDY = """\
study: hire
question: Where does the next hire pay?
base: desk.yaml
arms:
  one more: {teams.desk.headcount: {add: 1}}
  tool: [faster@0.5, {teams.desk.headcount: 4}]
vary:
  teams.desk.headcount: [2, 3]
  faster: {from: 0, to: 1}
  stages.serve.effort: {from: 10 min, to: 30 min}
design: {lhs: 8}
kpis: [won, cost]
predicts:
  - {arm: one more, kpi: won, expect: up, at: {teams.desk.headcount: 2}}
maximise: won
budget: 1_000 / d
constraints:
  response_time: {at_most: 4 h}
  win_rate: {at_least: 20 %, at_most: 0.9}
indifference: 2 %
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "faster.yaml").write_text(LEVER)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def study(folder: Path, content: str = STUDY) -> fs.Study:
    (folder / "study.yaml").write_text(content)
    return fs.load_study(folder / "study.yaml")


def effort(scenario: fs.Scenario) -> Any:
    return scenario.document["stages"]["serve"]["effort"]


def headcount(scenario: fs.Scenario) -> int:
    return scenario.spec.teams["desk"].headcount.first


def test_a_study_is_read(folder: Path) -> None:
    made = study(folder)
    assert list(made.arms) == ["base", "one more", "tool"]
    assert [factor.name for factor in made.factors] == ["teams.desk.headcount", "faster", "stages.serve.effort"]
    assert [factor.lever for factor in made.factors] == [False, True, False]
    assert made.spec.design.size == 8
    assert made.spec.kpis == ("won", "cost")
    assert made.spec.predicts[0].against == "base"


def test_goals_are_read(folder: Path) -> None:
    spec = study(folder).spec
    assert (spec.maximise, spec.minimise) == ("won", None)
    assert spec.budget is not None
    assert (spec.budget.value, spec.budget.kind) == (pytest.approx(365_250), "rate")
    first, second = spec.constraints["response_time"].at_most, spec.constraints["win_rate"].at_least
    assert first is not None
    assert (first.value, first.kind, first.text) == (4.0, "time", "4 h")
    assert second is not None
    assert (second.value, second.kind) == (0.2, "share")
    assert spec.indifference is not None
    assert spec.indifference.value == 0.02


def test_a_search_needs_no_steps_and_is_not_counted_by_its_arms(folder: Path) -> None:
    made = study(folder, STUDY.replace("{lhs: 8}", "{search: 40}"))
    assert (made.spec.design.kind, made.spec.design.size) == ("search", 40)


def test_factors_in_order_and_then_the_arm_are_laid_over_the_base(folder: Path) -> None:
    made = study(folder)
    assert headcount(made.base) == 3
    assert headcount(made.scenario("one more")) == 4
    assert headcount(made.scenario("one more", {"teams.desk.headcount": 2})) == 3  # one more than there
    both = made.scenario("base", {"faster": 1.0, "stages.serve.effort": "24 min"})
    assert effort(both) == "24 min"  # the factor listed later is laid over the lever
    assert effort(made.scenario("base", {"faster": 0.5})) == "15 min"
    assert effort(made.scenario("base", {"faster": "50 %"})) == "15 min"
    assert dict(made.scenario("base", {"faster": 0.5}).spec.costs).keys() == {"tool"}


def test_a_lever_that_nobody_uses_is_not_bought(folder: Path) -> None:
    made = study(folder)
    assert made.scenario("base", {"faster": 0}).fingerprint == made.base.fingerprint


def test_values_between_have_the_units_of_their_ends(folder: Path) -> None:
    people, tool, work = study(folder).factors
    assert work.between(0.25) == "15 min"
    assert tool.between(0.25) == 0.25
    assert people.at(0.49) == 2
    assert people.at(0.51) == 3


@pytest.mark.parametrize(
    ("levels", "grid"),
    [
        ("{from: 2, to: 4}", (2, 3, 4)),
        ("{from: 2, to: 8, steps: 3}", (2, 5, 8)),
        ("[{add: 1}, {add: 2}]", ({"add": 1}, {"add": 2})),
        (
            "{from: {multiply: 1}, to: {multiply: 3}, steps: 3}",
            ({"multiply": 1}, {"multiply": 2}, {"multiply": 3}),
        ),
    ],
)
def test_grids(folder: Path, levels: str, grid: tuple[Any, ...]) -> None:
    content = f"study: x\nbase: desk.yaml\nvary: {{teams.desk.headcount: {levels}}}\n"
    assert study(folder, content).factors[0].grid() == grid


def test_whole_numbers_of_a_range_are_equally_likely(folder: Path) -> None:
    content = "study: x\nbase: desk.yaml\ndesign: {sobol: 4}\nvary: {teams.desk.headcount: {from: 2, to: 4}}\n"
    people = study(folder, content).factors[0]
    values = [people.at((number + 0.5) / 300) for number in range(300)]
    assert [values.count(each) for each in (2, 3, 4)] == [100, 100, 100]


def test_a_table_of_points(folder: Path) -> None:
    (folder / "points.csv").write_text("arm,teams.desk.headcount,stages.serve.effort\n,2,10 min\nmore,,12 min\n")
    content = "study: x\nbase: desk.yaml\narms: {more: {teams.desk.headcount: 5}}\ndesign: {table: points.csv}\n"
    made = study(folder, content)
    assert made.rows == (
        (None, {"teams.desk.headcount": 2, "stages.serve.effort": "10 min"}),
        ("more", {"stages.serve.effort": "12 min"}),
    )
    assert headcount(made.scenario(*[("more", made.rows[1][1])][0])) == 5


def test_values_may_need_one_another(folder: Path) -> None:
    """A warm-up of 15 days is as long as the base runs, but not as long as the horizons of the study."""
    content = "study: x\nbase: desk.yaml\nvary: {warmup: [15 d, 16 d], horizon: [30 d, 40 d]}\n"
    assert len(study(folder, content).factors) == 2
    with pytest.raises(fs.ScenarioError, match="warmup < horizon"):
        study(folder, content.replace("30 d, 40 d", "12 d, 13 d"))
    single = content.replace("15 d, 16 d", "15 d")
    with pytest.raises(fs.ScenarioError, match="what has one value holds everywhere, and the base cannot"):
        study(folder, single)
    assert len(study(folder, single.replace("vary:", "set: {horizon: 30 d}\nvary:")).factors) == 2


def test_a_factor_with_one_value_holds_everywhere(folder: Path) -> None:
    content = """
study: x
base: desk.yaml
set: {teams.desk.headcount: 5, horizon: 12 d}
arms: {one more: {teams.desk.headcount: {add: 1}}}
vary: {teams.desk.headcount: [{add: 2}], faster: [0.5], warmup: [1 d, 2 d]}
"""
    made = study(folder, content)
    assert headcount(made.ground) == 5
    assert {name: headcount(arm) for name, arm in made.arms.items()} == {"base": 7, "one more": 8}
    assert made.held == {"teams.desk.headcount": {"add": 2}, "faster": 0.5}
    assert [factor.name for factor in made.varied] == ["warmup"]
    there = made.scenario("one more", {"warmup": "2 d"})
    assert headcount(there) == 8
    assert there.spec.horizon.amount == 12
    assert effort(there) == effort(made.base) < effort(made.ground)
    moved = made.on(made.ground.change({"teams.desk.headcount": 1}))
    assert headcount(moved.arms["one more"]) == 4
    plain = study(folder, content.replace("{add: 2}", "3"))
    with pytest.raises(fs.ScenarioError, match=r"the study sets the same itself.*headcount 3, faster 0\.5"):
        plain.on(plain.ground.change({"teams.desk.headcount": 1}))


def test_a_column_of_a_table_holds_everywhere_only_if_each_row_has_the_value(folder: Path) -> None:
    content = "study: x\nbase: desk.yaml\ndesign: {table: p.csv}\n"
    (folder / "p.csv").write_text("teams.desk.headcount,warmup\n4,1 d\n4,\n")
    assert study(folder, content).held == {"teams.desk.headcount": 4}
    assert headcount(study(folder, content).base) == 4


MISTAKES = [
    ("base: desk.yaml", "base: dusk.yaml", "study.yaml:3:7: base: there is no file 'dusk.yaml'"),
    ("base: desk.yaml", "base: referense", "did you mean 'reference'?"),
    ("base: desk.yaml", "base: ../desk.yaml", "outside the scenario's own folder are refused"),
    ("study: hire", "studdy: hire", "unknown key 'studdy'; did you mean 'study'?"),
    (
        "one more: {teams.desk.",
        "one more: {teams.dsk.",
        "study.yaml:5:14: teams.dsk.headcount: there is no 'dsk' in teams; did you mean teams.desk.headcount?",
    ),
    ("{add: 1}", "{add: many}", "study.yaml:5:"),
    ("faster@0.5", "fastr@0.5", "study.yaml:6:10: arms.tool.0: unknown lever 'fastr'; did you mean 'faster'?"),
    ("study: hire", "study: hire\nset: {teams.desk.headcnt: 2}", "set: teams.desk.headcnt: unknown key 'headcnt'"),
    (
        "study: hire",
        "study: hire\nset: {teams.dsk.headcount: 2}",
        "set: teams.dsk.headcount: there is no 'dsk' in teams",
    ),
    ("study: hire", "study: hire\nset: 3", "set: expected"),
    ("faster@0.5", "7", "expected a lever such as hire_field@1"),
    ("  one more: {", "  base: {", "give the arm another"),
    (
        "desk.headcount: [2, 3]",
        "desk.headcont: [2, 3]",
        "study.yaml:8:3: vary.teams.desk.headcont: unknown key 'headcont' of teams.desk; did you mean teams",
    ),
    ("[2, 3]", "[2, three]", "study.yaml:8:"),
    ("[2, 3]", "[2, -3]", "expected a whole number at least 0"),
    ("[2, 3]", "[2, 2]", "2 stands twice"),
    ("[2, 3]", "[]", "expected 1 to 10,000 values"),
    ("[2, 3]", "7", "expected a list of values or {from: 4, to: 8}, found 7"),
    ("{from: 0, to: 1}", "{from: 0, to: 2}", "the dose of a lever"),
    ("{from: 0, to: 1}", "{from: 0}", "`to` is missing"),
    ("  faster:", "  fastre:", "did you mean 'faster'?"),
    ("30 min", "30 minutes", "study.yaml:10:"),
    ("{lhs: 8}", "{lhs: 0}", "design.lhs: expected a whole number at least 1"),
    ("{lhs: 8}", "{sobol: 100}", "64 or 128, found 100"),
    ("{lhs: 8}", "{lsh: 8}", "did you mean 'lhs'?"),
    ("{lhs: 8}", "grid", "study.yaml:9:11: vary.faster: a grid needs to know how many"),
    ("{lhs: 8}", "{table: none.csv}", "there is no file 'none.csv'"),
    ("expect: up", "expect: upward", "expected one of up, down, same"),
    ("arm: one more,", "arm: two more,", "unknown arm 'two more'; did you mean 'one more'?"),
    ("headcount: 2}}", "headcount: 9}}", "expected one of 2, 3, found 9"),
    ("headcount: 2}}", "headcont: 2}}", "unknown factor"),
    ("{lhs: 8}", "{serch: 8}", "study.yaml:11:10: design.serch: unknown design 'serch'; did you mean 'search'?"),
    ("maximise: won", "maximize: won", "unknown key 'maximize'; did you mean 'maximise'?"),
    ("maximise: won", "maximise: won\nminimise: cost", "study.yaml:16:1: minimise: give either"),
    ("1_000 / d", "1_000 d", "study.yaml:16:9: budget: expected an amount of money such as 1_500_000 / y, found"),
    ("1_000 / d", "1_000 / day", "unknown unit 'day'"),
    ("1_000 / d", "-3", "budget: expected a number at least 0, found -3"),
    ("at_most: 4 h", "at_mots: 4 h", "study.yaml:18:19: constraints.response_time.at_mots: unknown key"),
    ("{at_most: 4 h}", "4 h", "expected a mapping with keys such as at_most, at_least; found '4 h'"),
    ("{at_most: 4 h}", "{}", "study.yaml:18:18: constraints.response_time: give at_most, at_least or both"),
    ("at_most: 4 h", "at_most: 4 bd", "business days (bd) have no meaning here"),
    (
        "at_most: 4 h",
        "at_most: soon",
        "expected an amount such as 300, 20 %, 4 h, 8 / mo or 100 USD, found 'soon'",
    ),
    ("at_most: 0.9", "at_most: 10 %", "at least 20 % and at most 10 % exclude each other"),
    ("response_time: {", "cost: {", "`budget` says this already; remove one of them"),
    ("indifference: 2 %", "indifference: 2 / d", "indifference: expected an amount such as 2 %, 50_000 or 1 h"),
    ("indifference: 2 %", "indifference: [2]", "found a list of 1"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES)
def test_mistakes_are_named_with_their_place(folder: Path, right: str, wrong: str, message: str) -> None:
    assert right in STUDY
    with pytest.raises(fs.ScenarioError) as caught:
        study(folder, STUDY.replace(right, wrong, 1))
    assert message in str(caught.value)
    assert all(problem.file.endswith("study.yaml") and problem.line for problem in caught.value.problems)


def test_all_mistakes_come_at_once(folder: Path) -> None:
    content = STUDY.replace("{add: 1}", "{add: many}").replace("[2, 3]", "[2, three]").replace("faster@", "fastr@")
    with pytest.raises(fs.ScenarioError) as caught:
        study(folder, content.replace("arm: one more,", "arm: two more,"))
    assert {problem.line for problem in caught.value.problems} >= {5, 6, 8, 14}


def test_too_many_points_are_refused(folder: Path) -> None:
    many = "".join(f"  stages.serve.{key}: {{from: 1, to: 2, steps: 9999}}\n" for key in ("convert", "effort"))
    with pytest.raises(fs.ScenarioError, match="at most 10,000,000 points"):
        study(folder, "study: x\nbase: desk.yaml\nvary:\n" + many.replace("convert", "quality_weight"))


def test_a_study_made_in_python(folder: Path) -> None:
    desk = fs.load(folder / "desk.yaml")
    made = fs.Study.of(desk, {"teams.desk.headcount": [2, 3]}, arms={"tool": ["faster"]}, kpis=["won"])
    assert made.name == "desk"
    assert made.scenario("tool", {"teams.desk.headcount": 2}).fingerprint != made.scenario("tool").fingerprint
    with pytest.raises(fs.ScenarioError, match=r"did you mean 'teams\.desk\.headcount'"):
        made.scenario("base", {"teams.desk.headcont": 2})
    with pytest.raises(fs.ScenarioError, match="unknown arm 'tol'; did you mean 'tool'"):
        made.scenario("tol")
    with pytest.raises(fs.ScenarioError, match=r"did you mean teams\.desk\.headcount\?"):
        fs.Study.of(desk, {"teams.desk.headcont": [2]})


def test_the_committed_schema_is_that_of_the_types() -> None:
    assert (Path(__file__).parents[2] / COMMITTED).read_text(encoding="utf-8") == text()


def test_the_schema_takes_what_loads_and_refuses_what_does_not() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from funnelsim.scenario.reading.document import plain
    from funnelsim.scenario.reading.reader import read_text

    validator = jsonschema.Draft202012Validator(study_schema())
    assert not list(validator.iter_errors(plain(read_text(STUDY))))
    for right, wrong in (
        ("kpi: won", "kip: won"),
        ("[2, 3]", "7"),
        ("{lhs: 8}", "{lhs: 0}"),
        ("expect: up", "expect: upward"),
        ("study: hire", "name: hire"),
    ):
        assert list(validator.iter_errors(plain(read_text(STUDY.replace(right, wrong, 1))))), wrong


DOCS = Path(__file__).parents[2] / "docs" / "studies.md"


def blocks(language: str) -> list[str]:
    text = DOCS.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_documentation_works(tmp_path: Path) -> None:
    root = DOCS.parents[1]
    shutil.copytree(root / "scenarios", tmp_path / "scenarios")
    shutil.copy(root / "scenarios" / "reference.yaml", tmp_path)
    lever = "lever: cpq\nchange: {stages.propose.effort: {multiply: 0.4}}\n"
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "cpq.yaml").write_text(lever)
    (yaml,), (python,) = blocks("yaml"), blocks("python")
    (tmp_path / "one_more_rep.yaml").write_text(yaml, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(fs.__file__).parents[1]), "MPLBACKEND": "Agg"}
    command = [sys.executable, "-W", "error", "-c", python]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("base", ["1", "0", "1.5", "true", "[a]", "{}", "''", "~", "2026-01-01"])
def test_a_base_that_is_no_file_and_no_template(base: str) -> None:
    """Each is refused in words; as a number, a base once ended a command without any."""
    with pytest.raises(fs.ScenarioError) as error:
        study_from_text(f"study: s\nbase: {base}\nvary: {{teams.desk.headcount: [2, 3]}}\n")
    assert "base: " in str(error.value)
    assert ("the name of a file ends in .yaml" in str(error.value)) == ("template" in str(error.value))


def test_no_error_is_without_words() -> None:
    with pytest.raises(ValueError, match="without a word"):
        fs.ScenarioError([])


NAMED = """\
study: names
base: desk.yaml
vary:
  teams.desk.headcount: {levels: {少人数: 2, 多人数: {add: 3}}}
  faster: {levels: {none: 0, half: 0.5}}
design: grid
predicts:
  - {arm: one more, kpi: won, expect: up, at: {teams.desk.headcount: 多人数}}
arms: {one more: {teams.desk.headcount: {add: 1}}}
"""


def test_levels_of_a_factor_have_names(folder: Path) -> None:
    """The names stand for the values wherever a point is named."""
    named = study(folder, NAMED)
    crowd, _ = named.factors
    assert crowd.grid() == ("少人数", "多人数")
    today = fs.load(folder / "desk.yaml")
    made = named.scenario("one more", {"teams.desk.headcount": "多人数", "faster": "half"})
    by_hand = today.change({"teams.desk.headcount": {"add": 3}}).with_levers("faster@0.5")
    assert made.fingerprint == by_hand.change({"teams.desk.headcount": {"add": 1}}).fingerprint
    assert named.scenario("base", {"faster": "none"}).fingerprint == today.fingerprint
    assert named.strange("teams.desk.headcount", "中人数") == "expected one of 少人数, 多人数, found 中人数"
    levels = {"levels": {"few": 3, "many": 4}}
    swept = fs.sweep(today, {"teams.desk.headcount": levels}, out=folder / "runs.db", replications=2)
    assert list(swept.table["teams.desk.headcount"]) == ["few", "many"]


@pytest.mark.parametrize(
    ("levels", "said", "line"),
    [
        ("{levels: {few: 2, many: 2}}", "2 stands twice", "2}}"),
        ("{levels: {few: x}}", "expected a whole number", "x}}"),
        ("{levels: {}}", "expected names with their values", "{}"),
        ("{levels: [1, 2]}", "expected names with their values", "[1"),
        ("{levels: {few: 2}, steps: 3}", "'steps' and `levels` exclude each other", "steps"),
    ],
)
def test_names_of_levels_are_checked(folder: Path, levels: str, said: str, line: str) -> None:
    content = NAMED.replace("{levels: {少人数: 2, 多人数: {add: 3}}}", levels).replace("多人数", "few")
    with pytest.raises(fs.ScenarioError) as wrong:
        study(folder, content)
    (problem,) = [one for one in wrong.value.problems if said in one.message]
    assert content.splitlines()[problem.line - 1][problem.column - 1 :].startswith(line)
