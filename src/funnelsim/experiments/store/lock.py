"""Only one process at a time writes to a run store."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from .errors import HinderedStoreError, explained


class Lock:
    """Held while a process writes to a store; the system lets go of it when the process ends, however it ends.

    It is a transaction on a file of its own beside the store, as SQLite knows the locks of each system. The file
    holds nothing.

    Raises
    ------
    StoreError
        If another process holds it.
    """

    def __init__(self, store: Path) -> None:
        self._path = _beside(store)
        with explained(store):
            self._db = sqlite3.connect(self._path, isolation_level=None, timeout=0.5)
            try:
                self._db.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                self._db.close()
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    raise HinderedStoreError(
                        f"{store}: another process is writing to this run store; wait for it, stop it, or use "
                        "another store (export can read this one meanwhile)",
                        code="E-store-busy",
                    ) from error
                raise

    def release(self) -> None:
        """Let other processes write."""
        with suppress(OSError):
            # Two processes that meet here could both write for a moment; results are stored once even so.
            self._path.unlink(missing_ok=True)
        self._db.close()


def may_be_held(store: Path) -> bool:
    """Whether a process may be writing to a store: its lock is there, or was left by one that was killed.

    The lock is not tried: who tries it could be taken for its holder, and take it from one that is about to begin.
    """
    return _beside(store).exists()


def _beside(store: Path) -> Path:
    return Path(f"{store.absolute()}-lock")
