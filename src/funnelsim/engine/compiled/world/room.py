"""Whether there is room for what happens next: columns have fixed lengths while the loop runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model.numbers.columns import NO_LIMIT

from ..machine.jit import jitted
from .world import EVENT_WORDS, HOP_WORDS

if TYPE_CHECKING:
    from .world import World

(
    EVENTS,
    FIRST_HOPS,
    THEN_HOPS,
    LEADS,
    ITEMS,
    CUSTOMERS,
    TASKS,
    NODES,
    REPS,
    VISIT_ROWS,
    LEAD_ROWS,
    CUSTOMER_ROWS,
    MOVE_ROWS,
    TASK_ROWS,
    EVENT_ROWS,
) = range(15)
"""What there must be room for."""

RESOURCES = 15

SPARE = 64
"""Entries kept free besides those that one step may need."""


FEW_STEPS = 32
"""Steps for which there must be room, or columns grow."""


@jitted
def room_of_slots(slots: Any, a_step: int, once: int) -> int:
    """Steps for which there are slots; ``once`` is what a single large step may take."""
    return int((len(slots.link) - slots.used - once - SPARE) // a_step)


@jitted
def room_of_rows(length: int, count: int, a_step: int, once: int) -> int:
    """Steps for which there are rows."""
    return (length - count - once - SPARE) // a_step


@jitted
def steps_with_room(w: World) -> int:
    """For how many steps there is room in every column, even if one of them is a reorganisation."""
    steps = room_of(w, 0)
    w.tightest = 0
    for which in range(1, RESOURCES):
        room = room_of(w, which)
        if room < steps:
            steps = room
            w.tightest = which
    return steps


@jitted
def grant(w: World) -> None:
    """Allow as many steps as there is room for, but no more than there are before control goes back.

    There are none if room is nearly out, or it would have to be looked at every few steps until it is. Rows get no
    more room than they need, as they may leave memory instead.
    """
    steps = steps_with_room(w)
    least = FEW_STEPS if w.tightest < VISIT_ROWS else 1
    w.budget = min(steps, w.pause) if steps >= least else 0
    w.pause -= w.budget


@jitted
def withdraw_grant(w: World) -> None:
    """Let room be looked at before the next step, as this one may have taken much of it."""
    w.pause += w.budget
    w.budget = 0


@jitted
def room_of(w: World, which: int) -> int:
    """For how many steps there is room of one kind."""
    if which < VISIT_ROWS:
        return room_inside(w, which)
    out = w.out
    leads, tasks, customers = w.leads.slots.used, w.tasks.slots.used, w.customers.slots.used
    pass_through = 4 * w.stages + 8  # stages that a lead may go through at one instant
    if which == VISIT_ROWS:
        return room_of_rows(len(out.visits.lead), out.visits.written, pass_through, leads)
    if which == LEAD_ROWS:
        return room_of_rows(len(out.leads.row), out.leads.written, 1, leads)
    if which == CUSTOMER_ROWS:
        return room_of_rows(len(out.customers.row), out.customers.written, 3, customers)
    if which == MOVE_ROWS:
        return room_of_rows(len(out.moves.time), out.moves.written, 4, customers)
    if which == TASK_ROWS:
        return room_of_rows(len(out.tasks.row), out.tasks.written, 2, tasks)
    if out.logs == 0:
        return NO_LIMIT
    return room_of_rows(len(out.events.time), out.events.written, 6 * pass_through, started_at_once(w))


@jitted
def started_at_once(w: World) -> int:
    """Pieces of work that may be begun at one instant: one a rep, or, where people are as many as needed, all."""
    return int(w.items.slots.used if w.tables.switches.boundless == 1 else w.seats.count)


@jitted
def room_inside(w: World, which: int) -> int:
    """For how many steps there is room of one kind for what is in the organisation."""
    hops = w.hops
    customers = w.customers.slots.used
    seats = w.seats.count
    if which == EVENTS:
        once = 4 * customers + 8 * seats + 2 * len(w.seats.span_start) + 3 * started_at_once(w)
        return room_of_rows(len(w.heap.entries) // EVENT_WORDS, w.heap.size, 8, once)
    if which == FIRST_HOPS:
        return room_of_rows(len(hops.first) // HOP_WORDS, hops.first_tail, 2, w.teams.count + 2 * w.sources.count)
    if which == THEN_HOPS:
        once = w.leads.slots.used + w.tasks.slots.used
        return room_of_rows(len(hops.then) // HOP_WORDS, hops.then_tail, w.limits.most + 2, once)
    if which == LEADS:
        return room_of_slots(w.leads.slots, 1, 0)
    if which == ITEMS:
        return room_of_slots(w.items.slots, 2, 0)
    if which == CUSTOMERS:
        return room_of_slots(w.customers.slots, 1, 0)
    if which == TASKS:
        return room_of_slots(w.tasks.slots, 1, 0)
    if which == NODES:
        return room_of_slots(w.nodes.slots, 4, customers + 2 * started_at_once(w))
    return room_of_rows(len(w.reps.team), w.reps.count, 2, seats)
