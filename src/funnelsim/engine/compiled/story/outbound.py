"""Sources worked by a team: contacts that fill the time in which nothing else waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUSINESS_DAYS, BUYER_ENDS, CONTACT_SERIALS, WORK_ENDS
from funnelsim.model.numbers.distributions import draw
from funnelsim.model.numbers.draws import CONTACT_EFFORT
from funnelsim.model.rules import rules

from ..machine.jit import jitted
from ..world.events import CONTACTED, RESTED, push
from ..world.orders import IDLE, order_base, order_count
from ..world.slots import free_slot, node
from .teams import occupy
from .turns import touch
from .working import begin_work, hours_at_work, time_of_work

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def take_prospect(w: World, source: int, rep: int) -> bool:
    """Hand a rep the next prospect: fresh ones in order, then those that have rested; False if there is none."""
    sources, reps = w.sources, w.reps
    if sources.market[source] == 0 or sources.fresh[source] < sources.market[source]:
        sources.fresh[source] += 1
        reps.prospect[rep] = sources.fresh[source]
        reps.contacted[rep] = 0
    elif not take_rested(w, source, rep):
        return False
    sources.contacts[source] += 1
    reps.source[rep] = source
    return True


@jitted
def take_rested(w: World, source: int, rep: int) -> bool:
    """Hand a rep the first who has rested and is still on the list."""
    sources, reps = w.sources, w.reps
    while sources.rested[source] >= 0:
        at = sources.rested[source]
        reps.prospect[rep] = w.nodes.a[at]
        reps.contacted[rep] = w.nodes.b[at]
        sources.rested[source] = w.nodes.next[at]
        if w.nodes.next[at] < 0:
            sources.rested_last[source] = -1
        free_slot(w.nodes.slots, at)
        if reps.prospect[rep] <= sources.market[source]:
            return True
    return False


@jitted
def settle_prospects(w: World) -> None:
    """Work by the lists of another period: a list that is longer now has fresh prospects."""
    sources, O = w.sources, w.tables.outbound  # noqa: E741
    for source in range(sources.count):
        if sources.known[source] == 1 and sources.market[source] != O.market[source]:
            sources.market[source] = O.market[source]
            sources.left[source] = max(O.market[source] - sources.fruits[source], 0)
            if O.team[source] >= 0:
                touch(w, O.team[source])


@jitted
def chance(w: World, source: int) -> float:
    """Probability that a contact yields a lead: falls as the market is used up."""
    sources = w.sources
    gain = w.tables.outbound.gain[source]
    if sources.market[source] == 0:
        return float(gain)
    return float(gain * (sources.left[source] / sources.market[source]))


@jitted
def rest(w: World, rep: int) -> None:
    """A prospect who did not become a lead comes back to the end of the list after cooling."""
    source = w.reps.source[rep]
    if w.sources.market[source] == 0:
        return
    prospect = w.reps.prospect[rep]
    when = w.now + w.tables.outbound.cooling[source]
    push(w, when, BUYER_ENDS, CONTACT_SERIALS + prospect, RESTED, source, prospect, w.reps.contacted[rep] + 1)


@jitted
def rested(w: World, source: int, prospect: int, contacted: int) -> None:
    """A prospect may be contacted again."""
    sources = w.sources
    at = node(w, prospect, contacted, 0, -1)
    if sources.rested[source] < 0:
        sources.rested[source] = at
    else:
        w.nodes.next[sources.rested_last[source]] = at
    sources.rested_last[source] = at
    team = w.tables.outbound.team[source]
    if team >= 0:
        touch(w, team)


@jitted
def fill(w: World, team: int) -> None:
    """Let every idle rep of a team make a contact; of several lists the least contacted is next."""
    while True:
        rep = first_to_spare(w, team)
        if rep < 0 or not find_prospect(w, team, rep):
            return
        contact(w, rep)


@jitted
def first_to_spare(w: World, team: int) -> int:
    """The first idle rep of a team, with time to spare where people are as many as needed; -1 if there is none."""
    base = order_base(w, team, IDLE)
    for k in range(order_count(w, team, IDLE)):
        rep = w.teams.orders[base + k]
        if w.reps.current[rep] < 0 and w.reps.spare_from[rep] <= w.now:
            return int(rep)
    return -1


@jitted
def find_prospect(w: World, team: int, rep: int) -> bool:
    """Hand a rep a prospect from the first of the team's lists, the least contacted first, that has one."""
    sources = w.sources
    contacts, last = -1, -1
    while True:
        best = -1
        for source in range(sources.count):
            if w.tables.outbound.team[source] != team:
                continue
            number = sources.contacts[source]
            behind = number > contacts or (number == contacts and source > last)
            if behind and (best < 0 or number < sources.contacts[best]):
                best = source
        if best < 0:
            return False
        if take_prospect(w, best, rep):
            return True
        contacts, last = sources.contacts[best], best


@jitted
def contact(w: World, rep: int) -> None:
    """A rep works on one prospect; not interrupted, and at closing as the team does."""
    reps, T = w.reps, w.tables.teams
    team, source = reps.team[rep], reps.source[rep]
    row = w.tables.outbound.effort[source]
    drawn = draw(
        w.tables.dists, row, w.seed, w.replication, w.tables.sources.entity[source], reps.prospect[rep],
        CONTACT_EFFORT, reps.contacted[rep], 0,
    )  # fmt: skip
    if w.tables.dists.unit[row] == BUSINESS_DAYS:
        drawn *= w.calendars.day_hours[w.teams.calendar[team]]
    over = reps.load[rep] - T.switching_from[team]
    effort = rules.touch_work(drawn, reps.speed[rep], 0.0, 1.0, T.switching[team], over)
    if w.tables.switches.boundless == 0:
        occupy(w, rep)
    hours = hours_at_work(w, rep)
    begin_work(w, rep, hours, hours)
    end, _, _ = time_of_work(w, rep, hours, hours, effort, 1)
    reps.spare_from[rep] = end  # read where people are as many as needed
    reps.on_contact[rep] = 1
    push(w, end, WORK_ENDS, CONTACT_SERIALS + (team << 20) + reps.seat[rep], CONTACTED, rep, 0, 0)
