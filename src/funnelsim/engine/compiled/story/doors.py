"""Entering a stage and leaving it, for the next one or for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import HANDOFF
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import NEXT, ON, OTHERWISE
from funnelsim.model.rules import rules

from ..machine.jit import jitted
from ..world.draw import after, check_counter, visit_uniform
from ..world.ledger import change, note, turn, waited, wip_area, write_lead, write_visit
from ..world.slots import free_slot
from . import limits
from .customers import booked, deadline_of_stage, fell_through, go_live, lead_ended, out_of_line, untie
from .owners import disown
from .pressure import book

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def enter(w: World, lead: int, stage: int, entered: int) -> bool:
    """Begin a visit, or one that began some time ago; False if the lead has been there as often as it may."""
    leads, S = w.leads, w.tables.stages
    cell = stage * w.kinds + leads.kind[lead]
    number = leads.visits[lead * w.stages + stage] + 1
    if S.at_most[cell] != 0 and number > S.at_most[cell]:
        return False
    check_counter(w, number)
    leads.visits[lead * w.stages + stage] = number
    blank_visit(w, lead, stage, cell, number)
    leads.entered[lead] = entered
    if S.team_count[cell] > 0:
        leads.team[lead] = S.team_list[S.team_offset[cell]]
    change(w, wip_area(w, stage), 1)
    note(w, lead, stage, rec.ENTERED, -1, -1)
    if S.timeout[cell] >= 0:
        leads.until[lead] = after(w, S.timeout[cell], cell, entered)
        leads.due[lead] = leads.until[lead]
    sla = after(w, S.sla[cell], cell, entered)
    if sla < NEVER:
        leads.due[lead] = sla
    deadline_of_stage(w, lead, sla)
    if S.notice[stage] >= 0:
        leads.move_on[lead] = nursed_until(w, lead)
    return True


@jitted
def blank_visit(w: World, lead: int, stage: int, cell: int, number: int) -> None:
    """A visit as it begins."""
    leads = w.leads
    leads.visiting[lead] = 1
    leads.stage[lead] = stage
    leads.cell[lead] = cell
    leads.visit[lead] = number
    leads.since[lead] = w.now
    leads.mode[lead] = HANDOFF
    for k in range(5):
        leads.times[lead * 5 + k] = 0
    for column in (leads.already, leads.busy, leads.paused, leads.work, leads.wait_open, leads.give_wait,
                   leads.give_busy, leads.touch, leads.touches, leads.take, leads.reassign,
                   leads.free_from):  # fmt: skip
        column[lead] = 0
    for column in (leads.giver, leads.touched, leads.team, leads.rep, leads.item):
        column[lead] = -1
    for column in (leads.until, leads.move_on, leads.due):
        column[lead] = NEVER


@jitted
def leave(w: World, lead: int, outcome: int) -> int:
    """End a visit, and say which stage comes next (-1: none, for the lead has left the line)."""
    leads, S = w.leads, w.tables.stages
    stage = leads.stage[lead]
    leads.visiting[lead] = 0
    leads.waited[lead] += waited(w, lead)
    if S.notice[stage] >= 0:
        count_nursing(w, lead)
    to = destination(w, lead, outcome)
    if outcome == rec.ADVANCED:
        slot = lead * w.stages + stage
        if leads.lifted[slot] == 0:
            leads.lifted[slot] = 1
            leads.factors[lead] += S.lift[leads.cell[lead]]
        if S.books[stage] == 1 and leads.ended[lead] < 0:
            win(w, lead)
    elif outcome == rec.MOVED and to < 0:
        outcome = -to - 1
    turn(w, lead, HANDOFF)
    change(w, wip_area(w, stage), -1)
    note(w, lead, stage, rec.LEFT, leads.rep[lead], outcome)
    write_visit(w, lead, w.now, outcome)
    if to < 0:
        finish(w, lead, -to - 1)
    return to


@jitted
def destination(w: World, lead: int, outcome: int) -> int:
    """Code of where a lead goes that leaves with an outcome: a stage, or -(way out) - 1."""
    leads, S = w.leads, w.tables.stages
    stage, cell = leads.stage[lead], leads.cell[lead]
    if outcome == rec.ADVANCED:
        return pick(w, lead, S.next[cell], NEXT)
    if outcome == rec.MOVED:
        return pick(w, lead, S.otherwise[cell], OTHERWISE)
    route = -1
    if outcome == rec.REJECTED:
        route = S.on_rejected[stage]
    elif outcome == rec.EXPIRED:
        route = S.on_expired[stage]
    elif outcome == rec.BLOCKED:
        route = S.on_blocked[stage]
    elif outcome == rec.DROPPED:
        route = S.on_dropped[stage]
    return pick(w, lead, route, ON) if route >= 0 else -outcome - 1


@jitted
def pick(w: World, lead: int, route: int, purpose: int) -> int:
    """Where a route leads; only one with a choice takes a draw."""
    R = w.tables.routes
    first = R.offset[route]
    if R.offset[route + 1] - first == 1:
        return int(R.code[first])
    return int(R.code[rules.pick(R.offset, R.upto, route, visit_uniform(w, lead, purpose, 0))])


@jitted
def win(w: World, lead: int) -> None:
    """The deal is booked."""
    leads = w.leads
    leads.ended[lead] = w.now
    leads.outcome[lead] = rec.WON
    leads.booked[lead] = rules.net_value(leads.value[lead], leads.discount[lead])
    book(w, leads.team[lead], leads.booked[lead])
    note(w, lead, -1, rec.FINISHED, -1, rec.WON)
    booked(w, lead, False)


@jitted
def finish(w: World, lead: int, outcome: int) -> None:
    """The lead leaves the line."""
    leads = w.leads
    out_of_line(w, lead)
    disown(w, lead)
    limits.leave(w, lead, -1)
    if leads.ended[lead] < 0:
        leads.ended[lead] = w.now
        leads.outcome[lead] = outcome
        note(w, lead, -1, rec.FINISHED, -1, outcome)
        lead_ended(w, lead)
    elif outcome == rec.ENDED:
        go_live(w, lead)
    else:
        fell_through(w, lead)
    write_lead(w, lead)
    untie(w, leads.customer[lead])
    untie(w, leads.came_from[lead])
    free_slot(leads.slots, lead)


@jitted
def nursed_until(w: World, lead: int) -> int:
    """When a lead moves on from a nurturing stage by itself; never if it does not."""
    leads = w.leads
    readiness = leads.readiness[lead]
    if readiness == rec.READY:
        return int(leads.entered[lead] + w.tables.stages.notice[leads.stage[lead]])
    if readiness == rec.LATER:
        return int(leads.entered[lead] + leads.ready_after[lead] + w.tables.stages.notice[leads.stage[lead]])
    return NEVER


@jitted
def count_nursing(w: World, lead: int) -> None:
    """Count the time in a nurturing stage towards readiness."""
    leads = w.leads
    if leads.readiness[lead] != rec.LATER:
        return
    leads.ready_after[lead] -= w.now - leads.entered[lead]
    if leads.ready_after[lead] <= 0:
        leads.readiness[lead] = rec.READY
