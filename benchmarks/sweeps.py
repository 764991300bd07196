"""What the machinery of a sweep costs beside the runs themselves: a thousand small points, in several places.

In this process, in two threads of it, on two worker processes, and on a cluster of two workers that is started on
the loopback interface (if `distributed` is there). Runs are short, so that what is beyond them can be seen.
"""

from __future__ import annotations

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

from report import Sizes, Table, cpu

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.experiments.running.executors import Cluster
from funnelsim.experiments.running.replications import replicate
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


def both() -> tuple[float, float]:
    """Processor time of this process, and of its children that have ended."""
    return cpu(), cpu(resource.RUSAGE_CHILDREN)


def bare(study: fs.Study, replications: int, most: int = 100) -> float:
    """CPU seconds of a point when nothing but the runs is done, from some of the points."""
    every = list(points(study))
    chosen = every[:: max(1, len(every) // most)]
    scenarios = [study.scenario(point.arm, point.at) for point in chosen]
    replicate(compile_model(scenarios[0]), 1, 0, ENGINE, False)
    before = cpu()
    for scenario in scenarios:
        model = compile_model(scenario)
        for number in range(replications):
            tally(replicate(model, 1, number, ENGINE, False), model, stages=(), teams=())  # as a sweep does
    return (cpu() - before) / len(chosen)


def measure(
    name: str, study: fs.Study, replications: int, workers: int, executor: Executor | None, each: float
) -> tuple[str, ...]:
    """The row of one place."""
    count = len(list(points(study)))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "runs.db"
        before, began = both(), time.perf_counter()
        fs.sweep(study, out=out, replications=replications, workers=workers, executor=executor)
        wall = time.perf_counter() - began
        own, children = (after - earlier for after, earlier in zip(both(), before, strict=True))
        size = out.stat().st_size
        began = time.perf_counter()
        fs.sweep(study, out=out, replications=replications)
        again = time.perf_counter() - began
    taken, elsewhere = (own + children) / count, isinstance(executor, Cluster)
    of_all = ("not known",) * 2 if elsewhere else (f"{1000 * taken:.2f}", f"{taken / each:.2f}")
    stored = f"{size / count / replications:,.0f}"
    return name, f"{wall:.1f}", *of_all, f"{1000 * own / count:.2f}", stored, f"{again:.2f}"


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


def tables(sizes: Sizes, replications: int = 2, hours: int = 4) -> Iterator[Table]:
    """A row for each place."""
    study = study_of(sizes.points, hours)
    each = bare(study, replications)
    rows = [measure("in this process", study, replications, 1, None, each)]
    with ThreadPoolExecutor(2) as pool:
        rows.append(measure("two threads", study, replications, 2, pool, each))
    if sizes.whole:
        rows.append(measure("two workers", study, replications, 2, None, each))
    if sizes.whole and find_spec("distributed") is not None:
        with cluster(2) as address:
            executor = Cluster(address)
            while executor.slots < 2:
                time.sleep(0.1)
            rows.append(measure("cluster of two", study, replications, 2, executor, each))
            executor.shutdown()
    note = (
        f"{sizes.points:,} points of {replications} replications of {hours} hours. Scenarios, runs and the sums "
        f"for their KPIs alone take {1000 * each:.2f} ms a point."
    )
    heads = ("", "s by the clock", "ms a point", "times the runs", "ms here", "bytes a run", "s to resume")
    yield Table("A sweep of small points", heads, rows, note)
