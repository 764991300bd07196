"""Calendars with a memory: most questions fall into the open interval of the last one, and need no search."""

from __future__ import annotations

from typing import Any

from funnelsim.model.calendars import finish_common, open_common

from .jit import jitted

NEAR = 4
"""Intervals that are looked at one after another before a question is left to a search."""


@jitted
def holds(w: Any, row: int, start: int, end: int) -> bool:
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
def open_time(w: Any, a: int, b: int, start: int, end: int) -> int:
    """Time from ``start`` to ``end`` in which both calendars are open, as `calendars.open_common`."""
    if holds(w, a, start, end) and (a == b or holds(w, b, start, end)):
        return end - start
    return open_common(w.calendars, a, b, start, end)


@jitted
def done_at(w: Any, a: int, b: int, start: int, work: int) -> int:
    """When ``work`` in the common hours of two calendars is done, as `calendars.finish_common`."""
    if work > 0 and holds(w, a, start, start + work) and (a == b or holds(w, b, start, start + work)):
        return start + work
    return finish_common(w.calendars, a, b, start, work)
