"""Where leads come from: each is created at its keyed moment, with its own draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import ARRIVAL as ARRIVES_CLASS
from funnelsim.engine.codes import HANDOFF
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import draw, round_us
from funnelsim.model.numbers.draws import ARRIVAL, BATCH, CONTACT_YIELD, uniform
from funnelsim.model.rules import rules
from funnelsim.model.rules.endowment import Endowment, endow, lead_luck
from funnelsim.model.time.arrivals import arrival_time, next_target

from ..machine.jit import jitted
from ..world.events import ARRIVES, BEGIN_LEAD, BURSTS, begin, push
from ..world.ledger import add_filler, note
from ..world.slots import take_slot
from .outbound import chance, rest
from .owners import own

if TYPE_CHECKING:
    from ..world.world import World

# --- when ------------------------------------------------------------------------------------------


@jitted
def plan_arrival(w: World, source: int) -> None:
    """Plan the next arrival of a source."""
    sources, T = w.sources, w.tables.sources
    n = sources.arrivals[source] + 1
    entity = T.entity[source]
    if sources.has_rate[source] == 1:
        sources.target[source] = next_target(sources.target[source], w.seed, w.replication, entity, n)
        when = arrival_time(sources.clocks[source], sources.target[source])
    else:
        row = T.every[source]
        if row < 0:
            return
        gap = round_us(draw(w.tables.dists, row, w.seed, w.replication, entity, n, ARRIVAL, 0, 0))
        if sources.has_clock[source] == 1:
            sources.target[source] += gap
            when = arrival_time(sources.clocks[source], sources.target[source])
        else:
            when = sources.when[source] + gap
    sources.when[source] = when
    push(w, when, ARRIVES_CLASS, source, ARRIVES, source, 0, 0)


@jitted
def arrive(w: World, source: int) -> None:
    """An arrival: as many leads as its batch has, which are then created one a step."""
    sources, T = w.sources, w.tables.sources
    n = sources.arrivals[source] + 1
    sources.arrivals[source] = n
    size = draw(w.tables.dists, T.batch[source], w.seed, w.replication, T.entity[source], n, BATCH, 0, 0)
    u = 1.0
    if size != int(size):
        u = uniform(w.seed, w.replication, T.entity[source], n, BATCH, 0, 1)
    w.batch_source = source
    w.batch_left = rules.whole_number(size, u)
    if w.batch_left == 0:
        plan_arrival(w, source)


@jitted
def create_of_batch(w: World) -> None:
    """Create the next lead of an arrival; behind the last one the next arrival is planned."""
    source, sources = w.batch_source, w.sources
    sources.leads[source] += 1
    number = sources.leads[source]
    create(w, source, number, 0, w.tables.sources.entity[source], number, -1)
    w.batch_left -= 1
    if w.batch_left == 0:
        plan_arrival(w, source)


@jitted
def plan_burst(w: World, source: int) -> None:
    """Plan the next lead of a source's bursts."""
    sources = w.sources
    at = sources.burst_at[source]
    while at < sources.burst_offset[source + 1] and sources.burst_time[at] < 0:
        at += 1
    sources.burst_at[source] = at
    if at < sources.burst_offset[source + 1]:
        push(w, sources.burst_time[at], ARRIVES_CLASS, source, BURSTS, source, 0, 0)


@jitted
def arrive_in_burst(w: World, source: int) -> None:
    """A lead of a burst."""
    sources = w.sources
    at = sources.burst_at[source]
    number = at - sources.burst_offset[source] + 1
    create(w, source, number, 1, sources.burst_high[at], sources.burst_low[at], -1)
    sources.burst_at[source] = at + 1
    plan_burst(w, source)


