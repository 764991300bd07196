"""The run store: what the replications of sweeps left, in one SQLite file that survives whatever befalls a sweep.

A replication is stored under the fingerprint of its scenario, seed, number and version of funnelsim, and is there
wholly or not at all. The engine is no part of the key, since all engines give the same result.

Only one process writes; a second is refused. Any number may read at the same time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnelsim.errors import FunnelsimError

from .store_errors import DAMAGED, DamagedStoreError, StoreError, explained
from .store_lock import Lock
from .tasks import Outcome, unpack

APPLICATION = 0x46554E53  # "FUNS"
FORMAT = 1

SCHEMA = """
CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, study TEXT NOT NULL, study_text TEXT NOT NULL,
  scenario_text TEXT NOT NULL, version TEXT NOT NULL, engine TEXT NOT NULL, seed INTEGER NOT NULL,
  replications INTEGER NOT NULL, kpis TEXT NOT NULL, dependencies TEXT NOT NULL);
CREATE TABLE outlines (id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE);
CREATE TABLE points (
  id INTEGER PRIMARY KEY, recipe BLOB NOT NULL UNIQUE, study TEXT NOT NULL, arm TEXT NOT NULL,
  factors TEXT NOT NULL, fingerprint BLOB, error TEXT);
CREATE TABLE replications (
  id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, seed INTEGER NOT NULL, replication INTEGER NOT NULL,
  version TEXT NOT NULL, outline INTEGER REFERENCES outlines, terms BLOB, error TEXT,
  UNIQUE (fingerprint, seed, replication, version));
