"""KPIs of the pipeline: how fast it turns into money, and what lies in it at the horizon."""

from __future__ import annotations

from functools import partial

import numpy as np

from funnelsim.model.records import WON, Floats, Ints

from ..estimates import Terms
from .cohorts import fsum
from .indicators import CENTS, DAY, Indicator, function, mean, ratio
from .journeys import from_creation, from_stage, is_won, time_to_end, won_of_decided
from .sales import booked_between, quota_edges
from .window import Window


def pipeline_kpis(opportunity: int | None) -> tuple[Indicator, ...]:
    """KPIs of opportunities, or of leads where there is no such milestone."""
    what = "leads" if opportunity is None else "opportunities"
    return (
        Indicator(
            "pipeline_velocity",
            "{currency}/d",
            "Pipeline velocity",
            f"Average number of open {what} x their mean value x win rate / cycle time in days.",
            partial(_velocity_terms, opportunity),
            function(_velocity_of),
        ),
        Indicator(  # at the horizon: no sum over the time that counts
            "weighted_pipeline",
            "{currency}",
            "Weighted pipeline",
            "Value of the leads open at the horizon, each times the share of leads won of those that reached its "
            "stage in this run.",
            _weighted,
            mean(CENTS),
        ),
        Indicator(
            "pipeline_coverage",
            "ratio",
            "Pipeline coverage",
            f"Value of the {what} open at the horizon divided by what the quotas of the period under way (or just "
            "beginning) still ask for.",
            partial(_coverage, opportunity),
            ratio(),
        ),
    )


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


def _weighted(window: Window) -> Terms:
    leads, stages = _open(window)
    chance = _chances(window, stages)
    return (fsum(window.leads.value[leads] * chance[stages]),)


def _open(window: Window) -> tuple[Ints, Ints]:
    """Leads that are open at the horizon, and the stages they are in."""
    visits, unsold = window.visits, window.leads.outcome < 0
    rows = np.flatnonzero(window.visits_that(lambda _, visits: (visits.outcome < 0) & unsold[visits.lead]))
    return visits.lead[rows], visits.stage[rows]


def _chances(window: Window, stages: Ints) -> Floats:
    """By stage, the share won of the leads that reached it; 0 where none has ended."""
    chance = np.zeros(window.stages)
    for stage in np.unique(stages).tolist():
        members = window.cohort_from(stage)
        if members.size:
            chance[stage] = members.mass(members.outcome == WON) / members.size
    return chance


def _coverage(opportunity: int | None, window: Window) -> Terms:
    leads, _ = _open(window)
    if opportunity is not None:
        leads = np.intersect1d(leads, window.reached(opportunity)[0])
    return int(window.leads.value[leads].sum()), _asked(window)


def _asked(window: Window) -> int:
    """What the quotas of the period at the horizon still ask for, in hundredths."""
    model = window.model
    teams = model.periods[-1][1].teams
    asked = 0
    for team in np.flatnonzero(teams.quota > 0).tolist():
        begin = quota_edges(model, int(teams.quota_months[team]))[-1]
        asked += max(int(teams.quota[team]) - booked_between(window, begin, window.end, team), 0)
    return asked
