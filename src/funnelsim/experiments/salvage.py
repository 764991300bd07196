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

from .store_errors import StoreError, explained
from .tasks import unpack

COMPANIONS = ("", "-wal", "-shm")

LEAF = 0x0D
"""Type of a page that holds rows."""

_HEADER, _LOG_HEADER, _FRAME_HEADER = 100, 32, 24

Row = tuple[Any, ...]


def replace(path: Path, damage: StoreError) -> str:
    """Put a store with all that can be read in place of a damaged one, which is kept; returns what to say."""
    from .store import prepared

    aside = _free(path)
    for suffix in COMPANIONS:
        if (there := Path(f"{path}{suffix}")).exists():
            there.rename(f"{aside}{suffix}")
    with explained(path):
        connection = prepared(path)
        try:
            kept = _copied(aside, connection)
        finally:
            connection.close()
    return f"{damage}; {kept:,} replications of it were kept, and the damaged file is now {aside.name}"


def in_memory(path: Path) -> tuple[sqlite3.Connection, int]:
    """All that can be read of a damaged store, and the number of replications."""
    from .store import SCHEMA

    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return connection, _copied(path, connection)


def _free(path: Path) -> Path:
    """A name for the damaged file that nothing has yet."""
    names = (Path(f"{path}.damaged{number or ''}") for number in range(1000))
    return next(name for name in names if not name.exists())


def _copied(damaged: Path, to: sqlite3.Connection) -> int:
    """Copy all rows that can be read; returns the number of replications."""
    from .store import TABLES

    width = {table: len(list(to.execute(f"PRAGMA table_info({table})"))) for table in TABLES}
    insert = {
        width[table]: f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * width[table])})" for table in TABLES
    }
    to.execute("BEGIN IMMEDIATE")
    for row in rows(damaged):
        whole = len(row) in insert and (len(row) != width["replications"] or _is_whole(row[6]))
        if whole:
            to.execute(insert[len(row)], row)
    to.execute("DELETE FROM replications WHERE terms IS NOT NULL AND outline NOT IN (SELECT id FROM outlines)")
    to.execute("COMMIT")
    return int(to.execute("SELECT count(*) FROM replications WHERE terms IS NOT NULL").fetchone()[0])


def _is_whole(terms: Any) -> bool:
    try:
        return terms is None or bool(unpack(terms))
    except (TypeError, ValueError, zlib.error):
        return False


# --- pages and rows ------------------------------------------------------------------------------------------


def rows(path: Path) -> Iterator[Row]:
    """All rows in a file of SQLite, of whatever table, as far as they are whole."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(_HEADER)[16:18], "big")
        pages = _Pages(file, 65536 if size == 1 else size, _logged(Path(f"{path}-wal")))
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
        self.file.seek(0, 2)
        return max([self.file.tell() // self.size, *self.logged])

    def page(self, number: int) -> bytes:
        if number in self.logged:
            return self.logged[number]
        self.file.seek((number - 1) * self.size)
        content: bytes = self.file.read(self.size)
        return content


def _logged(path: Path) -> dict[int, bytes]:
    """The pages in a write-ahead log, the latest of each."""
    if not path.exists():
        return {}
    content = path.read_bytes()
    size = int.from_bytes(content[8:12], "big")
    found: dict[int, bytes] = {}
    for at in range(_LOG_HEADER, len(content) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        if content[at + 8 : at + 16] != content[16:24]:
            break  # left over from before the log was begun anew
        start = at + _FRAME_HEADER
        found[int.from_bytes(content[at : at + 4], "big")] = content[start : start + size]
    return found


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
