"""Waiting lines: for each rule of a team a pairing heap of what waits, or for the rule ``random`` a sorted list.

A pairing heap (M. L. Fredman, R. Sedgewick, D. D. Sleator, R. E. Tarjan, Algorithmica 1 (1986), 111-129) needs
no room but three links a node, takes an item in at once, and gives up any item in logarithmic time on average.
An item has a node for each team it waits for and each of its rules: node = (item * M + place) * R + rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.engine.codes import NO_HEALTH
from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import AT_RISK, EXPECTED_VALUE, RANDOM, VALUE, VALUE_PER_HOUR

from ..machine.jit import jitted
from .ledger import waited

if TYPE_CHECKING:
    from .world import World


@jitted
def team_line(w: World, team: int, territory: int) -> int:
    """A team's line for a territory (-1: for all that have none of their own)."""
    return int(team * (w.teams.territories + 1) + territory + 1)


@jitted
def rep_line(w: World, rep: int) -> int:
    """A rep's own line."""
    return int(w.teams.count * (w.teams.territories + 1) + rep)


@jitted
def place_of(w: World, at: int) -> int:
    """The place among all items' teams that a node stands for."""
    return int(at >> w.teams.rule_bits)


@jitted
def item_of(w: World, at: int) -> int:
    """The item that a node stands for."""
    return int(at >> (w.teams.rule_bits + w.team_bits))


@jitted
def territory_of(w: World, item: int) -> int:
    """The territory of whom an item is for."""
    of = w.items.of[item]
    if w.items.task[item] == 1:
        return int(w.customers.territory[w.tasks.customer[of]])
    return int(w.leads.territory[of])


@jitted
def line_of(w: World, team: int, item: int) -> int:
    """The line of a team in which an unowned item waits."""
    line = team_line(w, team, territory_of(w, item))
    return line if w.lines.there[line] == 1 else team_line(w, team, -1)


# --- keys --------------------------------------------------------------------------------------


@jitted
def key_of(w: World, item: int, rule: int) -> float:
    """An item's key under a queue rule, as of now."""
    items = w.items
    if items.task[item] == 1:
        return task_key(w, item, rule)
    leads, S = w.leads, w.tables.stages
    lead = items.of[item]
    believed, decay, slope, hours = 0.0, 0.0, 0.0, 1.0
    if rule == EXPECTED_VALUE or rule == VALUE_PER_HOUR:
        cell = leads.cell[lead]
        wait = waited(w, lead)
        left = max(leads.touches[lead] - leads.touch[lead], 1) * S.effort_mean[cell]
        believed = rules.believed_win(S, leads.stage[lead], w.kinds, leads.kind[lead], leads.seen_as[lead])
        decay = rules.decay_factor(
            S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell], wait
        )
        slope = rules.decay_slope(
            S.decay[cell], S.decay_floor[cell], S.decay_scale[cell], S.decay_power[cell], wait
        )
        hours = max(left / rules.HOUR, 1e-9)
    return rules.queue_key(
        rule, items.ready[item], leads.score[lead], float(leads.value[lead]), believed, decay, slope, hours,
        leads.due[lead], NO_HEALTH,
    )  # fmt: skip


@jitted
def task_key(w: World, item: int, rule: int) -> float:
    """The key of work for a customer."""
    task = w.items.of[item]
    customer = w.tasks.customer[task]
    x = w.customers
    cell = w.tasks.kind[task] * w.kinds + x.kind[customer]
    hours = max(w.tables.customers.effort_mean[cell] / rules.HOUR, 1e-9)
    return rules.queue_key(
        rule, w.items.ready[item], x.score[customer], float(x.value[customer]), 1.0, 1.0, 1.0, hours,
        w.tasks.due[task], x.health[customer],
    )  # fmt: skip


@jitted
def is_stale(w: World, item: int, rule: int) -> bool:
    """Whether an item's key may have risen since it was worked out."""
    if w.items.task[item] == 1:
        return is_fickle(rule)
    return rules.changes_while_waiting(rule, w.tables.stages.decay[w.leads.cell[w.items.of[item]]])


