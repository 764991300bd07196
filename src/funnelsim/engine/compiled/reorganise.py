"""Reorganising inside a run: from a date on other tables hold, and leads and people change their places."""

from __future__ import annotations

from typing import Any

from funnelsim.model.arithmetic import log
from funnelsim.model.distributions import round_us
from funnelsim.model.draws import ATTRITION, DELAY
from funnelsim.model.tables import RANDOM

from . import limits
from .arrivals import works_on
from .customers import reorganise_customers
from .desk import MEETING, TOUCH, free_item, stop_waiting
from .draw import delay
from .events import ADMITTED, BEGIN_OPENINGS, HEARD, begin, go_on
from .jit import jitted
from .journey import CHANGED, partner_of
from .lines import key_again, open_line, rep_line, team_line
from .orders import IDLE, STAFF, add_to_order, place_rep
from .owners import disown
from .slots import in_use, sort_by
from .staff import (
    MOVES,
    draw_of_rep,
    headcount,
    hire,
    keep_hours,
    leave,
    move_person,
    plan_absence,
    plan_steps,
    resign,
    seat_number,
    stay,
)
from .teams import accept, accept_all, dismiss, dismiss_all, touch, unassign
from .world import HANDOFF, HELD, WAIT, WORK

DELAY_OF_PHASE = 0x8000
"""Index of the draws of a phase's handoff delays: the number of the period is added to it."""


@jitted
def switch_period(w: Any, number: int) -> None:
    """From now on the tables of another period hold."""
    w.budget = 0
    w.before = w.periods[number - 1]
    w.tables = w.periods[number]
    w.period = number
    read_followers(w)
    for team in range(w.teams.count):
        settle_team(w, team)
    item = w.waiting_first
    while item >= 0:
        if w.items.task[item] == 0 and w.items.piece[item] == TOUCH:
            partner = partner_of(w, w.items.of[item])
            if partner != w.items.partner[item]:
                stand_anew(w, item, partner)
        item = w.items.next[item]
    settle_limits(w)
    reorganise_seats(w)
    count = leads_in_line(w)
    for k in range(count):
        lead = w.scratch[k]
        if other_teams(w, w.leads.cell[lead]):
            reassign(w, lead, DELAY_OF_PHASE + number)
    reorganise_customers(w)


@jitted
def leads_in_line(w: Any) -> int:
    """Put all leads that are on a visit into the scratch column, by serial; returns their number."""
    leads = w.leads
    count = 0
    for lead in range(leads.slots.reached):
        if in_use(leads.slots, lead) and leads.visiting[lead] == 1:
            w.scratch[count] = lead
            count += 1
    sort_by(w.scratch, count, leads.serial, leads.serial)
    return count


@jitted
def other_teams(w: Any, cell: int) -> bool:
    """Whether a stage belongs to other teams than in the period before."""
    S, B = w.tables.stages, w.before.stages
    if S.team_count[cell] != B.team_count[cell]:
        return True
    for k in range(S.team_count[cell]):
        if S.team_list[S.team_offset[cell] + k] != B.team_list[B.team_offset[cell] + k]:
            return True
    return False


# --- teams -------------------------------------------------------------------------------------------


