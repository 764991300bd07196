"""Book-keeping: areas under counts, open time by bin, and rows of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model import records as rec
from funnelsim.model.builder import WORK_ITEMS
from funnelsim.model.calendars import open_common
from funnelsim.model.distributions import round_us

from ..machine.jit import jitted
from .draw import part_of_period
from .hours import NEAR, open_time
from .slots import free_list, holds, node
from .world import BUYER, HANDOFF, HELD, NEVER, WAIT

if TYPE_CHECKING:
    from .world import World

WORKS = len(WORK_ITEMS)
VISIT_WORDS, LEAD_WORDS, CUSTOMER_WORDS, MOVE_WORDS, TASK_WORDS, EVENT_ROW = 21, 21, 23, 4, 11, 6


# --- areas -----------------------------------------------------------------------------------


@jitted
def change(w: World, area: int, by: int) -> None:
    """Change a count."""
    books = w.books
    count = books.now[area]
    books.area[area] += count * (w.now - books.since[area])
    books.since[area] = w.now
    books.now[area] = count + by


@jitted
def wip_area(w: World, stage: int) -> int:
    """The count of leads in a stage."""
    return stage


@jitted
def queue_area(w: World, stage: int) -> int:
    """The count of what waits in a stage, or of a kind of work for customers."""
    return int(w.stages + stage)


@jitted
def team_area(w: World, team: int) -> int:
    """The count of what waits for a team."""
    return int(2 * w.stages + WORKS + team)


@jitted
def headcount_area(w: World, team: int) -> int:
    """The count of staffed seats."""
    return int(2 * w.stages + WORKS + w.teams.count + team)


@jitted
def close_bin(w: World) -> None:
    """End the bin that runs, at its edge."""
    books = w.books
    edge = books.edges[books.bin + 1]
    areas = len(books.now)
    base = books.bin * areas
    w.now = edge
    for area in range(areas):
        change(w, area, 0)
        books.areas[base + area] = books.area[area]
        books.lasts[base + area] = books.now[area]
        books.area[area] = 0
    books.arr_last[books.bin] = books.arr
    books.customers_last[books.bin] = books.customers
    books.bin += 1


@jitted
def bin_of(w: World, moment: int) -> int:
    """The bin of a moment up to now, mostly the one that runs or one shortly before."""
    books = w.books
    edges = books.edges
    at = min(books.bin, len(edges) - 2)
    for _ in range(NEAR):
        if moment >= edges[at]:
            return int(at)
        at = max(at - 1, 0)
    low = 0
    high = at
    while low < high:
        middle = (low + high + 1) // 2
        if edges[middle] <= moment:
            low = middle
        else:
            high = middle - 1
    return int(low)


@jitted
def spread(w: World, into: Any, column: int, a: int, b: int, start: int, end: int) -> int:
    """Add the time that both calendars are open between two moments to the bins, and return it."""
    if start >= end:
        return 0
    edges = w.books.edges
    teams = w.teams.count
    at = bin_of(w, start)
    total = 0
    while start < end:
        until = min(end, edges[at + 1])
        part = open_time(w, a, b, start, until)
        into[at * teams + column] += part
        total += part
        start = until
        at += 1
    return total


@jitted
def add_work(w: World, rep: int, a: int, b: int, start: int, end: int) -> None:
    """Charge a rep the open time of a piece of work."""
    reps = w.reps
    reps.busy[rep] += spread(w, w.books.busy, reps.team[rep], a, b, start, end)


@jitted
def add_filler(w: World, rep: int, start: int, end: int) -> None:
    """Charge a rep the open time of the contact in hand."""
    reps = w.reps
    a, b = reps.hours_a[rep], reps.hours_b[rep]
    reps.filler[rep] += spread(w, w.books.filler, reps.team[rep], a, b, start, end)


@jitted
def add_wait(w: World, team: int, start: int, end: int) -> int:
    """Note a wait for a team, up to its end or the horizon, and return its open time."""
    books = w.books
    open_time = 0
    for period in range(w.period + 1):
        row = books.calendars[period * w.teams.count + team]
        since, until = part_of_period(w, period, start, end)
        open_time += spread(w, books.queue_open, team, row, row, since, until)
    base = (bin_of(w, start) * w.teams.count + team) * 3
    books.waits[base] += 1
    books.waits[base + 1] += end - start
    books.waits[base + 2] += open_time
    return open_time


@jitted
def add_presence(w: World, rep: int, end: int) -> None:
    """Note the open time of a rep's seat up to ``end``."""
    reps = w.reps
    row = reps.calendar[rep]
    present = spread(w, w.books.team_open, reps.team[rep], row, row, reps.present_from[rep], end)
    reps.present[rep] += present
    reps.present_from[rep] = end


