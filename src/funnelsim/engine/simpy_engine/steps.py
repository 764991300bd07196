"""What a visit is made of: the buyer's time, and pieces of work that wait for a rep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from funnelsim.engine.codes import BUYER, BUYER_ENDS, EXPIRY, HANDOFF, TOUCH, WAIT
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER

from .world.items import Done, Touch
from .world.state import Rep, Visit

if TYPE_CHECKING:
    from collections.abc import Generator

    from simpy import Event

    from .run import Run

    Steps = Generator[Any, Any, Any]

EXPIRED, MOVED_ON = "expired", "moved on"
"""What ends a wait early."""


def buyer_time(run: Run, visit: Visit, end: int) -> Steps:
    """The buyer's time until ``end``, unless the timeout strikes or a nurtured lead moves on before."""
    clock = run.clock
    now = clock.now
    visit.turn(BUYER, now)
    move_on = max(visit.move_on, now)
    expiry = max(visit.until, now)
    if end <= min(move_on, expiry) and end < NEVER:
        yield clock.sleep(end, BUYER_ENDS, visit.lead.serial)
        return None
    if move_on <= expiry:
        yield clock.sleep(move_on, BUYER_ENDS, visit.lead.serial)
        return MOVED_ON
    yield clock.sleep(expiry, EXPIRY, visit.lead.serial)
    return EXPIRED


def work(
    run: Run,
    visit: Visit,
    piece: int,
    teams: tuple[int, ...],
    rep: Rep | None,
    partner_team: int = -1,
    patience: int = NEVER,
) -> Steps:
    """Wait for a rep and be worked on; returns what ended the wait early, or None."""
    lead, clock = visit.lead, run.clock
    visit.turn(WAIT, clock.now)
    if rep is not None and rep.end >= 0:
        rep = None  # gone since; anyone of the team does it
    item = Touch(visit, piece, teams if rep is None else (rep.team,), rep, clock.event())
    item.partner_team = run.partner_of(visit) if piece == TOUCH else partner_team
    visit.waits_as = item
    run.ledger.event(clock.now, lead, visit.stage, rec.QUEUED)
    run.start_waiting(item)
    _alarm(run, item, min(patience, visit.until), EXPIRY, EXPIRED)
    if piece == TOUCH:
        _alarm(run, item, visit.move_on, BUYER_ENDS, MOVED_ON)
    try:
        heard = yield item.bell
    except Interrupt:
        _break_off(run, visit, item)
        raise
    if not isinstance(heard, Done):
        return heard
    _end_work(run, visit, item, heard)
    return None


def _alarm(run: Run, item: Touch, when: int, order: int, cause: str) -> None:
    """End the wait of an item at an instant, if it still waits."""
    if when >= NEVER:
        return

    def strike(_: object) -> None:
        if item.waiting:
            run.stop_waiting(item)
            run.handover.unassign(item)
            item.bell.succeed(cause)

    run.clock.call(max(when, run.clock.now), order, item.lead.serial, strike)


def _break_off(run: Run, visit: Visit, item: Touch) -> None:
    """A visit ends while it waits or is worked on; who has it in hand finishes, without effect on the lead."""
    if item.waiting:
        run.stop_waiting(item)
        run.handover.unassign(item)
        return
    began = visit.since
    run.count_work_so_far(visit, run.clock.now)
    visit.turn(HANDOFF, run.clock.now)

    def finish(bell: Event) -> None:
        done = bell.value
        assert isinstance(done, Done)
        _free_reps(run, item, done, began)
        run.ledger.event(run.clock.now, visit.lead, visit.stage, rec.COMPLETED, done.rep.row)

    assert item.bell.callbacks is not None
    item.bell.callbacks.append(finish)


def _end_work(run: Run, visit: Visit, item: Touch, done: Done) -> None:
    """The work is done: reps are free, the books are kept."""
    lead, now = visit.lead, run.clock.now
    began = visit.since
    visit.busy += done.busy
    visit.work += done.work
    visit.paused += now - began - done.busy
    if item.piece != TOUCH:
        visit.giver = done.rep.team
        visit.give_wait += began - item.ready
        visit.give_busy += done.busy
    visit.turn(HANDOFF, now)
    _free_reps(run, item, done, began)
    lead.last_team, lead.last_rep = done.rep.team, done.rep
    if done.partner is not None:
        lead.joined = done.partner
        lead.joined_keeps = run.tables.stages.joint_keeps[visit.cell] if item.piece == TOUCH else -1.0
    run.ledger.event(now, lead, visit.stage, rec.COMPLETED, done.rep.row)
    if visit.reassign:
        run.reorganisation.reassign(visit, visit.reassign)


def _free_reps(run: Run, item: Touch, done: Done, began: int) -> None:
    """Reps are done with a piece of work, and their books are kept."""
    run.in_hand.pop(item, None)
    for rep, quarters in zip((done.rep, done.partner), item.posts, strict=True):
        if rep is not None:
            run.ledger.add_work(rep, quarters, done.hours, began, run.clock.now)
            run.teams[rep.team].done_with(rep)
    run.handover.unassign(item)
