"""Long tables in parts.

A step over a whole column makes another of its length, and for millions of rows getting that memory from the
system takes longer than the step. Parts are short enough that the memory of one serves the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from funnelsim.model.spool import Spooled

Table = TypeVar("Table")

AT_ONCE = 1 << 15
"""Rows that are worked on at the same time: few enough for columns to stay near the processor."""


def chunks(length: int) -> Iterator[slice]:
    """Slices that follow one another and cover a column; at least one, which may be empty."""
    return (slice(at, min(at + AT_ONCE, length)) for at in range(0, max(length, 1), AT_ONCE))


def parts(table: Table) -> Iterator[tuple[slice, Table]]:
    """Records of one kind in parts: which rows each has, and the part."""
    for rows in chunks(rows_of(table)):
        yield rows, part(table, rows)


def part(table: Any, rows: slice) -> Any:
    """Some rows of records of one kind."""
    if isinstance(table, Spooled):
        return table.part(rows)
    return table._make(column[rows] for column in table)


def rows_of(table: Any) -> int:
    """How many rows records of one kind have."""
    return table.height if isinstance(table, Spooled) else len(table[0])
