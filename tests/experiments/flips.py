"""Run stores in which one bit changed: none ends in a traceback, and nothing wrong is read.

``python tests/experiments/flips.py 500`` damages so many stores at random places, writes what came of each kind,
and fails if one of them was read wrongly.
"""

from __future__ import annotations

import collections
import csv
import random
import shutil
import sys
import tempfile
from pathlib import Path

import funnelsim as fs
from funnelsim.experiments.store.exports import export
from funnelsim.experiments.store.store import Store

SEED = 20260401
PLACES = ("", "-wal")

STUDY = """\
study: flips
base: desk.yaml
arms: {quick: {stages.serve.effort: {multiply: 0.5}}}
vary: {teams.desk.headcount: [1, 2, 3, 4, 5, 6]}
replications: 3
"""
DESK = """\
funnelsim: 1
name: One desk
horizon: 3 d
warmup: 1 d
sources: {web: {rate: 1 / h}}
teams:   {desk: {headcount: 3, queue: fifo}}
stages:
  serve: {team: desk, effort: {dist: exponential, mean: 1 h}, convert: 0.5}
"""


def check_refusal(error: fs.FunnelsimError) -> None:
    """A store that is refused is said to be damaged, or not to be one."""
    assert "damaged" in str(error), error


class Flips:
    """A whole store, closed or as a killed process leaves it, and what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
        (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
        self.study = fs.load_study(folder / "study.yaml")
        closed = folder / "closed.db"
        fs.sweep(self.study, out=closed, engine="simpy")
        with Store.open_to_read(closed) as store:
            self.digest = store.digest()
        self.rows = self.exported(closed)
        self._killed(closed)

    def _killed(self, closed: Path) -> None:
        """A copy of the store in the middle of its life: a part in the file, a part in the log."""
        source = self.folder / "open.db"
        shutil.copy(closed, source)
        with Store.open_to_write(source) as store, store.writing():
            for table in ("points", "replications"):  # written anew, so that the log has pages of each
                for row in store.all(f"SELECT * FROM {table} WHERE id % 3 = 0"):
                    store._put(table, *row[:-1])
        with Store.open_to_write(source) as store:
            with store.writing():
                for row in store.all("SELECT * FROM replications WHERE id % 2 = 0"):
                    store._put("replications", *row[:-1])
            for place in PLACES:
                shutil.copy(f"{source}{place}", self.folder / f"killed.db{place}")

    def exported(self, store: Path) -> dict[tuple[str, ...], dict[str, str]]:
        """The rows of an export, by point, seed and version."""
        table = store.with_suffix(".csv")
        export(store, table)
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        table.unlink()
        heads = ("study", "arm", "teams.desk.headcount", "seed", "version")
        return {tuple(row[head] for head in heads): row for row in rows}

    def flipped(self, name: str, place: str, bit: int) -> Path:
        """A copy in which one bit is another."""
        path = self.folder / "flipped.db"
        for old in self.folder.glob("flipped.db*"):
            old.unlink()
        for each in PLACES:
            if (there := self.folder / f"{name}.db{each}").exists():
                shutil.copy(there, f"{path}{each}")
        target = Path(f"{path}{place}")
        content = bytearray(target.read_bytes())
        content[bit // 8] ^= 1 << bit % 8
        target.write_bytes(bytes(content))
        return path

    def size(self, name: str, place: str) -> int:
        """Bits in a file."""
        there = self.folder / f"{name}.db{place}"
        return 8 * there.stat().st_size if there.exists() else 0

    def told(self, path: Path, sweep: bool) -> str:
        """What comes of a store: an export that is right as far as it goes, and a sweep that completes it."""
        try:
            with Store.open_to_read(path) as store:
                said = store.warnings
            found = self.exported(path)
        except fs.FunnelsimError as error:
            check_refusal(error)
            found, said = {}, (str(error),)
        whole = self._compared(found)
        assert whole or said, "something is missing, and nothing was said"
        if sweep:
            self._completed(path, bool(said))
        return "whole" if whole and not said else "said, nothing missing" if whole else "said, a part is missing"

    def _compared(self, found: dict[tuple[str, ...], dict[str, str]]) -> bool:
        """Whether all is there; what is must be right."""
        runs = {key: row for key, row in found.items() if row["replications"] not in ("", "0")}
        for key, row in runs.items():
            right = self.rows[key]
            if row["replications"] == right["replications"]:
                assert {name: row.get(name) for name in right} == right, (row, right)
        return len(runs) == len(self.rows) and all(row == self.rows[key] for key, row in runs.items())

    def _completed(self, path: Path, damaged: bool) -> None:
        try:
            result = fs.sweep(self.study, out=path, engine="simpy")
        except fs.FunnelsimError as error:
            check_refusal(error)
            return
        assert not result.failed
        assert result.warnings or not damaged
        assert self.exported(path) == self.rows
        with Store.open_to_read(path) as store:
            assert not store.warnings
            assert store.digest() == self.digest


def places(flips: Flips, count: int, seed: int) -> list[tuple[str, str, int]]:
    """Random bits: half of them anywhere, a quarter where much hangs on few (the heads of files and pages)."""
    luck = random.Random(seed)
    files = [("closed", ""), ("killed", ""), ("killed", "-wal")]
    chosen = []
    for number in range(count):
        name, place = files[number % 3]
        size = flips.size(name, place)
        if number % 4 == 3:
            page = 4096 + 24 if place else 4096
            start = luck.randrange(size // 8 // page) * page + (32 if place else 0)
            chosen.append((name, place, min(size - 1, 8 * start + luck.randrange(8 * 120))))
        else:
            chosen.append((name, place, luck.randrange(size)))
    return chosen


def main(count: int, seed: int = SEED, sweeps: int = 4) -> collections.Counter[str]:
    """Damage so many stores; every ``sweeps``-th is swept as well."""
    found: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        flips = Flips(Path(folder))
        for number, (name, place, bit) in enumerate(places(flips, count, seed)):
            path = flips.flipped(name, place, bit)
            try:
                found[flips.told(path, number % sweeps == 0)] += 1
            except Exception as error:
                error.add_note(f"bit {bit} of {name}{place}, byte {bit // 8}")
                raise
    return found


if __name__ == "__main__":
    for what, times in sorted(main(*map(int, sys.argv[1:])).items()):
        print(f"{times:6,} {what}")
