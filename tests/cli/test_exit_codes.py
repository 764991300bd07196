"""2 where something in the input has to be changed, 1 where the same may work another time or elsewhere."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import DESK, Typed, written

import funnelsim
from funnelsim.cli import ends
from funnelsim.errors import FunnelsimError, Problem
from funnelsim.experiments.running import arms, executors
from funnelsim.experiments.store.opening import FORMAT
from funnelsim.experiments.store.store import Store

STUDY = "study: s\nbase: desk.yaml\nvary: {teams.desk.headcount: [3, 4]}\nreplications: 1\n"
SWEEP = ("sweep", "study.yaml", "--out", "runs.db", "--engine", "simpy", "--workers", "1")
EXPORT = ("export", "runs.db", "-o", "points")

FAILS = {
    "DamagedStoreError", "HinderedError", "HinderedStoreError", "InvariantError", "OlderStoreError", "SpaceError",
    "VersionError", "WorkerDiedError", "WorkersFailError",
}  # fmt: skip
"""Errors after which the same command may work elsewhere or later, or never, without a change of the input."""
WRONG = {
    "ArgumentError", "CalibrationError", "FunnelsimError", "NotOneLeverError", "RefusedError", "ScenarioError",
    "StoreError", "TooLargeError", "TooManyError", "UnchangingError", "UnreadableError",
}  # fmt: skip

OTHERWISE: dict[str, Any] = {
    "ScenarioError": [Problem("", "for some reason", code="E-value")],
    "TooLargeError": 10**9,
}
"""What errors are made of that are not made of a text."""


def all_errors(kind: type[FunnelsimError] = FunnelsimError) -> set[type[FunnelsimError]]:
    return {kind}.union(*(all_errors(each) for each in kind.__subclasses__()))


def test_every_error_has_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    """A new one has to be put into one of the lists."""
    for module in pkgutil.walk_packages(funnelsim.__path__, "funnelsim."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {kind.__name__: kind for kind in all_errors()}
    assert set(found) == FAILS | WRONG
    for name, kind in found.items():
        made: Any = kind
        error = made(OTHERWISE.get(name, "for some reason"))
        assert ends.told(error) == (ends.FAILED if name in FAILS else ends.WRONG_INPUT), name
    capsys.readouterr()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "desk.yaml", DESK.replace("20 d", "3 d").replace("2 d", "1 d"))
    written(tmp_path / "typo.yaml", DESK.replace("rate", "rat"))
    written(tmp_path / "study.yaml", STUDY)
    return tmp_path


Arranged = Callable[[Path, pytest.MonkeyPatch], Any]


def nothing(folder: Path, patch: pytest.MonkeyPatch) -> None:
    pass


def another_writes(folder: Path, patch: pytest.MonkeyPatch) -> Store:
    return Store.open_to_write(folder / "runs.db")


def a_store(folder: Path, patch: pytest.MonkeyPatch) -> None:
    Store.open_to_write(folder / "runs.db").close()


def a_later_store(folder: Path, patch: pytest.MonkeyPatch) -> None:
    a_store(folder, patch)
    connection = sqlite3.connect(folder / "runs.db")
    connection.executescript(f"PRAGMA user_version = {FORMAT + 1}; ALTER TABLE points ADD COLUMN x;")
    connection.close()


def no_store(folder: Path, patch: pytest.MonkeyPatch) -> None:
    written(folder / "runs.db", "mine")


def missing(*modules: str) -> Arranged:
    def arrange(folder: Path, patch: pytest.MonkeyPatch) -> None:
        a_store(folder, patch)
        for module in modules:
            patch.setitem(sys.modules, module, None)

    return arrange


def raising(error: BaseException) -> Arranged:
    """Something fails in the middle of the work."""

    def arrange(folder: Path, patch: pytest.MonkeyPatch) -> None:
        def fails(*_: object, **__: object) -> None:
            raise error

        patch.setattr(arms, "tallied", fails)

    return arrange


COMPARE = (
    "compare",
    "desk.yaml",
    "--arm",
    "more: teams.desk.headcount=4",
    "--replications",
    "2",
    "--engine",
    "simpy",
    "--workers",
    "1",
)
SITUATIONS: list[tuple[str, tuple[str, ...], Arranged, int, str]] = [
    ("done", ("check", "desk.yaml"), nothing, 0, ""),
    ("no file", ("run", "none.yaml"), nothing, 2, "cannot read the file"),
    ("a typo", ("run", "typo.yaml"), nothing, 2, "typo.yaml:5:"),
    ("an unknown option", ("run", "desk.yaml", "--colour"), nothing, 2, "--colour"),
    ("an unknown engine", ("run", "desk.yaml", "--engine", "steam"), nothing, 2, "steam"),
    ("an unknown KPI", (*COMPARE, "--kpi", "wno"), nothing, 2, "wno"),
    ("output onto an input", ("run", "desk.yaml", "--events", "desk.yaml"), nothing, 2, "this command reads that"),
    ("output into no folder", ("run", "desk.yaml", "--events", "none/log.csv"), nothing, 2, "there is no folder"),
    ("no store", (*EXPORT[:-1], "points.csv"), nothing, 2, "there is no such run store"),
    ("something else than a store", SWEEP, no_store, 2, "not a run store"),
    ("a store of a later format", SWEEP, a_later_store, 2, "later version"),
    ("an unknown format", EXPORT, a_store, 2, "must end in"),
    ("another writer", SWEEP, another_writes, 1, "another process is writing"),
    ("no scheduler", (*SWEEP[:4], "--cluster", "tcp://127.0.0.1:9"), nothing, 1, "no scheduler answers there"),
    (
        "no package for a cluster",
        (*COMPARE[:-4], "--cluster", "tcp://h:1"),
        missing("distributed"),
        1,
        "needs the package",
    ),
    ("no package for Parquet", (*EXPORT[:-1], "p.parquet"), missing("duckdb"), 1, "needs the package"),
    ("no package for Excel", (*EXPORT[:-1], "p.xlsx"), missing("xlsxwriter"), 1, "needs the package"),
    ("no memory", COMPARE, raising(MemoryError("of 3 TB")), 1, "there is not enough memory (of 3 TB)"),
    ("a disk that fails", COMPARE, raising(OSError(5, "Input/output error", "/tmp/x")), 1, "/tmp/x: cannot be"),
    ("the reader went away", COMPARE, raising(BrokenPipeError()), 1, ""),
    ("a limit that no input can hold", COMPARE, raising(FunnelsimError("too many")), 2, "too many"),
]


@pytest.mark.parametrize(
    ("arguments", "arranged", "code", "words"),
    [situation[1:] for situation in SITUATIONS],
    ids=[situation[0] for situation in SITUATIONS],
)
def test_situations(
    typed: Typed,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    arranged: Arranged,
    code: int,
    words: str,
) -> None:
    monkeypatch.setattr(executors, "CLUSTER_TIMEOUT", 2)  # seconds, of which there are 30
    held = arranged(folder, monkeypatch)
    done = typed(*arguments)
    if isinstance(held, Store):
        held.close()
    assert done.returncode == code, done
    assert words in done.stderr
    assert "Traceback" not in done.stderr
