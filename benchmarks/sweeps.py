"""What the machinery of a sweep costs beside the runs themselves.

``python benchmarks/sweeps.py`` runs a thousand small points in this process, in two threads of it, on two worker
processes, and on a cluster of two workers that it starts on the loopback interface (if `distributed` is there).
It prints for each the wall time, the CPU time beyond that of the bare runs for each point, what the parent takes
of it, the size of the store, and the time a repeated sweep takes to see that there is nothing to do. Runs are
short by default, so that what is beyond them can be seen.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.experiments.running.executors import Cluster
from funnelsim.experiments.running.replications import replicate
from funnelsim.experiments.running.workers import Worker
from funnelsim.experiments.study.designs import points
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.summary import tally

ENGINE = engines.choose("auto")

DESK = """\
funnelsim: 1
name: desk
horizon: {hours} h
sources: {{web: {{rate: 2 / h}}}}
teams: {{desk: {{headcount: 3, queue: fifo}}}}
stages: {{serve: {{team: desk, continuity: any_rep, effort: {{dist: exponential, mean: 1 h}}}}}}
"""


def study_of(count: int, hours: int) -> fs.Study:
    vary = {
        "teams.desk.headcount": [2, 3],
        "sources.web.rate": {"from": "1 / h", "to": "3 / h", "steps": count // 2},
    }
    return fs.Study.of(fs.Scenario.from_text(DESK.format(hours=hours)), vary)


def cpu() -> tuple[float, float]:
    """CPU seconds of this process, and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return used[0].ru_utime + used[0].ru_stime, used[1].ru_utime + used[1].ru_stime


def bare(study: fs.Study, replications: int, most: int = 100) -> float:
    """CPU seconds of a point when nothing but the runs is done, from some of the points."""
    every = list(points(study))
    chosen = every[:: max(1, len(every) // most)]
    scenarios = [study.scenario(point.arm, point.at) for point in chosen]
    replicate(compile_model(scenarios[0]), 1, 0, ENGINE, False)
    before = cpu()[0]
    for scenario in scenarios:
        model = compile_model(scenario)
        for number in range(replications):
            tally(replicate(model, 1, number, ENGINE, False), model, stages=(), teams=())  # as a sweep does
    return (cpu()[0] - before) / len(chosen)


def measure(
    name: str, study: fs.Study, replications: int, workers: int, executor: Executor | None, each: float
) -> None:
    count = len(list(points(study)))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "runs.db"
        before, began = cpu(), time.perf_counter()
        fs.sweep(study, out=out, replications=replications, workers=workers, executor=executor)
        wall = time.perf_counter() - began
        own, children = (after - earlier for after, earlier in zip(cpu(), before, strict=True))
        size = out.stat().st_size
        began = time.perf_counter()
        fs.sweep(study, out=out, replications=replications)
        again = time.perf_counter() - began
    beyond = (own + children - each * count) / count
    elsewhere = isinstance(executor, Cluster)
    said = "(workers are not children)" if elsewhere else f"{1000 * beyond:.2f} ms beyond the runs"
    print(
        f"{name}: {wall:.1f} s, {count / wall:.0f} points/s; CPU a point: {1000 * own / count:.2f} ms here, {said}"
    )
    print(
        f"    store {size / 1e6:.2f} MB, {size / count / replications:.0f} bytes a run; resumes in {again:.2f} s"
    )


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """A scheduler and workers in processes of their own; gives its address."""
    started: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"

        def start(program: str, *options: str) -> None:
            command = [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(file), *options]
            quiet = subprocess.DEVNULL
            started.append(
                subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet, start_new_session=True)
            )

        try:
            start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
            while not file.exists():
                time.sleep(0.1)
            for number in range(workers):
                start(
                    "dask_worker", "--nthreads", "1", "--no-dashboard", "--local-directory", f"{folder}/{number}"
                )
            yield str(json.loads(file.read_text())["address"])
        finally:
            for process in reversed(started):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--points", type=int, default=1000)
    options.add_argument("--replications", type=int, default=2)
    options.add_argument("--hours", type=int, default=4, help="how long each run lasts in the model")
    asked = options.parse_args()
    study = study_of(asked.points, asked.hours)
    each = bare(study, asked.replications)
    print(f"bare runs: {1000 * each:.1f} ms of CPU a point of {asked.replications} replications")
    began = time.perf_counter()
    worker = Worker()
    worker.ready()
    worker.call(compile_model, (study.base,), {})
    print(f"a worker process starts in {time.perf_counter() - began:.2f} s")
    worker.end()
    measure("in this process", study, asked.replications, 1, None, each)
    with ThreadPoolExecutor(2) as threads:
        measure("two threads", study, asked.replications, 2, threads, each)
    measure("two workers", study, asked.replications, 2, None, each)
    if find_spec("distributed") is None:
        return
    with cluster(2) as address:
        executor = Cluster(address)
        while executor.slots < 2:
            time.sleep(0.1)
        measure("cluster of two", study, asked.replications, 2, executor, each)
        executor.shutdown()


if __name__ == "__main__":
    main()
