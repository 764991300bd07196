"""Which KPIs can be divided into groups, how, and why others cannot.

Counts and sums of groups add up to the whole; rates, times and other ratios are those of the group by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...estimates import Terms
from ..costs import commission_of, leads_of, unpaid_of
from ..customers import CUSTOMER_KPIS
from ..money import spent
from ..periods.per_period import SUFFIXES
from ..pipeline import weighted_by
from ..window import Window

PEOPLE = "people"
"""People are paid and hired for all leads, whoever they work for, and named costs fall for all of them."""
QUOTA = "quota"
"""Quotas are those of a team."""
SEVERAL = "several"
"""Several reps work on a lead one after the other, so that only how it ends is that of one of them."""
SELLER = "seller"
"""A customer is counted for the rep who has it, and not for the one who sold and promised."""

_PEOPLE = frozenset(
    (
        "productivity_per_head", "cost", "cost_people", "cost_named", "cost_selling", "contribution", "cac",
        "cac_ratio", "cac_ratio_blended", "cac_ratio_expansion", "payback", "ltv_cac", "magic_number",
    )
)  # fmt: skip
_PEOPLE_BY_PREFIX = ("cost_of_", "cost_per_")

_QUOTA = frozenset(("quota_attainment", "quotas_met", "pipeline_coverage"))

_OF_CUSTOMERS = frozenset(
    (
        *(each.name for each in CUSTOMER_KPIS), "arr_top_1", "arr_top_5", "arr_top_10", "largest_customer_lost",
        "revenue", "gross_profit", "cost_bad_debt", "cost_commission",
        "ltv", "dso", "bad_debt", "over_promise_rate", "over_promised_churn", "spill_over_churn",
    )
)  # fmt: skip
"""KPIs that are counted on the customers of a group; all others on its leads."""

_OF_SELLERS = frozenset(("over_promise_rate", "over_promised_churn", "spill_over_churn"))

_OF_ENDS = frozenset(
    (
        "won", "won_new", "won_expansion", "won_per_month", "lost", "rejected", "blocked", "dropped", "expired",
        "burned", "open_at_end", "win_rate", "win_rate_new", "cycle_time", "cycle_time_lost",
        "opportunity_cycle_time", "bookings", "bookings_new", "bookings_expansion", "average_deal_value",
        "discount_rate", "bookings_linearity", "weighted_pipeline", "bookings_top_1", "bookings_top_5",
        "bookings_top_10", "largest_deal_lost",
    )
)  # fmt: skip
"""KPIs of leads that belong to the one rep who had the lead last."""


class Parted(NamedTuple):
    """A group of a replication in the windows that see it."""

    leads: Window
    customers: Window


_OWN: dict[str, Callable[[Window, Parted], Terms]] = {
    "cost_commission": lambda _, part: (spent(part.customers, commission_of(part.customers)),),
    "cost_leads": lambda _, part: (spent(part.leads, leads_of(part.leads)),),
    "cost_bad_debt": lambda _, part: (spent(part.customers, unpaid_of(part.customers)),),
    "weighted_pipeline": lambda whole, part: (weighted_by(whole, part.leads),),
}
"""KPIs whose terms need less than the whole has, or more than the group has."""


def why_not(kpi: str, by: str) -> str | None:
    """Why a KPI cannot be divided (`PEOPLE`, `QUOTA`, `SEVERAL` or `SELLER`); None if it can.

    A KPI per year, quarter or month can be where that of the whole time can.
    """
    kpi = next((kpi.removesuffix(end) for end in SUFFIXES if kpi.endswith(end)), kpi)
    if kpi in _PEOPLE or kpi.startswith(_PEOPLE_BY_PREFIX):
        return PEOPLE
    if kpi in _QUOTA:
        return QUOTA
    if by != "rep":
        return None
    if kpi in _OF_SELLERS:
        return SELLER
    return None if kpi in _OF_CUSTOMERS or kpi in _OF_ENDS or kpi.startswith("lost_") else SEVERAL


def window_of(kpi: str, part: Parted) -> Window:
    """The window of a group on which a KPI is counted."""
    return part.customers if kpi in _OF_CUSTOMERS else part.leads


def own_terms(kpi: str) -> Callable[[Window, Parted], Terms] | None:
    """How the terms of a group are found where it is not as in the whole: of the whole window and the group's."""
    return _OWN.get(kpi)
