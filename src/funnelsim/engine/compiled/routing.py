"""Which rep is next, by the routing rule of a team."""

from __future__ import annotations

from typing import Any

from funnelsim.model.draws import ROUTE_PICK, uniform
from funnelsim.model.tables import RANDOM_REP, ROUND_ROBIN

from .calling import team_open
from .jit import jitted
from .lines import territory_of
from .orders import IDLE, STAFF, order_base, order_count, position_behind_seat

NOBODY = -1


@jitted
def serves(w: Any, rep: int, item: int) -> bool:
    """Whether a rep has room for an unowned item, and serves its territory."""
    reps = w.reps
    if w.items.task[item] == 0 and reps.load[rep] >= w.teams.limit[reps.team[rep]]:
        return False
    territory = reps.territory[rep]
    return bool(territory == -1 or territory == territory_of(w, item))


@jitted
def draw_of_team(w: Any, team: int, purpose: int, number: int) -> float:
    """A draw for a team's choice of that number; only these depend on the course of the run."""
    return uniform(w.seed, w.replication, w.tables.teams.entity[team], number, purpose, 0, 0)


@jitted
def routed(w: Any, team: int, item: int) -> int:
    """The rep an item is pushed to on arrival, idle or not, among those with room who serve it."""
    orders, teams = w.teams.orders, w.teams
    count = order_count(w, team, STAFF)
    base = order_base(w, team, STAFF)
    if teams.routing[team] == RANDOM_REP:
        able = 0
        for k in range(count):
            rep = orders[base + k]
            able += w.reps.released[rep] == 0 and serves(w, rep, item)
        if able == 0:
            return NOBODY
        teams.routed[team] += 1
        pick = int(draw_of_team(w, team, ROUTE_PICK, teams.routed[team]) * able)
        for k in range(count):
            rep = orders[base + k]
            if w.reps.released[rep] == 0 and serves(w, rep, item):
                if pick == 0:
                    return int(rep)
                pick -= 1
    start = 0
    if teams.routing[team] == ROUND_ROBIN and teams.last_seat[team] >= 0:
        start = position_behind_seat(w, team, STAFF, teams.last_seat[team])
    for step in range(count):
        rep = orders[base + (start + step) % count]
        if w.reps.released[rep] == 0 and serves(w, rep, item):
            if teams.routing[team] == ROUND_ROBIN:
                teams.last_seat[team] = w.reps.seat[rep]
            return int(rep)
    return NOBODY


@jitted
def could_take(w: Any, team: int, item: int) -> bool:
    """Whether an idle rep of a team may take an unowned item now."""
    if not team_open(w, team):
        return False
    base = order_base(w, team, IDLE)
    for k in range(order_count(w, team, IDLE)):
        if serves(w, w.teams.orders[base + k], item):
            return True
    return False


@jitted
def joins(w: Any, rep: int, lead: int) -> bool:
    """Whether a rep may join another team's rep on a lead."""
    territory = w.reps.territory[rep]
    return bool(territory == -1 or territory == w.leads.territory[lead])


@jitted
def joined_before(w: Any, team: int, lead: int) -> int:
    """The rep of a team who joined on a lead before, if idle."""
    rep = w.leads.joined[lead]
    if rep >= 0 and w.reps.team[rep] == team and w.reps.idle[rep] == 1:
        return int(rep)
    return NOBODY


@jitted
def could_join(w: Any, team: int, lead: int) -> bool:
    """Whether some rep of a team is free to join another team's rep on a lead."""
    if not team_open(w, team):
        return False
    if joined_before(w, team, lead) >= 0:
        return True
    base = order_base(w, team, IDLE)
    for k in range(order_count(w, team, IDLE)):
        if joins(w, w.teams.orders[base + k], lead):
            return True
    return False


@jitted
def next_partner(w: Any, team: int, lead: int) -> int:
    """The idle rep who joins another team's rep on a lead: the one who did before, if free."""
    rep = joined_before(w, team, lead)
    if rep >= 0:
        return rep
    orders, teams = w.teams.orders, w.teams
    count = order_count(w, team, IDLE)
    base = order_base(w, team, IDLE)
    if teams.routing[team] == RANDOM_REP:
        able = 0
        for k in range(count):
            able += joins(w, orders[base + k], lead)
        if able == 0:
            return NOBODY
        teams.routed[team] += 1
        pick = int(draw_of_team(w, team, ROUTE_PICK, teams.routed[team]) * able)
        for k in range(count):
            if joins(w, orders[base + k], lead):
                if pick == 0:
                    return int(orders[base + k])
                pick -= 1
    start = 0
    if teams.routing[team] == ROUND_ROBIN and teams.last_seat[team] >= 0:
        start = position_behind_seat(w, team, IDLE, teams.last_seat[team])
    for step in range(count):
        rep = orders[base + (start + step) % count]
        if joins(w, rep, lead):
            return int(rep)
    return NOBODY
