"""People: who sits in which seat, who leaves, who is hired, who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import CALENDAR, SEATS
from funnelsim.model.numbers.arithmetic import log
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import draw, round_us
from funnelsim.model.numbers.draws import ATTRITION, FILL, SKILL, SPEED, uniform
from funnelsim.model.rules import people

from ..machine.jit import jitted
from ..world.draw import in_calendar
from ..world.events import AWAY, BACK, NOTICE, RELEASE, RESIZE, push
from ..world.events import FILL as FILLS
from ..world.ledger import change, headcount_area
from ..world.lines import open_line, rep_line
from ..world.room import withdraw_grant
from .customers import rep_left, rep_moved
from .handover import hand_over_all, move_leads
from .teams import away, join, keep_hours, part, return_to_team, stand_by
from .turns import touch

if TYPE_CHECKING:
    from ..world.world import World

DEPARTS, MOVES = 1, 2
"""What a rep is to do after the touch in hand."""


@jitted
def at_seat(w: World, when: int, team: int, seat: int, kind: int, a: int, b: int, c: int) -> None:
    """Let something about a seat happen at an instant."""
    push(w, when, CALENDAR, SEATS + team * SEATS + seat, kind, a, b, c)


@jitted
def seat_number(w: World, seat: int) -> int:
    """A seat's number in its team."""
    return int(seat - w.tables.teams.seat_offset[w.seats.team[seat]])


@jitted
def fill_first_seats(w: World) -> None:
    """Fill the first seats, and plan what changes at dates."""
    D = w.tables.parts
    for group in range(len(D.team)):
        tenure = -NEVER if D.tenure[group] < 0 else -D.tenure[group]
        for number in range(headcount(w, group)):
            seat = D.seat_offset[group] + number
            w.seats.wanted[seat] = 1
            hire(w, seat, tenure)
    plan_steps(w)


@jitted
def headcount(w: World, group: int) -> int:
    """How many seats a part of a team is to have now."""
    D = w.tables.parts
    count = 0
    for step in range(D.step_offset[group], D.step_offset[group + 1]):
        if D.step_time[step] <= w.now:
            count = D.step_count[step]
    return int(count)


@jitted
def plan_steps(w: World) -> None:
    """Plan the changes of headcount within a period."""
    T, D = w.tables.teams, w.tables.parts
    until = w.period_start[w.period + 1] if w.period + 1 < w.period_count else w.horizon
    for group in range(len(D.team)):
        team = D.team[group]
        first = D.seat_offset[group] - T.seat_offset[team]
        for step in range(D.step_offset[group], D.step_offset[group + 1]):
            if w.now < D.step_time[step] < until:
                at_seat(w, D.step_time[step], team, first, RESIZE, group, D.step_count[step], 0)


@jitted
def resize(w: World, group: int, count: int) -> None:
    """From now on a part has that many seats: new ones are filled, the last are cut after their touch."""
    seats, D = w.seats, w.tables.parts
    withdraw_grant(w)
    for seat in range(D.seat_offset[group], D.seat_offset[group + 1]):
        number = seat - D.seat_offset[group]
        if number < count:
            if seats.wanted[seat] == 0:
                seats.wanted[seat] = 1
                stay(w, seat)
                if seats.rep[seat] < 0:
                    hire(w, seat, w.now)
            keep_post(w, seat)
        elif number >= count and seats.wanted[seat] == 1:
            seats.wanted[seat] = 0
            if seats.rep[seat] >= 0:
                leave(w, seat, seats.rep[seat])


@jitted
def seat_quarters(w: World, seat: int) -> int:
    """How much of a post a seat is now."""
    D, part = w.tables.parts, w.tables.seats.part[seat]
    return people.quarters_of(D, part, seat - D.seat_offset[part], w.now)


@jitted
def keep_post(w: World, seat: int) -> None:
    """The person in a seat that is wanted has as much of a post as it is now, after the touch in hand."""
    rep = w.seats.rep[seat]
    if rep >= 0 and w.seats.wanted[seat] == 1:
        w.reps.new_quarters[rep] = seat_quarters(w, seat)
        if w.reps.current[rep] < 0:
            keep_hours(w, rep)


# --- coming and going --------------------------------------------------------------------------------


@jitted
def draw_of_rep(w: World, rep: int, purpose: int) -> float:
    """The uniform number of a person for a purpose."""
    return uniform(w.seed, w.replication, w.reps.high[rep], w.reps.low[rep], purpose, 0, 0)


@jitted
def hire(w: World, seat: int, tenure_from: int) -> None:
    """A new person takes a seat."""
    seats, reps, P = w.seats, w.reps, w.tables.seats
    place = seats.places[w.period * seats.count + seat]
    occupant = seats.occupants[place]
    seats.occupants[place] = occupant + 1
    rep = person(w, seat, place, P.pool[seat], P.number[seat] << 16 | occupant, occupant)
    reps.tenure_from[rep] = tenure_from
    reps.hired_for[rep] = seat
    enable(w, seat, rep)
    sit(w, seat, rep)
    hazard = w.tables.parts.attrition[P.part[seat]]
    if hazard > 0.0:
        resign(w, seat, rep, round_us(-log(1.0 - draw_of_rep(w, rep, ATTRITION)) / hazard))


