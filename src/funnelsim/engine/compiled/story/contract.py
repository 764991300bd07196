"""A customer's contract, which runs from the booking, and what begins when it is live."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from funnelsim.model import customer_rules as rules
from funnelsim.model.draws import OPENING

from ..machine.jit import jitted
from ..world.draw import in_calendar
from ..world.world import NEVER
from .health import CARE, DUES, OVERDUE, RENEWS, arm, change_health, draw_of_customer, felt, pace, rate

if TYPE_CHECKING:
    from ..world.world import World


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