@jitted
def read_followers(w: Any) -> None:
    """Which teams are named behind each, for some stage or for customers."""
    teams, order = w.teams, w.scratch2
    for team in range(teams.count):
        teams.follower_count[team] = 0
    rows = w.stages * w.kinds + w.kinds
    for row in range(rows):  # in the order of the lists themselves, as in the reference engine
        at = row
        while at > 0 and list_before(w, row, order[at - 1]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
    for at in range(rows):
        length = list_length(w, order[at])
        for k in range(length):
            for other in range(k + 1, length):
                add_follower(w, list_entry(w, order[at], k), list_entry(w, order[at], other))


@jitted
def list_length(w: Any, row: int) -> int:
    """How many teams a list has: those of the stages by kind, then those for customers by kind."""
    cells = w.stages * w.kinds
    if row < cells:
        return int(w.tables.stages.team_count[row])
    C = w.tables.customers
    return int(C.team_offset[row - cells + 1] - C.team_offset[row - cells])


@jitted
def list_entry(w: Any, row: int, k: int) -> int:
    """A team of a list."""
    cells = w.stages * w.kinds
    if row < cells:
        return int(w.tables.stages.team_list[w.tables.stages.team_offset[row] + k])
    C = w.tables.customers
    return int(C.team_list[C.team_offset[row - cells] + k])


@jitted
def list_before(w: Any, a: int, b: int) -> bool:
    """Whether one list of teams comes before another, compared from the left."""
    length_a, length_b = list_length(w, a), list_length(w, b)
    for k in range(min(length_a, length_b)):
        if list_entry(w, a, k) != list_entry(w, b, k):
            return list_entry(w, a, k) < list_entry(w, b, k)
    return length_a < length_b


@jitted
def add_follower(w: Any, team: int, other: int) -> None:
    """A team is named behind another."""
    teams = w.teams
    base = team * teams.count
    for k in range(teams.follower_count[team]):
        if teams.followers[base + k] == other:
            return
    teams.followers[base + teams.follower_count[team]] = other
    teams.follower_count[team] += 1


@jitted
def read_team(w: Any, team: int) -> None:
    """Read the settings of a team that hold now."""
    T, teams, O = w.tables.teams, w.teams, w.tables.outbound  # noqa: E741
    teams.calendar[team] = T.calendar[team]
    teams.known_until[team] = -1
    teams.share[team] = T.share[team]
    teams.limit[team] = T.wip_limit[team]
    teams.routing[team] = T.routing[team]
    teams.on_arrival[team] = T.on_arrival[team]
    teams.first[team] = T.first[team]
    teams.last[team] = T.last[team]
    teams.ignore[team] = T.ignore[team]
    first = T.rule_offset[team]
    teams.rule_count[team] = T.rule_offset[team + 1] - first
    for k in range(teams.rule_count[team]):
        teams.rule[team * teams.rules_most + k] = T.rule[first + k]
        teams.upto[team * teams.rules_most + k] = T.rule_upto[first + k]
    teams.outbound[team] = 0
    for source in range(w.sources.count):
        if O.team[source] == team:
            teams.outbound[team] = 1
            if w.sources.known[source] == 0:
                w.sources.known[source] = 1
                w.sources.market[source] = O.market[source]
                w.sources.left[source] = O.market[source]


@jitted
def same_settings(w: Any, team: int) -> bool:
    """Whether a team's settings, but for what it works on, are those of before."""
    T, teams = w.tables.teams, w.teams
    first = T.rule_offset[team]
    if (
        teams.calendar[team] != T.calendar[team]
        or teams.limit[team] != T.wip_limit[team]
        or teams.routing[team] != T.routing[team]
        or teams.on_arrival[team] != T.on_arrival[team]
        or teams.first[team] != T.first[team]
        or teams.last[team] != T.last[team]
        or teams.ignore[team] != T.ignore[team]
        or teams.rule_count[team] != T.rule_offset[team + 1] - first
    ):
        return False
    for k in range(teams.rule_count[team]):
        at = team * teams.rules_most + k
        if teams.rule[at] != T.rule[first + k] or teams.upto[at] != T.rule_upto[first + k]:
            return False
    return True


@jitted
def settle_team(w: Any, team: int) -> None:
    """Work by the settings of another period: those who wait line up anew, reps are placed anew."""
    teams = w.teams
    if teams.calendar[team] != w.tables.teams.calendar[team]:
        begin(w, BEGIN_OPENINGS, team)
    if same_settings(w, team):
        read_team(w, team)
        renew_keys(w, team)
        return
    teams.calendar[team] = w.tables.teams.calendar[team]
    teams.known_until[team] = -1
    count = dismiss_waiting(w, team)
    read_team(w, team)
    rebuild_orders(w, team)
    for k in range(count):
        item = w.scratch[k]
        accept(w, item, place_of(w, item, team))
    touch(w, team)


@jitted
def place_of(w: Any, item: int, team: int) -> int:
    """At which place of an item a team stands, or -1."""
    items = w.items
    for place in range(items.team_count[item]):
        if items.teams[item * w.most_teams + place] == team:
            return place
    return -1


@jitted
def renew_keys(w: Any, team: int) -> None:
    """Work out all keys of a team's lines anew: other tables hold, and a key may have fallen."""
    items, teams = w.items, w.teams
    item = w.waiting_first
    while item >= 0:
        place = place_of(w, item, team)
        if place >= 0 and items.lines[item * w.most_teams + place] >= 0:
            for number in range(teams.rule_count[team]):
                if teams.rule[team * teams.rules_most + number] != RANDOM:
                    key_again(w, team, item, place, number)
        item = items.next[item]


@jitted
def dismiss_waiting(w: Any, team: int) -> int:
    """Take all that waits for a team from its lines, into the scratch column; returns their number."""
    items, reps = w.items, w.reps
    count = 0
    item = w.waiting_first
    while item >= 0:
        place = place_of(w, item, team)
        if place >= 0 and (items.rep[item] < 0 or reps.team[items.rep[item]] == team):
            w.scratch[count] = item
            count += 1
        item = items.next[item]
    for k in range(count):
        item = w.scratch[k]
        dismiss(w, item, place_of(w, item, team))
        if items.assigned[item] == 1:
            unassign(w, item)
            items.rep[item] = -1
    return count


@jitted
def rebuild_orders(w: Any, team: int) -> None:
    """Place all reps of a team anew, and open their lines anew."""
    teams, reps = w.teams, w.reps
    for order in range(3):
        teams.order_count[team * 3 + order] = 0
    for territory in range(-1, teams.territories):
        w.lines.there[team_line(w, team, territory)] = 0
    open_line(w, team_line(w, team, -1))
    for rep in range(reps.count):
        if reps.team[rep] != team or reps.end[rep] >= 0:
            continue
        idle = reps.idle[rep]
        reps.idle[rep] = 0
        reps.called[rep] = 0
        reps.staffed[rep] = 0
        open_line(w, rep_line(w, rep))
        if reps.territory[rep] >= 0 and w.lines.there[team_line(w, team, reps.territory[rep])] == 0:
            open_line(w, team_line(w, team, reps.territory[rep]))
        place_rep(w, rep)
        away = reps.away_until[rep] > w.now
        if teams.on_arrival[team] == 1 and (not away or w.tables.teams.absence_routed[team] == 1):
            reps.staffed[rep] = 1
            add_to_order(w, STAFF, rep)
        if idle == 1:
            reps.idle[rep] = 1
            add_to_order(w, IDLE, rep)


@jitted
def stand_anew(w: Any, item: int, partner: int) -> None:
    """An item that waits needs a partner of another team from now on, or (-1) none."""
    dismiss_all(w, item)
    w.items.partner[item] = partner
    accept_all(w, item)


# --- limits ------------------------------------------------------------------------------------------


@jitted
def read_limits(w: Any) -> None:
    """Read the limits that hold now; nobody is inside yet."""
    L, T = w.limits, w.tables.limits
    L.count = len(T.wip)
    for limit in range(L.count):
        L.wip[limit] = T.wip[limit]
        L.turn_away[limit] = T.turn_away[limit]
        L.room[limit] = T.wip[limit]
        L.head[limit] = -1
        L.tail[limit] = -1


@jitted
def same_limits(w: Any) -> bool:
    """Whether the limits are those of the period before."""
    T, B = w.tables, w.before
    if len(T.limits.wip) != len(B.limits.wip):
        return False
    for limit in range(len(T.limits.wip)):
        if T.limits.wip[limit] != B.limits.wip[limit] or T.limits.turn_away[limit] != B.limits.turn_away[limit]:
            return False
    for stage in range(w.stages):
        first, before = T.stages.limit_offset[stage], B.stages.limit_offset[stage]
        count = T.stages.limit_offset[stage + 1] - first
        if B.stages.limit_offset[stage + 1] - before != count:
            return False
        for k in range(count):
            if T.stages.limit_list[first + k] != B.stages.limit_list[before + k]:
                return False
    return True


@jitted
def settle_limits(w: Any) -> None:
    """Work by the limits of another period: who is in a stretch is inside, who was held asks again."""
    if same_limits(w):
        return
    leads, most = w.leads, w.limits.most
    held = held_leads(w)
    read_limits(w)
    for k in range(held):
        leads.marked[w.scratch[k]] = 1
    for lead in range(leads.slots.reached):
        if not in_use(leads.slots, lead) or leads.visiting[lead] == 0:
            continue
        for limit in range(most):
            leads.inside[lead * most + limit] = 0
            leads.been[lead * most + limit] = 0
        if leads.marked[lead] == 0:
            limits.admit(w, lead, leads.stage[lead])
    for k in range(held):
        leads.marked[w.scratch[k]] = 0
        ask_again(w, w.scratch[k])


@jitted
def held_leads(w: Any) -> int:
    """Put all held leads into the scratch column, by when they asked; returns their number."""
    leads, L = w.leads, w.limits
    count = 0
    for limit in range(L.count):
        lead = L.head[limit]
        while lead >= 0:
            at = count
            known = False
            for k in range(count):
                known = known or w.scratch[k] == lead
            if not known:
                while at > 0 and leads.since[w.scratch[at - 1]] > leads.since[lead]:
                    w.scratch[at] = w.scratch[at - 1]
                    at -= 1
                w.scratch[at] = lead
                count += 1
            lead = leads.held_next[lead * L.most + limit]
    return count


@jitted
def ask_again(w: Any, lead: int) -> None:
    """A held lead enters if it fits the limits that hold now, or waits on."""
    S, L = w.tables.stages, w.limits
    stage = w.leads.stage[lead]
    fits = True
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        fits = fits and L.room[S.limit_list[at]] > 0
    if fits:
        limits.admit(w, lead, stage)
        go_on(w, ADMITTED, lead, 0)
        return
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        limits.hold(w, lead, S.limit_list[at])


# --- people ------------------------------------------------------------------------------------------


@jitted
def read_seats(w: Any) -> None:
    """Read the hours of each seat in the present period."""
    seats = w.seats
    for seat in range(seats.count):
        seats.calendar[seat] = seats.calendars[w.period * seats.count + seat]


@jitted
def reorganise_seats(w: Any) -> None:
    """Another period's seats: people go with their seats, come from other teams, are hired or leave."""
    seats, reps = w.seats, w.reps
    rerate(w)
    read_seats(w)
    for seat in range(seats.count):
        seats.wanted[seat] = seat_number(w, seat) < headcount(w, seats.team[seat])
    for seat in range(seats.count):
        home = seats.bound_for[seat]
        if seats.wanted[seat] == 1 or (home >= 0 and seats.wanted[home] == 0):
            stay(w, seat)
    for seat in range(seats.count):
        rep = seats.rep[seat]
        if rep >= 0:
            calendar = seats.calendar[seat]
            if calendar != reps.new_calendar[rep] and calendar != reps.calendar[rep]:
                plan_absence(w, seat, rep)
            reps.new_calendar[rep] = calendar
            if reps.current[rep] < 0:
                keep_hours(w, rep)
    transfer_people(w)
    for seat in range(seats.count):
        empty = seats.rep[seat] < 0
        if seats.wanted[seat] == 1 and empty and seats.reserved[seat] == 0 and seats.vacant[seat] == 0:
            hire(w, seat, w.now)
        elif seats.wanted[seat] == 0 and not empty:
            leave(w, seat, seats.rep[seat])
    plan_steps(w)


@jitted
def transfer_people(w: Any) -> None:
    """Who loses a seat goes to the one that has the person's number, or to one staffed from the team."""
    seats, reps = w.seats, w.reps
    for place in range(len(seats.place_seat)):
        seats.place_seat[place] = -1
    for seat in range(seats.count):
        if seats.wanted[seat] == 1:
            seats.place_seat[seats.places[w.period * seats.count + seat]] = seat
    for seat in range(seats.count):
        rep = seats.rep[seat]
        if rep < 0 or reps.leaving[rep] != 0 or seats.wanted[seat] == 1:
            continue
        home = seats.place_seat[reps.place[rep]]
        if home < 0 or seats.rep[home] >= 0 or seats.reserved[home] == 1:
            home = called_for(w, seats.team[seat])
        if home >= 0:
            seats.reserved[home] = 1
            seats.bound_for[seat] = home
            reps.leaving[rep] = MOVES
            if reps.current[rep] < 0:
                move_person(w, rep)


@jitted
def called_for(w: Any, team: int) -> int:
    """The first empty seat of a team that is staffed from another, or -1."""
    seats = w.seats
    for seat in range(seats.count):
        if w.tables.teams.staffed_from[seats.team[seat]] == team and seats.wanted[seat] == 1:
            if seats.rep[seat] < 0 and seats.reserved[seat] == 0:
                return seat
    return -1


@jitted
def rerate(w: Any) -> None:
    """Let the time to the next resignation follow a change of attrition: hazard left over is kept."""
    seats, reps = w.seats, w.reps
    for seat in range(seats.count):
        rep = seats.rep[seat]
        before = w.before.teams.attrition[seats.team[seat]]
        after = w.tables.teams.attrition[seats.team[seat]]
        if rep < 0 or before == after or 0 <= reps.resigns_at[rep] <= w.now:
            continue  # who has given notice goes
        if before > 0.0 and after > 0.0:
            resign(w, seat, rep, round_us((reps.resigns_at[rep] - w.now) * (before / after)))
        elif after > 0.0:
            resign(w, seat, rep, round_us(-log(1.0 - draw_of_rep(w, rep, ATTRITION)) / after))
        else:
            reps.resigns_at[rep] = -1


# --- leads -------------------------------------------------------------------------------------------


@jitted
def reassign(w: Any, lead: int, index: int) -> None:
    """A lead whose stage belongs to another team now changes hands, after the touch in hand.

    With what the stage's handoff keeps, and after its delay; give, take and dropout are those of the line.
    """
    leads, items, S = w.leads, w.items, w.tables.stages
    cell = leads.cell[lead]
    owner = leads.owner[lead]
    if owner >= 0 and works_on(w, w.reps.team[owner], cell):
        return  # the rep has changed team with the lead
    mode = leads.mode[lead]
    if mode == WORK:
        leads.reassign[lead] = index
        return
    leads.reassign[lead] = 0
    item = leads.item[lead]
    handing_over = mode == HANDOFF or mode == HELD or (item >= 0 and items.piece[item] != TOUCH)
    if leads.touched[lead] < 0 and handing_over:
        if item >= 0 and items.piece[item] == MEETING:
            meet_anew(w, item, cell)
        return  # on its way to a team anyway
    disown(w, lead)
    if leads.touched[lead] >= 0 or leads.last_team[lead] >= 0:
        leads.context[lead] *= S.keeps[cell]
        leads.free_from[lead] = delay(w, S.delay[cell], lead, DELAY, index)
    if S.team_count[cell] > 0 and leads.touched[lead] < 0:
        leads.team[lead] = S.team_list[S.team_offset[cell]]
        leads.rep[lead] = -1
    if mode == WAIT and item >= 0:
        call_off(w, item)


@jitted
def meet_anew(w: Any, item: int, cell: int) -> None:
    """A handoff meeting that waits is with the team that has the stage now, if with any."""
    S = w.tables.stages
    if S.team_count[cell] > 0:
        team = S.team_list[S.team_offset[cell]]
        if place_of(w, item, team) < 0:
            stand_anew(w, item, team)
            return
    call_off(w, item)


@jitted
def call_off(w: Any, item: int) -> None:
    """What waits is not to be done in this way any more."""
    lead = w.items.of[item]
    stop_waiting(w, item)
    unassign(w, item)
    free_item(w, item)
    go_on(w, HEARD, lead, CHANGED)

