"""KPIs of leads on their way: conversion, win rate, cycle times, response, and where the time goes.

Rates and times from creation follow the cohort of leads created after the warm-up (`cohorts`), so that leads
still open at the horizon bias neither.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from funnelsim.model.records import WON, Ints
from funnelsim.scenario.forms.quantities import HOUR

from ..estimates import Terms
from .cohorts import Cohort
from .indicators import Indicator, hours, mean, share
from .window import Codes, Mask, Window, is_lost


def from_creation(window: Window) -> Cohort:
    """Leads from their creation on."""
    return window.creation_cohort


def from_stage(stage: int, window: Window) -> Cohort:
    """Leads from the time on when they first reach a stage."""
    return window.cohort_from(stage)


Members = Callable[[Window], Cohort]


def _won_of_all(members: Members, window: Window) -> Terms:
    group = members(window)
    return group.mass(group.outcome == WON), group.size


def won_of_decided(members: Members, window: Window) -> Terms:
    """Leads won, and leads won or lost."""
    group = members(window)
    won = group.mass(group.outcome == WON)
    return won, won + group.mass(is_lost(group.outcome))


def time_to_end(members: Members, how: Callable[[Codes], Mask], window: Window) -> Terms:
    """Summed time to an end of one kind, and the number of such ends."""
    group = members(window)
    which = how(group.outcome)
    return group.moment(which), group.mass(which)


def is_won(outcome: Codes) -> Mask:
    """Which outcomes are wins."""
    return outcome == WON


def _response(percent: int, window: Window) -> Terms:
    touched = window.created & (window.leads.first_touch >= 0)
    return order_statistic((window.leads.first_touch - window.leads.created)[touched], percent)


def _response_mean(window: Window) -> Terms:
    touched = window.created & (window.leads.first_touch >= 0)
    return int((window.leads.first_touch - window.leads.created)[touched].sum()), touched.sum()


def _response_open(percent: int, window: Window) -> Terms:
    touched = window.created & (window.leads.first_touch >= 0)
    return order_statistic(window.leads.response_open[touched], percent)


def order_statistic(values: Ints, percent: int) -> Terms:
    """The smallest value that at least ``percent`` of the values do not exceed."""
    if not len(values):
        return ()
    return (np.sort(values)[(percent * len(values) + 99) // 100 - 1],)


def _never_touched(window: Window) -> Terms:
    group = window.touch_cohort
    rest = group.size - group.mass(group.outcome == 1)
    # Each lead stands for one or more, so that less than half a lead is nothing but rounding.
    return rest if rest > 0.5 else 0.0, group.size


def _handoff_wait(window: Window) -> Terms:
    """Of visits to a team that is not the one of the lead's visit before: time to the first touch; visits."""
    passed = window.passed_on
    touched = passed.outcome == 1
    return int(passed.duration[touched].sum()), int(touched.sum())


def _cycle_part(part: str, window: Window) -> Terms:
    rows, member = window.until_win
    weight = window.creation_cohort.weight[member]
    visits = window.visits
    return (weight * getattr(visits, part)[rows]).sum(), (
        weight * (visits.left[rows] - visits.entered[rows])
    ).sum()


def _quantile_kpi(name: str, label: str, terms: Callable[[Window], Terms], definition: str) -> Indicator:
    return Indicator(name, "h", label, definition, terms, mean(HOUR))


CONVERSION: tuple[Indicator, ...] = (
    share(
        "conversion",
        "Conversion",
        partial(_won_of_all, from_creation),
        "Share of created leads that is won by the longest follow-up, by cohort.",
    ),
)


def win_rate(opportunity: int | None) -> Indicator:
    """The win rate from the milestone ``opportunity`` on, or from creation where there is none."""
    members = from_creation if opportunity is None else partial(from_stage, opportunity)
    since = "creation" if opportunity is None else "the milestone opportunity"
    definition = f"Won divided by won and lost, at the longest follow-up of the cohort from {since} on."
    return share("win_rate", "Win rate", partial(won_of_decided, members), definition)


def opportunity_kpis(stage: int) -> tuple[Indicator, ...]:
    """KPIs that only a milestone ``opportunity`` gives."""
    members = partial(from_stage, stage)
    return (
        share(
            "opportunity_conversion",
            "Opportunity conversion",
            partial(_won_of_all, members),
            "Share of opportunities that is won by the longest follow-up, by cohort.",
        ),
        hours(
            "opportunity_cycle_time",
            "Cycle time of opportunities",
            partial(time_to_end, members, is_won),
            "Mean time from reaching the milestone opportunity to won, of those that are won, by cohort.",
        ),
    )


TIME: tuple[Indicator, ...] = (
    hours(
        "cycle_time",
        "Cycle time",
        partial(time_to_end, from_creation, is_won),
        "Mean time from creation to won, of those that are won by the longest follow-up, by cohort.",
    ),
    hours(
        "cycle_time_lost",
        "Cycle time of the lost",
        partial(time_to_end, from_creation, is_lost),
        "Mean time from creation to lost, of those that are lost, by cohort.",
    ),
    _quantile_kpi(
        "response_time",
        "Response time (median)",
        partial(_response, 50),
        "Median time from creation to the first touch, of created leads that were touched.",
    ),
    hours(
        "response_time_mean",
        "Response time (mean)",
        _response_mean,
        "Mean time from creation to the first touch, of created leads that were touched.",
    ),
    _quantile_kpi(
        "response_time_p90",
        "Response time of 9 in 10 at most",
        partial(_response, 90),
        "The time within which 9 of 10 of the touched leads had their first touch.",
    ),
    _quantile_kpi(
        "response_time_open",
        "Response time in open hours (median)",
        partial(_response_open, 50),
        "Median time from creation to the first touch, counted in open hours of the team that touched first.",
    ),
    share(
        "never_touched",
        "Never touched",
        _never_touched,
        "Share of created leads that end without any touch, or have none by the longest follow-up, by cohort; "
        "what a later team leaves lying is in left_lying.",
    ),
    hours(
        "handoff_wait",
        "Handoff wait",
        _handoff_wait,
        "Mean time from a lead's pass to another team to that team's first touch, of those touched; the others "
        "are in left_lying.",
    ),
    share(
        "flow_efficiency",
        "Flow efficiency",
        partial(_cycle_part, "busy"),
        "Share of the cycle of won leads during which a rep worked on them.",
    ),
    *(
        share(
            f"cycle_share_{part}",
            f"Share of the cycle: {label}",
            partial(_cycle_part, part),
            f"Share of the cycle of won leads spent {what}; these shares and the flow efficiency add up to 1.",
        )
        for part, label, what in (
            ("wait", "waiting for a rep", "waiting for a rep"),
            ("buyer", "the buyer", "in the buyer's gaps and decisions"),
            ("paused", "closed hours", "in touches paused over closed hours"),
            ("handoff", "handoffs", "in delays of handoffs"),
            ("held", "limits", "held before limits"),
        )
    ),
)
