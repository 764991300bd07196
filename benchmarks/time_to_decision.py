"""What it takes to see that one more field rep brings more wins, with and without common random numbers.

    python benchmarks/time_to_decision.py [--replications 60]

The organisation is `mid_market`. Replications needed follow from the standard deviation of the difference of one
pair of runs, so that the 95 % interval of the mean difference is as likely as not to leave out 0; the CPU time is
that of two scenarios.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

import funnelsim as fs
from funnelsim.experiments.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import WON
from funnelsim.scenario import library

ONE_MORE = {"teams.field_sales.headcount": {"add": 1}}


def wins(model: Model, seed: int, count: int, engine: str) -> NDArray[np.float64]:
    """Deals won after the warm-up, in each replication."""
    found = []
    for each in range(count):
        leads = replicate(model, seed, each, engine, False).leads
        found.append(((leads.outcome == WON) & (leads.ended >= model.warmup)).sum())
    return np.array(found, dtype=float)


def needed(mean: float, sd: float) -> int:
    """Replications at which the half-width of the 95 % interval falls to the difference."""
    count = 2
    while t.ppf(0.975, count - 1) * sd / np.sqrt(count) > abs(mean):
        count += 1
    return count


def main() -> None:
    """Measure, and print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=60)
    number = parser.parse_args().replications
    today = fs.load(library.template("mid_market"))
    models = [compile_model(each) for each in (today, today.change(ONE_MORE))]
    seconds = {}
    for engine, runs in (("compiled", 4), ("simpy", 1)):
        replicate(models[0], 9, 0, engine, False)  # what is compiled once is not counted
        begun = time.process_time()
        wins(models[0], 9, runs, engine)
        seconds[engine] = (time.process_time() - begun) / runs
    base, more = wins(models[0], 1, number, "compiled"), wins(models[1], 1, number, "compiled")
    other = wins(models[1], 2, number, "compiled")
    print(f"wins {base.mean():.1f}; seconds a run: {', '.join(f'{k} {v:.3f}' for k, v in seconds.items())}")
    for name, apart in (("common random numbers", more - base), ("independent", other - base)):
        mean, sd = float((more - base).mean()), float(apart.std(ddof=1))
        count = needed(mean, sd)
        half = t.ppf(0.975, number - 1) * sd / np.sqrt(number)
        times = ", ".join(f"{engine} {2 * count * each:.1f} s" for engine, each in seconds.items())
        print(f"{name}: {apart.mean():+.1f} ± {half:.1f}, sd {sd:.1f}, {count} replications of each; CPU: {times}")


if __name__ == "__main__":
    main()
