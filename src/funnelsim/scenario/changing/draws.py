"""Tables of draws: plausible inputs, one row a world, each row a change fragment."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from funnelsim import disk
from funnelsim.errors import Problem, ScenarioError

from ..forms.base import FormError, found
from ..language.types import ScenarioSpec
from ..reading import beside
from ..reading.document import Block, Mark, block, plain
from ..reading.reader import parse_value
from ..reading.tables import Row, Table, read_table
from .paths import GROUPS

MOST_ROWS = 10_000
"""Rows of a table of draws."""
MOST_BYTES = 50_000_000
"""Size of a file of draws."""
LINES = (".jsonl", ".ndjson")
CELLS = (".csv", ".tsv", ".txt")
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Draws:
    """Draws of the inputs of a scenario.

    Parameters
    ----------
    rows : tuple of Block
        Change fragments, one a row: world ``w`` takes row ``w`` modulo their number.
    name : str
        The file that they were read from; empty for those made in Python.
    """

    rows: tuple[Block, ...]
    name: str = ""

    def of(self, world: int) -> Block:
        """The change of one world."""
        return self.rows[world % len(self.rows)]

    def called(self, world: int) -> str:
        """How the row of a world is called in messages; rows count from 1."""
        return f"row {world % len(self.rows) + 1} of {self.name or 'the inputs'}"

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths that rows speak of, in the order in which they first do."""
        return tuple(dict.fromkeys(path for row in self.rows for path in _paths(row)))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all rows in order."""
        text = json.dumps(plain(self.rows), separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _paths(row: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Dotted paths of the values of a fragment; what begins with the name of an operation or a law is a value."""
    for key, value in row.items():
        path = f"{above}{key}"
        if (
            isinstance(value, Mapping)
            and value
            and not {"add", "multiply", "odds", "set", "append", "dist"} & set(value)
        ):
            yield from _paths(value, f"{path}.")
        else:
            yield path


def draws_of(rows: Sequence[Mapping[str, Any]], name: str = "") -> Draws:
    """Draws from change fragments made in Python, or that stand in a file of YAML.

    Raises
    ------
    ScenarioError
        If there are none, or too many.
    """
    _check_number(len(rows), name)
    return Draws(tuple(block(row) for row in rows), name)


def read_draws(path: Path, shown: str) -> Draws:
    """Draws from a file: JSON, one change fragment a line, or a CSV whose columns are paths.

    Parameters
    ----------
    path : Path
        Its ending says which of the two it is.
    shown : str
        What it is called in messages.

    Raises
    ------
    ScenarioError
        If it cannot be read, with the line and the column of what is wrong.
    """
    ending = path.suffix.lower()
    if ending not in (*LINES, *CELLS):
        said = f"{shown}: a file of draws ends in .csv (columns are paths) or .jsonl (one change fragment a line)"
        raise _wrong(said, "E-draws-file")
    if not path.is_file():
        raise _wrong(f"there is no file {shown!r}{beside.meant(path)}", "E-file-missing")
    try:
        rows = _of_lines(path, shown) if ending in LINES else _of_cells(read_table(path), shown)
    except FormError as wrong:
        raise ScenarioError([Problem("", fault.message, code=fault.code) for fault in wrong.faults]) from None
    except disk.UnreadableError as error:
        raise _wrong(f"{shown}: {error}", error.code) from error
    _check_number(len(rows), shown)
    return Draws(tuple(rows), shown)


def _wrong(said: str, code: str, file: str = "", line: int = 0, column: int = 0) -> ScenarioError:
    return ScenarioError([Problem("", said, file, line, column, code=code)])


def _check_number(rows: int, name: str) -> None:
    who = f"{name}: " if name else ""
    if not rows:
        raise _wrong(f"{who}there are no draws: a row is a world", "E-draws-none")
    if rows > MOST_ROWS:
        raise _wrong(f"{who}at most {MOST_ROWS:,} draws are allowed, found {rows:,}", "E-draws-many")


# --- one change fragment a line ---------------------------------------------------------------------------


