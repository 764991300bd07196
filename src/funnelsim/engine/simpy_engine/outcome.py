"""How a visit is decided: the chance to advance, and what the draws make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model.numbers.draws import BURN, OUTCOME
from funnelsim.model.rules import rules

from .working import skill_at_stage

if TYPE_CHECKING:
    from funnelsim.model.tables.tables import StageTable

    from .run import Run
    from .world.state import Visit


def outcome_of(run: Run, visit: Visit) -> int:
    """Advance, fail, or burn."""
    return settled(run, visit, chance_of(run, visit))


def chance_of(run: Run, visit: Visit) -> float:
    """The chance to advance as it is now, with what is conceded."""
    lead, S, cell = visit.lead, run.tables.stages, visit.cell
    w, rep = visit.cooled(run.clock.now, run.tables.switches), lead.last_rep
    conceded = run.pressure.concede(visit)
    return rules.advance_chance(
        S.intercept[cell],
        S.quality_weight[cell],
        lead.quality,
        0.0 if rep is None or visit.rep < 0 else skill_at_stage(run, rep, visit.stage),
        S.context_weight[cell],
        lead.context,
        lead.factors + conceded + rules.readiness_log_odds(lead.readiness, S.odds_later[cell], S.odds_never[cell]),
        rules.decay_factor(S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell], w),
    )


def settled(run: Run, visit: Visit, chance: float) -> int:
    """What becomes of a visit with a chance to advance."""
    lead = visit.lead
    if chance >= 1.0 or run.visit_uniform(visit, OUTCOME) < chance:
        return rec.ADVANCED
    if lead.readiness != rec.READY and run.visit_uniform(visit, BURN) < run.tables.stages.burned[visit.cell]:
        return rec.BURNED
    return rec.MOVED


def decision_of(S: StageTable, cell: int, outcome: int) -> int:
    """The row of the buyer's time until an outcome."""
    return S.decision_advanced[cell] if outcome == rec.ADVANCED else S.decision_lost[cell]
