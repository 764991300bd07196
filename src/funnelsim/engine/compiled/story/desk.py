"""The dispatcher: at each instant in which something changed, idle reps choose what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUSINESS_DAYS, CARE, CONTACT_SERIALS, GIVING, MEETING, TOUCH, WORK, WORK_ENDS
from funnelsim.model import records as rec
from funnelsim.model.numbers.distributions import draw
from funnelsim.model.numbers.draws import (
    CARE_EFFORT,
    COMPLAINT_EFFORT,
    EFFORT,
    GIVE,
    JOINT,
    RENEWAL_EFFORT,
    TAKE,
)
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import BY_WEIGHT
from funnelsim.model.time.calendars import finish_common

from ..machine.jit import jitted
from ..world.draw import effort, response_time
from ..world.events import DONE, SPARES, push
from ..world.ledger import add_wait, change, face_customer, face_lead, note, queue_area, team_area, turn
from ..world.lines import in_waiting_order, out_of_waiting_order
from ..world.orders import CALLED, IDLE, order_count
from ..world.slots import free_slot
from .choice import NOTHING, choose, rather
from .outbound import fill
from .owners import give_customer, own
from .teams import accept_all, dismiss_all, occupy
from .turns import next_partner, next_rep, take_turn, team_open, touch
from .working import begin_work, hours_at_work, speed_at_stage, time_of_work

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def start_waiting(w: World, item: int) -> None:
    """An item begins to wait for a rep of its teams, or for its own rep."""
    items = w.items
    items.ready[item] = w.now
    items.since[item] = w.now
    items.open_before[item] = 0
    items.waiting[item] = 1
    in_waiting_order(w, item)
    change(w, queue_area(w, items.stage[item]), 1)
    change(w, team_area(w, items.teams[item * w.most_teams]), 1)
    accept_all(w, item)


@jitted
def stop_waiting(w: World, item: int) -> None:
    """An item's wait is over: a rep starts on it, or it leaves."""
    items = w.items
    team = items.teams[item * w.most_teams]
    items.waiting[item] = 0
    out_of_waiting_order(w, item)
    change(w, queue_area(w, items.stage[item]), -1)
    change(w, team_area(w, team), -1)
    open_time = items.open_before[item] + add_wait(w, team, items.since[item], w.now)
    if items.task[item] == 1:
        task = items.of[item]
        customer = w.tasks.customer[task]
        if w.customers.care[customer] == task:
            w.customers.care[customer] = -1
    else:
        lead = items.of[item]
        w.leads.item[lead] = -1
        w.leads.wait_open[lead] += open_time
    dismiss_all(w, item)


@jitted
def free_item(w: World, item: int) -> None:
    """An item is over; alarms that were set for it find another."""
    w.items.times[item] += 1
    free_slot(w.items.slots, item)


# --- dispatch --------------------------------------------------------------------------------------


@jitted
def dispatch_joint(w: World) -> None:
    """Let teams with joint work choose before others, whose reps they may want."""
    w.joint_touched = 0
    for team in range(w.teams.count):
        if w.teams.joint[team] > 0 and team_open(w, team):
            serve(w, team, w.teams.joint_first[team] == 1)


@jitted
def dispatch(w: World, team: int) -> None:
    """Let a team choose."""
    teams = w.teams
    teams.touched[team] = 0
    if not team_open(w, team):
        return
    if teams.joint[team] > 0 and teams.joint_first[team] == 1:
        serve(w, team, True)
    serve(w, team, False)
    for k in range(teams.follower_count[team]):  # may take what they left to this team
        follower = teams.followers[team * teams.count + k]
        if order_count(w, follower, IDLE) > 0:
            touch(w, follower)
    if teams.outbound[team] == 1:
        fill(w, team)


@jitted
def serve(w: World, team: int, joint_only: bool) -> None:
    """Let the idle reps of a team choose, one after another, until none finds anything."""
    teams, reps = w.teams, w.reps
    if teams.unowned[team] == 0 and order_count(w, team, CALLED) == 0:
        return
    w.dispatches += 1
    rep = next_rep(w, team)
    while rep >= 0:
        item = choose(w, team, rep, joint_only, NOTHING)
        if item < 0:
            reps.tried[rep] = w.dispatches
        else:
            start_next(w, rep, item)
        rep = next_rep(w, team)


