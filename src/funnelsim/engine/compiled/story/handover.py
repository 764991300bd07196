"""Leads that change hands because their rep goes: a leaver, one who is away for long, one who changes team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..machine.jit import jitted
from ..world.lines import rep_line
from ..world.room import withdraw_grant
from ..world.slots import sort_by
from .owners import disown, own, passed_on, suspend
from .sources import works_on
from .teams import accept, dismiss, unassign

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def leads_of(w: World, rep: int) -> int:
    """Put a rep's leads into the scratch column, by serial; returns their number."""
    leads = w.leads
    count = 0
    lead = w.reps.lead[rep]
    while lead >= 0:
        w.scratch[count] = lead
        count += 1
        lead = leads.owner_next[lead]
    sort_by(w.scratch, count, leads.serial, leads.serial)
    return count


@jitted
def hand_over_all(w: World, rep: int) -> None:
    """All leads of a rep are unowned at once: with what their stage's handoff keeps, no delay, no dropout."""
    leads, items = w.leads, w.items
    withdraw_grant(w)
    for k in range(leads_of(w, rep)):
        lead = w.scratch[k]
        disown(w, lead)
        if leads.visiting[lead] == 1:
            leads.context[lead] *= w.tables.stages.keeps[leads.cell[lead]]
    line = rep_line(w, rep)
    count = 0
    item = w.waiting_first
    while item >= 0:
        if items.lines[item * w.most_teams] == line:
            w.scratch[count] = item
            count += 1
        item = items.next[item]
    sort_by(w.scratch, count, items.serial, items.number)
    for k in range(count):
        item = w.scratch[k]
        dismiss(w, item, 0)
        unassign(w, item)
        items.rep[item] = -1
        accept(w, item, 0)


@jitted
def move_leads(w: World, rep: int, moved: int) -> None:
    """A person has changed team: leads whose stage the new team works on stay theirs, others are unowned."""
    leads, reps = w.leads, w.reps
    team = reps.team[moved]
    for k in range(leads_of(w, rep)):
        lead = w.scratch[k]
        if leads.visiting[lead] == 0 or not works_on(w, team, leads.cell[lead]):
            continue
        owned = leads.owned[lead]
        disown(w, lead)
        own(w, lead, moved, False)
        if owned == 0:
            suspend(w, lead)
        move_item(w, leads.item[lead], rep, moved)
        if leads.rep[lead] < 0:
            leads.team[lead] = team
        if leads.last_team[lead] == reps.team[rep]:
            leads.last_team[lead] = team
    hand_over_all(w, rep)


@jitted
def move_item(w: World, item: int, rep: int, moved: int) -> None:
    """What waited for a person waits for the same person in another team."""
    items = w.items
    if item < 0 or items.lines[item * w.most_teams] != rep_line(w, rep):
        return
    team = w.reps.team[moved]
    dismiss(w, item, 0)
    before = items.teams[item * w.most_teams]
    items.rep[item] = moved
    items.teams[item * w.most_teams] = team
    items.team_count[item] = 1
    passed_on(w, item, before)
    accept(w, item, 0)
