"""What a reader makes of files: tables with columns by role, still as text with the rows that they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..findings import Finding
from .columns import Guess, guess, normal
from .mapping import Mapping
from .tables import Raw


@dataclass(frozen=True, eq=False)
class Piece:
    """One table of one kind.

    Parameters
    ----------
    kind : {'history', 'deals', 'activities', 'people', 'customers', 'dumps'}
        What it holds.
    raw : Raw
        The file that it comes from.
    cells : pandas.DataFrame
        Text by role; its index holds rows of the file, some perhaps several times.
    guesses : tuple of Guess
        Which column is what.
    layout : str
        The name of the layout that was recognised.
    lacks : tuple of str
        What such exports never hold, as keys of the words of the first look.
    findings : tuple of Finding
        What the reader noticed.
    order : str
        ``start`` if rows are in the order of time within a deal, or empty.
    utc : bool
        Whether moments without a zone are in UTC.
    """

    kind: str
    raw: Raw
    cells: pd.DataFrame
    guesses: tuple[Guess, ...]
    layout: str
    lacks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    utc: bool = False


@dataclass(frozen=True)
class Layout:
    """An export of one program, known by its header.

    Parameters
    ----------
    name : str
        Of the layout.
    sign : tuple of tuples of str
        Headers of which one of each group has to be there.
    kind : str
        What it becomes; see `Piece`.
    columns : dict
        Headers by role, the surest first.
    lacks : tuple of str
        What it never holds.
    reshape : callable, optional
        Makes the pieces where a renaming of columns is not enough.
    """

    name: str
    sign: tuple[tuple[str, ...], ...]
    kind: str
    columns: dict[str, tuple[str, ...]]
    lacks: tuple[str, ...] = ()
    reshape: Callable[[Layout, Raw, Mapping], list[Piece]] | None = None
    utc: bool = False
    needed: tuple[str, ...] = field(default=("id",))

    def matches(self, raw: Raw) -> bool:
        """Whether a file has this layout."""
        there = {normal(each) for each in raw.columns}
        return all(any(normal(each) in there for each in group) for group in self.sign)

    def read(self, raw: Raw, mapping: Mapping) -> list[Piece]:
        """The tables in a file of this layout."""
        return self.reshape(self, raw, mapping) if self.reshape is not None else [self.plain(raw, mapping)]

    def plain(self, raw: Raw, mapping: Mapping, others: Sequence[str] = ()) -> Piece:
        """The file with its columns renamed."""
        guesses = self.named(raw, mapping)
        known = {each.role: each.column for each in guesses}
        missing = [role for role in self.needed if role not in known]
        if missing:
            guesses = guess(raw, missing, others, known)
        return piece(self.kind, raw, guesses, self.name, self.lacks, utc=self.utc)

    def named(self, raw: Raw, mapping: Mapping) -> list[Guess]:
        """The columns that the mapping names, and else those of the layout."""
        given = mapping.columns_of(raw.columns)
        there = {normal(each): each for each in reversed(raw.columns)}
        made = [Guess(role, column, 1.0, "mapping") for role, column in given.items()]
        taken = set(given.values())
        for role, names in self.columns.items():
            column = next((there[normal(each)] for each in names if normal(each) in there), None)
            if role not in given and column is not None and column not in taken:
                made.append(Guess(role, column, 1.0, "layout"))
                taken.add(column)
        return made


def piece(
    kind: str,
    raw: Raw,
    guesses: Sequence[Guess],
    layout: str,
    lacks: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
    utc: bool = False,
) -> Piece:
    """The columns of a file under the names of their roles."""
    cells = pd.DataFrame({each.role: raw.cells[each.column] for each in guesses}, index=raw.cells.index)
    return Piece(kind, raw, cells, tuple(guesses), layout, lacks, findings, utc)
