"""Segments and territories that are drawn up anew: who has one that is no more is given another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model.endowment import kind_of, named_anew

from ..machine.jit import jitted
from ..world.slots import in_use

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def rename(w: World) -> None:
    """Give customers and leads in the line the names of the present period, and note who they were before."""
    x, leads = w.customers, w.leads
    for customer in range(x.slots.reached):
        if in_use(x.slots, customer):
            x.moved[customer] = 0
            x.former[customer] = x.kind[customer]
            if x.ended[customer] < 0:
                rename_customer(w, customer)
    for lead in range(leads.slots.reached):
        if in_use(leads.slots, lead) and leads.visiting[lead] == 1:
            leads.moved[lead] = 0
            leads.former[lead] = leads.cell[lead]
            rename_lead(w, lead)


@jitted
def rename_customer(w: World, customer: int) -> None:
    """Give a customer a segment and territory of the present period."""
    x, T = w.customers, w.tables
    segment, territory = named_anew(
        T, w.seed, w.replication, x.high[customer], x.low[customer], x.source[customer], x.segment[customer],
        x.territory[customer],
    )  # fmt: skip
    if segment != x.segment[customer] or territory != x.territory[customer]:
        x.moved[customer] = 1
        x.segment[customer] = segment
        x.territory[customer] = territory
        x.kind[customer] = kind_of(T, segment, territory, x.source[customer], x.origin[customer])


@jitted
def rename_lead(w: World, lead: int) -> None:
    """Give a lead a segment and territory of the present period; an expansion has those of its customer."""
    x, leads, T = w.customers, w.leads, w.tables
    parent = leads.came_from[lead]
    if parent >= 0 and leads.origin[lead] == rec.EXPANSION and x.ended[parent] < 0:
        segment, territory = x.segment[parent], x.territory[parent]
    else:
        segment, territory = named_anew(
            T, w.seed, w.replication, leads.high[lead], leads.low[lead], leads.source[lead], leads.segment[lead],
            leads.territory[lead],
        )  # fmt: skip
    if segment != leads.segment[lead] or territory != leads.territory[lead]:
        leads.moved[lead] = 1
        leads.segment[lead] = segment
        leads.territory[lead] = territory
        leads.kind[lead] = kind_of(T, segment, territory, leads.source[lead], leads.origin[lead])
        leads.cell[lead] = leads.stage[lead] * w.kinds + leads.kind[lead]


@jitted
def has_moved(w: World, item: int) -> bool:
    """Whether the one that an item is for has another segment or territory than in the period before."""
    of = w.items.of[item]
    if w.items.task[item] == 1:
        return bool(w.customers.moved[w.tasks.customer[of]] == 1)
    return bool(w.leads.moved[of] == 1)
