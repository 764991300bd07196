"""KPIs of leads on their way: conversion, win rate, cycle times, response, and where the time goes.

Rates and times from creation follow the cohort of leads created after the warm-up (`cohorts`), so that leads
still open at the horizon bias neither.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from funnelsim.model.records import WON, Floats, Ints
from funnelsim.scenario.forms.quantities import HOUR

from ..estimates import Terms
from .indicators import Indicator, hours, mean, share
from .passages import passage
from .shared import shared
from .window import Window


def _won_of_all(stage: int | None, window: Window) -> Terms:
    ends = passage(window, stage).ends
    return ends.won, ends.size


def _won_of_decided(stage: int | None, window: Window) -> Terms:
    """Leads won, and leads won or lost."""
    ends = passage(window, stage).ends
    return ends.won, ends.decided


def _time_won(stage: int | None, window: Window) -> Terms:
    """Summed time to a win, and the number of wins."""
    ends = passage(window, stage).ends
    return ends.time_won, ends.won


def _time_lost(window: Window) -> Terms:
    ends = passage(window, None).ends
    return ends.time_lost, ends.lost


class Responses(NamedTuple):
    """Times from creation to the first touch, of leads created after the warm-up that were touched."""

    number: int
    total: int
    of_half: Terms  # the median
    of_nine_tenths: Terms
    of_half_open: Terms  # the median of the open hours between


@shared
def _responses(window: Window) -> Responses:
    leads = window.leads
    touched = np.flatnonzero(window.created & (leads.first_touch >= 0))
    times = (leads.first_touch - leads.created)[touched]
    half, most = order_statistics(times, 50, 90)
    (half_open,) = order_statistics(leads.response_open[touched], 50)
    return Responses(len(times), int(times.sum()), half, most, half_open)


def _response_mean(window: Window) -> Terms:
    return _responses(window).total, _responses(window).number


def order_statistics(values: Ints, *percents: int) -> list[Terms]:
    """For each, the smallest value that at least so many ``percents`` of the values do not exceed."""
    if not len(values):
        return [()] * len(percents)
    places = [(percent * len(values) + 99) // 100 - 1 for percent in percents]
    return [(value,) for value in np.partition(values, places)[places].tolist()]


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
    rows, weight, cycle = won_visits(window)
    return (weight * getattr(window.visits, part)[rows]).sum(), cycle


@shared
def won_visits(window: Window) -> tuple[Ints, Floats, float]:
    """Visits of won leads created after the warm-up, up to the win: rows, weights, weighted cycle."""
    visits, leads, created = window.visits, window.leads, window.created
    won, ended = created & (leads.outcome == WON), leads.ended
    rows = np.flatnonzero(
        window.visits_that(
            lambda _, visits: won[visits.lead] & (visits.outcome >= 0) & (visits.left <= ended[visits.lead])
        )
    )
    weight_of = np.zeros(len(created))
    weight_of[created] = window.creation_cohort.weight
    weight = weight_of[visits.lead[rows]]
    return rows, weight, (weight * (visits.left[rows] - visits.entered[rows])).sum()


def _quantile_kpi(name: str, label: str, terms: Callable[[Window], Terms], definition: str) -> Indicator:
    return Indicator(name, "h", label, definition, terms, mean(HOUR))


CONVERSION: tuple[Indicator, ...] = (
    share(
        "conversion",
        "Conversion",
        partial(_won_of_all, None),
        "Share of created leads that is won by the longest follow-up, by cohort.",
    ),
)


def win_rate(opportunity: int | None) -> Indicator:
    """The win rate from the milestone ``opportunity`` on, or from creation where there is none."""
    since = "creation" if opportunity is None else "the milestone opportunity"
    definition = f"Won divided by won and lost, at the longest follow-up of the cohort from {since} on."
    return share("win_rate", "Win rate", partial(_won_of_decided, opportunity), definition)


def opportunity_kpis(stage: int) -> tuple[Indicator, ...]:
    """KPIs that only a milestone ``opportunity`` gives."""
    return (
        share(
            "opportunity_conversion",
            "Opportunity conversion",
            partial(_won_of_all, stage),
            "Share of opportunities that is won by the longest follow-up, by cohort.",
        ),
        hours(
            "opportunity_cycle_time",
            "Cycle time of opportunities",
            partial(_time_won, stage),
            "Mean time from reaching the milestone opportunity to won, of those that are won, by cohort.",
        ),
    )


TIME: tuple[Indicator, ...] = (
    hours(
        "cycle_time",
        "Cycle time",
        partial(_time_won, None),
        "Mean time from creation to won, of those that are won by the longest follow-up, by cohort.",
    ),
    hours(
        "cycle_time_lost",
        "Cycle time of the lost",
        _time_lost,
        "Mean time from creation to lost, of those that are lost, by cohort.",
    ),
    _quantile_kpi(
        "response_time",
        "Response time (median)",
        lambda window: _responses(window).of_half,
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
        lambda window: _responses(window).of_nine_tenths,
        "The time within which 9 of 10 of the touched leads had their first touch.",
    ),
    _quantile_kpi(
        "response_time_open",
        "Response time in open hours (median)",
        lambda window: _responses(window).of_half_open,
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
