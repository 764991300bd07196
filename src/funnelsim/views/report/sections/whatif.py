"""What-if questions that were answered beforehand: a table of all points, and a choice of them by a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from funnelsim.scenario.study.factors import told

from ...panel.names import of_path
from ...words import numbers, say
from ..blocks import Block, Cell, Picture, Row, Table, Text, Viewer
from .grid import draw
from .section import Section, apart, columns, difference, label, verdict

if TYPE_CHECKING:
    from funnelsim.experiments.asking.beforehand import Answered, Beforehand

    from ..given import Given


def _what_if(given: Given) -> Iterator[Block]:
    asked = given.asked
    assert asked is not None
    yield Text(say("report.what_if.said", number=len(asked.points), replications=asked.replications))
    yield _viewer(asked)
    called = label(asked.base.indicators[asked.kpis[0]][1], asked.base.model)
    title = say("report.what_if.title", kpi=called)
    yield Picture("what_if", title, say("report.what_if.description"), lambda: draw(asked, called))
    labels = [label(asked.base.indicators[kpi][1], asked.base.model) for kpi in asked.kpis]
    heads = (*_controls(asked), *(text for each in labels for text in (each, say("report.col.difference"))))
    rows = tuple(_row(asked, each) for each in asked.points)
    mark = next((at for at, each in enumerate(asked.points) if each.today), None)
    yield Table("what_if", say("report.what_if.caption"), tuple(heads), rows, mark)
    yield Text(say("report.what_if.note"), "note")


def _controls(asked: Beforehand) -> list[str]:
    """What the controls are called."""
    return [of_path(asked.line, name) for name in asked.values]


def _row(asked: Beforehand, each: Answered) -> Row:
    cells: list[str | Cell] = [_value(value) for value in each.at.values()]
    found = {one.kpi: one for one in each.findings}
    for kpi in asked.kpis:
        cells.append(Cell.of(each.arm.estimate(kpi), interval=False))
        if kpi in found:
            cells.append(apart(found[kpi]))
        else:
            cells.append(Cell(say("report.is_base")))
    return tuple(cells)


def _value(value: Any) -> str | Cell:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Cell(told(value), float(value)) if is_number else told(value)


def _viewer(asked: Beforehand) -> Viewer:
    """What stands at each point, by the texts of its values."""
    answers = []
    for each in asked.points:
        found = {one.kpi: one for one in each.findings}
        lines: list[tuple[str, ...]] = []
        for kpi in asked.kpis:
            called = label(asked.base.indicators[kpi][1], asked.base.model)
            figure = numbers.estimate(each.arm.estimate(kpi).to_dict(), interval=False)
            one = found.get(kpi)
            rest = (
                (numbers.DASH, say("report.is_base")) if one is None else (difference(one), verdict(one.verdict))
            )
            lines.append((called, figure, *rest))
        answers.append(([told(value) for value in each.at.values()], lines))
    texts = (tuple(map(told, values)) for values in asked.values.values())
    controls = tuple(zip(_controls(asked), texts, strict=True))
    start = next((at for at, each in enumerate(asked.points) if each.today), 0)
    heads = columns("figure", "mean", "difference", "known")
    return Viewer(controls, heads, tuple(answers), start)


WHAT_IF = Section("what_if", lambda given: given.asked is not None, _what_if)
