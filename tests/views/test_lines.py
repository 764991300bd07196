"""Lines of Japanese end where Japanese may end, in every width of a terminal."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pytest
from rich.cells import cell_len
from rich.padding import Padding
from rich.text import Text

from funnelsim.cli.frames import PlainConsole
from funnelsim.views.words import texts
from funnelsim.views.words.lines import NOT_FIRST, NOT_LAST, cuts

FILLED = re.compile(r"\{[a-z_]+\}")

SAID = {lang: [FILLED.sub("10万5,000", text) for text in texts.texts(lang).values()] for lang in ("en", "ja")}
"""All texts, with an amount in each gap, which must stay whole."""


def lines(text: str, width: int) -> list[str]:
    ends = [0, *cuts(text, width, cell_len), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


@pytest.mark.parametrize("width", range(40, 121, 8))
def test_no_line_begins_or_ends_where_none_may(width: int) -> None:
    for text in SAID["ja"]:
        broken = lines(text, width)
        assert "".join(broken) == text
        for line in broken:
            assert cell_len(line.rstrip()) <= width, text
        for before, after in pairwise(broken):
            assert after[0] not in NOT_FIRST, text
            assert before[-1] not in NOT_LAST, text
            assert not (re.search(r"[\d,.万]$", before) and re.match(r"[\d,.万]", after)), text


@pytest.mark.parametrize("width", [40, 72, 120])
def test_english_is_broken_between_words(width: int) -> None:
    for text in SAID["en"]:
        for before, after in pairwise(lines(text, width)):
            assert before.endswith(" ") or "万" in before[-1] + after[0] or len(before) >= width, text
            assert not after.startswith(" ")


@pytest.mark.parametrize(
    ("text", "width", "broken"),
    [
        ("待ち時間は平均25日です。", 22, ["待ち時間は平均25日で", "す。"]),
        ("待ち時間は平均25日です。", 16, ["待ち時間は平均", "25日です。"]),
        ("inside salesは忙しく見えますが", 20, ["inside salesは忙しく", "見えますが"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("one two", 3, ["one ", "two"]),
        ("", 10, [""]),
    ],
)
def test_lines(text: str, width: int, broken: list[str]) -> None:
    assert lines(text, width) == broken


@pytest.mark.parametrize("width", [40, 57, 80, 119])
def test_the_console_prints_such_lines(width: int) -> None:
    text = "週ごとに見ると、field salesが制約の週は92%、どのチームも該当しない週は4.6%(試行10万5,000回)です。" * 3
    for shown in (text, Text(text, style="dim"), Padding(Text(text), (0, 0, 0, 2))):
        file = io.StringIO()
        PlainConsole(file=file, width=width, highlight=False, emoji=False, markup=False).print(shown)
        printed = [line.strip() for line in file.getvalue().splitlines()]
        assert "".join(printed).replace(" ", "") == text.replace(" ", "")
        assert all(cell_len(line) <= width and line[0] not in NOT_FIRST for line in printed)
