"""Calendar dates and durations on the clock."""

from __future__ import annotations

import calendar as weeks
import datetime as dt

from ..forms.quantities import MICROSECONDS, Duration

DAY = MICROSECONDS["d"]


def moment(start: dt.date, duration: Duration) -> int:
    """Microseconds from ``start`` to the end of a duration counted in calendar months and years."""
    months = duration.amount * {"mo": 1, "y": 12}.get(duration.unit, 0)
    if months and months == int(months):
        year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
        day = min(start.day, weeks.monthrange(year, month + 1)[1])
        return (dt.date(year, month + 1, day) - start).days * DAY
    return duration.microseconds
