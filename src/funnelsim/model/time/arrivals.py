"""When leads arrive: a rate that is constant in pieces, and its inversion.

Lead n of a source arrives where the cumulative rate reaches the sum of n keyed exponentials. So a source with
a pattern needs no thinning, and neither a longer horizon nor another source moves any arrival. Where gaps are
given instead (``every``), the rate is how fast the time runs that they are counted in: not at all while the
source's calendar is closed.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from funnelsim.scenario.forms.quantities import HOUR
from funnelsim.scenario.language.supply import rate_per_hour
from funnelsim.scenario.language.types import Burst, Calendar, Pattern, Source

from ..numbers.arithmetic import log, power
from ..numbers.columns import NEVER, Floats, Ints
from ..numbers.draws import ARRIVAL, BURST, DAY_FACTOR, child_entity, uniform
from ..numbers.inversion import gamma_factors
from ..numbers.philox import WORD
from .calendars import DAY, open_times, week_mask

DAYS_OF_YEAR = 365.25
DAYS_OF_MONTHS = (31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)
MINUTE = HOUR // 60


class RatePlan(NamedTuple):
    """The expected rate of a source: ``rate`` leads per microsecond from each ``start`` to the next.

    ``end`` is the last midnight, at or after the horizon. ``day`` numbers the day of each piece, ``daily`` is
    the number of leads expected on each day, ``dispersion`` the variance-to-mean ratio of the counts of each
    day. Of a source with ``every`` the rate is the speed of its time, and there is no dispersion.
    """

    start: np.ndarray
    end: int
    rate: np.ndarray
    day: np.ndarray
    daily: np.ndarray
    dispersion: np.ndarray


class RateClock(NamedTuple):
    """The rate of a source in one replication, with its integral before each piece (``cumulative``)."""

    start: Ints
    cumulative: Floats
    rate: Floats
    total: float


class BurstLeads(NamedTuple):
    """Leads that come in bursts, in order of time: when, and the two words of their entities."""

    time: np.ndarray
    hi: np.ndarray
    lo: np.ndarray


# --- rules --------------------------------------------------------------------------------


def next_target(target: float, seed: int, replication: int, source_hash: int, number: int) -> float:
    """The sum of exponentials that arrival ``number`` waits for, from that of the one before (first: 0)."""
    return further(target, uniform(seed, replication, source_hash, number, ARRIVAL, 0, 0))


def further(target: float, u: float) -> float:
    """A sum of exponentials and one more, that of a uniform number."""
    return target - log(1.0 - u)


def arrival_time(clock: RateClock, target: float) -> int:
    """The time in microseconds at which the cumulative rate reaches ``target``, or `NEVER`."""
    if target >= clock.total:
        return NEVER
    low = 0
    high = len(clock.start)
    while low < high:  # the last piece that begins with at most the target
        middle = (low + high) // 2
        if clock.cumulative[middle] <= target:
            low = middle + 1
        else:
            high = middle
    at = low - 1
    return clock.start[at] + math.floor((target - clock.cumulative[at]) / clock.rate[at])


# --- compiling --------------------------------------------------------------------------------


def is_steady(source: Source) -> bool:
    """Whether gaps between arrivals are counted in elapsed time, as nothing else is said."""
    return source.calendar in (None, "always") and source.pattern == Pattern() and source.growth == 0.0


def compile_rate(source: Source, calendar: Calendar | None, start: dt.date, horizon: int) -> RatePlan:
    """The expected rate of a source, until the midnight at or after the horizon.

    Month, weekday and hour multipliers have mean 1 over a standard year, week and day. A calendar scales a
    ``rate`` to mean 1 over its week, and what a holiday closes is lost; for ``every`` it stops the time. Growth
    steps daily. Nothing is scaled over the horizon.

    Parameters
    ----------
    source : Source
        As written, with a ``rate`` or ``every``.
    calendar : Calendar or None
        The source's calendar; None for `always`.
    start : datetime.date
        The day whose first moment is time 0.
    horizon : int
        End of the run in microseconds.
    """
    if source.rate is None and source.every is None:
        raise ValueError("only a source with `rate` or `every` has a plan of its rate")
    days = -(-horizon // DAY)
    by_day = _day_factors(source, start, days)
    pieces, open_factor = _pieces(source, calendar, start, horizon, days)
    usual = 1.0 if source.rate is None else rate_per_hour(source.rate, calendar) / HOUR
    day = pieces // DAY
    hours = source.pattern.hour or (1.0,) * 24
    by_hour = np.array(hours) / (math.fsum(hours) / 24.0)
    rate = usual * by_day[day] * by_hour[pieces % DAY // HOUR] * open_factor
    expected = rate * np.diff(np.append(pieces, days * DAY))
    daily = np.bincount(day, weights=expected, minlength=days)
    return RatePlan(pieces, days * DAY, rate, day, daily, np.full(days, source.dispersion))


def spliced(plans: Sequence[RatePlan | None], starts: Sequence[int]) -> RatePlan | None:
    """One plan from that of each period (None: no leads), each from its start on; starts are midnights."""
    first = next((plan for plan in plans if plan is not None), None)
    if first is None or all(plan is first for plan in plans):
        return first
    ends = [*starts[1:], first.end]
    columns: list[tuple[np.ndarray, np.ndarray]] = []
    daily, dispersion = np.zeros_like(first.daily), np.ones_like(first.dispersion)
    for plan, low, high in zip(plans, starts, ends, strict=True):
        if plan is None:
            columns.append((np.array([low], dtype=np.int64), np.zeros(1)))
            continue
        mine = (plan.start >= low) & (plan.start < high)
        columns.append((plan.start[mine], plan.rate[mine]))
        days = slice(low // DAY, -(-high // DAY))
        daily[days] = plan.daily[days]
        dispersion[days] = plan.dispersion[days]
    start, rate = (np.concatenate(column) for column in zip(*columns, strict=True))
    return RatePlan(start, first.end, rate, start // DAY, daily, dispersion)


def rate_clock(plan: RatePlan, seed: int, replication: int, source_hash: int) -> RateClock:
    """The rate in one replication: with dispersion, each day's is multiplied by a keyed gamma factor.

    The factor has mean 1 and shape ``expected / (dispersion - 1)``, so that the counts of every day have the
    given ratio of variance to mean, whatever the pattern.
    """
    rate = plan.rate
    varied = (plan.dispersion > 1.0) & (plan.daily > 0.0)
    if varied.any():
        days: Any = np.arange(len(plan.daily))
        u = uniform(seed, replication, source_hash, days, DAY_FACTOR, 0, 0)
        factors = np.ones(len(plan.daily))
        shapes = plan.daily[varied] / (plan.dispersion[varied] - 1.0)
        factors[varied] = gamma_factors(shapes, np.asarray(u)[varied])
        rate = rate * factors[plan.day]
    changes = np.concatenate([[True], rate[1:] != rate[:-1]])  # fewer pieces, and none that depends on how written
    start, rate = plan.start[changes], rate[changes]
    expected = rate * np.diff(np.append(start, plan.end))
    upto = np.cumsum(expected)
    return RateClock(start, np.concatenate([[0.0], upto[:-1]]), rate, float(upto[-1]))


def burst_leads(
    bursts: Sequence[Burst], source_hash: int, start: dt.date, seed: int, replication: int
) -> BurstLeads:
    """The leads of a source's bursts, each spread evenly at random over the burst's length.

    Their entities hang on the moment of the burst and their number in it, so that another burst changes none.
    """
    seen: dict[int, int] = {}
    columns: list[Any] = []
    for burst in bursts:
        at = burst_start(burst, start)
        again = seen[at] = seen.get(at, -1) + 1
        parent = child_entity(source_hash, at // MINUTE & WORD, BURST, again)
        numbers: Any = np.arange(burst.leads, dtype=np.int64)
        hi, lo = child_entity(*parent, BURST, numbers)
        delay = np.floor(uniform(seed, replication, hi, lo, BURST, 0, 0) * burst.over.microseconds)
        columns.append((at + delay.astype(np.int64), hi, lo))
    if not columns:
        return BurstLeads(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
    time, his, los = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.argsort(time, kind="stable")
    return BurstLeads(time[order], his[order], los[order])


def burst_start(burst: Burst, start: dt.date) -> int:
    """Microseconds from the start to the beginning of a burst."""
    if isinstance(burst.at, dt.date):
        return (burst.at - start).days * DAY
    return burst.at.microseconds


def _day_factors(source: Source, start: dt.date, days: int) -> np.ndarray:
    """Month x weekday x growth, for each day."""
    months = np.array(source.pattern.month or (1.0,) * 12)
    months = months / (math.fsum(months * DAYS_OF_MONTHS) / DAYS_OF_YEAR)
    weekdays = np.array(source.pattern.weekday or (1.0,) * 7)
    weekdays = weekdays / (math.fsum(weekdays) / 7.0)
    number = np.arange(days)
    month = (np.datetime64(start, "D") + number).astype("datetime64[M]").astype(np.int64) % 12
    return months[month] * weekdays[(start.weekday() + number) % 7] * _growth(source.growth, days)


@lru_cache(maxsize=64)
def _growth(growth: float, days: int) -> Floats:
    """What a yearly growth makes of a rate on each day; kept, since sources often share it."""
    if growth == 0.0:
        return np.ones(days)
    return np.array([power(1.0 + growth, day / DAYS_OF_YEAR) for day in range(days)])


def _pieces(
    source: Source, calendar: Calendar | None, start: dt.date, horizon: int, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Where the rate may change, and the factor of the calendar from there on."""
    step = HOUR if source.pattern.hour is not None else DAY
    grid = np.arange(0, days * DAY, step, dtype=np.int64)
    if calendar is None:
        return grid, np.ones(len(grid))
    times = open_times(calendar, start, horizon)
    edges = np.unique(np.concatenate([grid, times.opens, times.closes]))
    edges = edges[(edges >= 0) & (edges < days * DAY)]
    at = np.searchsorted(times.opens, edges, side="right") - 1
    is_open = (at >= 0) & (edges < times.closes[at])
    week = week_mask(calendar)
    scale = 1.0 if source.rate is None else len(week) / week.sum()
    return edges, np.where(is_open, scale, 0.0)
