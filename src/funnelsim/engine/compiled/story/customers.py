"""What becomes of leads that are won: who the customers are, and whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import CUSTOMER_SERIALS, NEVER_PAID
from funnelsim.model import records as rec
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.distributions import draw, round_us
from funnelsim.model.numbers.draws import BAD_DEBT, PAYMENT
from funnelsim.model.rules import customer_rules as rules
from funnelsim.model.rules.customer_draws import endow_customer

from ..machine.jit import jitted
from ..machine.structs import row_words
from ..world.ledger import face_customer
from ..world.population import Customers
from ..world.slots import in_use, sort_by, take_slot
from .health import DUES, STREAMS, again, change_health, draw_of_customer, onboard_by, sign, start_care
from .life import end, follow, queue_anew, retire
from .owners import give_customer, hold_customer, release_customer, send_tasks, serves_customers
from .revenue import contract, note_move, shrink

if TYPE_CHECKING:
    from ..world.world import World

ROW_WORDS = row_words(Customers)


# --- at the start ------------------------------------------------------------------------------------


@jitted
def open_customer(w: World, number: int) -> None:
    """A customer of the start, with the rep who has the fewest of those who may serve it."""
    x, C = w.customers, w.tables.customers
    customer = new_customer(w, C.opening_entity, number)
    x.number[customer] = number
    segment, territory, kind, value = endow_customer(w.tables, w.seed, w.replication, C.opening_entity, number)
    x.segment[customer] = segment
    x.territory[customer] = territory
    x.kind[customer] = kind
    x.value[customer] = value
    x.paid[customer] = 0
    count_in(w, customer, rec.OPENING)
    sign(w, customer, 0.0, True)
    rep = least_burdened(w, kind, territory)
    if rep >= 0:
        give_customer(w, customer, rep)
    start_care(w, customer, True)
    retire(w, customer)


@jitted
def least_burdened(w: World, kind: int, territory: int) -> int:
    """The rep of the preferred team with the fewest customers who serves a territory."""
    C, reps = w.tables.customers, w.reps
    first = C.team_offset[kind]
    best = -1
    if C.team_offset[kind + 1] > first:
        for rep in range(reps.count):
            if reps.team[rep] == C.team_list[first] and reps.end[rep] < 0:
                fits = reps.territory[rep] == -1 or reps.territory[rep] == territory
                if fits and (best < 0 or reps.customers[rep] < reps.customers[best]):
                    best = rep
    return best


@jitted
def new_customer(w: World, high: int, low: int) -> int:
    """A slot for a customer, as blank as one begins."""
    x = w.customers
    customer = take_slot(x.slots)
    for word in range(customer * ROW_WORDS, (customer + 1) * ROW_WORDS):
        x.sheet[word] = 0
    x.row[customer] = x.rows
    x.serial[customer] = CUSTOMER_SERIALS + 4 * x.rows
    x.rows += 1
    x.high[customer] = high
    x.low[customer] = low
    x.since[customer] = w.now
    for column in (x.lead, x.in_line, x.territory, x.source, x.live, x.ended, x.rep, x.last_rep, x.face, x.paid,
                   x.losses, x.losses_last, x.care, x.task, x.task_last):  # fmt: skip
        column[customer] = -1
    x.health[customer] = 1.0
    x.exposure[customer] = -1.0
    x.early[customer] = 1.0
    x.armed[customer] = NEVER
    for what in range(DUES):
        x.dues[customer * DUES + what] = NEVER
    for stream in range(STREAMS):
        x.left[customer * STREAMS + stream] = -1.0
        x.paces[customer * STREAMS + stream] = 0.0
        x.paced_from[customer * STREAMS + stream] = 0
    for what in range(5):
        x.counts[customer * 5 + what] = 0
    return customer


@jitted
def count_in(w: World, customer: int, kind: int) -> None:
    """A customer is one from now on."""
    x = w.customers
    x.first_arr[customer] = x.value[customer] * w.tables.customers.recurring
    w.books.customers += 1
    note_move(w, customer, kind, x.value[customer])


# --- what becomes of leads ---------------------------------------------------------------------------


@jitted
def booked(w: World, lead: int, before: bool) -> None:
    """A lead is won: its customer is new, or for an expansion has grown; ``before`` the start of the run."""
    leads, x = w.leads, w.customers
    parent = leads.came_from[lead]
    if parent >= 0 and leads.origin[lead] == rec.EXPANSION and x.ended[parent] < 0:
        leads.customer[lead] = parent
        x.tied[parent] += 1
        if w.tables.customers.recurring == 1:
            x.value[parent] += leads.booked[lead]
            note_move(w, parent, rec.EXPANDED, leads.booked[lead])
            again(w, parent)
        return
    customer = new_customer(w, leads.high[lead], leads.low[lead])
    leads.customer[lead] = customer
    x.tied[customer] = 1
    x.lead[customer] = leads.serial[lead]
    x.in_line[customer] = lead
    x.segment[customer] = leads.segment[lead]
    x.territory[customer] = leads.territory[lead]
    x.kind[customer] = leads.kind[lead]
    x.source[customer] = leads.source[lead]
    x.origin[customer] = leads.origin[lead]
    x.score[customer] = leads.score[lead]
    x.value[customer] = leads.value[lead] if before else leads.booked[lead]
    x.promised[customer] = leads.promised[lead]
    x.discounted[customer] = leads.discounted[lead]
    x.promise_gap[customer] = leads.health_loss[lead]
    x.paid[customer] = payment(w, customer)
    count_in(w, customer, rec.OPENING if before else rec.NEW_ARR)
    sign(w, customer, experience(w, lead), False)


@jitted
def experience(w: World, lead: int) -> float:
    """What a buyer's way to the booking takes off health."""
    leads, C = w.leads, w.tables.customers
    met, context, lay = leads.faces[lead], leads.context[lead], leads.waited[lead]
    return rules.experience(C.new_face, met, C.lost_context, context, C.day_waited, lay)


