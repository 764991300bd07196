"""KPIs of the whole line against its parts: what is wasted, left to age, promised and not kept, passed around."""

from __future__ import annotations

from collections.abc import Iterator

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
    Ints,
)

from ..estimates import Terms
from .ageing import kept
from .chunks import parts
from .cohorts import cohort
from .customers import customers_won
from .exact import fsum
from .indicators import MONTH, Indicator, money, ratio, share
from .journeys import order_statistics
from .pipeline import open_visits
from .promises import PROMISE_KPIS
from .stages import sla_terms
from .window import Window, firsts

MONTHS_FOR_SWINGS = 4


def _faces(window: Window) -> Terms:
    """People whom leads won and served met on their whole way, so that whoever comes earlier is no face more."""
    rows, members = window.way_cohort
    through = members.outcome == 1
    return fsum(members.weight[through] * window.leads.faces[rows[through]]), members.mass(through)


def _left_lying(window: Window) -> Terms:
    members = window.passed_on
    rest = members.size - members.mass(members.outcome == 1)
    # Each pass stands for one or more, so that less than half a pass is nothing but rounding.
    return rest if rest > 0.5 else 0.0, members.size


def _boom_and_bust(window: Window) -> Terms:
    """Variance about a straight line of the wins a month, and their mean; nothing below four months."""
    months = window.length // MONTH
    if months < MONTHS_FOR_SWINGS:
        return 0, 0
    at = (window.leads.ended[window.won] - window.start) // MONTH
    number = np.bincount(at[at < months], minlength=months).astype(np.float64)
    time = np.arange(months) - (months - 1) / 2
    about = number - number.mean() - time * (time @ number) / (time @ time)
    # A line has two parameters, which the degrees of freedom lack.
    return fsum(about * about) / (months - 2), fsum(number) / months


def _wasted(window: Window) -> Terms:
    leads = window.leads
    ways_out = np.isin(leads.outcome, (REJECTED, BLOCKED, DROPPED, EXPIRED, BURNED))
    wasted = ways_out | ((leads.readiness == NEVER_READY) & (leads.outcome != WON))
    in_vain, all_ended = 0, 0
    for _, visits in parts(window.visits):
        # What is done for a customer, as in onboarding, is no effort to win one.
        to_win = (leads.outcome[visits.lead] != WON) | (visits.entered < leads.ended[visits.lead])
        work, ended = visits.work, window.ended[visits.lead] & to_win
        all_ended += int(work[ended].sum())
        in_vain += int(work[ended & wasted[visits.lead]].sum())
    return in_vain, all_ended


def _aged(window: Window) -> Terms:
    """Value of open leads that have been in their stage for over twice what won deals took; of all open leads."""
    limit = np.full(window.stages, np.iinfo(np.int64).max)
    for at, stays in enumerate(_stays_of_won(window)):
        (median,) = order_statistics(stays, 50)
        if median:
            limit[at] = 2 * median[0]
    lead, stage, entered = open_visits(window)
    value = window.leads.value[lead]
    aged = window.end - entered > limit[stage]
    return value[aged].sum(), value.sum()


def _stays_of_won(window: Window) -> Iterator[Ints]:
    """Of each stage, how long the visits of won leads took that ended after the warm-up."""
    won, stays, stages = window.leads.outcome == WON, [], []
    for _, visits in parts(window.visits):
        rows = np.flatnonzero(won[visits.lead] & (visits.outcome >= 0) & (visits.left >= window.start))
        stays.append(visits.left[rows] - visits.entered[rows])
        stages.append(visits.stage[rows])
    stay, stage = np.concatenate(stays), np.concatenate(stages)
    return (stay[stage == at] for at in range(window.stages))


def _aged_need(window: Window) -> Terms:
    return (window.need_lost,)


def _aged_need_share(window: Window) -> Terms:
    leads = window.leads
    return window.need_lost, leads.value[window.ended | (leads.outcome < 0)].sum()


def _over_promised(window: Window) -> Terms:
    won = customers_won(window)
    return (won & (window.customers.promised == 1)).sum(), won.sum()


def _leakage(window: Window) -> Terms:
    """Expansion leads that were left lying, by cohort from creation to a first touch in time or to a leak."""
    leads, visits = window.leads, window.visits
    found = window.created & (leads.origin == EXPANSION)
    rows = np.flatnonzero(window.visits_that(lambda _, visits: found[visits.lead]))
    first = rows[firsts(visits.lead[rows])]
    lead = visits.lead[first]
    touched, ended = leads.first_touch[lead], leads.ended[lead]
    until = np.where(touched >= 0, touched, np.where(ended >= 0, ended, window.end))
    time = until - leads.created[lead]
    cold = kept(window, visits, first, time) < 0.5
    # Stages without a team are never touched, so that an end without a touch is no sign of neglect there.
    handled = (touched >= 0) | (visits.team[first] < 0)
    leaked = (leads.outcome[lead] == EXPIRED) | cold | (~handled & (ended >= 0))
    known = leaked | (touched >= 0) | (ended >= 0)
    members = cohort(time, np.where(leaked, 0, np.where(known, 1, -1)))
    rest = members.size - members.mass(members.outcome == 1)
    return rest if rest > 0.5 else 0.0, members.size


WHOLE_KPIS: tuple[Indicator, ...] = (
    Indicator(
        "faces_per_deal",
        "reps",
        "Faces per deal",
        "Mean number of different reps whom a won lead met on its whole way, onboarding included, of those that "
        "came to the end of the line, by cohort.",
        _faces,
        ratio(),
    ),
    share(
        "left_lying",
        "Left lying by the next team",
        _left_lying,
        "Share of passes of a lead to another team that end without any touch by that team, or have none by the "
        "longest follow-up, by cohort; those turned away at a gate or a limit left out.",
    ),
    Indicator(
        "boom_and_bust",
        "ratio",
        "Boom and bust",
        "Variance of the deals won a month (of 365.25/12 days, from the warm-up on) about a straight line, "
        "divided by their mean: 1 where deals come by chance alone, more where months of boom and bust follow "
        "each other, less where they come more evenly; not defined below four months.",
        _boom_and_bust,
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
        "Share of the effort on ended leads, before a win, that went to those rejected, blocked, dropped, expired "
        "or burned, or lost and never ready to buy.",
    ),
    money(
        "aged_need_loss",
        "Needs that aged",
        _aged_need,
        "Value of the leads that ended or are open at the horizon, times the share of their chance that "
        "seller-side waiting took off by decay, over all their stages; of leads that expired the whole value.",
    ),
    share(
        "aged_need_share",
        "Needs that aged, share",
        _aged_need_share,
        "Value that seller-side waiting took off leads (see aged_need_loss), as a share of their value.",
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
    *PROMISE_KPIS,
    share(
        "cs_lead_leakage",
        "Leads of customers left lying",
        _leakage,
        "Share of expansion leads that expire, end untouched, lose more than half their chance by decay before "
        "the first touch, or have no touch by the longest follow-up, by cohort.",
    ),
)
