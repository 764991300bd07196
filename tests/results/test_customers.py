"""KPIs of customers: every number follows from the tables in `company`."""

from __future__ import annotations

import numpy as np
import pytest

from funnelsim.model import records as rec
from funnelsim.model.model import Model
from funnelsim.results.measures.revenue import year_before_end
from funnelsim.results.measures.summary import summarise, tally

from . import company, samples

YEAR = 365.25


def _kpis(
    records: rec.Records | None = None, model: Model | None = None, runs: int = 1
) -> dict[str, float | None]:
    model = model or company.model()
    rows = [tally(company.records() if records is None else records, model)] * runs
    return {name: estimate.mean for name, estimate in summarise(rows, model).kpis.items()}


def test_customers_are_counted() -> None:
    kpis = _kpis()
    counts = [kpis[f"customers_{part}"] for part in ("start", "new", "lost", "end")]
    assert counts == [3, 3, 2, 4]
    assert counts[0] + counts[1] - counts[2] == counts[3]


def test_the_bridge_of_recurring_revenue_closes_to_the_cent() -> None:
    kpis = _kpis()
    parts = [kpis[f"arr_{part}"] for part in ("start", "new", "expansion", "contraction", "churn", "end")]
    assert parts == [14610, 19723.5, 3652.5, 1000, 14610, 22376]


def test_customers_of_the_start_are_there_without_a_warmup() -> None:
    kpis = _kpis(model=company.model(company.TEXT.replace("6 mo", "0 d", 1)))
    assert (kpis["customers_start"], kpis["arr_start"], kpis["customers_end"]) == (2, 7305, 4)


def test_retention_is_of_the_customers_of_a_year_before() -> None:
    kpis = _kpis()
    paid = 2 * 3652.5 + 7305 + 7305 + 10957.5 + 1461
    assert kpis["nrr"] == pytest.approx(22376 / paid)
    kept = 3652.5 + 7305 + 6305 + 1461  # customer 2 without its expansion
    assert kpis["grr"] == pytest.approx(kept / paid)
    assert kpis["revenue_churn"] == pytest.approx(1 - kept / paid)
    assert kpis["logo_churn"] == pytest.approx(2 / 6)


def test_nobody_loses_more_than_was_paid_at_first() -> None:
    records = company.records()
    moves, customers = records.moves, records.customers
    assert moves is not None
    assert customers is not None
    # Customer 2 churns on the last day but ten, with what it had added.
    more = rec.table(rec.Moves, [(company.us(720), 2, rec.CHURNED, 1_095_750)])
    moves = rec.Moves(*(np.concatenate(pair) for pair in zip(moves, more, strict=True)))
    ended = customers.ended.copy()
    ended[2] = company.us(720)
    kpis = _kpis(records._replace(moves=moves, customers=customers._replace(ended=ended)))
    assert kpis["grr"] == pytest.approx((3652.5 + 6305 + 1461) / 34333.5)


def test_retention_needs_a_year_after_the_warmup() -> None:
    kpis = _kpis(model=company.model(company.TEXT.replace("6 mo", "13 mo", 1)))
    assert [kpis[name] for name in ("nrr", "grr", "logo_churn", "revenue_churn")] == [None] * 4
    assert kpis["churn_rate"] is not None


@pytest.mark.parametrize(
    ("start", "horizon", "days"),
    [("2026-01-01", "2 y", 365), ("2024-01-01", "14 mo", 60), ("2026-04-01", "10 h", -365)],
)
def test_a_year_before_the_end_is_a_calendar_year(start: str, horizon: str, days: int) -> None:
    text = samples.TEXT.replace("2026-04-01", start).replace("10 h", horizon).replace("warmup: 2 h", "warmup: 0 h")
    model = samples.compiled(text)
    hours = 10 * samples.us(1) if horizon == "10 h" else 0
    assert year_before_end(model) == company.DAY * days + hours


def test_churn_is_per_customer_and_year() -> None:
    kpis = _kpis()
    days = 549 + 365 + 549 + 509 + 76 + 377
    assert kpis["churn_rate"] == pytest.approx(2 / (days / YEAR))
    assert kpis["over_promised_churn"] == pytest.approx(1 / (76 / YEAR))
    # Of those who came nobody left; customer 1, one of two of the start, who weigh as much, left after 365 days.
    assert kpis["spill_over_churn"] == pytest.approx((0 + 1 / ((549 + 365) / YEAR)) / 2)
    assert kpis["over_promise_rate"] == pytest.approx(1 / 3)


def test_early_churn_is_within_ninety_days_of_the_booking() -> None:
    assert _kpis()["early_churn"] == pytest.approx(1 / 3)  # customer 4 after 76 days; 3 stays, and 5, never live


def test_early_churn_of_customers_who_are_not_90_days_old_is_not_known() -> None:
    records = company.records()
    customers = records.customers
    assert customers is not None
    late = customers.since.copy()
    late[3:] = company.us(700)
    ended = customers.ended.copy()
    ended[4] = -1
    assert _kpis(records._replace(customers=customers._replace(since=late, ended=ended)))["early_churn"] is None


def test_onboarding() -> None:
    kpis = _kpis()
    assert kpis["onboarding_time"] == pytest.approx(15 * 24)  # 10 and 20 days; one is not live yet
    assert kpis["time_to_value"] == pytest.approx(10 * 24)


def test_leads_that_customers_give_rise_to() -> None:
    kpis = _kpis()
    years = (549 + 365 + 549 + 509 + 76 + 377) / YEAR
    assert kpis["expansion_rate"] == pytest.approx(2 / years)
    assert kpis["cross_sell_rate"] == pytest.approx(1 / years)
    assert kpis["referral_rate"] == 0


def test_care_is_on_time_late_or_missed() -> None:
    kpis = _kpis()
    assert [kpis[f"care_{part}"] for part in ("on_time", "late", "missed")] == pytest.approx([1 / 6, 1 / 6, 4 / 6])


def test_complaints_of_which_one_can_say() -> None:
    assert _kpis()["complaint_sla"] == 1 / 2  # neither the customer who left, nor the deadline past the horizon


def test_health_is_that_of_customers_live_or_not() -> None:
    assert _kpis()["health"] == pytest.approx((0.5 + 0.7 + 0.9 + 1.0) / 4)


def test_without_customers_counts_are_zero_and_shares_undefined() -> None:
    kpis = _kpis(samples.records(), samples.model())
    assert [kpis[name] for name in ("customers_start", "customers_new", "arr_start", "arr_end")] == [0] * 4
    undefined = (
        "nrr", "churn_rate", "early_churn", "onboarding_time", "time_to_value", "referral_rate", "care_on_time",
        "complaint_sla", "health",
    )  # fmt: skip
    assert [kpis[name] for name in undefined] == [None] * len(undefined)
