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


def _customers(name: str, which: Callable[[Window], Mask]) -> Indicator:
    return Indicator(name, "customers", _count(which), COUNT)


def _arr(name: str, terms: Callable[[Window], Terms]) -> Indicator:
    return Indicator(name, "{currency}/y", terms, mean(CENTS))


def _rate(name: str, terms: Callable[[Window], Terms]) -> Indicator:
    """An indicator that is a number per customer and year."""
    return Indicator(name, "per year", terms, PER_YEAR)


CUSTOMER_KPIS: tuple[Indicator, ...] = (
    _customers("customers_start", lambda window: customers_at(window, window.start)),
    _customers("customers_new", customers_won),
    _customers("customers_lost", customers_lost),
    _customers("customers_end", lambda window: customers_at(window, window.end)),
    _arr("arr_start", _arr_start),
    _arr("arr_new", partial(_changed, NEW_ARR)),
    _arr("arr_expansion", partial(_changed, EXPANDED)),
    _arr("arr_contraction", partial(_changed, CONTRACTED)),
    _arr("arr_churn", partial(_changed, CHURNED)),
    _arr("arr_end", _arr_end),
    share("nrr", partial(_retained, True)),
    share("grr", partial(_retained, False)),
    share("revenue_churn", _revenue_churn),
    share("logo_churn", _logo_churn),
    _rate("churn_rate", _churn_rate),
    share("early_churn", _early_churn),
    hours("onboarding_time", _onboarding_time),
    Indicator("time_to_value", "h", _time_to_value, mean(HOUR)),
    _rate("expansion_rate", partial(_born, EXPANSION, False)),
    _rate("cross_sell_rate", partial(_born, EXPANSION, True)),
    _rate("referral_rate", partial(_born, REFERRAL, False)),
    *(share(f"care_{part}", partial(_care_share, at)) for at, part in enumerate(("on_time", "late", "missed"))),
    share("complaint_sla", _complaint_sla),
    share("health", _health),
)
