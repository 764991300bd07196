"""Teams at work: who waits for them, and who of them is free."""

from __future__ import annotations

from typing import Any

from funnelsim.model import rules
from funnelsim.model.calendars import closes_at, is_open, next_open
from funnelsim.model.draws import ROUTE_PICK, uniform
from funnelsim.model.tables import RANDOM_REP, ROUND_ROBIN

from .books import add_presence
from .jit import jitted
from .lines import enter_line, leave_line, line_of, open_line, rep_line, team_line, territory_of
from .orders import (
    CALLED,
    IDLE,
    STAFF,
    add_to_order,
    order_base,
    order_count,
    place_rep,
    position_behind_seat,
    remove_from_order,
    shift_load,
)

JOINT_FIRST, FIRST, USUAL, LAST, LEFT_LYING = range(5)
"""Classes in a line, in the order they are served; the last is not served at all."""

NOBODY = -1


# --- when a team chooses -----------------------------------------------------------------------


@jitted
def team_open(w: Any, team: int) -> bool:
    """Whether a team works now."""
    teams = w.teams
    if w.now >= teams.known_until[team]:
        row = teams.calendar[team]
        if is_open(w.calendars, row, w.now):
            teams.open[team] = 1
            teams.known_until[team] = closes_at(w.calendars, row, w.now)
        else:
            teams.open[team] = 0
            teams.known_until[team] = next_open(w.calendars, row, w.now)
    return bool(teams.open[team] == 1)


@jitted
def touch(w: Any, team: int) -> None:
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


# --- people --------------------------------------------------------------------------------------


@jitted
def replace(w: Any, rep: int, load: int) -> None:
    """Change a rep's load; one who has room again may take something."""
    shift_load(w, rep, load)
    if load < 0 and w.reps.idle[rep] == 1:
        touch(w, w.reps.team[rep])


@jitted
def occupy(w: Any, rep: int) -> None:
    """A rep starts to work, or goes away."""
    reps = w.reps
    remove_from_order(w, IDLE, rep)
    if reps.called[rep] == 1:
        remove_from_order(w, CALLED, rep)
    reps.idle[rep] = 0
    reps.called[rep] = 0


@jitted
def stand_by(w: Any, rep: int) -> None:
    """A rep who does not go is free, unless away."""
    reps = w.reps
    if reps.away_until[rep] > w.now:
        return
    reps.idle[rep] = 1
    add_to_order(w, IDLE, rep)
    if w.lines.count[rep_line(w, rep)] > 0:
        reps.called[rep] = 1
        add_to_order(w, CALLED, rep)
    touch(w, reps.team[rep])


@jitted
def keep_hours(w: Any, rep: int) -> None:
    """A rep without a touch in hand works by the hours of the present period."""
    reps = w.reps
    if reps.new_calendar[rep] != -1 and reps.new_calendar[rep] != reps.calendar[rep]:
        add_presence(w, rep, w.now)
        reps.calendar[rep] = reps.new_calendar[rep]
    reps.new_calendar[rep] = -1


@jitted
def join(w: Any, rep: int) -> None:
    """A rep takes a seat."""
    reps = w.reps
    team, territory = reps.team[rep], reps.territory[rep]
    if territory >= 0 and w.lines.there[team_line(w, team, territory)] == 0:
        open_territory(w, team, territory)
    place_rep(w, rep)
    return_to_team(w, rep)


@jitted
def open_territory(w: Any, team: int, territory: int) -> None:
    """Unowned items of a territory wait in a line of their own from now on."""
    from_line, line = team_line(w, team, -1), team_line(w, team, territory)
    open_line(w, line)
    items = w.items
    item = w.waiting_first
    while item >= 0:
        for place in range(items.team_count[item]):
            if items.lines[item * w.most_teams + place] == from_line and territory_of(w, item) == territory:
                leave_line(w, team, item, place)
                order = class_of(w, team, item)
                if order != LEFT_LYING:
                    enter_line(w, line, team, item, place, order)
        item = items.next[item]


@jitted
def away(w: Any, rep: int) -> None:
    """A rep takes nothing for a while."""
    reps = w.reps
    if reps.idle[rep] == 1:
        occupy(w, rep)
    if reps.staffed[rep] == 1 and w.tables.teams.absence_routed[reps.team[rep]] == 0:
        reps.staffed[rep] = 0
        remove_from_order(w, STAFF, rep)


@jitted
def part(w: Any, rep: int) -> None:
    """A rep leaves the seat."""
    away(w, rep)
    reps = w.reps
    if reps.staffed[rep] == 1:
        reps.staffed[rep] = 0
        remove_from_order(w, STAFF, rep)


@jitted
def return_to_team(w: Any, rep: int) -> None:
    """A rep is there again."""
    reps = w.reps
    reps.away_until[rep] = -1
    reps.released[rep] = 0
    if w.teams.on_arrival[reps.team[rep]] == 1 and reps.staffed[rep] == 0:
        reps.staffed[rep] = 1
        add_to_order(w, STAFF, rep)
    if reps.current[rep] < 0 and reps.idle[rep] == 0:
        keep_hours(w, rep)
        stand_by(w, rep)


