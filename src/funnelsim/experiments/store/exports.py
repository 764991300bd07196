"""Run stores as tables for other programs: CSV, Parquet, Excel.

In a CSV, text that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-`` or ``@``, and is no
number) has a ``'`` before it. In Excel and Parquet text is text whatever it begins with.
"""

from __future__ import annotations

import csv
import errno
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from funnelsim import disk
from funnelsim.errors import FunnelsimError, HinderedError, extra
from funnelsim.results.estimates import NOTHING
from funnelsim.results.metadata import beside, write_metadata
from funnelsim.scenario.forms.base import unknown
from funnelsim.text import cell

from ..running.outline import Outline
from .estimates import read
from .points import columns, flat
from .store import Store

SUFFIXES = (".csv", ".parquet", ".xlsx")
ENCODINGS = ("utf-8", "utf-8-sig", "cp932")
"""Of a CSV; spreadsheets in Japan open the last two without being asked."""
EXCEL_ROWS = 1_048_575
"""Rows of a sheet below its heading."""


def export(
    store: Path | str, out: Path | str, kpis: Sequence[str] | None = None, encoding: str = ENCODINGS[0]
) -> int:
    """Write the points of a run store as a table, one row a point, seed and version.

    What made it, with the study and the scenario of each sweep, stands on a sheet of its own in a workbook, and
    in a file beside any other table (`results.metadata`).

    Parameters
    ----------
    store : path
        The run store.
    out : path
        A file that ends in ``.csv``, ``.parquet`` or ``.xlsx``.
    kpis : sequence of str, optional
        The KPIs to write; by default those that the sweeps named, or all.
    encoding : str
        Of a CSV: ``utf-8``; ``utf-8-sig`` (with a mark) or ``cp932``, which Excel in Japan opens as they are.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    StoreError
        If the store cannot be read.
    FunnelsimError
        If the format or the encoding is not known, what writes it is not installed, there is no such KPI, or a
        name has characters that the encoding lacks.
    """
    out = Path(out)
    _check_encoding(out, encoding)
    if out.suffix.lower() not in SUFFIXES:
        raise FunnelsimError(
            f"{out}: the name must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}", code="E-output-ending"
        )
    alone = out.suffix.lower() != ".xlsx"  # a workbook has a sheet for what made it
    if alone:
        disk.check_output(beside(out))
    with Store.open_to_read(store) as opened, disk.written(out) as part:
        columns = _Columns(opened, kpis)
        as_csv: _Write = partial(_csv, encoding=encoding)
        write = {".csv": as_csv, ".parquet": _parquet, ".xlsx": _excel}[out.suffix.lower()]
        sweeps = opened.sweeps()
        rows = write(part, columns, opened)
    if alone:
        write_metadata(out, sweeps[-1]["study"] if sweeps else out.stem, sweeps)
    return rows


_Write = Callable[[Path, "_Columns", Store], int]


class _Columns:
    """The columns of a table, known before its first row."""

    def __init__(self, store: Store, kpis: Sequence[str] | None) -> None:
        outlines = [Outline.from_text(text) for (text,) in store.rows("SELECT content FROM outlines")]
        known = list(dict.fromkeys(name for outline in outlines for name in outline.indicators))
        named = dict.fromkeys(name for sweep in store.sweeps() for name in sweep["kpis"])
        whole = list(dict.fromkeys(name for outline in outlines for name in outline.kpis if name in known))
        self.kpis = list(kpis) if kpis else [name for name in named if name in known] or whole
        strange = [name for name in self.kpis if name not in known]
        if strange:
            raise FunnelsimError(
                f"there is no KPI {strange[0]!r} in {store.path}; there are {', '.join(whole)}",
                code="E-kpi-unknown",
            )
        self.factors = list(dict.fromkeys(name for point in store.points() for name in point.factors))

    def rows(self, store: Store) -> Iterator[dict[str, Any]]:
        """All rows."""
        for reading in read(store, self.kpis):
            yield flat(reading, self.factors, self.kpis)

    @property
    def names(self) -> list[str]:
        """The headings."""
        return columns(self.factors, self.kpis)


