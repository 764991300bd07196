"""The life of customers against closed forms: churn, renewals, streams, referrals, care, revenue."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from funnelsim.model.records import Records
from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS

from . import checking as c

MONTH, YEAR = 730.5, 8766.0
DAY = 24.0

HELD = """
funnelsim: 1
horizon: {years} y
opening: {{customers: {customers}}}
segments: {{firm: {{value: 1000}}}}
teams: {{care: {{headcount: {reps}, queue: fifo}}}}
stages: {{sell: {{convert: {convert}}}}}
customers:
"""
"""Customers at the start; leads that they give rise to are won at once with a probability."""

NEW = """
funnelsim: 1
horizon: {years} y
segments: {{firm: {{value: 1000}}}}
sources: {{web: {{bursts: [{{at: 0 d, leads: {customers}}}]}}}}
teams: {{care: {{headcount: 1, queue: {{rule: fifo, ignore: {{stage: care}}}}}}}}
stages: {{sell: {{}}}}
customers:
"""
"""Leads that are won, and live, at time 0; the team leaves care lying."""


def simulate(frame: str, customers: str, count: int, years: float, convert: float = 1, reps: int = 1) -> Records:
    """One run of `checking.TIMES` so many customers; each is independent of all others."""
    return c.run(frame.format(years=years, customers=count * c.TIMES, convert=convert, reps=reps) + customers)


def runs(customers: str, count: int, years: float, convert: float) -> list[Records]:
    """`checking.TIMES` runs of customers of the start: one run may not give rise to as many leads as all do."""
    text = HELD.format(years=years, customers=count, convert=convert, reps=1) + customers
    return c.replicates(text, 1)[1]


def ended(records: Records) -> np.ndarray:
    """Hours at which customers churned, infinity for those who did not."""
    assert records.customers is not None
    times = records.customers.ended
    return np.where(times >= 0, times / HOUR, np.inf)


def survival(records: Records, at: float) -> np.ndarray:
    return (ended(records) > at).astype(float)


def test_churn_is_exponential() -> None:
    records = simulate(HELD, "  churn: 0.04 / mo", 6000, 3)
    for months in (6, 12, 30):
        c.check(f"after {months} months", survival(records, months * MONTH), math.exp(-0.04 * months))
    exact = -math.expm1(-0.04 * 36) / 0.04
    c.check("months lived", np.minimum(ended(records) / MONTH, 36), exact)


def test_churn_is_higher_at_first() -> None:
    text = "  churn: 0.04 / mo\n  early: {factor: 3, first: 90 d}"
    records = simulate(NEW, text, 6000, 2)
    for days in (45, 90, 365):
        hazard = 0.04 / MONTH * DAY * (3 * min(days, 90) + max(days - 90, 0))
        c.check(f"after {days} days", survival(records, days * DAY), math.exp(-hazard))
    held = simulate(HELD, text, 6000, 1)
    c.check("customers of the start are past it", survival(held, 6 * MONTH), math.exp(-0.04 * 6))


def test_hazards_follow_a_phase() -> None:
    text = """
  churn: 0.1 / mo
  early: {factor: 2, first: 90 d}
phases: [{from: 2026-03-02, change: {customers.early.factor: 5, customers.churn: 0.08 / mo}}]
"""
    records = simulate(NEW, text, 5000, 1)
    for days in (60, 90, 180):
        hazard = 0.1 * 2 * min(days, 60) + 0.08 * (5 * max(min(days, 90) - 60, 0) + max(days - 90, 0))
        c.check(f"after {days} days", survival(records, days * DAY), math.exp(-hazard * DAY / MONTH))


def test_contracts_are_renewed_with_a_probability() -> None:
    text = "  renewal: {every: 6 mo, churn: 0.3}"
    records = simulate(NEW, text, 5000, 5)
    gone = ended(records)
    known = gone[np.isfinite(gone)] / (6 * MONTH)
    assert np.array_equal(known, np.round(known))
    c.check("renewals", np.minimum(gone / (6 * MONTH), 9), (1 - 0.7**9) / 0.3)
    for number in (1, 2, 3):
        c.check(f"past renewal {number}", (gone > number * 6 * MONTH).astype(float), 0.7**number)
    first = ended(simulate(HELD, "  renewal: {every: 6 mo, churn: 1}", 4000, 1))
    c.check("the first renewal of a customer of the start", first, 3 * MONTH)
    c.check("and its spread", np.square(first / MONTH - 3), 3)


def test_streams_are_poisson() -> None:
    text = """
  team: care
  complaint: {rate: 2 / y, effort: 0 h}
  expansion: {rate: 1.5 / y}
  referral: {rate: 1 / y}
