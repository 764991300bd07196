"""Files of any program as tables of text: CSV in the encodings of spreadsheets, Excel workbooks, Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import unicodedata
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from funnelsim import disk
from funnelsim.errors import extra
from funnelsim.scenario.reading.encodings import EncodingError, decoded_table

from .refusing import CalibrationError

DELIMITERS = ",;\t|"
MOST_BYTES = 4_000_000_000
MOST_COLUMNS = 2_000
_SAMPLE = 200_000
_EXCEL = (".xlsx", ".xlsm")
_OLE = b"\xd0\xcf\x11\xe0"
_SAMPLE_LINES = 20


@dataclass(frozen=True, eq=False)
class Raw:
    """One file as text, before anything is made of it.

    Parameters
    ----------
    name : str
        Name of the file, without its folder.
    cells : pandas.DataFrame
        Text by column; empty text where nothing stands. The index is the number of the row below the header.
    delimiter : str
        What parts the cells; empty for workbooks and Parquet.
    encoding : str
        Name of the encoding; empty for workbooks and Parquet.
    blank : int
        Rows with nothing in them, which are left out.
    before : int
        Lines above the header.
    digest : bytes
        Of the whole file.
    """

    name: str
    cells: pd.DataFrame
    delimiter: str = ""
    encoding: str = ""
    blank: int = 0
    before: int = 0
    digest: bytes = b""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names in the header."""
        return tuple(self.cells.columns)

    def __len__(self) -> int:
        return len(self.cells)

    def line(self, row: Any) -> int:
        """The line of the file in which a row begins, by its label in the index.

        Line breaks inside cells count. Of a workbook it is the row of the sheet.
        """
        number = int(row)
        inside = 0
        if self.delimiter:
            above = self.cells.loc[: number - 1]
            inside = int(sum(column.str.count("\n").sum() for _, column in above.items()))
        return number + 2 + inside + self.before


def read_raw(path: Path | str) -> Raw:
    """A file as a table of text.

    Raises
    ------
    CalibrationError
        If it cannot be read, or is no table.
    """
    path = Path(path)
    try:
        content = disk.read(path, MOST_BYTES)
    except disk.UnreadableError as error:
        raise CalibrationError(f"{path}: {error}", code=error.code) from error
    suffix = path.suffix.lower()
    if suffix in _EXCEL or (content[:2] == b"PK" and suffix not in (".zip", ".parquet")):
        raw = _workbook(path.name, content)
    elif suffix == ".parquet" or content[:4] == b"PAR1":
        raw = _parquet(path)
    elif content[:4] == _OLE:
        raise CalibrationError(
            f"{path.name}: this is a workbook of Excel before 2007 (.xls); save it as .xlsx or CSV",
            code="E-data-file",
        )
    elif content[:2] in (b"PK", b"\x1f\x8b"):
        raise CalibrationError(f"{path.name}: this is a packed file; unpack it first", code="E-data-file")
    else:
        raw = _text(path.name, content)
    if not len(raw.cells):
        raise CalibrationError(f"{path.name}: there is nothing below the header", code="E-csv-empty")
    return replace(raw, digest=hashlib.sha256(content).digest())


def _text(name: str, content: bytes) -> Raw:
    text, encoding = _decoded(name, content)
    before = 0
    if text[:4].lower() == "sep=":
        text, before = text.partition("\n")[2], 1
    delimiter = _delimiter(text)
    header = next(csv.reader(io.StringIO(text[:_SAMPLE]), delimiter=delimiter), [])
    names = _header(name, header)
    frame = _frame(name, text, delimiter, before)
    frame = _squared(name, frame, names, delimiter, before)
    empty = (frame == "").all(axis=1).to_numpy()
    return Raw(name, frame[~empty], delimiter, encoding, int(empty.sum()), before)


def _frame(name: str, text: str, delimiter: str, before: int) -> pd.DataFrame:
    options: dict[str, Any] = {"sep": delimiter, "dtype": str, "header": None, "skiprows": 0, "engine": "c"}
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            keep_default_na=False,
            na_values=[],
            skip_blank_lines=False,
            low_memory=False,
            **options,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        words = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        shift = f" (lines are counted from the second, behind sep={delimiter})" if before else ""
        raise CalibrationError(f"{name}: not a table: {words}{shift}", code="E-csv-row") from None
    return frame.iloc[1:].reset_index(drop=True)


def _squared(name: str, frame: pd.DataFrame, names: list[str], delimiter: str, before: int) -> pd.DataFrame:
    """The same with its header, where each row has a cell for each column."""
    frame = (
        frame.iloc[:, : len(names)] if frame.shape[1] >= len(names) else frame.reindex(columns=range(len(names)))
    )
    frame = frame.set_axis(names, axis=1)
    short = frame.isna().to_numpy()
    if not short.any():
        return _stripped(frame)
    missing = short.sum(axis=1)
    blank = (missing >= len(names) - 1) & ~frame.iloc[:, 0].fillna("").str.strip().astype(bool).to_numpy()
    wrong = np.flatnonzero((missing > 0) & ~blank)
    if len(wrong):
        row = int(wrong[0])
        line = Raw(name, frame.fillna(""), delimiter, before=before).line(row)
        more = f" (and {len(wrong) - 1:,} more rows like it)" if len(wrong) > 1 else ""
        raise CalibrationError(
            f"{name} line {line}: found {len(names) - int(missing[row])} cells where the header has "
            f"{len(names)}{more}; is the file cut off, or is there a line break in a cell without quotation "
            "marks?",
            code="E-csv-row",
        )
    return _stripped(frame.fillna(""))


