"""Opening a run store: what is not one, of another format, or damaged is found before anything is read from it."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

from . import wal
from .errors import DAMAGED, NOT_ONE, DamagedStoreError, OlderStoreError, StoreError, explained
from .lock import may_be_held
from .seal import is_sealed

APPLICATION = 0x46554E53  # "FUNS"
FORMAT = 2
PAGE = 4096

SCHEMA = """
CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, study TEXT NOT NULL, study_text TEXT NOT NULL,
  scenario_text TEXT NOT NULL, version TEXT NOT NULL, engine TEXT NOT NULL, seed INTEGER NOT NULL,
  replications INTEGER NOT NULL, kpis TEXT NOT NULL, dependencies TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE outlines (id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE, seal BLOB NOT NULL);
CREATE TABLE points (
  id INTEGER PRIMARY KEY, recipe BLOB NOT NULL UNIQUE, study TEXT NOT NULL, arm TEXT NOT NULL,
  factors TEXT NOT NULL, fingerprint BLOB, error TEXT, seal BLOB NOT NULL);
CREATE TABLE replications (
  id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, seed INTEGER NOT NULL, replication INTEGER NOT NULL,
  version TEXT NOT NULL, outline INTEGER REFERENCES outlines, terms BLOB, error TEXT, seal BLOB NOT NULL,
  UNIQUE (fingerprint, seed, replication, version));
"""
WIDTHS = {"sweeps": 12, "outlines": 3, "points": 8, "replications": 9}
"""The tables, each with a number of columns that no other has, by which `salvage` knows its rows."""

_BEGINS = b"SQLite format 3\0" + PAGE.to_bytes(2, "big")
_FIXED = bytes([0, 64, 32, 32])
"""Bytes 20 to 23 of each file of SQLite."""


def prepared(path: Path) -> sqlite3.Connection:
    """A connection that writes, to a store that is made if it is not there."""
    with explained(path):
        _check_beginning(path, writing=True)
        connection = sqlite3.connect(path.absolute(), isolation_level=None, timeout=30)
        try:
            _check(path, connection, new=True)
            connection.execute(f"PRAGMA page_size = {PAGE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'replications'").fetchone():
                connection.executescript(
                    f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};"
                    f"{SCHEMA} COMMIT;"
                )
        except BaseException:
            connection.close()
            raise
        return connection


def readable(path: Path) -> sqlite3.Connection:
    """A connection that reads; in a folder where nothing may be written as well."""
    with explained(path):
        _check_beginning(path, writing=False)
        try:
            # Not mode=ro: the last one to close a store in WAL mode removes the files beside it, if it may.
            return _reading(path, "mode=rw")
        except sqlite3.OperationalError:
            if Path(f"{path}-wal").exists():
                raise
            # Reading in WAL mode makes a file beside the store; nobody writes here, so it can do without.
            return _reading(path, "immutable=1")


def _reading(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA query_only = ON")
        _check(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_beginning(path: Path, writing: bool) -> None:
    """Whether the first bytes and the log are whole; what is something else altogether is left to SQLite."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        begins = file.read(24)
    alike = sum(one == other for one, other in zip(begins, _BEGINS, strict=False))
    if len(begins) < 24 or alike < len(_BEGINS) - 2:
        return
    sound = begins.startswith(_BEGINS) and begins[18:20] in (b"\1\1", b"\2\2") and begins[20:24] == _FIXED
    being_written = not writing and may_be_held(path)  # then the log may be anything for a moment
    if not sound or not (being_written or wal.is_whole(path, PAGE)):
        raise DamagedStoreError(f"{path}: {DAMAGED}", code="E-store-damaged")


def _check(path: Path, connection: sqlite3.Connection, new: bool = False) -> None:
    """Whether the file is a whole store of the format that this version reads and writes, or nothing yet."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    made = _made_of(connection)
    tables = {name for kind, name, *_ in made if kind == "table"}
    if new and not tables and not application:
        return
    if not set(WIDTHS) <= tables:
        if application == APPLICATION:
            raise DamagedStoreError(f"{path}: {DAMAGED}", code="E-store-damaged")
        raise StoreError(f"{path}: {NOT_ONE}", code="E-store-none")
    if made != _as_made():
        # The number of the format alone proves little: of a damaged store it may be any.
        if application == APPLICATION and version > FORMAT:
            raise StoreError(
                f"{path}: this run store was made by a later version of funnelsim (format {version}), which can "
                "read it; or it is damaged: then sweep into another one",
                code="E-store-version",
            )
        if application == APPLICATION and version == 1:
            raise OlderStoreError(
                f"{path}: the run store was made by an earlier version, without checksums", code="E-store-version"
            )
        raise DamagedStoreError(f"{path}: {DAMAGED}", code="E-store-damaged")
    if (application, version) != (APPLICATION, FORMAT) or not _is_sound(connection):
        raise DamagedStoreError(f"{path}: {DAMAGED}", code="E-store-damaged")


def _is_sound(connection: sqlite3.Connection) -> bool:
    """Whether all pages fit together, and all rows are as they were written."""
    connection.execute("BEGIN")  # what others write meanwhile is not looked at half
    try:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return False
        outlines = {None}
        for table in WIDTHS:
            for row in connection.execute(f"SELECT * FROM {table}"):
                if not is_sealed(table, row):
                    return False
                if table == "outlines":
                    outlines.add(row[0])
                if table == "replications" and row[5] not in outlines:
                    return False
        return True
    finally:
        connection.execute("COMMIT")


def _made_of(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()


@cache
def _as_made() -> list[tuple[str, ...]]:
    """What a store of this format is made of."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(SCHEMA)
        return _made_of(connection)
    finally:
        connection.close()
