"""The first look at exports: what each file is taken for, column by column, and what such exports never hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..findings import Finding
from ..history import OPEN, History
from .guessing import written_out
from .mapping import Mapping
from .pieces import Piece
from .reading import Files, Read, read_all

_LACKED_BELOW = {"stage_history": 1, "first_touch": 2, "minutes": 3}
"""What a file lacks and another may hold: the level of evidence from which it is there."""


@dataclass(frozen=True)
class Column:
    """What one column is taken for.

    Parameters
    ----------
    role, column : str
        As in the mapping; the header.
    how : {'mapping', 'layout', 'guess'}
        Who says so: the mapping, the layout of the program, or names and contents.
    score : float
        How sure, from 0 to 1.
    written : str
        How moments are written, such as ``y-m-d h:m``; empty for other columns.
    why : str
        How the order of day and month was found; empty where it cannot be another.
    """

    role: str
    column: str
    how: str
    score: float
    written: str = ""
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "role": self.role, "column": self.column, "how": self.how, "score": self.score,
            "written": self.written, "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True)
class Table:
    """What one file is taken for.

    Parameters
    ----------
    file, layout, kind : str
        Its name, the layout that was recognised, and what it holds.
    rows : int
        Below the header.
    encoding, delimiter : str
        Empty for workbooks and Parquet.
    columns : tuple of Column
        What is used.
    unused : tuple of str
        Headers of columns that are not.
    lacks : tuple of str
        What is in none of the files, and such an export never holds.
    """

    file: str
    layout: str
    kind: str
    rows: int
    encoding: str
    delimiter: str
    columns: tuple[Column, ...]
    unused: tuple[str, ...]
    lacks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": self.file, "layout": self.layout, "kind": self.kind, "rows": self.rows,
            "encoding": self.encoding, "delimiter": self.delimiter,
            "columns": [each.to_dict() for each in self.columns],
            "unused": list(self.unused), "lacks": list(self.lacks),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Look:
    """What exports are taken for, before anything is estimated."""

    read: Read
    tables: tuple[Table, ...]

    @property
    def history(self) -> History:
        """What was read."""
        return self.read.history

    @cached_property
    def mapping(self) -> Mapping:
        """The same as a mapping, to save and correct."""
        return written_out(self.read)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed."""
        return self.history.findings

    @property
    def stages(self) -> list[tuple[str, str, int, int]]:
        """By stage: its name, the team (empty where none is known), visits, and how many of them are open."""
        history, visits = self.history, self.history.visits
        counts = np.bincount(visits.stage, minlength=len(history.stages)).tolist()
        open_ = np.bincount(visits.stage[visits.outcome == OPEN], minlength=len(history.stages)).tolist()
        of = [history.teams[team] if team >= 0 else "" for team in history.stage_team or [-1] * len(counts)]
        return list(zip(history.stages, of, counts, open_, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        history = self.history
        return {
            "files": [each.to_dict() for each in self.tables],
            "level": history.level,
            "from": history.date(history.start).isoformat(),
            "as_of": history.date(history.as_of).isoformat(),
            "deals": len(history.deals),
            "stages": [
                {"stage": name, "team": team, "visits": visits, "open": open_}
                for name, team, visits, open_ in self.stages
            ],
            "won": sorted(self.read.book.won),
            "lost": sorted(self.read.book.lost),
            "mapping": self.mapping.to_yaml(),
            "findings": [finding.to_dict() for finding in self.findings],
        }


def look(files: Files, mapping: Any = None, *, as_of: Any = None, since: Any = None) -> Look:
    """What exports are taken for.

    Parameters
    ----------
    files, mapping, as_of, since
        As in `read_history`.

    Raises
    ------
    CalibrationError
        If something is not sure; see `read_history`.
    """
    read = read_all(files, mapping, as_of=as_of, since=since)
    pieces = read.loaded.pieces
    elsewhere = {lack for lack, level in _LACKED_BELOW.items() if read.history.level >= level}
    if any(piece.kind == "history" and "owner" in piece.cells for piece in pieces):
        elsewhere.add("owner_then")
    return Look(read, tuple(_table(piece, read, elsewhere) for piece in pieces))


def _table(piece: Piece, read: Read, elsewhere: set[str]) -> Table:
    raw = piece.raw
    moments = {(file, each.header): each for file, _, each in read.loaded.moments}
    columns = []
    for each in piece.guesses:
        moment = moments.get((raw.name, each.column))
        written, why = (moment.words, moment.why) if moment is not None else ("", "")
        columns.append(Column(each.role, each.column, each.how, each.score, written, why))
    used = {each.column for each in piece.guesses}
    lacks = tuple(each for each in piece.lacks if each not in elsewhere)
    unused = tuple(each for each in raw.columns if each not in used)
    return Table(
        raw.name, piece.layout, piece.kind, len(raw), raw.encoding, raw.delimiter, tuple(columns), unused, lacks
    )
