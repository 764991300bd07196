"""Waiting lines, and reps in the order of a routing rule."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from heapq import heapify, heappop, heappush, heapreplace
from typing import TYPE_CHECKING, Any

from funnelsim.model.rules import rules
from funnelsim.model.tables.tables import FICKLE, RANDOM

from .items import Item
from .state import Rep

if TYPE_CHECKING:
    from ..run import Run

Entry = tuple[int, float, int, int, Item, int]
"""Class (smaller first), key, time ready, serial, item, stamp: compared from the left.

The stamp tells the entries of an item that left a line and came back from those it left there.
"""


class Line:
    """Items that wait, ready to be asked for the best by any of a team's queue rules.

    Each rule has a heap of its own. An item that stops waiting stays in the heaps until it comes up or until
    the dead outnumber the living, so leaving a line costs nothing. Keys that go stale are upper bounds: what
    comes up is worked out anew and put back unless it is still first.
    """

    def __init__(self, run: Run, team: int, rules: list[int], rep: Rep | None = None) -> None:
        self.team = team
        self.rep = rep  # whose line it is, or None for a team's
        self._run = run
        self._rules = rules
        self._heaps: list[list[Entry]] = [[] for _ in rules]
        self._standing: dict[Item, tuple[int, int]] = {}  # who is here, with class and stamp
        self._stamps = 0
        self.count = 0

    def add(self, item: Item, order: int) -> None:
        """Let an item wait; ``order`` is its class."""
        item.lines.append(self)
        self._stamps += 1
        stamp = self._stamps
        self._standing[item] = order, stamp
        self.count += 1
        for rule, heap in zip(self._rules, self._heaps, strict=True):
            if rule == RANDOM:
                insort(heap, (order, 0.0, item.ready, item.serial, item, stamp))
            else:
                heappush(heap, (order, item.key(self._run, rule), item.ready, item.serial, item, stamp))

    def again(self, item: Item) -> None:
        """An item's key may have fallen: let it stand further ahead as well as where it stood."""
        order, stamp = self._standing[item]
        for rule, heap in zip(self._rules, self._heaps, strict=True):
            if rule in FICKLE:
                heappush(heap, (order, item.key(self._run, rule), item.ready, item.serial, item, stamp))

    def renew(self) -> None:
        """Work out all keys anew: other tables hold, and a key may have fallen."""
        for at, rule in enumerate(self._rules):
            if rule != RANDOM:
                self._heaps[at] = [
                    (order, item.key(self._run, rule), item.ready, item.serial, item, stamp)
                    for item, (order, stamp) in self._standing.items()
                ]
                heapify(self._heaps[at])

    def items(self) -> list[Item]:
        """All items that wait here."""
        return list(self._standing)

    def _here(self, entry: Entry) -> bool:
        standing = self._standing.get(entry[4])
        return standing is not None and standing[1] == entry[5]

    def leave(self, item: Item) -> None:
        """An item does not wait here any more."""
        item.lines.remove(self)
        del self._standing[item]
        self.count -= 1
        for at, heap in enumerate(self._heaps):
            if len(heap) > 32 and len(heap) > 2 * self.count:
                living = [entry for entry in heap if self._here(entry)]
                if self._rules[at] != RANDOM:
                    living = list({entry[4]: entry for entry in sorted(living, reverse=True)}.values())
                    heapify(living)
                self._heaps[at] = living

    def best(self, which: int, may: Callable[[Item], bool]) -> Entry | None:
        """The first entry by the team's rule number ``which`` whose item may be taken."""
        heap = self._heaps[which]
        rule = self._rules[which]
        passed: list[Entry] = []
        first_allowed = None
        while heap:
            first = heap[0]
            item = first[4]
            if not self._here(first):
                heappop(heap)
                continue
            if item.stale(self._run, rule):
                key = item.key(self._run, rule)
                if key > first[1]:
                    heapreplace(heap, (first[0], key, first[2], first[3], item, first[5]))
                    continue
            if may(item):
                first_allowed = first
                break
            passed.append(heappop(heap))
        for entry in passed:
            heappush(heap, entry)
        return first_allowed

    def all(self, which: int, may: Callable[[Item], bool]) -> list[Entry]:
        """All entries that may be taken, in order of class and time ready (of a random rule)."""
        here = {entry[4]: entry for entry in self._heaps[which] if self._here(entry)}
        return [entry for item, entry in here.items() if may(item)]


def place_of(rep: Rep, routing: int) -> tuple[Any, ...]:
    """Where a routing rule places a rep among others."""
    if not rules.ties_by_time(routing):
        return (rep.seat,)
    rank = rules.rank_of_rep(routing, rep.skill, rep.territory)
    return (rank, rules.load_that_counts(routing, rep.load), *place_among_equals(rep))


def place_among_equals(rep: Rep) -> tuple[int, float, int]:
    """Where a rep stands among those whom a routing rule makes no difference between."""
    return (rep.since, rep.lot, rep.seat)


class Order:
    """Reps sorted by where a routing rule places them."""

    def __init__(self) -> None:
        self._places: list[tuple[Any, ...]] = []
        self._reps: dict[tuple[Any, ...], Rep] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, rep: Rep) -> None:
        """Put a rep in at its place."""
        insort(self._places, rep.place)
        self._reps[rep.place] = rep

    def remove(self, rep: Rep) -> None:
        """Take a rep out."""
        del self._places[bisect_left(self._places, rep.place)]
        del self._reps[rep.place]

    def first(self, may: Callable[[Rep], bool], after: int = -1) -> Rep | None:
        """The first rep that may, starting behind seat ``after`` (for places that are seats) and going round."""
        places = self._places
        if after >= 0:
            start = bisect_left(places, (after + 1,))
            places = places[start:] + places[:start]
        for place in places:
            rep = self._reps[place]
            if may(rep):
                return rep
        return None

    def all(self, may: Callable[[Rep], bool]) -> list[Rep]:
        """All reps that may, in order."""
        return [self._reps[place] for place in self._places if may(self._reps[place])]
