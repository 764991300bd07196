"""CSV tables that a scenario or a study names: cells with the line and the column in which they stand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnelsim import disk
from funnelsim.errors import Warned
from funnelsim.text import visible

from ..forms.base import Faults, FormError
from .document import Limits, Mark
from .encodings import EncodingError, decoded_table

DELIMITERS = ",;\t"
MOST_TOLD = 3
"""Rows of a wrong length that are told one by one."""
_UNSURE = re.compile(r"[+-]?\d{1,3}\.\d{3}")
_SAID_BY_EXCEL = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A row of a table: the line of the file in which it begins, and its cells by column, empty ones included."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A CSV.

    Parameters
    ----------
    name : str
        The name of the file, for messages.
    columns : tuple of str
        Names in the header; a column without one is called by its number.
    rows : tuple of Row
        All rows that are not blank lines.
    delimiter : str
        What parts the cells.
    broken : tuple of str
        What is wrong with its rows, which are left out.
    blank : tuple of int
        Lines without anything in a cell, with others behind them.
    note : str
        How it was read, where that had to be guessed.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    broken: tuple[str, ...] = ()
    blank: tuple[int, ...] = ()
    note: str = ""

    @property
    def said(self) -> tuple[Warned, ...]:
        """What is to be said of a table that is right."""
        if not self.rows and not self.broken:
            return (Warned(f"{self.name}: there is nothing below the header", "W-csv-empty"),)
        noted = (Warned(f"{self.name}: {self.note}", "W-csv-encoding"),) if self.note else ()
        if not self.blank:
            return noted
        more = len(self.blank) - 1
        others = f" (and {more:,} more like it)" if more else ""
        said = f"{self.name} line {self.blank[0]}: the row is empty, and left out{others}"
        return (*noted, Warned(said, "W-csv-blank"))

    def filled(self, column: str) -> Iterator[tuple[int, str]]:
        """Line and text of each cell of a column that is not empty."""
        return ((row.line, text) for row in self.rows if (text := row.cells[column]))

    def number_or_text(self, line: int, column: str, text: str) -> Any:
        """A cell as a number where it is one, else as it stands.

        Raises
        ------
        FormError
            For ``31.000`` in a table with semicolons: where commas are decimal points, it is 31000.
        """
        self.check_point(line, column, text)
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    def check_point(self, line: int, column: str, text: str) -> None:
        """Raise `FormError` if a point in a number may part thousands."""
        if self.delimiter == ";" and _UNSURE.fullmatch(text):
            whole = text.replace(".", "")
            raise self.wrong(
                line, column, f"in a table with semicolons {text!r} may be {whole} or {float(text):g}; write "
                f"{whole} without the point, or {float(text)}", code="E-csv-number"
            )  # fmt: skip

    def wrong(self, line: int, column: str, message: str, *, code: str) -> FormError:
        """What is wrong with a cell, with where it stands."""
        return FormError(f"{self.name} line {line}, {column}: {message}", code=code)

    def mark(self, file: str, line: int, column: str) -> Mark:
        """The place of a cell, for messages that follow later."""
        number = self.columns.index(column) + 1
        return Mark(file, line, number, line, number)


def read_table(path: Path) -> Table:
    """A CSV with a header, its cells parted by commas, semicolons or tabs.

    What is wrong with single rows is noted in the table, so that it can be told with the rest.

    Raises
    ------
    FormError
        If it cannot be read, with the line of the file.
    """
    text, note = _text(path)
    said = _SAID_BY_EXCEL.match(text)
    skipped = 1 if said is not None else 0
    text = text[said.end() :] if said is not None else text
    delimiter = said[1] if said is not None and said[1] in DELIMITERS else _delimiter(text)
    every = list(_rows(path.name, text, delimiter, skipped))
    rows = [(line, cells) for line, cells in every if cells]
    if not rows:
        raise FormError(f"{path.name}: the table is empty", code="E-csv-empty")
    columns = _columns(path.name, rows[0][1], rows[1:])
    faults, made = Faults(), []
    for line, cells in rows[1:]:
        with faults.under():
            made.append(Row(line, _cells(path.name, line, columns, cells, delimiter)))
    wrong = [fault.message for fault in faults.found]
    if len(wrong) > MOST_TOLD:
        wrong = [f"{wrong[0]} (and {len(wrong) - 1:,} more rows like it)"]
    last = max(line for line, cells in rows if any(cells) or line == rows[0][0])
    blank = tuple(line for line, cells in every if not any(cells) and line < last)
    return Table(path.name, columns, tuple(made), delimiter, tuple(wrong), blank, note)


def _text(path: Path) -> tuple[str, str]:
    try:
        return decoded_table(disk.read(path, Limits.size))
    except disk.UnreadableError as error:
        raise FormError(f"{path.name}: {error}", code=error.code) from error
    except EncodingError as error:
        raise FormError(f"{path.name} line {error.line}: {error}", code=error.code) from None


def _delimiter(text: str) -> str:
    """What parts the header into most cells; a comma where nothing parts it."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: (len(next(csv.reader([header], delimiter=sign), [])), sign == ","))


def _rows(name: str, text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """The line in which each row begins, and its cells; a cell may go over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FormError(
                f"{name} line {line + skipped}: not a row of a CSV: {error}", code="E-csv-row"
            ) from None
        if cells is None:
            return
        yield line + skipped, [visible(cell.strip()) for cell in cells]
        line = reader.line_num + 1


def _columns(name: str, header: list[str], rows: list[tuple[int, list[str]]]) -> tuple[str, ...]:
    while header and not header[-1] and not any(cells[len(header) - 1 :][:1] > [""] for _, cells in rows):
        header = header[:-1]  # what separators at the end of each line leave
    columns = [text or f"column {number}" for number, text in enumerate(header, start=1)]
    twice = next((text for number, text in enumerate(columns) if text in columns[:number]), None)
    if twice is not None:
        raise FormError(
            f"{name}: the column {twice!r} stands twice in the header; give each a name of its own",
            code="E-csv-header",
        )
    if not columns:
        raise FormError(f"{name}: the header is empty", code="E-csv-header")
    return tuple(columns)


def _cells(name: str, line: int, columns: tuple[str, ...], cells: list[str], delimiter: str) -> dict[str, str]:
    """The cells of a row by column; raises `FormError` unless there is one for each."""
    while len(cells) > len(columns) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(columns):
        why = "; a text or number with a comma in it needs quotation marks" if delimiter == "," else ""
        found = f"found {len(cells)} cells where the header has {len(columns)}"
        raise FormError(f"{name} line {line}: {found}{why if len(cells) > len(columns) else ''}", code="E-csv-row")
    return dict(zip(columns, cells, strict=True))