def _check_encoding(out: Path, encoding: str) -> None:
    if encoding not in ENCODINGS:
        raise FunnelsimError(unknown("encoding", encoding, ENCODINGS), code="E-name-unknown")
    if encoding != ENCODINGS[0] and out.suffix.lower() != ".csv":
        raise FunnelsimError(f"{out}: an encoding is for CSV; leave it out here", code="E-option-useless")


def _csv(
    path: Path,
    columns: _Columns,
    store: Store,
    as_cell: Callable[[Any], Any] = cell,
    encoding: str = ENCODINGS[0],
) -> int:
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        try:
            writer.writerow(map(as_cell, columns.names))
            for row in columns.rows(store):
                writer.writerow(map(as_cell, row.values()))
                count += 1
        except UnicodeEncodeError as error:
            lacking = error.object[error.start : error.end]
            raise FunnelsimError(
                f"{encoding} has no {lacking!r}, which stands in a name; write utf-8-sig, which Excel opens as "
                "well, or a file that ends in .xlsx",
                code="E-export-encoding",
            ) from None
    return count


def _parquet(path: Path, columns: _Columns, store: Store) -> int:
    try:
        import duckdb
    except ImportError as error:
        raise HinderedError(
            f"Parquet needs the package duckdb: {extra('parquet')}", code="E-package-missing"
        ) from error
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".funnelsim-") as folder:
        table = Path(folder) / "points.csv"
        count = _csv(table, columns, store, lambda value: value)  # no spreadsheet reads this one
        source, target = (str(each).replace("'", "''") for each in (table, path))
        # A column without any value is one of numbers; all rows are looked at, as the first may be empty.
        read_csv = f"read_csv('{source}', header = true, sample_size = -1, null_padding = true{_types(columns)})"
        with duckdb.connect() as connection:
            try:
                connection.execute(f"COPY (SELECT * FROM {read_csv}) TO '{target}' (FORMAT parquet)")
            except duckdb.IOException as error:
                raise OSError(errno.EIO, str(error)) from error
    return count


def _types(columns: _Columns) -> str:
    """The types of the columns that are known beforehand."""
    types = {name: "DOUBLE" for kpi in columns.kpis for name in NOTHING.columns(kpi)}
    types |= {"seed": "BIGINT", "replications": "BIGINT", "failed": "BIGINT"}
    types |= dict.fromkeys(("study", "arm", "version", "fingerprint", "error"), "VARCHAR")
    listed = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': '{kind}'" for name, kind in types.items())
    return f", types = {{{listed}}}"


def _excel(path: Path, columns: _Columns, store: Store) -> int:
    try:
        import xlsxwriter
        import xlsxwriter.exceptions
    except ImportError as error:
        raise HinderedError(
            f"Excel needs the package xlsxwriter: {extra('report')}", code="E-package-missing"
        ) from error
    try:
        return _workbook(xlsxwriter, path, columns, store)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(errno.EIO, str(error)) from error


def _workbook(xlsxwriter: Any, path: Path, columns: _Columns, store: Store) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("points")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns.names, bold)
        for row in columns.rows(store):
            count += 1
            if count > EXCEL_ROWS:
                raise FunnelsimError(
                    f"a sheet holds at most {EXCEL_ROWS:,} points; export to CSV or Parquet", code="E-size-sheet"
                )
            sheet.write_row(count, 0, list(row.values()))
        about = book.add_worksheet("about")
        sweeps = store.sweeps()
        for at, (name, _) in enumerate(sweeps[0].items() if sweeps else ()):
            about.write(at, 0, name, bold)
            for number, each in enumerate(sweeps, start=1):
                about.write(at, number, str(each[name])[:32_000])  # a cell holds 32,767 characters
    return count
