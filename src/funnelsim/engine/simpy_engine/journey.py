"""A lead's journey: stage after stage, waiting for reps and for the buyer, until it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simpy import Interrupt

from funnelsim.engine.codes import BUYER_ENDS, GIVING, HANDOFF, HELD, MEETING, TOUCH
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import (
    DECISION,
    DELAY,
    DROPOUT,
    GAP,
    NEXT,
    ON,
    OTHERWISE,
    PATIENCE,
    TOUCHES,
    TOUCHES_FRACTION,
)
from funnelsim.model.rules import rules

from .outcome import decision_of, outcome_of
from .reorganisation import CHANGED
from .standing import stand
from .steps import EXPIRED, buyer_time, work
from .world.state import Lead, Visit

if TYPE_CHECKING:
    from collections.abc import Generator

    from simpy import Event

    from funnelsim.model.rules.standing import Standing
    from funnelsim.model.tables.tables import StageTable

    from .run import Run

    Steps = Generator[Any, Any, Any]


class Journey:
    """The process of one lead."""

    def __init__(self, run: Run, lead: Lead) -> None:
        self.run = self._run = run
        self._lead = lead

    @property
    def _S(self) -> StageTable:  # noqa: N802  # the table of stages that holds now
        return self._run.tables.stages

    def travel(self, stage: int, standing: Standing | None = None) -> Steps:
        """Process: visit stages until the lead leaves; ``standing`` for a lead in the line at the start."""
        self._lead.journey = self._run.clock.active_process
        while stage >= 0:
            visit = self._enter(stage, None if standing is None else standing.entered)
            if visit is None:
                self._finish(rec.EXHAUSTED)
                return
            try:
                outcome = yield from (self._visit(visit) if standing is None else stand(self, visit, standing))
            except Interrupt:  # the customer that it has become churns
                outcome = rec.CHURNED_IN_LINE
            standing = None
            stage = self._leave(visit, outcome)

    # --- entering and leaving ---

    def _enter(self, stage: int, entered: int | None) -> Visit | None:
        """Begin a visit, or one that began some time ago; None if the lead has been there as often as it may."""
        run, lead, S = self._run, self._lead, self._S
        cell = stage * run.kinds + lead.kind
        number = lead.visits.get(stage, 0) + 1
        if S.at_most[cell] and number > S.at_most[cell]:
            return None
        run.check_counter(number)
        lead.visits[stage] = number
        visit = lead.visit = Visit(lead, stage, cell, number, run.clock.now)
        if entered is not None:
            visit.entered = entered
        teams = run.teams_of(cell)
        if teams:
            visit.team = teams[0]
        run.ledger.open_visits[visit] = None
        run.ledger.wip[stage].change(run.clock.now, 1)
        run.ledger.event(run.clock.now, lead, stage, rec.ENTERED)
        if S.timeout[cell] >= 0:
            visit.until = visit.due = run.after(S.timeout[cell], cell, visit.entered)
        sla = NEVER
        if S.sla[cell] >= 0:
            visit.due = sla = run.after(S.sla[cell], cell, visit.entered)
        run.customers.deadline_of_stage(lead, sla)
        if S.notice[stage] >= 0:
            visit.move_on = run.nursery.enter(visit)
        return visit

    def _leave(self, visit: Visit, outcome: int) -> int:
        """End a visit, and say which stage comes next (-1: none)."""
        run, lead, S = self._run, self._lead, self._S
        now = run.clock.now
        lead.visit = None
        lead.waited += visit.waited(now)
        if S.notice[visit.stage] >= 0:
            run.nursery.leave(visit)
        to = self._destination(visit, outcome)
        if outcome == rec.ADVANCED:
            if visit.stage not in lead.lifted:
                lead.lifted.add(visit.stage)
                lead.factors += S.lift[visit.cell]
            if S.books[visit.stage] and lead.ended < 0:
                self._win(visit)
        elif outcome == rec.MOVED and to < 0:
            outcome = -to - 1
        visit.turn(HANDOFF, now)
        run.ledger.wip[visit.stage].change(now, -1)
        run.ledger.event(now, lead, visit.stage, rec.LEFT, visit.rep, outcome)
        run.ledger.write_visit(visit, now, outcome)
        if to < 0:
            self._finish(-to - 1)
        return to

    def _destination(self, visit: Visit, outcome: int) -> int:
        """Code of where a lead goes that leaves with an outcome: a stage, or -(way out) - 1."""
        S, stage = self._S, visit.stage
        if outcome == rec.ADVANCED:
            return self._pick(S.next[visit.cell], visit, NEXT)
        if outcome == rec.MOVED:
            return self._pick(S.otherwise[visit.cell], visit, OTHERWISE)
        on = {
            rec.REJECTED: S.on_rejected,
            rec.EXPIRED: S.on_expired,
            rec.BLOCKED: S.on_blocked,
            rec.DROPPED: S.on_dropped,
        }.get(outcome)
        if on is not None and on[stage] >= 0:
            return self._pick(on[stage], visit, ON)
        return -outcome - 1

    def _pick(self, route: int, visit: Visit, purpose: int) -> int:
        R = self._run.tables.routes
        if R.offset[route + 1] - R.offset[route] == 1:
            return int(R.code[R.offset[route]])
        return int(R.code[rules.pick(R.offset, R.upto, route, self._run.visit_uniform(visit, purpose))])

    def _win(self, visit: Visit) -> None:
        """The deal is booked."""
        lead = self._lead
        lead.ended, lead.outcome = self._run.clock.now, rec.WON
        lead.booked = rules.net_value(lead.value, lead.discount)
        self._run.pressure.book(visit.team, lead.booked)
        self._run.ledger.event(lead.ended, lead, -1, rec.FINISHED, -1, rec.WON)
        self._run.customers.booked(lead)

    def _finish(self, outcome: int) -> None:
        """The lead leaves the line."""
        run, lead = self._run, self._lead
        lead.journey = None
        run.handover.disown(lead)
        run.limits.leave(lead, -1)
        if lead.ended < 0:
            lead.ended, lead.outcome = run.clock.now, outcome
            run.ledger.event(lead.ended, lead, -1, rec.FINISHED, -1, outcome)
            run.customers.lead_ended(lead)
        elif outcome == rec.ENDED:
            run.customers.go_live(lead)
        else:
            run.customers.fell_through(lead)
        run.ledger.write_lead(lead)

    # --- one visit ---

    def _visit(self, visit: Visit) -> Steps:
        """Gate, limit, handoff, touches, outcome; returns the code of the visit's outcome."""
        run, lead = self._run, self._lead
        accept = self._S.accept[visit.stage]
        if accept >= 0 and not run.lead_fits(accept, lead, visit.stage):
            return rec.REJECTED
        run.limits.leave(lead, visit.stage)
        place = run.limits.ask(lead, visit.stage)
        if place is None:
            return rec.BLOCKED
        if place is not True:
            yield from self._hold(visit, place)
        teams = run.teams_of(visit.cell)
        if self._changes_hands(visit, teams):
            outcome = yield from self._handoff(visit)
            if outcome is not None:
                return outcome
        return (yield from self.in_stage(visit, teams))

    def in_stage(self, visit: Visit, teams: tuple[int, ...]) -> Steps:
        """Touches and outcome; returns the code of the visit's outcome."""
        if teams:
            outcome = yield from self._touches(visit)
            if outcome is not None:
                return outcome
        return (yield from self.touched(visit))

    def touched(self, visit: Visit) -> Steps:
        """All touches are done: nursing, or the outcome."""
        if self._S.notice[visit.stage] >= 0:
            return (yield from self._nurture(visit))
        return (yield from self._decide(visit))

    def _hold(self, visit: Visit, admission: Event) -> Steps:
        """Wait for a place in the limited stretches of the stage."""
        clock = self._run.clock
        self._run.handover.suspend(self._lead)
        visit.turn(HELD, clock.now)
        try:
            yield admission
        except Interrupt:
            self._run.limits.withdraw(self._lead)
            raise
        visit.turn(HANDOFF, clock.now)

    def _nurture(self, visit: Visit) -> Steps:
        """Stay in a nurturing stage until ready and notice has passed, or the timeout."""
        outcome = yield from buyer_time(self._run, visit, NEVER)
        return rec.EXPIRED if outcome is EXPIRED else rec.ADVANCED

    def _decide(self, visit: Visit) -> Steps:
        """The outcome is drawn now and holds after the buyer's decision."""
        outcome = outcome_of(self._run, visit)
        row = decision_of(self._S, visit.cell, outcome)
        if row < 0:
            return outcome
        return (yield from self.decides(visit, outcome, self._run.delay(row, visit, DECISION, 0)))

    def decides(self, visit: Visit, outcome: int, end: int) -> Steps:
        """The buyer decides at the end, or sooner for a concession, unless the timeout strikes before."""
        if outcome == rec.ADVANCED and visit.sooner > 0:
            close = self._run.pressure.close_of_period(visit.team)
            end = rules.pulled_forward(end, visit.sooner, self._run.clock.now, close)
        if (yield from buyer_time(self._run, visit, end)) is EXPIRED:
            return rec.EXPIRED
        return outcome

    # --- changing hands ---

    def _changes_hands(self, visit: Visit, teams: tuple[int, ...]) -> bool:
        """Ownership on entering a stage; True if there is a handoff, as the lead comes from another team."""
        run, lead, S = self._run, self._lead, self._S
        if not teams:
            if S.aside[visit.stage]:
                run.handover.disown(lead)
            else:
                run.handover.suspend(lead)
            return False
        owner = lead.owner
        if owner is not None and owner.team in teams:
            if S.any_rep[visit.stage]:
                run.handover.disown(lead)
            else:
                run.handover.resume(lead)
        if lead.last_team >= 0 and lead.last_team not in teams:
            return True
        if owner is not None and owner.team not in teams:
            run.handover.disown(lead)  # who took it over, but never touched it
        return False

    def _handoff(self, visit: Visit) -> Steps:
        """Give, delay, drop out or keep part of the context, meet; returns an outcome only if that ends it.

        It goes on to the team that has the stage when it ends, also where a phase has changed that meanwhile.
        """
        run, lead = self._run, self._lead
        old_team, joined = lead.last_team, lead.joined
        if (
            self._S.give[visit.cell] >= 0
            and (yield from work(run, visit, GIVING, (old_team,), lead.owner)) is EXPIRED
        ):
            return rec.EXPIRED
        giver, old_team = lead.last_rep, lead.last_team  # the giver may have changed team meanwhile
        run.handover.disown(lead)
        if self._S.delay[visit.cell] >= 0:
            visit.turn(HANDOFF, run.clock.now)
            end = run.delay(self._S.delay[visit.cell], visit, DELAY, 0)
            yield run.clock.sleep(end, BUYER_ENDS, lead.serial)
        if self._S.dropout[visit.cell] > 0.0 and run.visit_uniform(visit, DROPOUT) < self._S.dropout[visit.cell]:
            return rec.DROPPED
        teams = run.teams_of(visit.cell)
        knows = joined is not None and joined.team in teams
        lead.context *= lead.joined_keeps if knows and lead.joined_keeps >= 0.0 else self._S.keeps[visit.cell]
        if self._S.meeting[visit.cell] >= 0 and teams and old_team not in teams:
            if (yield from work(run, visit, MEETING, (old_team,), giver, teams[0])) is EXPIRED:
                return rec.EXPIRED
            teams = run.teams_of(visit.cell)
        knowing = lead.joined
        if knowing is not None and knowing.end < 0 and knowing.team in teams and not self._S.any_rep[visit.stage]:
            run.handover.own(lead, knowing)
        visit.take = True
        visit.team, visit.rep = teams[0] if teams else -1, -1
        return None

    # --- touches ---

    def _touches(self, visit: Visit) -> Steps:
        """All touches of the visit; returns an outcome only if something ends it early."""
        run = self._run
        drawn = run.variate_of_visit(self._S.touches[visit.cell], visit, TOUCHES)
        u = 1.0 if drawn == int(drawn) else run.visit_uniform(visit, TOUCHES_FRACTION)
        visit.touches = max(rules.whole_number(drawn, u), 1)
        run.check_counter(visit.touches)
        return (yield from self.touch_again(visit))

    def touch_again(self, visit: Visit) -> Steps:
        """The next touch, and all after it."""
        run = self._run
        while visit.touch < visit.touches:
            if visit.free_from > run.clock.now:
                yield from self._wait_for_phase(visit)
            teams = run.teams_of(visit.cell)
            if not teams:
                return None  # automated from now on
            patience = run.patience(self._S.patience[visit.cell], visit, PATIENCE)
            heard = yield from work(run, visit, TOUCH, teams, self._lead.owner, -1, patience)
            if heard == CHANGED:
                continue
            if heard is not None:
                return rec.EXPIRED if heard is EXPIRED else rec.ADVANCED
            visit.touch += 1
            if visit.touch < visit.touches and visit.until < run.clock.now:
                return rec.EXPIRED  # it passed during the touch
            if visit.touch < visit.touches and self._S.gap[visit.cell] >= 0:
                end = run.delay(self._S.gap[visit.cell], visit, GAP, visit.touch - 1)
                heard = yield from buyer_time(run, visit, end)
                if heard is not None:
                    return rec.EXPIRED if heard is EXPIRED else rec.ADVANCED
        return None

    def _wait_for_phase(self, visit: Visit) -> Steps:
        """The handoff that a new phase brought."""
        clock = self._run.clock
        visit.turn(HANDOFF, clock.now)
        yield clock.sleep(visit.free_from, BUYER_ENDS, self._lead.serial)
