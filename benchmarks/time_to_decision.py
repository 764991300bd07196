"""What it takes to see that one more field rep brings more wins, with and without common random numbers.

The organisation is `mid_market`; beside it stands its main line in bare SimPy (`bare_company`). Replications
needed follow from the standard deviation of the difference of one pair of runs, so that the 95 % interval of the
mean difference is as likely as not to leave out 0; the CPU time is that of two scenarios, compilation not counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import bare_company
import numpy as np
from numpy.typing import NDArray
from report import Sizes, Table
from scipy.stats import t

import funnelsim as fs
from funnelsim.experiments.running.replications import replicate
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from funnelsim.model.records import WON
from funnelsim.scenario.reading import library

ONE_MORE = {"teams.field_sales.headcount": {"add": 1}}
REPS = 5

Floats = NDArray[np.float64]


class Way(NamedTuple):
    """One way to a decision.

    Parameters
    ----------
    name : str
        What computes, and with which random numbers.
    wins : float
        Deals won with today's reps.
    effect, half : float
        Deals more with one more rep, and the half-width of the 95 % interval of that.
    sd : float
        Standard deviation of the difference of two runs.
    seconds : float
        Of CPU for one run.
    """

    name: str
    wins: float
    effect: float
    half: float
    sd: float
    seconds: float

    def row(self, effect: float) -> tuple[str, ...]:
        """What it gives, and what an effect of this size takes."""
        count = needed(effect, self.sd)
        found = (
            f"{self.wins:.1f}",
            f"{self.effect:+.1f} ± {self.half:.1f}",
            f"{self.sd:.1f}",
            f"{self.seconds:.3f}",
        )
        return self.name, *found, f"{count:,}", f"{2 * count * self.seconds:.1f}"


def wins(model: Model, seed: int, count: int, engine: str) -> Floats:
    """Deals won after the warm-up, in each replication."""
    found = []
    for each in range(count):
        leads = replicate(model, seed, each, engine, False).leads
        found.append(((leads.outcome == WON) & (leads.ended >= model.warmup)).sum())
    return np.array(found, dtype=float)


def bare_wins(seed: int, count: int, reps: int, months: float, warmup: float) -> Floats:
    """The same in bare SimPy, each run with random numbers of its own."""
    return np.array([bare_company.wins(seed + each, reps, months, warmup) for each in range(count)], dtype=float)


def needed(mean: float, sd: float) -> int:
    """Replications at which the half-width of the 95 % interval falls to the difference."""
    count = 2
    while t.ppf(0.975, count - 1) * sd / np.sqrt(count) > abs(mean):
        count += 1
    return count


def seconds(work: Callable[[], Floats]) -> tuple[Floats, float]:
    """Wins, and the CPU time of one run."""
    begun = time.process_time()
    found = work()
    return found, (time.process_time() - begun) / len(found)


def _way(name: str, base: Floats, more: Floats, each: float) -> Way:
    apart = more - base
    sd = float(apart.std(ddof=1))
    half = float(t.ppf(0.975, len(apart) - 1)) * sd / np.sqrt(len(apart))
    return Way(name, float(base.mean()), float(apart.mean()), float(half), sd, each)


def measured(today: fs.Scenario, number: int) -> Iterator[Way]:
    """Funnelsim with and without common random numbers; its SimPy engine has the same figures and its own time."""
    models = [compile_model(each) for each in (today, today.change(ONE_MORE))]
    replicate(models[0], 9, 0, "compiled", False)  # what is compiled once is not counted
    base, compiled = seconds(lambda: wins(models[0], 1, number, "compiled"))
    _, simpy = seconds(lambda: wins(models[0], 1, 1, "simpy"))
    more, other = wins(models[1], 1, number, "compiled"), wins(models[1], 2, number, "compiled")
    for engine, each in (("compiled", compiled), ("SimPy engine", simpy)):
        yield _way(f"funnelsim ({engine}), common random numbers", base, more, each)
        yield _way(f"funnelsim ({engine}), independent", base, other, each)


def bare(number: int, months: float = 36, warmup: float = 6) -> Way:
    """Bare SimPy, as people usually use it."""
    base, each = seconds(lambda: bare_wins(1, number, REPS, months, warmup))
    return _way("bare SimPy, independent", base, bare_wins(1_000_001, number, REPS + 1, months, warmup), each)


def tables(sizes: Sizes) -> Iterator[Table]:
    """A row for each way."""
    today, span = fs.load(library.template("mid_market")), {}
    if not sizes.whole:
        today, span = today.change({"horizon": "1 mo", "warmup": "0 d"}), {"months": 2, "warmup": 1}
    ways = [*measured(today, sizes.replications), bare(sizes.replications, **span)]
    effect = ways[0].effect or 1.0
    heads = ("", "wins", "more wins", "sd of a pair", "s a run", "replications of each", "s for the decision")
    note = f"One more field rep in `mid_market`; the last two columns are what {effect:+.1f} wins take at 95 %."
    yield Table("Time to a decision", heads, [way.row(effect) for way in ways], note)
