"""Files with signs that look like others, in other encodings, or under nearly the right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario, load
from funnelsim.scenario.checking.doubtful import doubts
from funnelsim.scenario.study.study import load_study

COMPANY = """\
funnelsim: 1
name: 会社
description: |
  説明：全角の記号は、ここでは文字です。
    　字下げも。
horizon: 1 y
sources: {web: {rate: 2 / h}}
territories: {東: 1, 西: 2}
teams:
  営業:
    headcount: 3
    queue: fifo
stages:
  商談: {team: 営業, effort: 20 min, convert: 0.5}
"""


def said_of(text: str) -> list[tuple[int, str]]:
    """Lines and messages of what is wrong."""
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_text(text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_full_width_signs_in_texts_and_names_are_left_alone() -> None:
    scenario = Scenario.from_text(COMPANY.replace("商談", "商談：一次"))
    assert list(scenario.spec.stages) == ["商談：一次"]
    assert "　字下げも" in scenario.spec.description["en"]


@pytest.mark.parametrize(
    ("right", "typed", "line", "remedy"),
    [
        ("funnelsim: 1", "funnelsim：1", 1, "write `funnelsim: 1`"),
        ("horizon: 1 y", "horizon：1 y", 6, "write `horizon: 1 y`"),
        ("horizon: 1 y", "horizon:1 y", 6, "a colon needs a space behind it; write `horizon: 1 y`"),
        ("horizon: 1 y", "horizon:　1 y", 6, "the space behind the colon is not an ordinary one; type a space"),
        ("horizon: 1 y", "horizon = 1 y", 6, "write `horizon: 1 y`"),
        ("horizon: 1 y", "horizon＝1 y", 6, "write `horizon: 1 y`"),
        ("rate: 2 / h", "rate：　2 / h", 7, "write `rate: 2 / h`"),
        ("rate: 2 / h", "rate:2 / h", 7, "write `rate: 2 / h`"),
        ("rate: 2 / h", "rate: 2 / h, cost: 15,000", 7, "numbers too; write 15_000"),
        ("rate: 2 / h", "rate: 2 / h, cost: ¥15,000", 7, "numbers too; write ¥15_000"),
        ("rate: 2 / h", "rate: 2 / h, cost: 1,234,567", 7, "numbers too; write 1_234_567"),
        ("rate: 2 / h", "cost: 7,000,000 / y, rate: 2 / h", 7, "numbers too; write 7_000_000 / y"),
        ("    queue: fifo", "    ramp: [0, 50, 100] %\n    queue: fifo", 12, "% stands behind each number"),
        ("name: 会社", "name: [株式会社]さくら", 2, 'needs quotation marks: "[株式会社]さくら"'),
        ("    queue: fifo", "　　queue: fifo", 12, "indented with a full-width space"),
        ("  商談: {", "　商談: {", 14, "indented with a full-width space"),
        (
            "headcount: 3",
            "headcount: 003",
            11,
            "at most 100,000, or quarters of a post such as 2.5, found '003'",
        ),
        ("東: 1", "東：1", 8, "write `東: 1`"),
        (": 1, 西", ": 1， 西", 8, "'，' is a full-width sign; type ,"),
        (": 1, 西", ": 1、西", 8, "'、' is a full-width sign; type ,"),
        ("{東", "｛東", 8, "'｛' is a full-width sign; type {"),
        ("    headcount", "　　headcount", 11, "indented with a full-width space; type ordinary spaces"),
        ("    headcount", "\theadcount", 11, "indented with a tab; type ordinary spaces"),
        ("headcount: 3", "headcount：3", 11, "write `headcount: 3`"),
        ("    headcount: 3\n    queue: fifo", "    headcount：3\n    queue：fifo", 11, "write `headcount: ...`"),
        ("    queue: fifo", "    queue：fifo", 12, "write `queue: fifo`"),
        ("  営業:\n", "  営業：\n", 10, "write `営業:`"),
        ("商談: {", "商談： {", 14, "'：' is a full-width sign; type :"),
        ("name: 会社", "＃ 会社", 2, "'＃' begins no comment; type #"),
    ],
)
def test_a_slip_is_reported_on_its_own_line(right: str, typed: str, line: int, remedy: str) -> None:
    assert right in COMPANY
    problems = said_of(COMPANY.replace(right, typed, 1))
    assert len(problems) == 1, problems
    assert problems[0][0] == line, problems
    assert remedy in problems[0][1], problems


def test_every_slip_is_reported_at_once() -> None:
    problems = said_of(COMPANY.replace("horizon: ", "horizon：").replace("queue: ", "queue："))
    assert [line for line, _ in problems] == [6, 12]


def test_what_the_parser_says_is_kept_where_no_slip_explains_it() -> None:
    problems = said_of(COMPANY.replace("funnelsim: 1", "funnelsim：1") + "limits: [\n")
    assert problems[0][0] == 1
    assert "not YAML" in said_of(COMPANY + "limits: [\n")[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_what_they_are_are_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    path.write_bytes(COMPANY.encode(encoding))
    assert load(path).name == "会社"


@pytest.mark.parametrize(
    ("encoding", "text", "name", "line"),
    [
        ("cp932", COMPANY, "Shift-JIS (cp932)", 2),
        ("cp932", COMPANY.replace("会社", "ｶｲｼｬ"), "Shift-JIS (cp932)", 2),
        ("euc_jp", COMPANY, "EUC-JP", 2),
        ("latin-1", "funnelsim: 1\nname: Müller & Schäfer\n", "Latin-1", 2),
        ("cp1252", "funnelsim: 1\nname: “Größe” – 5 €\n", "Latin-1", 2),
        ("utf-16-le", COMPANY, "UTF-16", 1),
    ],
)
def test_other_encodings_are_refused_with_how_to_save_them(
    encoding: str, text: str, name: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "company.yaml"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert name in problem.message
    assert "save it as UTF-8" in problem.message
    assert problem.line == line


def test_a_file_of_nearly_the_name_is_named(tmp_path: Path) -> None:
    for name in ("our3.yml", "deals.CSV", "study.yml"):
        (tmp_path / name).write_text(COMPANY)
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "tool.yml").write_text("lever: tool\nchange: {}\n")
    (tmp_path / "high.yaml").write_text("extends: our3.yaml\n")
    (tmp_path / "bare.yaml").write_text("extends: our3\n")
    (tmp_path / "asked.yaml").write_text("study: x\nbase: our3.yaml\n")
    (tmp_path / "opened.yaml").write_text(COMPANY + "opening: {leads: deals.csv}\n")
    for path, close in (
        ("our3.yaml", "our3.yml"),
        ("our33.yaml", "our3.yml"),
        ("high.yaml", "our3.yml"),
        ("bare.yaml", "our3.yml"),
        ("opened.yaml", "deals.CSV"),
    ):
        with pytest.raises(ScenarioError, match=f"did you mean '{close}'"):
            load(tmp_path / path)
    for path, close in (("study.yaml", "study.yml"), ("asked.yaml", "our3.yml")):
        with pytest.raises(ScenarioError, match=f"did you mean '{close}'"):
            load_study(tmp_path / path)
    with pytest.raises(ScenarioError, match=r"did you mean 'tool\.yml'; it must end in \.yaml"):
        load(tmp_path / "our3.yml").with_levers("tool")


@pytest.mark.parametrize(("salary", "told"), [("7000", True), ("700", True), ("7_000_000", False)])
def test_a_salary_without_its_zeros_is_told(salary: str, told: bool) -> None:
    text = COMPANY.replace("    queue: fifo", f"    queue: fifo\n    cost: {{salary: {salary} / y}}")
    text = text.replace("horizon: 1 y", "currency: JPY\nhorizon: 1 y\nsegments: {a: {value: 1_000_000}}")
    assert told == any("are zeros missing?" in said for said in doubts(Scenario.from_text(text).spec))


def test_a_list_has_no_number_to_add_to() -> None:
    scenario = Scenario.from_text(COMPANY + "limits: [{stages: [商談], wip: 3}]\n")
    with pytest.raises(ScenarioError, match=r"to put more behind what is there, write \{append: \.\.\.\}"):
        scenario.change({"limits.0.stages": {"add": ["提案"]}})
