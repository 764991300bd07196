"""How fast the engine is, next to a bare SimPy model of the same queue, on this machine and in one run.

    python benchmarks/bench.py [--repeats 7] [--hours 4000]

Models take turns, so that a slow moment of the machine strikes all of them; the table gives the median time of
each, leads a second, and the median of the ratios within a turn. Only ratios carry over to other machines.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Generator

import simpy

import funnelsim as fs

DESK = """
funnelsim: 1
horizon: {hours} h
sources: {{web: {{rate: 2 / h}}}}
teams: {{desk: {{headcount: 3, queue: {queue}}}}}
stages:
  serve: {{team: desk, continuity: any_rep, effort: {{dist: exponential, mean: 1 h}}}}
"""

LINE = """
funnelsim: 1
horizon: {hours} h
calendars: {{office: {{days: mon-fri, hours: ["09:00-12:00", "13:00-18:00"]}}}}
sources: {{web: {{rate: 2 / h}}}}
teams:
  inside: {{headcount: 12, queue: fifo}}
  field:  {{headcount: 12, queue: expected_value}}
stages:
  call:    {{team: inside, touches: 3, effort: 20 min, gap: 1 bd, convert: 0.5}}
  propose: {{team: field, effort: {{dist: lognormal, mean: 1 h, cv: 1}}, decision: 5 d, convert: 0.4}}
  close:   {{team: field, effort: 30 min, convert: 0.8}}
"""


def bare_simpy(hours: int, turn: int) -> int:
    """M/M/3 as a SimPy user would write it: one process a lead, one `Resource`, waits kept in a list."""
    rng = random.Random(turn)
    environment = simpy.Environment()
    reps = simpy.Resource(environment, capacity=3)
    waits: list[float] = []

    def lead() -> Generator[simpy.Event, None, None]:
        came = environment.now
        with reps.request() as rep:
            yield rep
            waits.append(environment.now - came)
            yield environment.timeout(rng.expovariate(1.0))

    def arrivals() -> Generator[simpy.Event, None, None]:
        while True:
            yield environment.timeout(rng.expovariate(2.0))
            environment.process(lead())

    environment.process(arrivals())
    environment.run(until=hours)
    return len(waits)


def ours(text: str, **options: bool) -> Callable[[int, int], int]:
    """A function that runs one replication of a scenario text and returns how many leads it had."""

    def run(hours: int, turn: int) -> int:
        scenario = fs.Scenario.from_text(text.format(hours=hours, queue="fifo"))
        result = fs.simulate(scenario, replications=1, seed=turn, engine="simpy", **options)
        return len(result.replicates[0].leads.created)

    return run


MODELS: dict[str, Callable[[int, int], int]] = {
    "bare SimPy, M/M/3": bare_simpy,
    "funnelsim (simpy), M/M/3": ours(DESK),
    "funnelsim (simpy), M/M/3, random order": ours(DESK.replace("{queue}", "random")),
    "funnelsim (simpy), M/M/3, event log": ours(DESK, events=True),
    "funnelsim (simpy), line of 3 stages": ours(LINE),
}


def measure(repeats: int, hours: int) -> dict[str, list[tuple[float, int]]]:
    """Seconds and leads of every model in every turn, after one turn to warm up."""
    timings: dict[str, list[tuple[float, int]]] = {name: [] for name in MODELS}
    for turn in range(repeats + 1):
        for name, model in MODELS.items():
            began = time.perf_counter()
            leads = model(hours, turn)
            if turn:
                timings[name].append((time.perf_counter() - began, leads))
    return timings


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="turns that count (default 7)")
    parser.add_argument(
        "--hours", type=int, default=4000, help="simulated hours, two leads an hour (default 4000)"
    )
    options = parser.parse_args()
    timings = measure(options.repeats, options.hours)
    bare = [seconds / leads for seconds, leads in timings["bare SimPy, M/M/3"]]
    print(f"{'model':42}{'seconds':>10}{'leads/s':>10}{'time per lead, bare = 1':>25}")
    for name, rows in timings.items():
        per_lead = [seconds / leads for seconds, leads in rows]
        ratio = statistics.median(mine / base for mine, base in zip(per_lead, bare, strict=True))
        seconds = statistics.median(seconds for seconds, _ in rows)
        print(f"{name:42}{seconds:>10.3f}{1 / statistics.median(per_lead):>10,.0f}{ratio:>25.2f}")


if __name__ == "__main__":
    main()
