"""Time: the list of events to come, and what happens at once.

Events stand in the order of the reference engine: by instant, class and serial number, then by order of asking.
What something causes at once comes before the next event: first what begins, then what goes on.
"""

from __future__ import annotations

from typing import Any

from .jit import jitted
from .world import EVENT_WORDS, HOP_WORDS, NEVER

CALENDAR, WORK_ENDS, BUYER_ENDS, ARRIVAL, DISPATCH, EXPIRY = range(1, 7)
"""Classes of events at one instant, in the order they run."""

CLASS_BITS = 40

(
    PHASE,
    OPENING,
    RESIZE,
    NOTICE,
    AWAY,
    BACK,
    RELEASE,
    FILL,
    DONE,
    CONTACTED,
    WAKE,
    ALARM,
    RESTED,
    ARRIVES,
    BURSTS,
    DUE,
) = range(16)
"""Kinds of events."""

BEGIN_LEAD, BEGIN_ARRIVALS, BEGIN_BURSTS, BEGIN_OPENINGS = range(4)
"""Kinds of what begins at once."""

HEARD, ADMITTED = range(2)
"""Kinds of what goes on at once."""


@jitted
def push(w: Any, when: int, order: int, serial: int, kind: int, a: int, b: int, c: int) -> None:
    """Let something happen at an instant, unless that lies beyond the horizon."""
    if when >= w.horizon:
        return
    heap = w.heap
    entries = heap.entries
    place = (order << CLASS_BITS) + serial
    number = heap.number
    heap.number = number + 1
    at = heap.size
    heap.size = at + 1
    while at > 0:
        up = (at - 1) >> 1
        base = up * EVENT_WORDS
        if entries[base] < when or (entries[base] == when and entries[base + 1] <= place):
            break  # one of the same instant and place was asked for earlier
        copy_event(entries, up, at)
        at = up
    base = at * EVENT_WORDS
    entries[base] = when
    entries[base + 1] = place
    entries[base + 2] = number
    entries[base + 3] = kind
    entries[base + 4] = a
    entries[base + 5] = b
    entries[base + 6] = c


@jitted
def copy_event(entries: Any, source: int, target: int) -> None:
    """Put an event of the heap in another place."""
    a = source * EVENT_WORDS
    b = target * EVENT_WORDS
    entries[b] = entries[a]
    entries[b + 1] = entries[a + 1]
    entries[b + 2] = entries[a + 2]
    entries[b + 3] = entries[a + 3]
    entries[b + 4] = entries[a + 4]
    entries[b + 5] = entries[a + 5]
    entries[b + 6] = entries[a + 6]


@jitted
def comes_before(entries: Any, a: int, b: int) -> bool:
    """Whether event ``a`` of the heap comes before event ``b``."""
    a *= EVENT_WORDS
    b *= EVENT_WORDS
    if entries[a] != entries[b]:
        return bool(entries[a] < entries[b])
    if entries[a + 1] != entries[b + 1]:
        return bool(entries[a + 1] < entries[b + 1])
    return bool(entries[a + 2] < entries[b + 2])


@jitted
def pop(w: Any) -> None:
    """Take the first event off the heap, once it has been read."""
    heap = w.heap
    entries = heap.entries
    size = heap.size - 1
    heap.size = size
    at = 0
    child = 1
    while child < size:
        if child + 1 < size and comes_before(entries, child + 1, child):
            child += 1
        if comes_before(entries, size, child):
            break
        copy_event(entries, child, at)
        at = child
        child = 2 * at + 1
    copy_event(entries, size, at)


@jitted
def next_time(w: Any) -> int:
    """When the first event comes."""
    return int(w.heap.entries[0]) if w.heap.size > 0 else NEVER


@jitted
def begin(w: Any, kind: int, a: int) -> None:
    """Let something begin at once."""
    hops = w.hops
    base = hops.first_tail * HOP_WORDS
    hops.first[base] = kind
    hops.first[base + 1] = a
    hops.first_tail += 1


@jitted
def go_on(w: Any, kind: int, a: int, b: int) -> None:
    """Let something go on at once, behind all that begins."""
    hops = w.hops
    base = hops.then_tail * HOP_WORDS
    hops.then[base] = kind
    hops.then[base + 1] = a
    hops.then[base + 2] = b
    hops.then_tail += 1
