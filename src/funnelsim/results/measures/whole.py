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
    Indicator("faces_per_deal", "reps", _faces, ratio()),
    share("left_lying", _left_lying),
    Indicator("boom_and_bust", "ratio", _boom_and_bust, ratio()),
    share("sla_attainment", sla_terms),
    share("wasted_effort", _wasted),
    money("aged_need_loss", _aged_need),
    share("aged_need_share", _aged_need_share),
    share("aged_share", _aged),
    share("over_promise_rate", _over_promised),
    *PROMISE_KPIS,
    share("cs_lead_leakage", _leakage),
)
