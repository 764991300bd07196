"""A customer's contract and health: when it is renewed, what is due for it, and what hangs on health."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from funnelsim.engine.codes import ARRIVAL, CARE, CHURNS, COMPLAINS, CONTRACTS, EXPIRY, OVERDUE, RENEWS
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import CHURN, COMPLAINT, EXPANSION, OPENING, REFERRAL, uniform
from funnelsim.model.rules import customer_rules as rules

from ..machine.jit import jitted
from ..world.draw import in_calendar
from ..world.events import DUE, push
from ..world.lines import keys_again

if TYPE_CHECKING:
    from ..world.world import World

DUES = 10
STREAMS = 3
"""Complaints, expansions, referrals."""


@jitted
def draw_of_customer(w: World, customer: int, purpose: int, number: int, index: int) -> float:
    """The uniform number of a customer for a purpose."""
    x = w.customers
    return uniform(w.seed, w.replication, x.high[customer], x.low[customer], purpose, number, index)


@jitted
def next_due(w: World, customer: int) -> int:
    """What falls due first."""
    dues = w.customers.dues
    base = customer * DUES
    first = 0
    for what in range(1, DUES):
        if dues[base + what] < dues[base + first]:
            first = what
    return first


@jitted
def class_of_due(what: int) -> int:
    """The class of a due event at its instant."""
    return ARRIVAL if what <= CONTRACTS else EXPIRY


@jitted
def arm(w: World, customer: int) -> None:
    """Put the earliest due event of a customer into the event list, unless one is there in time."""
    x = w.customers
    what = next_due(w, customer)
    when = x.dues[customer * DUES + what]
    if when >= NEVER:
        return
    order = class_of_due(what)
    if when < x.armed[customer] or (when == x.armed[customer] and order < x.armed_class[customer]):
        x.armed[customer] = when
        x.armed_class[customer] = order
        push(w, when, order, x.serial[customer], DUE, customer, x.row[customer], order)


@jitted
def change_health(w: World, customer: int, by: float) -> None:
    """Health moves, or who cares for it does, and with it the hazard."""
    x = w.customers
    if x.ended[customer] >= 0:
        return
    x.base[customer] = rules.health_after(x.base[customer], by)
    health = felt(w, customer)
    if health != x.health[customer]:
        x.health[customer] = health
        rate(w, customer)
        pace(w, customer)
        arm(w, customer)
        again(w, customer)


@jitted
def felt(w: World, customer: int) -> float:
    """Health with what the skill of the customer's rep adds to it."""
    x = w.customers
    skill = 0.0
    if x.rep[customer] >= 0:
        skill = w.reps.skill[x.rep[customer]]
    return rules.health_after(x.base[customer], w.tables.customers.rep_skill * skill)


@jitted
def rate(w: World, customer: int) -> None:
    """The hazard from now on, and when the accumulated hazard passes the customer's own draw."""
    x, C, now = w.customers, w.tables.customers, w.now
    kind = x.kind[customer]
    hazard = rules.churn_rate(C.churn[kind], C.health_weight[kind], x.health[customer], C.health_start)
    early, until = C.early[kind], x.early_until[customer]
    if hazard == x.rate[customer] and early == x.early[customer]:
        return
    x.spent[customer] += rules.hazard_between(
        x.rate[customer], x.early[customer], until, x.rated_from[customer], now
    )
    x.rate[customer] = hazard
    x.early[customer] = early
    x.rated_from[customer] = now
    if x.exposure[customer] < 0.0:
        x.exposure[customer] = rules.exponential(draw_of_customer(w, customer, CHURN, 0, 0))
    left = x.exposure[customer] - x.spent[customer]
    x.dues[customer * DUES + CHURNS] = rules.hazard_reaches(hazard, early, until, now, left)
    arm(w, customer)


