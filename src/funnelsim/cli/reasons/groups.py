"""KPIs by segment, source, territory and rep, below a run or a comparison."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from funnelsim import disk
from funnelsim.results.measures.kpis import kpi_groups
from funnelsim.results.metadata import beside, write_metadata
from funnelsim.text import cell
from funnelsim.views.sentences import matrix
from funnelsim.views.sentences.comparison import labels
from funnelsim.views.sentences.groups import (
    called,
    groups_with,
    kpis_of,
    meaning,
    not_compared,
    opposed,
    title,
    undivided,
)
from funnelsim.views.words import numbers, running, say

from .. import tables
from ..frames import difference, fitting, frame

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.experiments.comparison.by_group import ByGroup
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.divided import Divided
    from funnelsim.results.result import Result

    from .parted import Parted

ABREAST = 4
"""Groups beside the whole in one table."""


def check(parted: Parted) -> None:
    """Refuse at once a file that could not be written after long work."""
    if parted.csv is not None:
        disk.check_output(parted.csv)
        disk.check_output(beside(parted.csv))


def show_run(console: Console, result: Result) -> None:
    """Print what a run was asked to divide."""
    for by, divided in result.groupings.items():
        names, narrow = list(divided.groups), False
        for first in range(0, len(names), ABREAST):
            abreast = names[first : first + ABREAST]
            tried: list[bool] = []
            shown = fitting(console, partial(_table, result, divided, abreast, tried))
            console.print()
            console.print(shown)
            narrow |= len(tried) > 1
        kpis = {kpi.name: kpi.label for group in kpi_groups(result.model) if group.shown for kpi in group.kpis}
        said = [
            *([say("by.narrow")] * narrow),
            *meaning(by, names, result.model),
            *undivided(divided.why_not, kpis, by),
        ]
        console.print(Text("\n" + running(said), style="dim"))


def _table(result: Result, divided: Divided, names: Sequence[str], tried: list[bool], interval: bool) -> Table:
    """KPIs that exist, of all and of some groups; ``tried`` gets a mark each time that it is built."""
    tried.append(interval)
    heads = (say("run.kpi"), say("by.whole"), *(called(name, divided.by) for name in names))
    table = frame(title(divided.by), heads)
    for group, kpis in kpis_of(result, divided):
        table.add_row(Text(tables.over(result, group), style="bold"))
        for kpi in kpis:
            found = [result.summary.kpis[kpi.name], *(divided.groups[name][kpi.name] for name in names)]
            cells = [numbers.estimate(each.to_dict(), interval=interval) for each in found]
            table.add_row(*map(Text, (f"  {kpi.label}", *cells)))
    return table


# --- comparisons --------------------------------------------------------------------------------------------


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Print what arms have more or less in each group that a comparison was asked for."""
    named = labels(comparison)
    for by, found in comparison.groups.items():
        narrow = False
        console.print(Text(f"\n{title(by)}", style="bold"))
        for text in opposed(comparison, found):
            console.print(Padding(Text(text), (0, 0, 0, 2)))
        for kpi in (kpi for kpi in comparison.question.kpis if kpi not in found.why_not):
            names = groups_with(found, kpi)
            for first in range(0, len(names), ABREAST):
                abreast = names[first : first + ABREAST]
                tried: list[bool] = []
                shown = fitting(
                    console, partial(_differences, comparison, found, (kpi, named[kpi]), abreast, tried)
                )
                console.print()
                console.print(shown)
                narrow |= len(tried) > 1
        kpis = {kpi: named[kpi] for kpi in comparison.question.kpis}
        said = [
            matrix.signs(),
            *([say("by.narrow")] * narrow),
            *meaning(by, found.groups, comparison.base.model),
            *undivided(found.why_not, kpis, by),
        ]
        for text in not_compared(found):
            console.print(Padding(Text(f"\n{text}"), (0, 0, 0, 2)))
        console.print(Text("\n" + running(said), style="dim"))


def _differences(
    comparison: Comparison,
    found: ByGroup,
    kpi: tuple[str, str],
    names: Sequence[str],
    tried: list[bool],
    interval: bool,
) -> Table:
    """One KPI, a name and a label: the base's figures of all and of some groups, and each arm's differences."""
    tried.append(interval)
    heads = (say("command.compare.scenario"), say("by.whole"), *(called(name, found.by) for name in names))
    table = frame(kpi[1], heads)
    columns = [comparison.findings, *(found.groups[name] for name in names)]
    by_arm = [{each.arm: each for each in column if each.kpi == kpi[0]} for column in columns]
    for arm in comparison.arms:
        if arm is comparison.base:
            earlier = [next(iter(column.values()), None) for column in by_arm]
            cells = [
                "" if one is None else numbers.estimate(one.base.to_dict(), interval=False) for one in earlier
            ]
        else:
            cells = [_signed(column.get(arm.name), interval) for column in by_arm]
        table.add_row(*map(Text, (arm.name, *cells)))
    return table


def _signed(each: Finding | None, interval: bool) -> str:
    """A difference behind the sign of what is known."""
    if each is None or each.difference.mean is None:
        return numbers.DASH
    return say("matrix.cell", sign=matrix.SIGNS[each.verdict], difference=difference(each, interval))


# --- files --------------------------------------------------------------------------------------------------


def write_run(result: Result, out: Path) -> None:
    """Write the figures of all groups as CSV; a KPI that cannot be divided has a row that says why."""
    rows = []
    for by, divided in result.groupings.items():
        rows += [{"by": by, "group": group, "kpi": kpi, **row} for group, kpi, row in divided.rows()]
    write(out, rows, result.model.spec.name, result.made)


def write_comparison(comparison: Comparison, out: Path) -> None:
    """Write the differences of all groups as CSV; a KPI that cannot be divided has a row that says why."""
    rows = [
        {"by": by, "group": group, "kpi": kpi, "arm": arm, **row}
        for by, found in comparison.groups.items()
        for group, kpi, arm, row in found.rows()
    ]
    made = comparison.stamp.to_dict() | {"replications": comparison.replications}
    write(out, rows, comparison.question.base, made)


def write(out: Path, rows: Iterable[Mapping[str, Any]], name: str, made: Mapping[str, Any]) -> None:
    """Write rows as CSV, and beside them what made them; what does not exist is empty."""
    every = list(rows)
    with disk.written(out) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(every[0])
        for row in every:
            writer.writerow("" if value is None or value != value else cell(value) for value in row.values())
    write_metadata(out, name, [made])