@jitted
def contacted(w: World, rep: int) -> None:
    """A contact is over: a lead, or a prospect who rests; the rep is not free yet."""
    reps, sources = w.reps, w.sources
    add_filler(w, rep, reps.current[rep], w.now)
    reps.on_contact[rep] = 0
    source = reps.source[rep]
    entity = w.tables.sources.entity[source]
    u = uniform(w.seed, w.replication, entity, reps.prospect[rep], CONTACT_YIELD, reps.contacted[rep], 0)
    if u < chance(w, source):
        sources.left[source] -= 1
        sources.fruits[source] += 1
        number = sources.fruits[source]
        create(w, source, number, 0, entity, number, rep)
    else:
        rest(w, rep)


# --- what ------------------------------------------------------------------------------------------


@jitted
def create(w: World, source: int, number: int, burst: int, high: int, low: int, found_by: int) -> None:
    """Create a lead of a source with its own draws, and let its journey begin."""
    leads, T = w.leads, w.tables
    lead = new_lead(w, high, low, source, number, w.now)
    leads.burst[lead] = burst
    luck = lead_luck(T, w.seed, w.replication, high, low, source, 0)
    endow_lead(w, lead, endow(T, luck, w.seed, w.replication, high, low, source, rec.NEW, 0))
    note(w, lead, -1, rec.CREATED, -1, -1)
    to = T.sources.to[source * w.kinds + leads.kind[lead]]
    if found_by >= 0:
        team = w.reps.team[found_by]
        leads.last_team[lead] = team
        leads.last_rep[lead] = found_by
        cell = to * w.kinds + leads.kind[lead]
        if w.reps.end[found_by] < 0 and works_on(w, team, cell) and T.stages.any_rep[to] == 0:
            own(w, lead, found_by, False)
    leads.stage[lead] = to
    begin(w, BEGIN_LEAD, lead)


@jitted
def works_on(w: World, team: int, cell: int) -> bool:
    """Whether a team may work on a stage for a kind of lead."""
    S = w.tables.stages
    first = S.team_offset[cell]
    for at in range(first, first + S.team_count[cell]):
        if S.team_list[at] == team:
            return True
    return False


@jitted
def endow_lead(w: World, lead: int, drawn: Endowment) -> None:
    """Give a lead what was drawn for it."""
    leads = w.leads
    leads.segment[lead] = drawn.segment
    leads.territory[lead] = drawn.territory
    leads.kind[lead] = drawn.kind
    leads.value[lead] = drawn.value
    leads.quality[lead] = drawn.quality
    leads.score[lead] = drawn.score
    leads.seen_as[lead] = drawn.seen_as
    leads.readiness[lead] = drawn.readiness
    leads.ready_after[lead] = drawn.ready_after


@jitted
def new_lead(w: World, high: int, low: int, source: int, number: int, created: int) -> int:
    """A slot for a lead, as blank as a lead begins."""
    leads = w.leads
    lead = take_slot(leads.slots)
    leads.serial[lead] = w.created
    w.created += 1
    leads.high[lead] = high
    leads.low[lead] = low
    leads.source[lead] = source
    leads.number[lead] = number
    leads.created[lead] = created
    for column in (leads.burst, leads.origin, leads.opening, leads.owned, leads.faces, leads.waited, leads.booked,
                   leads.discounted, leads.promised, leads.visiting, leads.segment):  # fmt: skip
        column[lead] = 0
    for column in (leads.parent, leads.came_from, leads.owner, leads.joined, leads.last_team, leads.last_rep,
                   leads.face, leads.first_touch, leads.response_open, leads.ended, leads.outcome,
                   leads.customer, leads.item, leads.territory):  # fmt: skip
        column[lead] = -1
    leads.context[lead] = 1.0
    leads.factors[lead] = 0.0
    leads.joined_keeps[lead] = -1.0
    leads.discount[lead] = 0.0
    leads.onboarding[lead] = 1.0
    leads.health_loss[lead] = 0.0
    stages, most = w.stages, w.limits.most
    for stage in range(stages):
        leads.lifted[lead * stages + stage] = 0
        leads.visits[lead * stages + stage] = 0
    for limit in range(most):
        leads.inside[lead * most + limit] = 0
        leads.been[lead * most + limit] = 0
    leads.mode[lead] = HANDOFF
    leads.until[lead] = NEVER
    return lead
