"""What buyers went through before the sale, and who cares for them after it, against closed forms.

The hazard is constant where health is: churn x exp(-health_weight x (health - start)). So the share of customers
who are still there follows from the health that the weights give.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from funnelsim.model.records import Records
from funnelsim.scenario.forms.quantities import HOUR

from . import checking as c

CHURN, WEIGHT, START = 0.04, 2.0, 0.6
MONTH = 730.5

WAY = """
funnelsim: 1
horizon: 2 y
segments: {{firm: {{value: 1000}}}}
sources: {{web: {{bursts: [{{at: 0 d, leads: {leads}, over: 3 mo}}]}}}}
teams:
  inside: {{headcount: 400, queue: fifo}}
  field: {{headcount: 400, queue: fifo}}
  legal: {{headcount: 400, queue: fifo}}
stages:
  meet: {{team: inside, effort: 1 h}}
  offer: {{team: field, effort: 1 h, handoff: {{delay: 36 h, keeps: 0.8}}}}
  close: {{team: field, effort: 1 h, with: {{team: legal}}, books: true}}
  later: {{team: inside, effort: 1 h, handoff: {{delay: 9 d, keeps: 0}}}}
customers:
  churn: {churn} / mo
  health_weight: {weight}
  health: {{start: {start}, {health}}}
"""
"""Each buyer meets three people up to the booking, waits a day and a half, and loses a fifth of the context.

What comes after the booking counts for none of that.
"""


def gone(records: Records) -> np.ndarray:
    """Months from the booking to churn, infinity for those who stay."""
    x = records.customers
    assert x is not None
    return np.where(x.ended >= 0, (x.ended - x.since) / HOUR / MONTH, np.inf)


def stays(health: float, months: float) -> float:
    """The share of customers of so much health who are there after so many months."""
    return math.exp(-CHURN * math.exp(-WEIGHT * (health - START)) * months)


@pytest.mark.parametrize(
    ("weights", "taken"),
    [
        ("new_face: 0.1", 0.1 * 2),
        ("lost_context: 0.5", 0.5 * 0.2),
        ("day_waited: 0.1", 0.1 * 1.5),
        ("new_face: 0.1, lost_context: 0.5, day_waited: 0.1", 0.45),
        ("new_face: 0.5", START),  # health is never below 0
    ],
)
def test_the_way_to_the_booking_is_taken_off_health(weights: str, taken: float) -> None:
    text = WAY.format(leads=8000 * c.TIMES, churn=CHURN, weight=WEIGHT, start=START, health=weights)
    records = c.run(text)
    assert records.customers is not None
    assert np.allclose(records.customers.health, START - taken, rtol=0, atol=1e-12)
    for months in (5, 10):
        c.check(f"after {months} months", (gone(records) > months).astype(float), stays(START - taken, months))


CARED = """
funnelsim: 1
horizon: 2 y
opening: {{customers: {customers}}}
segments: {{firm: {{value: 1000}}}}
teams:
  care: {{headcount: 2, queue: fifo, skill: [{first}, {second}]}}
  others: {{headcount: 1, queue: fifo, skill: [-0.5]}}
stages: {{sell: {{}}}}
customers:
  team: care
  churn: {churn} / mo
  health_weight: {weight}
  health: {{start: {start}, rep_skill: 0.4}}
"""


def cared(first: float, second: float, phases: str = "") -> Records:
    given = {"customers": 8000 * c.TIMES, "churn": CHURN, "weight": WEIGHT, "start": START}
    return c.run(CARED.format(first=first, second=second, **given) + phases)


@pytest.mark.parametrize("skill", [0.5, -0.5, 3.0])
def test_the_skill_of_the_rep_is_added_while_the_customer_is_theirs(skill: float) -> None:
    """Health is at most 1, however skilled the rep."""
    health = min(START + 0.4 * skill, 1)
    records = cared(skill, skill)
    assert records.customers is not None
    assert np.allclose(records.customers.health, health, rtol=0, atol=1e-12)
    c.check("after 10 months", (gone(records) > 10).astype(float), stays(health, 10))


def test_each_customer_has_the_skill_of_its_own_rep() -> None:
    """Customers of the start are dealt out evenly."""
    mixed = (stays(START + 0.4, 10) + stays(START - 0.4, 10)) / 2
    c.check("after 10 months", (gone(cared(1, -1)) > 10).astype(float), mixed)


LEARNED = "phases: [{from: 2026-07-01, change: {teams.care.skill: {set: 1}}}]"
NEW_TEAM = "phases: [{from: 2026-07-01, change: {customers.team: others}}]"


@pytest.mark.parametrize(("phases", "health"), [(LEARNED, START + 0.4), (NEW_TEAM, START)])
def test_a_new_skill_and_a_new_rep_count_from_their_day(phases: str, health: float) -> None:
    """In the phase reps have learned; or the customers are another team's, of whom nobody has taken up work."""
    before = 181 * 24 / MONTH
    exact = stays(START + 0.2, before) * stays(health, 15 - before)
    c.check("after 15 months", (gone(cared(0.5, 0.5, phases)) > 15).astype(float), exact)
