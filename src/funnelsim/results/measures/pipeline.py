"""KPIs of the pipeline: how fast it turns into money, and what lies in it at the horizon."""

from __future__ import annotations

from functools import partial

import numpy as np

from funnelsim.model.records import Floats, Ints

from ..estimates import Terms
from .chunks import parts
from .exact import fsum
from .indicators import CENTS, DAY, Indicator, function, mean, ratio, since
from .passages import passage
from .sales import booked_between, quota_edges
from .shared import shared
from .window import Window


def pipeline_kpis(opportunity: int | None) -> tuple[Indicator, ...]:
    """KPIs of opportunities, or of leads where there is no such milestone."""
    return (
        Indicator(
            "pipeline_velocity",
            "{currency}/d",
            partial(_velocity_terms, opportunity),
            function(_velocity_of),
            since("pipeline_velocity", opportunity),
        ),
        # At the horizon: no sum over the time that counts.
        Indicator("weighted_pipeline", "{currency}", _weighted, mean(CENTS)),
        Indicator(
            "pipeline_coverage",
            "ratio",
            partial(_coverage, opportunity),
            ratio(),
            since("pipeline_coverage", opportunity),
        ),
    )


def _velocity_terms(opportunity: int | None, window: Window) -> Terms:
    """Hours open, value and number of opportunities; mass won, mass decided, hours to the win; length."""
    found = passage(window, opportunity)
    ends = found.ends
    return found.open_time, found.value, found.number, ends.won, ends.decided, ends.time_won, window.length


def _velocity_of(sums: Terms) -> float | None:
    open_time, value, number, won, decided, moment, length = sums
    if number <= 0 or decided <= 0 or moment <= 0:
        return None
    opportunities = open_time / length
    return opportunities * (value / number / CENTS) * (won / decided) / (moment / won / DAY)


def _weighted(window: Window) -> Terms:
    return (weighted_by(window, window),)


def weighted_by(whole: Window, window: Window) -> float:
    """The value of the open leads of a window, each times the chance that its stage has in the whole."""
    leads, stages, _ = open_visits(window)
    chance = _chances(whole, stages)
    return fsum(window.leads.value[leads] * chance[stages])


@shared
def open_visits(window: Window) -> tuple[Ints, Ints, Ints]:
    """Leads that are open at the horizon, the stages they are in, and since when."""
    unsold, found = window.leads.outcome < 0, []
    for _, visits in parts(window.visits):
        rows = np.flatnonzero(visits.outcome < 0)
        rows = rows[unsold[visits.lead[rows]]]
        found.append((visits.lead[rows], visits.stage[rows], visits.entered[rows]))
    lead, stage, entered = (np.concatenate(column) for column in zip(*found, strict=True))
    return lead, stage, entered


def _chances(window: Window, stages: Ints) -> Floats:
    """By stage, the share won of the leads that reached it; 0 where none has ended."""
    chance = np.zeros(window.stages)
    for stage in np.unique(stages).tolist():
        ends = passage(window, stage).ends
        if ends.size:
            chance[stage] = ends.won / ends.size
    return chance


def _coverage(opportunity: int | None, window: Window) -> Terms:
    return passage(window, opportunity).open_value, _asked(window)


def _asked(window: Window) -> int:
    """What the quotas of the period at the horizon still ask for, in hundredths."""
    model = window.model
    teams = model.periods[-1][1].teams
    asked = 0
    for team in np.flatnonzero(teams.quota > 0).tolist():
        begin = quota_edges(model, int(teams.quota_months[team]))[-1]
        asked += max(int(teams.quota[team]) - booked_between(window, begin, window.end, team), 0)
    return asked
