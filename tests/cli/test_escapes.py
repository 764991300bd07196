r"""What names and values hold is shown and not obeyed: escapes, reversed writing, line breaks, formulas."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from commands import Typed, written

from funnelsim.scenario.reading.reader import read_text
from funnelsim.text import cell, visible

NAMED = r"""
funnelsim: 1
name: "One \e[31mred\e]0;pwned\a \u202eabc\nsecond line"
description: "\e[2Jclear"
horizon: 4 d
sources: {web: {rate: 2 / h, label: "\e[31mL"}}
teams: {desk: {headcount: 3, queue: fifo, label: "\e[31mT\nx"}}
stages:
  "=1+1": {team: desk, effort: 1 h, label: "=1+1\e[31mS", convert: 0.5, otherwise: {"\e[31mreason": 1}}
"""
KEY = r"""
funnelsim: 1
horizon: 1 mo
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo, "\e[31mred\e]0;pwned\a": 1}}
stages: {serve: {team: desk, effort: 1 h}}
"""
VALUES = r"""
funnelsim: 1
horizon: 1 mo
sources: {"web\e[31m": {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: "\e[31mfifo"}}
stages: {serve: {team: "de\e[31msk", effort: 1 h, convert: {"\e[31mz": 1, else: 1}}}
"""
STUDY = r"""
study: "\e[31mstudy\u2066"
question: "why\e[2J"
base: named.yaml
arms: {"@\e[31marm": {teams.desk.headcount: 4}, "=HYPERLINK(1)": {teams.desk.headcount: 2}}
vary: {teams.desk.wip_limit: [5, 6]}
kpis: [won]
replications: 2
"""
HOW = ("--engine", "simpy", "--workers", "1")


def obeyed(text: str) -> set[str]:
    """What a terminal would obey, or nobody would see, apart from the line breaks of tables."""
    return {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign != "\n"}


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    for name, text in (("named", NAMED), ("key", KEY), ("values", VALUES), ("study", STUDY)):
        written(tmp_path / f"{name}.yaml", text)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "named.yaml"), 0),
        (("check", "key.yaml"), 2),
        (("check", "values.yaml"), 2),
        (("check", "study.yaml"), 0),
        (("run", "named.yaml", "--replications", "2", *HOW), 0),
        (("compare", "study.yaml", "--replications", "2", *HOW), 0),
        (
            (
                "compare",
                "named.yaml",
                "--arm",
                "\x1b[31m\u202e: teams.desk.headcount=4",
                "--replications",
                "2",
                *HOW,
            ),
            0,
        ),
        (("sweep", "study.yaml", "--out", "runs.db", *HOW), 0),
        (("diagnose", "named.yaml", "--replications", "2", "--no-equation", *HOW), 0),
        (("run", "\x1b[31m\x9bnone.yaml"), 2),
        (("run", "named.yaml", "--set", "teams.\x1b[31m=4"), 2),
        (("run", "named.yaml", "--\x1b[31mcolour"), 2),
        (("\x1b[31m",), 2),
    ],
)
def test_nothing_is_obeyed(typed: Typed, arguments: tuple[str, ...], code: int) -> None:
    done = typed(*arguments)
    assert done.returncode == code, done
    assert obeyed(done.stdout) == set()
    assert obeyed(done.stderr) == set()
    assert r"\x1b[" in done.stdout + done.stderr or code == 0


def test_names_in_tables_are_cells_of_one_line(typed: Typed) -> None:
    done = typed("check", "named.yaml")
    assert r"\x1b[31mT\nx" in done.stdout


def test_tables_for_spreadsheets(typed: Typed, tmp_path: Path) -> None:
    assert typed("run", "named.yaml", "--replications", "1", "--events", "log.csv", *HOW).returncode == 0
    assert typed("sweep", "study.yaml", "--out", "runs.db", *HOW).returncode == 0
    assert typed("export", "runs.db", "-o", "points.csv").returncode == 0
    for name in ("log.csv", "points.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert obeyed(text) <= {"\r"}
        cells = {value for row in csv.reader(text.splitlines()) for value in row}
        formulas = {value for value in cells if value.startswith(("=", "+", "@"))}
        assert formulas == set()
        assert {"log.csv": "'=1+1", "points.csv": "'=HYPERLINK(1)"}[name] in cells
    assert typed("export", "runs.db", "-o", "points.xlsx").returncode == 0
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(tmp_path / "points.xlsx")["points"]
    kinds = {found.value: found.data_type for row in sheet.iter_rows() for found in row}
    assert kinds["=HYPERLINK(1)"] == "s"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("東京 é – ½", "東京 é – ½"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\tb\rc", r"a\tb\rc"),
        ("\x9b\x7f\u202e\u2066\u200b\ufeff", r"\x9b\x7f\u202e\u2066\u200b\ufeff"),
        ("\u2028\u3164\U000e0041", r"\u2028\u3164\U000e0041"),
        ("می\u200cخواهم 👨\u200d👩\u200d👧", "می\u200cخواهم 👨\u200d👩\u200d👧"),  # written with joiners
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_line_breaks_are_kept_in_blocks_of_text() -> None:
    read = read_text('a: "one\\ntwo"\nb: |\n  one\n  two\n')
    assert read["a"] == r"one\ntwo"
    assert read["b"] == "one\ntwo\n"


@pytest.mark.parametrize(
    ("value", "written_as"),
    [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("@x", "'@x"), ("-x", "'-x"), ("\tx", "'\tx"), ("-5", "-5"),
        ("+5.5", "+5.5"), (-5, -5), (-5.5, -5.5), ("x=1", "x=1"), (None, None), ("", ""),
    ],
)  # fmt: skip
def test_cells(value: object, written_as: object) -> None:
    assert cell(value) == written_as
