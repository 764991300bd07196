"""A lead's journey: stage after stage, waiting for reps and for the buyer, until it leaves.

Each function goes on from one wait to the next. What a visit ends with is the code of an outcome; `STAYS` says that
the lead waits, and `step` where its journey goes on.
"""

from __future__ import annotations

from typing import Any

from funnelsim.model import records as rec
from funnelsim.model import rules
from funnelsim.model.draws import (
    BURN,
    DECISION,
    DELAY,
    DROPOUT,
    GAP,
    NEXT,
    ON,
    OTHERWISE,
    OUTCOME,
    PATIENCE,
    TOUCHES,
    TOUCHES_FRACTION,
)
from funnelsim.model.distributions import round_us

from . import limits
from .arrivals import works_on
from .books import change, note, turn, waited, wip_area, write_lead, write_visit
from .customers import booked, fell_through, go_live, lead_ended, untie
from .desk import GIVING, MEETING, TOUCH, start_waiting
from .draw import after, check_counter, delay, of_visit, variate_of_visit
from .events import ALARM, BUYER_ENDS, EXPIRY, WAKE, push
from .jit import jitted
from .owners import disown, own, resume, suspend
from .pressure import book, concede
from .slots import free_slot, take_slot
from .teams import lead_fits
from .world import BUYER, HANDOFF, HELD, NEVER, WAIT

STAYS, GOES_ON = -1, -2

(
    AFTER_HOLD, AFTER_GIVING, AFTER_DELAY, AFTER_MEETING, AFTER_PHASE, AFTER_TOUCH, AFTER_GAP, AFTER_DECISION, NURSED,
) = range(9)  # fmt: skip
"""Where a journey goes on."""

WORKED, EXPIRED, MOVED_ON, CHANGED = range(4)
"""What a lead hears at the end of a wait."""


@jitted
def travel(w: Any, lead: int, outcome: int) -> None:
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
def set_out(w: Any, lead: int) -> None:
    """The journey of a new lead begins."""
    if not enter(w, lead, w.leads.stage[lead], w.now):
        finish(w, lead, rec.EXHAUSTED)
    else:
        travel(w, lead, visit(w, lead))


@jitted
def stand(w: Any, lead: int) -> None:
    """The journey of a lead that stands before its first touch at the start."""
    leads = w.leads
    stage = leads.stage[lead]
    if not enter(w, lead, stage, leads.created[lead]):
        finish(w, lead, rec.EXHAUSTED)
        return
    limits.leave(w, lead, stage)
    limits.admit(w, lead, stage)
    travel(w, lead, in_stage(w, lead))


@jitted
def resume_journey(w: Any, lead: int, heard: int) -> None:
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


# --- entering and leaving ----------------------------------------------------------------------------


@jitted
def enter(w: Any, lead: int, stage: int, entered: int) -> bool:
    """Begin a visit, or one that began some time ago; False if the lead has been there as often as it may."""
    leads, S = w.leads, w.tables.stages
    cell = stage * w.kinds + leads.kind[lead]
    number = leads.visits[lead * w.stages + stage] + 1
    if S.at_most[cell] != 0 and number > S.at_most[cell]:
        return False
    check_counter(w, number)
    leads.visits[lead * w.stages + stage] = number
    blank_visit(w, lead, stage, cell, number)
    leads.entered[lead] = entered
    if S.team_count[cell] > 0:
        leads.team[lead] = S.team_list[S.team_offset[cell]]
    change(w, wip_area(w, stage), 1)
    note(w, lead, stage, rec.ENTERED, -1, -1)
    if S.timeout[cell] >= 0:
        leads.until[lead] = after(w, S.timeout[cell], cell, entered)
        leads.due[lead] = leads.until[lead]
    if S.sla[cell] >= 0:
        leads.due[lead] = after(w, S.sla[cell], cell, entered)
    if S.notice[stage] >= 0:
        leads.move_on[lead] = nursed_until(w, lead)
    return True


@jitted
def blank_visit(w: Any, lead: int, stage: int, cell: int, number: int) -> None:
    """A visit as it begins."""
    leads = w.leads
    leads.visiting[lead] = 1
    leads.stage[lead] = stage
    leads.cell[lead] = cell
    leads.visit[lead] = number
    leads.since[lead] = w.now
    leads.mode[lead] = HANDOFF
    for k in range(5):
        leads.times[lead * 5 + k] = 0
    for column in (leads.busy, leads.paused, leads.work, leads.wait_open, leads.give_wait, leads.give_busy,
                   leads.touch, leads.touches, leads.take, leads.reassign, leads.free_from):  # fmt: skip
        column[lead] = 0
    for column in (leads.giver, leads.touched, leads.team, leads.rep, leads.item):
        column[lead] = -1
    for column in (leads.until, leads.move_on, leads.due):
        column[lead] = NEVER


