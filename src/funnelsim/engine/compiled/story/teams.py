"""Teams at work: who waits for them, and who of them is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import FIRST, JOINT_FIRST, LAST, LEFT_LYING, USUAL

from ..machine.jit import jitted
from ..world.ledger import add_presence
from ..world.lines import enter_line, leave_line, line_of, open_line, rep_line, team_line, territory_of
from ..world.orders import CALLED, IDLE, STAFF, add_to_order, place_rep, remove_from_order, shift_load
from .turns import routed, touch

if TYPE_CHECKING:
    from ..world.world import World

# --- people --------------------------------------------------------------------------------------


@jitted
def replace(w: World, rep: int, load: int) -> None:
    """Change a rep's load; one who has room again may take something."""
    shift_load(w, rep, load)
    if load < 0 and w.reps.idle[rep] == 1:
        touch(w, w.reps.team[rep])


@jitted
def give(w: World, rep: int, load: int) -> None:
    """Something is a rep's from now on, and counts for so much."""
    w.reps.given[rep] += 1
    w.reps.since[rep] = w.now
    replace(w, rep, load)


@jitted
def occupy(w: World, rep: int) -> None:
    """A rep starts to work, or goes away."""
    reps = w.reps
    remove_from_order(w, IDLE, rep)
    if reps.called[rep] == 1:
        remove_from_order(w, CALLED, rep)
    reps.idle[rep] = 0
    reps.called[rep] = 0


@jitted
def stand_by(w: World, rep: int) -> None:
    """A rep who does not go is free, unless away."""
    reps = w.reps
    if reps.away_until[rep] > w.now:
        return
    if reps.idle[rep] == 1:  # all the time, where people are as many as needed
        touch(w, reps.team[rep])
        return
    reps.idle[rep] = 1
    add_to_order(w, IDLE, rep)
    if w.lines.count[rep_line(w, rep)] > 0:
        reps.called[rep] = 1
        add_to_order(w, CALLED, rep)
    touch(w, reps.team[rep])


@jitted
def keep_hours(w: World, rep: int) -> None:
    """A rep without a touch in hand works by the hours of the present period."""
    reps = w.reps
    calendar, quarters = reps.new_calendar[rep], reps.new_quarters[rep]
    if (calendar != -1 and calendar != reps.calendar[rep]) or (quarters != -1 and quarters != reps.quarters[rep]):
        add_presence(w, rep, w.now)
        if calendar >= 0:
            reps.calendar[rep] = calendar
        if quarters >= 0:
            reps.quarters[rep] = quarters
    reps.new_calendar[rep] = -1
    reps.new_quarters[rep] = -1


@jitted
def join(w: World, rep: int) -> None:
    """A rep takes a seat."""
    reps = w.reps
    team, territory = reps.team[rep], reps.territory[rep]
    if territory >= 0 and w.lines.there[team_line(w, team, territory)] == 0:
        open_territory(w, team, territory)
    place_rep(w, rep)
    return_to_team(w, rep)


@jitted
def open_territory(w: World, team: int, territory: int) -> None:
    """Unowned items of a territory wait in a line of their own from now on."""
    from_line, line = team_line(w, team, -1), team_line(w, team, territory)
    open_line(w, line)
    items = w.items
    item = w.waiting_first
    while item >= 0:
        for place in range(items.team_count[item]):
            if items.lines[item * w.most_teams + place] == from_line and territory_of(w, item) == territory:
                leave_line(w, team, item, place)
                order = class_in_line(w, team, item)
                if order != LEFT_LYING:
                    enter_line(w, line, team, item, place, order)
        item = items.next[item]


@jitted
def away(w: World, rep: int) -> None:
    """A rep takes nothing for a while."""
    reps = w.reps
    if reps.idle[rep] == 1:
        occupy(w, rep)
    if reps.staffed[rep] == 1 and w.tables.teams.absence_routed[reps.team[rep]] == 0:
        reps.staffed[rep] = 0
        remove_from_order(w, STAFF, rep)


@jitted
def part(w: World, rep: int) -> None:
    """A rep leaves the seat."""
    away(w, rep)
    reps = w.reps
    if reps.staffed[rep] == 1:
        reps.staffed[rep] = 0
        remove_from_order(w, STAFF, rep)


@jitted
def return_to_team(w: World, rep: int) -> None:
    """A rep is there again."""
    reps = w.reps
    reps.away_until[rep] = -1
    reps.released[rep] = 0
    if w.teams.on_arrival[reps.team[rep]] == 1 and reps.staffed[rep] == 0:
        reps.staffed[rep] = 1
        add_to_order(w, STAFF, rep)
    if reps.current[rep] < 0 and reps.idle[rep] == 0:
        keep_hours(w, rep)
        stand_by(w, rep)


