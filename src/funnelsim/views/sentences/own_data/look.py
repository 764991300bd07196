"""The first look at exports, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...words import counted, listed, say

if TYPE_CHECKING:
    from funnelsim.calibration.reading.looking import Column, Look, Table

COLUMNS = ("role", "column", "how")
STAGES = ("stage", "team", "visits", "open")

SURE = 0.9
"""Score from which a guess is not called one that should be looked at."""

_PROGRAMS = {
    "dynamics": "Dynamics", "hubspot": "HubSpot", "odoo": "Odoo", "pipedrive": "Pipedrive",
    "salesforce": "Salesforce", "zoho": "Zoho", "funnelsim": "funnelsim",
}  # fmt: skip
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def taken(table: Table) -> str:
    """What a file is taken for."""
    program = _PROGRAMS.get(table.layout.partition("_")[0])
    what = say(f"look.kind.{table.kind}")
    if program is not None:
        what = say("look.program", program=program, what=what)
    named = {"file": table.file, "what": what}
    if not table.encoding:
        return counted("look.file", table.rows, **named)
    delimiter = say(f"look.delimiter.{_DELIMITERS[table.delimiter]}")
    return counted("look.text_file", table.rows, **named, encoding=table.encoding, delimiter=delimiter)


def column_row(column: Column) -> tuple[str, str, str]:
    """A column as a row of the table."""
    how = say(f"look.how.{column.how}")
    if column.how == "guess" and column.score < SURE:
        how = say("look.how.unsure")
    if column.written:
        how = say("look.written", how=how, written=column.written)
    if column.why:
        how = say("look.why", how=how, why=column.why)
    return column.role, column.column, how


def about(table: Table) -> Iterator[str]:
    """What is not used of a file, and what such files never hold."""
    if table.unused:
        yield say("look.unused", columns=listed(list(table.unused)))
    if table.lacks:
        yield say("look.lacks", what=listed([say(f"look.lack.{each}") for each in table.lacks]))


def ends(found: Look) -> Iterator[str]:
    """Which names mean the end of a deal."""
    for key, names in (("won", found.read.book.won), ("lost", found.read.book.lost)):
        if names:
            yield say(f"look.{key}", names=listed(sorted(names)))


def stage_row(stage: tuple[str, str, int, int]) -> tuple[str, str, str, str]:
    """A stage as a row of the table."""
    name, team, visits, open_ = stage
    return name, team, f"{visits:,}", f"{open_:,}"