@jitted
def enable(w: World, seat: int, rep: int) -> None:
    """What a person in a seat can do, by the settings that hold."""
    reps, seats, usual = w.reps, w.tables.seats, w.periods[0].seats
    skill, speed = draw_of_rep(w, rep, SKILL), draw_of_rep(w, rep, SPEED)
    reps.skill[rep] = people.skill_of(seats, usual, reps.hired_for[rep], seat, skill)
    reps.speed[rep] = people.speed_of(seats, usual, reps.hired_for[rep], seat, speed)


@jitted
def person(w: World, seat: int, place: int, high: int, low: int, occupant: int) -> int:
    """A row for a person in a seat."""
    reps = w.reps
    rep = reps.count
    reps.count = rep + 1
    reps.team[rep] = w.seats.team[seat]
    reps.part[rep] = w.tables.seats.part[seat]
    reps.seat[rep] = seat_number(w, seat)
    reps.occupant[rep] = occupant
    reps.place[rep] = place
    reps.high[rep] = high
    reps.low[rep] = low
    reps.start[rep] = w.now
    reps.present_from[rep] = w.now
    reps.tenure_from[rep] = w.now
    reps.since[rep] = w.now
    reps.seat_row[rep] = seat
    reps.speed[rep] = 1.0
    for column in (reps.end, reps.territory, reps.new_calendar, reps.new_quarters, reps.away_until,
                   reps.resigns_at, reps.lead, reps.customer, reps.current):  # fmt: skip
        column[rep] = -1
    return int(rep)


@jitted
def sit(w: World, seat: int, rep: int) -> None:
    """A person takes a seat, new or from another team."""
    reps, seats = w.reps, w.seats
    team = seats.team[seat]
    reps.territory[rep] = w.tables.seats.territory[seat]
    reps.calendar[rep] = seats.calendar[seat]
    reps.quarters[rep] = seat_quarters(w, seat)
    change(w, headcount_area(w, team), 1)
    seats.rep[seat] = rep
    open_line(w, rep_line(w, rep))
    join(w, rep)
    touch(w, team)
    plan_absence(w, seat, rep)


@jitted
def resign(w: World, seat: int, rep: int, stays: int) -> None:
    """Plan that a person leaves by themselves after a while; replaces an earlier plan."""
    reps = w.reps
    reps.resigns_at[rep] = w.now + stays
    at_seat(w, w.now + stays, w.seats.team[seat], reps.seat[rep], NOTICE, seat, rep, 0)


@jitted
def give_notice(w: World, seat: int, rep: int) -> None:
    """A person leaves, unless the plan was another; who was to move to another seat does not any more."""
    reps, seats = w.reps, w.seats
    if reps.resigns_at[rep] != w.now or seats.rep[seat] != rep:
        return
    home = seats.bound_for[seat]
    if home < 0:
        leave(w, seat, rep)
        return
    seats.reserved[home] = 0
    seats.bound_for[seat] = -1
    reps.leaving[rep] = DEPARTS
    if seats.wanted[home] == 1 and seats.vacant[home] == 0:
        hire(w, home, w.now)


@jitted
def plan_absence(w: World, seat: int, rep: int) -> None:
    """Plan when a rep is away."""
    seats = w.seats
    base = w.period * (seats.count + 1) + seat
    for at in range(seats.span_offset[base], seats.span_offset[base + 1]):
        begins, ends = seats.span_start[at], seats.span_end[at]
        if ends > w.now:
            team, number = seats.team[seat], w.reps.seat[rep]
            at_seat(w, max(begins, w.now), team, number, AWAY, seat, rep, ends)
            at_seat(w, ends, team, number, BACK, rep, ends, 0)


@jitted
def leave(w: World, seat: int, rep: int) -> None:
    """A person is to go; one at work finishes the touch in hand first."""
    reps = w.reps
    if w.seats.rep[seat] != rep or reps.leaving[rep] != 0:
        return
    reps.leaving[rep] = DEPARTS
    if reps.current[rep] < 0:
        depart(w, rep)


@jitted
def stay(w: World, seat: int) -> None:
    """A person who was to go after the touch in hand need not, unless by the person's own wish."""
    reps, seats = w.reps, w.seats
    rep = seats.rep[seat]
    if rep < 0 or reps.leaving[rep] == 0 or 0 <= reps.resigns_at[rep] <= w.now:
        return
    reps.leaving[rep] = 0
    if seats.bound_for[seat] >= 0:
        seats.reserved[seats.bound_for[seat]] = 0
        seats.bound_for[seat] = -1


