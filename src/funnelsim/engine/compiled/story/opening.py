"""Leads that are in the line at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model.endowment import endow_at

from ..machine.jit import jitted
from ..world.events import BEGIN_LEAD, begin
from ..world.ledger import note
from .customers import booked
from .owners import own
from .sources import endow_lead, new_lead

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def open_deal(w: World, number: int) -> None:
    """Put a lead of the start at the first touch of its stage."""
    deals, leads, S = w.deals, w.leads, w.tables.stages
    stage, high, low = deals.stage[number], deals.high[number], deals.low[number]
    source, drawn = endow_at(
        w.tables, w.seed, w.replication, high, low, stage, deals.value[number], deals.reachable[number] == 1
    )
    lead = new_lead(w, high, low, source, deals.number[number], -deals.age[number])
    leads.opening[lead] = 1
    endow_lead(w, lead, drawn)
    note(w, lead, -1, rec.CREATED, -1, -1)
    if deals.won_before[number] == 1:
        leads.ended[lead] = 0
        leads.outcome[lead] = rec.WON
        booked(w, lead, True)
    cell = stage * w.kinds + leads.kind[lead]
    if S.team_count[cell] > 0:
        team = S.team_list[S.team_offset[cell]]
        leads.last_team[lead] = team
        if deals.owner[number] >= 0 and S.any_rep[stage] == 0:
            rep = named_owner(w, team, deals.owner[number])
            if rep >= 0:
                own(w, lead, rep, False)
    leads.stage[lead] = stage
    begin(w, BEGIN_LEAD, lead)


@jitted
def named_owner(w: World, team: int, name: int) -> int:
    """The rep who stands for a named owner: each new name of a team takes the next seat, going round."""
    deals, reps = w.deals, w.reps
    count = 0
    for rep in range(reps.count):
        count += reps.team[rep] == team
    if count == 0:
        return -1
    at = team * deals.owners + name
    if deals.seat[at] < 0:
        deals.seat[at] = deals.seated[team]
        deals.seated[team] += 1
    left = deals.seat[at] % count
    for rep in range(reps.count):
        if reps.team[rep] == team:
            if left == 0:
                return rep
            left -= 1
    return -1
