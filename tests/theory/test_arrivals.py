"""Other ways to arrive and to be routed: regular arrivals, batches, and leads pushed to a rep on arrival."""

from __future__ import annotations

import math

from . import checking as c
from . import formulas as f

WARMUP, MARGIN = 100.0, 100.0


def desk(hours: float, source: str, team: str) -> str:
    return f"""
funnelsim: 1
horizon: {hours:.0f} h
warmup: {WARMUP:.0f} h
sources: {{web: {{{source}}}}}
teams: {{desk: {{queue: fifo, {team}}}}}
stages:
  serve: {{team: desk, continuity: any_rep, effort: {{dist: exponential, mean: 1 h}}}}
"""


def look(text: str, hours: float, exact: f.Moments, poisson: float | None = None) -> None:
    """Hold share and length of waits against G/M/1; ``poisson`` is the rate of Poisson arrivals."""
    seen = c.cohort(c.simulate(text), "visits", WARMUP, hours - MARGIN)
    sigma = exact.first / (1 + exact.first)
    waits = c.Control("share that waits", c.share_of(seen, seen["wait"] > 0), sigma)
    c.check(*waits)
    known = [waits, c.Control("effort", c.mean_of(seen, seen["work"]), 1.0)]
    if poisson is not None:
        known = [waits, *c.inputs(seen, hours - MARGIN - WARMUP, poisson, (1.0, 2.0))]
    c.check("wait", c.controlled(c.mean_of(seen, seen["wait"]), known), exact.first)


@c.cases("every, k, hours", fast=[(1.6, None, 2400.0)], slow=[(1.25, None, 6000.0), (1.6, 2, 6000.0)])
def test_regular_arrivals(every: float, k: int | None, hours: float) -> None:
    """D/M/1 and E_k/M/1."""

    def transform(s: float) -> float:
        return math.exp(-every * s) if k is None else (1 + every * s / k) ** -k

    exact = f.gm1(1.0, transform)
    source = f"every: {every} h" if k is None else f"every: {{dist: erlang, mean: {every} h, k: {k}}}"
    look(desk(hours, source, "headcount: 1"), hours, exact)


@c.cases("rate, size, hours", fast=[(0.15, 3, 3000.0)], slow=[(0.25, 3, 8000.0), (0.05, 10, 12_000.0)])
def test_batches(rate: float, size: int, hours: float) -> None:
    seen = c.cohort(
        c.simulate(desk(hours, f"rate: {rate} / h, batch: {size}", "headcount: 1")),
        "visits",
        WARMUP,
        hours - MARGIN,
    )
    known = c.inputs(seen, hours - MARGIN - WARMUP, rate * size, (1.0, 2.0))
    c.check("wait", c.controlled(c.mean_of(seen, seen["wait"]), known), f.batches_mm1(rate, 1.0, size))


@c.cases(
    "routing, load, hours",
    fast=[("round_robin", 0.6, 1000.0)],
    slow=[("random", 0.4, 1100.0), ("random", 0.8, 4000.0), ("round_robin", 0.8, 4000.0)],
)
def test_leads_pushed_to_three_reps(routing: str, load: float, hours: float) -> None:
    """At random each rep is M/M/1 of its own, in turn E_3/M/1: pushing gives away what a common queue pools."""
    rate, team = 3 * load, f"headcount: 3, assign: on_arrival, routing: {routing}"

    def transform(s: float) -> float:
        return load / (load + s) if routing == "random" else (rate / (rate + s)) ** 3

    exact = f.gm1(1.0, transform)
    assert exact.first > f.mmc_fifo(rate, 1.0, 3).first
    look(desk(hours, f"rate: {rate} / h", team), hours, exact, rate)
