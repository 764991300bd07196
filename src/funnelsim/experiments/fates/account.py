"""An account of one replication: the leads of two arms lead by lead, folded into sums by fate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from funnelsim.experiments.running.replications import replicate
from funnelsim.model.model import Model
from funnelsim.model.records import Ints
from funnelsim.results.measures.window import Window

from .fate import BETWEEN, GROUPS, PARTS, Fate, Lives, Spent, lives_of, spent_of


class Way(NamedTuple):
    """What became of a lead in the base, and in the other arm; None where there is no such lead."""

    group: str
    before: Fate | None
    after: Fate | None


class Counts(NamedTuple):
    """Leads that went the same way. Money is in hundredths, times in microseconds."""

    leads: int = 0
    booked_before: int = 0
    booked_after: int = 0
    waited_before: int = 0  # for a rep, in the last visit
    waited_after: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))


class Times(NamedTuple):
    """How long the leads took that were won."""

    won: tuple[int, int] = (0, 0)  # in the base and in the other arm
    cycles: tuple[int, int] = (0, 0)  # the sums of their cycles
    both: int = 0  # won in both
    both_cycles: tuple[int, int] = (0, 0)
    changes: Mapping[tuple[str, str], int] = {}  # of these, by stage and part

    def plus(self, other: Times) -> Times:
        """Both together."""
        changes = Counter(self.changes)
        changes.update(other.changes)  # adds, negative numbers as well
        return Times(
            _added(self.won, other.won),
            _added(self.cycles, other.cycles),
            self.both + other.both,
            _added(self.both_cycles, other.both_cycles),
            changes,
        )


class Account(NamedTuple):
    """Sums over leads, of one replication or of several."""

    ways: Mapping[Way, Counts] = {}
    times: Times = Times()

    def plus(self, other: Account) -> Account:
        """Both together."""
        ways = dict(self.ways)
        for way, counts in other.ways.items():
            ways[way] = ways.get(way, Counts()).plus(counts)
        return Account(ways, self.times.plus(other.times))


def accounts(
    model: Model, seed: int, replication: int, engine: str, others: Mapping[str, Model], **options: object
) -> dict[str, Account]:
    """The account of each other arm in one replication; runs in a worker process as well."""
    base = _Side(model, seed, replication, engine)
    return {name: base.against(_Side(other, seed, replication, engine)) for name, other in others.items()}


class _Side:
    """One arm in one replication."""

    def __init__(self, model: Model, seed: int, replication: int, engine: str) -> None:
        window = Window(replicate(model, seed, replication, engine, False), model)
        self.lives: Lives = lives_of(window)
        self.spent: Spent = spent_of(window)
        self.stages = model.stage_names
        self.rows = {label: row for row, label in enumerate(self.lives.labels)}

    def against(self, other: _Side) -> Account:
        """The account of another arm against this one."""
        pairs = [(row, other.rows.get(label, -1)) for label, row in self.rows.items()]
        pairs += [(-1, row) for label, row in other.rows.items() if label not in self.rows]
        mine, theirs = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return Account(_ways(self.lives, other.lives, mine, theirs), _times(self, other, mine, theirs))


def _ways(before: Lives, after: Lives, mine: Ints, theirs: Ints) -> dict[Way, Counts]:
    fates = (_of(before.fate, mine, -1), _of(after.fate, theirs, -1))
    group = np.maximum(_of(before.group, mine, -1), _of(after.group, theirs, -1))
    sums = (
        _of(before.booked, mine, 0),
        _of(after.booked, theirs, 0),
        _of(before.waited, mine, 0),
        _of(after.waited, theirs, 0),
    )
    used, which = np.unique(np.stack([*fates, group]), axis=1, return_inverse=True)
    found = {}
    for at, (one, two, place) in enumerate(used.T.tolist()):
        those = which.ravel() == at
        way = Way(GROUPS[place], before.fates[one] if one >= 0 else None, after.fates[two] if two >= 0 else None)
        found[way] = Counts(int(those.sum()), *(int(column[those].sum()) for column in sums))
    return found


def _of(column: Ints, rows: Ints, missing: int) -> Ints:
    """A column at some rows; ``missing`` for row -1, a lead that is not there."""
    return np.append(column, missing)[rows]


def _times(one: _Side, two: _Side, mine: Ints, theirs: Ints) -> Times:
    at_one, at_two = _places(one, mine), _places(two, theirs)
    both = (at_one >= 0) & (at_two >= 0)
    first, second = at_one[both], at_two[both]
    changes: Counter[tuple[str, str]] = Counter()
    for sign, side, those in ((-1, one, first), (1, two, second)):
        parts = side.spent.parts[those].sum(axis=0)
        for stage, row in zip(side.stages, parts.tolist(), strict=True):
            changes.update({(stage, part): sign * value for part, value in zip(PARTS, row, strict=True)})
        changes.update({("", BETWEEN): sign * (int(side.spent.cycle[those].sum()) - int(parts.sum()))})
    return Times(
        (len(one.spent.rows), len(two.spent.rows)),
        (int(one.spent.cycle.sum()), int(two.spent.cycle.sum())),
        len(first),
        (int(one.spent.cycle[first].sum()), int(two.spent.cycle[second].sum())),
        {key: value for key, value in changes.items() if value},
    )


def _places(side: _Side, rows: Ints) -> Ints:
    """Where leads stand among those won; -1 for others."""
    place = np.full(len(side.lives.labels) + 1, -1)  # the last for no lead
    place[side.spent.rows] = np.arange(len(side.spent.rows))
    return place[rows]


def _added(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    return one[0] + two[0], one[1] + two[1]