"""
    counts: dict[str, list[np.ndarray]] = {"complaints": [], "expansions": [], "referrals": []}
    for records in runs(text, 8000, 1, convert=0):
        assert records.customers is not None
        counts["complaints"].append(records.customers.complaints_well)
        for code, name in ((1, "expansions"), (2, "referrals")):
            of = records.leads.customer[records.leads.origin == code]
            counts[name].append(np.bincount(of, minlength=8000))
    for name, exact in (("complaints", 2.0), ("expansions", 1.5), ("referrals", 1.0)):
        seen = np.concatenate(counts[name])
        c.check(name, seen.astype(float), exact)
        c.check(f"variance of {name}", np.square(seen - exact), exact)
    expansions, referrals = (np.concatenate(counts[name]) for name in ("expansions", "referrals"))
    assert abs(np.corrcoef(expansions, referrals)[0, 1]) < 4 / math.sqrt(len(expansions))


def progeny(records: Records) -> np.ndarray:
    """Customers that each customer of the start gave rise to in all, itself included."""
    assert records.customers is not None
    of = records.customers.lead
    parent = np.where(of >= 0, records.leads.customer[of], -1)
    root = np.arange(len(of))
    for row in np.flatnonzero(parent >= 0):
        root[row] = root[parent[row]]
    return np.bincount(root).astype(float)


@c.cases("customers, second", fast=[(6000, False)], slow=[(80_000, True)])
def test_referrals_branch(customers: int, second: bool) -> None:
    """Total progeny of a Galton-Watson tree whose customers bear geometric numbers of customers.

    A customer that leaves at rate d and brings customers at rate b bears k of them with probability
    (b / (b + d))^k d / (b + d): mean m = b/d, variance m (1 + m). The whole tree has mean 1 / (1 - m) and
    variance m (1 + m) / (1 - m)^3 (Harris, The Theory of Branching Processes, 1963, I.13).
    """
    text = "  churn: 0.5 / mo\n  referral: {rate: 0.3 / mo}"
    found = runs(text, customers, 8, convert=0.5)
    assert all(records.customers is not None and (records.customers.ended >= 0).all() for records in found)
    trees = np.concatenate([progeny(records) for records in found])
    mean = 0.3 * 0.5 / 0.5
    c.check("customers of a tree", trees, 1 / (1 - mean))
    if second:
        exact = mean * (1 + mean) / (1 - mean) ** 3
        c.check("variance", np.square(trees - 1 / (1 - mean)), exact)


def test_care_is_load() -> None:
    text = "  team: care\n  care: {every: 1 mo, effort: {dist: exponential, mean: 2 h}}"
    _, found = c.replicates(HELD.format(years=1, customers=300, convert=1, reps=2) + text)
    loads, efforts = [], []
    for records in found:
        assert records.tasks is not None
        loads.append(records.reps.busy.sum() / records.reps.open.sum())
        done = records.tasks.ended >= 0
        efforts.append(records.tasks.work[done].mean() / HOUR)
        assert (records.customers.care_missed == 0).all() if records.customers is not None else False
        due = np.bincount(records.tasks.customer, minlength=300)
        assert due.min() >= 11
        assert due.max() <= 12
    c.check("load", np.array(loads), 300 * 2 / (2 * MONTH))
    c.check("effort", np.array(efforts), 2)


def test_saturated_teams_miss_care() -> None:
    """One rep, 100 customers with an hour of work each 50 h: half of what falls due is done, all of it late."""
    text = "  team: care\n  care: {every: 50 h, effort: 1 h}"
    records = c.run(HELD.format(years=1, customers=100, convert=1, reps=1) + text)
    assert records.tasks is not None
    assert records.customers is not None
    tasks, customers = records.tasks, records.customers
    hours = int(YEAR)
    assert (tasks.started >= 0).sum() == pytest.approx(hours, abs=20)
    waiting = (tasks.started < 0).sum()
    assert 50 <= waiting <= 100
    missed = customers.care_missed.sum()
    assert (tasks.started >= 0).sum() + waiting + missed == pytest.approx(100 * hours / 50, abs=100)
    late = tasks.started[tasks.started >= 0] >= tasks.due[tasks.started >= 0]
    assert late[500:].all()
    waits = (tasks.started - tasks.ready)[tasks.started >= 0][1000:] / HOUR
    assert 50 <= waits.min() <= waits.max() < 101


def test_churn_follows_health() -> None:
    """Care that lies is missed every month from the second on, and the hazard rises in steps."""
    text = """
  team: care
  care: {every: 1 mo, effort: 1 h}
  health: {start: 0.8, care_late: 0.15}
  health_weight: 2.5
  churn: 0.02 / mo
  early: {factor: 2, first: 45 d}
