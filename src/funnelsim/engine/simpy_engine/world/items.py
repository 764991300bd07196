"""What waits for reps: touches of leads, and whatever else a team has to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import simpy

from funnelsim.engine.codes import GIVING, MEETING, NO_HEALTH, TOUCH, WORK
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import WHOLE
from funnelsim.model.numbers.draws import EFFORT, GIVE, JOINT, TAKE
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import EXPECTED_VALUE, VALUE_PER_HOUR

from .state import Lead, Rep, Visit

if TYPE_CHECKING:
    from ..customer import Customer
    from ..run import Run
    from ..teams import Team
    from .lines import Line


class Done:
    """The work on an item is done: what whoever waits for that hears."""

    __slots__ = ("busy", "hours", "partner", "rep", "work")

    def __init__(self, rep: Rep, partner: Rep | None, hours: tuple[int, int], busy: int, work: int) -> None:
        self.rep = rep
        self.partner = partner
        self.hours = hours  # the calendars that must both be open
        self.busy = busy
        self.work = work


class Item:
    """Something that waits for a rep.

    ``stage`` is the stage's index, or behind the stages that of care, renewal and complaint. ``bell`` is
    rung with a `Done` when the work on it is done, or with what ended the wait early.
    """

    __slots__ = (
        "assigned", "bell", "hours", "lead", "lines", "number", "open_before", "partner_team", "posts",
        "ready", "rep", "serial", "since", "stage", "teams", "waiting",
    )  # fmt: skip
    counts: ClassVar[bool] = True
    """Whether it counts as work in progress of the rep who takes it."""

    def __init__(
        self, lead: Lead | Customer, stage: int, teams: tuple[int, ...], rep: Rep | None, bell: simpy.Event
    ) -> None:
        self.lead = lead
        self.serial = lead.serial
        self.number = 0  # tells items of one serial apart
        self.stage = stage
        self.teams = teams
        self.rep = rep  # the only rep who may take it, or None
        self.assigned = False
        self.partner_team = -1
        self.ready = 0
        self.since = 0  # when it began to wait for the team named first: later than ready if it was passed on
        self.open_before = 0  # open time of its wait until then
        self.lines: list[Line] = []  # where it stands
        self.bell = bell
        self.hours = (-1, -1)  # once it is in hand, the calendars that must both be open
        self.posts = (WHOLE, WHOLE)  # and how much of a post rep and partner have, in quarters
        self.waiting = True

    def __lt__(self, other: Item) -> bool:
        """A customer's tasks of a kind share a serial; which entry of one item is first does not matter."""
        return self.number < other.number

    def key(self, run: Run, rule: int) -> float:
        """The item's key under a queue rule, as of now."""
        raise NotImplementedError

    def stale(self, run: Run, rule: int) -> bool:
        """Whether its key falls while it waits."""
        return False

    def stopped(self, open_time: int) -> None:
        """Its wait is over, after so much open time."""

    def begin(self, run: Run, rep: Rep, partner: Rep | None) -> None:
        """A rep starts on it: what changes hands with that."""

    def effort(self, run: Run, team: Team) -> tuple[float, float]:
        """Drawn effort in microseconds before anything that depends on the rep, and its rework."""
        raise NotImplementedError


class Touch(Item):
    """A piece of work on a lead in a stage."""

    __slots__ = ("piece", "visit")
    lead: Lead

    def __init__(
        self, visit: Visit, piece: int, teams: tuple[int, ...], rep: Rep | None, bell: simpy.Event
    ) -> None:
        super().__init__(visit.lead, visit.stage, teams, rep, bell)
        self.visit = visit
        self.piece = piece

    def key(self, run: Run, rule: int) -> float:
        """The item's key under a queue rule, as of now."""
        visit, lead = self.visit, self.lead
        S, cell = run.tables.stages, visit.cell
        value = float(lead.value)
        if rule not in (EXPECTED_VALUE, VALUE_PER_HOUR):
            worth = (0.0, 0.0, 0.0, 1.0)
        else:
            decay = (S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell])
            waited = visit.waited(run.clock.now)
            left = max(visit.touches - visit.touch, 1) * S.effort_mean[cell]
            worth = (
                rules.believed_win(S, visit.stage, run.kinds, lead.kind, lead.seen_as),
                rules.decay_factor(*decay, waited),
                rules.decay_slope(*decay, waited),
                max(left / rules.HOUR, 1e-9),
            )
        return rules.queue_key(rule, self.ready, lead.score, value, *worth, visit.due, NO_HEALTH)

    def stale(self, run: Run, rule: int) -> bool:
        """Whether its key falls while it waits."""
        return rules.changes_while_waiting(rule, run.tables.stages.decay[self.visit.cell])

    def stopped(self, open_time: int) -> None:
        """Its wait is over, after so much open time."""
        self.visit.waits_as = None
        self.visit.wait_open += open_time

    def begin(self, run: Run, rep: Rep, partner: Rep | None) -> None:
        """A rep starts on it: the lead is owned, and has been touched."""
        visit, lead, now = self.visit, self.lead, run.clock.now
        visit.turn(WORK, now)
        visit.in_hand = self
        if self.piece == TOUCH:
            self._own(run, rep)
            if visit.first_touch < 0:
                visit.first_touch = now
        if lead.first_touch < 0:
            run.first_touch(lead, run.teams[rep.team])
        lead.faces.add(rep.row)
        if partner is not None:
            lead.faces.add(partner.row)
        visit.team, visit.rep = rep.team, rep.row
        run.ledger.event(now, lead, visit.stage, rec.STARTED, rep.row)

    def _own(self, run: Run, rep: Rep) -> None:
        """The rep who starts the first touch owns the lead, unless any rep may do each touch."""
        lead = self.lead
        if lead.owner is None and not run.tables.stages.any_rep[self.stage]:
            run.handover.own(lead, rep, counted=self.assigned)
            self.assigned = False

    def effort(self, run: Run, team: Team) -> tuple[float, float]:
        """Drawn effort in microseconds before anything that depends on the rep, and its rework."""
        visit, lead, S = self.visit, self.lead, run.tables.stages
        cell = visit.cell
        if self.piece == GIVING:
            return run.effort(S.give[cell], visit, GIVE, 0, team), 0.0
        if self.piece == MEETING:
            return run.effort(S.meeting[cell], visit, JOINT, 0, team), 0.0
        drawn = run.effort(S.effort[cell], visit, EFFORT, visit.touch, team)
        if lead.outcome == rec.WON:
            drawn *= lead.onboarding
        if visit.take and visit.touch == 0 and S.take[cell] >= 0:
            drawn += run.effort(S.take[cell], visit, TAKE, 0, team)
        return drawn, S.rework[cell]