def _of_lines(path: Path, shown: str) -> list[Block]:
    try:
        text = disk.read(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(f"not UTF-8: {error.reason} at byte {error.start}", "E-file-encoding", shown, 1, 1) from None
    # Only these end a line of JSONL: a text may hold other separators of lines.
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return [_of_line(line, number, shown) for number, line in enumerate(lines, 1) if line.strip()]


def _of_line(line: str, number: int, shown: str) -> Block:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = next((key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at])), None)
        if twice is not None:
            raise _wrong(f"{twice!r} stands twice in one row", "E-draws-line", shown, number, _place(line, twice))
        return dict(pairs)

    def no_number(sign: str) -> Any:
        raise _wrong(f"{sign} is no number", "E-value-number", shown, number, line.find(sign) + 1)

    try:
        row = json.loads(line, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as error:
        said = f"not a line of JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise _wrong(said, "E-draws-line", shown, number, error.colno) from None
    except RecursionError:
        raise _wrong("not a line of JSON: nested too deep", "E-draws-line", shown, number, 1) from None
    if not isinstance(row, dict):
        said = f'expected a change fragment, such as {{"stages.propose.effort": "4 h"}}, found {found(row)}'
        raise _wrong(said, "E-value-shape", shown, number, 1)
    made: Block = block(row)
    return Block(made, {key: _mark(shown, number, _place(line, key)) for key in made})


def _place(line: str, key: str) -> int:
    """The column in which a key stands in a line of JSON."""
    for written in (json.dumps(key, ensure_ascii=False), json.dumps(key)):
        match = re.search(rf"{re.escape(written)}\s*:", line)
        if match is not None:
            return match.start() + 1
    return 1


def _mark(shown: str, line: int, column: int) -> Mark:
    return Mark(shown, line, column, line, column)


# --- columns that are paths -------------------------------------------------------------------------------


def _of_cells(table: Table, shown: str) -> list[Block]:
    if table.broken:
        raise ScenarioError([Problem("", text, code="E-csv-row") for text in table.broken])
    rows = [row for row in table.rows if any(row.cells.values())]
    return [_of_row(table, row, shown) for row in rows]


def _of_row(table: Table, row: Row, shown: str) -> Block:
    filled = {column: text for column, text in row.cells.items() if text}
    marks = {column: _in_column(table.mark(shown, row.line, column)) for column in filled}
    return Block({column: _value(table, row.line, column, text) for column, text in filled.items()}, marks)


def _in_column(mark: Mark) -> Mark:
    """A path stands in the header, its value in the row."""
    return replace(mark, line=1)


def _value(table: Table, line: int, column: str, text: str) -> Any:
    """A cell: a number, a fragment in braces, or a text as it would stand in the file."""
    if text[0] in "{[":
        try:
            return parse_value(text)
        except ScenarioError as error:
            raise table.wrong(line, column, error.problems[0].message, code=error.code) from None
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return table.number_or_text(line, column, text)


# --- what is wrong with them --------------------------------------------------------------------------------

FIXED = (
    "funnelsim",
    "name",
    "description",
    "start",
    "horizon",
    "warmup",
    "fiscal_year",
    "currency",
    "revenue",
    "milestones",
)
"""What is the same in all worlds, as figures of worlds are put together."""


def fixed(before: ScenarioSpec, after: ScenarioSpec, row: Block, called: str) -> Iterator[Problem]:
    """What a draw changes, and must not: what figures of several worlds have to have in common."""
    for name in FIXED:
        if getattr(before, name) != getattr(after, name):
            said = f"a draw cannot change `{name}`: figures of worlds are put together, so it is the same in all"
            yield _at(row, name, said, called, "E-draws-fixed")
    for group in GROUPS:
        strange = sorted(set(getattr(before, group)) ^ set(getattr(after, group)))
        if strange:
            said = f"a draw cannot add or remove {group}, found {', '.join(strange)}"
            yield _at(row, group, said, called, "E-draws-fixed")


def _at(row: Block, key: str, said: str, called: str, code: str) -> Problem:
    """A problem at the first path of a row that begins with a key."""
    path = next((path for path in row if path.split(".")[0] == key), key)
    mark = row.marks.get(path)
    if mark is None:
        return Problem(path, f"{called}: {said}", code=code)
    return Problem(path, said, mark.file, mark.line, mark.column, code=code)


def and_more(same: Sequence[Problem]) -> Problem:
    """The first of some problems that say the same of several rows, with how many more there are."""
    more = len(same) - 1
    rows = "row" if more == 1 else "rows"
    return replace(same[0], message=f"{same[0].message} (and {more:,} more {rows} like it)") if more else same[0]
