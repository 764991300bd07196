"""The life of a customer from the booking on: what falls due, how its health moves, and when it churns."""

from __future__ import annotations

from functools import partial
from math import floor
from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import (
    CARE,
    CHURNS,
    COMPLAINS,
    CONTRACTS,
    EXPANDS,
    LAPSES,
    LATE,
    OVERDUE,
    REFERS,
    RENEWS,
)
from funnelsim.errors import FunnelsimError
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import CHURN, COMPLAINT, EXPANSION, LARGEST_COUNT, OPENING, REFERRAL, RENEWAL
from funnelsim.model.records import EXPANSION as EXPANDED
from funnelsim.model.records import REFERRAL as REFERRED
from funnelsim.model.rules import customer_rules as rules

from .customer import Customer, class_of_due
from .tasks import Task
from .world.items import Done

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from funnelsim.model.tables.tables import CustomerTable

    from .run import Run

STREAMS = {COMPLAINS: COMPLAINT, EXPANDS: EXPANSION, REFERS: REFERRAL}
"""Poisson streams, with the purposes of their draws; the first is the first row of rates."""


class Life:
    """What happens to customers from the booking to churn.

    Each customer has only its earliest due event in the event list. An event that has become void, because
    something else came before it, stays there and finds nothing to do.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._born = 0  # leads that customers have given rise to
        self._happen: dict[int, Callable[[Customer], None]] = {
            CARE: self._care_due,
            RENEWS: self._renewal_due,
            COMPLAINS: self._complains,
            EXPANDS: partial(self._gives_rise, what=EXPANDS, origin=EXPANDED),
            REFERS: partial(self._gives_rise, what=REFERS, origin=REFERRED),
            CONTRACTS: self._lose_step,
            LAPSES: self.end,
            LATE: self._complaint_late,
            OVERDUE: self._overdue,
            CHURNS: self.end,
        }

    @property
    def _table(self) -> CustomerTable:
        return self._run.tables.customers

    def _uniform(self, customer: Customer, purpose: int, number: int, index: int = 0) -> float:
        return self._run.luck.uniform(customer.high, customer.low, purpose, number, index)

    # --- from beginning to end ---

    def sign(self, customer: Customer, opening: bool = False) -> None:
        """A contract begins: a customer may churn and has renewals from now on. One of the start is past that."""
        C, kind, now = self._table, customer.kind, self._run.clock.now
        customer.rated_from = now
        customer.base = rules.health_after(C.health_start, -customer.promise_gap - self._experience(customer))
        customer.health = self._felt(customer)
        customer.early_until = now if opening else now + C.early_first[kind]
        self._rate(customer)
        self._on_the_beat(customer, RENEWS, opening)

    def _experience(self, customer: Customer) -> float:
        """What the buyer's way to the booking takes off health."""
        C, lead = self._table, customer.lead
        if lead is None:
            return 0.0
        met, context, waited = len(lead.faces), lead.context, lead.waited
        return rules.experience(C.new_face, met, C.lost_context, context, C.day_waited, waited)

    def start_care(self, customer: Customer, opening: bool = False) -> None:
        """A customer is through the line: care falls due, and it may complain and give rise to leads."""
        customer.live = self._run.clock.now
        customer.dues[OVERDUE] = NEVER
        self._pace(customer)
        self._on_the_beat(customer, CARE, opening)

    def _on_the_beat(self, customer: Customer, what: int, opening: bool) -> None:
        """What falls due on a fixed beat from now on; customers of the start are somewhere between two dues."""
        every = self._table.every[what * self._run.kinds + customer.kind]
        if every > 0:
            phase = floor(self._uniform(customer, OPENING, 0, what) * every) if opening else every
            customer.dues[what] = self._run.clock.now + phase
        self.arm(customer)

    def onboard_by(self, customer: Customer, due: int) -> None:
        """The stage that a customer is in now is to be through at a deadline, or NEVER; who is late stays late."""
        if customer.overdue or customer.ended >= 0:
            return
        C = self._table
        if C.onboarding_due >= 0:
            due = min(due, self._run.after_in(C.onboarding_due, C.calendar[customer.kind], customer.since))
        customer.dues[OVERDUE] = max(due, self._run.clock.now)
        self.arm(customer)

    def _overdue(self, customer: Customer) -> None:
        """A customer is not live at its deadline, or was not and still is not a week later."""
        customer.overdue = True
        customer.dues[OVERDUE] = self._run.clock.now + rules.WEEK
        self.change_health(customer, -self._table.late_onboarding)

    def end(self, customer: Customer) -> None:
        """A customer is lost; whatever waits for it is withdrawn, and its lead leaves the line."""
        customer.ended = self._run.clock.now
        customer.dues = [NEVER] * len(customer.dues)
        for task in list(customer.tasks):
            self._run.stop_waiting(task)
            task.bell.succeed(None)
        self._run.customers.lost(customer)
        lead = customer.lead_in_line
        if lead is not None and lead.journey is not None:
            lead.journey.interrupt()

    def follow(self, customer: Customer, before: CustomerTable) -> None:
        """Other rates and intervals hold from now on: what is planned goes on as far as it has come."""
        C, kind, now = self._table, customer.kind, self._run.clock.now
        kinds = self._run.kinds
        for what in (CARE, RENEWS) if customer.live >= 0 else (RENEWS,):
            every = C.every[what * kinds + kind]
            if every != before.every[what * kinds + customer.former]:
                customer.dues[what] = min(customer.dues[what], now + every) if every > 0 else NEVER
        self.change_health(customer, 0.0)
        self._rate(customer)
        self._pace(customer)
        self.arm(customer)

    # --- what is due ---

    def arm(self, customer: Customer) -> None:
        """Put the earliest due event of a customer into the event list, unless one is there in time."""
        when, what = customer.next_due()
        if when >= NEVER:
            return
        timer = (when, class_of_due(what))
        if timer < customer.armed:
            customer.armed = timer
            self._run.clock.call(*timer, customer.serial, partial(self._ring, customer, timer))

    def _ring(self, customer: Customer, timer: tuple[int, int], _: object) -> None:
        """What is due now and of this class happens, one event at a time."""
        if customer.armed != timer:
            return
        customer.armed = (NEVER, 0)
        when, what = customer.next_due()
        if (when, class_of_due(what)) == timer:
            customer.dues[what] = NEVER
            self._happen[what](customer)
        self.arm(customer)

    def _count(self, customer: Customer, what: int) -> int:
        customer.counts[what] += 1
        if customer.counts[what] >= LARGEST_COUNT:
            raise FunnelsimError(
                f"what falls due for one customer must stay below {LARGEST_COUNT} of a kind", code="E-run-limit"
            )
        return customer.counts[what]

    def _pace(self, customer: Customer) -> None:
        """The rates of the Poisson streams from now on: events that are planned come sooner or later."""
        if customer.live < 0:
            return
        C, now = self._table, self._run.clock.now
        for what in STREAMS:
            at = what - COMPLAINS
            cell = at * self._run.kinds + customer.kind
            rate = rules.stream_rate(C.rate[cell], C.rate_weight[cell], customer.health, C.health_start)
            before = customer.paces[at]
            if rate == before:
                continue
            customer.paces[at] = rate
            if customer.left[at] < 0.0:
                self._plan_stream(customer, what)
            else:
                customer.left[at] = rules.stream_left(customer.left[at], before, customer.paced_from[at], now)
                customer.paced_from[at] = now
                customer.dues[what] = rules.stream_due(customer.left[at], rate, now)

    def _plan_stream(self, customer: Customer, stream: int) -> None:
        """When the next event of a Poisson stream comes at its present rate."""
        at, now = stream - COMPLAINS, self._run.clock.now
        u = self._uniform(customer, STREAMS[stream], customer.counts[stream] + 1)
        customer.left[at], customer.paced_from[at] = rules.exponential(u), now
        customer.dues[stream] = rules.stream_due(customer.left[at], customer.paces[at], now)

    def _care_due(self, customer: Customer) -> None:
        """A care touch is due; if one still waits this one is missed, and the customer notices."""
        now = self._run.clock.now
        customer.dues[CARE] = now + self._table.every[customer.kind]
        if customer.care is None:
            self._count(customer, CARE)
            self._open_task(customer, CARE, customer.dues[CARE])
        else:
            customer.care_missed += 1
            self.change_health(customer, -self._table.care_late)

    def _renewal_due(self, customer: Customer) -> None:
        """A contract runs out: it is not renewed, or there is work to renew it."""
        C, kind, now = self._table, customer.kind, self._run.clock.now
        customer.dues[RENEWS] = now + C.every[self._run.kinds + kind]
        number = self._count(customer, RENEWS)
        if C.lapse[kind] > 0.0 and self._uniform(customer, RENEWAL, number) < C.lapse[kind]:
            customer.dues[LAPSES] = now
        else:
            self._open_task(customer, RENEWS, now)

    def _complains(self, customer: Customer) -> None:
        """A customer complains."""
        C, now = self._table, self._run.clock.now
        self._count(customer, COMPLAINS)
        self._plan_stream(customer, COMPLAINS)
        row = C.sla[customer.kind]
        due = NEVER if row < 0 else self._run.after_in(row, C.calendar[customer.kind], now)
        self._open_task(customer, COMPLAINS, due)

    def _gives_rise(self, customer: Customer, what: int, origin: int) -> None:
        """A customer gives rise to a lead."""
        number = self._count(customer, what)
        self._plan_stream(customer, what)
        others = len(self._run.ledger.leads) - self._born + self._table.opening
        self._born += 1
        if self._born > rules.most_born(others):
            raise FunnelsimError(rules.runaway(), code="E-run-runaway")
        self._run.customers.bear(customer, origin, number)

    # --- work ---

    def _open_task(self, customer: Customer, kind: int, due: int) -> None:
        """Work begins to wait; what has no team or takes no effort is done at once, as in automated stages."""
        run = self._run
        teams = run.customers.teams_of(customer.kind)
        if not teams or self._table.effort[kind * run.kinds + customer.kind] < 0:
            self._done_well(customer, kind, in_time=True)
            customer.care_on_time += kind == CARE
            return
        task = Task(run, customer, kind, customer.counts[kind], due, teams)
        run.ledger.tasks.append(task)
        self._note(task)
        if kind == COMPLAINS:
            customer.complaints[task] = due
            self._watch(customer)
        run.start_waiting(task)
        run.clock.process(self._work(task))

    def queue_anew(self, task: Task, teams: tuple[int, ...]) -> None:
        """A task that waits is another team's from now on, or nobody's."""
        customer = task.customer
        self._run.stop_waiting(task)
        if not teams:
            task.bell.succeed(None)
            return
        task.waiting = True
        task.rep, task.teams = customer.rep, teams if customer.rep is None else (customer.rep.team,)
        self._note(task)
        self._run.start_waiting(task)

    def _note(self, task: Task) -> None:
        """A task waits."""
        task.customer.tasks[task] = None
        if task.kind == CARE:
            task.customer.care = task

    def _work(self, task: Task) -> Generator[Any, Any, None]:
        """Process: a task waits for a rep, and is worked on."""
        run, customer = self._run, task.customer
        done = yield task.bell
        if not isinstance(done, Done):
            return
        task.ended, task.work, task.busy = run.clock.now, done.work, done.busy
        run.ledger.add_work(done.rep, task.posts[0], done.hours, task.started, task.ended)
        run.in_hand.pop(task, None)
        run.teams[done.rep.team].done_with(done.rep)
        if customer.ended < 0:
            late = task.started >= task.due if task.kind == CARE else task not in customer.complaints
            self._done_well(customer, task.kind, in_time=not late)
            if customer.complaints.pop(task, None) is not None:
                self._watch(customer)

    def _done_well(self, customer: Customer, kind: int, in_time: bool) -> None:
        """Work in time does a customer good."""
        if kind == CARE and in_time:
            self.change_health(customer, self._table.care_on_time)
        elif kind == COMPLAINS and in_time:
            customer.complaints_well += 1
            self.change_health(customer, self._table.complaint_well)

    def _watch(self, customer: Customer) -> None:
        """The next deadline of a complaint."""
        customer.dues[LATE] = min(customer.complaints.values(), default=NEVER)
        self.arm(customer)

    def _complaint_late(self, customer: Customer) -> None:
        """The deadline of a complaint passes, whether or not anybody has begun on it."""
        now = self._run.clock.now
        for task in [task for task, due in customer.complaints.items() if due <= now]:
            del customer.complaints[task]
            customer.complaints_badly += 1
            self.change_health(customer, -self._table.complaint_badly)
        self._watch(customer)

    # --- health and churn ---

    def change_health(self, customer: Customer, by: float) -> None:
        """Health moves, or who cares for it does, and with it the hazard."""
        if customer.ended >= 0:
            return
        customer.base = rules.health_after(customer.base, by)
        health = self._felt(customer)
        if health != customer.health:
            customer.health = health
            self._rate(customer)
            self._pace(customer)
            self.arm(customer)
            self.again(customer)

    def _felt(self, customer: Customer) -> float:
        """Health with what the skill of the customer's rep adds to it."""
        skill = 0.0 if customer.rep is None else customer.rep.skill
        return rules.health_after(customer.base, self._table.rep_skill * skill)

    def _rate(self, customer: Customer) -> None:
        """The hazard from now on, and when the accumulated hazard passes the customer's own draw."""
        C, kind, now = self._table, customer.kind, self._run.clock.now
        rate = rules.churn_rate(C.churn[kind], C.health_weight[kind], customer.health, C.health_start)
        early, until = C.early[kind], customer.early_until
        if rate == customer.rate and early == customer.early:
            return
        customer.spent += rules.hazard_between(customer.rate, customer.early, until, customer.rated_from, now)
        customer.rate, customer.early, customer.rated_from = rate, early, now
        if customer.exposure < 0.0:
            customer.exposure = rules.exponential(self._uniform(customer, CHURN, 0))
        left = customer.exposure - customer.spent
        customer.dues[CHURNS] = rules.hazard_reaches(rate, early, until, now, left)
        self.arm(customer)

    def again(self, customer: Customer) -> None:
        """What waits for a customer may come sooner now: its health or value has changed."""
        for task in customer.tasks:
            for line in task.lines:
                line.again(task)

    # --- revenue lost to a change of rep ---

    def shrink(self, customer: Customer, total: int) -> None:
        """A customer loses revenue in monthly steps over the next year."""
        customer.losses.append((self._run.clock.now + rules.MONTH, total, 1))
        self._plan_loss(customer)

    def _plan_loss(self, customer: Customer) -> None:
        customer.dues[CONTRACTS] = min((when for when, _, _ in customer.losses), default=NEVER)
        self.arm(customer)

    def _lose_step(self, customer: Customer) -> None:
        """One step of a loss, the oldest of those due now."""
        now = self._run.clock.now
        at = next(at for at, (when, _, _) in enumerate(customer.losses) if when <= now)
        when, total, step = customer.losses.pop(at)
        if step < rules.LOSS_STEPS:
            customer.losses.append((when + rules.MONTH, total, step + 1))
        self._plan_loss(customer)
        self._run.customers.contract(customer, rules.loss_part(total, step))