# --- faces -----------------------------------------------------------------------------------


@jitted
def face_lead(w: World, lead: int, rep: int) -> None:
    """A lead has met a rep."""
    leads = w.leads
    if not holds(w, leads.face[lead], rep):
        leads.face[lead] = node(w, rep, 0, 0, leads.face[lead])
        leads.faces[lead] += 1


@jitted
def face_customer(w: World, customer: int, rep: int) -> None:
    """A customer has met a rep."""
    customers = w.customers
    if not holds(w, customers.face[customer], rep):
        customers.face[customer] = node(w, rep, 0, 0, customers.face[customer])
        customers.faces[customer] += 1


# --- rows ------------------------------------------------------------------------------------


@jitted
def note(w: World, lead: int, stage: int, kind: int, rep: int, outcome: int) -> None:
    """Note a row of the event log, if it is kept."""
    note_of(w, w.leads.serial[lead], stage, kind, rep, outcome)


@jitted
def note_of(w: World, serial: int, stage: int, kind: int, rep: int, outcome: int) -> None:
    """Note a row of the event log, if it is kept, of a lead that may have left."""
    out = w.out
    if out.logs == 0:
        return
    base = out.event_count * EVENT_ROW
    out.events[base] = w.now
    out.events[base + 1] = serial
    out.events[base + 2] = stage
    out.events[base + 3] = kind
    out.events[base + 4] = rep
    out.events[base + 5] = outcome
    out.event_count += 1


@jitted
def move(w: World, customer: int, kind: int, amount: int) -> None:
    """Note a change of annual recurring revenue."""
    if amount <= 0:
        return
    out = w.out
    base = out.move_count * MOVE_WORDS
    out.moves[base] = w.now
    out.moves[base + 1] = w.customers.row[customer]
    out.moves[base + 2] = kind
    out.moves[base + 3] = amount
    out.move_count += 1
    w.books.arr += amount if kind <= rec.EXPANDED else -amount


@jitted
def turn(w: World, lead: int, mode: int) -> None:
    """Spend a visit's time on something else from now on."""
    leads = w.leads
    now = w.now
    leads.times[lead * 5 + leads.mode[lead]] += now - leads.since[lead]
    leads.mode[lead] = mode
    leads.since[lead] = now


@jitted
def count_work_so_far(w: World, lead: int, now: int) -> None:
    """Count the part up to now of a touch in hand, with which the visit ends or the run does."""
    leads, reps = w.leads, w.reps
    rep, since = leads.rep[lead], leads.since[lead]
    busy = open_common(w.calendars, reps.hours_a[rep], reps.hours_b[rep], since, now)
    leads.busy[lead] += busy
    leads.work[lead] += round_us(busy * w.teams.share[reps.team[rep]])
    leads.paused[lead] += now - since - busy


@jitted
def waited(w: World, lead: int) -> int:
    """All seller-side waiting of a visit so far: held, handoff, and for reps."""
    leads = w.leads
    mode = leads.mode[lead]
    base = lead * 5
    total = leads.times[base + WAIT] + leads.times[base + HANDOFF] + leads.times[base + HELD]
    if mode == WAIT or mode == HANDOFF or mode == HELD:
        total += w.now - leads.since[lead]
    return int(total)


@jitted
def write_visit(w: World, lead: int, left: int, outcome: int) -> None:
    """Write a visit down, at its end or at the horizon (``left`` -1)."""
    out, leads = w.out, w.leads
    rows = out.visits
    base = out.visit_count * VISIT_WORDS
    times = lead * 5
    rows[base] = leads.serial[lead]
    rows[base + 1] = leads.stage[lead]
    rows[base + 2] = leads.visit[lead]
    rows[base + 3] = leads.team[lead]
    rows[base + 4] = leads.rep[lead]
    rows[base + 5] = leads.entered[lead]
    rows[base + 6] = leads.touched[lead]
    rows[base + 7] = left
    rows[base + 8] = outcome
    rows[base + 9] = leads.times[times + WAIT]
    rows[base + 10] = leads.wait_open[lead]
    rows[base + 11] = leads.busy[lead]
    rows[base + 12] = leads.work[lead]
    rows[base + 13] = leads.paused[lead]
    rows[base + 14] = leads.times[times + BUYER]
    rows[base + 15] = leads.times[times + HANDOFF]
    rows[base + 16] = leads.times[times + HELD]
    rows[base + 17] = leads.giver[lead]
    rows[base + 18] = leads.give_wait[lead]
    rows[base + 19] = leads.give_busy[lead]
    out.visit_reals[base + 20] = leads.context[lead]
    out.visit_count += 1


