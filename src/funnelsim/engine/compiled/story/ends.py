"""The beginning and the end: leads that are in the line at the start, and the horizon, at which all is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.engine.codes import WORK
from funnelsim.model import records as rec
from funnelsim.model.numbers.distributions import round_us
from funnelsim.model.rules import people
from funnelsim.model.rules.endowment import NO_WAY, Known, endow_at
from funnelsim.model.time.calendars import open_common

from ..machine.jit import jitted
from ..machine.structs import row_words
from ..world.events import BEGIN_LEAD, begin
from ..world.ledger import (
    add_filler,
    add_presence,
    add_wait,
    add_work,
    count_work_so_far,
    note,
    turn,
    write_customer,
    write_lead,
    write_task,
    write_visit,
)
from ..world.rows import Leads, Visits
from ..world.slots import in_use
from .customers import booked
from .owners import own
from .sources import endow_lead, new_lead
from .visit.standing import lift_on_way, standing_in

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def open_deal(w: World, number: int) -> None:
    """Put a lead of the start where it stands."""
    deals, leads, S = w.deals, w.leads, w.tables.stages
    stage, high, low = deals.stage[number], deals.high[number], deals.low[number]
    known = Known(deals.value[number], deals.source[number], deals.segment[number], deals.territory[number])
    standing = standing_in(w, number)
    source, drawn, attempt = endow_at(
        w.tables, w.seed, w.replication, high, low, stage, known, deals.reachable[number] == 1, standing
    )
    lead = new_lead(w, high, low, source, deals.number[number], deals.created[number])
    leads.opening[lead] = 1
    endow_lead(w, lead, drawn)
    if standing.goes_on == 1 and attempt != NO_WAY:
        lift_on_way(w, lead, stage, attempt)
    note(w, lead, -1, rec.CREATED, -1, -1)
    if deals.won_before[number] == 1:
        leads.ended[lead] = 0
        leads.outcome[lead] = rec.WON
        booked(w, lead, True)
    cell = stage * w.kinds + leads.kind[lead]
    if S.team_count[cell] > 0:
        team = S.team_list[S.team_offset[cell]]
        leads.last_team[lead] = team
        if deals.owner[number] >= 0 and S.any_rep[stage] == 0:
            rep = named_owner(w, team, deals.owner[number])
            if rep >= 0:
                own(w, lead, rep, False)
    leads.stage[lead] = stage
    begin(w, BEGIN_LEAD, lead)


@jitted
def named_owner(w: World, team: int, name: int) -> int:
    """The rep who stands for a named owner: each new name of a team takes the next seat, going round."""
    deals, reps = w.deals, w.reps
    count = 0
    for rep in range(reps.count):
        count += reps.team[rep] == team
    if count == 0:
        return -1
    at = team * deals.owners + name
    if deals.seat[at] < 0:
        deals.seat[at] = deals.seated[team]
        deals.seated[team] += 1
    left = deals.seat[at] % count
    for rep in range(reps.count):
        if reps.team[rep] == team:
            if left == 0:
                return rep
            left -= 1
    return -1


BAND = 64
"""Rows that are put into some columns before others."""

SOME = 4
"""Columns into which rows are put at once."""

VISIT_WORDS, LEAD_WORDS = row_words(Visits), row_words(Leads)


@jitted
def close_lead(w: World, lead: int) -> None:
    """Write down a lead that is in the line, and its visit."""
    leads, items = w.leads, w.items
    if leads.visiting[lead] == 1:
        if leads.mode[lead] == WORK:
            count_work_so_far(w, lead, w.horizon)
        elif leads.item[lead] >= 0:
            item = leads.item[lead]
            team = items.teams[item * w.most_teams]
            leads.wait_open[lead] += items.open_before[item] + add_wait(w, team, items.since[item], w.horizon)
        turn(w, lead, leads.mode[lead])
        write_visit(w, lead, -1, -1)
    write_lead(w, lead)


@jitted
def close_task(w: World, task: int) -> None:
    """Write down a task that is not done, unless that has been done."""
    tasks, items, reps = w.tasks, w.items, w.reps
    item = tasks.item[task]
    if item < 0:
        return
    if items.waiting[item] == 1:
        add_wait(w, items.teams[item * w.most_teams], items.since[item], w.horizon)
        write_task(w, task, -1, 0, 0)
        return
    rep = tasks.rep[task]
    busy = open_common(w.calendars, items.hours_a[item], items.hours_b[item], tasks.started[task], w.horizon)
    share = people.share_for_leads(w.teams.share[reps.team[rep]], items.post_a[item])
    write_task(w, task, -1, round_us(busy * share), busy)


@jitted
def close_rep(w: World, rep: int) -> None:
    """Charge a rep what is in hand, and the time in the seat."""
    reps = w.reps
    began = reps.current[rep]
    if began >= 0:
        if reps.on_contact[rep] == 1:
            add_filler(w, rep, began, w.horizon)
        else:
            add_work(w, rep, reps.quarters[rep], reps.hours_a[rep], reps.hours_b[rep], began, w.horizon)
    add_presence(w, rep, reps.end[rep] if reps.end[rep] >= 0 else w.horizon)


@jitted
def close_item(w: World, item: int) -> None:
    """Charge reps a piece of work in hand, one of any number."""
    items = w.items
    if items.waiting[item] == 1:
        return
    a, b, began = items.hours_a[item], items.hours_b[item], items.since[item]
    add_work(w, items.done_rep[item], items.post_a[item], a, b, began, w.horizon)
    if items.done_partner[item] >= 0:
        add_work(w, items.done_partner[item], items.post_b[item], a, b, began, w.horizon)


@jitted
def close_all(w: World) -> None:
    """Write down all that is open; there must be room for it."""
    for lead in range(w.leads.slots.reached):
        if in_use(w.leads.slots, lead):
            close_lead(w, lead)
    for task in range(w.tasks.slots.reached):
        if in_use(w.tasks.slots, task):
            close_task(w, task)
    if w.tables.switches.boundless == 1:
        for item in range(w.items.slots.reached):
            if in_use(w.items.slots, item):
                close_item(w, item)
    for rep in range(w.reps.count):
        close_rep(w, rep)
    for customer in range(w.customers.slots.reached):
        if in_use(w.customers.slots, customer):
            write_customer(w, customer)


@jitted
def arrange(w: World) -> None:
    """Put the rows of leads into columns in order of creation, those of visits by lead, in order of entering."""
    out, leads, visits, places = w.out, w.out.leads, w.out.visits, w.out.places
    put_into_columns(leads.sheet, LEAD_WORDS, leads.written, out.lead_columns)
    for row in range(visits.written):
        places[visits.lead[row] + 1] += 1
    for lead in range(leads.written):
        places[lead + 1] += places[lead]
    for row in range(visits.written):  # a lead's visits were written one after another
        lead = visits.lead[row]
        place = places[lead]
        places[lead] = place + 1
        out.visit_columns[place] = lead
        visits.lead[row] = place
    put_into_columns(visits.sheet, VISIT_WORDS, visits.written, out.visit_columns)


@jitted
def put_into_columns(sheet: Any, words: int, rows: int, columns: Any) -> None:
    """Put the words of rows, but for the first, into columns; the first says at which place.

    Rows go into a few columns band by band, so that what is read and written again soon is still in the cache. The
    last columns of all may be written twice.
    """
    for first in range(0, rows, BAND):
        end = min(first + BAND, rows)
        for some in range(1, words, SOME):
            word = min(some, words - SOME)
            for row in range(first, end):
                place = sheet[row * words]
                for k in range(SOME):
                    columns[(word + k) * rows + place] = sheet[row * words + word + k]
