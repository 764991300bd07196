"""The engines side by side, and beside what others would write, on this machine and in one run.

    python benchmarks/engines.py [--repeats 5] [--days 250] [--runs 1] [--most 6] [M1 M2 ...]

M1 is a tandem of four pooled stages (40 leads a day; 14, 10, 6 and 4 reps; exponential effort; fifo);
M2 the same by score, with patience and shifts of 8 of 24 h; M3 two years of ``mid_market.yaml``. Rows take turns,
each with as many replications as ``--runs`` says; the table gives the median CPU time, how much of it the system
took (to hand out memory), the time of one lead, and the median ratio of that to the first row's within a turn.
Slow rows simulate fewer days, which the table shows. Only ratios carry over to other machines. Ciw is in the
dependency group ``peers``; what the bare Numba loops are, ``floors.py`` says.

``leads``, ``stages`` and ``reps`` show what a visit costs as each grows; ``records`` what time and memory many
leads take in one replication whose records are not kept; ``threads`` what a second thread brings.
"""

from __future__ import annotations

import argparse
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from floors import floors
from peers import MEANS, PASSES, PATIENCE, REPS, Row, bare_simpy, ciw_row

import funnelsim as fs
from funnelsim.engine import compiled, simpy_engine
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def tandem(days: int, hard: bool) -> Model:
    """M1, or with ``hard`` M2, compiled to tables."""
    return compile_model(tandem_scenario(days, hard))


def tandem_scenario(days: int, hard: bool, times: int = 1) -> fs.Scenario:
    """M1, or with ``hard`` M2, as a scenario; with so many times the leads and reps."""
    queue, calendar = ("score", "shift") if hard else ("fifo", "always")
    unit = 8 if hard else 24
    teams = {
        f"team_{k}": {"headcount": times * reps, "queue": queue, "calendar": calendar}
        for k, reps in enumerate(REPS)
    }
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
        "sources": {"web": {"rate": f"{40 * times} / d"}},
        "teams": teams,
        "stages": stages,
    }
    return fs.Scenario.from_dict(made, Path.cwd())


def by_engine(model: Model, days: int) -> list[Row]:
    """Both engines on a model of so many days."""
    rows: list[Row] = []
    for name, engine in (("compiled", compiled), ("simpy engine", simpy_engine)):

        def run(seed: int, engine: Any = engine) -> int:
            return len(engine.run(model, seed, 0).leads.source)

        rows.append(Row(name, days, run))
    return rows


def table(title: str, rows: Sequence[Row], repeats: int, runs: int) -> None:
    """Let all rows take turns, and print medians."""
    seconds: dict[str, list[float]] = {row.name: [] for row in rows}
    system: dict[str, list[float]] = {row.name: [] for row in rows}
    leads: dict[str, list[int]] = {row.name: [] for row in rows}
    for row in rows:
        row.run(0)  # compiles, and fills caches
    for turn in range(1, repeats + 1):
        for row in rows:
            began, before = time.process_time(), _system()
            leads[row.name].append(sum(row.run(turn * runs + number) for number in range(runs)))
            system[row.name].append(_system() - before)
            seconds[row.name].append(time.process_time() - began)
    print(f"\n{title}, {runs} replications, median of {repeats}")
    costs = {name: [own / of for own, of in zip(seconds[name], leads[name], strict=True)] for name in seconds}
    for row in rows:
        ratios = [own / of_first for own, of_first in zip(costs[row.name], costs[rows[0].name], strict=True)]
        print(
            f"  {row.name:16} {row.days:6} days  {statistics.median(seconds[row.name]):8.3f} s"
            f"  (system {statistics.median(system[row.name]):6.3f})"
            f"  {1e6 * statistics.median(costs[row.name]):8.2f} us a lead  {statistics.median(ratios):8.2f} x"
        )


def _system() -> float:
    """Seconds that the system has worked for this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_stime


def tandem_rows(days: int, hard: bool) -> list[Row]:
    """M1, or with ``hard`` M2, by all there is; the slow ones get a tenth of the days, but at least a quarter."""
    few = min(days, max(days // 10, 90))
    ours, reference = by_engine(tandem(days, hard), days)[0], by_engine(tandem(few, hard), few)[1]
    rows = [ours, reference, bare_simpy(few, hard)]
    ciw = ciw_row(few, hard)
    if ciw is None:
        print("\nciw is skipped, as it is not installed: python -m pip install --group peers")
    else:
        rows.append(ciw)
    return rows if hard else [*rows, *floors(days)]


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


PEAK = """
import resource, sys, time
sys.path.insert(0, {folder!r})
import funnelsim as fs
from engines import tandem_scenario
scenario, started = tandem_scenario({days}, False, {times}), time.process_time()
result = fs.simulate(scenario, replications=1, engine="compiled", records=False)
created, _ = result.kpis.loc["created", "mean"], result.warnings
seconds, peak = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
cost = 1e6 * seconds / created
print(f"  {{created:10.0f}} leads  {{seconds:9.2f}} s  {{cost:8.2f}} us a lead  {{peak / 1e6:6.2f}} GB")
"""


def many_leads(most: int) -> None:
    """Time and peak memory of M1 over many days in a process of its own each, records not kept.

    A horizon has at most 100 years, in which 40 leads a day are 1.5 million: more come to as many times the reps.
    """
    print("\nmany leads in one replication, records off")
    for k in range(4, most + 1):
        times = max(1, 10 ** (k - 6))
        program = PEAK.format(folder=str(Path(__file__).parent), days=10**k // 40 // times, times=times)
        subprocess.run([sys.executable, "-c", program], check=True)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("what", nargs="*", default=["M1", "M2", "M3"])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument(
        "--most", type=int, default=6, help="for records: up to 10 to the power of this many leads"
    )
    asked = parser.parse_args()
    for name, hard in (("M1", False), ("M2", True)):
        if name in asked.what:
            table(name, tandem_rows(asked.days, hard), asked.repeats, asked.runs)
    if "M3" in asked.what:
        scenario = fs.load(SCENARIOS / "mid_market.yaml").change({"horizon": "2 y"})
        table("M3", by_engine(compile_model(scenario), 730), asked.repeats, asked.runs)
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
    if "records" in asked.what:
        many_leads(asked.most)
    if "threads" in asked.what:
        threads(asked.repeats)


if __name__ == "__main__":
    main()
