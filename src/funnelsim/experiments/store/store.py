"""The run store: what the replications of sweeps left, in one SQLite file that survives whatever befalls a sweep.

A replication is stored under the fingerprint of its scenario, seed, number and version of funnelsim, and is there
wholly or not at all. The engine is no part of the key, since all engines give the same result.

Only one process writes; a second is refused. Any number may read at the same time. Each row has a checksum, and
all are checked when a store is opened.
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

from funnelsim import disk
from funnelsim.errors import FunnelsimError

from ..running.tasks import Outcome, unpack
from .errors import DamagedStoreError, StoreError, explained
from .lock import Lock
from .opening import WIDTHS, prepared, readable
from .seal import seal

_SAVE = """
INSERT INTO replications (id, fingerprint, seed, replication, version, outline, terms, error, seal)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_GIVE_WAY = """
DELETE FROM replications
WHERE fingerprint = ? AND seed = ? AND replication = ? AND version = ? AND terms IS NULL
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

        path = _itself(path)
        if not path.absolute().parent.is_dir():
            raise StoreError(f"{path}: there is no folder {path.absolute().parent}", code="E-output-place")
        disk.refuse_input(path)
        if path.exists() and not path.is_file():
            raise StoreError(
                f"{path}: a run store is an ordinary file; this is a folder, a pipe or a device",
                code="E-store-place",
            )
        if path.is_file() and path.stat().st_nlink > 1:
            raise StoreError(
                f"{path}: this file has a second name (a hard link), under which another process could write to "
                "it unnoticed; make a copy, or remove the other name",
                code="E-store-place",
            )
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

        path = _itself(path)
        if not path.is_file():
            strange = "; this is a folder, a pipe or a device" if path.exists() else ""
            raise StoreError(f"{path}: there is no such run store{strange}", code="E-store-missing")
        disk.note_input(path)
        try:
            return cls(path, readable(path))
        except DamagedStoreError as damage:
            connection, said = salvage.in_memory(path, damage)
            return cls(path, connection, None, [said])

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
                self._put("sweeps", self._next("sweeps"), started, *values)

    def add_point(
        self, recipe: bytes, study: str, arm: str, factors: dict[str, Any], made: str | FunnelsimError
    ) -> StoredPoint:
        """Add a point, with the fingerprint of its scenario or the error why there is none."""
        fingerprint, error = (made, None) if isinstance(made, str) else (None, str(made))
        raw = None if fingerprint is None else bytes.fromhex(fingerprint)
        text = json.dumps(factors, ensure_ascii=False)
        with self.writing():
            there = self._db.execute("SELECT id FROM points WHERE recipe = ?", (recipe,)).fetchone()
            number = self._next("points") if there is None else int(there[0])
            self._put("points", number, recipe, study, arm, text, raw, error)
        return StoredPoint(number, study, arm, factors, fingerprint, error)

    def save(self, key: Key, outcome: Outcome) -> None:
        """Store what a task left; a result that is there stays, an error gives way."""
        with self.writing():
            outline = None if outcome.outline is None else self._outline(outcome.outline)
            number = self._next("replications")
            for done in outcome.done:
                which = (bytes.fromhex(key.fingerprint), key.seed, done.replication, key.version)
                if done.terms is not None:
                    self._db.execute(_GIVE_WAY, which)
                row = (number, *which, outline, done.terms, done.error)
                number += self._db.execute(_SAVE, (*row, seal("replications", *row))).rowcount

    def _outline(self, content: str) -> int:
        row = self._db.execute("SELECT id FROM outlines WHERE content = ?", (content,)).fetchone()
        if row is not None:
            return int(row[0])
        number = self._next("outlines")
        self._put("outlines", number, content)
        return number

    def _put(self, table: str, *row: Any) -> None:
        """Add a row with its checksum, in place of one with its number."""
        marks = ", ".join("?" * WIDTHS[table])
        self._db.execute(f"REPLACE INTO {table} VALUES ({marks})", (*row, seal(table, *row)))

    def _next(self, table: str) -> int:
        (last,) = self._db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
        return int(last) + 1

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
        names = [row[1] for row in self.rows("PRAGMA table_info(sweeps)")][:-1]
        made = [dict(zip(names, row, strict=False)) for row in self.rows("SELECT * FROM sweeps ORDER BY id")]
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


def _itself(path: Path | str) -> Path:
    """The file that a symbolic link leads to, as locks and logs lie beside a file and not beside its links."""
    path = Path(path)
    if "\0" in str(path):
        raise StoreError(f"{path}: the name of a run store cannot hold a zero byte", code="E-store-place")
    return path.resolve() if path.is_symlink() else path
