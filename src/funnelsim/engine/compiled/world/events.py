"""Time: the list of events to come, and what happens at once.

Events stand in the order of the reference engine: by instant, class and serial number, then by order of asking.
What something causes at once comes before the next event: first what begins, then what goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import CLASS_BITS
from funnelsim.model.numbers.columns import NEVER

from ..machine.jit import jitted
from .world import EVENT_WORDS, HOP_WORDS, WHAT_WORDS

if TYPE_CHECKING:
    from .world import World

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
    SPARES,
    WAKE,
    ALARM,
    RESTED,
    ARRIVES,
    BURSTS,
    DUE,
) = range(17)
"""Kinds of events."""

BEGIN_LEAD, BEGIN_ARRIVALS, BEGIN_BURSTS, BEGIN_OPENINGS, BEGIN_PARTING = range(5)
"""Kinds of what begins at once."""

HEARD, ADMITTED = range(2)
"""Kinds of what goes on at once."""


@jitted
def push(w: World, when: int, order: int, serial: int, kind: int, a: int, b: int, c: int) -> None:
    """Let something happen at an instant, unless that lies beyond the horizon."""
    if when >= w.horizon:
        return
    heap = w.heap
    what = heap.what
    at, number = heap.size, heap.number
    heap.size = at + 1
    heap.number = number + 1
    row = heap.entries[at * EVENT_WORDS + 3]
    base = row * WHAT_WORDS
    what[base] = kind
    what[base + 1] = a
    what[base + 2] = b
    what[base + 3] = c
    climb(heap.entries, at, when, (order << CLASS_BITS) + serial, number, row)


@jitted
def climb(entries: Any, at: int, when: int, place: int, number: int, row: int) -> None:
    """Put an event where ``at`` is free, or as far above as it comes before what is there."""
    while at > 0:
        up = (at - 1) >> 1
        base = up * EVENT_WORDS
        if entries[base] < when:
            break
        if entries[base] == when:
            if entries[base + 1] < place or (entries[base + 1] == place and entries[base + 2] < number):
                break
        copy_event(entries, up, at)
        at = up
    base = at * EVENT_WORDS
    entries[base] = when
    entries[base + 1] = place
    entries[base + 2] = number
    entries[base + 3] = row


@jitted
def copy_event(entries: Any, source: int, target: int) -> None:
    """Put an event of the heap in another place."""
    a = source * EVENT_WORDS
    b = target * EVENT_WORDS
    entries[b] = entries[a]
    entries[b + 1] = entries[a + 1]
    entries[b + 2] = entries[a + 2]
    entries[b + 3] = entries[a + 3]


@jitted
def is_second_first(entries: Any, base: int) -> bool:
    """Whether of two events side by side at one instant the second comes first."""
    second = base + EVENT_WORDS
    if entries[second + 1] != entries[base + 1]:
        return bool(entries[second + 1] < entries[base + 1])
    return bool(entries[second + 2] < entries[base + 2])


@jitted
def pop(w: World) -> None:
    """Take the first event off the heap, once it has been read.

    The gap sinks to the bottom along the earlier of each two events, and the last event climbs from there: it
    mostly stays near, so there is one comparison a level instead of two.
    """
    heap = w.heap
    entries = heap.entries
    size = heap.size - 1
    heap.size = size
    row = entries[3]
    at = 0
    child = 1
    while child + 1 < size:
        base = child * EVENT_WORDS
        first, second = entries[base], entries[base + EVENT_WORDS]
        if first == second:
            child += is_second_first(entries, base)
        else:
            child += second < first  # no branch, for nobody could foretell it
        copy_event(entries, child, at)
        at = child
        child = 2 * at + 1
    if child < size:
        copy_event(entries, child, at)
        at = child
    last = size * EVENT_WORDS
    climb(entries, at, entries[last], entries[last + 1], entries[last + 2], entries[last + 3])
    entries[last + 3] = row


@jitted
def next_time(w: World) -> int:
    """When the first event comes."""
    return int(w.heap.entries[0]) if w.heap.size > 0 else NEVER


@jitted
def begin(w: World, kind: int, a: int) -> None:
    """Let something begin at once."""
    hops = w.hops
    base = hops.first_tail * HOP_WORDS
    hops.first[base] = kind
    hops.first[base + 1] = a
    hops.first_tail += 1


@jitted
def go_on(w: World, kind: int, a: int, b: int) -> None:
    """Let something go on at once, behind all that begins."""
    hops = w.hops
    base = hops.then_tail * HOP_WORDS
    hops.then[base] = kind
    hops.then[base + 1] = a
    hops.then[base + 2] = b
    hops.then_tail += 1
