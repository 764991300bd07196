"""The random numbers of a run, worked out for many leads at once."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from funnelsim.model.numbers.distributions import DistTable, draw, variate
from funnelsim.model.numbers.draws import uniform
from funnelsim.model.numbers.inversion import CONSTANT
from funnelsim.model.rules.endowment import LeadLuck, lead_luck
from funnelsim.model.tables.tables import Tables

BITS = 9
"""Neighbours in a block: 2 to this power."""
BLOCK = 1 << BITS
FEW = 8
"""How many neighbours ask for a draw one by one before it is worked out for all of the block."""
MOST_BLOCKS = 1024
MOST_NAMES = 16_384

Name = tuple[int, int, int, int, int]
"""High word of the entity, block of its low word, word of the purpose, visit, index."""


class Luck:
    """The keyed numbers of one replication: those of `draws.uniform`, without asking for each by itself.

    The leads of a source are numbered, and most ask for the same draws one after another. Over an array of such
    neighbours a number takes a twentieth of the time. What is kept is bounded, and forgetting changes nothing.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._key = (seed, replication)
        self._blocks: dict[Name, array[float]] = {}
        self._asked: dict[Name, int] = {}
        self._leads: dict[int, tuple[Tables, int, list[LeadLuck]]] = {}  # by source: for which leads, and theirs

    def uniform(self, hi: int, lo: int, word: int, visit: int = 0, index: int = 0) -> float:
        """The uniform number of an entity for a purpose."""
        name = (hi, lo >> BITS, word, visit, index)
        block = self._blocks.get(name)
        return block[lo & (BLOCK - 1)] if block is not None else self._ask(name, lo)

    def draw(
        self, dists: DistTable, row: int, hi: int, lo: int, word: int, visit: int = 0, index: int = 0
    ) -> float:
        """The variate of an entity for a purpose, in the distribution's unit."""
        if dists.times[row] != 1:
            return draw(dists, row, *self._key, hi, lo, word, visit, index)
        u = 0.5 if dists.code[row] == CONSTANT else self.uniform(hi, lo, word, visit, index)
        return variate(dists, row, u)

    def of_lead(self, T: Tables, hi: int, number: int, source: int) -> LeadLuck:
        """What the endowment of a source's lead of that number hangs on."""
        tables, first, block = self._leads.get(source, (T, 0, []))
        if tables is not T or not first <= number < first + len(block):
            numbers: Any = np.arange(number, number + BLOCK)
            columns = lead_luck(T, *self._key, hi, numbers, source, 0)
            rows = zip(*(np.broadcast_to(column, BLOCK).tolist() for column in columns), strict=True)
            block = [LeadLuck(*row) for row in rows]
            self._leads[source] = (T, number, block)
            first = number
        return block[number - first]

    def _ask(self, name: Name, lo: int) -> float:
        hi, _, *rest = name
        asked = self._asked.get(name, 0) + 1
        if asked < FEW:
            if len(self._asked) >= MOST_NAMES:
                self._asked.clear()
            self._asked[name] = asked
            return uniform(*self._key, hi, lo, *rest)
        self._asked.pop(name, None)
        if len(self._blocks) >= MOST_BLOCKS:
            del self._blocks[next(iter(self._blocks))]
        at = lo & (BLOCK - 1)
        neighbours: Any = np.arange(lo - at, lo - at + BLOCK)
        block = self._blocks[name] = array("d", np.asarray(uniform(*self._key, hi, neighbours, *rest)).tobytes())
        return block[at]
