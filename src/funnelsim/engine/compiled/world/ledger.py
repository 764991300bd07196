"""Book-keeping: areas under counts, open time by bin, and rows of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import BUYER, HANDOFF, HELD, WAIT
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER, WHOLE
from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.rules import people, rules
from funnelsim.model.tables.builder import WORK_ITEMS
from funnelsim.model.time.calendars import open_common

from ..machine.jit import jitted
from .draw import part_of_period
from .hours import NEAR, open_time
from .slots import free_list, holds, node

if TYPE_CHECKING:
    from .world import World

WORKS = len(WORK_ITEMS)


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
def spread(w: World, into: Any, column: int, a: int, b: int, start: int, end: int, quarters: int) -> int:
    """Add the time that both calendars are open between two moments to the bins, and return it.

    Of a post that is not whole it counts as that of a whole one.
    """
    if start >= end:
        return 0
    edges = w.books.edges
    teams = w.teams.count
    at = bin_of(w, start)
    total = 0
    while start < end:
        until = min(end, edges[at + 1])
        part = people.in_whole_posts(open_time(w, a, b, start, until), quarters)
        into[at * teams + column] += part
        total += part
        start = until
        at += 1
    return total


@jitted
def add_work(w: World, rep: int, quarters: int, a: int, b: int, start: int, end: int) -> None:
    """Charge a rep the open time of a piece of work."""
    reps = w.reps
    reps.busy[rep] += spread(w, w.books.busy, reps.team[rep], a, b, start, end, quarters)


@jitted
def add_filler(w: World, rep: int, start: int, end: int) -> None:
    """Charge a rep the open time of the contact in hand."""
    reps = w.reps
    a, b = reps.hours_a[rep], reps.hours_b[rep]
    reps.filler[rep] += spread(w, w.books.filler, reps.team[rep], a, b, start, end, reps.quarters[rep])


@jitted
def add_wait(w: World, team: int, start: int, end: int) -> int:
    """Note a wait for a team, up to its end or the horizon, and return its open time."""
    books = w.books
    open_time = 0
    for period in range(w.period + 1):
        row = books.calendars[period * w.teams.count + team]
        since, until = part_of_period(w, period, start, end)
        open_time += spread(w, books.queue_open, team, row, row, since, until, WHOLE)
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
    since, quarters = reps.present_from[rep], reps.quarters[rep]
    present = spread(w, w.books.team_open, reps.team[rep], row, row, since, end, quarters)
    reps.open[rep] += present
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
    if w.out.logs == 1:
        note_of(w, w.leads.serial[lead], stage, kind, rep, outcome)


@jitted
def note_of(w: World, serial: int, stage: int, kind: int, rep: int, outcome: int) -> None:
    """Note a row of the event log, if it is kept, of a lead that may have left."""
    if w.out.logs == 0:
        return
    rows = w.out.events
    at = rows.written
    rows.time[at] = w.now
    rows.lead[at] = serial
    rows.stage[at] = stage
    rows.kind[at] = kind
    rows.rep[at] = rep
    rows.outcome[at] = outcome
    rows.written = at + 1


@jitted
def move(w: World, customer: int, kind: int, amount: int) -> None:
    """Note a change of annual recurring revenue."""
    if amount <= 0:
        return
    rows = w.out.moves
    at = rows.written
    rows.time[at] = w.now
    rows.customer[at] = w.customers.row[customer]
    rows.kind[at] = kind
    rows.amount[at] = amount
    rows.written = at + 1
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
    leads, items, reps = w.leads, w.items, w.reps
    rep, since, item = leads.rep[lead], leads.since[lead], leads.in_hand[lead]
    busy = open_common(w.calendars, items.hours_a[item], items.hours_b[item], since, now)
    leads.busy[lead] += busy
    share = people.share_for_leads(w.teams.share[reps.team[rep]], items.post_a[item])
    leads.work[lead] += round_us(busy * share)
    leads.paused[lead] += now - since - busy


@jitted
def waited(w: World, lead: int) -> int:
    """All seller-side waiting of a visit so far: held, handoff, and for reps."""
    leads = w.leads
    mode = leads.mode[lead]
    base = lead * 5
    total = leads.already[lead] + leads.times[base + WAIT] + leads.times[base + HANDOFF] + leads.times[base + HELD]
    if mode == WAIT or mode == HANDOFF or mode == HELD:
        total += w.now - leads.since[lead]
    return int(total)


@jitted
def cooled(w: World, lead: int) -> int:
    """The seller-side waiting of a visit by which the chance to advance decays."""
    leads, switches = w.leads, w.tables.switches
    handed = leads.times[lead * 5 + HANDOFF]
    if leads.mode[lead] == HANDOFF:
        handed += w.now - leads.since[lead]
    waiting = waited(w, lead) - handed
    return int(rules.time_that_decays(waiting, handed, switches.waiting_counts, switches.handing_counts))


@jitted
def write_visit(w: World, lead: int, left: int, outcome: int) -> None:
    """Write a visit down, at its end or at the horizon (``left`` -1)."""
    leads, rows = w.leads, w.out.visits
    at = rows.written
    times = lead * 5
    rows.lead[at] = leads.serial[lead]
    rows.stage[at] = leads.stage[lead]
    rows.visit[at] = leads.visit[lead]
    rows.team[at] = leads.team[lead]
    rows.rep[at] = leads.rep[lead]
    rows.entered[at] = leads.entered[lead]
    rows.first_touch[at] = leads.touched[lead]
    rows.left[at] = left
    rows.outcome[at] = outcome
    rows.wait[at] = leads.times[times + WAIT]
    rows.wait_open[at] = leads.wait_open[lead]
    rows.busy[at] = leads.busy[lead]
    rows.work[at] = leads.work[lead]
    rows.paused[at] = leads.paused[lead]
    rows.buyer[at] = leads.times[times + BUYER]
    rows.handoff[at] = leads.times[times + HANDOFF]
    rows.held[at] = leads.times[times + HELD]
    rows.giver[at] = leads.giver[lead]
    rows.give_wait[at] = leads.give_wait[lead]
    rows.give_busy[at] = leads.give_busy[lead]
    rows.context[at] = leads.context[lead]
    rows.written = at + 1


@jitted
def write_lead(w: World, lead: int) -> None:
    """Write a lead down that has left the line, or is in it at the horizon."""
    leads, rows = w.leads, w.out.leads
    at = rows.written
    parent = leads.came_from[lead]
    rows.row[at] = leads.serial[lead]
    rows.source[at] = leads.source[lead]
    rows.number[at] = leads.number[lead]
    rows.burst[at] = leads.burst[lead]
    rows.origin[at] = leads.origin[lead]
    rows.parent[at] = leads.parent[lead]
    rows.opening[at] = leads.opening[lead]
    rows.segment[at] = leads.segment[lead]
    rows.territory[at] = leads.territory[lead]
    rows.created[at] = leads.created[lead]
    rows.ended[at] = leads.ended[lead]
    rows.outcome[at] = leads.outcome[lead]
    rows.value[at] = leads.value[lead]
    rows.booked[at] = leads.booked[lead]
    rows.first_touch[at] = leads.first_touch[lead]
    rows.response_open[at] = leads.response_open[lead]
    rows.faces[at] = leads.faces[lead]
    rows.readiness[at] = leads.readiness[lead]
    rows.quality[at] = leads.quality[lead]
    rows.score[at] = leads.score[lead]
    rows.customer[at] = w.customers.row[parent] if parent >= 0 else -1
    rows.written = at + 1
    free_list(w, leads.face[lead])
    leads.face[lead] = -1


@jitted
def write_customer(w: World, customer: int) -> None:
    """Write a customer down to whom nothing more happens."""
    x, rows = w.customers, w.out.customers
    at = rows.written
    rows.row[at] = x.row[customer]
    rows.lead[at] = x.lead[customer]
    rows.number[at] = x.number[customer]
    rows.segment[at] = x.segment[customer]
    rows.territory[at] = x.territory[customer]
    rows.since[at] = x.since[customer]
    rows.live[at] = x.live[customer]
    rows.ended[at] = x.ended[customer]
    rows.first_arr[at] = x.first_arr[customer]
    rows.arr[at] = x.value[customer]  # times what is recurring at the end of the run
    rows.promised[at] = x.promised[customer]
    rows.discounted[at] = x.discounted[customer]
    rows.rep[at] = x.last_rep[customer]
    rows.faces[at] = x.faces[customer]
    rows.care_on_time[at] = x.care_on_time[customer]
    rows.care_late[at] = x.care_late[customer]
    rows.care_missed[at] = x.care_missed[customer]
    rows.complaints_well[at] = x.complaints_well[customer]
    rows.complaints_badly[at] = x.complaints_badly[customer]
    rows.rep_changes[at] = x.rep_changes[customer]
    rows.ignored_leads[at] = x.ignored_leads[customer]
    rows.paid[at] = x.paid[customer]
    rows.health[at] = x.health[customer]
    rows.written = at + 1
    free_list(w, x.face[customer])
    x.face[customer] = -1


@jitted
def write_task(w: World, task: int, ended: int, work: int, busy: int) -> None:
    """Write a task down that is done, withdrawn, or open at the horizon (``ended`` -1)."""
    tasks, rows = w.tasks, w.out.tasks
    at = rows.written
    due = tasks.due[task]
    rows.row[at] = tasks.row[task]
    rows.customer[at] = w.customers.row[tasks.customer[task]]
    rows.kind[at] = tasks.kind[task]
    rows.team[at] = w.items.teams[tasks.item[task] * w.most_teams]
    rows.rep[at] = tasks.rep[task]
    rows.ready[at] = tasks.fell_due[task]
    rows.due[at] = -1 if due >= NEVER else due
    rows.started[at] = tasks.started[task]
    rows.ended[at] = ended
    rows.work[at] = work
    rows.busy[at] = busy
    rows.written = at + 1
