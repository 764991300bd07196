"""What work that a second team must join waits: next to a partner who is always free, and next to a busy one.

With one seller, Poisson arrivals and exponential efforts of an hour the first is M/M/1: with its usual place the
closing waits as in any line, with the place before all else as the first class of A. Cobham (Operations Research 2
(1954), 70-76).
"""

from __future__ import annotations

import functools

import pandas as pd
import pytest

from . import checking as c

CLOSINGS, SURVEYS = 0.3, 0.4  # what the seller has to do, by the hour
WARMUP, HOURS = 200, 6_000


@functools.cache
def waits(queue: str, reviews: float, joined: bool = True, replications: int = 4) -> pd.DataFrame:
    """Waits of the closings, where the lawyer has so many reviews of their own by the hour."""
    hour = "effort: {dist: exponential, mean: 1 h}"
    result = c.simulate(
        f"""
funnelsim: 1
horizon: {HOURS} h
warmup: {WARMUP} h
sources:
  web: {{rate: {CLOSINGS} / h}}
  other: {{rate: {SURVEYS} / h, to: survey}}
  law: {{rate: {reviews} / h, to: review}}
teams:
  seller: {{headcount: 1, queue: {queue}}}
  lawyer: {{headcount: 1, queue: {queue}}}
stages:
  close: {{team: seller, {hour}{", with: {team: lawyer}" if joined else ""}}}
  survey: {{aside: true, team: seller, {hour}}}
  review: {{aside: true, team: lawyer, {hour}}}
""",
        replications,
    )
    seen = c.cohort(result, "visits", WARMUP, HOURS - 200)
    return seen[seen["stage"] == "close"]


USUAL, FIRST = "fifo", "{rule: fifo, joint: first}"


@pytest.mark.parametrize(("queue", "wait"), [(USUAL, 0.7 / 0.3), (FIRST, 0.7 / (1 - CLOSINGS))])
def test_a_partner_who_is_always_free(queue: str, wait: float) -> None:
    seen = waits(queue, 0, replications=c.REPLICATIONS)
    c.check("wait", c.mean_of(seen, seen["wait"]), wait)


def test_a_lawyer_with_work_of_their_own_makes_closings_slower() -> None:
    """A closing waits longer the more reviews the lawyer has; before all else it waits less."""
    alone = waits(USUAL, 0.001, joined=False)["wait"].mean()
    usual, first = (
        [waits(queue, reviews)["wait"].mean() for reviews in (0.15, 0.3, 0.45)] for queue in (USUAL, FIRST)
    )
    assert alone < usual[0] < usual[1] < usual[2]
    assert first[0] < first[1] < first[2]
    assert all(soon < late for soon, late in zip(first, usual, strict=True))
    assert first[0] < alone
