"""Leads that are in the line at the start, and go on where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model.numbers.draws import DECISION, GAP
from funnelsim.model.numbers.survival import delay_left
from funnelsim.model.rules.endowment import next_on_way
from funnelsim.model.rules.standing import (
    Standing,
    chance_given_open,
    lasting,
    phase_of,
    touches_done,
    touches_given,
    touches_left,
)

from ...machine.jit import jitted
from ...world.draw import check_counter, delay, ends, visit_uniform
from .. import limits
from ..doors import enter, finish
from ..journey import AFTER_GAP, STAYS, decides, in_stage, touch_again, touched, travel
from ..steps import buyer_time
from .outcome import chance_of, decision_of, settled

if TYPE_CHECKING:
    from ...world.world import World


@jitted
def standing_in(w: World, deal: int) -> Standing:
    """How a lead of the start stands in its stage."""
    deals = w.deals
    return Standing(
        deals.goes_on[deal], deals.created[deal], deals.entered[deal], deals.touches[deal], deals.touched[deal],
        deals.waiting[deal], deals.waited[deal],
    )  # fmt: skip


@jitted
def lift_on_way(w: World, lead: int, stage: int, attempt: int) -> None:
    """Give a lead the lifts of the stages that it has passed on its way to the one where it stands."""
    leads, T = w.leads, w.tables
    kind, high, low = leads.kind[lead], leads.high[lead], leads.low[lead]
    at, steps = T.sources.to[leads.source[lead] * w.kinds + kind], 0
    while at != stage:
        slot = lead * w.stages + at
        if leads.lifted[slot] == 0:
            leads.lifted[slot] = 1
            leads.factors[lead] += T.stages.lift[at * w.kinds + kind]
        at = next_on_way(T, w.seed, w.replication, high, low, at, kind, attempt, steps)
        steps += 1


@jitted
def stand(w: World, lead: int) -> None:
    """The journey of a lead that stands in a stage at the start."""
    leads = w.leads
    stage = leads.stage[lead]
    standing = standing_in(w, leads.serial[lead])  # these leads come before all others
    if not enter(w, lead, stage, standing.entered):
        finish(w, lead, rec.EXHAUSTED)
        return
    limits.leave(w, lead, stage)
    limits.admit(w, lead, stage)
    travel(w, lead, in_stage(w, lead) if standing.goes_on == 0 else go_on(w, lead, standing))


@jitted
def go_on(w: World, lead: int, standing: Standing) -> int:
    """What is left of a visit that began before the start; one whose timeout has passed is over."""
    leads, S = w.leads, w.tables.stages
    stage, cell = leads.stage[lead], leads.cell[lead]
    if leads.until[lead] < w.now:
        return rec.EXPIRED
    leads.already[lead] = standing.waited
    done = touches_done(w.tables, cell, standing.touches)
    if done != 0 and leads.owner[lead] >= 0 and S.team_count[cell] > 0:
        leads.last_rep[lead] = leads.owner[lead]  # who is taken to have made the touches
        leads.rep[lead] = leads.owner[lead]
    if not touches_left(w.tables, cell, done):
        return all_touched(w, lead, standing)
    leads.touch[lead] = done
    leads.touches[lead] = touches_given(
        w.tables, w.seed, w.replication, leads.high[lead], leads.low[lead], stage, cell, done
    )
    check_counter(w, leads.touches[lead])
    row = S.gap[cell]
    if row >= 0 and done > 0 and standing.waiting == 0:
        share = still_lasting(w, lead, row, standing.touched)
        if share > 0.0:
            leads.step[lead] = AFTER_GAP
            buyer_time(w, lead, rest_of(w, lead, row, GAP, done - 1, standing.touched, share))
            return STAYS
    return touch_again(w, lead)


@jitted
def all_touched(w: World, lead: int, standing: Standing) -> int:
    """Nothing is left but the buyer's decision, of which is known that it is not made yet."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    if S.notice[leads.stage[lead]] >= 0 or standing.touched >= w.now:
        return touched(w, lead)
    chance = chance_of(w, lead)
    advanced = still_lasting(w, lead, S.decision_advanced[cell], standing.touched)
    lost = still_lasting(w, lead, S.decision_lost[cell], standing.touched)
    outcome = settled(w, lead, chance_given_open(chance, advanced, lost))
    share = advanced if outcome == rec.ADVANCED else lost
    if share <= 0.0:
        return outcome
    row = decision_of(w, cell, outcome)
    return decides(w, lead, outcome, rest_of(w, lead, row, DECISION, 0, standing.touched, share))


@jitted
def still_lasting(w: World, lead: int, row: int, since: int) -> float:
    """The share of the delays of a visit, begun at a moment, that are not over."""
    leads = w.leads
    phase = phase_of(w.seed, w.replication, leads.high[lead], leads.low[lead])
    return lasting(w.tables, row, leads.cell[lead], since, phase)


@jitted
def rest_of(w: World, lead: int, row: int, purpose: int, index: int, since: int, share: float) -> int:
    """When a delay of a visit is over that began at a moment and is one of the share that lasts."""
    if since >= w.now:
        return delay(w, row, lead, purpose, index)
    amount = delay_left(w.tables.dists, row, share, visit_uniform(w, lead, purpose, index))
    return max(ends(w, row, amount, lead, since), w.now)
