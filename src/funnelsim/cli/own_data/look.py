"""``funnelsim crm look``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim import disk
from funnelsim.views.sentences.own_data import calibration, look
from funnelsim.views.words import say

from .. import streams
from ..frames import frame
from .outputs import in_yaml, tell

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Shown_table

    from funnelsim.calibration.reading.looking import Look, Table

    from ..options import Shown
    from .asked import Recorded


def crm_look(recorded: Recorded, out: Path | None, shown: Shown) -> None:
    """Print what each column is taken for; write the mapping where that is asked for."""
    if out is not None:
        in_yaml(out, "mapping")
    found = recorded.look()
    tell(found.findings, shown.quiet)
    if out is not None:
        write(found, out)
    if shown.json:
        streams.document({**found.to_dict(), "written": [] if out is None else [out.name]})
    else:
        show(streams.results(), found, recorded, out)


def write(found: Look, out: Path) -> None:
    """Write the mapping."""
    with disk.written(out) as part:
        part.write_text(found.mapping.to_yaml(), encoding="utf-8")


def show(console: Console, found: Look, recorded: Recorded, out: Path | None) -> None:
    """Print the tables."""
    for table in found.tables:
        console.print(Text(look.taken(table), style="bold"))
        console.print(_columns(table))
        for text in look.about(table):
            console.print(Text(text))
        console.print()
    console.print(_stages(found))
    for text in look.ends(found):
        console.print(Text(text))
    console.print(Text(f"\n{calibration.read_of(found.history)}"))
    console.print(Text(calibration.evidence(found.history)))
    if out is not None:
        console.print(Text(say("calibrate.wrote", files=out.name)))
    mapped = ["--map", str(out or recorded.map)] if out or recorded.map else []
    command = shlex.join(["funnelsim", "calibrate", *recorded.files, *mapped, "-o", "scenario.yaml"])
    console.print(Text(say("calibrate.next", command=command)))


def _columns(table: Table) -> Shown_table:
    made = frame("", [say(f"look.col.{each}") for each in look.COLUMNS], left=3)
    for column in table.columns:
        made.add_row(*map(Text, look.column_row(column)))
    return made


def _stages(found: Look) -> Shown_table:
    made = frame(say("look.stages"), [say(f"look.col.{each}") for each in look.STAGES], left=2)
    for stage in found.stages:
        made.add_row(*map(Text, look.stage_row(stage)))
    return made