@jitted
def is_fickle(rule: int) -> bool:
    """Whether the key of what waits for a customer changes as the customer does."""
    return rule == VALUE or rule == EXPECTED_VALUE or rule == VALUE_PER_HOUR or rule == AT_RISK


@jitted
def precedes(w: World, a: int, b: int) -> bool:
    """Whether node ``a`` stands before node ``b``: by class, key, time ready, serial and number."""
    items = w.items
    class_a, class_b = items.classes[place_of(w, a)], items.classes[place_of(w, b)]
    return is_before(w, class_a, items.keys[a], item_of(w, a), class_b, items.keys[b], item_of(w, b))


@jitted
def is_before(w: World, class_a: int, key_a: float, item_a: int, class_b: int, key_b: float, item_b: int) -> bool:
    """Whether an item of a class and key stands before another."""
    items = w.items
    if class_a != class_b:
        return bool(class_a < class_b)
    if key_a != key_b:
        return bool(key_a < key_b)
    if items.ready[item_a] != items.ready[item_b]:
        return bool(items.ready[item_a] < items.ready[item_b])
    if items.serial[item_a] != items.serial[item_b]:
        return bool(items.serial[item_a] < items.serial[item_b])
    return bool(items.number[item_a] < items.number[item_b])


# --- a heap ------------------------------------------------------------------------------------


@jitted
def meld(w: World, a: int, b: int) -> int:
    """One heap of two; either may be -1."""
    if a < 0:
        return b
    if b < 0:
        return a
    items = w.items
    if precedes(w, b, a):
        a, b = b, a
    items.sibling[b] = items.child[a]
    items.back[b] = a
    if items.child[a] >= 0:
        items.back[items.child[a]] = b
    items.child[a] = b
    return a


@jitted
def meld_pairs(w: World, first: int) -> int:
    """One heap of a row of siblings: pairs from the left, then all from the right."""
    items = w.items
    done = -1
    while first >= 0:
        second = items.sibling[first]
        rest = -1
        items.sibling[first] = -1
        if second >= 0:
            rest = items.sibling[second]
            items.sibling[second] = -1
            first = meld(w, first, second)
        items.sibling[first] = done
        done = first
        first = rest
    root = -1
    while done >= 0:
        rest = items.sibling[done]
        items.sibling[done] = -1
        root = meld(w, root, done)
        done = rest
    if root >= 0:
        items.back[root] = -1
    return root


@jitted
def heap_add(w: World, root: int, at: int) -> int:
    """Put a node into a heap; returns the root."""
    items = w.items
    items.child[at] = -1
    items.sibling[at] = -1
    items.back[at] = -1
    return meld(w, root, at)


@jitted
def heap_remove(w: World, root: int, at: int) -> int:
    """Take a node out of a heap; returns the root."""
    items = w.items
    if at == root:
        return meld_pairs(w, items.child[at])
    before, after = items.back[at], items.sibling[at]
    if items.child[before] == at:
        items.child[before] = after
    else:
        items.sibling[before] = after
    if after >= 0:
        items.back[after] = before
    below = meld_pairs(w, items.child[at])
    root = meld(w, root, below)
    items.back[root] = -1
    return root


# --- a list ------------------------------------------------------------------------------------


@jitted
def list_add(w: World, slot: int, at: int) -> None:
    """Put a node into a sorted list, looking from its end."""
    items, lines = w.items, w.lines
    before = lines.last[slot]
    while before >= 0 and precedes(w, at, before):
        before = items.back[before]
    after = lines.root[slot] if before < 0 else items.sibling[before]
    items.back[at] = before
    items.sibling[at] = after
    if before < 0:
        lines.root[slot] = at
    else:
        items.sibling[before] = at
    if after < 0:
        lines.last[slot] = at
    else:
        items.back[after] = at


