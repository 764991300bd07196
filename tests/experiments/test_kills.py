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
from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.experiments.store import Store

KILLS = int(os.environ.get("FUNNELSIM_KILLS", "8"))
POINTS = max(60, 12 * KILLS)
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


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds workers in /proc")
def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "study.yaml").write_text(STUDY)
    calm, disturbed = tmp_path / "calm.db", tmp_path / "disturbed.db"
    began = time.monotonic()
    assert sweeping(tmp_path, calm).wait() == 0
    undisturbed = time.monotonic() - began
    luck = random.Random(20261121)
    plan = [number % 2 == 0 for number in range(KILLS)]  # half at the parent
    luck.shuffle(plan)
    killed = {True: 0, False: 0}
    ended_by_itself, before = 0, 0
    process = sweeping(tmp_path, disturbed)
    for at_parent in plan:
        while True:
            time.sleep(luck.uniform(0.0, LONGEST))
            if process.poll() is not None:
                ended_by_itself += 1
                assert process.returncode == 0
                process = sweeping(tmp_path, disturbed)
            elif strike(process.pid, at_parent, luck):
                break
        killed[at_parent] += 1
        if at_parent:
            process.wait()
            now = stored(disturbed)
            assert now >= before, "what was stored is lost"
            before = now
            process = sweeping(tmp_path, disturbed)
    assert process.wait() == 0
    assert sweeping(tmp_path, disturbed).wait() == 0
    total = time.monotonic() - began
    with Store.open_to_read(calm) as one, Store.open_to_read(disturbed) as other:
        rows = list(other.rows("SELECT hex(fingerprint), replication, terms IS NULL FROM replications"))
        lost = POINTS * REPLICATIONS - sum(not missing for *_, missing in rows)
        twice = len(rows) - len({row[:2] for row in rows})
        equal = one.digest() == other.digest()
    print(
        f"\n{killed[True]} kills of the parent, {killed[False]} of workers; ended by itself {ended_by_itself} x; "
        f"{before:,} of {len(rows):,} replications stored at the last kill of the parent\n"
        f"lost {lost}, twice {twice}, same digest: {equal}; {undisturbed:.0f} s undisturbed, {total:.0f} s in all"
    )
    assert (lost, twice, equal) == (0, 0, True)
