"""KPIs by segment, source, territory and rep, below a run or a comparison."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from funnelsim import disk
from funnelsim.results.measures.kpis import kpi_groups
from funnelsim.results.metadata import beside, write_metadata
from funnelsim.text import cell
from funnelsim.views.sentences.groups import called, meaning, title, undivided
from funnelsim.views.words import numbers, running, say

from .. import tables
from ..frames import fitting, frame

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from funnelsim.results.divided import Divided
    from funnelsim.results.result import Result

    from ..questions import Parted

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
        said = [*([say("by.narrow")] * narrow), meaning(by), *undivided(divided.why_not, kpis, by)]
        console.print(Text("\n" + running(said), style="dim"))


def _table(result: Result, divided: Divided, names: Sequence[str], tried: list[bool], interval: bool) -> Table:
    """KPIs that exist, of all and of some groups; ``tried`` gets a mark each time that it is built."""
    tried.append(interval)
    heads = (say("run.kpi"), say("by.whole"), *(called(name, divided.by) for name in names))
    table = frame(title(divided.by), heads)
    for group in kpi_groups(result.model):
        rows = []
        for kpi in group.kpis if group.shown else ():
            whole = result.summary.kpis[kpi.name].to_dict()
            if kpi.name in divided.why_not or whole is None:
                continue
            if numbers.is_zero(whole) and kpi.name not in tables.KEPT_AT_ZERO:
                continue
            leaves = [whole, *(divided.groups[name][kpi.name].to_dict() for name in names)]
            rows.append((f"  {kpi.label}", *(numbers.estimate(leaf, interval=interval) for leaf in leaves)))
        if rows:
            table.add_row(Text(tables.over(result, group), style="bold"))
            for row in rows:
                table.add_row(*map(Text, row))
    return table


# --- files --------------------------------------------------------------------------------------------------


def write_run(result: Result, out: Path) -> None:
    """Write the figures of all groups as CSV; a KPI that cannot be divided has a row that says why."""
    rows = []
    for by, divided in result.groupings.items():
        rows += [{"by": by, "group": group, "kpi": kpi, **row} for group, kpi, row in divided.rows()]
    write(out, rows, result.model.spec.name, result.made)


def write(out: Path, rows: Iterable[Mapping[str, Any]], name: str, made: Mapping[str, Any]) -> None:
    """Write rows as CSV, and beside them what made them; what does not exist is empty."""
    every = list(rows)
    with disk.written(out) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(every[0])
        for row in every:
            writer.writerow("" if value is None or value != value else cell(value) for value in row.values())
    write_metadata(out, name, [made])
