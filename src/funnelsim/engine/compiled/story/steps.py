"""What a lead waits for: a moment, the buyer, or a rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUYER, BUYER_ENDS, EXPIRY, TOUCH, WAIT
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER

from ..machine.jit import jitted
from ..world.events import ALARM, WAKE, push
from ..world.ledger import note, turn
from ..world.slots import take_slot
from .desk import start_waiting

if TYPE_CHECKING:
    from ..world.world import World

WORKED, EXPIRED, MOVED_ON, CHANGED = range(4)
"""What a lead hears at the end of a wait."""


@jitted
def sleep(w: World, lead: int, when: int, order: int, heard: int) -> None:
    """Wake a lead at an instant, unless it has left; it hears what happened."""
    serial = w.leads.serial[lead]
    push(w, when, order, serial, WAKE, lead, heard, serial)


@jitted
def buyer_time(w: World, lead: int, end: int) -> None:
    """The buyer's time until ``end``, unless the timeout strikes or a nurtured lead moves on before."""
    leads = w.leads
    turn(w, lead, BUYER)
    move_on = max(leads.move_on[lead], w.now)
    expiry = max(leads.until[lead], w.now)
    if end <= min(move_on, expiry) and end < NEVER:
        sleep(w, lead, end, BUYER_ENDS, WORKED)
    elif move_on <= expiry:
        sleep(w, lead, move_on, BUYER_ENDS, MOVED_ON)
    else:
        sleep(w, lead, expiry, EXPIRY, EXPIRED)


@jitted
def wait_for(w: World, lead: int, piece: int, team: int, rep: int, partner: int, patience: int) -> None:
    """Wait for a rep of a team (-1: those of the stage), or for one rep, until patience or the timeout ends it."""
    leads, items = w.leads, w.items
    turn(w, lead, WAIT)
    if rep >= 0 and w.reps.end[rep] >= 0:
        rep = -1  # gone since; anyone of the team does it
    item = take_slot(items.slots)
    items.of[item] = lead
    items.task[item] = 0
    items.serial[item] = leads.serial[lead]
    items.number[item] = 0
    items.stage[item] = leads.stage[lead]
    items.rep[item] = rep
    items.assigned[item] = 0
    items.partner[item] = partner
    items.piece[item] = piece
    for place in range(w.most_teams):
        items.lines[item * w.most_teams + place] = -1
    set_teams(w, item, lead, team, rep)
    leads.item[lead] = item
    note(w, lead, leads.stage[lead], rec.QUEUED, -1, -1)
    start_waiting(w, item)
    until = min(patience, leads.until[lead])
    if until < NEVER:
        alarm(w, item, until, EXPIRY, EXPIRED)
    if piece == TOUCH and leads.move_on[lead] < NEVER:
        alarm(w, item, leads.move_on[lead], BUYER_ENDS, MOVED_ON)


@jitted
def set_teams(w: World, item: int, lead: int, team: int, rep: int) -> None:
    """The teams that an item waits for: that of the only rep, the one named, or those of the stage."""
    items, S = w.items, w.tables.stages
    base = item * w.most_teams
    items.team_count[item] = 1
    if rep >= 0:
        items.teams[base] = w.reps.team[rep]
    elif team >= 0:
        items.teams[base] = team
    else:
        cell = w.leads.cell[lead]
        for k in range(S.team_count[cell]):
            items.teams[base + k] = S.team_list[S.team_offset[cell] + k]
        items.team_count[item] = S.team_count[cell]


@jitted
def alarm(w: World, item: int, when: int, order: int, cause: int) -> None:
    """End the wait of an item at an instant, if it still waits."""
    push(w, max(when, w.now), order, w.items.serial[item], ALARM, item, w.items.times[item], cause)
