"""A lead's journey: stage after stage, waiting for reps and buyers, until it leaves.

Each function goes on from one wait to the next. What a visit ends with is the code of an outcome; `STAYS` says
that the lead waits, and `step` where its journey goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import BUYER_ENDS, GIVING, HANDOFF, HELD, MEETING, TOUCH
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import (
    DECISION,
    DELAY,
    DROPOUT,
    GAP,
    PATIENCE,
    TOUCHES,
    TOUCHES_FRACTION,
)
from funnelsim.model.rules import rules

from ..machine.jit import jitted
from ..world.draw import check_counter, delay, variate_of_visit, visit_uniform
from ..world.ledger import turn
from . import limits
from .doors import enter, finish, leave
from .owners import disown, own, resume, suspend
from .pressure import close_of_period
from .sources import works_on
from .steps import CHANGED, EXPIRED, MOVED_ON, WORKED, buyer_time, sleep, wait_for
from .teams import lead_fits
from .visit.outcome import decision_of, outcome_of

if TYPE_CHECKING:
    from ..world.world import World

STAYS, GOES_ON = -1, -2

(
    AFTER_HOLD,
    AFTER_GIVING,
    AFTER_DELAY,
    AFTER_MEETING,
    AFTER_PHASE,
    AFTER_TOUCH,
    AFTER_GAP,
    AFTER_DECISION,
    NURSED,
) = range(9)
"""Where a journey goes on."""


@jitted
def travel(w: World, lead: int, outcome: int) -> None:
    """Leave a stage with an outcome and enter the next, until the lead has to wait or leaves the line."""
    while outcome != STAYS:
        to = leave(w, lead, outcome)
        if to < 0:
            return
        if not enter(w, lead, to, w.now):
            finish(w, lead, rec.EXHAUSTED)
            return
        outcome = visit(w, lead)


@jitted
def set_out(w: World, lead: int) -> None:
    """The journey of a new lead begins."""
    if not enter(w, lead, w.leads.stage[lead], w.now):
        finish(w, lead, rec.EXHAUSTED)
    else:
        travel(w, lead, visit(w, lead))


@jitted
def resume_journey(w: World, lead: int, heard: int) -> None:
    """A wait is over."""
    step = w.leads.step[lead]
    if step == AFTER_TOUCH:
        outcome = after_touch(w, lead, heard)
    elif step == AFTER_GAP:
        outcome = after_gap(w, lead, heard)
    elif step == AFTER_DECISION:
        outcome = rec.EXPIRED if heard == EXPIRED else w.leads.cause[lead]
    elif step == NURSED:
        outcome = rec.EXPIRED if heard == EXPIRED else rec.ADVANCED
    elif step == AFTER_HOLD:
        turn(w, lead, HANDOFF)
        outcome = admitted(w, lead)
    elif step == AFTER_GIVING:
        outcome = rec.EXPIRED if heard == EXPIRED else given(w, lead)
    elif step == AFTER_DELAY:
        outcome = arrived(w, lead)
    elif step == AFTER_MEETING:
        outcome = rec.EXPIRED if heard == EXPIRED else taken_over(w, lead)
    else:
        outcome = next_touch(w, lead)
    travel(w, lead, outcome)


# --- one visit -------------------------------------------------------------------------------------------


@jitted
def visit(w: World, lead: int) -> int:
    """Gate and limit."""
    from_gate = gate(w, lead)
    if from_gate != GOES_ON:
        return from_gate
    return admitted(w, lead)


@jitted
def gate(w: World, lead: int) -> int:
    """Who is refused, turned away, or held."""
    leads = w.leads
    stage = leads.stage[lead]
    selector = w.tables.stages.accept[stage]
    if selector >= 0 and not lead_fits(w, selector, lead, stage):
        return rec.REJECTED
    limits.leave(w, lead, stage)
    place = limits.ask(w, lead, stage)
    if place == limits.TURNED_AWAY:
        return rec.BLOCKED
    if place == limits.WAITS:
        suspend(w, lead)
        turn(w, lead, HELD)
        leads.step[lead] = AFTER_HOLD
        return STAYS
    return GOES_ON


@jitted
def admitted(w: World, lead: int) -> int:
    """A lead is in the stage: it changes hands, or is worked on."""
    if changes_hands(w, lead):
        return hand_over(w, lead)
    return in_stage(w, lead)


@jitted
def in_stage(w: World, lead: int) -> int:
    """Touches and outcome."""
    leads = w.leads
    if w.tables.stages.team_count[leads.cell[lead]] > 0:
        return first_touch(w, lead)
    return touched(w, lead)


@jitted
def touched(w: World, lead: int) -> int:
    """All touches are done: nursing, or the outcome."""
    leads = w.leads
    if w.tables.stages.notice[leads.stage[lead]] >= 0:
        leads.step[lead] = NURSED
        buyer_time(w, lead, NEVER)
        return STAYS
    return decide(w, lead)


@jitted
def decide(w: World, lead: int) -> int:
    """The outcome is drawn now and holds after the buyer's decision."""
    outcome = outcome_of(w, lead)
    row = decision_of(w, w.leads.cell[lead], outcome)
    if row < 0:
        return outcome
    return decides(w, lead, outcome, delay(w, row, lead, DECISION, 0))


