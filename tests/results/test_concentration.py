"""Concentration: the largest deals and customers, counted once more from the records; misses by less than one."""

from __future__ import annotations

import pandas as pd
import pytest

import funnelsim as fs
from funnelsim.experiments.statistics.chances import wilson
from funnelsim.experiments.targets.concentration import near, top

LINE = """
name: Few large deals
start: 2026-01-01
horizon: 14 mo
warmup: 2 mo
currency: EUR
gross_margin: 0.8
milestones: {MILESTONE}
segments: {all: {value: {dist: lognormal, median: 10_000, sigma: 1.5}}}
opening: {customers: 8}
sources: {web: {rate: 12 / mo}}
teams: {desk: {headcount: 3, queue: fifo}}
stages:
  talk: {team: desk, effort: 5 h, convert: 0.6}
  propose: {team: desk, effort: 10 h, convert: 0.5, decision: 10 d, books: true}
customers: {team: desk, churn: 0.05 / mo, expansion: {rate: 0.5 / y, value: 0.3, to: propose}}
"""
RUNS = 12


def line(milestone: str = "opportunity: propose") -> fs.Scenario:
    return fs.Scenario.from_text(LINE.replace("MILESTONE", milestone))


@pytest.fixture(scope="module")
def result() -> fs.Result:
    return fs.simulate(line(), replications=RUNS, seed=4)


def per_run(result: fs.Result, kpi: str) -> list[float | None]:
    return list(result.summary.kpis[kpi].outcomes)


def test_the_largest_deals_are_those_of_the_records(result: fs.Result) -> None:
    leads = result.records("leads", dates=True)
    counts = leads[(leads.outcome == "won") & (leads.ended >= "2026-03-01")]
    for number in (1, 5, 10):
        largest = counts.groupby("replication").booked.nlargest(number).groupby("replication").sum()
        share = largest.sum() / counts.booked.sum()
        assert result.summary.kpis[f"bookings_top_{number}"].mean == pytest.approx(share)


def test_the_largest_customers_are_those_of_the_records(result: fs.Result) -> None:
    moves, customers = result.records("moves"), result.records("customers")
    falls = moves.kind.isin(["contraction", "churn"])
    paid = moves.amount.where(~falls, -moves.amount).groupby([moves.replication, moves.customer]).sum()
    there = customers[customers.ended.isna()].set_index(["replication", "customer"]).index
    paid = paid[paid.index.isin(there)]
    for number in (1, 10):
        largest = paid.groupby("replication").nlargest(number).sum()
        assert result.summary.kpis[f"arr_top_{number}"].mean == pytest.approx(largest / paid.sum())
    left = result.records("moves", dates=True)
    left = left[(left.kind == "churn") & (left.time >= "2026-03-01")].groupby("replication").amount.max()
    assert per_run(result, "largest_customer_lost") == pytest.approx(left.reindex(range(RUNS)).tolist())


@pytest.mark.parametrize("milestone", ["opportunity: propose", "mql: propose"])
def test_the_largest_deal_lost_was_an_opportunity_where_there_are_any(milestone: str) -> None:
    result = fs.simulate(line(milestone), replications=3, seed=4)
    leads, visits = result.records("leads", dates=True), result.records("visits")
    lost = leads[~leads.outcome.isin(["won", ""]) & leads.outcome.notna() & (leads.ended >= "2026-03-01")]
    if milestone.startswith("opportunity"):
        reached = visits[visits.stage == "propose"].set_index(["replication", "lead"]).index
        lost = lost[pd.MultiIndex.from_frame(lost[["replication", "lead"]]).isin(reached)]
    assert per_run(result, "largest_deal_lost") == pytest.approx(lost.groupby("replication").value.max().tolist())


@pytest.mark.parametrize(("kpi", "both"), [("bookings", False), ("arr_end", True), ("revenue", True)])
def test_a_miss_is_near_where_one_deal_or_customer_is_more(result: fs.Result, kpi: str, both: bool) -> None:
    figures = [each or 0.0 for each in per_run(result, kpi)]
    goal = sorted(figures)[-3]
    found = result.target(kpi, goal)
    largest = [
        max(deal or 0.0, customer or 0.0) if both else deal or 0.0
        for deal, customer in zip(
            per_run(result, "largest_deal_lost"), per_run(result, "largest_customer_lost"), strict=True
        )
    ]
    missed = [(goal - figure, most) for figure, most in zip(figures, largest, strict=True) if figure < goal]
    number = sum(lack < most for lack, most in missed)
    assert 0 < number < len(missed) == RUNS - 3
    assert found.near is not None
    assert (found.near.number, found.near.misses) == (number, RUNS - 3)
    assert (found.near.low, found.near.high) == wilson(number, RUNS - 3)
    assert found.to_dict()["near"]["of"] == ("deal_or_customer" if both else "deal")
    rate = found
    if kpi != "arr_end":
        rate = result.target(f"{kpi}_per_quarter", goal / 4 / (365 / 365.25))
    assert rate.near == found.near
    assert "the shortfall is smaller than the largest single deal lost" in " ".join(found.words)


def test_it_says_nothing_of_other_targets(result: fs.Result) -> None:
    for kpi, goal in (("won", 10), ("win_rate", 0.3), ("bookings", "<= 100k EUR")):
        found = result.target(kpi, goal)
        assert near(found.arm, found.target) is None
    assert top(found.arm, found.target) is not None
    assert result.target("won", 10).top is None
