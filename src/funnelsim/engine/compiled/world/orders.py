"""Reps in the order of a team's routing rule: who is idle, who has work waiting, who is on the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.numbers.draws import tie_of
from funnelsim.model.rules import rules

from ..machine.jit import jitted

if TYPE_CHECKING:
    from .world import World

IDLE, CALLED, STAFF = range(3)
"""The three orders of a team."""


@jitted
def place_rep(w: World, rep: int) -> None:
    """Work out where the routing rule places a rep among others."""
    reps = w.reps
    routing = w.teams.routing[reps.team[rep]]
    by_time = rules.ties_by_time(routing)
    reps.place_a[rep] = rules.rank_of_rep(routing, reps.skill[rep], reps.territory[rep])
    reps.place_b[rep] = rules.load_that_counts(routing, reps.load[rep])
    reps.place_c[rep] = reps.since[rep] if by_time else 0
    reps.place_d[rep] = reps.given[rep] if by_time else -1


@jitted
def stands_before(w: World, a: int, b: int) -> bool:
    """Whether rep ``a`` stands before rep ``b``."""
    reps = w.reps
    if reps.place_a[a] != reps.place_a[b]:
        return bool(reps.place_a[a] < reps.place_a[b])
    if reps.place_b[a] != reps.place_b[b]:
        return bool(reps.place_b[a] < reps.place_b[b])
    if reps.place_c[a] != reps.place_c[b]:
        return bool(reps.place_c[a] < reps.place_c[b])
    if a != b and reps.place_d[a] >= 0:
        lot_a, lot_b = lot(w, a), lot(w, b)
        if lot_a != lot_b:
            return lot_a < lot_b
    return bool(reps.seat[a] < reps.seat[b])


@jitted
def lot(w: World, rep: int) -> float:
    """The draw by which a rep stands among equals."""
    reps = w.reps
    return tie_of(w.seed, w.replication, reps.high[rep], reps.low[rep], reps.place_d[rep])


@jitted
def order_base(w: World, team: int, order: int) -> int:
    """Where an order begins."""
    offset = w.tables.teams.seat_offset
    return int(order * w.seats.count + offset[team])


@jitted
def order_count(w: World, team: int, order: int) -> int:
    """How many reps an order holds."""
    return int(w.teams.order_count[team * 3 + order])


@jitted
def position(w: World, team: int, order: int, rep: int) -> int:
    """How many reps of an order stand before a rep."""
    orders = w.teams.orders
    base = order_base(w, team, order)
    low = 0
    high = order_count(w, team, order)
    if high > 0 and orders[base] == rep:
        return 0  # who is next is mostly first
    if high > 0 and stands_before(w, orders[base + high - 1], rep):
        return high  # who comes last mostly is last
    while low < high:
        middle = (low + high) // 2
        if stands_before(w, orders[base + middle], rep):
            low = middle + 1
        else:
            high = middle
    return low


@jitted
def position_behind_seat(w: World, team: int, order: int, seat: int) -> int:
    """How many reps of an order by seats sit in a seat up to ``seat``."""
    orders, seats = w.teams.orders, w.reps.seat
    base = order_base(w, team, order)
    low = 0
    high = order_count(w, team, order)
    while low < high:
        middle = (low + high) // 2
        if seats[orders[base + middle]] <= seat:
            low = middle + 1
        else:
            high = middle
    return low


@jitted
def add_to_order(w: World, order: int, rep: int) -> None:
    """Put a rep in at its place."""
    team = w.reps.team[rep]
    orders = w.teams.orders
    at = position(w, team, order, rep)
    base = order_base(w, team, order)
    count = order_count(w, team, order)
    for k in range(base + count, base + at, -1):
        orders[k] = orders[k - 1]
    orders[base + at] = rep
    w.teams.order_count[team * 3 + order] = count + 1


@jitted
def remove_from_order(w: World, order: int, rep: int) -> None:
    """Take a rep out."""
    team = w.reps.team[rep]
    orders = w.teams.orders
    at = position(w, team, order, rep)
    base = order_base(w, team, order)
    count = order_count(w, team, order) - 1
    for k in range(base + at, base + count):
        orders[k] = orders[k + 1]
    w.teams.order_count[team * 3 + order] = count


@jitted
def shift_load(w: World, rep: int, load: int) -> None:
    """Change a rep's load, and so the place among others."""
    reps = w.reps
    reps.load[rep] += load
    if rules.ties_by_time(w.teams.routing[reps.team[rep]]):
        place_anew(w, rep)


@jitted
def place_anew(w: World, rep: int) -> None:
    """Put a rep into the present place among others, in whatever orders the rep stands."""
    reps = w.reps
    if reps.idle[rep] == 1:
        remove_from_order(w, IDLE, rep)
    if reps.called[rep] == 1:
        remove_from_order(w, CALLED, rep)
    if reps.staffed[rep] == 1:
        remove_from_order(w, STAFF, rep)
    place_rep(w, rep)
    if reps.idle[rep] == 1:
        add_to_order(w, IDLE, rep)
    if reps.called[rep] == 1:
        add_to_order(w, CALLED, rep)
    if reps.staffed[rep] == 1:
        add_to_order(w, STAFF, rep)
