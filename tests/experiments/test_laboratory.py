"""The laboratory: what is there is not made again, all is told in order, and whoever is told can stop it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.engine import engines
from funnelsim.experiments.running.executors import MOST_THREADS, Here, SturdyPool, Threads, Work, place
from funnelsim.experiments.running.laboratory import Batch, Laboratory, Sampling
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model

DESK = {
    "horizon": "30 d",
    "warmup": "2 d",
    "sources": {"web": {"rate": "5 / d"}},
    "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
    "stages": {"call": {"team": "desk", "effort": "2 h", "convert": 0.5}},
}
TWO = {"teams.desk.headcount": [1, 2]}


@pytest.fixture(scope="module")
def desk() -> fs.Scenario:
    return fs.Scenario.from_dict(DESK)


@pytest.fixture(scope="module")
def model(desk: fs.Scenario) -> Model:
    return compile_model(desk)


class Noted:
    """What is kept of a replication is its name and number, and each is noted when it is made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, model: Model, seed: int, number: int, engine: str, name: str, **_: Any) -> str:
        self.made.append(f"{name}{number}")
        return self.made[-1]

    def batches(self, model: Model, **counts: int) -> list[Batch]:
        return [Batch(name, model, count, self, (name,)) for name, count in counts.items()]


def test_only_what_is_missing_is_made_and_first_replications_come_first(model: Model) -> None:
    noted, laboratory = Noted(), Laboratory(Sampling())
    laboratory.run(noted.batches(model, a=2, b=1))
    laboratory.run(noted.batches(model, a=3, b=3))
    assert noted.made == ["a0", "b0", "a1", "b1", "a2", "b2"]
    assert laboratory.kept("a") == ["a0", "a1", "a2"]
    assert laboratory.done == 6


def test_scenario_by_scenario(model: Model) -> None:
    noted, laboratory = Noted(), Laboratory(Sampling())
    laboratory.run(noted.batches(model, a=2, b=2), by_scenario=True)
    assert noted.made == ["a0", "a1", "b0", "b1"]
    laboratory.forget()
    assert laboratory.kept("a") == []


@pytest.mark.parametrize("outside", [False, True])
def test_all_is_told_in_order_and_stops_where_the_answer_is_false(model: Model, outside: bool) -> None:
    told: list[tuple[float, int]] = []

    def watch(done: float, planned: int) -> bool:
        told.append((done, planned))
        return done < 3

    with ThreadPoolExecutor(2) as pool:
        laboratory = Laboratory(Sampling(executor=pool if outside else None, progress=watch))
        with pytest.raises(KeyboardInterrupt):
            laboratory.run(Noted().batches(model, a=5))
    assert told == [(1, 5), (2, 5), (3, 5)]
    assert [each[0] for each in laboratory.kept("a")] == ["a", "a", "a"]


@pytest.mark.parametrize(
    ("engine", "workers", "work", "kind"),
    [
        ("compiled", 1, Work.RECORDS, Here),
        ("compiled", MOST_THREADS, Work.FIGURES, Threads),
        ("compiled", MOST_THREADS + 1, Work.FIGURES, SturdyPool),
        ("compiled", MOST_THREADS + 1, Work.RECORDS, Threads),
        ("compiled", 2, Work.SCENARIOS, SturdyPool),
        ("simpy", 2, Work.FIGURES, SturdyPool),
    ],
)
def test_one_rule_for_where_work_is_done(engine: str, workers: int, work: Work, kind: type[Executor]) -> None:
    executor = place(engine, workers, work)
    assert type(executor) is kind
    executor.shutdown()


def test_workers_that_are_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 16)
    assert Sampling(engine="simpy", workers=None).at_once == 1
    if engines.choose("auto") in engines.RUNS_IN_THREADS:
        assert Sampling(workers=None).at_once == MOST_THREADS
    assert Sampling(workers=3, executor=ThreadPoolExecutor(1)).at_once == 0


def after(number: int) -> Any:
    """Watches, and stops after so many replications."""
    return lambda done, *_: (done if isinstance(done, int | float) else done.done) < number


def test_a_page_can_stop_every_experiment(desk: fs.Scenario, tmp_path: Path) -> None:
    two = {"one": desk, "two": desk.change({"teams.desk.headcount": 2})}
    vary = {"teams.desk.headcount": {"from": 1, "to": 4}, "sources.web.rate": {"from": "4 / d", "to": "6 / d"}}
    decide = {"teams.desk.headcount": {"from": 1, "to": 4}}
    calls: dict[str, Callable[[Any], Any]] = {
        "simulate": lambda told: fs.simulate(desk, replications=20, progress=told),
        "compare": lambda told: fs.compare(two, replications=20, progress=told),
        "choose": lambda told: fs.choose(two, "won", fs.Budget(40), progress=told),
        "tornado": lambda told: fs.tornado(desk, vary, kpi="won", replications=6, progress=told),
        "sensitivity": lambda told: fs.sensitivity(desk, vary, points=4, replications=2, progress=told),
        "diagnose": lambda told: fs.diagnose(desk, replications=4, progress=told),
        "sweep": lambda told: fs.sweep(desk, TWO, out=tmp_path / "runs.db", progress=told),
        "optimise": lambda told: fs.optimise(desk, decide, maximise="won", progress=told),
    }
    for name, call in calls.items():
        with pytest.raises(fs.Stopped) as caught:
            call(after(12))
        assert 1 <= caught.value.done <= 24, name


def test_what_was_done_is_kept_under_both_names(desk: fs.Scenario, tmp_path: Path) -> None:
    with pytest.raises(fs.Interrupted) as run:
        fs.simulate(desk, replications=6, progress=after(3))
    assert run.value.kept is run.value.result
    assert run.value.result is not None
    assert run.value.result.replications == run.value.done
    assert run.value.done in (2, 3)  # what is told of the end of a replication stops it as well
    with pytest.raises(fs.SweepInterrupted) as swept:
        fs.sweep(desk, TWO, out=tmp_path / "runs.db", progress=after(3))
    assert swept.value.kept is swept.value.sweep
    assert swept.value.result is None
    assert fs.sweep(desk, TWO, out=tmp_path / "runs.db").done == 20
