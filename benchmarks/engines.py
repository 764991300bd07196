"""The engines side by side, and beside what others would write; what a visit costs as things grow.

M1 is a tandem of four pooled stages (40 leads a day; 14, 10, 6 and 4 reps; exponential effort; fifo);
M2 the same by score, with patience and shifts of 8 of 24 h; M3 two years of ``mid_market.yaml``. What the bare
Numba loops are, ``floors.py`` says.
"""

from __future__ import annotations

import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from peers import MEANS, PASSES, PATIENCE, REPS, Row, bare_simpy, cimba_row, ciw_row
from report import Sizes, Table, spread, timed

import funnelsim as fs
from funnelsim.engine import compiled, simpy_engine
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.scenario.reading import library


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
    for name, engine in (("compiled engine", compiled), ("SimPy engine", simpy_engine)):

        def run(seed: int, engine: Any = engine) -> int:
            return len(engine.run(model, seed, 0).leads.source)

        rows.append(Row(name, days, run))
    return rows


def side_by_side(title: str, rows: Sequence[Row], repeats: int, note: str = "") -> Table:
    """Let all rows take turns."""
    costs: dict[str, list[float]] = {row.name: [] for row in rows}
    system: dict[str, list[float]] = {row.name: [] for row in rows}
    for turn in range(repeats + 1):
        for row in rows:
            began, before = time.process_time(), _system()
            leads = row.run(turn)
            if turn:  # the first compiles, and fills caches
                costs[row.name].append(1e6 * (time.process_time() - began) / leads)
                system[row.name].append(1e6 * (_system() - before) / leads)
    cells = []
    for row in rows:
        ratios = [own / first for own, first in zip(costs[row.name], costs[rows[0].name], strict=True)]
        of_system = f"{statistics.median(system[row.name]):.2f}"
        cells.append((row.name, f"{row.days:,}", spread(costs[row.name]), of_system, spread(ratios)))
    heads = ("", "days", "us a lead", "of these the system's", "times the first row")
    return Table(title, heads, cells, note)


def _system() -> float:
    """Seconds that the system has worked for this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_stime


def tandem_table(sizes: Sizes, hard: bool) -> Iterator[Table]:
    """M1, or with ``hard`` M2, by all there is; the slow ones simulate fewer days."""
    from floors import floors  # Numba, which the others do without

    days, few = sizes.days, sizes.few_days
    ours, reference = by_engine(tandem(days, hard), days)[0], by_engine(tandem(few, hard), few)[1]
    peers = {"Ciw": ciw_row(few, hard)} if hard else {"cimba": cimba_row(days), "Ciw": ciw_row(few, hard)}
    loops = [] if hard or not sizes.whole else floors(days)
    rows = [ours, *loops, *filter(None, peers.values()), bare_simpy(few, hard), reference]
    missing = [name for name, row in peers.items() if row is None]
    note = "A lead takes 1.8 visits." if not hard else "Cimba is measured on M1 only."
    if missing:
        note += f" Not installed, and so left out: {', '.join(missing)}."
    title = "M2: the same with scores, patience and shifts" if hard else "M1: a line of four stages"
    yield side_by_side(title, rows, sizes.repeats, note)


def company(sizes: Sizes) -> Iterator[Table]:
    """M3, by both engines."""
    days = 730 if sizes.whole else sizes.days
    scenario = fs.load(library.template("mid_market")).change({"warmup": "0 d", "horizon": f"{days} d"})
    yield side_by_side("M3: a company of the mid-market", by_engine(compile_model(scenario), days), sizes.repeats)


def growth(title: str, models: dict[str, Model], repeats: int) -> Table:
    """What a visit costs on the compiled engine, as something grows."""
    rows = []
    for name, model in models.items():
        visits = len(compiled.run(model, 0, 0).visits.lead)
        (seconds,) = timed({name: lambda model=model: compiled.run(model, 1, 0)}, repeats).values()
        rows.append((name, f"{visits:,}", spread([1e6 * each / visits for each in seconds])))
    return Table(title, ("", "visits", "us a visit"), rows)


def growing(sizes: Sizes) -> Iterator[Table]:
    """More leads, more stages, more reps."""
    most = range(4, 7) if sizes.whole else range(2, 3)
    yield growth("More leads", {f"{10**k:,} leads": line(4, 10, 40.0, 10**k / 40) for k in most}, sizes.repeats)
    if sizes.whole:
        stages = {f"{n} stages": line(n, 10, 40.0, 10_000 / n) for n in (2, 5, 10, 20, 40)}
        yield growth("More stages", stages, sizes.repeats)
        reps = {f"{n:,} reps": line(2, n, 4.0 * n, 5_000 / n) for n in (5, 50, 500, 2000)}
        yield growth("More reps", reps, sizes.repeats)


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


PEAK = """
import sys, time
sys.path.insert(0, {folder!r})
import funnelsim as fs
from engines import tandem_scenario
from report import peak
scenario, started = tandem_scenario({days}, False, {times}), time.process_time()
result = fs.simulate(scenario, replications=1, engine="compiled", records=False)
created, _ = result.kpis.loc["created", "mean"], result.warnings
print(created, time.process_time() - started, peak())
"""


def many_leads(sizes: Sizes) -> Iterator[Table]:
    """Time and peak memory of M1 over many days in a process of its own each, records not kept.

    A horizon has at most 100 years, in which 40 leads a day are 1.5 million: more come to as many times the reps.
    """
    rows = []
    for k in range(min(4, sizes.most), sizes.most + 1):
        times = max(1, 10 ** (k - 6))
        program = PEAK.format(folder=str(Path(__file__).parent), days=10**k // 40 // times, times=times)
        found = [_peak(program) for _ in range(sizes.repeats)]
        leads, seconds, memory = zip(*found, strict=True)
        cost = [1e6 * each / of for each, of in zip(seconds, leads, strict=True)]
        rows.append((f"{10**k:,} leads", spread(seconds), spread(cost), spread(memory)))
    yield Table("Many leads in one replication, records not kept", ("", "s", "us a lead", "GB at the peak"), rows)


def _peak(program: str) -> list[float]:
    """What a process says that it took."""
    ended = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return [float(word) for word in ended.stdout.split()]


def threads(sizes: Sizes) -> Iterator[Table]:
    """One thread and two, 100 replications of M1 over a quarter of a year; wall time of the loop alone."""
    from concurrent.futures import ThreadPoolExecutor

    model, ratios = tandem(min(90, sizes.days), hard=False), []
    for _ in range(sizes.repeats):
        taken = []
        for workers in (1, 2):
            began = time.perf_counter()
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(lambda number: compiled.run(model, 1, number).replication, range(100)))
            taken.append(time.perf_counter() - began)
        ratios.append(taken[0] / taken[1])
    yield Table("Two threads", ("", "times as fast as one"), [("100 short replications", spread(ratios))])
