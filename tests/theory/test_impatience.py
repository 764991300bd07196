"""Leads that give up: M/M/c with exponential and with constant patience."""

from __future__ import annotations

from . import checking as c
from . import formulas as f

WARMUP, MARGIN = 50.0, 20.0


def desk(hours: float, rate: float, reps: int, patience: str) -> str:
    return f"""
funnelsim: 1
horizon: {hours:.0f} h
warmup: {WARMUP:.0f} h
sources: {{web: {{rate: {rate} / h}}}}
teams: {{desk: {{headcount: {reps}, queue: fifo}}}}
stages:
  serve: {{team: desk, continuity: any_rep, effort: {{dist: exponential, mean: 1 h}}, patience: {patience}}}
"""


def look(patience: str, exact: f.Impatient, hours: float, rate: float, reps: int) -> None:
    result = c.simulate(desk(hours, rate, reps, patience))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    c.check("abandoned", c.share_of(seen, seen["outcome"] == "expired"), exact.abandoned)
    c.check("wait", c.mean_of(seen, seen["wait"]), exact.wait)
    busy = c.overlap(result.records("visits").dropna(subset="first_touch"), "first_touch", "left", WARMUP, hours)
    c.check("utilisation", busy / reps, exact.utilisation)


@c.cases(
    "rate, reps, patience, hours",
    fast=[(3.0, 3, 1.0, 500.0)],
    slow=[(0.7, 1, 3.0, 4000.0), (2.5, 3, 0.5, 1500.0), (6.0, 3, 0.5, 500.0), (12.0, 10, 0.2, 400.0)],
)
def test_exponential_patience(rate: float, reps: int, patience: float, hours: float) -> None:
    exact = f.mmc_exponential_patience(rate, 1.0, reps, patience)
    look(f"{{dist: exponential, mean: {patience} h}}", exact, hours, rate, reps)


@c.cases(
    "rate, reps, patience, hours",
    fast=[(3.5, 3, 0.5, 500.0)],
    slow=[(0.7, 1, 2.0, 4000.0), (2.5, 3, 0.5, 1500.0), (6.0, 3, 0.5, 500.0), (12.0, 10, 0.2, 400.0)],
)
def test_constant_patience(rate: float, reps: int, patience: float, hours: float) -> None:
    exact = f.mmc_constant_patience(rate, 1.0, reps, patience)
    look(f"{patience} h", exact, hours, rate, reps)