@jitted
def payment(w: World, customer: int) -> int:
    """When the first invoice is paid: -1 if not within the run, or never."""
    x, C = w.customers, w.tables.customers
    if C.bad_debt > 0.0 and draw_of_customer(w, customer, BAD_DEBT, 0, 0) < C.bad_debt:
        return NEVER_PAID
    paid = x.since[customer]
    if C.payment_delay >= 0:
        paid += round_us(
            draw(
                w.tables.dists,
                C.payment_delay,
                w.seed,
                w.replication,
                x.high[customer],
                x.low[customer],
                PAYMENT,
                0,
                0,
            )
        )
    return int(paid) if paid < w.horizon else -1


@jitted
def is_customer_of(w: World, customer: int, lead: int) -> bool:
    """Whether a lead made a customer, rather than grew one."""
    return bool(w.customers.lead[customer] == w.leads.serial[lead])


@jitted
def deadline_of_stage(w: World, lead: int, due: int) -> None:
    """A lead has entered a stage that is to be through at a deadline (NEVER: none), for a customer it made."""
    customer = w.leads.customer[lead]
    if customer >= 0 and is_customer_of(w, customer, lead):
        onboard_by(w, customer, due)


@jitted
def out_of_line(w: World, lead: int) -> None:
    """A lead has left the line, so the customer that it made is not in onboarding any more."""
    customer = w.leads.customer[lead]
    if customer >= 0 and is_customer_of(w, customer, lead):
        w.customers.in_line[customer] = -1


@jitted
def go_live(w: World, lead: int) -> None:
    """A won lead is through the line: it is looked after from now on, by the rep who brought it there."""
    leads, x, reps = w.leads, w.customers, w.reps
    customer = leads.customer[lead]
    if customer < 0 or not is_customer_of(w, customer, lead) or x.ended[customer] >= 0:
        return
    rep, kind = leads.last_rep[lead], x.kind[customer]
    if rep >= 0 and serves_customers(w, reps.team[rep], kind):
        face_customer(w, customer, rep)
        if x.rep[customer] < 0 and reps.end[rep] < 0 and reps.leaving[rep] == 0:
            give_customer(w, customer, rep)
    change_health(w, customer, x.promise_gap[customer] - leads.health_loss[lead])
    start_care(w, customer, False)


@jitted
def fell_through(w: World, lead: int) -> None:
    """A won lead left the line otherwise than at its end: its customer is lost, or what it added is."""
    customer = w.leads.customer[lead]
    if customer < 0 or w.customers.ended[customer] >= 0:
        return
    if is_customer_of(w, customer, lead):
        end(w, customer)
    else:
        contract(w, customer, w.leads.booked[lead])


@jitted
def lead_ended(w: World, lead: int) -> None:
    """A lead that came from a customer was lost; one that was left lying harms the customer's health."""
    customer = w.leads.came_from[lead]
    if customer >= 0 and w.leads.origin[lead] == rec.EXPANSION and was_ignored(w, lead):
        w.customers.ignored_leads[customer] += 1
        change_health(w, customer, -w.tables.customers.ignored_lead)


