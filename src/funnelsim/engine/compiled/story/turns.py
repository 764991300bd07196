"""When a team chooses, and which of its reps is next, by its routing rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.numbers.draws import ROUTE_PICK, uniform
from funnelsim.model.tables.tables import BY_WEIGHT, RANDOM_REP, ROUND_ROBIN
from funnelsim.model.time.calendars import closes_at, is_open, next_open

from ..machine.jit import jitted
from ..world.lines import territory_of
from ..world.orders import CALLED, IDLE, STAFF, order_base, order_count, position_behind_seat

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def team_open(w: World, team: int) -> bool:
    """Whether a team works now."""
    if w.now >= w.teams.known_until[team]:
        look_up_hours(w, team)
    return bool(w.teams.open[team] == 1)


@jitted
def look_up_hours(w: World, team: int) -> None:
    """Look up whether a team works now, and until when that is so."""
    teams, row = w.teams, w.teams.calendar[team]
    if is_open(w.calendars, row, w.now):
        teams.open[team] = 1
        teams.known_until[team] = closes_at(w.calendars, row, w.now)
    else:
        teams.open[team] = 0
        teams.known_until[team] = next_open(w.calendars, row, w.now)


@jitted
def touch(w: World, team: int) -> None:
    """Something has changed that a dispatch may act on; it runs once this instant, after all that happens now."""
    teams = w.teams
    if teams.wanted_any[team] == 1 and w.joint_touched == 0:
        w.joint_touched = 1
        w.dispatch_pending += 1
    if teams.touched[team] == 1:
        return
    something = teams.unowned[team] > 0 or order_count(w, team, CALLED) > 0 or teams.outbound[team] == 1
    if something and team_open(w, team):
        if order_count(w, team, IDLE) > 0 or teams.follower_count[team] > 0:
            teams.touched[team] = 1
            w.dispatch_pending += 1


NOBODY = -1

TO_TRY, TO_SERVE, TO_JOIN = range(3)
"""What a rep is asked for."""


@jitted
def serves(w: World, rep: int, item: int) -> bool:
    """Whether a rep has room for an unowned item, and serves its territory."""
    reps = w.reps
    if w.items.task[item] == 0 and reps.load[rep] >= w.teams.limit[reps.team[rep]]:
        return False
    territory = reps.territory[rep]
    return bool(territory == -1 or territory == territory_of(w, item))


@jitted
def draw_of_team(w: World, team: int, purpose: int, number: int) -> float:
    """A draw for a team's choice of that number; only these depend on the course of the run."""
    return uniform(w.seed, w.replication, w.tables.teams.entity[team], number, purpose, 0, 0)


@jitted
def joins(w: World, rep: int, lead: int) -> bool:
    """Whether a rep may join another team's rep on a lead."""
    territory = w.reps.territory[rep]
    return bool(territory == -1 or territory == w.leads.territory[lead])


@jitted
def is_able(w: World, rep: int, asked: int, of: int) -> bool:
    """Whether a rep is one of those asked for: `TO_TRY`, `TO_SERVE` an item, or `TO_JOIN` on a lead."""
    reps = w.reps
    if asked == TO_TRY:
        return bool(reps.tried[rep] != w.dispatches)
    if asked == TO_JOIN:
        return joins(w, rep, of)
    return bool(reps.released[rep] == 0 and serves(w, rep, of))


@jitted
def by_rule(w: World, team: int, order: int, asked: int, of: int) -> int:
    """The rep of an order whose turn it is by the routing rule, among those who are able; `NOBODY` if none is."""
    orders, teams = w.teams.orders, w.teams
    count = order_count(w, team, order)
    base = order_base(w, team, order)
    if teams.routing[team] == RANDOM_REP:
        able = 0
        for k in range(count):
            able += is_able(w, orders[base + k], asked, of)
        if able == 0:
            return NOBODY
        teams.routed[team] += 1
        pick = int(draw_of_team(w, team, ROUTE_PICK, teams.routed[team]) * able)
        for k in range(count):
            if is_able(w, orders[base + k], asked, of):
                if pick == 0:
                    return int(orders[base + k])
                pick -= 1
    if teams.routing[team] == BY_WEIGHT:
        return by_weight(w, team, order, asked, of)
    start = 0
    if teams.routing[team] == ROUND_ROBIN and teams.last_seat[team] >= 0:
        start = position_behind_seat(w, team, order, teams.last_seat[team])
    for step in range(count):
        at = start + step
        rep = orders[base + (at if at < count else at - count)]
        if is_able(w, rep, asked, of):
            return int(rep)
    return NOBODY