@jitted
def leave(w: Any, lead: int, outcome: int) -> int:
    """End a visit, and say which stage comes next (-1: none, for the lead has left the line)."""
    leads, S = w.leads, w.tables.stages
    stage = leads.stage[lead]
    leads.visiting[lead] = 0
    if S.notice[stage] >= 0:
        count_nursing(w, lead)
    to = destination(w, lead, outcome)
    if outcome == rec.ADVANCED:
        slot = lead * w.stages + stage
        if leads.lifted[slot] == 0:
            leads.lifted[slot] = 1
            leads.factors[lead] += S.lift[leads.cell[lead]]
        if S.books[stage] == 1 and leads.ended[lead] < 0:
            win(w, lead)
    elif outcome == rec.MOVED and to < 0:
        outcome = -to - 1
    turn(w, lead, HANDOFF)
    change(w, wip_area(w, stage), -1)
    note(w, lead, stage, rec.LEFT, leads.rep[lead], outcome)
    write_visit(w, lead, w.now, outcome)
    if to < 0:
        finish(w, lead, -to - 1)
    return to


@jitted
def destination(w: Any, lead: int, outcome: int) -> int:
    """Code of where a lead goes that leaves with an outcome: a stage, or -(way out) - 1."""
    leads, S = w.leads, w.tables.stages
    stage, cell = leads.stage[lead], leads.cell[lead]
    if outcome == rec.ADVANCED:
        return pick(w, lead, S.next[cell], NEXT)
    if outcome == rec.MOVED:
        return pick(w, lead, S.otherwise[cell], OTHERWISE)
    route = -1
    if outcome == rec.REJECTED:
        route = S.on_rejected[stage]
    elif outcome == rec.EXPIRED:
        route = S.on_expired[stage]
    elif outcome == rec.BLOCKED:
        route = S.on_blocked[stage]
    elif outcome == rec.DROPPED:
        route = S.on_dropped[stage]
    return pick(w, lead, route, ON) if route >= 0 else -outcome - 1


@jitted
def pick(w: Any, lead: int, route: int, purpose: int) -> int:
    """Where a route leads; only one with a choice takes a draw."""
    R = w.tables.routes
    first = R.offset[route]
    if R.offset[route + 1] - first == 1:
        return int(R.code[first])
    return int(R.code[rules.pick(R.offset, R.upto, route, of_visit(w, lead, purpose, 0))])


@jitted
def win(w: Any, lead: int) -> None:
    """The deal is booked."""
    leads = w.leads
    leads.ended[lead] = w.now
    leads.outcome[lead] = rec.WON
    leads.booked[lead] = rules.net_value(leads.value[lead], leads.discount[lead])
    book(w, leads.team[lead], leads.booked[lead])
    note(w, lead, -1, rec.FINISHED, -1, rec.WON)
    booked(w, lead, False)


@jitted
def finish(w: Any, lead: int, outcome: int) -> None:
    """The lead leaves the line."""
    leads = w.leads
    disown(w, lead)
    limits.leave(w, lead, -1)
    if leads.ended[lead] < 0:
        leads.ended[lead] = w.now
        leads.outcome[lead] = outcome
        note(w, lead, -1, rec.FINISHED, -1, outcome)
        lead_ended(w, lead)
    elif outcome == rec.ENDED:
        go_live(w, lead)
    else:
        fell_through(w, lead)
    write_lead(w, lead)
    untie(w, leads.customer[lead])
    untie(w, leads.came_from[lead])
    free_slot(leads.slots, lead)


# --- nursing -------------------------------------------------------------------------------------------


@jitted
def nursed_until(w: Any, lead: int) -> int:
    """When a lead moves on from a nurturing stage by itself; never if it does not."""
    leads = w.leads
    readiness = leads.readiness[lead]
    if readiness == rec.READY:
        return int(leads.entered[lead] + w.tables.stages.notice[leads.stage[lead]])
    if readiness == rec.LATER:
        return int(
            leads.entered[lead] + leads.ready_after[lead] + w.tables.stages.notice[leads.stage[lead]]
        )
    return NEVER


@jitted
def count_nursing(w: Any, lead: int) -> None:
    """Count the time in a nurturing stage towards readiness."""
    leads = w.leads
    if leads.readiness[lead] != rec.LATER:
        return
    leads.ready_after[lead] -= w.now - leads.entered[lead]
    if leads.ready_after[lead] <= 0:
        leads.readiness[lead] = rec.READY


# --- one visit -------------------------------------------------------------------------------------------


