"""Sweeps on a real scheduler and workers of Dask, which the test starts on the loopback interface."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.running.executors import Cluster, in_order
from funnelsim.experiments.store.store import Store

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="ends processes as POSIX does"),
    # Dask's own: sockets and event loops that the collector closes.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"),
]

SOURCE = str(Path(fs.__file__).parents[1])
WORKERS = 2
HEADCOUNT = "teams.desk.headcount"


class Processes:
    """A scheduler and workers, each in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.started: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        # It is there for a moment before anything is in it.
        self.wait_for(lambda: self.file.exists() and self.file.read_text().rstrip().endswith("}"))
        self.address = str(json.loads(self.file.read_text())["address"])

    def start(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(self.file), *options],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{Path(__file__).parent}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        local = str(self.folder / f"worker{len(self.started)}")
        return self.start("dask_worker", "--nthreads", "1", "--no-dashboard", "--local-directory", local)

    def wait_for(self, condition: Any) -> None:
        until = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < until, "the cluster did not start"
            time.sleep(0.1)

    def end(self) -> None:
        for process in reversed(self.started):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    processes = Processes(tmp_path_factory.mktemp("cluster"))
    try:
        for _ in range(WORKERS):
            processes.worker()
        yield processes
    finally:
        processes.end()


def desk() -> fs.Scenario:
    return fs.Scenario.from_dict(
        {
            "funnelsim": 1,
            "name": "desk",
            "horizon": "4 d",
            "warmup": "1 d",
            "sources": {"web": {"rate": "2 / h"}},
            "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
            "stages": {"serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "1 h"}}},
        }
    )


def digest(path: Path) -> str:
    with Store.open_to_read(path) as store:
        return store.digest()


def kill_worker() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_cluster_gives_the_same(cluster: Processes, tmp_path: Path) -> None:
    vary = {HEADCOUNT: [2, 3, 4, 5], "sources.web.rate": ["1 / h", "2 / h"]}
    executor = Cluster(cluster.address)
    try:
        cluster.wait_for(lambda: executor.slots == WORKERS)
        fs.sweep(desk(), vary, out=tmp_path / "there.db", replications=3, executor=executor)
    finally:
        executor.shutdown()
    fs.sweep(desk(), vary, out=tmp_path / "here.db", replications=3)
    assert digest(tmp_path / "there.db") == digest(tmp_path / "here.db")


def test_what_is_best_does_not_depend_on_where_it_is_run(cluster: Processes, tmp_path: Path) -> None:
    def best(place: str, **where: Any) -> dict[str, Any]:
        found = fs.optimise(desk(), {HEADCOUNT: [2, 3, 4]}, minimise="cycle_time", out=tmp_path / place, **where)
        return {name: part for name, part in found.to_dict().items() if name != "store"}

    executor = Cluster(cluster.address)
    try:
        there = best("there.db", executor=executor)
    finally:
        executor.shutdown()
    assert there == best("here.db")


def test_workers_of_a_cluster_may_die(cluster: Processes, tmp_path: Path) -> None:
    """One is killed by a task in the middle of the sweep; its nanny starts another."""
    executor = Cluster(cluster.address)
    killed: list[Any] = []

    def kill(now: Any) -> None:
        if now.done >= 4 and not killed:
            killed.append(executor._client.submit(kill_worker, pure=False, allow_other_workers=False))

    try:
        vary = {HEADCOUNT: list(range(2, 12))}
        result = fs.sweep(
            desk(), vary, out=tmp_path / "there.db", replications=4, executor=executor, progress=kill
        )
    finally:
        executor.shutdown(wait=False)
    assert killed
    assert result.failures.empty
    assert [reading.replications for reading in result.readings] == [4] * 10


def test_the_command(cluster: Processes, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(f"study: x\nbase: desk.json.yaml\nvary: {{{HEADCOUNT}: [2, 3]}}\n")
    (tmp_path / "desk.json.yaml").write_text(json.dumps(desk().document))
    command = ["sweep", "study.yaml", "--out", "runs.db", "--json", "--cluster", cluster.address]
    document = said([*command, "--replications", "2"], tmp_path)
    assert [point["replications"] for point in document["points"]] == [2, 2]


def test_comparisons_and_diagnoses_run_there_too(cluster: Processes, tmp_path: Path) -> None:
    """The same figures as here; what the user asks of the commands arrives."""
    arms = {"today": desk(), "more": desk().change({HEADCOUNT: {"add": 1}})}
    executor = Cluster(cluster.address)
    try:
        chosen = fs.choose(arms, "won", fs.Budget(10, first=4), executor=executor)
        found = fs.diagnose(desk(), replications=2, equation=False, executor=executor)
    finally:
        executor.shutdown()
    assert chosen.to_dict() == fs.choose(arms, "won", fs.Budget(10, first=4)).to_dict()
    assert found.to_dict() == fs.diagnose(desk(), replications=2, equation=False).to_dict()
    (tmp_path / "desk.json.yaml").write_text(json.dumps(desk().document))
    command = ["compare", "desk.json.yaml", "--arm", f"more: {HEADCOUNT}={{add: 1}}", "--replications", "2"]
    elsewhere = ["--json", "--quiet", "--cluster", cluster.address]
    there = said([*command, *elsewhere], tmp_path)
    compared = fs.compare({"desk.json": desk(), "more": arms["more"]}, replications=2).to_dict()
    assert there["differences"] == compared["differences"]
    there = said(["run", "desk.json.yaml", "--replications", "3", *elsewhere], tmp_path)
    assert there["kpis"] == fs.simulate(desk(), replications=3).to_dict()["kpis"]


def said(arguments: list[str], folder: Path) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "funnelsim", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_workers_of_a_cluster_that_all_die_end_a_comparison_with_a_message(cluster: Processes) -> None:
    executor = Cluster(cluster.address)
    try:
        with pytest.raises(fs.FunnelsimError, match="the work cannot go on: KilledWorker"):
            list(in_order(executor, kill_worker, [()]))
        cluster.wait_for(lambda: executor.slots == WORKERS)
    finally:
        executor.shutdown(wait=False)


def test_a_scheduler_that_goes_away_ends_the_sweep_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("funnelsim.experiments.running.executors.CLUSTER_TIMEOUT", 10)  # also of calling it back
    processes = Processes(tmp_path)
    try:
        processes.worker()
        executor = Cluster(processes.address)

        def kill(now: Any) -> None:
            if now.done >= 2 and processes.scheduler.poll() is None:
                os.killpg(processes.scheduler.pid, signal.SIGKILL)
                processes.scheduler.wait()

        vary = {HEADCOUNT: list(range(2, 40))}
        with pytest.raises(fs.FunnelsimError, match="the sweep cannot go on"):
            fs.sweep(desk(), vary, out=tmp_path / "runs.db", replications=4, executor=executor, progress=kill)
    finally:
        processes.end()
        executor.shutdown(wait=False)
    with Store.open_to_read(tmp_path / "runs.db") as store:
        assert store.all("SELECT count(*) FROM replications")[0][0] >= 2


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "steam://x:1"])
def test_addresses_where_nobody_answers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnelsim.experiments.running.executors.CLUSTER_TIMEOUT", 3)
    with pytest.raises(fs.FunnelsimError, match=r"no scheduler answers there|no address of a scheduler"):
        Cluster(address)