@jitted
def free_rep(w: World, rep: int) -> None:
    """A rep is free again, or goes now if that was to be."""
    keep_hours(w, rep)
    leaving = w.reps.leaving[rep]
    if leaving == DEPARTS:
        depart(w, rep)
    elif leaving == MOVES:
        move_person(w, rep)
    else:
        stand_by(w, rep)


@jitted
def depart(w: World, rep: int) -> None:
    """The seat is empty; what the person owned is handed over, and a successor is sought."""
    reps, seats = w.reps, w.seats
    seat, team = reps.seat_row[rep], reps.team[rep]
    withdraw_grant(w)
    part(w, rep)
    reps.end[rep] = w.now
    seats.rep[seat] = -1
    change(w, headcount_area(w, team), -1)
    hand_over_all(w, rep)
    rep_left(w, rep)
    if seats.wanted[seat] == 1:
        seats.vacant[seat] = 1
        at_seat(w, filled_at(w, rep), team, reps.seat[rep], FILLS, seat, 0, 0)


@jitted
def filled_at(w: World, rep: int) -> int:
    """When the seat of a rep who leaves now is filled."""
    reps = w.reps
    team = reps.team[rep]
    row = w.tables.teams.fill[team]
    if row < 0:
        return int(w.now)
    vacancy = draw(w.tables.dists, row, w.seed, w.replication, reps.high[rep], reps.low[rep], FILL, 0, 0)
    return in_calendar(w, row, vacancy, w.teams.calendar[team], w.now)


@jitted
def vacant_elsewhere(w: World, seat: int, wanted: int) -> int:
    """The same seat of the same part in another team, if it is vacant and wanted as said; else the seat itself."""
    D, seats = w.tables.parts, w.seats
    own = w.tables.seats.part[seat]
    number = seat - D.seat_offset[own]
    for other in range(len(D.team)):
        if D.entity[other] == D.entity[own] and other != own:
            there = D.seat_offset[other] + number
            if there < D.seat_offset[other + 1] and seats.vacant[there] == 1 and seats.wanted[there] == wanted:
                return int(there)
    return int(seat)


@jitted
def fill_seat(w: World, seat: int) -> None:
    """A successor takes a seat."""
    seats = w.seats
    if seats.wanted[seat] == 0:
        seat = vacant_elsewhere(w, seat, 1)
    seats.vacant[seat] = 0
    if seats.wanted[seat] == 1 and seats.rep[seat] < 0 and seats.reserved[seat] == 0:
        hire(w, seat, w.now)


@jitted
def move_person(w: World, rep: int) -> None:
    """A person moves to the seat of another team that was kept."""
    reps, seats = w.reps, w.seats
    seat = reps.seat_row[rep]
    home = seats.bound_for[seat]
    withdraw_grant(w)
    seats.rep[seat] = -1
    seats.bound_for[seat] = -1
    part(w, rep)
    reps.end[rep] = w.now
    change(w, headcount_area(w, reps.team[rep]), -1)
    moved = person(w, home, reps.place[rep], reps.high[rep], reps.low[rep], reps.occupant[rep])
    reps.tenure_from[moved] = reps.tenure_from[rep]
    reps.hired_for[moved] = reps.hired_for[rep]
    reps.given[moved] = reps.given[rep]
    enable(w, home, moved)
    seats.reserved[home] = 0
    sit(w, home, moved)
    if reps.resigns_at[rep] > w.now:
        resign(w, home, moved, reps.resigns_at[rep] - w.now)
    move_leads(w, rep, moved)
    rep_moved(w, rep, moved)


# --- absence -----------------------------------------------------------------------------------------


@jitted
def go_away(w: World, seat: int, rep: int, until: int) -> None:
    """A rep is away from now on; after a while others may take the leads."""
    reps, seats = w.reps, w.seats
    if reps.end[rep] >= 0:
        return
    base = w.period * (seats.count + 1) + seat
    planned = False
    for at in range(seats.span_offset[base], seats.span_offset[base + 1]):
        planned = planned or seats.span_end[at] == until
    if not planned:
        return
    reps.away_until[rep] = max(reps.away_until[rep], until)
    away(w, rep)
    team = reps.team[rep]
    row = w.tables.teams.absence_release[team]
    if row >= 0:
        after = in_calendar(w, row, w.tables.dists.a[row], w.teams.calendar[team], w.now)
        at_seat(w, after, team, reps.seat[rep], RELEASE, rep, 0, 0)


@jitted
def release(w: World, rep: int) -> None:
    """Others have the leads of a rep who is away for long."""
    if w.reps.end[rep] < 0 and w.reps.away_until[rep] > w.now:
        w.reps.released[rep] = 1
        hand_over_all(w, rep)


@jitted
def come_back(w: World, rep: int, until: int) -> None:
    """A rep is there again, unless away for longer."""
    if w.reps.end[rep] < 0 and w.reps.away_until[rep] <= until:
        return_to_team(w, rep)
