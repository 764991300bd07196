"""What can go wrong with a run store, in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from funnelsim.errors import FunnelsimError


class StoreError(FunnelsimError):
    """A run store that cannot be read or written."""


class DamagedStoreError(StoreError):
    """A run store of which a part is missing."""


_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full; what was stored before is kept, so make room and repeat the command",
    sqlite3.SQLITE_READONLY: "the run store cannot be written; the file or its folder is read-only",
    sqlite3.SQLITE_PERM: "the run store cannot be written; the file or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "the run store cannot be opened; may the file and its folder be read and written?",
    sqlite3.SQLITE_BUSY: "another process holds the run store",
    sqlite3.SQLITE_LOCKED: "another process holds the run store",
    sqlite3.SQLITE_IOERR: "the run store cannot be read or written (disk full, or its folder has gone?); what was "
    "stored before is kept",
    sqlite3.SQLITE_NOTADB: "this file is not a run store of funnelsim",
}
DAMAGED = "the run store is damaged, its end is missing or overwritten"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite inside as `StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is detail
        if code == sqlite3.SQLITE_CORRUPT:
            raise DamagedStoreError(f"{path}: {DAMAGED}") from error
        raise StoreError(f"{path}: {_REASONS.get(code, error)}") from error
