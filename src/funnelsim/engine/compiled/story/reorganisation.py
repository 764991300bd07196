"""Reorganising inside a run: from a date on other tables hold, and leads and people change their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import DELAY_OF_PHASE, HANDOFF, HELD, MEETING, TOUCH, WAIT, WORK
from funnelsim.model.numbers.arithmetic import log
from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.numbers.draws import ATTRITION, DELAY

from ..machine.jit import jitted
from ..world.draw import delay
from ..world.events import ADMITTED, HEARD, go_on
from ..world.orders import place_anew
from ..world.room import withdraw_grant
from ..world.slots import in_use, sort_by
from . import limits
from .customers import reorganise_customers
from .desk import free_item, stop_waiting
from .journey import partner_of
from .outbound import settle_prospects
from .owners import disown
from .settling import has_moved, place_of, read_followers, rename, settle_team, stand_anew
from .sources import works_on
from .staffing import (
    MOVES,
    draw_of_rep,
    enable,
    headcount,
    hire,
    keep_post,
    leave,
    move_person,
    plan_absence,
    plan_steps,
    resign,
    stay,
    vacant_elsewhere,
)
from .steps import CHANGED
from .teams import keep_hours, unassign

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def switch_period(w: World, number: int) -> None:
    """From now on the tables of another period hold."""
    withdraw_grant(w)
    w.before = w.periods[number - 1]
    w.tables = w.periods[number]
    w.period = number
    read_followers(w)
    rename(w)
    for team in range(w.teams.count):
        settle_team(w, team)
    settle_prospects(w)
    line_up_anew(w)
    settle_limits(w)
    reorganise_seats(w)
    count = leads_in_line(w)
    for k in range(count):
        lead = w.scratch[k]
        if other_teams(w, w.leads.cell[lead], w.leads.former[lead]):
            reassign(w, lead, DELAY_OF_PHASE + number)
    reorganise_customers(w)


@jitted
def line_up_anew(w: World) -> None:
    """Let those stand anew in their lines who need another partner, or whose names are others."""
    items = w.items
    item = w.waiting_first
    while item >= 0:
        partner = items.partner[item]
        if items.task[item] == 0 and items.piece[item] == TOUCH:
            partner = partner_of(w, items.of[item])
        moved = has_moved(w, item)
        if moved or partner != items.partner[item]:
            stand_anew(w, item, partner, moved)
        item = items.next[item]


@jitted
def leads_in_line(w: World) -> int:
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
def other_teams(w: World, cell: int, former: int) -> bool:
    """Whether a stage belongs to other teams than, for the kind a lead was then, in the period before."""
    S, B = w.tables.stages, w.before.stages
    if S.team_count[cell] != B.team_count[former]:
        return True
    for k in range(S.team_count[cell]):
        if S.team_list[S.team_offset[cell] + k] != B.team_list[B.team_offset[former] + k]:
            return True
    return False


# --- limits ------------------------------------------------------------------------------------------


@jitted
def read_limits(w: World) -> None:
    """Read the limits that hold now; nobody is inside yet."""
    L, T = w.limits, w.tables.limits
    L.count = len(T.wip)
    for limit in range(L.count):
        L.turn_away[limit] = T.turn_away[limit]
        L.room[limit] = T.wip[limit]
        L.head[limit] = -1
        L.tail[limit] = -1


@jitted
def same_limits(w: World) -> bool:
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
def settle_limits(w: World) -> None:
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
def held_leads(w: World) -> int:
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
def ask_again(w: World, lead: int) -> None:
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
def read_seats(w: World) -> None:
    """Read the hours of each seat in the present period."""
    seats = w.seats
    for seat in range(seats.count):
        seats.calendar[seat] = seats.calendars[w.period * seats.count + seat]


@jitted
def reorganise_seats(w: World) -> None:
    """Another period's seats: people go with their seats, come from other teams, are hired or leave."""
    seats, reps = w.seats, w.reps
    rerate(w)
    read_seats(w)
    D = w.tables.parts
    for part in range(len(D.team)):
        for seat in range(D.seat_offset[part], D.seat_offset[part + 1]):
            seats.wanted[seat] = seat - D.seat_offset[part] < headcount(w, part)
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
            keep_post(w, seat)
            if reps.current[rep] < 0:
                keep_hours(w, rep)
    transfer_people(w)
    for seat in range(seats.count):
        if seats.rep[seat] >= 0:
            enable(w, seat, seats.rep[seat])
            place_anew(w, seats.rep[seat])
    keep_vacant(w)
    for seat in range(seats.count):
        empty = seats.rep[seat] < 0
        if seats.wanted[seat] == 1 and empty and seats.reserved[seat] == 0 and seats.vacant[seat] == 0:
            hire(w, seat, w.now)
        elif seats.wanted[seat] == 0 and not empty:
            leave(w, seat, seats.rep[seat])
    plan_steps(w)


@jitted
def keep_vacant(w: World) -> None:
    """A seat for which somebody is sought when its part goes to another team is vacant there."""
    seats = w.seats
    for seat in range(seats.count):
        if (
            seats.wanted[seat] == 1
            and seats.rep[seat] < 0
            and seats.reserved[seat] == 0
            and seats.vacant[seat] == 0
        ):
            other = vacant_elsewhere(w, seat, 0)
            if other != seat:
                seats.vacant[other] = 0
                seats.vacant[seat] = 1


@jitted
def transfer_people(w: World) -> None:
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
def called_for(w: World, team: int) -> int:
    """The first empty seat of a team that is staffed from another, or -1."""
    seats = w.seats
    for seat in range(seats.count):
        if w.tables.teams.staffed_from[seats.team[seat]] == team and seats.wanted[seat] == 1:
            if seats.rep[seat] < 0 and seats.reserved[seat] == 0:
                return seat
    return -1


@jitted
def rerate(w: World) -> None:
    """Let the time to the next resignation follow a change of attrition: hazard left over is kept."""
    seats, reps = w.seats, w.reps
    for seat in range(seats.count):
        rep = seats.rep[seat]
        part = w.tables.seats.part[seat]
        before, after = w.before.parts.attrition[part], w.tables.parts.attrition[part]
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
def reassign(w: World, lead: int, index: int) -> None:
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
def meet_anew(w: World, item: int, cell: int) -> None:
    """A handoff meeting that waits is with the team that has the stage now, if with any."""
    S = w.tables.stages
    if S.team_count[cell] > 0:
        team = S.team_list[S.team_offset[cell]]
        if place_of(w, item, team) < 0:
            stand_anew(w, item, team, False)
            return
    call_off(w, item)


@jitted
def call_off(w: World, item: int) -> None:
    """What waits is not to be done in this way any more."""
    lead = w.items.of[item]
    stop_waiting(w, item)
    unassign(w, item)
    free_item(w, item)
    go_on(w, HEARD, lead, CHANGED)
