"""How many leads a source brings on a day and in an hour with any: what a rate in a calendar amounts to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from funnelsim.scenario.quantities import HOUR, MICROSECONDS
from funnelsim.scenario.types import Pattern

from .arrivals import DAYS_OF_MONTHS, DAYS_OF_YEAR
from .distributions import mean
from .model import Model

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
    """

    per_month: float
    per_day: float
    per_hour: float
    scaled: dict[str, float]


def inflows(model: Model) -> dict[str, Inflow]:
    """The inflow of each source that has a rate, with which some leads come."""
    found = {}
    for (name, source), plan in zip(model.spec.sources.items(), model.plans, strict=True):
        if source.rate is None or plan is None:
            continue
        lengths = np.diff(np.append(plan.start, plan.end))
        total = math.fsum((plan.rate * lengths).tolist()) * mean(source.batch)
        hours = float(lengths[plan.rate > 0.0].sum()) / HOUR
        days = int(np.count_nonzero(plan.daily > 0.0))
        if total > 0.0:
            months = plan.end / MICROSECONDS["mo"]
            found[name] = Inflow(total / months, total / days, total / hours, scaling(source.pattern))
    return found


def scaling(pattern: Pattern) -> dict[str, float]:
    """What the factors of a pattern are divided by, where that is not 1."""
    means = {
        "month": None if pattern.month is None else np.dot(pattern.month, DAYS_OF_MONTHS) / DAYS_OF_YEAR,
        "weekday": None if pattern.weekday is None else math.fsum(pattern.weekday) / 7,
        "hour": None if pattern.hour is None else math.fsum(pattern.hour) / 24,
    }
    return {key: float(value) for key, value in means.items() if value is not None and abs(value - 1) > EVEN}
