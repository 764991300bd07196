"""KPIs by segment, source, territory and rep, of a run or of the differences of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.results.measures.kpis import kpi_groups

from ...sentences import matrix
from ...sentences.comparison import labels
from ...sentences.groups import called, groups_with, kpis_of, meaning, opposed, title, undivided
from ...words import say
from ..blocks import Block, Cell, Group, Head, Listing, Row, Table, Text
from .section import Section, apart, label

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.by_group import ByGroup
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.divided import Divided
    from funnelsim.results.result import Result

    from ..given import Given

ABREAST = 4
"""Groups beside the whole in one table."""


def _groups(given: Given) -> Iterator[Block]:
    if given.run is not None:
        for divided in given.run.groupings.values():
            yield from _of_run(given.run, divided)
    if given.comparison is not None:
        for found in given.comparison.groups.values():
            yield from _of_comparison(given.comparison, found)


def _of_run(result: Result, divided: Divided) -> Iterator[Block]:
    for names in _abreast(list(divided.groups)):
        rows: list[Row | Group] = []
        for group, kpis in kpis_of(result, divided):
            rows.append(Group(group.label))
            for kpi in kpis:
                found = (result.summary.kpis[kpi.name], *(divided.groups[name][kpi.name] for name in names))
                rows.append((label(kpi, result.model), *map(Cell.of, found)))
        heads = (say("run.kpi"), *_heads(divided.by, names))
        yield Table(f"by_{divided.by}", title(divided.by), heads, tuple(rows))
    known = {kpi.name: kpi.label for group in kpi_groups(result.model) if group.shown for kpi in group.kpis}
    yield from (Text(said, "note") for said in meaning(divided.by, divided.groups, result.model))
    yield from (Text(said, "note") for said in undivided(divided.why_not, known, divided.by))


def _of_comparison(comparison: Comparison, found: ByGroup) -> Iterator[Block]:
    yield Head(title(found.by))
    named, said = labels(comparison), tuple(opposed(comparison, found))
    if said:
        yield Listing(said)
    for kpi in (kpi for kpi in comparison.question.kpis if kpi not in found.why_not):
        for names in _abreast(groups_with(found, kpi)):
            yield _differences(comparison, found, (kpi, named[kpi]), names)
    kpis = {kpi: named[kpi] for kpi in comparison.question.kpis}
    yield Text(matrix.signs(), "note")
    yield from (Text(said, "note") for said in meaning(found.by, found.groups, comparison.base.model))
    yield from (Text(said, "note") for said in undivided(found.why_not, kpis, found.by))


def _differences(comparison: Comparison, found: ByGroup, kpi: tuple[str, str], names: Sequence[str]) -> Table:
    """One KPI, a name and a label: the base's figures of all and of some groups, and each arm's differences."""
    columns = [
        {each.arm: each for each in column if each.kpi == kpi[0]}
        for column in (comparison.findings, *(found.groups[name] for name in names))
    ]
    rows: list[Row] = []
    for arm in comparison.arms:
        if arm is comparison.base:
            earlier = [next(iter(column.values()), None) for column in columns]
            rows.append((arm.name, *(Cell.of(None if one is None else one.base) for one in earlier)))
            continue
        own = [column.get(arm.name) for column in columns]
        cells = (Cell.of(None) if each is None or each.difference.mean is None else apart(each) for each in own)
        signs = ("" if each is None else matrix.SIGNS[each.verdict] for each in own)
        rows.append((arm.name, *(_signed(sign, cell) for sign, cell in zip(signs, cells, strict=True))))
    heads = (say("command.compare.scenario"), *_heads(found.by, names))
    return Table(f"by_{found.by}_{kpi[0]}", kpi[1], heads, tuple(rows))


def _signed(sign: str, cell: Cell) -> Cell:
    """A difference behind the sign of what is known."""
    if cell.value is None:
        return cell
    return Cell(say("matrix.cell", sign=sign, difference=cell.text), cell.value, cell.unit, cell.low, cell.high)


def _heads(by: str, names: Sequence[str]) -> tuple[str, ...]:
    return say("by.whole"), *(called(name, by) for name in names)


def _abreast(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Groups, as many at a time as there is room for."""
    return (names[first : first + ABREAST] for first in range(0, len(names), ABREAST))


def _divided(given: Given) -> bool:
    run, comparison = given.run, given.comparison
    return bool(run is not None and run.groupings) or bool(comparison is not None and comparison.groups)


GROUPS = Section("groups", _divided, _groups)