@jitted
def list_remove(w: World, slot: int, at: int) -> None:
    """Take a node out of a list."""
    items, lines = w.items, w.lines
    before, after = items.back[at], items.sibling[at]
    if before < 0:
        lines.root[slot] = after
    else:
        items.sibling[before] = after
    if after < 0:
        lines.last[slot] = before
    else:
        items.back[after] = before


# --- a line --------------------------------------------------------------------------------------


@jitted
def open_line(w: World, line: int) -> None:
    """An empty line."""
    lines = w.lines
    lines.there[line] = 1
    lines.count[line] = 0
    for rule in range(w.teams.rules_most):
        lines.root[line * w.teams.rules_most + rule] = -1
        lines.last[line * w.teams.rules_most + rule] = -1


@jitted
def enter_line(w: World, line: int, team: int, item: int, place: int, order: int) -> None:
    """Let an item wait at its place for a team; ``order`` is its class."""
    items, lines = w.items, w.lines
    most = w.teams.rules_most
    spot = item * w.most_teams + place
    items.lines[spot] = line
    items.classes[spot] = order
    lines.count[line] += 1
    for number in range(w.teams.rule_count[team]):
        rule = w.teams.rule[team * most + number]
        at = spot * most + number
        slot = line * most + number
        if rule == RANDOM:
            items.keys[at] = 0.0
            list_add(w, slot, at)
        else:
            items.keys[at] = key_of(w, item, rule)
            lines.root[slot] = heap_add(w, lines.root[slot], at)


@jitted
def leave_line(w: World, team: int, item: int, place: int) -> None:
    """An item does not wait at its place any more."""
    items, lines = w.items, w.lines
    most = w.teams.rules_most
    spot = item * w.most_teams + place
    line = items.lines[spot]
    items.lines[spot] = -1
    lines.count[line] -= 1
    for number in range(w.teams.rule_count[team]):
        at = spot * most + number
        slot = line * most + number
        if w.teams.rule[team * most + number] == RANDOM:
            list_remove(w, slot, at)
        else:
            lines.root[slot] = heap_remove(w, lines.root[slot], at)


@jitted
def key_again(w: World, team: int, item: int, place: int, number: int) -> None:
    """Work out an item's key anew, and let it stand where it belongs."""
    items, lines = w.items, w.lines
    most = w.teams.rules_most
    rule = w.teams.rule[team * most + number]
    spot = item * w.most_teams + place
    at = spot * most + number
    slot = items.lines[spot] * most + number
    key = key_of(w, item, rule)
    if key != items.keys[at]:
        root = heap_remove(w, lines.root[slot], at)
        items.keys[at] = key
        lines.root[slot] = heap_add(w, root, at)


@jitted
def keys_again(w: World, item: int, only_fickle: bool) -> None:
    """Work out all keys of an item anew: whom it is for has changed, or other tables hold."""
    items = w.items
    most = w.teams.rules_most
    for place in range(items.team_count[item]):
        if items.lines[item * w.most_teams + place] < 0:
            continue
        team = items.teams[item * w.most_teams + place]
        for number in range(w.teams.rule_count[team]):
            rule = w.teams.rule[team * most + number]
            if rule != RANDOM and (is_fickle(rule) or not only_fickle):
                key_again(w, team, item, place, number)


@jitted
def in_waiting_order(w: World, item: int) -> None:
    """An item is the last that began to wait."""
    items = w.items
    last = w.waiting_last
    items.before[item] = last
    items.next[item] = -1
    if last < 0:
        w.waiting_first = item
    else:
        items.next[last] = item
    w.waiting_last = item


@jitted
def out_of_waiting_order(w: World, item: int) -> None:
    """An item waits no more."""
    items = w.items
    before, after = items.before[item], items.next[item]
    if before < 0:
        w.waiting_first = after
    else:
        items.next[before] = after
    if after < 0:
        w.waiting_last = before
    else:
        items.before[after] = before
