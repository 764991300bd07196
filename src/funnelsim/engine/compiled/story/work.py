"""The end of work: reps are free, the books are kept, and whoever waited for it goes on, unless it has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import CARE, HANDOFF, HELD, TOUCH, WAIT, WORK
from funnelsim.model import records as rec

from ..machine.jit import jitted
from ..world.events import HEARD, go_on
from ..world.ledger import add_work, count_work_so_far, note, note_of, turn, write_task
from ..world.orders import shift_load
from . import limits
from .desk import free_item, stop_waiting
from .journey import resume_journey, travel
from .life import done_well, drop_task, retire, watch
from .reorganisation import reassign
from .sources import contacted
from .staffing import free_rep
from .steps import WORKED
from .teams import unassign
from .turns import touch

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def work_ends(w: World, item: int) -> None:
    """A piece of work is done."""
    if w.items.task[item] == 1:
        task_done(w, item)
        return
    lead = w.items.of[item]
    if w.leads.serial[lead] != w.items.serial[item]:
        touch_in_vain(w, item)
        return
    touch_done(w, lead, item)
    free_item(w, item)
    resume_journey(w, lead, WORKED)


@jitted
def touch_done(w: World, lead: int, item: int) -> None:
    """A piece of work on a lead is done."""
    leads, items, reps = w.leads, w.items, w.reps
    rep, partner = items.done_rep[item], items.done_partner[item]
    began, busy = leads.since[lead], items.done_busy[item]
    leads.busy[lead] += busy
    leads.work[lead] += items.done_work[item]
    leads.paused[lead] += w.now - began - busy
    if items.piece[item] != TOUCH:
        leads.giver[lead] = reps.team[rep]
        leads.give_wait[lead] += began - items.ready[item]
        leads.give_busy[lead] += busy
    turn(w, lead, HANDOFF)
    done_with(w, rep, item, items.post_a[item])
    if partner >= 0:
        done_with(w, partner, item, items.post_b[item])
    unassign(w, item)
    leads.last_team[lead] = reps.team[rep]
    leads.last_rep[lead] = rep
    if partner >= 0:
        leads.joined[lead] = partner
        leads.joined_keeps[lead] = -1.0
        if items.piece[item] == TOUCH:
            leads.joined_keeps[lead] = w.tables.stages.joint_keeps[leads.cell[lead]]
    note(w, lead, leads.stage[lead], rec.COMPLETED, rep, -1)
    if leads.reassign[lead] != 0:
        reassign(w, lead, leads.reassign[lead])


@jitted
def touch_in_vain(w: World, item: int) -> None:
    """A piece of work is done on a lead that has left the line meanwhile."""
    items = w.items
    rep, partner = items.done_rep[item], items.done_partner[item]
    done_with(w, rep, item, items.post_a[item])
    if partner >= 0:
        done_with(w, partner, item, items.post_b[item])
    unassign(w, item)
    note_of(w, items.serial[item], items.stage[item], rec.COMPLETED, rep, -1)
    free_item(w, item)


@jitted
def done_with(w: World, rep: int, item: int, quarters: int) -> None:
    """A rep is done with a piece of work."""
    reps, items = w.reps, w.items
    add_work(w, rep, quarters, items.hours_a[item], items.hours_b[item], items.since[item], w.now)
    if w.tables.switches.boundless == 1:
        reps.since[rep] = w.now
        shift_load(w, rep, 0)
        touch(w, reps.team[rep])
    else:
        finish(w, rep)


@jitted
def finish(w: World, rep: int) -> None:
    """A rep has no work in hand any more."""
    w.reps.current[rep] = -1
    w.reps.since[rep] = w.now
    shift_load(w, rep, 0)
    free_rep(w, rep)


@jitted
def task_done(w: World, item: int) -> None:
    """A rep has done work for a customer."""
    items, tasks, x = w.items, w.tasks, w.customers
    task = items.of[item]
    customer, kind = tasks.customer[task], tasks.kind[task]
    write_task(w, task, w.now, items.done_work[item], items.done_busy[item])
    done_with(w, items.done_rep[item], item, items.post_a[item])
    free_item(w, item)
    late = tasks.deadline[task] < 0
    if kind == CARE:
        late = tasks.started[task] >= tasks.due[task]
    open_complaint = tasks.deadline[task] >= 0
    tasks.deadline[task] = -1
    if x.ended[customer] < 0:
        done_well(w, customer, kind, not late)
        if open_complaint:
            watch(w, customer)
    drop_task(w, task)
    retire(w, customer)


@jitted
def contact_ends(w: World, rep: int) -> None:
    """A contact is over."""
    contacted(w, rep)
    finish(w, rep)


@jitted
def alarm_rings(w: World, item: int, times: int, cause: int) -> None:
    """The wait of an item ends, if it still waits."""
    items = w.items
    if items.times[item] != times or items.waiting[item] == 0:
        return
    lead = items.of[item]
    stop_waiting(w, item)
    unassign(w, item)
    free_item(w, item)
    go_on(w, HEARD, lead, cause)


@jitted
def part(w: World, lead: int) -> None:
    """The visit ends now; who has the lead in hand finishes, without effect on it."""
    leads = w.leads
    mode = leads.mode[lead]
    if mode == HELD:
        limits.withdraw(w, lead)
    elif mode == WAIT:
        item = leads.item[lead]
        stop_waiting(w, item)
        unassign(w, item)
        free_item(w, item)
    elif mode == WORK:
        count_work_so_far(w, lead, w.now)
        turn(w, lead, HANDOFF)
    travel(w, lead, rec.CHURNED_IN_LINE)
    leads.serial[lead] = -1  # what was to wake it, and the touch in hand, find nobody