def _stripped(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: column.str.strip() for name, column in frame.items()}, index=frame.index)


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding."""
    try:
        text, note = decoded_table(content)
    except EncodingError as wrong:
        return _guessed(name, content, wrong)
    if note:
        return text, "cp932"
    return text, "UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "UTF-8"


def _guessed(name: str, content: bytes, wrong: EncodingError) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    sample = content[:_SAMPLE]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    best = from_bytes(
        sample, cp_isolation=["cp932", "cp1252", "euc_jp", "utf_16_le", "utf_16_be", "mac_roman"]
    ).best()
    for encoding in dict.fromkeys([best.encoding if best is not None else "cp1252", "cp1252"]):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" or not any(unicodedata.category(sign) == "Cn" for sign in text[:_SAMPLE]):
            return text, encoding.replace("_", "-")
    raise CalibrationError(f"{name} line {wrong.line}: {wrong}", code=wrong.code)


def _delimiter(text: str) -> str:
    """What parts the first lines into most cells, as many in each; a comma where nothing does."""
    sample = io.StringIO(text[:_SAMPLE])
    best, most = ",", 1
    for sign in DELIMITERS:
        sample.seek(0)
        lengths = []
        try:
            for cells, _ in zip(csv.reader(sample, delimiter=sign), range(_SAMPLE_LINES), strict=False):
                if cells:
                    lengths.append(len(cells))
        except csv.Error:
            continue
        if not lengths or lengths[0] < 2:
            continue
        alike = sum(each == lengths[0] for each in lengths) / len(lengths)
        if lengths[0] * (alike > 0.5) > most:
            best, most = sign, lengths[0]
    return best


def _header(name: str, cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if not cells:
        raise CalibrationError(f"{name}: the header is empty", code="E-csv-header")
    if len(cells) > MOST_COLUMNS:
        raise CalibrationError(
            f"{name}: the header has {len(cells):,} columns; a table may have {MOST_COLUMNS:,}",
            code="E-csv-header",
        )
    names = [cell.strip().removeprefix("\ufeff") or f"column {at}" for at, cell in enumerate(cells, start=1)]
    twice = next((text for at, text in enumerate(names) if text in names[:at]), None)
    if twice is not None:
        raise CalibrationError(
            f"{name}: the column {twice!r} stands twice in the header; give each a name of its own",
            code="E-csv-header",
        )
    return names


def _workbook(name: str, content: bytes) -> Raw:
    try:
        import openpyxl
    except ImportError:
        raise CalibrationError(
            f"{name}: workbooks of Excel are read with the package openpyxl, which is not installed; save the "
            "sheet as CSV, or: pip install openpyxl",
            code="E-data-package",
        ) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise CalibrationError(f"{name}: not a workbook of Excel: {error}", code="E-data-file") from None
    filled = [sheet for sheet in book.worksheets if (sheet.max_row or 0) > 1]
    if len(filled) > 1:
        titles = ", ".join(sheet.title for sheet in filled)
        raise CalibrationError(
            f"{name}: {len(filled)} sheets have rows ({titles}); save the one that is meant as a file of its own",
            code="E-data-sheets",
        )
    rows = [[_cell(value) for value in row] for row in (filled or book.worksheets)[0].iter_rows(values_only=True)]
    while rows and not any(rows[0]):
        rows = rows[1:]
    if not rows:
        raise CalibrationError(f"{name}: the sheet is empty", code="E-csv-empty")
    names = _header(name, rows[0])
    squared = [(row + [""] * len(names))[: len(names)] for row in rows[1:]]
    frame = pd.DataFrame(squared, columns=pd.Index(names), dtype=object)
    empty = (frame == "").all(axis=1).to_numpy()
    return Raw(name, frame[~empty], blank=int(empty.sum()))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _parquet(path: Path) -> Raw:
    try:
        import duckdb
    except ImportError:
        raise CalibrationError(
            f"{path.name}: Parquet is read with duckdb, which is not installed; {extra('parquet')}",
            code="E-data-package",
        ) from None
    try:
        relation = duckdb.from_parquet(str(path))
        names = _header(path.name, list(relation.columns))
        texts = ", ".join(
            f"coalesce(cast(\"{each.replace(chr(34), chr(34) * 2)}\" as varchar), '')" for each in names
        )
        frame = relation.project(texts).df().set_axis(names, axis=1).astype(str)
    except duckdb.Error as error:
        raise CalibrationError(f"{path.name}: not a Parquet file: {error}", code="E-data-file") from None
    return Raw(path.name, _stripped(frame))
