"""KPIs of money: every number follows from the tables in `company`."""

from __future__ import annotations

import numpy as np
import pytest

from funnelsim.model.model import Model
from funnelsim.results.measures.summary import Summary, summarise, tally

from . import company, samples

YEAR = 365.25

BOOKED = 7305 + 10957.5 + 3652.5 + 1461
PEOPLE = 2 * (200 * 184 + 250 * 365) + 100 * 549
LEADS = 3 * 100 + 2 * 150
CRM = 30 * 549
# Below the quota of a quarter a tenth, above it a fifth; of expansions a twentieth.
COMMISSION_NEW = 0.1 * 7305 + (0.1 * 10000 + 0.2 * 957.5) + 0.2 * 1461
COMMISSION_EXPANSION = 0.05 * 3652.5
BAD_DEBT = 30 * (424 - 348)  # customer 4 pays 30 a day until it leaves

# Sales worked 30 hours to win and 2 for customers; care 4 hours for expansions and 12 for customers.
TO_WIN, TO_EXPAND = 30 / 32, 4 / 16
CRM_TO_WIN = 30 * (184 * 375 / 400 + 365 * 468.75 / 493.75)
NEW = TO_WIN * 2 * (200 * 184 + 250 * 365) + LEADS + COMMISSION_NEW + CRM_TO_WIN
EXPANSION = TO_EXPAND * 100 * 549 + COMMISSION_EXPANSION + (CRM - CRM_TO_WIN)

BEFORE = 10 * 184 + 10 * 184 + 20 * 184 + 20 * 144 + 30 * 17 + 4 * 12
"""Revenue before the phase, and after it."""
AFTER = 10 * 365 + 10 * 181 + 20 * 365 + 10 * 324 + 20 * 365 - 1000 * 92 / YEAR + 30 * 59 + 4 * 365


def _summary(model: Model | None = None, runs: int = 1) -> Summary:
    model = model or company.model()
    return summarise([tally(company.records(), model)] * runs, model)


def _kpis(model: Model | None = None) -> dict[str, float | None]:
    return {name: estimate.mean for name, estimate in _summary(model).kpis.items()}


def test_what_was_booked() -> None:
    kpis = _kpis()
    assert kpis["bookings"] == BOOKED
    assert kpis["average_deal_value"] == BOOKED / 4
    assert kpis["discount_rate"] == pytest.approx(695 / (BOOKED + 695))


def test_linearity_is_the_third_month_of_whole_quarters() -> None:
    assert _kpis()["bookings_linearity"] == pytest.approx((10957.5 + 1461) / BOOKED)


def test_quotas_are_filled_by_the_team_that_won() -> None:
    kpis, teams = _kpis(), _summary().teams
    booked = 7305 + 10957.5 + 1461
    assert kpis["quota_attainment"] == teams["sales"]["quota_attainment"].mean == pytest.approx(booked / 60_000)
    assert kpis["quotas_met"] == teams["sales"]["quotas_met"].mean == pytest.approx(1 / 6)
    assert teams["care"]["quota_attainment"].mean is None


def test_revenue_flows_day_by_day_and_a_phase_changes_the_margin() -> None:
    kpis = _kpis()
    assert kpis["revenue"] == pytest.approx(BEFORE + AFTER)
    assert kpis["gross_profit"] == pytest.approx(0.8 * BEFORE + 0.9 * AFTER)


def test_costs_follow_staffed_time_leads_and_names() -> None:
    kpis = _kpis()
    assert kpis["cost_people"] == pytest.approx(PEOPLE)
    assert kpis["cost_leads"] == LEADS
    assert kpis["cost_named"] == kpis["cost_of_crm"] == pytest.approx(CRM)
    assert kpis["cost_bad_debt"] == pytest.approx(BAD_DEBT)
    assert kpis["cost"] == pytest.approx(PEOPLE + LEADS + CRM + COMMISSION_NEW + COMMISSION_EXPANSION + BAD_DEBT)
    assert kpis["contribution"] == pytest.approx(kpis["gross_profit"] - kpis["cost"])


def test_bad_debt_with_one_off_revenue_is_what_was_booked() -> None:
    model = company.model(company.TEXT.replace("warmup: 6 mo", "warmup: 6 mo\nrevenue: one_off"))
    assert _kpis(model)["cost_bad_debt"] == pytest.approx(10957.5)


def test_bad_debt_ends_with_the_year_of_the_invoice() -> None:
    records, model = company.records(), company.model()
    paid = records.customers.paid.copy()
    paid[3] = company.NEVER_PAID  # customer 3 pays 20 a day from day 221 on, and stays
    records = records._replace(customers=records.customers._replace(paid=paid))
    kpis = summarise([tally(records, model)], model).kpis
    assert kpis["cost_bad_debt"].mean == pytest.approx(BAD_DEBT + 20 * 365.25)


def test_commission_above_the_quota_of_a_period() -> None:
    assert _kpis()["cost_commission"] == pytest.approx(COMMISSION_NEW + COMMISSION_EXPANSION)
    teams = _summary().teams
    assert teams["care"]["cost"].mean == pytest.approx(100 * 549 + COMMISSION_EXPANSION)


