"""KPIs of customers: how many there are, what they pay, why they stay or go, and how they are looked after.

A won lead is a customer from the moment it is booked, and may churn from then on; it is live when it is through
the line. What is counted per year is counted per year that one customer is a customer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import (
    CHURNED,
    CONTRACTED,
    EXPANDED,
    EXPANSION,
    NEW_ARR,
    REFERRAL,
)
from funnelsim.model.tables.builder import WORK_ITEMS
from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.scenario.language.types import Customers

from ..estimates import Terms
from .cohorts import Cohort, cohort, quantile
from .exact import fsum, total
from .indicators import CENTS, COUNT, DAY, Indicator, hours, mean, ratio, share
from .revenue import YEAR, arr_before, by_customer, year_before_end
from .shared import shared
from .window import Mask, Window

CARE, _, COMPLAINT = range(len(WORK_ITEMS))
EARLY = 90 * DAY
PER_YEAR = ratio(1 / YEAR)

LIVE, FELL_THROUGH = 1, 0


def has_customers(model: Model) -> bool:
    """Whether a scenario says anything about customers."""
    return model.spec.customers != Customers() or model.spec.opening.customers > 0


# --- how many -----------------------------------------------------------------------------------------------


@shared
def of_the_start(window: Window) -> Mask:
    """Customers of the start: those given, and those whose lead stood behind the booking then."""
    lead = window.customers.lead
    if not len(window.leads.created):
        return lead < 0
    return (lead < 0) | window.won_before[lead]


@shared
def customers_won(window: Window) -> Mask:
    """Customers that deals made after the warm-up."""
    return ~of_the_start(window) & (window.customers.since >= window.start)


@shared
def customers_lost(window: Window) -> Mask:
    """Customers that left after the warm-up."""
    return window.customers.ended >= window.start


def customers_at(window: Window, moment: int) -> Mask:
    """Who is a customer just before a moment; those of the start always were."""
    customers = window.customers
    there = of_the_start(window) | (customers.since < moment)
    return there & ((customers.ended < 0) | (customers.ended >= moment))


def _count(which: Callable[[Window], Mask]) -> Callable[[Window], Terms]:
    return lambda window: (which(window).sum(),)


@shared
def years(window: Window) -> int:
    """Time after the warm-up that customers were customers, in microseconds of all together."""
    customers = window.customers
    until = np.where(customers.ended >= 0, customers.ended, window.end)
    spans = np.maximum(until - np.maximum(customers.since, window.start), 0)
    return total(spans)


# --- what they pay ------------------------------------------------------------------------------------------


def changes(kind: int, window: Window) -> int:
    """Changes of one kind of recurring revenue after the warm-up."""
    moves = window.moves
    return int(moves.amount[(moves.kind == kind) & (moves.time >= window.start)].sum())


def _changed(kind: int, window: Window) -> Terms:
    return (changes(kind, window),)


def _arr_start(window: Window) -> Terms:
    return (arr_before(window, window.start),)


def _arr_end(window: Window) -> Terms:
    return (int(window.revenue.signed.sum()),)


@shared
def _last_year(window: Window) -> tuple[int, Mask] | None:
    """One year before the end, and who was a customer then; None if that is within the warm-up."""
    moment = year_before_end(window.model)
    return None if moment < window.start else (moment, customers_at(window, moment))


def _retained(net: bool, window: Window) -> Terms:
    """What the customers of a year before still pay, and what they paid then."""
    then = _last_year(window)
    if then is None:
        return 0, 0
    moment, there = then
    paid, gained, lost = (amounts[there] for amounts in by_customer(window, moment))
    # Gross of expansion nobody can lose more than was paid at first.
    kept = paid + gained - lost if net else np.maximum(paid - lost, 0)
    return kept.sum(), paid.sum()


def _revenue_churn(window: Window) -> Terms:
    kept, paid = _retained(False, window)
    return paid - kept, paid


def _logo_churn(window: Window) -> Terms:
    then = _last_year(window)
    if then is None:
        return 0, 0
    _, there = then
    return (there & (window.customers.ended >= 0)).sum(), there.sum()


# --- coming and going ---------------------------------------------------------------------------------------


def _churn_rate(window: Window) -> Terms:
    return customers_lost(window).sum(), years(window)


def _early_churn(window: Window) -> Terms:
    """Customers won after the warm-up that left in their first 90 days, and all, by cohort."""
    customers = window.customers
    rows = customers_won(window)
    until = np.where(customers.ended >= 0, customers.ended, window.end)[rows]
    time = until - customers.since[rows]
    ended = np.where(customers.ended[rows] >= 0, 1, -1)
    members = cohort(np.minimum(time, EARLY), np.where(time >= EARLY, 0, ended))
    return members.mass(members.outcome == 1), members.size


@shared
def _onboarding(window: Window) -> Cohort:
    """Customers won after the warm-up, from the win to going live, or to falling through before."""
    customers = window.customers
    rows = customers_won(window)
    live, ended = customers.live[rows], customers.ended[rows]
    gone = (live < 0) & (ended >= 0)
    until = np.where(live >= 0, live, np.where(gone, ended, window.end))
    outcome = np.where(live >= 0, LIVE, np.where(gone, FELL_THROUGH, -1))
    return cohort(until - customers.since[rows], outcome)


def _onboarding_time(window: Window) -> Terms:
    members = _onboarding(window)
    live = members.outcome == LIVE
    return members.moment(live), members.mass(live)


def _time_to_value(window: Window) -> Terms:
    members = _onboarding(window)
    median = quantile(members, members.outcome == LIVE, 0.5)
    return () if median is None else (median,)


def _born(origin: int, won: bool, window: Window) -> Terms:
    """Leads that customers gave rise to (or those of them that were won), and the time they were customers."""
    leads = window.leads
    rows = window.won if won else window.created
    return (rows & (leads.origin == origin)).sum(), years(window)


# --- how they are looked after ------------------------------------------------------------------------------


@shared
def _care(window: Window) -> tuple[int, int, int]:
    """Care touches that fell due after the warm-up: begun in time, begun late, missed."""
    tasks, customers = window.tasks, window.customers
    rows = np.flatnonzero(tasks.kind == CARE)
    ready, due, started = tasks.ready[rows], tasks.due[rows], tasks.started[rows]
    counted = (ready >= window.start) & (started >= 0)
    ended = customers.ended[tasks.customer[rows]]
    waited_until = np.where(started >= 0, started, np.where(ended >= 0, ended, window.end - 1))
    # While a touch waits, each further one that falls due is missed.
    every = np.maximum(due - ready, 1)
    missed = (waited_until - ready) // every - np.maximum(-((ready - window.start) // every) - 1, 0)
    in_time = (counted & (started < due)).sum()
    return int(in_time), int(counted.sum() - in_time), int(np.maximum(missed, 0).sum())


def _care_share(part: int, window: Window) -> Terms:
    parts = _care(window)
    return parts[part], sum(parts)


def _complaint_sla(window: Window) -> Terms:
    """Complaints done by their deadline, and those that were, or whose deadline has passed."""
    tasks, customers = window.tasks, window.customers
    rows = np.flatnonzero((tasks.kind == COMPLAINT) & (tasks.ready >= window.start) & (tasks.due >= 0))
    due, done = tasks.due[rows], tasks.ended[rows]
    left = customers.ended[tasks.customer[rows]]
    well = (done >= 0) & (done <= due)
    over = (due < window.end) & ((left < 0) | (left >= due))
    return well.sum(), (well | over).sum()


def _health(window: Window) -> Terms:
    customers = window.customers
    there = customers.ended < 0
    return fsum(customers.health[there]), there.sum()


# --- the list -----------------------------------------------------------------------------------------------


def _customers(name: str, label: str, which: Callable[[Window], Mask], definition: str) -> Indicator:
    return Indicator(name, "customers", label, definition, _count(which), COUNT)


def _arr(name: str, label: str, terms: Callable[[Window], Terms], definition: str) -> Indicator:
    return Indicator(name, "{currency}/y", label, definition, terms, mean(CENTS))


def _rate(name: str, label: str, terms: Callable[[Window], Terms], definition: str) -> Indicator:
    """An indicator that is a number per customer and year."""
    return Indicator(name, "per year", label, definition, terms, PER_YEAR)


OF_LAST_YEAR = (
    "of the customers of 12 months before the end; not defined where the time after the warm-up is shorter."
)

CUSTOMER_KPIS: tuple[Indicator, ...] = (
    _customers(
        "customers_start",
        "Customers at the start",
        lambda window: customers_at(window, window.start),
        "Customers at the end of the warm-up, those not yet live included.",
    ),
    _customers("customers_new", "New customers", customers_won, "Customers that deals made."),
    _customers("customers_lost", "Customers lost", customers_lost, "Customers that churned or fell through."),
    _customers(
        "customers_end",
        "Customers at the end",
        lambda window: customers_at(window, window.end),
        "Customers at the horizon: those at the start + new - lost.",
    ),
    _arr("arr_start", "ARR at the start", _arr_start, "Annual recurring revenue at the end of the warm-up."),
    _arr("arr_new", "ARR, new", partial(_changed, NEW_ARR), "Recurring revenue of new customers."),
    _arr("arr_expansion", "ARR, expansion", partial(_changed, EXPANDED), "Recurring revenue added by customers."),
    _arr("arr_contraction", "ARR, contraction", partial(_changed, CONTRACTED), "What staying customers pay less."),
    _arr("arr_churn", "ARR, churn", partial(_changed, CHURNED), "What the customers lost had paid."),
    _arr(
        "arr_end",
        "ARR at the end",
        _arr_end,
        "Annual recurring revenue at the horizon: that at the start + new + expansion - contraction - churn.",
    ),
    share(
        "nrr",
        "Net revenue retention",
        partial(_retained, True),
        f"Recurring revenue at the end divided by that of a year before, {OF_LAST_YEAR}",
    ),
    share(
        "grr",
        "Gross revenue retention",
        partial(_retained, False),
        "Recurring revenue at the end, without what each customer added, divided by that of a year before (nobody "
        f"loses more than was paid at first), {OF_LAST_YEAR}",
    ),
    share(
        "revenue_churn",
        "Revenue churn",
        _revenue_churn,
        f"Recurring revenue lost by churn and contraction, as a share of that of a year before, {OF_LAST_YEAR}",
    ),
    share("logo_churn", "Logo churn", _logo_churn, f"Share of customers lost within the year, {OF_LAST_YEAR}"),
    _rate("churn_rate", "Churn", _churn_rate, "Customers lost per customer and year."),
    share(
        "early_churn",
        "Early churn",
        _early_churn,
        "Share of new customers lost within 90 days of the booking, by cohort.",
    ),
    hours(
        "onboarding_time",
        "Onboarding time",
        _onboarding_time,
        "Mean time from the win to going live, of new customers that go live, by cohort.",
    ),
    Indicator(
        "time_to_value",
        "h",
        "Time to value",
        "Median time from the win to going live, of new customers that go live, by cohort.",
        _time_to_value,
        mean(HOUR),
    ),
    _rate(
        "expansion_rate",
        "Expansion leads",
        partial(_born, EXPANSION, False),
        "Expansion leads that customers give rise to, per customer and year.",
    ),
    _rate(
        "cross_sell_rate",
        "Expansions won",
        partial(_born, EXPANSION, True),
        "Expansion leads won, per customer and year.",
    ),
    _rate(
        "referral_rate",
        "Referrals",
        partial(_born, REFERRAL, False),
        "Leads that customers refer, per customer and year.",
    ),
    *(
        share(
            f"care_{part}",
            f"Care {label}",
            partial(_care_share, at),
            f"Share of the care touches due that were {what}; care that takes no effort is left out.",
        )
        for at, (part, label, what) in enumerate(
            (
                ("on_time", "on time", "begun before the next fell due"),
                ("late", "late", "begun later"),
                ("missed", "missed", "missed because the one before still waited"),
            )
        )
    ),
    share(
        "complaint_sla",
        "Complaints in time",
        _complaint_sla,
        "Share of complaints done by their deadline, of those done by it or whose deadline has passed.",
    ),
    share("health", "Health", _health, "Mean health of customers at the horizon, those not yet live included."),
)
