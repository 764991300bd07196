"""Columns of a table that a firm exports: which are ours, which are ours misspelt, and which are ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from funnelsim.errors import Warned

from ..forms.base import unknown
from .tables import Table

MOST_SHOWN = 15


def keyed(column: str) -> str:
    """The name of a column as it is looked up: capitals and the kind of blanks do not count."""
    return "_".join(column.casefold().split())


def named(table: Table, known: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The columns that are used, by our names, as the file calls them; and which stand there twice."""
    known, wrong = set(known), []
    found: dict[str, str] = {}
    for column in table.columns:
        key = keyed(column)
        if key in known:
            if key in found:
                wrong.append(f"{table.name}: the columns {found[key]!r} and {column!r} are the same; remove one")
            found.setdefault(key, column)
    return found, wrong


def misspelt(strange: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """Columns that are ours misspelt, which would be ignored; what is only like one, as `Deal Owner`, is not."""
    near = {column: get_close_matches(column.casefold(), missing, n=1, cutoff=0.75) for column in strange}
    return {column: close[0] for column, close in near.items() if close}


def unknown_columns(table: Table, strange: Sequence[str], missing: Sequence[str]) -> list[str]:
    """What is wrong with columns that are ours misspelt."""
    return [f"{table.name}: {unknown('column', column, missing)}" for column in misspelt(strange, missing)]


def ignored(table: Table, strange: Sequence[str], meant: Mapping[str, str]) -> list[Warned]:
    """That further columns are ignored; ``meant`` says which of ours they may be."""
    if not strange:
        return []
    hints = [f"{column!r} is not read as {ours}; call it {ours} if it is" for column, ours in meant.items()]
    listed = f"{', '.join(strange[:MOST_SHOWN])}{', ...' if len(strange) > MOST_SHOWN else ''}"
    return [Warned("; ".join([f"{table.name}: ignored are the columns {listed}", *hints]), "W-csv-columns")]