def test_the_quota_counts_what_was_booked_before_the_warmup_ended() -> None:
    # The warm-up ends within the last quarter of 2026, between the deals of customers 4 and 5.
    edges = (0, 90, 181, 273, 350, 365, 455, 546, 638, 730)
    model = company.model(company.TEXT.replace("6 mo", "350 d", 1), edges)
    costs = summarise([tally(company.records(edges), model)], model).kpis["cost_commission"]
    assert costs.mean == pytest.approx(0.2 * 1461 + COMMISSION_EXPANSION)


def test_without_a_rate_of_its_own_all_earns_the_usual_commission() -> None:
    model = company.model(company.TEXT.replace(", above_quota: 0.2", ""))
    assert _kpis(model)["cost_commission"] == pytest.approx(0.1 * (BOOKED - 3652.5) + COMMISSION_EXPANSION)


def test_selling_costs_follow_the_hours_before_a_win() -> None:
    kpis = _kpis()
    assert kpis["cost_selling"] == pytest.approx(NEW + EXPANSION)
    assert kpis["cost_per_lead"] == pytest.approx((NEW + EXPANSION) / 7)
    assert kpis["cost_per_win"] == pytest.approx((NEW + EXPANSION) / 4)


def test_cost_per_milestone() -> None:
    kpis = _kpis(company.model(company.TEXT + "milestones: {sql: sell}\n"))
    assert kpis["cost_per_sql"] == pytest.approx((NEW + EXPANSION) / 5)


def test_what_a_new_customer_costs() -> None:
    kpis = _kpis()
    new = 7305 + 10957.5 + 1461
    assert kpis["cac"] == pytest.approx(NEW / 3)
    assert kpis["cac_ratio"] == pytest.approx(NEW / new)
    assert kpis["cac_ratio_expansion"] == pytest.approx(EXPANSION / 3652.5)
    assert kpis["cac_ratio_blended"] == pytest.approx((NEW + EXPANSION) / (new + 3652.5))
    assert kpis["payback"] == pytest.approx(NEW / (0.8 * new / 12))


def test_what_a_customer_is_worth() -> None:
    kpis = _kpis()
    profit = 0.8 * BEFORE + 0.9 * AFTER
    assert kpis["ltv"] == pytest.approx(profit / 2)
    assert kpis["ltv_cac"] == pytest.approx((profit / 2) / (NEW / 3))


def test_magic_number_compares_growth_with_the_quarter_before() -> None:
    last = 92 * (2 * 250 * TO_WIN + 100 * TO_EXPAND + 30)
    assert _kpis()["magic_number"] == pytest.approx((22376 - 21915) / (NEW + EXPANSION - last))


def test_magic_number_needs_two_quarters() -> None:
    assert _kpis(company.model(company.TEXT.replace("6 mo", "20 mo", 1)))["magic_number"] is None


def test_sales_outstanding_leave_bad_debt_aside() -> None:
    kpis = _kpis()
    owed = 7305 * 19 + 7305 * 30 + 1461 * 377
    assert kpis["dso"] == pytest.approx(owed / (7305 + 1461) * 24)
    assert kpis["bad_debt"] == pytest.approx(10957.5 / (7305 + 10957.5 + 1461))


def test_pipeline_at_the_horizon() -> None:
    kpis = _kpis()
    # Of five that reached the stage after the warm-up three were won and one lost; the open one counts as the
    # one that took longer than it has so far.
    assert kpis["weighted_pipeline"] == pytest.approx(5000 * 4 / 5)
    assert kpis["pipeline_coverage"] == pytest.approx(5000 / 10_000)


def test_bookings_per_head() -> None:
    summary = _summary()
    assert summary.kpis["productivity_per_head"].mean == pytest.approx(BOOKED / (3 * 549 / YEAR))
    assert summary.kpis["productivity_per_head"].unit == "USD/y"


def test_one_off_revenue_is_what_is_booked() -> None:
    text = company.TEXT.replace("gross_margin: 0.8", "revenue: one_off\ngross_margin: 0.8")
    model = company.model(text)
    records = company.records()._replace(moves=None)
    kpis = {name: each.mean for name, each in summarise([tally(records, model)], model).kpis.items()}
    assert kpis["revenue"] == BOOKED
    assert kpis["gross_profit"] == pytest.approx(0.8 * (BOOKED - 3652.5) + 0.9 * 3652.5)
    assert kpis["cac"] == pytest.approx(NEW / 3)
    recurring = ("ltv", "ltv_cac", "payback", "cac_ratio", "nrr", "grr")
    assert [kpis[name] for name in recurring] == [None] * len(recurring)


def test_ratios_are_pooled_over_replications() -> None:
    model = company.model()
    records = company.records()
    customers = records.customers
    assert customers is not None
    nobody_new = records._replace(customers=customers._replace(lead=np.full(6, -1)))
    rows = [tally(records, model), tally(nobody_new, model)]
    cac = summarise(rows, model).kpis["cac"]
    assert cac.mean == pytest.approx(2 * NEW / 3)  # not the mean of two ratios, of which one does not exist
    assert cac.low is not None


def test_a_team_without_work_is_there_to_win() -> None:
    model = samples.compiled(samples.TEXT.replace("field: {", "field: {cost: {salary: 24 / d}, "))
    kpis = {name: each.mean for name, each in summarise([tally(samples.empty(), model)], model).kpis.items()}
    assert kpis["cost"] == kpis["cost_selling"] == pytest.approx(8)
    assert kpis["cac"] is None
