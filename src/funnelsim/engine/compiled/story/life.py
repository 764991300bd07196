"""What happens to customers from the booking to churn, and the work that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import (
    CARE,
    CHURNS,
    COMPLAINS,
    CONTRACTS,
    EXPANDS,
    LAPSES,
    LATE,
    OVERDUE,
    REFERS,
    RENEWS,
)
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import EXPANSION, LARGEST_COUNT, REFERRAL, RENEWAL, child_entity
from funnelsim.model.rules import customer_rules as rules
from funnelsim.model.rules.customer_draws import endow_child

from ..machine.jit import jitted
from ..world.draw import TOO_MANY_BORN, TOO_MANY_DUES, in_calendar
from ..world.events import BEGIN_LEAD, BEGIN_PARTING, begin
from ..world.ledger import note, write_customer, write_task
from ..world.slots import free_list, free_slot, in_use, take_slot
from .desk import free_item, start_waiting, stop_waiting
from .health import (
    DUES,
    arm,
    change_health,
    class_of_due,
    draw_of_customer,
    next_due,
    overdue,
    pace,
    plan_stream,
    rate,
)
from .owners import set_teams_of_customer
from .revenue import lose_step, lost
from .sources import endow_lead, new_lead

if TYPE_CHECKING:
    from ..world.world import World

# --- from beginning to end ---------------------------------------------------------------------------


@jitted
def end(w: World, customer: int) -> None:
    """A customer is lost; whatever waits for it is withdrawn, and its lead leaves the line."""
    x, tasks, items = w.customers, w.tasks, w.items
    x.ended[customer] = w.now
    for what in range(DUES):
        x.dues[customer * DUES + what] = NEVER
    task = x.task[customer]
    while task >= 0:
        following = tasks.next[task]
        item = tasks.item[task]
        if item < 0:
            drop_task(w, task)
        elif items.waiting[item] == 1:
            stop_waiting(w, item)
            write_task(w, task, -1, 0, 0)
            free_item(w, item)
            drop_task(w, task)
        task = following
    lost(w, customer)
    if x.in_line[customer] >= 0:
        begin(w, BEGIN_PARTING, x.in_line[customer])


@jitted
def retire(w: World, customer: int) -> None:
    """Write a customer down to whom nothing can happen any more."""
    x = w.customers
    if x.tied[customer] > 0:
        return
    if x.ended[customer] < 0:
        quiet = x.live[customer] >= 0 and x.rep[customer] < 0 and w.period == w.period_count - 1
        if not quiet or x.dues[customer * DUES + next_due(w, customer)] < NEVER:
            return
    write_customer(w, customer)
    free_list(w, x.losses[customer])
    x.losses[customer] = -1
    free_slot(x.slots, customer)


@jitted
def follow(w: World, customer: int) -> None:
    """Other rates and intervals hold from now on: what is planned goes on as far as it has come."""
    x, C = w.customers, w.tables.customers
    for what in range(CARE if x.live[customer] >= 0 else RENEWS, COMPLAINS):
        cell = what * w.kinds + x.kind[customer]
        every = C.every[cell]
        due = customer * DUES + what
        if every != w.before.customers.every[what * w.kinds + x.former[customer]]:
            x.dues[due] = min(x.dues[due], w.now + every) if every > 0 else NEVER
    change_health(w, customer, 0.0)
    rate(w, customer)
    pace(w, customer)
    arm(w, customer)


# --- what is due -------------------------------------------------------------------------------------


@jitted
def ring(w: World, customer: int, row: int, order: int) -> None:
    """What is due now and of this class happens, one event at a time."""
    x = w.customers
    if not in_use(x.slots, customer) or x.row[customer] != row:
        return
    if x.armed[customer] != w.now or x.armed_class[customer] != order:
        return
    x.armed[customer] = NEVER
    x.armed_class[customer] = 0
    what = next_due(w, customer)
    if x.dues[customer * DUES + what] == w.now and class_of_due(what) == order:
        x.dues[customer * DUES + what] = NEVER
        happen(w, customer, what)
    arm(w, customer)
    retire(w, customer)


@jitted
def happen(w: World, customer: int, what: int) -> None:
    """What is due for a customer."""
    if what == CARE:
        care_due(w, customer)
    elif what == RENEWS:
        renewal_due(w, customer)
    elif what == COMPLAINS:
        complains(w, customer)
    elif what == EXPANDS:
        gives_rise(w, customer, EXPANDS, rec.EXPANSION)
    elif what == REFERS:
        gives_rise(w, customer, REFERS, rec.REFERRAL)
    elif what == CONTRACTS:
        lose_step(w, customer)
    elif what == LATE:
        complaint_late(w, customer)
    elif what == OVERDUE:
        overdue(w, customer)
    elif what == LAPSES or what == CHURNS:
        end(w, customer)


@jitted
def count(w: World, customer: int, what: int) -> int:
    """The number of what happens, from 1."""
    counts = w.customers.counts
    counts[customer * 5 + what] += 1
    if counts[customer * 5 + what] >= LARGEST_COUNT:
        w.status = TOO_MANY_DUES
    return int(counts[customer * 5 + what])


@jitted
def care_due(w: World, customer: int) -> None:
    """A care touch is due; if one still waits this one is missed, and the customer notices."""
    x, C = w.customers, w.tables.customers
    due = w.now + C.every[x.kind[customer]]
    x.dues[customer * DUES + CARE] = due
    if x.care[customer] < 0:
        open_task(w, customer, CARE, count(w, customer, CARE), due)
    else:
        x.care_missed[customer] += 1
        change_health(w, customer, -C.care_late)


@jitted
def renewal_due(w: World, customer: int) -> None:
    """A contract runs out: it is not renewed, or there is work to renew it."""
    x, C = w.customers, w.tables.customers
    kind = x.kind[customer]
    x.dues[customer * DUES + RENEWS] = w.now + C.every[w.kinds + kind]
    number = count(w, customer, RENEWS)
    if C.lapse[kind] > 0.0 and draw_of_customer(w, customer, RENEWAL, number, 0) < C.lapse[kind]:
        x.dues[customer * DUES + LAPSES] = w.now
    else:
        open_task(w, customer, RENEWS, number, w.now)


@jitted
def complains(w: World, customer: int) -> None:
    """A customer complains."""
    C, kind = w.tables.customers, w.customers.kind[customer]
    number = count(w, customer, COMPLAINS)
    plan_stream(w, customer, 0)
    due = NEVER
    row = C.sla[kind]
    if row >= 0:
        due = in_calendar(w, row, w.tables.dists.a[row], C.calendar[kind], w.now)
    open_task(w, customer, COMPLAINS, number, due)


@jitted
def gives_rise(w: World, customer: int, what: int, origin: int) -> None:
    """A customer gives rise to a lead."""
    number = count(w, customer, what)
    plan_stream(w, customer, what - COMPLAINS)
    others = w.created - w.born + w.tables.customers.opening
    w.born += 1
    if w.born > rules.most_born(others):
        w.status = TOO_MANY_BORN
        return
    bear(w, customer, origin, number)


@jitted
def bear(w: World, customer: int, origin: int, number: int) -> None:
    """The lead that a customer gives rise to begins its journey."""
    x, leads, C = w.customers, w.leads, w.tables.customers
    purpose, row = EXPANSION, 0
    if origin == rec.REFERRAL:
        purpose, row = REFERRAL, 1
    high, low = child_entity(x.high[customer], x.low[customer], purpose, number)
    lead = new_lead(w, high, low, x.source[customer], number, w.now)
    leads.origin[lead] = origin
    leads.came_from[lead] = customer
    x.tied[customer] += 1
    leads.parent[lead] = x.lead[customer]
    parent = (x.segment[customer], x.territory[customer], x.source[customer], x.kind[customer],
              x.value[customer])  # fmt: skip
    endow_lead(w, lead, endow_child(w.tables, w.seed, w.replication, high, low, origin, parent))
    note(w, lead, -1, rec.CREATED, -1, -1)
    leads.stage[lead] = C.to[row * w.kinds + x.kind[customer]]
    begin(w, BEGIN_LEAD, lead)


# --- work --------------------------------------------------------------------------------------------


@jitted
def open_task(w: World, customer: int, kind: int, number: int, due: int) -> None:
    """Work begins to wait; what has no team or takes no effort is done at once, as in automated stages."""
    x, C = w.customers, w.tables.customers
    of = x.kind[customer]
    if C.team_offset[of + 1] == C.team_offset[of] or C.effort[kind * w.kinds + of] < 0:
        done_well(w, customer, kind, True)
        x.care_on_time[customer] += kind == CARE
        return
    task = new_task(w, customer, kind, number, due)
    if kind == CARE:
        x.care[customer] = task
    if kind == COMPLAINS:
        w.tasks.deadline[task] = due
        watch(w, customer)
    start_waiting(w, w.tasks.item[task])


@jitted
def new_task(w: World, customer: int, kind: int, number: int, due: int) -> int:
    """A task, behind the others of its customer, and its item."""
    tasks, items, x = w.tasks, w.items, w.customers
    task, item = take_slot(tasks.slots), take_slot(items.slots)
    tasks.row[task] = tasks.rows
    tasks.rows += 1
    tasks.customer[task] = customer
    tasks.kind[task] = kind
    tasks.fell_due[task] = w.now
    tasks.due[task] = due
    tasks.started[task] = -1
    tasks.rep[task] = -1
    tasks.item[task] = item
    tasks.deadline[task] = -1
    last = x.task_last[customer]
    tasks.before[task] = last
    tasks.next[task] = -1
    if last < 0:
        x.task[customer] = task
    else:
        tasks.next[last] = task
    x.task_last[customer] = task
    x.tied[customer] += 1
    items.of[item] = task
    items.task[item] = 1
    items.serial[item] = x.serial[customer] + kind
    items.number[item] = number
    items.stage[item] = w.stages + kind
    items.assigned[item] = 0
    items.partner[item] = -1
    for place in range(w.most_teams):
        items.lines[item * w.most_teams + place] = -1
    set_teams_now(w, item, customer)
    return task


@jitted
def set_teams_now(w: World, item: int, customer: int) -> None:
    """Let an item be for a customer's rep, or for the teams that work for it."""
    items, rep = w.items, w.customers.rep[customer]
    items.rep[item] = rep
    if rep >= 0:
        items.teams[item * w.most_teams] = w.reps.team[rep]
        items.team_count[item] = 1
    else:
        set_teams_of_customer(w, item, customer)


