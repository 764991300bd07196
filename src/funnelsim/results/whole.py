"""KPIs of the whole line against its parts: what is wasted, left to age, promised and not kept, passed around."""

from __future__ import annotations

import numpy as np

from funnelsim.model.records import (
    BLOCKED,
    BURNED,
    DROPPED,
    EXPANSION,
    EXPIRED,
    NEVER_READY,
    REJECTED,
    WON,
)

from .ageing import kept
from .chunks import parts
from .customers import churned_of, customers_won, rate
from .estimates import Terms
from .indicators import Indicator, money, ratio, share
from .journeys import order_statistic
from .stages import sla_terms
from .window import Mask, Window, firsts


def _faces(window: Window) -> Terms:
    return window.leads.faces[window.won].sum(), window.won.sum()


def _wasted(window: Window) -> Terms:
    leads = window.leads
    ways_out = np.isin(leads.outcome, (REJECTED, BLOCKED, DROPPED, EXPIRED, BURNED))
    wasted = ways_out | ((leads.readiness == NEVER_READY) & (leads.outcome != WON))
    in_vain, all_ended = 0, 0
    for _, visits in parts(window.visits):
        work, ended = visits.work, window.ended[visits.lead]
        all_ended += int(work[ended].sum())
        in_vain += int(work[ended & wasted[visits.lead]].sum())
    return in_vain, all_ended


def _aged(window: Window) -> Terms:
    """Value of open leads that have been in their stage for over twice what won deals took; of all open leads."""
    visits, leads = window.visits, window.leads
    won, unsold = leads.outcome == WON, leads.outcome < 0
    sold = np.flatnonzero(window.visits_that(lambda rows, visits: window.left[rows] & won[visits.lead]))
    stays, stage = visits.left[sold] - visits.entered[sold], visits.stage[sold]
    limit = np.full(window.stages, np.iinfo(np.int64).max)
    for at in range(window.stages):
        median = order_statistic(stays[stage == at], 50)
        if median:
            limit[at] = 2 * median[0]
    current = np.flatnonzero(window.visits_that(lambda _, visits: unsold[visits.lead] & (visits.outcome < 0)))
    value = leads.value[visits.lead[current]]
    aged = window.end - visits.entered[current] > limit[visits.stage[current]]
    return value[aged].sum(), value.sum()


def _aged_need(window: Window) -> Terms:
    return (window.need_lost,)


def _aged_need_share(window: Window) -> Terms:
    return window.need_lost, window.leads.value[window.ended].sum()


def _promised(window: Window) -> Mask:
    return window.customers.promised == 1


def _over_promised(window: Window) -> Terms:
    won = customers_won(window)
    return (won & _promised(window)).sum(), won.sum()


def _churn_of_promised(window: Window) -> Terms:
    return churned_of(_promised(window), window)


def _spill_over(window: Window) -> Terms:
    return churned_of(~_promised(window), window)


def _leakage(window: Window) -> Terms:
    """Expansion leads that were left lying, and those of which that can be said."""
    leads, visits = window.leads, window.visits
    found = window.created & (leads.origin == EXPANSION)
    rows = np.flatnonzero(window.visits_that(lambda _, visits: found[visits.lead]))
    first = rows[firsts(visits.lead[rows])]
    lead = visits.lead[first]
    touched, ended = leads.first_touch[lead], leads.ended[lead]
    until = np.where(touched >= 0, touched, np.where(ended >= 0, ended, window.end))
    cold = kept(window, visits, first, until - leads.created[lead]) < 0.5
    expired = leads.outcome[lead] == EXPIRED
    known = expired | cold | (touched >= 0) | (ended >= 0)
    # Stages without a team are never touched, so that an end without a touch is no sign of neglect there.
    neglected = (touched < 0) & (ended >= 0) & (visits.team[first] >= 0)
    return (expired | cold | neglected).sum(), known.sum()


WHOLE_KPIS: tuple[Indicator, ...] = (
    Indicator(
        "faces_per_deal",
        "reps",
        "Faces per deal",
        "Mean number of different reps who touched a lead before it was won.",
        _faces,
        ratio(),
    ),
    share(
        "sla_attainment",
        "Served in time",
        sla_terms,
        "Share of visits to stages with an sla whose first touch began by its deadline, of those touched or whose "
        "deadline has passed.",
    ),
    share(
        "wasted_effort",
        "Wasted effort",
        _wasted,
        "Share of the effort on ended leads that went to those rejected, blocked, dropped, expired or burned, or "
        "lost and never ready to buy.",
    ),
    money(
        "aged_need_loss",
        "Needs that aged",
        _aged_need,
        "Value of ended leads times the share of their chance that seller-side waiting took off by decay, over "
        "all their stages; of leads that expired the whole value.",
    ),
    share(
        "aged_need_share",
        "Needs that aged, share",
        _aged_need_share,
        "Value that seller-side waiting took off ended leads (see aged_need_loss), as a share of their value.",
    ),
    share(
        "aged_share",
        "Aged share",
        _aged,
        "Share of the open value at the horizon that has been in its stage for more than twice the median of won "
        "deals.",
    ),
    share(
        "over_promise_rate",
        "Over-promised",
        _over_promised,
        "Share of new customers who were promised more than can be delivered.",
    ),
    rate(
        "over_promised_churn",
        "Churn of the over-promised",
        _churn_of_promised,
        "Over-promised customers lost, per over-promised customer and year.",
    ),
    rate(
        "spill_over_churn",
        "Churn of those not over-promised",
        _spill_over,
        "Customers lost who were not over-promised, per such customer and year; what rises with the over-promises "
        "to others is spill-over.",
    ),
    share(
        "cs_lead_leakage",
        "Leads of customers left lying",
        _leakage,
        "Share of expansion leads that expired, ended untouched, or lost more than half their chance by decay "
        "before the first touch, of those of which one can say.",
    ),
)
