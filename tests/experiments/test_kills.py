"""A sweep that is killed again and again, workers and parent, ends with what an undisturbed one gives.

Few kills by default; the whole test prints what it found:
``FUNNELSIM_KILLS=300 python -m pytest -m slow tests/experiments/test_kills.py -s``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.experiments.store.store import Store

KILLS = int(os.environ.get("FUNNELSIM_KILLS", "8"))
POINTS = max(60, 3 * KILLS)
REPLICATIONS = 10
LONGEST = float(os.environ.get("FUNNELSIM_KILLS_WITHIN", "4"))
"""Seconds between two kills at most; starting takes some, so that many strike there. A busy machine needs more."""

DESK = """\
funnelsim: 1
name: desk
horizon: 4 d
warmup: 1 d
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo}}
stages: {serve: {team: desk, continuity: any_rep, effort: {dist: exponential, mean: 1 h}}}
"""

STUDY = f"""\
study: desks
base: desk.yaml
vary: {{teams.desk.headcount: [2, 3], sources.web.rate: {{from: 1 / h, to: 3 / h, steps: {POINTS // 2}}}}}
replications: {REPLICATIONS}
kpis: [won]
"""


def sweeping(folder: Path, store: Path) -> subprocess.Popen[bytes]:
    source = str(Path(fs.__file__).parents[1])
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "funnelsim",
            "sweep",
            "study.yaml",
            "--out",
            str(store),
            "--workers",
            "2",
            "--quiet",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": source},
        stdout=subprocess.DEVNULL,
    )


def workers_of(parent: int) -> list[int]:
    """Worker processes of a sweep; neither threads nor the helper that tidies up after them."""
    found = []
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            status = (place / "stat").read_text().rpartition(")")[2].split()
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended
        if int(status[1]) == parent and status[0] != "Z" and b"spawn_main" in command:
            found.append(int(place.name))
    return found


def stored(store: Path) -> int:
    if not store.exists():
        return 0
    with Store.open_to_read(store) as opened:
        return int(opened.all("SELECT count(*) FROM replications WHERE terms IS NOT NULL")[0][0])


def strike(parent: int, at_parent: bool, luck: random.Random) -> bool:
    """Kill the parent, or one of its workers if there is one; whether anything was killed."""
    victims = [parent] if at_parent else workers_of(parent)
    if not victims:
        return False
    try:
        os.kill(luck.choice(victims), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Disturbed:
    """A sweep that is killed again and again; each time it ends by itself, the next begins with an empty store."""

    folder: Path
    stores: list[Path] = field(default_factory=list)
    kept: int = 0  # replications in the store at the last kill of the parent
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.begin()

    @property
    def store(self) -> Path:
        return self.stores[-1]

    def begin(self) -> None:
        """A sweep into a new store."""
        self.stores.append(self.folder / f"disturbed{len(self.stores)}.db")
        self.kept = 0
        self.go_on()

    def go_on(self) -> None:
        self.process = sweeping(self.folder, self.store)

    def wait_and_kill(self, at_parent: bool, luck: random.Random) -> None:
        """Kill the parent, or a worker, at a random moment."""
        while True:
            time.sleep(luck.uniform(0.0, LONGEST))
            if self.process.poll() is not None:
                assert self.process.returncode == 0
                self.begin()
            elif strike(self.process.pid, at_parent, luck):
                break
        if at_parent:
            self.process.wait()
            now = stored(self.store)
            assert now >= self.kept, "what was stored is lost"
            self.kept = now
            self.go_on()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds workers in /proc")
def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "study.yaml").write_text(STUDY)
    calm = tmp_path / "calm.db"
    began = time.monotonic()
    assert sweeping(tmp_path, calm).wait() == 0
    undisturbed = time.monotonic() - began
    luck = random.Random(20261121)
    plan = [number % 2 == 0 for number in range(KILLS)]  # half at the parent
    luck.shuffle(plan)
    disturbed = Disturbed(tmp_path)
    for at_parent in plan:
        disturbed.wait_and_kill(at_parent, luck)
    assert disturbed.process.wait() == 0
    assert sweeping(tmp_path, disturbed.store).wait() == 0
    total = time.monotonic() - began
    lost, twice, equal, rows = 0, 0, True, 0
    with Store.open_to_read(calm) as one:
        for store in disturbed.stores:
            with Store.open_to_read(store) as other:
                found = list(other.rows("SELECT hex(fingerprint), replication, terms IS NULL FROM replications"))
                equal = equal and one.digest() == other.digest()
            lost += POINTS * REPLICATIONS - sum(not missing for *_, missing in found)
            twice += len(found) - len({row[:2] for row in found})
            rows += len(found)
    print(
        f"\n{sum(plan)} kills of the parent, {KILLS - sum(plan)} of workers, in {len(disturbed.stores)} sweeps of "
        f"{POINTS * REPLICATIONS:,} replications; {rows:,} stored\n"
        f"lost {lost}, twice {twice}, same digests: {equal}; {undisturbed:.0f} s undisturbed, {total:.0f} s in all"
    )
    assert (lost, twice, equal) == (0, 0, True)
