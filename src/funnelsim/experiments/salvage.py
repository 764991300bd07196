"""What can still be read of a damaged run store.

Rows stand in the file in the order in which they came, so that a file without its end lacks the latest.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from .store_errors import StoreError, explained

COMPANIONS = ("", "-wal", "-shm")


def replace(path: Path, damage: StoreError) -> str:
    """Put a store with all that can be read in place of a damaged one, which is kept; returns what to say."""
    aside = _free(path)
    for suffix in COMPANIONS:
        if (there := Path(f"{path}{suffix}")).exists():
            there.rename(f"{aside}{suffix}")
    from .store import _prepared

    with explained(path):
        connection = _prepared(path)
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

    source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    source.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    try:
        # With it, SQLite does not refuse a file that is shorter than it says.
        source.execute("PRAGMA writable_schema = ON")
        to.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            _copy(table, source, to)
        for column, whole in (("scenario", "scenarios"), ("outline", "outlines")):
            to.execute(f"DELETE FROM replications WHERE {column} NOT IN (SELECT id FROM {whole})")
        to.execute("DELETE FROM points WHERE scenario NOT IN (SELECT id FROM scenarios)")
        to.execute("COMMIT")
        return int(to.execute("SELECT count(*) FROM replications WHERE terms IS NOT NULL").fetchone()[0])
    finally:
        source.close()


def _copy(table: str, source: sqlite3.Connection, to: sqlite3.Connection) -> None:
    columns = [row[1] for row in to.execute(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"
    try:
        for row in source.execute(f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY rowid"):
            to.execute(insert, row)
    except sqlite3.DatabaseError:
        return  # the rest of this table is gone
