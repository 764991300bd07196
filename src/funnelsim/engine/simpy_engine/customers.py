"""Customers: who they are, whose they are, what they are worth, and the leads they give rise to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import CARE, NEVER_PAID
from funnelsim.model import records as rec
from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.numbers.draws import BAD_DEBT, EXPANSION, PAYMENT, REFERRAL, child_entity
from funnelsim.model.rules import people
from funnelsim.model.rules.customer_draws import endow_child, endow_customer
from funnelsim.model.time.calendars import open_common

from .customer import Customer
from .journey import Journey
from .life import Life
from .tasks import Task
from .world.state import Lead, Rep

if TYPE_CHECKING:
    from funnelsim.model.tables.tables import CustomerTable

    from .run import Run


class Customers:
    """All customers of a run.

    A lead that is won becomes a customer, whose contract begins then; it is live when it has gone through the
    line. The deal of an expansion lead adds to its customer; if that has churned meanwhile, it makes a customer of
    its own.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.life = Life(run)

    @property
    def _table(self) -> CustomerTable:
        return self._run.tables.customers

    def teams_of(self, kind: int) -> tuple[int, ...]:
        """The teams that work for customers of a kind, the preferred first."""
        return _teams_of(self._table, kind)

    # --- at the start ---

    def start(self) -> None:
        """The customers of the start, dealt out evenly over the reps who may serve them."""
        run, C = self._run, self._table
        for number in range(1, C.opening + 1):
            customer = self._create(C.opening_entity, number)
            customer.number = number
            drawn = endow_customer(run.tables, *run.key, customer.high, customer.low)
            customer.segment, customer.territory, customer.kind, customer.value = drawn
            customer.paid = 0
            self._count_in(customer, rec.OPENING)
            self.life.sign(customer, opening=True)
            reps = [rep for rep in self._reps(customer) if rep.territory in (-1, customer.territory)]
            if reps:
                self._give_customer(customer, min(reps, key=lambda rep: (len(rep.customers), rep.row)))
            self.life.start_care(customer, opening=True)

    def _reps(self, customer: Customer) -> list[Rep]:
        teams = self.teams_of(customer.kind)[:1]
        return [rep for rep in self._run.ledger.reps if rep.team in teams and rep.end < 0]

    def _create(self, high: int, low: int) -> Customer:
        ledger = self._run.ledger
        customer = Customer(len(ledger.customers), high, low, self._run.clock.now)
        ledger.customers.append(customer)
        return customer

    def _count_in(self, customer: Customer, kind: int) -> None:
        """A customer is one from now on."""
        customer.first_arr = customer.value * self._table.recurring
        self._run.ledger.customer_count += 1
        self._move(customer, kind, customer.value)

    def _move(self, customer: Customer, kind: int, amount: int) -> None:
        if self._table.recurring:
            self._run.ledger.move(self._run.clock.now, customer.row, kind, amount)

    # --- what becomes of leads ---

    def booked(self, lead: Lead, before: bool = False) -> None:
        """A lead is won: its customer is new, or for an expansion has grown; ``before`` the start of the run."""
        parent = lead.came_from
        if parent is not None and lead.origin == rec.EXPANSION and parent.ended < 0:
            lead.customer = parent
            if self._table.recurring:
                parent.value += lead.booked
                self._move(parent, rec.EXPANDED, lead.booked)
                self.life.again(parent)
            return
        customer = lead.customer = self._create(lead.high, lead.low)
        customer.lead = lead
        customer.segment, customer.territory, customer.kind = lead.segment, lead.territory, lead.kind
        customer.source, customer.origin, customer.score = lead.source, lead.origin, lead.score
        customer.value = lead.value if before else lead.booked
        customer.promised, customer.discounted = lead.promised, lead.discounted
        customer.promise_gap = lead.health_loss
        customer.paid = self._payment(customer)
        self._count_in(customer, rec.OPENING if before else rec.NEW_ARR)
        self.life.sign(customer)

    def _payment(self, customer: Customer) -> int:
        """When the first invoice is paid: -1 if not within the run, or never."""
        run, C = self._run, self._table
        entity = (customer.high, customer.low)
        if C.bad_debt > 0.0 and run.luck.uniform(*entity, BAD_DEBT) < C.bad_debt:
            return NEVER_PAID
        row = C.payment_delay
        delay = 0 if row < 0 else round_us(run.luck.draw(run.tables.dists, row, *entity, PAYMENT))
        paid = customer.since + delay
        return paid if paid < run.clock.horizon else -1

    def deadline_of_stage(self, lead: Lead, due: int) -> None:
        """A lead has entered a stage that is to be through at a deadline (NEVER: none), for a customer it made."""
        if lead.customer is not None and lead.customer.lead is lead:
            self.life.onboard_by(lead.customer, due)

    def go_live(self, lead: Lead) -> None:
        """A won lead is through the line: it is looked after from now on, by the rep who brought it there."""
        customer = lead.customer
        if customer is None or customer.lead is not lead or customer.ended >= 0:
            return
        rep = lead.last_rep
        if rep is not None and rep.team in self.teams_of(customer.kind):
            customer.faces.add(rep.row)
            if customer.rep is None and rep.end < 0 and rep.leaving is None:
                self._give_customer(customer, rep)
        self.life.change_health(customer, customer.promise_gap - lead.health_loss)
        self.life.start_care(customer)

    def fell_through(self, lead: Lead) -> None:
        """A won lead left the line otherwise than at its end: its customer is lost, or what it added is."""
        customer = lead.customer
        if customer is None or customer.ended >= 0:
            return
        if customer.lead is lead:
            self.life.end(customer)
        else:
            self.contract(customer, lead.booked)

    def lead_ended(self, lead: Lead) -> None:
        """A lead that came from a customer was lost; one that was left lying harms the customer's health."""
        customer = lead.came_from
        if customer is not None and lead.origin == rec.EXPANSION and self._was_ignored(lead):
            customer.ignored_leads += 1
            self.life.change_health(customer, -self._table.ignored_lead)

    def _was_ignored(self, lead: Lead) -> bool:
        """Whether a lead expired, or came to a team and was never touched."""
        run = self._run
        if lead.outcome == rec.EXPIRED:
            return True
        cells = (stage * run.kinds + lead.kind for stage in lead.visits)
        return lead.first_touch < 0 and any(run.teams_of(cell) for cell in cells)

    def bear(self, customer: Customer, origin: int, number: int) -> None:
        """A customer gives rise to a lead: an expansion, or a referral."""
        run, C = self._run, self._table
        purpose, row = (EXPANSION, 0) if origin == rec.EXPANSION else (REFERRAL, 1)
        entity = child_entity(customer.high, customer.low, purpose, number)
        lead = Lead(len(run.ledger.leads), *entity, customer.source, number, run.clock.now)
        lead.origin, lead.came_from = origin, customer
        lead.parent = -1 if customer.lead is None else customer.lead.serial
        parent = (customer.segment, customer.territory, customer.source, customer.kind, customer.value)
        run.sources.endow_lead(lead, endow_child(run.tables, *run.key, *entity, origin, parent))
        run.ledger.leads.append(lead)
        run.ledger.event(run.clock.now, lead, -1, rec.CREATED)
        run.clock.process(Journey(run, lead).travel(C.to[row * run.kinds + customer.kind]))

    # --- whose they are ---

    def begun(self, task: Task, rep: Rep) -> None:
        """A rep starts on a task; a customer without a rep is that rep's from now on."""
        customer = task.customer
        customer.faces.add(rep.row)
        if task.kind == CARE:
            in_time = task.started < task.due
            customer.care_on_time += in_time
            customer.care_late += not in_time
        if customer.rep is None:
            self._give_customer(customer, rep)

    def _give_customer(self, customer: Customer, rep: Rep) -> None:
        """A rep has a customer from now on, and whatever waits for it."""
        customer.rep, customer.last_rep = rep, rep.row
        rep.customers[customer] = None
        self._send(customer, rep)
        self.life.change_health(customer, 0.0)

    def _send(self, customer: Customer, rep: Rep | None) -> None:
        """Let what waits for a customer wait for one rep, or for any of the teams that work for it."""
        run = self._run
        teams = self.teams_of(customer.kind) if rep is None else (rep.team,)
        for task in [task for task in customer.tasks if task.rep is not rep]:
            for line in list(task.lines):
                run.teams[line.team].dismiss(task, line)
            if teams:
                run.pass_on(task, teams)
            task.rep = rep
            run.stand(task)

    def reorganise_customers(self, before: CustomerTable) -> None:
        """Other tables hold from now on: rates and intervals change, and whose team has changed loses its rep."""
        for customer in self._run.ledger.customers:
            if customer.ended >= 0:
                continue
            self.life.follow(customer, before)
            teams = self.teams_of(customer.kind)
            if customer.rep is not None and customer.rep.team not in teams:
                self.change_hands(customer)
            if teams != _teams_of(before, customer.former):
                for task in list(customer.tasks):
                    self.life.queue_anew(task, teams)

    def rep_left(self, rep: Rep) -> None:
        """A rep is gone, and the customers have no rep until somebody takes up work for them."""
        for customer in sorted(rep.customers, key=lambda customer: customer.row):
            self.change_hands(customer)

    def rep_moved(self, rep: Rep, moved: Rep) -> None:
        """A person works in another team now: customers it serves stay theirs, others lose their rep."""
        for customer in sorted(rep.customers, key=lambda customer: customer.row):
            if moved.team not in self.teams_of(customer.kind):
                self.change_hands(customer)
                continue
            del rep.customers[customer]
            customer.rep, customer.last_rep = moved, moved.row
            moved.customers[customer] = None
            self.life.change_health(customer, 0.0)
            for task in list(customer.tasks):
                self.life.queue_anew(task, (moved.team,))

    def change_hands(self, customer: Customer) -> None:
        """A customer loses its rep: that harms health, and takes a share of the revenue over the next year."""
        C, rep = self._table, customer.rep
        if rep is None or customer.ended >= 0:
            return
        del rep.customers[customer]
        customer.rep = None
        customer.rep_changes += 1
        self._send(customer, None)
        self.life.change_health(customer, -C.change_health)
        loss = int(customer.value * C.change_revenue + 0.5)
        if C.recurring and loss > 0:
            self.life.shrink(customer, loss)

    # --- what they are worth ---

    def contract(self, customer: Customer, amount: int) -> None:
        """A customer's revenue falls, at most to nothing."""
        taken = min(amount, customer.value)
        if self._table.recurring:
            customer.value -= taken
            self._move(customer, rec.CONTRACTED, taken)
            self.life.again(customer)

    def lost(self, customer: Customer) -> None:
        """A customer has churned."""
        self._run.ledger.customer_count -= 1
        self._move(customer, rec.CHURNED, customer.value)
        if customer.rep is not None:
            del customer.rep.customers[customer]

    # --- the end ---

    def close(self, horizon: int) -> None:
        """Write down the work that is not done at the horizon."""
        run = self._run
        for task in run.ledger.tasks:
            if task.waiting:
                run.ledger.add_wait(task.teams[0], task.since, horizon)
            elif task.started >= 0 and task.ended < 0:
                rep = run.ledger.reps[task.rep_row]
                task.busy = open_common(run.calendars, *task.hours, task.started, horizon)
                share = people.share_for_leads(run.teams[rep.team].share, task.posts[0])
                task.work = round_us(task.busy * share)

    def records(self) -> dict[str, Any]:
        """The records of customers."""
        ledger = self._run.ledger
        return {
            "customers": rec.table(rec.Customers, [self._row(customer) for customer in ledger.customers]),
            "moves": rec.table(rec.Moves, ledger.moves),
            "tasks": rec.table(rec.Tasks, [task.row() for task in ledger.tasks]),
        }

    def _row(self, customer: Customer) -> tuple[Any, ...]:
        x, recurring = customer, self._table.recurring
        return rec.row(rec.Customers)(
            lead=-1 if x.lead is None else x.lead.serial,
            number=x.number,
            segment=x.segment,
            territory=x.territory,
            since=x.since,
            live=x.live,
            ended=x.ended,
            first_arr=x.first_arr,
            arr=x.value * recurring,
            promised=x.promised,
            discounted=x.discounted,
            rep=x.last_rep,
            faces=len(x.faces),
            care_on_time=x.care_on_time,
            care_late=x.care_late,
            care_missed=x.care_missed,
            complaints_well=x.complaints_well,
            complaints_badly=x.complaints_badly,
            rep_changes=x.rep_changes,
            ignored_leads=x.ignored_leads,
            paid=x.paid,
            health=x.health,
        )


def _teams_of(C: CustomerTable, kind: int) -> tuple[int, ...]:
    return tuple(C.team_list[C.team_offset[kind] : C.team_offset[kind + 1]])
