"""One team, one stage: waits, queue and utilisation under every classical order of service."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from . import checking as c
from . import formulas as f

WARMUP = 100.0
MARGIN = 100.0  # leads of the last hours are left out, so that those looked at are through


def desk(hours: float, rate: float, reps: int, queue: str = "fifo", effort: str = "exponential, mean: 1 h") -> str:
    return f"""
funnelsim: 1
horizon: {hours:.0f} h
warmup: {WARMUP:.0f} h
segments: {{hot: {{share: 0.3}}, cold: {{share: 0.7}}}}
sources: {{web: {{rate: {rate} / h}}}}
teams: {{desk: {{headcount: {reps}, queue: {queue}}}}}
stages:
  serve: {{team: desk, continuity: any_rep, effort: {{dist: {effort}}}}}
"""


EXPONENTIAL = (1.0, 2.0)  # moments of an exponential effort of mean 1


def controls(seen: pd.DataFrame, hours: float, rate: float, reps: int, effort: Sequence[float]) -> list[c.Control]:
    """What is known of the visits entered between warm-up and margin, the share that has to wait included."""
    waiting = c.share_of(seen, seen["wait"] > 0)
    c.check("share that waits", waiting, f.erlang_c(reps, rate))
    known = c.inputs(seen, hours - MARGIN - WARMUP, rate, effort)
    return [*known, c.Control("share that waits", waiting, f.erlang_c(reps, rate))]


@c.cases(
    "rate, reps, hours",
    fast=[(1.0, 2, 2000.0)],
    slow=[(0.3, 1, 6000.0), (0.8, 1, 6000.0), (2.5, 3, 4000.0), (8.0, 10, 1200.0)],
)
def test_mmc(rate: float, reps: int, hours: float) -> None:
    result = c.simulate(desk(hours, rate, reps))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    known = controls(seen, hours, rate, reps, EXPONENTIAL)
    exact = f.mmc_fifo(rate, 1.0, reps).first
    c.check("wait", c.controlled(c.mean_of(seen, seen["wait"]), known), exact)
    visits = result.records("visits")
    queue = c.overlap(visits, "entered", "first_touch", WARMUP, hours)
    c.check("queue", c.controlled(queue, known), rate * exact)
    busy = c.overlap(visits, "first_touch", "left", WARMUP, hours)
    c.check("utilisation", busy / reps, rate / reps)
    tables = result.stages.loc["serve"]["mean"], result.teams.loc["desk"]["mean"]
    assert tables[0]["queue"] == pytest.approx(queue.mean(), rel=1e-9)
    assert tables[1]["utilisation"] == pytest.approx(busy.mean() / reps, rel=1e-9)


@c.cases("cv, rate, hours", fast=[(1.5, 0.4, 6000.0)], slow=[(1.5, 0.7, 12_000.0), (0.5, 0.8, 5000.0)])
def test_mg1(cv: float, rate: float, hours: float) -> None:
    result = c.simulate(desk(hours, rate, 1, effort=f"lognormal, mean: 1 h, cv: {cv}"))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    moments = f.lognormal_moments(1.0, cv)
    known = controls(seen, hours, rate, 1, moments)
    c.check("wait", c.controlled(c.mean_of(seen, seen["wait"]), known), f.mg1(rate, moments).first)


@c.cases("rate, reps, hours", fast=[(0.5, 1, 4000.0)], slow=[(0.7, 1, 8000.0), (2.4, 3, 3000.0)])
def test_priority(rate: float, reps: int, hours: float) -> None:
    result = c.simulate(desk(hours, rate, reps, queue="{rule: fifo, first: {segment: hot}}"))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    leads = result.records("leads").set_index(["replication", "lead"])["segment"]
    segment = leads.reindex(list(zip(seen["replication"], seen["lead"], strict=True))).to_numpy()
    exact = f.mmc_priority([0.3 * rate, 0.7 * rate], 1.0, reps)
    known = controls(seen, hours, rate, reps, EXPONENTIAL)
    for name, wait in zip(("hot", "cold"), exact, strict=True):
        part = seen[segment == name]
        c.check(f"wait of {name}", c.controlled(c.mean_of(part, part["wait"]), known), wait)


@c.cases(
    "queue, rate, reps, hours",
    fast=[("lifo", 0.4, 1, 7500.0), ("random", 0.5, 1, 3600.0)],
    slow=[
        ("fifo", 0.8, 1, 8000.0),
        ("lifo", 0.6, 1, 14_000.0),
        ("lifo", 1.0, 2, 8500.0),
        ("random", 0.8, 1, 15_000.0),
        ("random", 1.5, 3, 4000.0),
    ],
)
def test_second_moment_by_order_of_service(queue: str, rate: float, reps: int, hours: float) -> None:
    formulas = {"fifo": f.mmc_fifo, "lifo": f.mmc_lifo, "random": f.mmc_random_order}
    exact = formulas[queue](rate, 1.0, reps)
    result = c.simulate(desk(hours, rate, reps, queue=queue))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    known, wait = controls(seen, hours, rate, reps, EXPONENTIAL), c.mean_of(seen, seen["wait"])
    c.check("wait", c.controlled(wait, known), exact.first)
    known.append(c.Control("wait", wait, exact.first))
    c.check("squared wait", c.controlled(c.mean_of(seen, np.square(seen["wait"])), known), exact.second)