@jitted
def write_lead(w: World, lead: int) -> None:
    """Write a lead down that has left the line, or is in it at the horizon."""
    out, leads = w.out, w.leads
    rows = out.leads
    base = out.lead_count * LEAD_WORDS
    rows[base] = leads.serial[lead]
    rows[base + 1] = leads.source[lead]
    rows[base + 2] = leads.number[lead]
    rows[base + 3] = leads.burst[lead]
    rows[base + 4] = leads.origin[lead]
    rows[base + 5] = leads.parent[lead]
    rows[base + 6] = leads.opening[lead]
    rows[base + 7] = leads.segment[lead]
    rows[base + 8] = leads.territory[lead]
    rows[base + 9] = leads.created[lead]
    rows[base + 10] = leads.ended[lead]
    rows[base + 11] = leads.outcome[lead]
    rows[base + 12] = leads.value[lead]
    rows[base + 13] = leads.booked[lead]
    rows[base + 14] = leads.first_touch[lead]
    rows[base + 15] = leads.response_open[lead]
    rows[base + 16] = leads.faces[lead]
    rows[base + 17] = leads.readiness[lead]
    parent = leads.came_from[lead]
    rows[base + 18] = w.customers.row[parent] if parent >= 0 else -1
    out.lead_reals[base + 19] = leads.quality[lead]
    out.lead_reals[base + 20] = leads.score[lead]
    out.lead_count += 1
    free_list(w, leads.face[lead])
    leads.face[lead] = -1


@jitted
def write_customer(w: World, customer: int) -> None:
    """Write a customer down to whom nothing more happens."""
    out, x = w.out, w.customers
    rows = out.customers
    base = out.customer_count * CUSTOMER_WORDS
    rows[base] = x.row[customer]
    rows[base + 1] = x.lead[customer]
    rows[base + 2] = x.number[customer]
    rows[base + 3] = x.segment[customer]
    rows[base + 4] = x.territory[customer]
    rows[base + 5] = x.since[customer]
    rows[base + 6] = x.live[customer]
    rows[base + 7] = x.ended[customer]
    rows[base + 8] = x.first_arr[customer]
    rows[base + 9] = x.value[customer]  # times what is recurring at the end of the run
    rows[base + 10] = x.promised[customer]
    rows[base + 11] = x.discounted[customer]
    rows[base + 12] = x.last_rep[customer]
    rows[base + 13] = x.faces[customer]
    rows[base + 14] = x.care_on_time[customer]
    rows[base + 15] = x.care_late[customer]
    rows[base + 16] = x.care_missed[customer]
    rows[base + 17] = x.complaints_well[customer]
    rows[base + 18] = x.complaints_badly[customer]
    rows[base + 19] = x.rep_changes[customer]
    rows[base + 20] = x.ignored_leads[customer]
    rows[base + 21] = x.paid[customer]
    out.customer_reals[base + 22] = x.health[customer]
    out.customer_count += 1
    free_list(w, x.face[customer])
    x.face[customer] = -1


@jitted
def write_task(w: World, task: int, ended: int, work: int, busy: int) -> None:
    """Write a task down that is done, withdrawn, or open at the horizon (``ended`` -1)."""
    out, tasks, items = w.out, w.tasks, w.items
    rows = out.tasks
    base = out.task_count * TASK_WORDS
    due = tasks.due[task]
    rows[base] = tasks.row[task]
    rows[base + 1] = w.customers.row[tasks.customer[task]]
    rows[base + 2] = tasks.kind[task]
    rows[base + 3] = items.teams[tasks.item[task] * w.most_teams]
    rows[base + 4] = tasks.rep[task]
    rows[base + 5] = tasks.fell_due[task]
    rows[base + 6] = -1 if due >= NEVER else due
    rows[base + 7] = tasks.started[task]
    rows[base + 8] = ended
    rows[base + 9] = work
    rows[base + 10] = busy
    out.task_count += 1
