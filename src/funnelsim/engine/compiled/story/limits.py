"""Limits on the leads in a stretch of stages: who is inside, and who waits in order of asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..machine.jit import jitted
from ..world.events import ADMITTED, go_on

if TYPE_CHECKING:
    from ..world.world import World

ENTERS, TURNED_AWAY, WAITS = range(3)


@jitted
def of_stage(w: World, stage: int, limit: int) -> bool:
    """Whether a limit's stretch holds a stage."""
    S = w.tables.stages
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        if S.limit_list[at] == limit:
            return True
    return False


@jitted
def ask(w: World, lead: int, stage: int) -> int:
    """Ask for a place in every stretch that holds the stage.

    A lead that comes back into a stretch enters even above the limit, or loops would lock.
    """
    S, L, leads = w.tables.stages, w.limits, w.leads
    full, away = False, False
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        limit = S.limit_list[at]
        slot = lead * L.most + limit
        if leads.inside[slot] == 0 and leads.been[slot] == 0 and L.room[limit] <= 0:
            full = True
            away = away or L.turn_away[limit] == 1
    if not full:
        admit(w, lead, stage)
        return ENTERS
    if away:
        return TURNED_AWAY
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        limit = S.limit_list[at]
        slot = lead * L.most + limit
        if leads.inside[slot] == 0 and leads.been[slot] == 0:
            hold(w, lead, limit)
    return WAITS


@jitted
def admit(w: World, lead: int, stage: int) -> None:
    """A lead takes its places in the stretches that hold a stage."""
    S, L, leads = w.tables.stages, w.limits, w.leads
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        limit = S.limit_list[at]
        slot = lead * L.most + limit
        if leads.inside[slot] == 0:
            L.room[limit] -= 1
            leads.inside[slot] = 1
            leads.been[slot] = 1


@jitted
def hold(w: World, lead: int, limit: int) -> None:
    """A lead is the last of those held before a limit."""
    L, leads = w.limits, w.leads
    slot = lead * L.most + limit
    last = L.tail[limit]
    leads.held_before[slot] = last
    leads.held_next[slot] = -1
    if last < 0:
        L.head[limit] = lead
    else:
        leads.held_next[last * L.most + limit] = lead
    L.tail[limit] = lead


@jitted
def let_go(w: World, lead: int, limit: int) -> None:
    """A lead is not held before a limit any more."""
    L, leads = w.limits, w.leads
    slot = lead * L.most + limit
    before, after = leads.held_before[slot], leads.held_next[slot]
    if before < 0:
        L.head[limit] = after
    else:
        leads.held_next[before * L.most + limit] = after
    if after < 0:
        L.tail[limit] = before
    else:
        leads.held_before[after * L.most + limit] = before


@jitted
def withdraw(w: World, lead: int) -> None:
    """A held lead leaves the line, and waits for no place any more."""
    S, L, leads = w.tables.stages, w.limits, w.leads
    stage = leads.stage[lead]
    for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
        limit = S.limit_list[at]
        slot = lead * L.most + limit
        if leads.inside[slot] == 0 and leads.been[slot] == 0:
            let_go(w, lead, limit)


@jitted
def leave(w: World, lead: int, stage: int) -> None:
    """Free the places of the stretches that a lead leaves by entering ``stage`` (-1: by leaving)."""
    for limit in range(w.limits.count):
        leave_stretch(w, lead, stage, limit)


@jitted
def leave_stretch(w: World, lead: int, stage: int, limit: int) -> None:
    """Free the place of one stretch, unless it holds the stage too."""
    L, leads = w.limits, w.leads
    slot = lead * L.most + limit
    if leads.inside[slot] == 1 and (stage < 0 or not of_stage(w, stage, limit)):
        leads.inside[slot] = 0
        L.room[limit] += 1
        fill(w, limit)


@jitted
def fill(w: World, limit: int) -> None:
    """Admit the first held leads that fit all their limits."""
    S, L, leads = w.tables.stages, w.limits, w.leads
    lead = L.head[limit]
    while L.room[limit] > 0 and lead >= 0:
        following = leads.held_next[lead * L.most + limit]
        stage = leads.stage[lead]
        fits = True
        for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
            other = S.limit_list[at]
            slot = lead * L.most + other
            if leads.inside[slot] == 0 and leads.been[slot] == 0 and L.room[other] <= 0:
                fits = False
        if fits:
            for at in range(S.limit_offset[stage], S.limit_offset[stage + 1]):
                other = S.limit_list[at]
                slot = lead * L.most + other
                if leads.inside[slot] == 0 and (other == limit or leads.been[slot] == 0):
                    let_go(w, lead, other)
            admit(w, lead, stage)
            go_on(w, ADMITTED, lead, 0)
        lead = following
