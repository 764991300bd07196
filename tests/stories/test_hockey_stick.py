"""Bookings by month of the quarter: the hockey stick comes from quotas and what reps concede, and not by fiat."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.model.records import WON, Records

from .paired import SEED, SLOW, Difference, difference, replications

FIELD = """
funnelsim: 1
name: Deals at the end of the quarter
start: 2026-01-01
horizon: 18 mo
segments: {firm: {value: {dist: lognormal, median: 20_000, sigma: 0.5}}}
sources: {web: {rate: 1 / d}}
teams: {field: {headcount: 4, queue: fifo, quota: {amount: 1_500_000, period: quarter}}}
stages:
  talk: {team: field, effort: 4 h, decision: {dist: exponential, mean: 10 d}, convert: 0.6}
  close: {team: field, effort: 4 h, decision: 2 d, convert: 0.4}
"""
PRESSURE = {
    "stages.close.concessions": {
        "discount": {"share": 0.05, "under_pressure": 0.95, "discount": 0.2, "odds": 5},
    }
}
EASY = {"teams.field.quota.amount": 1_000}
MONTHLY = {"teams.field.quota": {"amount": 500_000, "period": "month"}}
STARTS = (
    np.arange("2026-01", "2028-02", dtype="datetime64[M]").astype("datetime64[D]").astype(int) * 24 * 3_600_000_000
)


def measure(records: Records) -> dict[str, float]:
    """Deals won in the first and in the last month of quarters, and the discounts given there."""
    leads = records.leads
    won = leads.outcome == WON
    month = np.searchsorted(STARTS - STARTS[0], leads.ended[won], "right") - 1
    # The line is filling in the first quarter.
    late = month >= 3
    given = 1 - leads.booked[won] / leads.value[won]
    place = np.where(late, month % 3, -1)
    begin = leads.ended[won] - (STARTS - STARTS[0])[month]
    return {
        "share of deals in the first month": (place == 0).sum() / late.sum(),
        "share of deals in the last month": (place == 2).sum() / late.sum(),
        "discount in the first month": given[place == 0].mean(),
        "discount in the last month": given[place == 2].mean(),
        "share of deals in the last third of months": (begin[late] > 20 * 24 * 3_600_000_000).mean(),
    }


def arm(*changes: dict[str, Any], count: int) -> dict[str, Any]:
    """The figures of an organisation, one per replication."""
    scenario = fs.Scenario.from_text(FIELD)
    for change in changes:
        scenario = scenario.change(change)
    rows = [measure(each) for each in fs.simulate(scenario, replications=count, seed=SEED).replicates]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def compare(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Difference]:
    found = {name: difference(before[name], after[name]) for name in before}
    print(*(f"{name}: {each}" for name, each in found.items()), sep="\n")
    return found


@replications()
def test_deals_pile_up_where_the_quota_presses(count: int) -> None:
    """More deals and deeper discounts at the end of quarters; with a quota that the first deal fills, neither."""
    calm, pressed, easy = arm(count=count), arm(PRESSURE, count=count), arm(PRESSURE, EASY, count=count)
    found = compare(calm, pressed)
    assert found["share of deals in the last month"].up
    assert found["share of deals in the first month"].down
    assert difference(pressed["discount in the first month"], pressed["discount in the last month"]).up
    same = compare(easy, pressed)
    assert same["share of deals in the last month"].up
    assert same["discount in the last month"].up
    for name, figures in (("no concessions", calm), ("easy quota", easy)):
        first, last = (figures[f"share of deals in the {month} month"] for month in ("first", "last"))
        flat = difference(first, last)
        print(f"{name}, last month against first: {flat}")
        assert flat.low < 0.01
        assert flat.high > -0.01
    even = difference(easy["discount in the first month"], easy["discount in the last month"])
    print("easy quota, discount, last month against first:", even)
    assert even.low < 0.005
    assert even.high > -0.005


@replications()
def test_deals_pulled_forward_make_the_rush_that_is_known(count: int) -> None:
    """Half to three quarters of the deals in third months, taken from the next quarters."""
    slow = {"stages.close.decision": "45 d", "teams.field.quota.amount": 4_000_000}
    offer = {"under_pressure": 1, "odds": 1.0, "pulls_forward": {"share": 1, "by": "60 d"}}
    plain, pulled = (
        arm(slow, {"stages.close.concessions": {"discount": given}}, count=count)
        for given in ({**offer, "pulls_forward": {"share": 0, "by": "60 d"}}, offer)
    )
    found = compare(plain, pulled)
    assert found["share of deals in the last month"].up
    assert found["share of deals in the first month"].down
    last = pulled["share of deals in the last month"]
    assert 0.5 < last.mean() < 0.75
    # Nobody buys who did not buy before: they only do so in another quarter, so the even flow is the same flow.
    assert 0.3 < plain["share of deals in the last month"].mean() < 0.37


@pytest.mark.slow
def test_monthly_quotas_press_every_month() -> None:
    """The hockey stick moves to the end of each month."""
    quarter, month = arm(PRESSURE, count=SLOW), arm(PRESSURE, MONTHLY, count=SLOW)
    found = compare(quarter, month)
    assert found["share of deals in the last month"].down
    assert found["share of deals in the last third of months"].up
