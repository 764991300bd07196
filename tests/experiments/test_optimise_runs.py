"""Optimisation of scenarios that are run: known optima, going on, interruption, executors."""

from __future__ import annotations

import json
import math
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from stand_in import HEADCOUNT, RATE, desk

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.optimisation.laboratory import OptimisationInterrupted
from funnelsim.experiments.running.executors import Here
from funnelsim.experiments.running.tasks import Task
from funnelsim.experiments.store.store import Store
from funnelsim.experiments.sweep.procedure import SweepProgress

LEADS, WORK, PATIENCE = 2.0, 1.0, 2.0
"""Leads an hour, leads a rep serves in an hour, and the rate at which one that waits gives up."""

VALUE, SALARY = 100.0, 30.0
"""Of a lead that is served, and of a rep an hour."""


def impatient() -> fs.Scenario:
    """M/M/c+M: leads that wait give up after an exponential time."""
    return fs.Scenario.from_dict(
        {
            "funnelsim": 1,
            "name": "impatient",
            "horizon": "25 d",
            "warmup": "5 d",
            "gross_margin": 1,
            "revenue": "one_off",
            "segments": {"all": {"value": VALUE}},
            "sources": {"web": {"rate": f"{LEADS} / h"}},
            "teams": {"desk": {"headcount": 2, "queue": "fifo", "cost": {"salary": f"{SALARY} / h"}}},
            "stages": {
                "serve": {
                    "team": "desk",
                    "continuity": "any_rep",
                    "effort": {"dist": "exponential", "mean": f"{60 / WORK} min"},
                    "patience": {"dist": "exponential", "mean": f"{60 / PATIENCE} min"},
                    "books": True,
                }
            },
        }
    )


def served(reps: int) -> float:
    """Leads an hour that are served in M/M/c+M, by its birth-and-death equations (Erlang A)."""
    weight, weights = 1.0, [1.0]
    for number in range(1, 200):
        weight *= LEADS / (min(number, reps) * WORK + max(0, number - reps) * PATIENCE)
        weights.append(weight)
    return sum(min(n, reps) * WORK * each for n, each in enumerate(weights)) / sum(weights)


def wait(reps: int) -> float:
    """Mean wait in M/M/c in hours (Erlang C)."""
    load = LEADS / WORK
    below = sum(load**n / math.factorial(n) for n in range(reps))
    last = load**reps / math.factorial(reps) / (1 - load / reps)
    return last / (below + last) / (reps * WORK - LEADS)


def test_the_number_of_reps_that_pays_best_is_that_of_theory() -> None:
    """A rep costs 30 an hour, and a lead that gives up costs 100."""
    profit = {reps: VALUE * served(reps) - SALARY * reps for reps in range(1, 8)}
    best = max(profit, key=lambda reps: profit[reps])
    second = sorted(profit.values())[-2]
    assert 1 < best < 7
    hours = 20 * 24
    vary = {HEADCOUNT: {"from": 1, "to": 7}}
    found = fs.optimise(
        impatient(), vary, maximise="contribution", indifference=(profit[best] - second) * hours / 2
    )
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: best}
    figure = found.best.measured["contribution"] if found.best.measured else None
    assert figure is not None
    half = figure.mean - figure.low
    assert abs(figure.mean - profit[best] * hours) < 1.5 * half  # 3 standard errors
    assert not found.flat


def test_the_fewest_reps_who_serve_in_time_are_those_of_theory() -> None:
    """M/M/c: Erlang C says how many are needed for a mean wait of 10 minutes, and the work takes 60."""
    needed = next(reps for reps in range(3, 9) if wait(reps) * 60 <= 10)
    assert needed == 4
    base = impatient().change({"stages.serve.patience": None, "horizon": "2 mo", "warmup": "1 w"})
    found = fs.optimise(
        base,
        {HEADCOUNT: {"from": 3, "to": 6}},
        minimise="cost",
        constraints={"cycle_time": {"at_most": "70 min"}},
    )
    assert found.best is not None
    assert found.best.point.at == {HEADCOUNT: needed}
    assert found.goal.outcome == "cycle_time"


# --- the same answer, whatever happens -----------------------------------------------------------------------


