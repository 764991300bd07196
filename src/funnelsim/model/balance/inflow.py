"""How many leads a source brings on a day and in an hour with any: what a rate in a calendar amounts to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS
from funnelsim.scenario.language.types import Pattern, ScenarioSpec, Source

from ..model import Model
from ..numbers.distributions import mean
from ..time.arrivals import DAYS_OF_MONTHS, DAYS_OF_YEAR, RatePlan, compile_rate

EVEN = 0.005
"""Factors whose mean is that near 1 are as good as scaled."""


@dataclass(frozen=True)
class Inflow:
    """The leads of a source with a ``rate``, expected over the whole run.

    Parameters
    ----------
    per_month : float
        Leads a month.
    per_day : float
        Leads on a day on which any come.
    per_hour : float
        Leads in an hour in which any come: an open hour of the source's calendar.
    scaled : dict
        What the factors of a pattern are divided by, so that the rate stays: by ``month``, ``weekday``, ``hour``.
    lost : float
        The share of the leads of a rate that fall on days off and never come; 0 where business time is counted.
    """

    per_month: float
    per_day: float
    per_hour: float
    scaled: dict[str, float]
    lost: float


def inflows(model: Model) -> dict[str, Inflow]:
    """The inflow of each source that has a rate, with which some leads come."""
    inflow_of = {}
    for (name, source), plan in zip(model.spec.sources.items(), model.plans, strict=True):
        if source.rate is None or plan is None:
            continue
        lengths = np.diff(np.append(plan.start, plan.end))
        total = math.fsum((plan.rate * lengths).tolist()) * mean(source.batch)
        hours = float(lengths[plan.rate > 0.0].sum()) / HOUR
        days = int(np.count_nonzero(plan.daily > 0.0))
        if total > 0.0:
            months = plan.end / MICROSECONDS["mo"]
            lost = 0.0 if source.rate.by_calendar else 1.0 - kept(model.spec, source, model.horizon)
            inflow_of[name] = Inflow(total / months, total / days, total / hours, scaling(source.pattern), lost)
    return inflow_of


def kept(spec: ScenarioSpec, source: Source, horizon: int) -> float:
    """The share of the leads of an ordinary week that come in spite of days off: 1 where there are none."""
    calendar = spec.calendars.get(source.calendar or "")
    if calendar is None or (source.rate is None and source.every is None):
        return 1.0
    if calendar.holidays is None and not calendar.closed:
        return 1.0
    working = calendar.model_copy(update={"holidays": None, "closed": ()})
    usual, real = (_leads(compile_rate(source, each, spec.start, horizon)) for each in (working, calendar))
    return real / usual if usual > 0.0 else 1.0


def _leads(plan: RatePlan) -> float:
    return math.fsum(plan.daily.tolist())


def scaling(pattern: Pattern) -> dict[str, float]:
    """What the factors of a pattern are divided by, where that is not 1."""
    means = {
        "month": None if pattern.month is None else np.dot(pattern.month, DAYS_OF_MONTHS) / DAYS_OF_YEAR,
        "weekday": None if pattern.weekday is None else math.fsum(pattern.weekday) / 7,
        "hour": None if pattern.hour is None else math.fsum(pattern.hour) / 24,
    }
    return {key: float(value) for key, value in means.items() if value is not None and abs(value - 1) > EVEN}
