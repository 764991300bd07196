"""Tables in narrow consoles: names take several lines, figures never do."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

import funnelsim as fs
from funnelsim.cli.compare import _predictions
from funnelsim.cli.frames import fitting, frame

NAMES = ("one more in field sales for the north", "大手向け営業部門の担当者を一人増やす")


@pytest.fixture(scope="module")
def verification() -> fs.Verification:
    base = fs.Scenario.from_dict(
        {
            "horizon": "40 d",
            "warmup": "4 d",
            "sources": {"web": {"rate": "8 / d"}},
            "teams": {"desk": {"headcount": 1, "queue": "lifo"}},
            "stages": {"serve": {"team": "desk", "effort": "4 h"}},
        }
    )
    arms = {name: {"teams.desk.headcount": {"add": more}} for more, name in enumerate(NAMES, start=1)}
    vary = {"sources.web.rate": [{"multiply": 0.5}, {"multiply": 1.5}]}
    predicts = [
        {"arm": name, "kpi": "won", "expect": "up", "at": {"sources.web.rate": {"multiply": 1.5}}} for name in arms
    ]
    study = fs.Study.of(base, vary, arms=arms, predicts=predicts, name="desk")
    return fs.verify(study, replications=3, engine="simpy")


def printed(table: object, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, emoji=False, markup=False)
    console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [80, 100, 120])
def test_predictions_keep_their_intervals(width: int, verification: fs.Verification) -> None:
    text = printed(_predictions(verification), width)
    assert len(re.findall(r"[+−][\d.]+ ± [\d.]+ %", text)) == len(NAMES)
    assert "".join(NAMES[1]) in "".join(re.findall("[\u3040-\u9fff]", text))
    assert "…" not in text


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_figure_is_cut(width: int) -> None:
    figures = ("1,234,567 ± 1,234", "12.3 ± 4.5 %", "−1.23 ± 0.45 h")

    def build(interval: bool) -> object:
        table = frame("", ("name", "a", "b", "c"))
        cells = figures if interval else tuple(each.partition(" ±")[0] for each in figures)
        for name in NAMES:
            table.add_row(name, *cells)
        return table

    console = Console(width=width, file=io.StringIO())
    text = printed(fitting(console, build), width)  # type: ignore[arg-type]
    whole = [text.count(each) for each in figures]
    without = [text.count(each.partition(" ±")[0]) for each in figures]
    assert whole == [2, 2, 2] or (whole == [0, 0, 0] and without == [2, 2, 2])
    # Names are shown whole, if in several lines.
    assert "".join(re.findall("[\u3040-\u9fff]", text)) == NAMES[1]