@jitted
def visit(w: Any, lead: int) -> int:
    """Gate and limit."""
    from_gate = gate(w, lead)
    if from_gate != GOES_ON:
        return from_gate
    return admitted(w, lead)


@jitted
def gate(w: Any, lead: int) -> int:
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
def admitted(w: Any, lead: int) -> int:
    """A lead is in the stage: it changes hands, or is worked on."""
    if changes_hands(w, lead):
        return hand_over(w, lead)
    return in_stage(w, lead)


@jitted
def in_stage(w: Any, lead: int) -> int:
    """Touches and outcome."""
    leads = w.leads
    if w.tables.stages.team_count[leads.cell[lead]] > 0:
        return first_touch(w, lead)
    return touched(w, lead)


@jitted
def touched(w: Any, lead: int) -> int:
    """All touches are done: nursing, or the outcome."""
    leads = w.leads
    if w.tables.stages.notice[leads.stage[lead]] >= 0:
        leads.step[lead] = NURSED
        buyer(w, lead, NEVER)
        return STAYS
    return decide(w, lead)


@jitted
def decide(w: Any, lead: int) -> int:
    """The outcome is drawn now and holds after the buyer's decision."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    outcome = outcome_of(w, lead)
    row = S.decision_advanced[cell] if outcome == rec.ADVANCED else S.decision_lost[cell]
    if row < 0:
        return outcome
    leads.cause[lead] = outcome
    leads.step[lead] = AFTER_DECISION
    buyer(w, lead, delay(w, row, lead, DECISION, 0))
    return STAYS


@jitted
def outcome_of(w: Any, lead: int) -> int:
    """Advance, fail, or burn."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    wait = waited(w, lead)
    conceded = concede(w, lead)
    skill = 0.0
    if leads.last_rep[lead] >= 0 and leads.rep[lead] >= 0:
        skill = w.reps.skill[leads.last_rep[lead]]
    readiness = rules.readiness_log_odds(leads.readiness[lead], S.odds_later[cell], S.odds_never[cell])
    chance = rules.advance_chance(
        S.intercept[cell], S.quality_weight[cell], leads.quality[lead], skill, S.context_weight[cell],
        leads.context[lead], leads.factors[lead] + conceded + readiness,
        rules.decay_factor(S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell], wait),
    )  # fmt: skip
    if chance >= 1.0 or of_visit(w, lead, OUTCOME, 0) < chance:
        return rec.ADVANCED
    if leads.readiness[lead] != rec.READY and of_visit(w, lead, BURN, 0) < S.burned[cell]:
        return rec.BURNED
    return rec.MOVED


# --- changing hands ----------------------------------------------------------------------------------------


@jitted
def changes_hands(w: Any, lead: int) -> bool:
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
def hand_over(w: Any, lead: int) -> int:
    """The old rep writes down what is known."""
    leads, cell = w.leads, w.leads.cell[lead]
    leads.old_team[lead] = leads.last_team[lead]
    if w.tables.stages.give[cell] < 0:
        return given(w, lead)
    leads.step[lead] = AFTER_GIVING
    wait_for(w, lead, GIVING, leads.old_team[lead], leads.owner[lead], -1, NEVER)
    return STAYS


@jitted
def given(w: Any, lead: int) -> int:
    """The lead is on its way."""
    leads, cell = w.leads, w.leads.cell[lead]
    leads.gave[lead] = leads.last_rep[lead]
    disown(w, lead)
    row = w.tables.stages.delay[cell]
    if row < 0:
        return arrived(w, lead)
    turn(w, lead, HANDOFF)
    leads.step[lead] = AFTER_DELAY
    sleep(w, lead, delay(w, row, lead, DELAY, 0), BUYER_ENDS, WORKED)
    return STAYS