# --- work ------------------------------------------------------------------------------------------


@jitted
def start_next(w: World, rep: int, item: int) -> None:
    """Start what a rep has chosen, or what the partner whom it needs would rather do.

    That may need a partner again. Wishes can go round in a circle, so they are followed no further than there
    are teams; each can start, whichever is the last.
    """
    partner = partner_for(w, item)
    left = w.teams.count
    while partner >= 0 and left > 0:
        other = rather(w, partner, item)
        if other < 0:
            break
        rep, item = partner, other
        partner = partner_for(w, item)
        left -= 1
    count_turn(w, rep, item)
    start(w, w.reps.team[rep], rep, item, partner)


@jitted
def partner_for(w: World, item: int) -> int:
    """The rep who would join now; -1 if the item needs none."""
    team = w.items.partner[item]
    return next_partner(w, team, w.items.of[item]) if team >= 0 else -1


@jitted
def count_turn(w: World, rep: int, item: int) -> None:
    """Remember whose turn it was at a dispatch."""
    teams, team = w.teams, w.reps.team[rep]
    if teams.on_arrival[team] == 0:
        teams.last_seat[team] = w.reps.seat[rep]
    if teams.routing[team] == BY_WEIGHT and w.items.rep[item] < 0:
        take_turn(w, team, IDLE, rep, item)


@jitted
def start(w: World, team: int, rep: int, item: int, partner: int) -> None:
    """A rep starts on an item: occupied from now until the work is done."""
    items = w.items
    stop_waiting(w, item)
    if items.task[item] == 1:
        begin_task(w, item, rep)
    else:
        begin_touch(w, item, rep, partner)
    a = hours_at_work(w, rep)
    b = a
    if partner >= 0:
        b = hours_at_work(w, partner)
        take_up(w, partner, a, b)
    take_up(w, rep, a, b)
    items.since[item] = w.now
    items.hours_a[item] = a
    items.hours_b[item] = b
    items.post_a[item] = w.reps.quarters[rep]
    if partner >= 0:
        items.post_b[item] = w.reps.quarters[partner]
    end, busy, work = time_of_work(w, rep, a, b, effort_of(w, item, rep, team), 0)
    items.done_rep[item] = rep
    items.done_partner[item] = partner
    items.done_busy[item] = busy
    items.done_work[item] = work
    push(w, end, WORK_ENDS, items.serial[item], DONE, item, 0, 0)
    if w.tables.switches.boundless == 1:
        charge(w, rep, a, b, busy)
        if partner >= 0:
            charge(w, partner, a, b, busy)


@jitted
def take_up(w: World, rep: int, a: int, b: int) -> None:
    """A rep begins a piece of work, and does nothing else meanwhile unless people are as many as needed."""
    if w.tables.switches.boundless == 0:
        occupy(w, rep)
        begin_work(w, rep, a, b)


@jitted
def charge(w: World, rep: int, a: int, b: int, busy: int) -> None:
    """Where people are as many as needed, time for contacts is what the work would leave one after another."""
    reps, team = w.reps, w.reps.team[rep]
    if w.teams.outbound[team] == 1 and reps.spare_from[rep] < w.horizon:
        reps.spare_from[rep] = finish_common(w.calendars, a, b, max(reps.spare_from[rep], w.now), busy)
        push(
            w, reps.spare_from[rep], WORK_ENDS, CONTACT_SERIALS + (team << 20) + reps.seat[rep], SPARES, team, 0, 0
        )


