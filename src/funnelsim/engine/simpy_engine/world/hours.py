"""Calendars with a memory: most questions fall into the open interval of the last one, and need no search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.time.calendars import CalendarTable, finish_common, next_open, open_common


class Hours:
    """The rules of `model.calendars`, answered from the last interval of each row where that is enough.

    It gives the same answers, for a third of the time of a run with many short contacts. What needs a search
    uses the library's, which takes a quarter of the time of one that Numba can compile.
    """

    def __init__(self, calendars: CalendarTable) -> None:
        self._calendars = calendars
        offset = calendars.offset
        rows = [slice(low, high) for low, high in pairwise(offset)]
        self._opens = [calendars.opens[row] for row in rows]
        self._closes = [calendars.closes[row] for row in rows]
        self._before = [calendars.before[row] for row in rows]
        self._open = [0] * len(rows)  # a moment from which on the row is open without a break
        self._close = [0] * len(rows)

    def finish(self, hours: tuple[int, int], start: int, work: int) -> int:
        """When ``work`` in the common hours of two rows is done."""
        a, b = hours
        if work > 0 and self._holds(a, start, start + work) and (a == b or self._holds(b, start, start + work)):
            return start + work
        return self._finish(a, start, work) if a == b else finish_common(self._calendars, a, b, start, work)

    def open(self, hours: tuple[int, int], start: int, end: int) -> int:
        """Time from ``start`` to ``end`` in the common hours of two rows."""
        a, b = hours
        if start >= end:
            return 0
        if self._holds(a, start, end) and (a == b or self._holds(b, start, end)):
            return end - start
        if a == b:
            return self._open_before(a, end) - self._open_before(a, start)
        return open_common(self._calendars, a, b, start, end)

    def _holds(self, row: int, start: int, end: int) -> bool:
        """Whether a row is known to be open from ``start`` to ``end``."""
        if self._open[row] <= start and end <= self._close[row]:
            return True
        if start < self._close[row]:
            return False
        at = bisect_right(self._opens[row], start) - 1
        if at < 0 or start >= self._closes[row][at]:
            return False
        self._open[row], self._close[row] = start, self._closes[row][at]
        return end <= self._close[row]

    def _finish(self, row: int, start: int, work: int) -> int:
        """As `model.calendars.finish`."""
        if work <= 0:
            return next_open(self._calendars, row, start)
        before = self._before[row]
        target = self._open_before(row, start) + work
        at = bisect_left(before, target) - 1  # the last interval that begins with less than that done
        if at < 0:
            return NEVER
        end = self._opens[row][at] + (target - before[at])
        return end if end <= self._closes[row][at] else NEVER

    def _open_before(self, row: int, moment: int) -> int:
        """Open time of a row before a moment."""
        at = bisect_right(self._opens[row], moment) - 1
        if at < 0:
            return 0
        return self._before[row][at] + min(moment, self._closes[row][at]) - self._opens[row][at]