# --- waiting ---------------------------------------------------------------------------------------


@jitted
def fits(w: Any, selector: int, item: int) -> bool:
    """Whether an item fits a selector."""
    of = w.items.of[item]
    if w.items.task[item] == 1:
        customer = w.tasks.customer[of]
        x, X = w.customers, w.tables.selectors
        territory = x.territory[customer] if x.territory[customer] >= 0 else X.territories - 1
        source = x.source[customer] if x.source[customer] >= 0 else X.sources - 1
        return rules.selects(
            X, selector, x.segment[customer], territory, source, x.origin[customer], w.items.stage[item],
            x.value[customer], x.score[customer],
        )  # fmt: skip
    return lead_fits(w, selector, of, w.items.stage[item])


@jitted
def lead_fits(w: Any, selector: int, lead: int, stage: int) -> bool:
    """Whether a lead at a stage fits a selector."""
    leads, X = w.leads, w.tables.selectors
    territory = leads.territory[lead] if leads.territory[lead] >= 0 else X.territories - 1
    source = leads.source[lead] if leads.source[lead] >= 0 else X.sources - 1
    return rules.selects(
        X, selector, leads.segment[lead], territory, source, leads.origin[lead], stage, leads.value[lead],
        leads.score[lead],
    )  # fmt: skip


@jitted
def class_of(w: Any, team: int, item: int) -> int:
    """The class of an item in a team's line."""
    T = w.tables.teams
    if T.ignore[team] >= 0 and fits(w, T.ignore[team], item):
        return LEFT_LYING
    if w.items.partner[item] >= 0:
        return JOINT_FIRST
    if T.first[team] >= 0 and fits(w, T.first[team], item):
        return FIRST
    if T.last[team] >= 0 and fits(w, T.last[team], item):
        return LAST
    return USUAL


@jitted
def accept(w: Any, item: int, place: int) -> None:
    """An item begins to wait for the team at a place of its own."""
    items, teams, reps = w.items, w.teams, w.reps
    team = items.teams[item * w.most_teams + place]
    order = class_of(w, team, item)
    if order == LEFT_LYING:
        return
    if items.rep[item] < 0 and teams.on_arrival[team] == 1 and place == 0:
        assign(w, team, item)
    rep = items.rep[item]
    if rep < 0:
        enter_line(w, line_of(w, team, item), team, item, place, order)
        teams.unowned[team] += 1
        teams.uncounted[team] += items.task[item]
    else:
        enter_line(w, rep_line(w, rep), team, item, place, order)
        if reps.idle[rep] == 1 and reps.called[rep] == 0:
            reps.called[rep] = 1
            add_to_order(w, CALLED, rep)
    if items.partner[item] >= 0:
        teams.joint[team] += 1
        teams.wanted_any[items.partner[item]] = 1
    touch(w, team)


@jitted
def dismiss(w: Any, item: int, place: int) -> None:
    """An item stops waiting at a place, if it does."""
    items, teams, reps = w.items, w.teams, w.reps
    spot = item * w.most_teams + place
    line = items.lines[spot]
    if line < 0:
        return
    team = items.teams[spot]
    leave_line(w, team, item, place)
    if items.partner[item] >= 0:
        teams.joint[team] -= 1
    rep = line - rep_line(w, 0)
    if rep < 0:
        teams.unowned[team] -= 1
        teams.uncounted[team] -= items.task[item]
    elif reps.called[rep] == 1 and w.lines.count[line] == 0:
        reps.called[rep] = 0
        remove_from_order(w, CALLED, rep)


@jitted
def dismiss_all(w: Any, item: int) -> None:
    """An item stops waiting for all its teams."""
    for place in range(w.items.team_count[item]):
        dismiss(w, item, place)


@jitted
def accept_all(w: Any, item: int) -> None:
    """An item waits for its teams, or for its own rep."""
    for place in range(w.items.team_count[item]):
        accept(w, item, place)
        if w.items.rep[item] >= 0:
            break


@jitted
def assign(w: Any, team: int, item: int) -> None:
    """Let an item wait for one rep from now on; only the team named first does so, or no other could."""
    rep = routed(w, team, item)
    if rep < 0:
        return
    w.items.rep[item] = rep
    dismiss_all(w, item)
    if w.items.task[item] == 0:
        w.items.assigned[item] = 1
        replace(w, rep, 1)


@jitted
def unassign(w: Any, item: int) -> None:
    """A rep to whom an item was pushed need not think of it any more."""
    items = w.items
    if items.assigned[item] == 1 and items.rep[item] >= 0:
        items.assigned[item] = 0
        replace(w, items.rep[item], -1)


# --- who of them -----------------------------------------------------------------------------------


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
