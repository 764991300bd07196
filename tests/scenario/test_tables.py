"""CSV tables beside a scenario: open deals, values of distributions, points of a study."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelsim.errors import ScenarioError
from funnelsim.scenario import Scenario, load
from funnelsim.scenario.forms.quantities import Duration
from funnelsim.scenario.study.study import Study, load_study

COMPANY = """\
funnelsim: 1
horizon: 6 mo
opening: {leads: deals.csv}
segments: {all: {value: 20_000}}
sources: {web: {rate: 0 / h}}
teams: {sales: {headcount: 2, queue: fifo}}
stages:
  propose: {team: sales, effort: 1 h, decision: 10 d, convert: 0.5}
"""
STUDY = "study: points\nbase: company.yaml\ndesign: {table: points.csv}\n"


def with_deals(folder: Path, content: str | bytes) -> Scenario:
    (folder / "deals.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "company.yaml").write_text(COMPANY)
    return load(folder / "company.yaml")


def refused(folder: Path, content: str | bytes) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        with_deals(folder, content)
    return [str(problem).replace(str(folder) + "/", "") for problem in caught.value.problems]


def with_points(folder: Path, content: str) -> Study:
    (folder / "points.csv").write_text(content, newline="")
    (folder / "company.yaml").write_text(COMPANY.replace("opening: {leads: deals.csv}\n", ""))
    (folder / "study.yaml").write_text(STUDY)
    return load_study(folder / "study.yaml")


PLAIN = "stage,value,age,owner\npropose,27500.50,12 d,Müller\npropose,31000,3 d,\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("stage,value", "Stage, VALUE "),
        PLAIN.replace("\npropose", "\n\n,,,\npropose"),
        PLAIN.replace("\n", ",\n"),
        PLAIN.replace("\n", ",,\n"),
        PLAIN.replace(",age,", ",age_days,").replace(" d", ""),
        PLAIN.replace("Müller", '"Müller"'),
        PLAIN.encode("utf-16"),
    ],
)
def test_the_same_deals_however_the_table_is_saved(content: str | bytes, tmp_path: Path) -> None:
    scenario = with_deals(tmp_path, content)
    first, second = scenario.spec.opening.deals
    assert (first.value, first.age, first.owner) == (27500.5, Duration(12, "d"), "Müller")
    assert (second.value, second.age, second.owner) == (31000, Duration(3, "d"), None)
    said = "deals.csv line 2: the row is empty, and left out (and 3 more like it)"
    assert scenario.warnings == (
        (said,) if b"\n\n" in (content if isinstance(content, bytes) else content.encode()) else ()
    )


def test_a_line_break_in_a_cell_counts_in_the_lines_after_it(tmp_path: Path) -> None:
    said = refused(tmp_path, 'stage,owner\npropose,"Ann\nMiller"\nProposal,Bob\n')
    assert said == ["deals.csv:4:1: opening.deals.1.stage: unknown stage 'Proposal'; did you mean 'propose'?"]


def test_further_columns_are_ignored_with_a_word(tmp_path: Path) -> None:
    export = 'Deal Name,Deal Owner,Stage,Amount,Closing Date\nA,ann,propose,"100,000",2026-06-15\n'
    scenario = with_deals(tmp_path, export)
    (warning,) = scenario.warnings
    assert "ignored are the columns Deal Name, Deal Owner, Amount, Closing Date" in warning
    assert "'Amount' is not read as value; call it value if it is" in warning
    assert scenario.spec.opening.deals[0].stage == "propose"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("stage,value\npropose,100\npropose,\"27.500,50\"\n", "deals.csv line 3, value: expected a number, found "
         "'27.500,50'; write 27500.5"),
        ("stage;value\npropose;27500,5\n", "line 2, value: expected a number, found '27500,5'; write 27500.5"),
        ("stage;value\npropose;31.000\n", "'31.000' may be 31000 or 31; write 31000 without the point, or 31.0"),
        ("stage,value\npropose,\"$27,500.50\"\n", "write 27500.5"),
        ("stage,value\npropose,360万人\n", "write 3_600_000"),
        ("stage,value\npropose,27,500\n", "line 2: found 3 cells where the header has 2; a text or number with a "
         "comma in it needs quotation marks"),
        ("stage,value,age\npropose,100\n", "line 2: found 2 cells where the header has 3"),
        ("stage,age\npropose,12\npropose,13\npropose,14\n", "line 2, age: '12' has no unit; write 12 d, or call "
         "the column age_days (and 2 more rows like it)"),
        ("stage,age_days\npropose,12 d\n", "line 2, age_days: expected a number of days, found '12 d'"),
        ("stage,age,age_days\npropose,1 d,1\n", "the columns age and age_days say the same"),
        ("stage,valeu\npropose,100\n", "unknown column 'valeu'; did you mean 'value'?"),
        ("stage,value,Value\npropose,1,2\n", "the columns 'value' and 'Value' are the same; remove one"),
        ("stage,value,value\npropose,1,2\n", "the column 'value' stands twice in the header"),
        ("ステージ,金額\npropose,1\n", "write stage instead of 'ステージ', value instead of '金額'"),
        ("name,city\npropose,1\n", "the column stage is missing; its columns are name, city"),
        ("stage,owner\npropose,\"Ann\n", "line 2: not a row of a CSV"),
        ("", "the table is empty"),
        ("stage,owner\npropose,田中さん\n".encode("euc_jp"), "line 2: the file is not UTF-8 text (byte 0xc5); it "
         "looks like EUC-JP"),
        ("stage,owner\npropose,Müller\n".encode("latin-1"), "it looks like Latin-1"),
    ],
)  # fmt: skip
def test_deals_refused(content: str | bytes, message: str, tmp_path: Path) -> None:
    said = refused(tmp_path, content)
    assert len(said) == 1, said
    assert message in said[0]


def test_rows_that_are_wrong_alike_are_one_problem(tmp_path: Path) -> None:
    said = refused(tmp_path, "stage\n" + "Proposal\n" * 500)
    assert said == [
        "deals.csv:2:1: opening.deals.0.stage: unknown stage 'Proposal'; did you mean 'propose'? "
        "(and 499 more like it)"
    ]


@pytest.mark.parametrize(
    "table", ["hours,n\n1 h,1\n2 h,2\n", "hours;n\n1 h;1\n\n2 h;2\n", "\ufeffn,hours\n,1 h\n,2 h\n"]
)
def test_values_of_a_distribution(table: str, tmp_path: Path) -> None:
    (tmp_path / "hours.csv").write_text(table)
    text = COMPANY.replace("opening: {leads: deals.csv}\n", "").replace(
        "effort: 1 h", "effort: {dist: empirical, file: hours.csv, column: hours}"
    )
    assert len(Scenario.from_text(text, tmp_path).spec.stages["propose"].effort.other.values) == 2


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("hours\n1 h\nsoon\n", "hours.csv:3:1: stages.propose.effort.else.values.1: expected a length of time"),
        ("hours\n1 h\n2 hrs\n", "unknown unit 'hrs'; expected one of s, min, h, bd; write '2 h'"),
        ("hours;n\n1.234;1\n", "hours.csv line 2, hours: in a table with semicolons '1.234' may be 1234 or 1.234"),
        ("n\n1\n", "unknown column of hours.csv 'hours'"),
        ("hours\n", "there is nothing below the header"),
    ],
)
def test_values_of_a_distribution_refused(table: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "hours.csv").write_text(table)
    text = COMPANY.replace("opening: {leads: deals.csv}\n", "").replace(
        "effort: 1 h", "effort: {dist: empirical, file: hours.csv, column: hours}"
    )
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_text(text, tmp_path)
    assert message.replace(".else", "") in str(caught.value).replace(".else", "")


HEADER = "teams.sales.headcount,stages.propose.convert\n"


@pytest.mark.parametrize(
    "table",
    [
        HEADER + "2,0.5\n3,50%\n,\n",
        "\ufeff" + HEADER + "2,0.5\n\n3,50%\n,\n",
        (HEADER + "2,0.5\n3,50%\n,\n").replace(",", ";").replace("\n", "\r\n"),
    ],
)
def test_points(table: str, tmp_path: Path) -> None:
    rows = with_points(tmp_path, table).rows
    assert rows[0] == (None, {"teams.sales.headcount": 2, "stages.propose.convert": 0.5})
    assert rows[2] == (None, {})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (HEADER + "2,0.5\n\n3,\"0,7\"\n", "points.csv line 4, stages.propose.convert: expected a number at "
         "least 0 and at most 1, found '0,7'; write 0.7"),
        (HEADER.replace(",", ";") + "2;0.123\n", "in a table with semicolons '0.123' may be"),
        (HEADER + "2,0.5\n3,0,7\n", "points.csv line 3: found 3 cells where the header has 2"),
        ("teams.sales.headcuont\n2\n", "teams.sales.headcuont"),
        ("arm,teams.sales.headcount\nbase,2\nother,3\n", "points.csv line 3: unknown arm 'other'"),
        (HEADER + "2,{a\n", "points.csv line 2, stages.propose.convert: not YAML"),
    ],
)  # fmt: skip
def test_points_refused(table: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_points(tmp_path, table)
    assert message in str(caught.value)


def test_shift_jis_is_read_and_told(tmp_path: Path) -> None:
    """What a spreadsheet in Japan writes, with names as they are and one word about it."""
    content = "stage,owner,value\r\npropose,田中,100\r\npropose,ｽｽﾞｷ,360万円\r\n"
    made = with_deals(tmp_path, content.encode("cp932"))
    assert [deal.owner for deal in made.spec.opening.deals] == ["田中", "ｽｽﾞｷ"]
    (said,) = [text for text in made.warnings if "Shift-JIS" in text]
    assert said == (
        "deals.csv: read as Shift-JIS (cp932), in which line 2 says 'propose,田中,100'; if that is wrong, save it "
        "as UTF-8: Notepad (メモ帳) has it under File, Save as, Encoding; Excel under Save as, 'CSV UTF-8'"
    )
    plain = with_deals(tmp_path, content)
    assert plain.spec.opening.deals == made.spec.opening.deals
    assert not any("read as" in text for text in plain.warnings)
