"""How many leads a source sends on average: known before a run, and without one."""

from __future__ import annotations

from typing import NamedTuple

from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.scenario.language.supply import WEEK_HOURS, Calendar, rate_per_hour
from funnelsim.scenario.language.types import ScenarioSpec, Source

from ..numbers.distributions import mean


class Pace(NamedTuple):
    """Leads that a source sends by `rate` or `every`, over a week without holidays, before pattern and growth."""

    per_open_hour: float
    per_open_day: float


def calendar_of(spec: ScenarioSpec, source: Source) -> Calendar:
    """The calendar in which a source sends leads."""
    return spec.calendars.get(source.calendar or "", Calendar())


def leads_per_hour(spec: ScenarioSpec, source: Source) -> float:
    """Leads per elapsed hour; 0 for a source that is worked by a team or has bursts alone."""
    calendar = calendar_of(spec, source)
    if source.rate is not None:
        return rate_per_hour(source.rate, calendar) * mean(source.batch)
    if source.every is not None:
        return HOUR / max(mean(source.every), 1.0) * _open_share(calendar) * mean(source.batch)
    return 0.0


def pace(spec: ScenarioSpec, source: Source) -> Pace:
    """Leads per open hour and open day of the source's calendar."""
    calendar, per_hour = calendar_of(spec, source), leads_per_hour(spec, source)
    return Pace(per_hour / _open_share(calendar), per_hour * WEEK_HOURS / calendar.open_days)


def _open_share(calendar: Calendar) -> float:
    return calendar.open_minutes / 60.0 / WEEK_HOURS
