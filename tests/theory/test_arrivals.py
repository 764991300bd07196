"""Other ways to arrive and to be routed: regular arrivals, batches, and leads pushed to a rep on arrival.

And how many come: gaps in open time, rates per open hour, and a map that a phase draws up.
"""

from __future__ import annotations

import math

import numpy as np

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


FLOW = """
funnelsim: 1
start: 2026-01-05
horizon: {days} d
calendars: {{shop: {{days: mon-fri, hours: "09:00-17:00"}}}}
sources: {{web: {{{source}}}}}
stages: {{take: {{convert: 1}}}}
"""


def counts(source: str, days: int, replications: int) -> np.ndarray:
    """Leads of each replication, in hours and by replication."""
    _, runs = c.replicates(FLOW.format(source=source, days=days), replications)
    return np.array([float(len(run.leads.created)) for run in runs])


@c.cases("days, open_hours, replications", fast=[(1, 8.0, 400)], slow=[(4, 32.0, 400), (12, 80.0, 200)])
def test_renewals_in_open_time(days: int, open_hours: float, replications: int) -> None:
    """Gaps of two phases of rate 2 an hour: the renewal function is t - 1/4 + exp(-4 t)/4, t in open hours."""
    expected = open_hours - 0.25 + 0.25 * math.exp(-4 * open_hours)
    seen = counts("every: {dist: erlang, mean: 1 h, k: 2}, calendar: shop", days, replications)
    c.check("leads", seen, expected)


@c.cases(
    "source, expected",
    fast=[("rate: 3 / open h, calendar: shop", 240.0), ("rate: 20 / bd, calendar: shop", 200.0)],
    slow=[
        ("every: {dist: exponential, mean: 20 min}, calendar: shop", 240.0),
        ("rate: 3 / open h, calendar: shop, batch: 2", 480.0),
        ("every: {dist: exponential, mean: 3 h}, pattern: {weekday: {mon-fri: 1.4, sat-sun: 0}}", 112.0),
        ("rate: 20 / bd, calendar: shop, dispersion: 4", 200.0),
    ],
)
def test_leads_of_two_weeks(source: str, expected: float) -> None:
    c.check("leads", counts(source, 14, 60), expected)


MAP = """
funnelsim: 1
start: 2026-01-05
horizon: 30 d
sources: {web: {rate: 40 / d}}
stages: {wait: {decision: {dist: exponential, mean: 30 d}}}
phases: [{from: 2026-01-20, change: {territories: {east: 3, west: 1}}}]
"""


def test_a_map_drawn_up_in_a_phase() -> None:
    """Of those who come later three quarters have the first territory, and as many of those in the line then."""
    model, runs = c.replicates(MAP)
    assert model.territory_names == ("east", "west")
    drawn = 15 * 24 * 3_600_000_000
    old, new = [], []
    for run in runs:
        late, mapped = run.leads.created >= drawn, run.leads.territory >= 0
        assert mapped[late].all()
        assert not mapped[(run.leads.ended >= 0) & (run.leads.ended < drawn)].any()
        new.append((run.leads.territory[late] == 0).mean())
        old.append((run.leads.territory[~late & mapped] == 0).mean())
    c.check("share of new leads", np.array(new), 0.75)
    c.check("share of leads in the line", np.array(old), 0.75)
