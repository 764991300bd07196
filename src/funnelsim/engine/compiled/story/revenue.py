"""What customers pay: revenue that grows, shrinks and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import CONTRACTS
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.rules import customer_rules as rules

from ..machine.jit import jitted
from ..world.ledger import move
from ..world.slots import free_slot, node
from .health import DUES, again, arm
from .owners import release_customer

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def note_move(w: World, customer: int, kind: int, amount: int) -> None:
    """Note a change of recurring revenue, where revenue recurs."""
    if w.tables.customers.recurring == 1:
        move(w, customer, kind, amount)


@jitted
def contract(w: World, customer: int, amount: int) -> None:
    """A customer's revenue falls, at most to nothing."""
    x = w.customers
    taken = min(amount, x.value[customer])
    if w.tables.customers.recurring == 1:
        x.value[customer] -= taken
        note_move(w, customer, rec.CONTRACTED, taken)
        again(w, customer)


@jitted
def lost(w: World, customer: int) -> None:
    """A customer has churned."""
    w.books.customers -= 1
    note_move(w, customer, rec.CHURNED, w.customers.value[customer])
    if w.customers.rep[customer] >= 0:
        release_customer(w, customer)


@jitted
def shrink(w: World, customer: int, total: int) -> None:
    """A customer loses revenue in monthly steps over the next year."""
    append_loss(w, customer, w.now + rules.MONTH, total, 1)
    plan_loss(w, customer)


@jitted
def append_loss(w: World, customer: int, when: int, total: int, step: int) -> None:
    """A step of a loss is due, behind those noted before."""
    x = w.customers
    at = node(w, when, total, step, -1)
    if x.losses[customer] < 0:
        x.losses[customer] = at
    else:
        w.nodes.next[x.losses_last[customer]] = at
    x.losses_last[customer] = at


@jitted
def plan_loss(w: World, customer: int) -> None:
    """When the first step of a loss is due."""
    due = NEVER
    at = w.customers.losses[customer]
    while at >= 0:
        due = min(due, w.nodes.a[at])
        at = w.nodes.next[at]
    w.customers.dues[customer * DUES + CONTRACTS] = due
    arm(w, customer)


@jitted
def lose_step(w: World, customer: int) -> None:
    """One step of a loss, the oldest of those due now."""
    x, nodes = w.customers, w.nodes
    before, at = -1, x.losses[customer]
    while nodes.a[at] > w.now:
        before, at = at, nodes.next[at]
    when, total, step = nodes.a[at], nodes.b[at], nodes.c[at]
    if before < 0:
        x.losses[customer] = nodes.next[at]
    else:
        nodes.next[before] = nodes.next[at]
    if x.losses_last[customer] == at:
        x.losses_last[customer] = before
    free_slot(nodes.slots, at)
    if step < rules.LOSS_STEPS:
        append_loss(w, customer, when + rules.MONTH, total, step + 1)
    plan_loss(w, customer)
    contract(w, customer, rules.loss_part(total, step))
