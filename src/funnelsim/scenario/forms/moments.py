"""Calendar dates and durations on the clock."""

from __future__ import annotations

import calendar as weeks
import datetime as dt

from .quantities import MICROSECONDS, Duration

DAY = MICROSECONDS["d"]


def moment(start: dt.date, duration: Duration) -> int:
    """Microseconds from ``start`` to the end of a duration counted in calendar months and years."""
    months = duration.amount * {"mo": 1, "y": 12}.get(duration.unit, 0)
    if months and months == int(months):
        year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
        day = min(start.day, weeks.monthrange(year, month + 1)[1])
        return (dt.date(year, month + 1, day) - start).days * DAY
    return duration.microseconds


def day_after(start: dt.date, *durations: Duration) -> dt.date:
    """The first day that begins when durations have passed one after another, or later.

    Raises
    ------
    OverflowError, ValueError
        If there is no such date.
    """
    passed = 0
    for duration in durations:
        whole = start + dt.timedelta(days=passed // DAY)
        passed += moment(whole, duration) if passed % DAY == 0 else duration.microseconds
    return start + dt.timedelta(days=-(-passed // DAY))
