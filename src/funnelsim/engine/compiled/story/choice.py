"""What a free rep takes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.model.numbers.draws import QUEUE_PICK, QUEUE_RULE
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import LEFT_LYING, RANDOM

from ..machine.jit import jitted
from ..world.lines import (
    heap_add,
    heap_remove,
    is_before,
    is_stale,
    item_of,
    key_of,
    place_of,
    precedes,
    rep_line,
    team_line,
)
from .teams import class_of
from .turns import could_join, could_take, draw_of_team

if TYPE_CHECKING:
    from ..world.world import World

NOTHING = -1


@jitted
def may_take(w: World, team: int, rep: int, item: int, full: bool, joint_only: bool) -> bool:
    """Whether a rep may take an item now: there is room, a partner is free if needed, no preferred team would."""
    items = w.items
    if full and items.task[item] == 0 and items.rep[item] < 0:
        return False
    partner = items.partner[item]
    if partner >= 0 and not could_join(w, partner, items.of[item]):
        return False
    if items.team_count[item] > 1 and preferred_elsewhere(w, team, item):
        return False
    return partner >= 0 or not joint_only


@jitted
def preferred_elsewhere(w: World, team: int, item: int) -> bool:
    """Whether a team named earlier has an idle rep who may take the item."""
    items = w.items
    for place in range(items.team_count[item]):
        spot = item * w.most_teams + place
        other = items.teams[spot]
        if other == team:
            return False
        if could_take(w, other, item) and items.lines[spot] >= 0:
            return True
    return False


@jitted
def rather(w: World, rep: int, joint: int) -> int:
    """The item that a rep would rather do than join another team's rep on one; `NOTHING` if that is next."""
    team = w.reps.team[rep]
    return NOTHING if w.teams.joint_first[team] == 1 else choose(w, team, rep, False, joint)


@jitted
def choose(w: World, team: int, rep: int, joint_only: bool, rival: int) -> int:
    """The item that a rep takes next; `NOTHING` if there is none, or the rival is next.

    A rival (else `NOTHING`) waits for another team, which wants the rep as a partner.
    """
    teams, lines, reps = w.teams, w.lines, w.reps
    count = 0
    own = rep_line(w, rep)
    if lines.count[own] > 0:
        w.scratch2[count] = own
        count += 1
    full = reps.load[rep] >= teams.limit[team]
    if (teams.uncounted[team] if full else teams.unowned[team]) > 0:
        first = -1
        if reps.territory[rep] >= 0:
            first = reps.territory[rep]
        until = teams.territories if reps.territory[rep] < 0 else reps.territory[rep] + 1
        for territory in range(first, until):
            line = team_line(w, team, territory)
            if lines.there[line] == 1 and lines.count[line] > 0:
                w.scratch2[count] = line
                count += 1
    if count == 0:
        return NOTHING
    which = 0
    most = teams.rules_most
    if teams.rule_count[team] > 1:
        teams.choices[team] += 1
        u = draw_of_team(w, team, QUEUE_RULE, teams.choices[team])
        which = rules.pick_share(teams.upto, team * most, teams.rule_count[team], u)
    if teams.rule[team * most + which] == RANDOM:
        return choose_random(w, team, rep, full, joint_only, which, count, rival)
    best = -1
    for k in range(count):
        first = first_in_line(w, team, rep, full, joint_only, w.scratch2[k], which)
        if first >= 0 and (best < 0 or precedes(w, first, best)):
            best = first
    if best < 0 or (rival >= 0 and stands_behind(w, team, best, rival, teams.rule[team * most + which])):
        return NOTHING
    return item_of(w, best)


@jitted
def stands_behind(w: World, team: int, at: int, rival: int, rule: int) -> bool:
    """Whether a node of a team's line stands behind an item that waits for another team, by this one's rule."""
    items = w.items
    order, key = class_of(w, team, rival), key_of(w, rival, rule)
    return is_before(w, order, key, rival, items.classes[place_of(w, at)], items.keys[at], item_of(w, at))


@jitted
def first_in_line(w: World, team: int, rep: int, full: bool, joint_only: bool, line: int, which: int) -> int:
    """The first node of a line, by the team's rule number ``which``, whose item may be taken; or -1."""
    most = w.teams.rules_most
    rule = w.teams.rule[team * most + which]
    at = w.lines.root[line * most + which]
    if at < 0:
        return NOTHING
    item = item_of(w, at)
    if not is_stale(w, item, rule) and may_take(w, team, rep, item, full, joint_only):
        return int(at)
    return first_that_may_be_taken(w, team, rep, full, joint_only, line, which)


@jitted
def first_that_may_be_taken(
    w: World, team: int, rep: int, full: bool, joint_only: bool, line: int, which: int
) -> int:
    """The same where the first node has a key that may be stale, or its item may not be taken."""
    items, lines, most = w.items, w.lines, w.teams.rules_most
    rule = w.teams.rule[team * most + which]
    slot = line * most + which
    passed = 0
    first_allowed = -1
    while lines.root[slot] >= 0:
        at = lines.root[slot]
        item = item_of(w, at)
        if is_stale(w, item, rule):
            key = key_of(w, item, rule)
            if key > items.keys[at]:
                root = heap_remove(w, at, at)
                items.keys[at] = key
                lines.root[slot] = heap_add(w, root, at)
                continue
        if may_take(w, team, rep, item, full, joint_only):
            first_allowed = at
            break
        lines.root[slot] = heap_remove(w, at, at)
        w.scratch[passed] = at
        passed += 1
    for k in range(passed):
        lines.root[slot] = heap_add(w, lines.root[slot], w.scratch[k])
    return int(first_allowed)


@jitted
def choose_random(
    w: World, team: int, rep: int, full: bool, joint_only: bool, which: int, count: int, rival: int
) -> int:
    """One of the items that may be taken and are of the first class there is, each with the same probability."""
    items, lines, most = w.items, w.lines, w.teams.rules_most
    able, first = 0, 0
    for k in range(count):
        at = lines.root[w.scratch2[k] * most + which]
        while at >= 0:
            place = place_of(w, at)
            if (able == 0 or items.classes[place] <= first) and may_take(
                w, team, rep, item_of(w, at), full, joint_only
            ):
                if able == 0 or items.classes[place] < first:
                    first = items.classes[place]
                    able = 0
                able += 1
            at = items.sibling[at]
    order = LEFT_LYING if rival < 0 else class_of(w, team, rival)
    if able == 0 or order < first:
        return NOTHING
    w.teams.choices[team] += 1
    pick = int(draw_of_team(w, team, QUEUE_PICK, w.teams.choices[team]) * (able + (order == first)))
    if pick == able:
        return NOTHING
    for k in range(count):
        w.scratch2[k] = lines.root[w.scratch2[k] * most + which]
    while True:
        best = -1
        for k in range(count):
            at = w.scratch2[k]
            if at >= 0 and (best < 0 or precedes(w, at, w.scratch2[best])):
                best = k
        at = w.scratch2[best]
        w.scratch2[best] = items.sibling[at]
        place, item = place_of(w, at), item_of(w, at)
        if items.classes[place] == first and may_take(w, team, rep, item, full, joint_only):
            if pick == 0:
                return int(item)
            pick -= 1
