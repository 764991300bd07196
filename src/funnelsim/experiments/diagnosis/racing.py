"""How many replications each change of a step is given: more of them only where they may change the answer.

All changes are looked at after a few replications. Those of which more replications cannot change what is said
stop there, the others go on to the end. Each of the two looks has half of the error, so that both together have no
more than all of it, whatever is done in between. Stopping a change early can only lose a finding, never make one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ..statistics.paired import Level, one_look
from .throughput import Trial

FEWEST = 5
"""Replications of the first look at least: with fewer, Student's t asks for differences of very many errors."""

PART = 0.5
"""Share of all replications that the first look has."""

GoesOn = Callable[[Sequence[Trial]], Collection[str]]
"""From the trials at the first look to the names of those that go on."""


@dataclass(frozen=True)
class Looks:
    """When changes are looked at.

    Parameters
    ----------
    most : int
        Replications at the last look.
    """

    most: int

    @property
    def first(self) -> int:
        """Replications at the first look."""
        return min(self.most, max(FEWEST, math.ceil(PART * self.most)))

    @property
    def counts(self) -> tuple[int, ...]:
        """Replications at each look."""
        return tuple(dict.fromkeys((self.first, self.most)))

    @property
    def level(self) -> Level:
        """The level of each look."""
        return _half if len(self.counts) == 2 else one_look


def _half(alpha: float) -> float:
    return alpha / 2


def may_win(found: Sequence[Trial]) -> list[str]:
    """Of the changes of a step those that are promising, and may still be the best."""
    surely = max((each.through.low or 0.0 for each in found if each.gains), default=0.0)
    return [each.name for each in found if each.promising and (each.through.high or 0.0) > surely]