@jitted
def fits(w: World, selector: int, item: int) -> bool:
    """Whether an item fits a selector."""
    of = w.items.of[item]
    if w.items.task[item] == 1:
        customer = w.tasks.customer[of]
        x, X = w.customers, w.tables.selectors
        territory = x.territory[customer] if x.territory[customer] >= 0 else X.territories - 1
        source = x.source[customer] if x.source[customer] >= 0 else X.sources - 1
        return rules.selects(
            X, selector, x.segment[customer], territory, source, x.origin[customer], w.items.stage[item],
            x.value[customer], x.score[customer],
        )  # fmt: skip
    return lead_fits(w, selector, of, w.items.stage[item])


@jitted
def lead_fits(w: World, selector: int, lead: int, stage: int) -> bool:
    """Whether a lead at a stage fits a selector."""
    leads, X = w.leads, w.tables.selectors
    territory = leads.territory[lead] if leads.territory[lead] >= 0 else X.territories - 1
    source = leads.source[lead] if leads.source[lead] >= 0 else X.sources - 1
    return rules.selects(
        X, selector, leads.segment[lead], territory, source, leads.origin[lead], stage, leads.value[lead],
        leads.score[lead],
    )  # fmt: skip


@jitted
def class_in_line(w: World, team: int, item: int) -> int:
    """The class of an item in a team's line, from which the team leaves some lying."""
    T = w.tables.teams
    if T.ignore[team] >= 0 and fits(w, T.ignore[team], item):
        return LEFT_LYING
    return class_of(w, team, item)


@jitted
def class_of(w: World, team: int, item: int) -> int:
    """The class of an item among what a team does."""
    T = w.tables.teams
    if w.items.partner[item] >= 0 and T.joint_first[team] == 1:
        return JOINT_FIRST
    if T.first[team] >= 0 and fits(w, T.first[team], item):
        return FIRST
    if T.last[team] >= 0 and fits(w, T.last[team], item):
        return LAST
    return USUAL


@jitted
def accept(w: World, item: int, place: int) -> None:
    """An item begins to wait for the team at a place of its own."""
    items, teams, reps = w.items, w.teams, w.reps
    team = items.teams[item * w.most_teams + place]
    order = class_in_line(w, team, item)
    if order == LEFT_LYING:
        return
    if items.rep[item] < 0 and teams.on_arrival[team] == 1 and place == 0:
        assign(w, team, item)
    rep = items.rep[item]
    if rep < 0:
        enter_line(w, line_of(w, team, item), team, item, place, order)
        teams.unowned[team] += 1
        teams.uncounted[team] += items.task[item]
    else:
        enter_line(w, rep_line(w, rep), team, item, place, order)
        if reps.idle[rep] == 1 and reps.called[rep] == 0:
            reps.called[rep] = 1
            add_to_order(w, CALLED, rep)
    if items.partner[item] >= 0:
        teams.joint[team] += 1
        teams.wanted_any[items.partner[item]] = 1
    touch(w, team)


@jitted
def dismiss(w: World, item: int, place: int) -> None:
    """An item stops waiting at a place, if it does."""
    items, teams, reps = w.items, w.teams, w.reps
    spot = item * w.most_teams + place
    line = items.lines[spot]
    if line < 0:
        return
    team = items.teams[spot]
    leave_line(w, team, item, place)
    if items.partner[item] >= 0:
        teams.joint[team] -= 1
    rep = line - rep_line(w, 0)
    if rep < 0:
        teams.unowned[team] -= 1
        teams.uncounted[team] -= items.task[item]
    elif reps.called[rep] == 1 and w.lines.count[line] == 0:
        reps.called[rep] = 0
        remove_from_order(w, CALLED, rep)


@jitted
def dismiss_all(w: World, item: int) -> None:
    """An item stops waiting for all its teams."""
    for place in range(w.items.team_count[item]):
        dismiss(w, item, place)


@jitted
def accept_all(w: World, item: int) -> None:
    """An item waits for its teams, or for its own rep."""
    for place in range(w.items.team_count[item]):
        accept(w, item, place)
        if w.items.rep[item] >= 0:
            break


@jitted
def assign(w: World, team: int, item: int) -> None:
    """Let an item wait for one rep from now on; only the team named first does so, or no other could."""
    rep = routed(w, team, item)
    if rep < 0:
        return
    w.items.rep[item] = rep
    dismiss_all(w, item)
    counts = 1 - w.items.task[item]
    w.items.assigned[item] = counts
    give(w, rep, counts)


@jitted
def unassign(w: World, item: int) -> None:
    """A rep to whom an item was pushed need not think of it any more."""
    items = w.items
    if items.assigned[item] == 1 and items.rep[item] >= 0:
        items.assigned[item] = 0
        replace(w, items.rep[item], -1)
