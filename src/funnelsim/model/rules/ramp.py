"""How productive people are at first, and how long a piece of work takes meanwhile.

Plain functions of tables and numbers, like those of `rules`. Productivity follows the time since a person came,
which also runs while nobody works. Work done is the integral of productivity over the working time, so it
rises within a long touch.
"""

from __future__ import annotations

from typing import Any

from ..numbers.arithmetic import exp
from ..numbers.columns import NEVER
from ..numbers.distributions import round_us
from ..time.calendars import closes_at, finish_common, next_open

MONTH = 2_629_800_000_000
"""Microseconds in a month of a ramp that is given by month: a twelfth of 365.25 days."""

PACE = 2.3
"""After the time of a ramp 1 - exp(-2.3), nine tenths of the gap, are closed."""

LAST_EXPONENT = 40.0
"""1 - exp(-40) is 1 to the last bit."""


def settled_from(parts: Any, part: int) -> int:
    """The tenure from which productivity stays as it is."""
    months = parts.ramp_offset[part + 1] - parts.ramp_offset[part]
    if months > 0:
        return int((months - 1) * MONTH)
    if parts.ramp_time[part] <= 0 or parts.ramp_start[part] >= 1.0:
        return 0
    return int(parts.ramp_time[part] * (LAST_EXPONENT / PACE)) + 1


def settled(parts: Any, part: int) -> float:
    """The productivity that people of a part come to."""
    if parts.ramp_offset[part + 1] > parts.ramp_offset[part]:
        return float(parts.ramp_level[parts.ramp_offset[part + 1] - 1])
    return 1.0


def work_between(parts: Any, part: int, since: int, until: int) -> float:
    """Microseconds of full productivity that are done by working from one tenure to another."""
    first = parts.ramp_offset[part]
    months = parts.ramp_offset[part + 1] - first
    if months == 0:
        return _work_learning(parts.ramp_start[part], parts.ramp_time[part], since, until)
    done = 0.0
    while since < until:
        month = min(since // MONTH, months - 1)
        end = until if month == months - 1 else min(until, (month + 1) * MONTH)
        done += parts.ramp_level[first + month] * (end - since)
        since = end
    return done


def _work_learning(start: float, time: int, since: int, until: int) -> float:
    """The integral of start + (1 - start)(1 - exp(-2.3 tenure / time))."""
    if time <= 0 or start >= 1.0:
        return float(until - since)
    scale = time / PACE
    missing = scale * (exp(-(since / scale)) - exp(-(until / scale)))
    return (until - since) - (1.0 - start) * missing


def finish_ramped(calendars: Any, a: int, b: int, now: int, work: float, parts: Any, part: int, came: int) -> int:
    """When a person who came at ``came`` has done ``work``, begun now in the common hours of two calendars.

    ``work`` is in microseconds of full productivity; the answer is the first whole microsecond at which it is
    done, or `NEVER`.
    """
    ends = came + settled_from(parts, part)
    while True:
        now = next_open(calendars, b, next_open(calendars, a, now))
        if now >= NEVER:
            return NEVER
        if now >= ends:
            return finish_common(calendars, a, b, now, round_us(work / settled(parts, part)))
        until = min(closes_at(calendars, a, now), closes_at(calendars, b, now))
        if until <= now:  # only b is open
            continue
        until = min(until, ends)
        done = work_between(parts, part, now - came, until - came)
        if work <= done:
            return _first_done(parts, part, now - came, until - came, work) + came
        work -= done
        now = until


def _first_done(parts: Any, part: int, since: int, until: int, work: float) -> int:
    """The first tenure by which ``work`` is done that was begun at ``since`` and is done at ``until``."""
    low, high = since, until
    if work <= 0.0:
        return low
    while high - low > 1:
        middle = low + (high - low) // 2
        if work_between(parts, part, since, middle) >= work:
            high = middle
        else:
            low = middle
    return high
