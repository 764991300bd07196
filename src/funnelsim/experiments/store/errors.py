"""What can go wrong with a run store, in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from funnelsim.errors import FunnelsimError, HinderedError


class StoreError(FunnelsimError):
    """A run store that cannot be read or written."""


class HinderedStoreError(StoreError, HinderedError):
    """A run store that cannot be read or written at the moment, or by this user."""


class DamagedStoreError(HinderedStoreError):
    """A run store of which a part is missing or changed."""


class OlderStoreError(DamagedStoreError):
    """A run store of an earlier format."""


NOT_ONE = "this file is not a run store of funnelsim"
_READ_ONLY = "the run store cannot be written; the file or its folder is read-only"
_HELD = "another process holds the run store"
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full; what was stored before is kept, so make room and repeat the command",
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "the run store cannot be opened; may the file and its folder be read and written?",
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_IOERR: "the run store cannot be read or written (disk full, or its folder has gone?); what was "
    "stored before is kept",
    sqlite3.SQLITE_NOMEM: "there is not enough memory to read the run store",
}
DAMAGED = "the run store is damaged (bits have changed, or a part is missing or overwritten)"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite inside as `StoreError` that says what to do."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise DamagedStoreError(f"{path}: {DAMAGED}", code="E-store-damaged") from error
    except sqlite3.Error as error:
        detail = getattr(error, "sqlite_errorcode", 0)
        code = detail & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            raise StoreError(f"{path}: {NOT_ONE}", code="E-store-none") from error
        if code in _REASONS and detail != sqlite3.SQLITE_IOERR_SHORT_READ:
            raise HinderedStoreError(f"{path}: {_REASONS[code]}", code="E-store-hindered") from error
        # All queries are right, so whatever else SQLite finds wrong is in the file.
        raise DamagedStoreError(f"{path}: {DAMAGED}", code="E-store-damaged") from error
