"""What a new period changes: the settings of teams, by which those who wait line up anew, and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model import records as rec
from funnelsim.model.rules.endowment import kind_of, named_anew
from funnelsim.model.tables.tables import RANDOM

from ..machine.jit import jitted
from ..world.events import BEGIN_OPENINGS, begin
from ..world.lines import key_again, open_line, rep_line, team_line
from ..world.orders import IDLE, STAFF, add_to_order, place_rep
from ..world.slots import in_use
from .teams import accept, accept_all, dismiss, dismiss_all, unassign
from .turns import touch

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def read_followers(w: World) -> None:
    """Which teams are named behind each, for some stage or for customers."""
    teams, order = w.teams, w.scratch2
    for team in range(teams.count):
        teams.follower_count[team] = 0
    rows = w.stages * w.kinds + w.kinds
    for row in range(rows):  # in the order of the lists themselves, as in the reference engine
        at = row
        while at > 0 and list_before(w, row, order[at - 1]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
    for at in range(rows):
        length = list_length(w, order[at])
        for k in range(length):
            for other in range(k + 1, length):
                add_follower(w, list_entry(w, order[at], k), list_entry(w, order[at], other))


@jitted
def list_length(w: World, row: int) -> int:
    """How many teams a list has: those of the stages by kind, then those for customers by kind."""
    cells = w.stages * w.kinds
    if row < cells:
        return int(w.tables.stages.team_count[row])
    C = w.tables.customers
    return int(C.team_offset[row - cells + 1] - C.team_offset[row - cells])


@jitted
def list_entry(w: World, row: int, k: int) -> int:
    """A team of a list."""
    cells = w.stages * w.kinds
    if row < cells:
        return int(w.tables.stages.team_list[w.tables.stages.team_offset[row] + k])
    C = w.tables.customers
    return int(C.team_list[C.team_offset[row - cells] + k])


@jitted
def list_before(w: World, a: int, b: int) -> bool:
    """Whether one list of teams comes before another, compared from the left."""
    length_a, length_b = list_length(w, a), list_length(w, b)
    for k in range(min(length_a, length_b)):
        if list_entry(w, a, k) != list_entry(w, b, k):
            return list_entry(w, a, k) < list_entry(w, b, k)
    return length_a < length_b


@jitted
def add_follower(w: World, team: int, other: int) -> None:
    """A team is named behind another."""
    teams = w.teams
    base = team * teams.count
    for k in range(teams.follower_count[team]):
        if teams.followers[base + k] == other:
            return
    teams.followers[base + teams.follower_count[team]] = other
    teams.follower_count[team] += 1


@jitted
def read_team(w: World, team: int) -> None:
    """Read the settings of a team that hold now."""
    T, teams, O = w.tables.teams, w.teams, w.tables.outbound  # noqa: E741
    teams.calendar[team] = T.calendar[team]
    teams.known_until[team] = -1
    teams.share[team] = T.share[team]
    teams.limit[team] = T.wip_limit[team]
    teams.routing[team] = T.routing[team]
    teams.on_arrival[team] = T.on_arrival[team]
    teams.first[team] = T.first[team]
    teams.last[team] = T.last[team]
    teams.ignore[team] = T.ignore[team]
    teams.joint_first[team] = T.joint_first[team]
    first = T.rule_offset[team]
    teams.rule_count[team] = T.rule_offset[team + 1] - first
    for k in range(teams.rule_count[team]):
        teams.rule[team * teams.rules_most + k] = T.rule[first + k]
        teams.upto[team * teams.rules_most + k] = T.rule_upto[first + k]
    teams.outbound[team] = 0
    for source in range(w.sources.count):
        if O.team[source] == team:
            teams.outbound[team] = 1
            if w.sources.known[source] == 0:
                w.sources.known[source] = 1
                w.sources.market[source] = O.market[source]
                w.sources.left[source] = O.market[source]


@jitted
def same_settings(w: World, team: int) -> bool:
    """Whether a team's settings, but for what it works on, are those of before."""
    T, teams = w.tables.teams, w.teams
    first = T.rule_offset[team]
    if (
        teams.calendar[team] != T.calendar[team]
        or teams.limit[team] != T.wip_limit[team]
        or teams.routing[team] != T.routing[team]
        or teams.on_arrival[team] != T.on_arrival[team]
        or teams.first[team] != T.first[team]
        or teams.last[team] != T.last[team]
        or teams.ignore[team] != T.ignore[team]
        or teams.joint_first[team] != T.joint_first[team]
        or teams.rule_count[team] != T.rule_offset[team + 1] - first
    ):
        return False
    P, B = w.tables.seats, w.before.seats
    for seat in range(T.seat_offset[team], T.seat_offset[team + 1]):
        if P.territory[seat] != B.territory[seat]:
            return False
    for k in range(teams.rule_count[team]):
        at = team * teams.rules_most + k
        if teams.rule[at] != T.rule[first + k] or teams.upto[at] != T.rule_upto[first + k]:
            return False
    return True


@jitted
def settle_team(w: World, team: int) -> None:
    """Work by the settings of another period: those who wait line up anew, reps are placed anew."""
    teams = w.teams
    if teams.calendar[team] != w.tables.teams.calendar[team]:
        begin(w, BEGIN_OPENINGS, team)
    if same_settings(w, team):
        read_team(w, team)
        renew_keys(w, team)
        return
    teams.calendar[team] = w.tables.teams.calendar[team]
    teams.known_until[team] = -1
    count = dismiss_waiting(w, team)
    read_team(w, team)
    rebuild_orders(w, team)
    for k in range(count):
        item = w.scratch[k]
        accept(w, item, place_of(w, item, team))
    touch(w, team)