"""
    records = simulate(NEW, text, 8000, 1.5)
    first = 45 * DAY / MONTH

    def hazard(months: float) -> float:
        edges = [0.0, first, *range(2, 19)]
        total = 0.0
        for low, high in pairwise(edges):
            health = max(0.8 - 0.15 * max(math.floor(low) - 1, 0), 0.0)
            rate = 0.02 * math.exp(-2.5 * (health - 0.8)) * (2 if low < first else 1)
            total += rate * max(min(high, months) - low, 0.0)
        return total

    for months in (1.0, 1.9, 3.5, 6.0, 10.0):
        c.check(f"after {months} months", survival(records, months * MONTH), math.exp(-hazard(months)))


def test_complaints_out_of_time_harm() -> None:
    """Nobody comes: every complaint is late, each lowers health for good; N(t) of them have come by t.

    With hazard exp(w d N(s)) the mean survival is E exp(-int exp(w d N)), here integrated from the Poisson
    process by its backward equation on a grid.
    """
    text = """
  team: care
  complaint: {rate: 0.5 / mo, effort: 1 h, sla: 1 min}
  health: {complaint_badly: 0.2}
  health_weight: 3
  churn: 0.05 / mo
"""
    frame = HELD.replace(
        "headcount: {reps}, queue: fifo", "headcount: 1, queue: {{rule: fifo, ignore: {{stage: complaint}}}}"
    )
    records = simulate(frame, text, 8000, 1)
    rate, steps = 0.5, 4000
    hazards = np.array([0.05 * math.exp(3 * min(0.2 * n, 1.0)) for n in range(6)])
    generator = np.diag(-(hazards + rate)) + np.diag([rate] * 5, 1)
    generator[5, 5] += rate
    values = np.ones(6)
    for _ in range(steps):
        half = values + generator @ values * (6 / steps / 2)
        values = values + generator @ half * (6 / steps)
    c.check("after 6 months", survival(records, 6 * MONTH), values[0])
    assert records.customers is not None
    assert records.customers.complaints_well.sum() == 0


def test_expansions_grow_revenue() -> None:
    """Each success multiplies revenue by 1 + f, so its mean grows like exp(rate p f t)."""
    text = "  expansion: {rate: 0.2 / mo, value: 0.25}"
    growth = [
        records.customers.arr / records.customers.first_arr
        for records in runs(text, 3000, 3, convert=0.5)
        if records.customers is not None
    ]
    c.check("revenue", np.concatenate(growth), math.exp(0.2 * 0.5 * 0.25 * 36))


def test_referred_values_and_qualities() -> None:
    text = "  referral: {rate: 2 / y, value: {dist: exponential, mean: 0.5}, quality: 1.5}"
    records = simulate(HELD, text, 2000, 2, convert=0)
    c.check("value", records.leads.value / 100, 500)
    c.check("quality", records.leads.quality, 1.5)
    c.check("spread of quality", np.square(records.leads.quality - 1.5), 1.0)


def test_payments_come_late_or_never() -> None:
    text = "  payment: {delay: {dist: exponential, mean: 40 d}, bad_debt: 0.1}"
    records = simulate(NEW, text, 6000, 5)
    assert records.customers is not None
    paid = records.customers.paid
    never = (paid == -2).astype(float)
    c.check("paid", 1 - never, 0.9)
    c.check("days", paid[paid >= 0] / MICROSECONDS["d"], 40)


# --- onboarding ---


ONBOARDED = """
funnelsim: 1
horizon: {years} y
segments: {{firm: {{value: 1000}}}}
sources: {{web: {{bursts: [{{at: 0 d, leads: {customers}}}]}}}}
stages: {{sell: {{books: true}}, onboard: {{decision: 60 d, convert: {convert}, otherwise: gave_up}}}}
customers:
"""
"""Deals booked at time 0, whose onboarding takes 60 days."""


def went_live(records: Records) -> np.ndarray:
    assert records.customers is not None
    return (records.customers.live >= 0).astype(float)


def test_a_share_churns_before_it_is_live() -> None:
    """1 - exp(-cL): the contract runs from the booking, whatever becomes of the onboarding."""
    records = simulate(ONBOARDED, "  churn: 0.2 / mo", 9000, 1)
    c.check("churned before going live", 1 - went_live(records), -math.expm1(-0.2 * 60 * DAY / MONTH))
    for days in (30, 60, 150):
        c.check(f"after {days} days", survival(records, days * DAY), math.exp(-0.2 * days * DAY / MONTH))


def test_the_early_time_counts_from_the_booking() -> None:
    records = simulate(ONBOARDED, "  churn: 0.04 / mo\n  early: {factor: 3, first: 30 d}", 6000, 1)
    exact = math.exp(-0.04 * (3 * 30 + 30) * DAY / MONTH)
    c.check("went live", went_live(records), exact)


def test_who_is_onboarded_late_churns_sooner() -> None:
    """Health falls by .1 on days 40, 47 and 54; each time the hazard is exp(.1 x 4) times as high."""
    text = "  churn: 0.1 / mo\n  health_weight: 4\n  health: {late_onboarding: 0.1, onboarding_due: 40 d}"
    records = simulate(ONBOARDED, text, 6000, 1)
    for days in (40, 50, 60, 100):
        spans = [min(days, 40), *(min(max(days - at, 0), 7) for at in (40, 47)), max(days - 54, 0)]
        hazard = math.fsum(span * math.exp(0.4 * step) for step, span in enumerate(spans))
        c.check(f"after {days} days", survival(records, days * DAY), math.exp(-0.1 * hazard * DAY / MONTH))


def test_conversion_does_not_count_churn_against_onboarding() -> None:
    text = ONBOARDED.format(years=1, customers=4000 * c.TIMES, convert=0.7) + "  churn: 0.1 / mo"
    table = c.simulate(text, 1).stages.loc["onboard"]["mean"]
    stayed = math.exp(-0.1 * 60 * DAY / MONTH)
    size = table["entered"]
    assert table["conversion"] == pytest.approx(0.7, abs=4 * math.sqrt(0.21 / (size * stayed)))
    assert table["churned"] / size == pytest.approx(1 - stayed, abs=4 * math.sqrt(stayed * (1 - stayed) / size))
    assert table["entered"] == table["advanced"] + table["churned"] + table["lost"]
