"""The tables of a report as a workbook: numbers as numbers, and text as text whatever it begins with."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from funnelsim import disk
from funnelsim.errors import HinderedError, extra
from funnelsim.text import visible

from ..words import numbers, say
from .blocks import Block, Cell, Group, Head, Listing, Part, Row, Table, Text

MOST_NAME = 31
"""Characters of the name of a sheet."""

MOST_TEXT = 32_000
"""Characters of a cell, of which Excel takes 32,767."""

_NO_NAME = re.compile(r"[\[\]:*?/\\']")


def check() -> None:
    """Refuse a workbook that could not be written; raises `HinderedError`."""
    _xlsxwriter()


def _xlsxwriter() -> Any:
    try:
        import xlsxwriter
    except ImportError as error:
        raise HinderedError(
            f"Excel needs the package xlsxwriter: {extra('report')}", code="E-package-missing"
        ) from error
    return xlsxwriter


def write(path: Path, title: str, parts: Sequence[Part]) -> None:
    """Write a sheet with all that is said, and one for each table."""
    xlsxwriter = _xlsxwriter()
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with disk.written(path) as part, xlsxwriter.Workbook(str(part), options) as book:
            book.set_properties({"title": visible(title)})
            bold = book.add_format({"bold": True})
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            _said(book.add_worksheet("report"), title, parts, bold, wrapped)
            taken = {"report"}
            for _, _, blocks in parts:
                for block in blocks:
                    if isinstance(block, Table):
                        _sheet(book.add_worksheet(_name(block.name, taken)), block, bold)
    except FileCreateError as error:
        raise OSError(errno.EIO, str(error)) from error


def _said(
    sheet: Any, title: str, parts: Sequence[tuple[str, str, Sequence[Block]]], bold: Any, wrapped: Any
) -> None:
    """All sentences, section by section."""
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, _text(title), bold)
    at = 2
    for _, head, blocks in parts:
        texts = [text for block in blocks for text in _sentences(block)]
        if not texts:
            continue
        sheet.write_string(at, 0, _text(head), bold)
        for number, text in enumerate(texts, start=1):
            sheet.write_string(at + number, 0, _text(text), wrapped)
        at += len(texts) + 2


def _sentences(block: Block) -> Iterator[str]:
    if isinstance(block, Text | Head):
        yield block.text
    elif isinstance(block, Listing):
        yield from block.items


def _name(name: str, taken: set[str]) -> str:
    """The name of a sheet, which is another than all before, whatever their case."""
    plain = _NO_NAME.sub("_", visible(name))[:MOST_NAME] or "table"
    made, number = plain, 1
    while made.casefold() in taken:
        number += 1
        made = f"{plain[: MOST_NAME - len(str(number)) - 1]}_{number}"
    taken.add(made.casefold())
    return made


def _sheet(sheet: Any, table: Table, bold: Any) -> None:
    """A table: each figure as a number, with the ends of its interval and its unit where it has them."""
    columns = [_columns(table, at) for at in range(len(table.heads))]
    sheet.freeze_panes(2, 1)
    sheet.write_string(0, 0, _text(table.caption), bold)
    sheet.set_column(0, 0, 34)
    place = 0
    for head, ends in zip(table.heads, columns, strict=True):
        for end in ends:
            sheet.write_string(1, place, _text(head if not end else say(f"report.sheet.{end}", head=head)), bold)
            place += 1
    for number, row in enumerate(table.rows, start=2):
        if isinstance(row, Group):
            sheet.write_string(number, 0, _text(row.text), bold)
            continue
        place = 0
        for cell, ends in zip(row, columns, strict=True):
            for end in ends:
                _write(sheet, number, place, cell, end)
                place += 1


def _columns(table: Table, at: int) -> tuple[str, ...]:
    """What of the cells of a column there is: the figure, its ends and its unit."""
    cells = [row[at] for row in table.rows if not isinstance(row, Group) and isinstance(row[at], Cell)]
    known = [cell for cell in cells if isinstance(cell, Cell)]
    ends = [end for end in ("low", "high") if any(getattr(cell, end) is not None for cell in known)]
    return ("", *ends, *(["unit"] if any(cell.unit for cell in known) else []))


def _write(sheet: Any, row: int, column: int, cell: str | Cell, end: str) -> None:
    if isinstance(cell, str):
        if not end and cell:
            sheet.write_string(row, column, _text(cell))
        return
    value = numbers.unit_name(cell.unit) if end == "unit" else getattr(cell, end or "value")
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, _text(value))
    elif value is not None:
        sheet.write_number(row, column, value)
    elif not end and cell.text:
        sheet.write_string(row, column, _text(cell.text))


def _text(text: Row | str) -> str:
    return visible(str(text))[:MOST_TEXT]
