"""KPIs of money, and of what the whole line wastes or delays."""

from __future__ import annotations

from functools import partial

import numpy as np

from funnelsim.model.records import BLOCKED, BURNED, DROPPED, EXPIRED, NEVER_READY, REJECTED, WON

from .estimates import Terms
from .indicators import CENTS, DAY, MONEY, Indicator, function, ratio, share
from .journeys import from_creation, from_stage, is_won, order_statistic, time_to_end, won_of_decided
from .window import Window


def _bookings(window: Window) -> Terms:
    return (window.leads.booked[window.won].sum(),)


def _deal_value(window: Window) -> Terms:
    return window.leads.booked[window.won].sum(), window.won.sum()


def _velocity_terms(opportunity: int | None, window: Window) -> Terms:
    """Hours open, value and number of opportunities; mass won, mass decided, hours to the win; length."""
    leads = window.leads
    if opportunity is None:
        rows, since = np.arange(len(leads.created)), leads.created
    else:
        rows, since = window.reached(opportunity)
    until = np.where(leads.outcome[rows] >= 0, leads.ended[rows], window.end)
    open_time = np.maximum(until - np.maximum(since, window.start), 0).sum()
    fresh = rows[since >= window.start]
    members = from_creation if opportunity is None else partial(from_stage, opportunity)
    won, decided = won_of_decided(members, window)
    moment = time_to_end(members, is_won, window)[0]
    return open_time, leads.value[fresh].sum(), len(fresh), won, decided, moment, window.length


def _velocity_of(sums: Terms) -> float | None:
    open_time, value, number, won, decided, moment, length = sums
    if number <= 0 or decided <= 0 or moment <= 0:
        return None
    opportunities = open_time / length
    return opportunities * (value / number / CENTS) * (won / decided) / (moment / won / DAY)


def velocity(opportunity: int | None) -> Indicator:
    """Pipeline velocity of opportunities, or of leads where there is no such milestone."""
    what = "leads" if opportunity is None else "opportunities"
    definition = f"Average number of open {what} x their mean value x win rate / cycle time in days."
    terms = partial(_velocity_terms, opportunity)
    return Indicator(
        "pipeline_velocity", "{currency}/d", "Pipeline velocity", definition, terms, function(_velocity_of)
    )


MONEY_KPIS: tuple[Indicator, ...] = (
    Indicator("bookings", "{currency}", "Bookings", "Value less discount of the leads won.", _bookings, MONEY),
    Indicator(
        "average_deal_value",
        "{currency}",
        "Average deal value",
        "Bookings divided by leads won.",
        _deal_value,
        ratio(CENTS),
    ),
)


def _faces(window: Window) -> Terms:
    return window.leads.faces[window.won].sum(), window.won.sum()


def _wasted(window: Window) -> Terms:
    leads = window.leads
    ways_out = np.isin(leads.outcome, (REJECTED, BLOCKED, DROPPED, EXPIRED, BURNED))
    wasted = ways_out | ((leads.readiness == NEVER_READY) & (leads.outcome != WON))
    work, lead = window.visits.work, window.visits.lead
    return work[(window.ended & wasted)[lead]].sum(), work[window.ended[lead]].sum()


def _aged(window: Window) -> Terms:
    """Value of open leads that have been in their stage for over twice what won deals took; of all open leads."""
    visits, leads = window.visits, window.leads
    unsold = leads.outcome[visits.lead] < 0
    current = unsold & (visits.outcome < 0)
    sold = window.left & (leads.outcome[visits.lead] == WON)
    limit = np.full(window.stages, np.iinfo(np.int64).max)
    for stage in range(window.stages):
        stays = order_statistic((visits.left - visits.entered)[sold & (visits.stage == stage)], 50)
        if stays:
            limit[stage] = 2 * stays[0]
    aged = current & (window.end - visits.entered > limit[visits.stage])
    return leads.value[visits.lead[aged]].sum(), leads.value[visits.lead[current]].sum()


WHOLE: tuple[Indicator, ...] = (
    Indicator(
        "faces_per_deal",
        "reps",
        "Faces per deal",
        "Mean number of different reps who touched a lead before it was won.",
        _faces,
        ratio(),
    ),
    share(
        "wasted_effort",
        "Wasted effort",
        _wasted,
        "Share of the effort on ended leads that went to those rejected, blocked, dropped, expired or burned, or "
        "lost and never ready to buy.",
    ),
    share(
        "aged_share",
        "Aged share",
        _aged,
        "Share of the open value at the horizon that has been in its stage for more than twice the median of won "
        "deals.",
    ),
)