@jitted
def was_ignored(w: World, lead: int) -> bool:
    """Whether a lead expired, or came to a team and was never touched."""
    leads = w.leads
    if leads.outcome[lead] == rec.EXPIRED:
        return True
    if leads.first_touch[lead] >= 0:
        return False
    for stage in range(w.stages):
        if leads.visits[lead * w.stages + stage] > 0:
            if w.tables.stages.team_count[stage * w.kinds + leads.kind[lead]] > 0:
                return True
    return False


@jitted
def untie(w: World, customer: int) -> None:
    """A lead that might have changed a customer has left the line."""
    if customer >= 0:
        w.customers.tied[customer] -= 1
        retire(w, customer)


# --- whose they are ----------------------------------------------------------------------------------


@jitted
def change_hands(w: World, customer: int) -> None:
    """A customer loses its rep: that harms health, and takes a share of the revenue over the next year."""
    x, C = w.customers, w.tables.customers
    if x.rep[customer] < 0 or x.ended[customer] >= 0:
        return
    release_customer(w, customer)
    x.rep[customer] = -1
    x.rep_changes[customer] += 1
    send_tasks(w, customer, -1)
    change_health(w, customer, -C.change_health)
    loss = int(x.value[customer] * C.change_revenue + 0.5)
    if C.recurring == 1 and loss > 0:
        shrink(w, customer, loss)


@jitted
def customers_of(w: World, rep: int) -> int:
    """Put a rep's customers into the scratch column, by row; returns their number."""
    x = w.customers
    count = 0
    customer = w.reps.customer[rep]
    while customer >= 0:
        w.scratch[count] = customer
        count += 1
        customer = x.rep_next[customer]
    sort_by(w.scratch, count, x.row, x.row)
    return count


@jitted
def rep_left(w: World, rep: int) -> None:
    """A rep is gone, and the customers have no rep until somebody takes up work for them."""
    for k in range(customers_of(w, rep)):
        customer = w.scratch[k]
        change_hands(w, customer)


@jitted
def rep_moved(w: World, rep: int, moved: int) -> None:
    """A person works in another team now: customers it serves stay theirs, others lose their rep."""
    x = w.customers
    for k in range(customers_of(w, rep)):
        customer = w.scratch[k]
        if not serves_customers(w, w.reps.team[moved], x.kind[customer]):
            change_hands(w, customer)
            continue
        release_customer(w, customer)
        hold_customer(w, customer, moved)
        change_health(w, customer, 0.0)
        requeue_tasks(w, customer, False)


@jitted
def requeue_tasks(w: World, customer: int, withdrawn: bool) -> None:
    """All that waits for a customer is another team's from now on, or nobody's."""
    tasks = w.tasks
    task = w.customers.task[customer]
    while task >= 0:
        following = tasks.next[task]
        if tasks.item[task] >= 0 and w.items.waiting[tasks.item[task]] == 1:
            queue_anew(w, task, withdrawn)
        task = following


@jitted
def moved_kind(w: World, kind: int, former: int) -> bool:
    """Whether other teams work for customers of a kind than, for the kind they were then, in the period before."""
    C, B = w.tables.customers, w.before.customers
    count = C.team_offset[kind + 1] - C.team_offset[kind]
    if B.team_offset[former + 1] - B.team_offset[former] != count:
        return True
    for k in range(count):
        if C.team_list[C.team_offset[kind] + k] != B.team_list[B.team_offset[former] + k]:
            return True
    return False


@jitted
def reorganise_customers(w: World) -> None:
    """Other tables hold from now on: rates and intervals change, and whose team has changed loses its rep."""
    x, C = w.customers, w.tables.customers
    count = 0
    for customer in range(x.slots.reached):
        if in_use(x.slots, customer) and x.ended[customer] < 0:
            w.scratch[count] = customer
            count += 1
    sort_by(w.scratch, count, x.row, x.row)
    for k in range(count):
        customer = w.scratch[k]
        kind = x.kind[customer]
        follow(w, customer)
        rep = x.rep[customer]
        if rep >= 0 and not serves_customers(w, w.reps.team[rep], kind):
            change_hands(w, customer)
        if moved_kind(w, kind, x.former[customer]):
            requeue_tasks(w, customer, C.team_offset[kind + 1] == C.team_offset[kind])