@jitted
def queue_anew(w: World, task: int, withdrawn: bool) -> None:
    """A task that waits is another team's from now on, or nobody's."""
    tasks, item = w.tasks, w.tasks.item[task]
    customer = tasks.customer[task]
    stop_waiting(w, item)
    if withdrawn:
        write_task(w, task, -1, 0, 0)
        free_item(w, item)
        tasks.item[task] = -1
        if tasks.deadline[task] < 0:
            drop_task(w, task)
        return
    set_teams_now(w, item, customer)
    if tasks.kind[task] == CARE:
        w.customers.care[customer] = task
    start_waiting(w, item)


@jitted
def drop_task(w: World, task: int) -> None:
    """A task is over."""
    tasks, x = w.tasks, w.customers
    customer = tasks.customer[task]
    before, after = tasks.before[task], tasks.next[task]
    if before < 0:
        x.task[customer] = after
    else:
        tasks.next[before] = after
    if after < 0:
        x.task_last[customer] = before
    else:
        tasks.before[after] = before
    x.tied[customer] -= 1
    free_slot(tasks.slots, task)


@jitted
def done_well(w: World, customer: int, kind: int, in_time: bool) -> None:
    """Work in time does a customer good."""
    C = w.tables.customers
    if kind == CARE and in_time:
        change_health(w, customer, C.care_on_time)
    elif kind == COMPLAINS and in_time:
        w.customers.complaints_well[customer] += 1
        change_health(w, customer, C.complaint_well)


@jitted
def watch(w: World, customer: int) -> None:
    """The next deadline of a complaint."""
    tasks = w.tasks
    due = NEVER
    task = w.customers.task[customer]
    while task >= 0:
        if tasks.deadline[task] >= 0:
            due = min(due, tasks.deadline[task])
        task = tasks.next[task]
    w.customers.dues[customer * DUES + LATE] = due
    arm(w, customer)


@jitted
def complaint_late(w: World, customer: int) -> None:
    """The deadline of a complaint passes, whether or not anybody has begun on it."""
    tasks, x = w.tasks, w.customers
    task = x.task[customer]
    while task >= 0:
        following = tasks.next[task]
        if 0 <= tasks.deadline[task] <= w.now:
            tasks.deadline[task] = -1
            x.complaints_badly[customer] += 1
            change_health(w, customer, -w.tables.customers.complaint_badly)
            if tasks.item[task] < 0:
                drop_task(w, task)
        task = following
    watch(w, customer)
