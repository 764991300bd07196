"""Work for customers: care, renewals, complaints, in the same lines as the touches of leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import simpy

from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import CARE_EFFORT, COMPLAINT_EFFORT, RENEWAL_EFFORT
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import FICKLE

from .world.items import Item
from .world.state import Rep

if TYPE_CHECKING:
    from .customer import Customer
    from .run import Run
    from .teams import Team

EFFORTS = (CARE_EFFORT, RENEWAL_EFFORT, COMPLAINT_EFFORT)
"""Purposes of the effort draws, by kind of work."""


class Task(Item):
    """A piece of work for a customer; ``kind`` is care, renewal or complaint."""

    __slots__ = ("busy", "customer", "due", "ended", "fell_due", "kind", "rep_row", "started", "work")
    counts = False

    def __init__(
        self, run: Run, customer: Customer, kind: int, number: int, due: int, teams: tuple[int, ...]
    ) -> None:
        rep = customer.rep
        stage = len(run.model.stage_names) + kind
        super().__init__(customer, stage, teams if rep is None else (rep.team,), rep, simpy.Event(run.clock))
        self.serial = customer.serial + kind
        self.customer = customer
        self.kind = kind
        self.number = number  # 1, 2, ... among the customer's of this kind
        self.fell_due = run.clock.now
        self.due = due  # by when it is to be started (care) or done (complaints); NEVER without a deadline
        self.started = -1
        self.ended = -1
        self.rep_row = -1
        self.work = 0
        self.busy = 0

    def key(self, run: Run, rule: int) -> float:
        """The item's key under a queue rule, as of now."""
        customer = self.customer
        cell = self.kind * run.kinds + customer.kind
        hours = max(run.tables.customers.effort_mean[cell] / rules.HOUR, 1e-9)
        return rules.queue_key(
            rule,
            self.ready,
            customer.score,
            float(customer.value),
            1.0,
            1.0,
            1.0,
            hours,
            self.due,
            customer.health,
        )

    def stale(self, run: Run, rule: int) -> bool:
        """Whether its key may have risen: health recovers, and revenue contracts."""
        return rule in FICKLE

    def stopped(self, open_time: int) -> None:
        """Its wait is over."""
        del self.customer.tasks[self]
        if self.customer.care is self:
            self.customer.care = None

    def begin(self, run: Run, rep: Rep, partner: Rep | None) -> None:
        """A rep starts on it."""
        self.started = run.clock.now
        self.teams, self.rep_row = (rep.team,), rep.row
        run.customers.begun(self, rep)

    def effort(self, run: Run, team: Team) -> tuple[float, float]:
        """Drawn effort in microseconds before anything that depends on the rep, and no rework."""
        customer = self.customer
        row = run.tables.customers.effort[self.kind * run.kinds + customer.kind]
        if row < 0:
            return 0.0, 0.0  # a phase has taken the work away
        entity = (customer.high, customer.low)
        drawn = run.luck.draw(run.tables.dists, row, *entity, EFFORTS[self.kind], self.number)
        if run.business_days(row):
            drawn = drawn * run.calendars.day_hours[team.calendar]
        return max(drawn, 0.0), 0.0

    def row(self) -> tuple[Any, ...]:
        """The task as a row of its record."""
        return rec.row(rec.Tasks)(
            customer=self.customer.row,
            kind=self.kind,
            team=self.teams[0],
            rep=self.rep_row,
            ready=self.fell_due,
            due=-1 if self.due >= NEVER else self.due,
            started=self.started,
            ended=self.ended,
            work=self.work,
            busy=self.busy,
        )
