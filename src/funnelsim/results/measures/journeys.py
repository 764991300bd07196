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
from .indicators import Indicator, hours, mean, share, since
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


def _quantile_kpi(name: str, terms: Callable[[Window], Terms]) -> Indicator:
    return Indicator(name, "h", terms, mean(HOUR))


CONVERSION: tuple[Indicator, ...] = (share("conversion", partial(_won_of_all, None)),)


def win_rate(opportunity: int | None) -> Indicator:
    """The win rate from the milestone ``opportunity`` on, or from creation where there is none."""
    return share("win_rate", partial(_won_of_decided, opportunity), since("win_rate", opportunity))


def opportunity_kpis(stage: int) -> tuple[Indicator, ...]:
    """KPIs that only a milestone ``opportunity`` gives."""
    return (
        share("opportunity_conversion", partial(_won_of_all, stage)),
        hours("opportunity_cycle_time", partial(_time_won, stage)),
    )


TIME: tuple[Indicator, ...] = (
    hours("cycle_time", partial(_time_won, None)),
    hours("cycle_time_lost", _time_lost),
    _quantile_kpi("response_time", lambda window: _responses(window).of_half),
    hours("response_time_mean", _response_mean),
    _quantile_kpi("response_time_p90", lambda window: _responses(window).of_nine_tenths),
    _quantile_kpi("response_time_open", lambda window: _responses(window).of_half_open),
    share("never_touched", _never_touched),
    hours("handoff_wait", _handoff_wait),
    share("flow_efficiency", partial(_cycle_part, "busy")),
    *(
        share(f"cycle_share_{part}", partial(_cycle_part, part))
        for part in ("wait", "buyer", "paused", "handoff", "held")
    ),
)
