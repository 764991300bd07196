"""Leads that are in the line at the start, and go on where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model import records as rec
from funnelsim.model.numbers.draws import DECISION, GAP
from funnelsim.model.numbers.survival import delay_left
from funnelsim.model.rules.endowment import next_on_way
from funnelsim.model.rules.standing import (
    chance_given_open,
    lasting,
    phase_of,
    touches_done,
    touches_given,
    touches_left,
)

from .outcome import chance_of, decision_of, settled
from .steps import EXPIRED, buyer_time

if TYPE_CHECKING:
    from collections.abc import Generator

    from funnelsim.model.rules.standing import Standing

    from .journey import Journey
    from .run import Run
    from .world.state import Lead, Visit

    Steps = Generator[Any, Any, Any]


def stand(journey: Journey, visit: Visit, standing: Standing) -> Steps:
    """The journey of a lead that stands in a stage at the start."""
    run, lead = journey.run, visit.lead
    run.limits.leave(lead, visit.stage)
    run.limits.let_in(lead, visit.stage)
    if standing.goes_on == 0:
        return (yield from journey.in_stage(visit, run.teams_of(visit.cell)))
    return (yield from go_on(journey, visit, standing))


def lift_on_way(run: Run, lead: Lead, stage: int, attempt: int) -> None:
    """Give a lead the lifts of the stages that it has passed on its way to the one where it stands."""
    at, steps = run.tables.sources.to[lead.source * run.kinds + lead.kind], 0
    while at != stage:
        if at not in lead.lifted:
            lead.lifted.add(at)
            lead.factors += run.tables.stages.lift[at * run.kinds + lead.kind]
        at = next_on_way(run.tables, *run.key, lead.high, lead.low, at, lead.kind, attempt, steps)
        steps += 1


def go_on(journey: Journey, visit: Visit, standing: Standing) -> Steps:
    """What is left of a visit that began before the start; one whose timeout has passed is over."""
    run, lead = journey.run, visit.lead
    if visit.until < run.clock.now:
        return rec.EXPIRED
    visit.already = standing.waited
    done = touches_done(run.tables, visit.cell, standing.touches)
    if done != 0 and lead.owner is not None and run.teams_of(visit.cell):
        lead.last_rep, visit.rep = lead.owner, lead.owner.row  # who is taken to have made the touches
    if not touches_left(run.tables, visit.cell, done):
        return (yield from all_touched(journey, visit, standing))
    visit.touch = done
    visit.touches = touches_given(
        run.tables, *run.key, lead.high, lead.low, visit.stage, visit.cell, done
    )  # fmt: skip
    run.check_counter(visit.touches)
    row = run.tables.stages.gap[visit.cell]
    if row >= 0 and done > 0 and standing.waiting == 0:
        share = still_lasting(run, visit, row, standing.touched)
        if share > 0.0:
            heard = yield from buyer_time(
                run, visit, rest_of(run, visit, row, GAP, done - 1, standing.touched, share)
            )
            if heard is not None:
                return rec.EXPIRED if heard is EXPIRED else rec.ADVANCED
    outcome = yield from journey.touch_again(visit)
    return outcome if outcome is not None else (yield from journey.touched(visit))


def all_touched(journey: Journey, visit: Visit, standing: Standing) -> Steps:
    """Nothing is left but the buyer's decision, of which is known that it is not made yet."""
    run, cell = journey.run, visit.cell
    S = run.tables.stages
    if S.notice[visit.stage] >= 0 or standing.touched >= run.clock.now:
        return (yield from journey.touched(visit))
    chance = chance_of(run, visit)
    advanced = still_lasting(run, visit, S.decision_advanced[cell], standing.touched)
    lost = still_lasting(run, visit, S.decision_lost[cell], standing.touched)
    outcome = settled(run, visit, chance_given_open(chance, advanced, lost))
    share = advanced if outcome == rec.ADVANCED else lost
    if share <= 0.0:
        return outcome
    row = decision_of(S, cell, outcome)
    end = rest_of(run, visit, row, DECISION, 0, standing.touched, share)
    return (yield from journey.decides(visit, outcome, end))


def still_lasting(run: Run, visit: Visit, row: int, since: int) -> float:
    """The share of the delays of a visit, begun at a moment, that are not over."""
    phase = phase_of(*run.key, visit.lead.high, visit.lead.low)
    return lasting(run.tables, row, visit.cell, since, phase)


def rest_of(run: Run, visit: Visit, row: int, purpose: int, index: int, since: int, share: float) -> int:
    """When a delay of a visit is over that began at a moment and is one of the share that lasts."""
    if since >= run.clock.now:
        return run.delay(row, visit, purpose, index)
    amount = delay_left(run.tables.dists, row, share, run.visit_uniform(visit, purpose, index))
    return max(run.ends(row, amount, visit, since), run.clock.now)
