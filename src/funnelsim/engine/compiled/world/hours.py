"""Calendars with a memory: most questions fall into the interval of the last one or near, and need no search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.time.calendars import finish_common, open_common

from ..machine.jit import jitted

if TYPE_CHECKING:
    from .world import World

NEAR = 4
"""Intervals that are looked at one after another before a question is left to a search."""

UNKNOWN = -1


@jitted
def holds(w: World, row: int, start: int, end: int) -> bool:
    """Whether a calendar is known to be open from ``start`` to ``end``; unknown, it may be so all the same."""
    C, last = w.calendars, w.last_interval
    if C.offset[row] == C.offset[row + 1]:
        return False  # it never opens
    at = last[row]
    for _ in range(NEAR):
        if start < C.closes[at] or at + 1 >= C.offset[row + 1]:
            break
        at += 1
    last[row] = at
    return bool(C.opens[at] <= start and end <= C.closes[at])


@jitted
def first_left(w: World, row: int, start: int) -> int:
    """The first interval that closes after ``start``, or `UNKNOWN` if it is not shortly before the last one."""
    C = w.calendars
    first = C.offset[row]
    if first == C.offset[row + 1]:
        return UNKNOWN
    at = w.last_interval[row]
    if start >= C.closes[at]:
        return UNKNOWN
    for _ in range(NEAR):
        if at == first or start >= C.closes[at - 1]:
            return int(at)
        at -= 1
    return UNKNOWN


@jitted
def open_time(w: World, a: int, b: int, start: int, end: int) -> int:
    """Time from ``start`` to ``end`` in which both calendars are open, as `calendars.open_common`."""
    if holds(w, a, start, end) and (a == b or holds(w, b, start, end)):
        return max(end - start, 0)
    return open_time_with_pauses(w, a, b, start, end)


@jitted
def open_time_with_pauses(w: World, a: int, b: int, start: int, end: int) -> int:
    """The same where one of the calendars may close in between."""
    if a == b and start < end:
        return open_nearby(w, a, start, end)
    return open_common(w.calendars, a, b, start, end)


@jitted
def open_nearby(w: World, row: int, start: int, end: int) -> int:
    """Open time of one calendar, interval by interval, if they are few and near."""
    C = w.calendars
    first = first_left(w, row, start)
    if first != UNKNOWN:
        total = 0
        for at in range(first, min(first + NEAR, C.offset[row + 1])):
            if C.opens[at] >= end:
                return total
            total += min(end, C.closes[at]) - max(start, C.opens[at])
            if C.closes[at] >= end:
                return total
    return open_common(C, row, row, start, end)


@jitted
def done_at(w: World, a: int, b: int, start: int, work: int) -> int:
    """When ``work`` in the common hours of two calendars is done, as `calendars.finish_common`."""
    if work > 0:
        if holds(w, a, start, start + work) and (a == b or holds(w, b, start, start + work)):
            return start + work
        if a == b:
            return done_nearby(w, a, start, work)
    return finish_common(w.calendars, a, b, start, work)


@jitted
def done_nearby(w: World, row: int, start: int, work: int) -> int:
    """When work is done in the hours of one calendar, interval by interval, if they are few and near."""
    C = w.calendars
    first = first_left(w, row, start)
    if first != UNKNOWN:
        left = work
        for at in range(first, min(first + NEAR, C.offset[row + 1])):
            begin = max(start, C.opens[at])
            if left <= C.closes[at] - begin:
                return int(begin + left)
            left -= C.closes[at] - begin
    return finish_common(C, row, row, start, work)