@jitted
def decides(w: World, lead: int, outcome: int, end: int) -> int:
    """The buyer decides at the end, or sooner for a concession, unless the timeout strikes before."""
    leads = w.leads
    leads.cause[lead] = outcome
    leads.step[lead] = AFTER_DECISION
    if outcome == rec.ADVANCED and leads.sooner[lead] > 0:
        end = rules.pulled_forward(end, leads.sooner[lead], w.now, close_of_period(w, leads.team[lead]))
    buyer_time(w, lead, end)
    return STAYS


# --- changing hands ----------------------------------------------------------------------------------------


@jitted
def changes_hands(w: World, lead: int) -> bool:
    """Ownership on entering a stage; True if there is a handoff, as the lead comes from another team."""
    leads, S = w.leads, w.tables.stages
    stage, cell = leads.stage[lead], leads.cell[lead]
    if S.team_count[cell] == 0:
        if S.aside[stage] == 1:
            disown(w, lead)
        else:
            suspend(w, lead)
        return False
    owner = leads.owner[lead]
    owner_works = owner >= 0 and works_on(w, w.reps.team[owner], cell)
    if owner_works:
        if S.any_rep[stage] == 1:
            disown(w, lead)
        else:
            resume(w, lead)
    if leads.last_team[lead] >= 0 and not works_on(w, leads.last_team[lead], cell):
        return True
    if owner >= 0 and not owner_works:
        disown(w, lead)  # who took it over, but never touched it
    return False


@jitted
def hand_over(w: World, lead: int) -> int:
    """The old rep writes down what is known."""
    leads, cell = w.leads, w.leads.cell[lead]
    leads.old_team[lead] = leads.last_team[lead]
    if w.tables.stages.give[cell] < 0:
        return given(w, lead)
    leads.step[lead] = AFTER_GIVING
    wait_for(w, lead, GIVING, leads.old_team[lead], leads.owner[lead], -1, NEVER)
    return STAYS


@jitted
def given(w: World, lead: int) -> int:
    """The lead is on its way."""
    leads, cell = w.leads, w.leads.cell[lead]
    leads.gave[lead] = leads.last_rep[lead]
    leads.old_team[lead] = leads.last_team[lead]  # the giver may have changed team meanwhile
    disown(w, lead)
    row = w.tables.stages.delay[cell]
    if row < 0:
        return arrived(w, lead)
    turn(w, lead, HANDOFF)
    leads.step[lead] = AFTER_DELAY
    sleep(w, lead, delay(w, row, lead, DELAY, 0), BUYER_ENDS, WORKED)
    return STAYS