@jitted
def by_weight(w: World, team: int, order: int, asked: int, of: int) -> int:
    """The able rep whose seat has most after its gain at this choice of a round robin with weights."""
    orders, base = w.teams.orders, order_base(w, team, order)
    best, most = NOBODY, 0
    for k in range(order_count(w, team, order)):
        rep = orders[base + k]
        seat = w.reps.seat_row[rep]
        turns = w.seats.turns[seat] + w.tables.seats.weight[seat]
        if is_able(w, rep, asked, of) and (best < 0 or turns > most):
            best, most = rep, turns
    return int(best)


@jitted
def take_turn(w: World, team: int, order: int, rep: int, item: int) -> None:
    """Count a choice of a round robin with weights: who could have been chosen gains, who was pays for it."""
    teams, reps, turns = w.teams, w.reps, w.seats.turns
    base, gains = order_base(w, team, order), 0
    for k in range(order_count(w, team, order)):
        one = teams.orders[base + k]
        if is_able(w, one, TO_SERVE, item):
            gain = w.tables.seats.weight[reps.seat_row[one]]
            turns[reps.seat_row[one]] += gain
            gains += gain
    turns[reps.seat_row[rep]] -= gains


@jitted
def is_any_idle(w: World, team: int, asked: int, of: int) -> bool:
    """Whether an idle rep of a team is able."""
    base = order_base(w, team, IDLE)
    for k in range(order_count(w, team, IDLE)):
        if is_able(w, w.teams.orders[base + k], asked, of):
            return True
    return False


@jitted
def next_rep(w: World, team: int) -> int:
    """The next rep to choose at a dispatch, among those who have not found nothing yet."""
    order = IDLE if w.teams.unowned[team] > 0 else CALLED
    if order_count(w, team, order) == 0:
        return NOBODY
    return by_rule(w, team, order, TO_TRY, NOBODY)


@jitted
def routed(w: World, team: int, item: int) -> int:
    """The rep an item is pushed to on arrival, idle or not, among those with room who serve it."""
    rep = by_rule(w, team, STAFF, TO_SERVE, item)
    if rep >= 0 and w.teams.routing[team] == ROUND_ROBIN:
        w.teams.last_seat[team] = w.reps.seat[rep]
    if rep >= 0 and w.teams.routing[team] == BY_WEIGHT:
        take_turn(w, team, STAFF, rep, item)
    return rep


@jitted
def could_take(w: World, team: int, item: int) -> bool:
    """Whether an idle rep of a team may take an unowned item now."""
    return team_open(w, team) and is_any_idle(w, team, TO_SERVE, item)


@jitted
def joined_before(w: World, team: int, lead: int) -> int:
    """The rep of a team who joined on a lead before, if idle."""
    rep = w.leads.joined[lead]
    if rep >= 0 and w.reps.team[rep] == team and w.reps.idle[rep] == 1:
        return int(rep)
    return NOBODY


@jitted
def could_join(w: World, team: int, lead: int) -> bool:
    """Whether some rep of a team is free to join another team's rep on a lead."""
    if not team_open(w, team):
        return False
    return joined_before(w, team, lead) >= 0 or is_any_idle(w, team, TO_JOIN, lead)


@jitted
def next_partner(w: World, team: int, lead: int) -> int:
    """The idle rep who joins another team's rep on a lead: the one who did before, if free."""
    rep = joined_before(w, team, lead)
    return rep if rep >= 0 else by_rule(w, team, IDLE, TO_JOIN, lead)