@jitted
def place_of(w: World, item: int, team: int) -> int:
    """At which place of an item a team stands, or -1."""
    items = w.items
    for place in range(items.team_count[item]):
        if items.teams[item * w.most_teams + place] == team:
            return place
    return -1


@jitted
def renew_keys(w: World, team: int) -> None:
    """Work out all keys of a team's lines anew: other tables hold, and a key may have fallen."""
    items, teams = w.items, w.teams
    item = w.waiting_first
    while item >= 0:
        place = place_of(w, item, team)
        if place >= 0 and items.lines[item * w.most_teams + place] >= 0:
            for number in range(teams.rule_count[team]):
                if teams.rule[team * teams.rules_most + number] != RANDOM:
                    key_again(w, team, item, place, number)
        item = items.next[item]


@jitted
def dismiss_waiting(w: World, team: int) -> int:
    """Take all that waits for a team from its lines, into the scratch column; returns their number."""
    items, reps = w.items, w.reps
    count = 0
    item = w.waiting_first
    while item >= 0:
        place = place_of(w, item, team)
        if place >= 0 and (items.rep[item] < 0 or reps.team[items.rep[item]] == team):
            w.scratch[count] = item
            count += 1
        item = items.next[item]
    for k in range(count):
        item = w.scratch[k]
        dismiss(w, item, place_of(w, item, team))
        if items.assigned[item] == 1:
            unassign(w, item)
            items.rep[item] = -1
    return count


@jitted
def rebuild_orders(w: World, team: int) -> None:
    """Place all reps of a team anew, and open their lines anew."""
    teams, reps = w.teams, w.reps
    for order in range(3):
        teams.order_count[team * 3 + order] = 0
    for territory in range(-1, teams.territories):
        w.lines.there[team_line(w, team, territory)] = 0
    open_line(w, team_line(w, team, -1))
    for rep in range(reps.count):
        if reps.team[rep] != team or reps.end[rep] >= 0:
            continue
        reps.territory[rep] = w.tables.seats.territory[reps.seat_row[rep]]
        idle = reps.idle[rep]
        reps.idle[rep] = 0
        reps.called[rep] = 0
        reps.staffed[rep] = 0
        open_line(w, rep_line(w, rep))
        if reps.territory[rep] >= 0 and w.lines.there[team_line(w, team, reps.territory[rep])] == 0:
            open_line(w, team_line(w, team, reps.territory[rep]))
        place_rep(w, rep)
        away = reps.away_until[rep] > w.now
        if teams.on_arrival[team] == 1 and (not away or w.tables.teams.absence_routed[team] == 1):
            reps.staffed[rep] = 1
            add_to_order(w, STAFF, rep)
        if idle == 1:
            reps.idle[rep] = 1
            add_to_order(w, IDLE, rep)


@jitted
def stand_anew(w: World, item: int, partner: int, free: bool) -> None:
    """An item that waits needs a partner of another team from now on, or (-1) none.

    ``free`` of the rep to whom it was pushed, who may not serve it any more.
    """
    dismiss_all(w, item)
    if free and w.items.assigned[item] == 1:
        unassign(w, item)
        w.items.rep[item] = -1
    w.items.partner[item] = partner
    accept_all(w, item)


@jitted
def rename(w: World) -> None:
    """Give customers and leads in the line the names of the present period, and note who they were before."""
    x, leads = w.customers, w.leads
    for customer in range(x.slots.reached):
        if in_use(x.slots, customer):
            x.moved[customer] = 0
            x.former[customer] = x.kind[customer]
            if x.ended[customer] < 0:
                rename_customer(w, customer)
    for lead in range(leads.slots.reached):
        if in_use(leads.slots, lead) and leads.visiting[lead] == 1:
            leads.moved[lead] = 0
            leads.former[lead] = leads.cell[lead]
            rename_lead(w, lead)


@jitted
def rename_customer(w: World, customer: int) -> None:
    """Give a customer a segment and territory of the present period."""
    x, T = w.customers, w.tables
    segment, territory = named_anew(
        T, w.seed, w.replication, x.high[customer], x.low[customer], x.source[customer], x.segment[customer],
        x.territory[customer],
    )  # fmt: skip
    if segment != x.segment[customer] or territory != x.territory[customer]:
        x.moved[customer] = 1
        x.segment[customer] = segment
        x.territory[customer] = territory
        x.kind[customer] = kind_of(T, segment, territory, x.source[customer], x.origin[customer])


@jitted
def rename_lead(w: World, lead: int) -> None:
    """Give a lead a segment and territory of the present period; an expansion has those of its customer."""
    x, leads, T = w.customers, w.leads, w.tables
    parent = leads.came_from[lead]
    if parent >= 0 and leads.origin[lead] == rec.EXPANSION and x.ended[parent] < 0:
        segment, territory = x.segment[parent], x.territory[parent]
    else:
        segment, territory = named_anew(
            T, w.seed, w.replication, leads.high[lead], leads.low[lead], leads.source[lead], leads.segment[lead],
            leads.territory[lead],
        )  # fmt: skip
    if segment != leads.segment[lead] or territory != leads.territory[lead]:
        leads.moved[lead] = 1
        leads.segment[lead] = segment
        leads.territory[lead] = territory
        leads.kind[lead] = kind_of(T, segment, territory, leads.source[lead], leads.origin[lead])
        leads.cell[lead] = leads.stage[lead] * w.kinds + leads.kind[lead]


@jitted
def has_moved(w: World, item: int) -> bool:
    """Whether the one that an item is for has another segment or territory than in the period before."""
    of = w.items.of[item]
    if w.items.task[item] == 1:
        return bool(w.customers.moved[w.tasks.customer[of]] == 1)
    return bool(w.leads.moved[of] == 1)