@jitted
def arrived(w: World, lead: int) -> int:
    """The lead drops out, or part of the context is kept, and reps meet."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    if S.dropout[cell] > 0.0 and visit_uniform(w, lead, DROPOUT, 0) < S.dropout[cell]:
        return rec.DROPPED
    joined = leads.joined[lead]
    knows = joined >= 0 and works_on(w, w.reps.team[joined], cell)
    if knows and leads.joined_keeps[lead] >= 0.0:
        leads.context[lead] *= leads.joined_keeps[lead]
    else:
        leads.context[lead] *= S.keeps[cell]
    old_team = leads.old_team[lead]
    if S.meeting[cell] >= 0 and S.team_count[cell] > 0 and not works_on(w, old_team, cell):
        leads.step[lead] = AFTER_MEETING
        new_team = S.team_list[S.team_offset[cell]]
        wait_for(w, lead, MEETING, old_team, leads.gave[lead], new_team, NEVER)
        return STAYS
    return taken_over(w, lead)


@jitted
def taken_over(w: World, lead: int) -> int:
    """The new team has the lead; who of it joined before owns it."""
    leads, S = w.leads, w.tables.stages
    stage, cell = leads.stage[lead], leads.cell[lead]
    knowing = leads.joined[lead]
    if knowing >= 0 and w.reps.end[knowing] < 0 and S.any_rep[stage] == 0:
        if works_on(w, w.reps.team[knowing], cell):
            own(w, lead, knowing, False)
    leads.take[lead] = 1
    leads.team[lead] = S.team_list[S.team_offset[cell]] if S.team_count[cell] > 0 else -1
    leads.rep[lead] = -1
    return in_stage(w, lead)


@jitted
def first_touch(w: World, lead: int) -> int:
    """How many touches there are."""
    leads, cell = w.leads, w.leads.cell[lead]
    drawn = variate_of_visit(w, w.tables.stages.touches[cell], lead, TOUCHES, 0)
    u = 1.0
    if drawn != int(drawn):
        u = visit_uniform(w, lead, TOUCHES_FRACTION, 0)
    leads.touches[lead] = max(rules.whole_number(drawn, u), 1)
    check_counter(w, leads.touches[lead])
    return touch_again(w, lead)


@jitted
def touch_again(w: World, lead: int) -> int:
    """The next touch, once the handoff is over that a new phase brought."""
    leads = w.leads
    if leads.free_from[lead] > w.now:
        turn(w, lead, HANDOFF)
        leads.step[lead] = AFTER_PHASE
        sleep(w, lead, leads.free_from[lead], BUYER_ENDS, WORKED)
        return STAYS
    return next_touch(w, lead)


@jitted
def next_touch(w: World, lead: int) -> int:
    """Wait for the rep of a touch."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    if S.team_count[cell] == 0:
        return touched(w, lead)  # automated from now on
    patience = NEVER
    row = S.patience[cell]
    if row >= 0:
        patience = delay(w, row, lead, PATIENCE, leads.touch[lead])
    leads.step[lead] = AFTER_TOUCH
    wait_for(w, lead, TOUCH, -1, leads.owner[lead], partner_of(w, lead), patience)
    return STAYS


@jitted
def after_touch(w: World, lead: int, heard: int) -> int:
    """A touch is done, or its wait ended early."""
    leads, S = w.leads, w.tables.stages
    if heard == CHANGED:
        return touch_again(w, lead)
    if heard == EXPIRED:
        return rec.EXPIRED
    if heard == MOVED_ON:
        return rec.ADVANCED
    leads.touch[lead] += 1
    if leads.touch[lead] >= leads.touches[lead]:
        return touched(w, lead)
    if leads.until[lead] < w.now:
        return rec.EXPIRED  # it passed during the touch
    row = S.gap[leads.cell[lead]]
    if row < 0:
        return touch_again(w, lead)
    leads.step[lead] = AFTER_GAP
    buyer_time(w, lead, delay(w, row, lead, GAP, leads.touch[lead] - 1))
    return STAYS


@jitted
def after_gap(w: World, lead: int, heard: int) -> int:
    """The buyer has time again."""
    if heard == EXPIRED:
        return rec.EXPIRED
    if heard == MOVED_ON:
        return rec.ADVANCED
    return touch_again(w, lead)


@jitted
def partner_of(w: World, lead: int) -> int:
    """The team whose rep must join the next touch, or -1."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    team, when = S.joint_team[cell], S.joint_when[cell]
    if team < 0 or (S.team_count[cell] > 0 and S.team_list[S.team_offset[cell]] == team):
        return -1
    touch, touches = leads.touch[lead], leads.touches[lead]
    if (when == 0 and touch > 0) or (when == 1 and touch < touches - 1):
        return -1
    return int(team)
