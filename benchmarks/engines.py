"""The engines side by side, and beside what others would write, on this machine and in one run.

    python benchmarks/engines.py [--repeats 5] [--days 250] [M1 M2 M3 leads stages reps threads]

M1 is a tandem of four pooled stages (40 leads a day; 14, 10, 6 and 4 reps; exponential effort; fifo);
M2 the same by score, with patience and shifts of 8 of 24 h; M3 two years of ``mid_market.yaml``. Rows take turns;
the table gives the median time and the median ratio to the first row within a turn. Only ratios carry over to
other machines. ``leads``, ``stages`` and ``reps`` show what a lead costs as each grows.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numba
import numpy as np
import simpy

import funnelsim as fs
from funnelsim.engine import compiled, simpy_engine
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model

SCENARIOS = Path(__file__).parents[1] / "scenarios"
REPS = (14, 10, 6, 4)
MEANS = (0.30, 0.50, 0.60, 0.80)
PASSES = (0.45, 0.50, 0.40, 1.0)
PATIENCE = 10.0
SHIFT = 8 / 24

Row = tuple[str, Callable[[int], int]]
"""A name, and what runs one replication and says how many leads it had."""


def tandem(days: int, hard: bool) -> Model:
    """M1, or with ``hard`` M2, as a scenario."""
    queue, calendar = ("score", "shift") if hard else ("fifo", "always")
    unit = 8 if hard else 24
    teams = {f"team_{k}": {"headcount": reps, "queue": queue, "calendar": calendar} for k, reps in enumerate(REPS)}
    stages: dict[str, Any] = {}
    for k, (mean, passes) in enumerate(zip(MEANS, PASSES, strict=True)):
        effort = {"dist": "exponential", "mean": f"{mean * unit} h"}
        stages[f"stage_{k}"] = {"team": f"team_{k}", "effort": effort, "convert": passes, "continuity": "any_rep"}
        if hard:
            stages[f"stage_{k}"]["patience"] = {"dist": "exponential", "mean": f"{PATIENCE} d"}
    made = {
        "funnelsim": 1,
        "horizon": f"{days} d",
        "warmup": "0 d",
        "calendars": {"shift": {"hours": ["09:00-17:00"], "days": "mon-sun"}},
        "sources": {"web": {"rate": "40 / d"}},
        "teams": teams,
        "stages": stages,
    }
    return compile_model(fs.Scenario.from_dict(made, Path.cwd()))


def by_engine(model: Model) -> list[Row]:
    """Both engines on a model."""
    rows: list[Row] = []
    for name, engine in (("compiled", compiled), ("simpy engine", simpy_engine)):

        def run(seed: int, engine: Any = engine) -> int:
            return len(engine.run(model, seed, 0).leads.source)

        rows.append((name, run))
    return rows


def bare_simpy(days: int, hard: bool) -> Row:
    """The same as a SimPy user would write it: one process a lead, one resource a stage."""

    def run(seed: int) -> int:
        rng = random.Random(seed)
        environment = simpy.Environment()
        kind = simpy.PriorityResource if hard else simpy.Resource
        reps = [kind(environment, capacity=number) for number in REPS]
        leads = 0

        def work(mean: float) -> Generator[simpy.Event, None, None]:
            if not hard:
                yield environment.timeout(rng.expovariate(1 / mean))
                return
            left = rng.expovariate(1 / (mean * SHIFT))  # paused while closed: from a third to two thirds of a day
            while left > 0:
                of_day = environment.now % 1.0
                if of_day < SHIFT or of_day >= 2 * SHIFT:
                    yield environment.timeout((SHIFT - of_day) % 1.0 + 1e-9)
                    continue
                part = min(left, 2 * SHIFT - of_day)
                yield environment.timeout(part + 1e-9)
                left -= part

        def lead() -> Generator[simpy.Event, None, None]:
            score = rng.gauss(0, 1)
            for k in range(len(REPS)):
                request = reps[k].request(priority=-score) if hard else reps[k].request()
                with request as mine:
                    if hard:
                        heard = yield mine | environment.timeout(rng.expovariate(1 / PATIENCE))
                        if mine not in heard:
                            return
                    else:
                        yield mine
                    yield from work(MEANS[k])
                if rng.random() >= PASSES[k]:
                    return

        def arrivals() -> Generator[simpy.Event, None, None]:
            nonlocal leads
            while True:
                yield environment.timeout(rng.expovariate(40.0))
                leads += 1
                environment.process(lead())

        environment.process(arrivals())
        environment.run(until=days)
        return leads

    return "bare simpy", run


@numba.njit  # type: ignore[untyped-decorator]
def _floor(days: float, seed: int, reps: Any, means: Any, passes: Any) -> int:
    """M1 without any feature: an event is a time and a stage, a queue is a count."""
    np.random.seed(seed)
    times = np.empty(256)
    stages = np.empty(256, dtype=np.int64)
    free, waiting = reps.copy(), np.zeros(len(reps), dtype=np.int64)
    size, leads = 1, 0
    times[0] = np.random.exponential(1 / 40)
    stages[0] = -1
    while True:
        now, stage = times[0], stages[0]
        if now >= days:
            return leads
        size -= 1
        _sink(times, stages, size)
        enters = 0
        if stage < 0:
            leads += 1
            size = _push(times, stages, size, now + np.random.exponential(1 / 40), -1)
        else:
            enters = stage + 1 if stage + 1 < len(reps) and np.random.random() < passes[stage] else -1
            if waiting[stage] > 0:
                waiting[stage] -= 1
                size = _push(times, stages, size, now + np.random.exponential(means[stage]), stage)
            else:
                free[stage] += 1
        if enters >= 0:
            if free[enters] > 0:
                free[enters] -= 1
                size = _push(times, stages, size, now + np.random.exponential(means[enters]), enters)
            else:
                waiting[enters] += 1


@numba.njit  # type: ignore[untyped-decorator]
def _push(times: Any, stages: Any, size: int, when: float, stage: int) -> int:
    at = size
    while at > 0 and times[(at - 1) // 2] > when:
        times[at], stages[at] = times[(at - 1) // 2], stages[(at - 1) // 2]
        at = (at - 1) // 2
    times[at], stages[at] = when, stage
    return size + 1


@numba.njit  # type: ignore[untyped-decorator]
def _sink(times: Any, stages: Any, size: int) -> None:
    """Put the last entry into the place of the first."""
    when, stage, at, child = times[size], stages[size], 0, 1
    while child < size:
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if times[child] >= when:
            break
        times[at], stages[at] = times[child], stages[child]
        at, child = child, 2 * child + 1
    times[at], stages[at] = when, stage


def floor(days: int) -> Row:
    """A bare loop in Numba as the floor of M1."""
    arguments = (np.array(REPS), np.array(MEANS), np.array(PASSES))

    def run(seed: int) -> int:
        return int(_floor(float(days), seed, *arguments))

    return "bare numba loop", run


def table(title: str, rows: list[Row], repeats: int) -> None:
    """Let all rows take turns, and print medians."""
    seconds: dict[str, list[float]] = {name: [] for name, _ in rows}
    leads: dict[str, int] = {}
    for name, run in rows:
        leads[name] = run(0)  # compiles, and fills caches
    for turn in range(1, repeats + 1):
        for name, run in rows:
            began = time.process_time()
            run(turn)
            seconds[name].append(time.process_time() - began)
    print(f"\n{title}")
    first = rows[0][0]
    for name, _ in rows:
        ratios = [own / of_first for own, of_first in zip(seconds[name], seconds[first], strict=True)]
        median = statistics.median(seconds[name])
        cost = 1e6 * median / leads[name]
        print(f"  {name:16} {median:9.4f} s  {cost:8.2f} us a lead  {statistics.median(ratios):8.2f} x")


def growth(title: str, models: dict[str, Model], repeats: int) -> None:
    """What a visit costs on the compiled engine, as something grows."""
    print(f"\n{title}")
    for name, model in models.items():
        visits = len(compiled.run(model, 0, 0).visits.lead)
        seconds = []
        for turn in range(1, repeats + 1):
            began = time.process_time()
            compiled.run(model, turn, 0)
            seconds.append(time.process_time() - began)
        median = statistics.median(seconds)
        print(f"  {name:16} {visits:10} visits  {median:9.4f} s  {1e6 * median / visits:8.2f} us a visit")


def line(stages: int, reps: int, rate: float, days: float) -> Model:
    """A line of equal stages, each with a team at 80 % load, through which all leads go."""
    hours = 24 * 0.8 * reps / rate
    made = {
        "funnelsim": 1,
        "horizon": f"{math.ceil(days)} d",
        "warmup": "0 d",
        "sources": {"web": {"rate": f"{rate} / d"}},
        "teams": {f"team_{k}": {"headcount": reps, "queue": "fifo"} for k in range(stages)},
        "stages": {
            f"stage_{k}": {"team": f"team_{k}", "effort": {"dist": "exponential", "mean": f"{hours} h"}}
            for k in range(stages)
        },
    }
    return compile_model(fs.Scenario.from_dict(made, Path.cwd()))


def threads(repeats: int) -> None:
    """One thread and two, 100 replications of M1 over a quarter of a year; wall time of the loop alone."""
    from concurrent.futures import ThreadPoolExecutor

    model = tandem(90, hard=False)
    ratios = []
    for _ in range(repeats):
        taken = []
        for workers in (1, 2):
            began = time.perf_counter()
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(lambda number: compiled.run(model, 1, number).replication, range(100)))
            taken.append(time.perf_counter() - began)
        ratios.append(taken[0] / taken[1])
    print(f"\ntwo threads over one: {statistics.median(ratios):.2f} x (median of {repeats})")


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("what", nargs="*", default=["M1", "M2", "M3"])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--days", type=int, default=250)
    asked = parser.parse_args()
    if "M1" in asked.what:
        rows = [*by_engine(tandem(asked.days, hard=False)), bare_simpy(asked.days, hard=False), floor(asked.days)]
        table(f"M1, {asked.days} days", rows, asked.repeats)
    if "M2" in asked.what:
        rows = [*by_engine(tandem(asked.days, hard=True)), bare_simpy(asked.days, hard=True)]
        table(f"M2, {asked.days} days", rows, asked.repeats)
    if "M3" in asked.what:
        scenario = fs.load(SCENARIOS / "mid_market.yaml").change({"horizon": "2 y"})
        table("M3, two years", by_engine(compile_model(scenario)), asked.repeats)
    if "leads" in asked.what:
        growth("more leads", {f"{10**k} leads": line(4, 10, 40.0, 10**k / 40) for k in range(4, 7)}, asked.repeats)
    if "stages" in asked.what:
        growth(
            "more stages",
            {f"{n} stages": line(n, 10, 40.0, 10_000 / n) for n in (2, 5, 10, 20, 40)},
            asked.repeats,
        )
    if "reps" in asked.what:
        growth(
            "more reps", {f"{n} reps": line(2, n, 4.0 * n, 5_000 / n) for n in (5, 50, 500, 2000)}, asked.repeats
        )
    if "threads" in asked.what:
        threads(asked.repeats)


if __name__ == "__main__":
    main()