"""
TABLES = ("sweeps", "outlines", "points", "replications")
"""Each has a number of columns that no other has, by which `salvage` knows its rows."""

_SAVE = """
INSERT INTO replications (fingerprint, seed, replication, version, outline, terms, error)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (fingerprint, seed, replication, version)
DO UPDATE SET outline = excluded.outline, terms = excluded.terms, error = excluded.error WHERE terms IS NULL
"""


@dataclass(frozen=True)
class Key:
    """Under what the replications of a scenario are stored, besides their number."""

    fingerprint: str
    seed: int
    version: str


@dataclass(frozen=True)
class StoredPoint:
    """A point in the store; without the fingerprint of a scenario it has the error why there is none."""

    number: int
    study: str
    arm: str
    factors: dict[str, Any]
    fingerprint: str | None
    error: str | None


@dataclass(frozen=True)
class Provenance:
    """Where the results of a sweep come from."""

    study: str
    study_text: str
    scenario_text: str
    version: str
    engine: str
    seed: int
    replications: int
    kpis: tuple[str, ...]
    dependencies: dict[str, str]


class Store:
    """A run store; make one with `open_to_write` or `open_to_read`, and close it.

    Attributes
    ----------
    path : Path
        The file.
    warnings : tuple of str
        What was said when it was opened.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, lock: Lock | None = None, warnings: Sequence[str] = ()
    ) -> None:
        self.path = path
        self.warnings = tuple(warnings)
        self._db = connection
        self._lock = lock

    # --- opening ----------------------------------------------------------------------------------------------

    @classmethod
    def open_to_write(cls, path: Path | str) -> Store:
        """Open a store, or make one.

        Raises
        ------
        StoreError
            If it cannot be written, another process writes to it, or the file is something else.
        """
        from . import salvage

        path = Path(path)
        if not path.absolute().parent.is_dir():
            raise StoreError(f"{path}: there is no folder {path.absolute().parent}")
        lock = Lock(path)
        try:
            try:
                return cls(path, prepared(path), lock)
            except DamagedStoreError as damage:
                said = salvage.replace(path, damage)
                return cls(path, prepared(path), lock, [said])
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_to_read(cls, path: Path | str) -> Store:
        """Open a store that is there, to read only.

        Raises
        ------
        StoreError
            If there is none, or it cannot be read.
        """
        from . import salvage

        path = Path(path)
        if not path.is_file():
            raise StoreError(f"{path}: there is no such run store")
        try:
            return cls(path, _readable(path))
        except DamagedStoreError as damage:
            connection, kept = salvage.in_memory(path)
            return cls(path, connection, None, [f"{damage}; {kept:,} replications of it could be read"])

    def close(self) -> None:
        """Close the file, and let other processes write."""
        self._db.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing ----------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is written inside is stored at once, wholly or not at all."""
        with explained(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise

    def begin(self, provenance: Provenance, started: str) -> None:
        """Note that a sweep begins, unless the last one was the same."""
        values = (
            provenance.study, provenance.study_text, provenance.scenario_text, provenance.version,
            provenance.engine, provenance.seed, provenance.replications,
            json.dumps(provenance.kpis, ensure_ascii=False), json.dumps(provenance.dependencies),
        )  # fmt: skip
        with self.writing():
            last = self._db.execute(
                "SELECT study, study_text, scenario_text, version, engine, seed, replications, kpis, dependencies "
                "FROM sweeps ORDER BY id DESC LIMIT 1"
            ).fetchone()
            if last != values:
                marks = ", ".join("?" * len(values))
                self._db.execute(
                    "INSERT INTO sweeps (study, study_text, scenario_text, version, engine, seed, replications, "
                    f"kpis, dependencies, started) VALUES ({marks}, ?)",
                    (*values, started),
                )

    def add_point(
        self, recipe: bytes, study: str, arm: str, factors: dict[str, Any], made: str | FunnelsimError
    ) -> StoredPoint:
        """Add a point, with the fingerprint of its scenario or the error why there is none."""
        fingerprint, error = (made, None) if isinstance(made, str) else (None, str(made))
        raw = None if fingerprint is None else bytes.fromhex(fingerprint)
        text = json.dumps(factors, ensure_ascii=False)
        with self.writing():
            row = self._db.execute(
                "INSERT INTO points (recipe, study, arm, factors, fingerprint, error) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (recipe) DO UPDATE SET fingerprint = excluded.fingerprint, error = excluded.error "
                "RETURNING id",
                (recipe, study, arm, text, raw, error),
            ).fetchone()
        return StoredPoint(row[0], study, arm, factors, fingerprint, error)

    def save(self, key: Key, outcome: Outcome) -> None:
        """Store what a task left; a result that is there stays, an error gives way."""
        with self.writing():
            outline = None if outcome.outline is None else self._outline(outcome.outline)
            self._db.executemany(
                _SAVE,
                [
                    (
                        bytes.fromhex(key.fingerprint),
                        key.seed,
                        done.replication,
                        key.version,
                        outline,
                        done.terms,
                        done.error,
                    )
                    for done in outcome.done
                ],
            )

    def _outline(self, content: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO outlines (content) VALUES (?)", (content,))
        row = self._db.execute("SELECT id FROM outlines WHERE content = ?", (content,)).fetchone()
        return int(row[0])

    # --- reading ----------------------------------------------------------------------------------------------

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one after the other."""
        with explained(self.path), closing(self._db.execute(query, tuple(values))) as found:
            yield from found

    def all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query at once, so that nothing stays open whatever happens next."""
        return list(self.rows(query, values))

    def point(self, recipe: bytes) -> StoredPoint | None:
        """The point that was made by a recipe."""
        found = list(self.points("recipe = ?", (recipe,)))
        return found[0] if found else None

    def points(self, where: str = "1", values: Sequence[Any] = ()) -> Iterator[StoredPoint]:
        """The points for which a condition holds, in the order in which they came."""
        query = f"SELECT id, study, arm, factors, fingerprint, error FROM points WHERE {where} ORDER BY id"
        for number, study, arm, factors, raw, error in self.rows(query, values):
            yield StoredPoint(number, study, arm, json.loads(factors), None if raw is None else raw.hex(), error)

    def done(self, key: Key, replications: int, first: int = 0) -> list[int]:
        """Which of the replications from ``first`` to below ``replications`` have a result."""
        query = (
            "SELECT replication FROM replications WHERE fingerprint = ? AND seed = ? AND version = ? "
            "AND replication >= ? AND replication < ? AND terms IS NOT NULL"
        )
        values = (bytes.fromhex(key.fingerprint), key.seed, key.version, first, replications)
        return [row[0] for row in self.all(query, values)]

    def errors(self, seed: int, version: str) -> list[tuple[str, int]]:
        """The errors under a seed and version, and those of points, the most frequent first, and how often."""
        found = self.all(
            "SELECT error, count(*) FROM (SELECT error FROM points WHERE error IS NOT NULL UNION ALL "
            "SELECT error FROM replications WHERE terms IS NULL AND seed = ? AND version = ?) "
            "GROUP BY error ORDER BY 2 DESC, 1",
            (seed, version),
        )
        return [(str(error), int(count)) for error, count in found]

    def sweeps(self) -> list[dict[str, Any]]:
        """The provenance of each sweep, the latest last."""
        names = [row[1] for row in self.rows("PRAGMA table_info(sweeps)")]
        made = [dict(zip(names, row, strict=True)) for row in self.rows("SELECT * FROM sweeps ORDER BY id")]
        for each in made:
            each["kpis"], each["dependencies"] = json.loads(each["kpis"]), json.loads(each["dependencies"])
        return made

    def digest(self) -> str:
        """SHA-256 of all points and results, whatever order they came in.

        Two stores of the same sweep have the same digest, however often one of them was interrupted.
        """
        whole = hashlib.sha256()
        for row in self.rows("SELECT study, arm, factors, hex(fingerprint), error FROM points ORDER BY recipe"):
            whole.update(repr(row).encode())
        for *names, terms, error in self.rows(
            "SELECT hex(fingerprint), seed, replication, version, content, terms, error FROM replications "
            "LEFT JOIN outlines ON outlines.id = outline "
            "ORDER BY fingerprint, seed, replication, version"
        ):
            # Compressed bytes may differ between builds of zlib; what they stand for does not.
            content = None if terms is None else json.dumps(unpack(terms))
            whole.update(repr((*names, content, error)).encode())
        return whole.hexdigest()


# --- connections ---------------------------------------------------------------------------------------------


def prepared(path: Path) -> sqlite3.Connection:
    """A connection that writes, to a store that is made if it is not there."""
    with explained(path):
        connection = sqlite3.connect(path.absolute(), isolation_level=None, timeout=30)
        try:
            _check(path, connection, new=True)
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


def _readable(path: Path) -> sqlite3.Connection:
    """A connection that reads; in a folder where nothing may be written as well."""
    with explained(path):
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


def _check(path: Path, connection: sqlite3.Connection, new: bool = False) -> None:
    """Whether the file is a store of a format that this version reads, or nothing yet."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if new and not tables and not application:
        return
    if application != APPLICATION or not set(TABLES) <= tables:
        raise StoreError(f"{path}: this file is not a run store of funnelsim")
    if version > FORMAT:
        raise StoreError(f"{path}: this run store was made by a later version of funnelsim (format {version})")
    if new and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise DamagedStoreError(f"{path}: {DAMAGED}")
