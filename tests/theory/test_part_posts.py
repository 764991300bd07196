"""A post that is part of a whole one: its person works that part of the hours, so a touch takes so much longer."""

from __future__ import annotations

import pytest

from . import checking as c
from . import formulas as f

WARMUP = 100.0
MARGIN = 100.0


def desk(hours: float, rate: float, people: float) -> str:
    return f"""
funnelsim: 1
horizon: {hours:.0f} h
warmup: {WARMUP:.0f} h
sources: {{web: {{rate: {rate} / h}}}}
teams: {{desk: {{headcount: {people}, queue: fifo, routing: random}}}}
stages:
  serve: {{team: desk, continuity: any_rep, effort: {{dist: exponential, mean: 1 h}}}}
"""


@c.cases(
    "rate, people, hours",
    fast=[(1.7, 2.5, 3000.0)],
    slow=[(2.0, 2.5, 8000.0), (1.0, 1.25, 12_000.0), (0.4, 0.75, 12_000.0), (2.2, 2.75, 8000.0)],
)
def test_whole_posts_and_one_that_is_not(rate: float, people: float, hours: float) -> None:
    """With 2.5 people M/M/2 and one more server of half the rate: waits, who is busy, and the load."""
    seats = [1.0] * int(people) + [people % 1]
    exact = f.unlike_servers(rate, seats)
    result = c.simulate(desk(hours, rate, people))
    seen = c.cohort(result, "visits", WARMUP, hours - MARGIN)
    known = c.inputs(seen, hours - MARGIN - WARMUP, rate, (1.0, 2.0))
    waiting = c.share_of(seen, seen["wait"] > 0)
    c.check("share that waits", c.controlled(waiting, known), exact.delayed)
    c.check("wait", c.controlled(c.mean_of(seen, seen["wait"]), known), exact.wait)
    visits = result.records("visits")
    for number, share in enumerate(exact.busy, start=1):
        theirs = visits[visits["rep"] == f"desk-{number}"]
        c.check(f"seat {number} busy", c.overlap(theirs, "first_touch", "left", WARMUP, hours), share)
    table = result.teams.loc["desk"]["mean"]
    assert table["headcount"] == pytest.approx(people)
    assert table["utilisation"] == pytest.approx(rate / people, rel=0.03)  # of posts, not of seats
    assert table["load"] == pytest.approx(rate / people, rel=0.03)
