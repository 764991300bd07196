"""Slots that are used again, and the small lists made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..machine.jit import jitted

if TYPE_CHECKING:
    from .world import World

IN_USE = -2


@jitted
def take_slot(slots: Any) -> int:
    """A slot that is free; there must be room."""
    slot = slots.free
    if slot >= 0:
        slots.free = slots.link[slot]
    else:
        slot = slots.reached
        slots.reached = slot + 1
    slots.link[slot] = IN_USE
    slots.used += 1
    return int(slot)


@jitted
def free_slot(slots: Any, slot: int) -> None:
    """A slot is not needed any more."""
    slots.link[slot] = slots.free
    slots.free = slot
    slots.used -= 1


@jitted
def in_use(slots: Any, slot: int) -> bool:
    """Whether a slot is in use."""
    return bool(slots.link[slot] == IN_USE)


@jitted
def node(w: World, a: int, b: int, c: int, following: int) -> int:
    """A link of a list."""
    nodes = w.nodes
    at = take_slot(nodes.slots)
    nodes.a[at] = a
    nodes.b[at] = b
    nodes.c[at] = c
    nodes.next[at] = following
    return at


@jitted
def free_list(w: World, at: int) -> None:
    """All links of a list are not needed any more."""
    nodes = w.nodes
    while at >= 0:
        following = nodes.next[at]
        free_slot(nodes.slots, at)
        at = following


@jitted
def holds(w: World, at: int, value: int) -> bool:
    """Whether a list holds a value."""
    nodes = w.nodes
    while at >= 0:
        if nodes.a[at] == value:
            return True
        at = nodes.next[at]
    return False


@jitted
def sort_by(slots: Any, count: int, keys: Any, ties: Any) -> None:
    """Sort the first slots of a scratch column by their keys, equal ones by ``ties``, in place (a heap sort)."""
    start = count // 2 - 1
    while start >= 0:
        sift_down(slots, start, count, keys, ties)
        start -= 1
    end = count - 1
    while end > 0:
        swap = slots[0]
        slots[0] = slots[end]
        slots[end] = swap
        sift_down(slots, 0, end, keys, ties)
        end -= 1


@jitted
def sift_down(slots: Any, at: int, end: int, keys: Any, ties: Any) -> None:
    """Let a slot sink to where no later one has a larger key."""
    while True:
        child = 2 * at + 1
        if child >= end:
            return
        if child + 1 < end and sorts_before(slots[child], slots[child + 1], keys, ties):
            child += 1
        if not sorts_before(slots[at], slots[child], keys, ties):
            return
        swap = slots[at]
        slots[at] = slots[child]
        slots[child] = swap
        at = child


@jitted
def sorts_before(a: int, b: int, keys: Any, ties: Any) -> bool:
    """Whether slot ``a`` stands before slot ``b``."""
    return bool(keys[a] < keys[b] or (keys[a] == keys[b] and ties[a] < ties[b]))