@jitted
def arrived(w: Any, lead: int) -> int:
    """The lead drops out, or part of the context is kept, and reps meet."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    if S.dropout[cell] > 0.0 and of_visit(w, lead, DROPOUT, 0) < S.dropout[cell]:
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
def taken_over(w: Any, lead: int) -> int:
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


# --- touches -------------------------------------------------------------------------------------------------


@jitted
def first_touch(w: Any, lead: int) -> int:
    """How many touches there are."""
    leads, cell = w.leads, w.leads.cell[lead]
    drawn = variate_of_visit(w, w.tables.stages.touches[cell], lead, TOUCHES, 0)
    u = 1.0
    if drawn != int(drawn):
        u = of_visit(w, lead, TOUCHES_FRACTION, 0)
    leads.touches[lead] = max(rules.whole_number(drawn, u), 1)
    check_counter(w, leads.touches[lead])
    return touch_again(w, lead)


@jitted
def touch_again(w: Any, lead: int) -> int:
    """The next touch, once the handoff is over that a new phase brought."""
    leads = w.leads
    if leads.free_from[lead] > w.now:
        turn(w, lead, HANDOFF)
        leads.step[lead] = AFTER_PHASE
        sleep(w, lead, leads.free_from[lead], BUYER_ENDS, WORKED)
        return STAYS
    return next_touch(w, lead)


@jitted
def next_touch(w: Any, lead: int) -> int:
    """Wait for the rep of a touch."""
    leads, S = w.leads, w.tables.stages
    cell = leads.cell[lead]
    if S.team_count[cell] == 0:
        return touched(w, lead)  # automated from now on
    patience = NEVER
    row = S.patience[cell]
    if row >= 0:
        patience = w.now + round_us(variate_of_visit(w, row, lead, PATIENCE, leads.touch[lead]))
    leads.step[lead] = AFTER_TOUCH
    wait_for(w, lead, TOUCH, -1, leads.owner[lead], partner_of(w, lead), patience)
    return STAYS


@jitted
def after_touch(w: Any, lead: int, heard: int) -> int:
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
    buyer(w, lead, delay(w, row, lead, GAP, leads.touch[lead] - 1))
    return STAYS


@jitted
def after_gap(w: Any, lead: int, heard: int) -> int:
    """The buyer has time again."""
    if heard == EXPIRED:
        return rec.EXPIRED
    if heard == MOVED_ON:
        return rec.ADVANCED
    return touch_again(w, lead)


@jitted
def partner_of(w: Any, lead: int) -> int:
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


# --- waiting ---------------------------------------------------------------------------------------------------


@jitted
def sleep(w: Any, lead: int, when: int, order: int, heard: int) -> None:
    """Wake a lead at an instant; it hears what happened."""
    push(w, when, order, w.leads.serial[lead], WAKE, lead, heard, 0)


@jitted
def buyer(w: Any, lead: int, end: int) -> None:
    """The buyer's time until ``end``, unless the timeout strikes or a nurtured lead moves on before."""
    leads = w.leads
    turn(w, lead, BUYER)
    move_on = max(leads.move_on[lead], w.now)
    expiry = max(leads.until[lead], w.now)
    if end <= min(move_on, expiry) and end < NEVER:
        sleep(w, lead, end, BUYER_ENDS, WORKED)
    elif move_on <= expiry:
        sleep(w, lead, move_on, BUYER_ENDS, MOVED_ON)
    else:
        sleep(w, lead, expiry, EXPIRY, EXPIRED)


@jitted
def wait_for(w: Any, lead: int, piece: int, team: int, rep: int, partner: int, patience: int) -> None:
    """Wait for a rep of a team (-1: those of the stage), or for one rep, until patience or the timeout ends it."""
    leads, items = w.leads, w.items
    turn(w, lead, WAIT)
    if rep >= 0 and w.reps.end[rep] >= 0:
        rep = -1  # gone since; anyone of the team does it
    item = take_slot(items.slots)
    items.of[item] = lead
    items.task[item] = 0
    items.serial[item] = leads.serial[lead]
    items.number[item] = 0
    items.stage[item] = leads.stage[lead]
    items.rep[item] = rep
    items.assigned[item] = 0
    items.partner[item] = partner
    items.piece[item] = piece
    for place in range(w.most_teams):
        items.lines[item * w.most_teams + place] = -1
    set_teams(w, item, lead, team, rep)
    leads.item[lead] = item
    note(w, lead, leads.stage[lead], rec.QUEUED, -1, -1)
    start_waiting(w, item)
    alarm(w, item, min(patience, leads.until[lead]), EXPIRY, EXPIRED)
    if piece == TOUCH:
        alarm(w, item, leads.move_on[lead], BUYER_ENDS, MOVED_ON)


@jitted
def set_teams(w: Any, item: int, lead: int, team: int, rep: int) -> None:
    """The teams that an item waits for: that of the only rep, the one named, or those of the stage."""
    items, S = w.items, w.tables.stages
    base = item * w.most_teams
    items.team_count[item] = 1
    if rep >= 0:
        items.teams[base] = w.reps.team[rep]
    elif team >= 0:
        items.teams[base] = team
    else:
        cell = w.leads.cell[lead]
        for k in range(S.team_count[cell]):
            items.teams[base + k] = S.team_list[S.team_offset[cell] + k]
        items.team_count[item] = S.team_count[cell]


@jitted
def alarm(w: Any, item: int, when: int, order: int, cause: int) -> None:
    """End the wait of an item at an instant, if it still waits."""
    if when < NEVER:
        push(w, max(when, w.now), order, w.items.serial[item], ALARM, item, w.items.times[item], cause)
