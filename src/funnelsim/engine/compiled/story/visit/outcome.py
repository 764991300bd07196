"""How a visit is decided: the chance to advance, and what the draws make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model.numbers.draws import BURN, OUTCOME
from funnelsim.model.rules import rules

from ...machine.jit import jitted
from ...world.draw import visit_uniform
from ...world.ledger import cooled
from ..pressure import concede
from ..working import skill_at_stage

if TYPE_CHECKING:
    from ...world.world import World


@jitted
def outcome_of(w: World, lead: int) -> int:
    """Advance, fail, or burn."""
    return settled(w, lead, chance_of(w, lead))


@jitted
def chance_of(w: World, lead: int) -> float:
    """The chance to advance as it is now, with what is conceded."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    wait = cooled(w, lead)
    conceded = concede(w, lead)
    skill = 0.0
    if leads.last_rep[lead] >= 0 and leads.rep[lead] >= 0:
        skill = skill_at_stage(w, leads.last_rep[lead], leads.stage[lead])
    readiness = rules.readiness_log_odds(leads.readiness[lead], S.odds_later[cell], S.odds_never[cell])
    return rules.advance_chance(
        S.intercept[cell], S.quality_weight[cell], leads.quality[lead], skill, S.context_weight[cell],
        leads.context[lead], leads.factors[lead] + conceded + readiness,
        rules.decay_factor(S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell], wait),
    )  # fmt: skip


@jitted
def settled(w: World, lead: int, chance: float) -> int:
    """What becomes of a visit with a chance to advance."""
    leads = w.leads
    if chance >= 1.0 or visit_uniform(w, lead, OUTCOME, 0) < chance:
        return rec.ADVANCED
    if leads.readiness[lead] != rec.READY:
        if visit_uniform(w, lead, BURN, 0) < w.tables.stages.burned[leads.cell[lead]]:
            return rec.BURNED
    return rec.MOVED


@jitted
def decision_of(w: World, cell: int, outcome: int) -> int:
    """The row of the buyer's time until an outcome."""
    S = w.tables.stages
    return int(S.decision_advanced[cell] if outcome == rec.ADVANCED else S.decision_lost[cell])
