"""The event loop: what happens next, until there is no room, a pause is due, or the horizon is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import CALENDAR, CLASS_BITS, DISPATCH
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.time.calendars import closes_at, next_open

from ..machine.jit import jitted
from ..world.draw import ARRANGING, CLOSING, FINISHED, OPENING_CUSTOMERS, OPENING_DEALS, RUNNING, SETTING_UP
from ..world.events import (
    ALARM,
    ARRIVES,
    AWAY,
    BACK,
    BEGIN_ARRIVALS,
    BEGIN_BURSTS,
    BEGIN_LEAD,
    BEGIN_OPENINGS,
    BEGIN_PARTING,
    BURSTS,
    CONTACTED,
    DONE,
    DUE,
    FILL,
    HEARD,
    NOTICE,
    OPENING,
    PHASE,
    RELEASE,
    RESIZE,
    RESTED,
    SPARES,
    WAKE,
    begin,
    next_time,
    pop,
    push,
)
from ..world.ledger import close_bin
from ..world.lines import open_line, team_line
from ..world.room import grant
from ..world.world import HOP_WORDS, WHAT_WORDS
from .customers import open_customer
from .desk import dispatch, dispatch_joint
from .ends import arrange, close_all, open_deal
from .journey import resume_journey, set_out
from .life import ring
from .outbound import rested
from .reorganisation import read_limits, read_seats, switch_period
from .settling import read_followers, read_team
from .sources import arrive, arrive_in_burst, create_of_batch, plan_arrival, plan_burst
from .staffing import come_back, fill_first_seats, fill_seat, give_notice, go_away, release, resize
from .steps import WORKED
from .turns import team_open, touch
from .visit.standing import stand
from .work import alarm_rings, contact_ends, part, work_ends

if TYPE_CHECKING:
    from ..world.world import World

NEEDS_ROOM, PAUSED, NEEDS_COLUMNS = -1, -2, -3
"""Why control goes back before the end."""


@jitted
def go(w: World) -> int:
    """Advance the simulation until it ends, room runs out, a pause is due or columns are needed; says which."""
    while w.status < FINISHED:
        if w.budget <= 0:
            if w.pause <= 0:
                return PAUSED
            grant(w)
            if w.budget <= 0:
                return NEEDS_ROOM
        w.budget -= 1
        if w.status == RUNNING:
            step(w)
        elif w.status == ARRANGING and w.out.arranged == 0:
            return NEEDS_COLUMNS
        else:
            prepare_or_close(w)
    return int(w.status)


@jitted
def prepare_or_close(w: World) -> None:
    """What comes before the first event and after the last."""
    if w.status == SETTING_UP:
        set_up(w)
        w.status = OPENING_CUSTOMERS
    elif w.status == OPENING_CUSTOMERS:
        if w.opened < w.tables.customers.opening:
            w.opened += 1
            open_customer(w, w.opened)
        else:
            w.opened = 0
            w.status = OPENING_DEALS
    elif w.status == OPENING_DEALS:
        if w.opened < w.deals.count:
            open_deal(w, w.opened)
            w.opened += 1
        else:
            begin_all(w)
            w.status = RUNNING
    elif w.status == CLOSING:
        close_all(w)
        w.status = ARRANGING
    else:
        arrange(w)
        w.status = FINISHED


@jitted
def step(w: World) -> None:
    """The next thing that happens."""
    hops = w.hops
    if w.batch_left > 0:
        create_of_batch(w)
    elif hops.first_head < hops.first_tail:
        begins(w)
    elif hops.then_head < hops.then_tail:
        goes_on(w)
    elif w.dispatch_pending > 0 and dispatch_is_next(w):
        dispatch_next(w)
    elif next_time(w) < w.books.edges[w.books.bin + 1]:
        happens(w)
    else:
        close_bin(w)
        if w.books.bin == len(w.books.edges) - 1:
            w.status = CLOSING


@jitted
def begins(w: World) -> None:
    """Something begins."""
    hops = w.hops
    base = hops.first_head * HOP_WORDS
    kind, a = hops.first[base], hops.first[base + 1]
    hops.first_head += 1
    if hops.first_head == hops.first_tail:
        hops.first_head = 0
        hops.first_tail = 0
    if kind == BEGIN_LEAD:
        if w.leads.opening[a] == 1:
            stand(w, a)
        else:
            set_out(w, a)
    elif kind == BEGIN_ARRIVALS:
        plan_arrival(w, a)
    elif kind == BEGIN_BURSTS:
        plan_burst(w, a)
    elif kind == BEGIN_PARTING:
        part(w, a)
    else:
        plan_opening(w, a)


@jitted
def goes_on(w: World) -> None:
    """Something goes on."""
    hops = w.hops
    base = hops.then_head * HOP_WORDS
    kind, a, b = hops.then[base], hops.then[base + 1], hops.then[base + 2]
    hops.then_head += 1
    if hops.then_head == hops.then_tail:
        hops.then_head = 0
        hops.then_tail = 0
    resume_journey(w, a, b if kind == HEARD else WORKED)


@jitted
def dispatch_is_next(w: World) -> bool:
    """Whether a dispatch comes before the next event."""
    heap = w.heap
    if heap.size == 0 or heap.entries[0] > w.now:
        return True
    return bool(heap.entries[1] >> CLASS_BITS > DISPATCH)


@jitted
def dispatch_next(w: World) -> None:
    """The first dispatch that is asked for: joint touches, then teams in order."""
    w.dispatch_pending -= 1
    if w.joint_touched == 1:
        dispatch_joint(w)
        return
    team = 0
    while w.teams.touched[team] == 0:
        team += 1
    dispatch(w, team)


@jitted
def happens(w: World) -> None:
    """The next event."""
    entries, what = w.heap.entries, w.heap.what
    w.now = entries[0]
    base = entries[3] * WHAT_WORDS
    kind, a, b, c = what[base], what[base + 1], what[base + 2], what[base + 3]
    pop(w)
    if kind == DONE:
        work_ends(w, a)
    elif kind == ARRIVES:
        arrive(w, a)
    elif kind == WAKE:
        if w.leads.serial[a] == c:
            resume_journey(w, a, b)
    elif kind == ALARM:
        alarm_rings(w, a, b, c)
    elif kind == DUE:
        ring(w, a, b, c)
    elif kind == CONTACTED:
        contact_ends(w, a)
    elif kind == SPARES:
        touch(w, a)
    elif kind == RESTED:
        rested(w, a, b, c)
    elif kind == BURSTS:
        arrive_in_burst(w, a)
    elif kind == OPENING:
        opens(w, a, b)
    else:
        changes(w, kind, a, b, c)


@jitted
def changes(w: World, kind: int, a: int, b: int, c: int) -> None:
    """Something about people, or the whole organisation, changes."""
    if kind == AWAY:
        go_away(w, a, b, c)
    elif kind == BACK:
        come_back(w, a, b)
    elif kind == NOTICE:
        give_notice(w, a, b)
    elif kind == FILL:
        fill_seat(w, a)
    elif kind == RESIZE:
        resize(w, a, b)
    elif kind == RELEASE:
        release(w, a)
    elif kind == PHASE:
        switch_period(w, a)


# --- calendars -----------------------------------------------------------------------------------------


@jitted
def plan_opening(w: World, team: int) -> None:
    """Plan the first opening of a team after now; there is none for a calendar that does not close again."""
    row = w.teams.calendar[team]
    closing = closes_at(w.calendars, row, w.now) if team_open(w, team) else w.now
    when = NEVER if closing >= NEVER else next_open(w.calendars, row, closing)
    push(w, when, CALENDAR, 1 + team, OPENING, team, row, 0)


@jitted
def opens(w: World, team: int, row: int) -> None:
    """A team opens, and chooses among all that then waits; unless it has other hours by now."""
    if w.teams.calendar[team] == row:
        touch(w, team)
        plan_opening(w, team)


# --- the beginning -----------------------------------------------------------------------------------


@jitted
def set_up(w: World) -> None:
    """The organisation as it stands at the start, without leads and customers."""
    read_followers(w)
    for team in range(w.teams.count):
        read_team(w, team)
        open_line(w, team_line(w, team, -1))
    read_limits(w)
    read_seats(w)
    for number in range(1, w.period_count):
        push(w, w.period_start[number], CALENDAR, 0, PHASE, number, 0, 0)
    fill_first_seats(w)


@jitted
def begin_all(w: World) -> None:
    """Let sources send leads and teams open."""
    sources = w.sources
    for source in range(sources.count):
        if sources.has_rate[source] == 1 or sources.has_interval[source] == 1:
            begin(w, BEGIN_ARRIVALS, source)
        if sources.burst_offset[source + 1] > sources.burst_offset[source]:
            begin(w, BEGIN_BURSTS, source)
    for team in range(w.teams.count):
        begin(w, BEGIN_OPENINGS, team)