@jitted
def pace(w: World, customer: int) -> None:
    """The rates of the Poisson streams from now on: events that are planned come sooner or later."""
    x, C, now = w.customers, w.tables.customers, w.now
    if x.live[customer] < 0:
        return
    for stream in range(STREAMS):
        cell = stream * w.kinds + x.kind[customer]
        at = customer * STREAMS + stream
        new = rules.stream_rate(C.rate[cell], C.rate_weight[cell], x.health[customer], C.health_start)
        before = x.paces[at]
        if new == before:
            continue
        x.paces[at] = new
        if x.left[at] < 0.0:
            plan_stream(w, customer, stream)
        else:
            x.left[at] = rules.stream_left(x.left[at], before, x.paced_from[at], now)
            x.paced_from[at] = now
            x.dues[customer * DUES + COMPLAINS + stream] = rules.stream_due(x.left[at], new, now)


@jitted
def plan_stream(w: World, customer: int, stream: int) -> None:
    """When the next event of a Poisson stream comes at its present rate."""
    x = w.customers
    purpose = COMPLAINT
    if stream == 1:
        purpose = EXPANSION
    elif stream == 2:
        purpose = REFERRAL
    at = customer * STREAMS + stream
    u = draw_of_customer(w, customer, purpose, x.counts[customer * 5 + COMPLAINS + stream] + 1, 0)
    x.left[at] = rules.exponential(u)
    x.paced_from[at] = w.now
    x.dues[customer * DUES + COMPLAINS + stream] = rules.stream_due(x.left[at], x.paces[at], w.now)


@jitted
def again(w: World, customer: int) -> None:
    """What waits for a customer may come sooner now: its health or value has changed."""
    task = w.customers.task[customer]
    while task >= 0:
        item = w.tasks.item[task]
        if item >= 0 and w.items.waiting[item] == 1:
            keys_again(w, item, True)
        task = w.tasks.next[task]


@jitted
def sign(w: World, customer: int, experience: float, opening: bool) -> None:
    """A contract begins: a customer may churn and has renewals from now on. One of the start is past that.

    ``experience`` is what the way to the booking takes off health.
    """
    x, C, now = w.customers, w.tables.customers, w.now
    x.rated_from[customer] = now
    x.base[customer] = rules.health_after(C.health_start, -x.promise_gap[customer] - experience)
    x.health[customer] = felt(w, customer)
    x.early_until[customer] = now if opening else now + C.early_first[x.kind[customer]]
    rate(w, customer)
    on_the_beat(w, customer, RENEWS, opening)


@jitted
def start_care(w: World, customer: int, opening: bool) -> None:
    """A customer is through the line: care falls due, and it may complain and give rise to leads."""
    x = w.customers
    x.live[customer] = w.now
    x.dues[customer * DUES + OVERDUE] = NEVER
    pace(w, customer)
    on_the_beat(w, customer, CARE, opening)


@jitted
def on_the_beat(w: World, customer: int, what: int, opening: bool) -> None:
    """What falls due on a fixed beat from now on; customers of the start are somewhere between two dues."""
    x = w.customers
    every = w.tables.customers.every[what * w.kinds + x.kind[customer]]
    if every > 0:
        phase = every
        if opening:
            phase = floor(draw_of_customer(w, customer, OPENING, 0, what) * every)
        x.dues[customer * DUES + what] = w.now + phase
    arm(w, customer)


@jitted
def onboard_by(w: World, customer: int, due: int) -> None:
    """The stage that a customer is in now is to be through at a deadline, or NEVER; who is late stays late."""
    x, C = w.customers, w.tables.customers
    if x.overdue[customer] == 1 or x.ended[customer] >= 0:
        return
    row = C.onboarding_due
    if row >= 0:
        calendar = C.calendar[x.kind[customer]]
        due = min(due, in_calendar(w, row, w.tables.dists.a[row], calendar, x.since[customer]))
    x.dues[customer * DUES + OVERDUE] = max(due, w.now)
    arm(w, customer)


@jitted
def overdue(w: World, customer: int) -> None:
    """A customer is not live at its deadline, or was not and still is not a week later."""
    x = w.customers
    x.overdue[customer] = 1
    x.dues[customer * DUES + OVERDUE] = w.now + rules.WEEK
    change_health(w, customer, -w.tables.customers.late_onboarding)
