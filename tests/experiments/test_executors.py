"""Executors: what they do with results, errors, and workers that die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.running import executors
from funnelsim.experiments.running.executors import (
    AHEAD,
    MOST_THREADS,
    STRIKES,
    Here,
    SturdyPool,
    Threads,
    in_order,
    place,
)
from funnelsim.experiments.running.workers import WorkerDiedError

SOURCE = str(Path(fs.__file__).parents[1])
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes as POSIX does")


def die(code: int = -9) -> None:
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


def square(number: int) -> int:
    return number * number


def fail() -> None:
    raise ValueError("no luck")


def pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def die_at_first(marker: str, number: int) -> int:
    """Each number kills one worker before it gives its square."""
    try:
        Path(f"{marker}{number}").touch(exist_ok=False)
    except FileExistsError:
        return number * number
    die()
    return 0


def until_told(progress: Callable[[float], None]) -> None:
    while True:
        time.sleep(0.01)
        progress(0.5)


def unsendable() -> object:
    return lambda: None


def test_tasks_run_here_at_once() -> None:
    future = Here().submit(square, 3)
    assert future.done()
    assert future.result() == 9
    with pytest.raises(ValueError, match="no luck"):
        Here().submit(fail).result()


def test_a_worker_that_dies_costs_its_own_task_only() -> None:
    with SturdyPool(2) as pool:
        futures = [pool.submit(die) if number % 5 == 2 else pool.submit(square, number) for number in range(20)]
        for number, future in enumerate(futures):
            if number % 5 == 2:
                with pytest.raises(WorkerDiedError, match="SIGKILL; out of memory"):
                    future.result(timeout=60)
            else:
                assert future.result(timeout=60) == number * number


def test_a_worker_is_used_again() -> None:
    with SturdyPool(1) as pool:
        assert len({pool.submit(pid_after, 0).result(timeout=60) for _ in range(5)}) == 1
        with pytest.raises(WorkerDiedError, match="exit code 3"):
            pool.submit(die, 3).result(timeout=60)
        assert pool.submit(square, 4).result(timeout=60) == 16


def test_errors_of_tasks_are_theirs() -> None:
    with SturdyPool(1) as pool:
        with pytest.raises(ValueError, match="no luck"):
            pool.submit(fail).result(timeout=60)
        with pytest.raises(Exception, match="pickle"):
            pool.submit(unsendable).result(timeout=60)
        with pytest.raises(Exception, match="pickle"):
            pool.submit(lambda: 1).result(timeout=60)
        assert pool.submit(square, 5).result(timeout=60) == 25


def test_a_task_at_which_a_worker_dies_is_tried_again(tmp_path: Path) -> None:
    marker = str(tmp_path / "tried")
    with SturdyPool(2) as pool:
        found = list(in_order(pool, die_at_first, [(marker, number) for number in range(3)]))
        assert found == [0, 1, 4]
        with pytest.raises(fs.FunnelsimError, match=rf"exit code 3\), {STRIKES} times; fewer workers"):
            list(in_order(pool, die, [(3,)]))


def test_an_executor_that_fails_is_told_in_words() -> None:
    with ProcessPoolExecutor(1) as pool, pytest.raises(fs.FunnelsimError, match="ends a pool of the standard"):
        list(in_order(pool, die, [()]))
    with pytest.raises(ValueError, match="no luck"):
        list(in_order(Here(), fail, [()]))


def test_few_tasks_are_submitted_ahead() -> None:
    class Counting(Here):
        slots = 2
        submitted = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.submitted += 1
            return super().submit(fn, *args, **kwargs)

    counting = Counting()
    results = in_order(counting, square, ((number,) for number in range(100)))
    assert next(results) == 0
    assert counting.submitted == 2 * AHEAD
    assert next(results) == 1
    assert counting.submitted == 2 * AHEAD + 1
    assert list(results) == [number * number for number in range(2, 100)]


def test_threads_end_soon_when_told_to() -> None:
    threads = Threads(2)
    futures = [threads.submit(until_told) for _ in range(4)]
    time.sleep(0.1)
    began = time.monotonic()
    threads.shutdown(wait=False)
    assert time.monotonic() - began < 10
    assert all(future.done() for future in futures)


def test_workers_are_threads_where_the_engine_lets_them() -> None:
    kinds = [
        ("compiled", MOST_THREADS, Threads),
        ("compiled", MOST_THREADS + 1, SturdyPool),
        ("simpy", 2, SturdyPool),
    ]
    for engine, workers, kind in kinds:
        with place(engine, workers) as pool:
            assert isinstance(pool, kind)
            assert executors.slots(pool) == workers


def test_a_pool_ends_at_once_when_told_to() -> None:
    pool = SturdyPool(2)
    pool.submit(square, 1).result(timeout=60)
    futures = [pool.submit(pid_after, 60) for _ in range(5)]
    time.sleep(0.5)
    began = time.monotonic()
    pool.shutdown(wait=False, cancel_futures=True)
    assert time.monotonic() - began < 20
    assert all(future.cancelled() or isinstance(future.exception(), fs.FunnelsimError) for future in futures)
    assert multiprocessing.active_children() == []
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(square, 1)


ORPHANS = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from test_executors import SturdyPool, pid_after
if __name__ == "__main__":
    pool = SturdyPool(2)
    print(pool.submit(pid_after, 0.5).result(), pool.submit(pid_after, 0.5).result(), flush=True)
    pool.submit(pid_after, 600)
    pid_after(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """Also one that is at a task that takes long."""
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    command = [sys.executable, str(script), str(Path(__file__).parent)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    pids = {int(pid) for pid in done.stdout.split()}
    assert pids
    until = time.monotonic() + 20
    while any(is_running(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(is_running(pid) for pid in pids)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


UNGUARDED = """
import funnelsim as fs
desk = fs.Scenario.from_text('''
funnelsim: 1
name: desk
horizon: 2 d
sources: {web: {rate: 1 / h}}
teams: {desk: {headcount: 3, queue: fifo}}
stages: {serve: {team: desk, effort: 20 min}}
''')
fs.sweep(desk, {"teams.desk.headcount": [1, 2]}, out="runs.db", workers=2, replications=2)
"""


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED)
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    command = [sys.executable, "script.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    last = done.stderr.strip().splitlines()[-1]
    assert "the sweep cannot go on: worker processes end as soon as they start" in last
    assert "if __name__ == '__main__'" in last


def test_executors_say_how_many_tasks_they_run() -> None:
    class Plain(Here):
        slots = 0

    assert executors.slots(Here()) == 1
    assert executors.slots(Plain()) == executors.SLOTS_UNKNOWN
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as threads:
        assert executors.slots(threads) == 3


def test_causes_are_told_in_words() -> None:
    assert "has the cluster gone" in executors.cause(CancelledError())
    assert executors.cause(fs.FunnelsimError("so it is")) == "so it is"
    assert executors.cause(TypeError("first\nsecond")) == "TypeError: first second"
