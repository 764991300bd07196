"""What can still be read of a damaged run store.

A file without its end lacks the latest rows, but perhaps also a page on the way to all others, without which
SQLite finds none of them. So the pages are looked at one by one, and rows are known by their number of columns.
(The file format is described at https://www.sqlite.org/fileformat2.html.)
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnelsim.text import number_of

from ..running.tasks import unpack
from . import wal
from .errors import (
    DAMAGED,
    NOT_ONE,
    DamagedStoreError,
    HinderedStoreError,
    OlderStoreError,
    StoreError,
    explained,
)
from .opening import APPLICATION, PAGE, SCHEMA, WIDTHS, prepared
from .seal import is_sealed, seal

COMPANIONS = ("-wal", "-shm", "")
"""What belongs to a store, the file itself last: until then it is there for the next attempt."""

LEAF = 0x0D
"""Type of a page that holds rows."""

_HEADER = 100

Row = tuple[Any, ...]


@dataclass
class _Found:
    """How many replications were read, and how many rows were not as they had been written."""

    kept: int = 0
    wrong: int = 0

    def told(self, damage: DamagedStoreError, verb: str) -> str:
        said = f"{damage}; {number_of(self.kept, 'replication')} of it {verb}"
        if self.wrong:
            rows = "1 row is" if self.wrong == 1 else f"{number_of(self.wrong, 'row')} are"
            said += f", and {rows} left out, not being as written"
        return said


def replace(path: Path, damage: DamagedStoreError) -> str:
    """Put all that can be read in place of a damaged or older store, which is kept; returns what to say."""
    _check_readable(path)
    made = Path(f"{path}.new")
    for suffix in COMPANIONS:
        Path(f"{made}{suffix}").unlink(missing_ok=True)  # of an attempt that was stopped
    with explained(path):
        connection = prepared(made)
        try:
            found = _copied(path, connection)
        finally:
            connection.close()
    aside = _free(path, "older" if isinstance(damage, OlderStoreError) else "damaged")
    for suffix in COMPANIONS:
        if (there := Path(f"{path}{suffix}")).exists():
            there.rename(f"{aside}{suffix}")
    made.rename(path)
    return f"{found.told(damage, 'were kept')}; that file is now {aside.name}, and what is missing is run again"


def in_memory(path: Path, damage: DamagedStoreError) -> tuple[sqlite3.Connection, str]:
    """All that can be read of a damaged or older store, and what to say."""
    _check_readable(path)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return connection, _copied(path, connection).told(damage, "could be read")


def _check_readable(path: Path) -> None:
    """Refuse a file of which nothing can be read: who knows what it is?"""
    if next(_sealed(path, _Found()), None) is not None:
        return
    with path.open("rb") as file:
        begins = file.read(_MADE_BY.stop)
    if begins[_MADE_BY] == APPLICATION.to_bytes(4, "big"):
        raise HinderedStoreError(
            f"{path}: {DAMAGED}, and nothing of it can be read; {ELSEWHERE}", code="E-store-damaged"
        )
    raise StoreError(f"{path}: {NOT_ONE}, or it is damaged beyond reading; {ELSEWHERE}", code="E-store-none")


_MADE_BY = slice(68, 72)
"""Where a file of SQLite says what program made it."""
ELSEWHERE = "to have its results again, sweep into another file"


def _free(path: Path, why: str) -> Path:
    """A name for a file put aside that nothing has yet."""
    names = (Path(f"{path}.{why}{number or ''}") for number in range(1000))
    return next(name for name in names if not name.exists())


def _copied(damaged: Path, to: sqlite3.Connection) -> _Found:
    """Copy all rows that can be read."""
    found = _Found()
    to.execute("BEGIN IMMEDIATE")
    for table, row in _sealed(damaged, found):
        # A page that is no longer used may hold what was there before: a result goes before the error it replaced.
        result = row[6] is not None if table == "replications" else table == "points" and row[5] is not None
        marks = ", ".join("?" * len(row))
        to.execute(f"INSERT OR {'REPLACE' if result else 'IGNORE'} INTO {table} VALUES ({marks})", row)
    to.execute("DELETE FROM replications WHERE terms IS NOT NULL AND outline NOT IN (SELECT id FROM outlines)")
    to.execute("COMMIT")
    found.kept = int(to.execute("SELECT count(*) FROM replications WHERE terms IS NOT NULL").fetchone()[0])
    return found


def _sealed(path: Path, found: _Found) -> Iterator[tuple[str, Row]]:
    """The rows that are as they were written, each with its table; of the first format those that may be."""
    tables = {width: table for table, width in WIDTHS.items()}
    sealed = False
    for row in rows(path):
        table = tables.get(len(row))
        if table is not None and is_sealed(table, row):
            sealed = True
            yield table, row
        elif table is not None:
            found.wrong += 1
    if sealed:
        return
    found.wrong = 0
    older = {width - 1: table for table, width in WIDTHS.items()}
    for row in rows(path):
        table = older.get(len(row))
        if table is not None and _is_likely(table, row):
            yield table, (*row, seal(table, *row))


_KINDS = {"sweeps": "ittttttiitt", "outlines": "it", "points": "ibtttbt", "replications": "ibiitibt"}
_TYPES = {"i": int, "t": str, "b": bytes}
"""What stands in the columns of the first format: whole numbers, text, bytes, or nothing."""


def _is_likely(table: str, row: Row) -> bool:
    """Whether a row of the first format, which had no checksums, may be one of that table."""
    kinds = zip(_KINDS[table], row, strict=True)
    fits = all(value is None or isinstance(value, _TYPES[kind]) for kind, value in kinds)
    return fits and (table != "replications" or _is_whole(row[6]))


def _is_whole(terms: Any) -> bool:
    try:
        return terms is None or bool(unpack(terms))
    except (TypeError, ValueError, zlib.error):
        return False


# --- pages and rows ------------------------------------------------------------------------------------------


def rows(path: Path) -> Iterator[Row]:
    """All rows in a file of SQLite, of whatever table, as far as they are whole."""
    log = Path(f"{path}-wal")
    logged = log.read_bytes() if log.exists() else b""
    with path.open("rb") as file:
        pages = _Pages(file, PAGE, {each.number: each.page for each in wal.frames(logged, PAGE) if not each.old})
        for number in range(1, pages.count + 1):
            page = pages.page(number)
            start = _HEADER if number == 1 else 0
            if len(page) == pages.size and page[start] == LEAF:
                yield from _rows_of(page, start, pages)


@dataclass(frozen=True)
class _Pages:
    """The pages of a file, those in its log instead where there are any."""

    file: Any
    size: int
    logged: dict[int, bytes]

    @property
    def count(self) -> int:
        """As many as there may be: a number in the log that was changed leads nowhere."""
        self.file.seek(0, 2)
        return self.file.tell() // self.size + len(self.logged)

    def page(self, number: int) -> bytes:
        if number in self.logged:
            return self.logged[number]
        self.file.seek((number - 1) * self.size)
        content: bytes = self.file.read(self.size)
        return content


def _rows_of(page: bytes, start: int, pages: _Pages) -> Iterator[Row]:
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    for cell in range(cells):
        at = start + 8 + 2 * cell
        try:
            yield _row(page, int.from_bytes(page[at : at + 2], "big"), pages)
        except (IndexError, ValueError):
            continue  # a part of it is missing or overwritten


def _row(page: bytes, at: int, pages: _Pages) -> Row:
    """The row in a cell, its number in the place of the first column, which is that number in all tables here."""
    length, at = _varint(page, at)
    number, at = _varint(page, at)
    record = _payload(page, at, length, pages)
    header, place = _varint(record, 0)
    values: list[Any] = []
    content = header
    while place < header:
        kind, place = _varint(record, place)
        value, content = _value(record, content, kind)
        values.append(value)
    if content != length:
        raise ValueError("not a record")
    return (number, *values[1:])


def _payload(page: bytes, at: int, length: int, pages: _Pages) -> bytes:
    """The bytes of a record, of which a long one goes on in other pages."""
    usable = pages.size
    if length <= usable - 35:
        return _exactly(page[at : at + length], length)
    least = (usable - 12) * 32 // 255 - 23
    here = least + (length - least) % (usable - 4)
    here = here if here <= usable - 35 else least
    parts, after = [page[at : at + here]], page[at + here : at + here + 4]
    left = length - here
    while left > 0:
        further = pages.page(int.from_bytes(_exactly(after, 4), "big"))
        parts.append(_exactly(further[4 : 4 + min(left, usable - 4)], min(left, usable - 4)))
        after, left = further[:4], left - len(parts[-1])
    return b"".join(parts)


def _exactly(content: bytes, length: int) -> bytes:
    if len(content) != length:
        raise ValueError("a part is missing")
    return content


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for count in range(8):
        value = value << 7 | content[at + count] & 0x7F
        if content[at + count] < 0x80:
            return value, at + count + 1
    return value << 8 | content[at + 8], at + 9


def _value(record: bytes, at: int, kind: int) -> tuple[Any, int]:
    """A value by its type code, and where it ends; no column here holds a real number."""
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind >= 12:
        length = (kind - 12) // 2
        raw = _exactly(record[at : at + length], length)
        return (raw.decode() if kind % 2 else raw), at + length
    length = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}.get(kind, 0)
    if not length:
        raise ValueError("not a value of a run store")
    return int.from_bytes(_exactly(record[at : at + length], length), "big", signed=True), at + length
