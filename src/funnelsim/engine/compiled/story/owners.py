"""Whose a lead or a customer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..machine.jit import jitted
from ..world.ledger import add_wait, change, team_area
from .health import change_health
from .teams import accept_all, dismiss_all, give, replace

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def own(w: World, lead: int, rep: int, counted: bool) -> None:
    """A rep owns the lead from now on; ``counted`` if it counts among the rep's already."""
    leads, reps = w.leads, w.reps
    leads.owner[lead] = rep
    leads.owned[lead] = 1
    first = reps.lead[rep]
    leads.owner_next[lead] = first
    leads.owner_before[lead] = -1
    if first >= 0:
        leads.owner_before[first] = lead
    reps.lead[rep] = lead
    if not counted:
        give(w, rep, 1)


@jitted
def disown(w: World, lead: int) -> None:
    """Nobody owns the lead any more."""
    if w.leads.owner[lead] >= 0:
        take_from_owner(w, lead)


@jitted
def take_from_owner(w: World, lead: int) -> None:
    """A lead is no longer among its owner's."""
    leads, reps = w.leads, w.reps
    rep = leads.owner[lead]
    suspend(w, lead)
    before, after = leads.owner_before[lead], leads.owner_next[lead]
    if before < 0:
        reps.lead[rep] = after
    else:
        leads.owner_next[before] = after
    if after >= 0:
        leads.owner_before[after] = before
    leads.owner[lead] = -1


@jitted
def suspend(w: World, lead: int) -> None:
    """The owner is remembered, but the lead counts no longer among the owner's."""
    leads = w.leads
    if leads.owned[lead] == 1 and leads.owner[lead] >= 0:
        leads.owned[lead] = 0
        replace(w, leads.owner[lead], -1)


@jitted
def resume(w: World, lead: int) -> None:
    """The lead counts among its owner's again."""
    leads = w.leads
    if leads.owned[lead] == 0 and leads.owner[lead] >= 0:
        leads.owned[lead] = 1
        replace(w, leads.owner[lead], 1)


@jitted
def give_customer(w: World, customer: int, rep: int) -> None:
    """A rep has a customer from now on, and whatever waits for it."""
    hold_customer(w, customer, rep)
    send_tasks(w, customer, rep)
    change_health(w, customer, 0.0)


@jitted
def hold_customer(w: World, customer: int, rep: int) -> None:
    """A customer is among a rep's."""
    x, reps = w.customers, w.reps
    x.rep[customer] = rep
    x.last_rep[customer] = rep
    first = reps.customer[rep]
    x.rep_next[customer] = first
    x.rep_before[customer] = -1
    if first >= 0:
        x.rep_before[first] = customer
    reps.customer[rep] = customer
    reps.customers[rep] += 1


@jitted
def release_customer(w: World, customer: int) -> None:
    """A customer is no longer among its rep's."""
    x, reps = w.customers, w.reps
    rep = x.rep[customer]
    before, after = x.rep_before[customer], x.rep_next[customer]
    if before < 0:
        reps.customer[rep] = after
    else:
        x.rep_next[before] = after
    if after >= 0:
        x.rep_before[after] = before
    reps.customers[rep] -= 1


@jitted
def send_tasks(w: World, customer: int, rep: int) -> None:
    """Let what waits for a customer wait for one rep, or (-1) for any of the teams that work for it."""
    tasks, items = w.tasks, w.items
    task = w.customers.task[customer]
    while task >= 0:
        item = tasks.item[task]
        if item >= 0 and items.waiting[item] == 1 and items.rep[item] != rep:
            dismiss_all(w, item)
            before = items.teams[item * w.most_teams]
            if rep < 0:
                set_teams_of_customer(w, item, customer)
            else:
                items.teams[item * w.most_teams] = w.reps.team[rep]
                items.team_count[item] = 1
            passed_on(w, item, before)
            items.rep[item] = rep
            accept_all(w, item)
        task = tasks.next[task]


@jitted
def passed_on(w: World, item: int, before: int) -> None:
    """A wait goes on for another first team: what was waited for the one before is booked with it."""
    items = w.items
    team = items.teams[item * w.most_teams]
    if team == before:
        return
    change(w, team_area(w, before), -1)
    items.open_before[item] += add_wait(w, before, items.since[item], w.now)
    items.since[item] = w.now
    change(w, team_area(w, team), 1)


@jitted
def set_teams_of_customer(w: World, item: int, customer: int) -> bool:
    """Let an item be for the teams that work for a customer; False, and as it was, if there are none."""
    C, items = w.tables.customers, w.items
    kind = w.customers.kind[customer]
    first, end = C.team_offset[kind], C.team_offset[kind + 1]
    if end == first:
        return False
    for place in range(end - first):
        items.teams[item * w.most_teams + place] = C.team_list[first + place]
    items.team_count[item] = end - first
    return True


@jitted
def serves_customers(w: World, team: int, kind: int) -> bool:
    """Whether a team works for customers of a kind."""
    C = w.tables.customers
    for at in range(C.team_offset[kind], C.team_offset[kind + 1]):
        if C.team_list[at] == team:
            return True
    return False