def small_search() -> fs.Study:
    """25 points, 6 of which are tried before those beside the best."""
    base = desk(teams={"desk": {"headcount": 3, "queue": "fifo", "cost": {"salary": "10 / h"}}}, horizon="2 d")
    vary = {HEADCOUNT: {"from": 1, "to": 5}, RATE: {"from": "1 / h", "to": "5 / h", "steps": 5}}
    limits = {"cycle_time": {"at_most": "3 h"}}
    more = {"budget": "30 / h", "constraints": limits, "replications": 3, "indifference": "10 %"}
    return fs.Study.of(base, vary, name="desks", design={"search": 6}, maximise="won", **more)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The answer of a search that nothing disturbs, and the digest of its store."""
    path = tmp_path_factory.mktemp("undisturbed") / "runs.db"
    found = fs.optimise(small_search(), out=path)
    assert not found.found.complete
    assert found.best is not None
    return answer(found), digest(path)


def answer(found: fs.Optimum) -> dict[str, Any]:
    document = json.loads(found.to_json())
    del document["store"]
    return document


def digest(path: Path) -> str:
    with Store.open_to_read(path) as store:
        return store.digest()


class Interrupting(Here):
    """Runs so many tasks, and then the user loses patience."""

    def __init__(self, tasks: int) -> None:
        self.left = tasks
        self.made: list[tuple[str, int]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        task: Task = args[0]
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        self.made += [(task.scenario.fingerprint, number) for number in task.replications]
        return super().submit(fn, *args, **kwargs)


def test_one_that_was_stopped_goes_on_to_the_same_answer_and_repeats_nothing(
    tmp_path: Path, undisturbed: tuple[dict[str, Any], str]
) -> None:
    path, made, stops = tmp_path / "runs.db", [], 0
    while True:
        executor = Interrupting(5)
        try:
            found = fs.optimise(small_search(), out=path, executor=executor)
            break
        except OptimisationInterrupted:
            stops += 1
        finally:
            made += executor.made
    assert stops > 3
    assert len(made) == len(set(made))
    assert answer(found) == undisturbed[0]
    assert digest(path) == undisturbed[1]
    again = fs.optimise(small_search(), out=path, executor=Interrupting(0))
    assert again.reused == again.replications
    assert answer(again) == undisturbed[0]


def test_the_answer_does_not_depend_on_the_number_of_workers(
    tmp_path: Path, undisturbed: tuple[dict[str, Any], str]
) -> None:
    with ThreadPoolExecutor(3) as executor:
        found = fs.optimise(small_search(), out=tmp_path / "runs.db", executor=executor)
    assert answer(found) == undisturbed[0]
    assert digest(tmp_path / "runs.db") == undisturbed[1]


def test_progress_tells_what_is_done(tmp_path: Path) -> None:
    seen: list[SweepProgress] = []
    found = fs.optimise(
        desk(), {HEADCOUNT: [1, 2]}, maximise="won", out=tmp_path / "runs.db", progress=seen.append
    )
    assert seen[0].doing == "trying points"
    assert seen[-1].doing == "measuring the answer"
    assert all(after.done >= before.done for before, after in pairwise(seen))
    assert seen[-1].done == seen[-1].total == found.replications
    assert found.reused == 0


# --- mistakes ------------------------------------------------------------------------------------------------


def test_without_optuna_small_spaces_are_tried_and_large_ones_say_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert fs.optimise(desk(), {HEADCOUNT: [1, 2]}, maximise="won").best is not None
    with pytest.raises(FunnelsimError, match=r"pip install -e '\.\[optimise\]'"):
        fs.optimise(desk(), {HEADCOUNT: {"from": 1, "to": 99}}, maximise="won")


def test_a_study_says_itself_what_it_wants() -> None:
    with pytest.raises(FunnelsimError, match="a study says itself"):
        fs.optimise(small_search(), maximise="won")
    with pytest.raises(FunnelsimError, match="there is nothing to decide"):
        fs.optimise(desk(), {"horizon": ["3 d"]}, maximise="won")
    with pytest.raises(FunnelsimError, match="workers must be at least 1"):
        fs.optimise(small_search(), workers=0)


def test_points_of_a_search_are_not_for_a_sweep(tmp_path: Path) -> None:
    with pytest.raises(FunnelsimError, match="is for optimise"):
        fs.sweep(small_search(), out=tmp_path / "runs.db")
    assert not (tmp_path / "runs.db").exists()


def test_points_that_are_the_same_scenario_are_one() -> None:
    arms = {"as it is": {RATE: "2 / h"}}
    study = fs.Study.of(desk(horizon="2 d"), {HEADCOUNT: [3, 4]}, arms=arms, maximise="won", indifference=9)
    found = fs.optimise(study).found
    assert found.size == 4
    assert len(found.tried) == 2
    assert found.today is found.tried[0]