@jitted
def begin_touch(w: World, item: int, rep: int, partner: int) -> None:
    """A rep starts on a lead: it is owned, and has been touched."""
    items, leads, reps = w.items, w.leads, w.reps
    lead = items.of[item]
    turn(w, lead, WORK)
    leads.in_hand[lead] = item
    if items.piece[item] == TOUCH:
        if leads.owner[lead] < 0 and w.tables.stages.any_rep[items.stage[item]] == 0:
            own(w, lead, rep, items.assigned[item] == 1)
            items.assigned[item] = 0
        if leads.touched[lead] < 0:
            leads.touched[lead] = w.now
    if leads.first_touch[lead] < 0:
        leads.first_touch[lead] = w.now
        leads.response_open[lead] = response_time(w, lead, reps.team[rep])
    face_lead(w, lead, rep)
    if partner >= 0:
        face_lead(w, lead, partner)
    leads.team[lead] = reps.team[rep]
    leads.rep[lead] = rep
    note(w, lead, leads.stage[lead], rec.STARTED, rep, -1)


@jitted
def begin_task(w: World, item: int, rep: int) -> None:
    """A rep starts on work for a customer; one without a rep is that rep's from now on."""
    items, tasks, x = w.items, w.tasks, w.customers
    task = items.of[item]
    customer = tasks.customer[task]
    tasks.started[task] = w.now
    tasks.rep[task] = rep
    items.teams[item * w.most_teams] = w.reps.team[rep]
    items.team_count[item] = 1
    face_customer(w, customer, rep)
    if tasks.kind[task] == CARE:
        if tasks.started[task] < tasks.due[task]:
            x.care_on_time[customer] += 1
        else:
            x.care_late[customer] += 1
    if x.rep[customer] < 0:
        give_customer(w, customer, rep)


@jitted
def effort_of(w: World, item: int, rep: int, team: int) -> float:
    """Effort of a piece of work by a rep at full productivity, in microseconds."""
    T, reps = w.tables.teams, w.reps
    rework, context, speed = 0.0, 1.0, reps.speed[rep]
    if w.items.task[item] == 1:
        drawn = task_effort(w, item, team)
    else:
        lead = w.items.of[item]
        drawn = touch_effort(w, item, team)
        context = w.leads.context[lead]
        speed = speed_at_stage(w, rep, w.leads.stage[lead])
        if w.items.piece[item] == TOUCH:
            rework = w.tables.stages.rework[w.leads.cell[lead]]
    over = reps.load[rep] - T.switching_from[team]
    return rules.touch_work(drawn, speed, rework, context, T.switching[team], over)


@jitted
def touch_effort(w: World, item: int, team: int) -> float:
    """Drawn effort of a piece of work on a lead, before anything that depends on the rep."""
    leads, S = w.leads, w.tables.stages
    lead, piece = w.items.of[item], w.items.piece[item]
    cell = leads.cell[lead]
    if piece == GIVING:
        return effort(w, S.give[cell], lead, GIVE, 0, team)
    if piece == MEETING:
        return effort(w, S.meeting[cell], lead, JOINT, 0, team)
    drawn = effort(w, S.effort[cell], lead, EFFORT, leads.touch[lead], team)
    if leads.outcome[lead] == rec.WON:
        drawn *= leads.onboarding[lead]
    if leads.take[lead] == 1 and leads.touch[lead] == 0 and S.take[cell] >= 0:
        drawn += effort(w, S.take[cell], lead, TAKE, 0, team)
    return drawn


@jitted
def task_effort(w: World, item: int, team: int) -> float:
    """Drawn effort of work for a customer, before anything that depends on the rep."""
    task = w.items.of[item]
    x, kind, customer = w.customers, w.tasks.kind[task], w.tasks.customer[task]
    row = w.tables.customers.effort[kind * w.kinds + x.kind[customer]]
    if row < 0:
        return 0.0  # a phase has taken the work away
    purpose = CARE_EFFORT if kind == CARE else RENEWAL_EFFORT
    if kind > 1:
        purpose = COMPLAINT_EFFORT
    drawn = draw(
        w.tables.dists, row, w.seed, w.replication, x.high[customer], x.low[customer], purpose,
        w.items.number[item], 0,
    )  # fmt: skip
    if w.tables.dists.unit[row] == BUSINESS_DAYS:
        drawn = drawn * w.calendars.day_hours[w.teams.calendar[team]]
    return max(drawn, 0.0)
