"""One difference split by cause: parts with intervals, what each does alone, and which one carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from funnelsim.results.estimates import Estimate

from ..statistics.paired import Difference, bonferroni
from . import split
from .split import Off
from .weighing import Key, total, weighed

ALPHA = 0.05
"""Probability that even one interval of the parts is wrong."""

HALF, NOTHING, TURNS = "half", "nothing", "turns"
"""Why a cause carries a difference: it makes more than half of it; or, without it alone, nothing is known to be
left, or the difference is the other way round."""


class Told(NamedTuple):
    """A difference with its interval, and what of it does not matter.

    Parameters
    ----------
    difference : Difference
        Arm less base.
    low, high : float or None
        Its interval; None where too few replications differ to tell.
    zone : float
        What does not matter.
    """

    difference: Difference
    low: float | None
    high: float | None
    zone: float = 0.0

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def sign(self) -> int:
        """1 or -1 where it is known to be above or below 0; else 0."""
        if self.low is None or self.high is None or self.low <= 0.0 <= self.high:
            return 0
        return 1 if self.low > 0.0 else -1


class Part(NamedTuple):
    """What one cause does to a difference.

    Parameters
    ----------
    cause : str
        Its name.
    exact : Fraction or None
        Its part; None where a figure does not exist. With `Account.rest` all parts add up to the difference.
    difference : Difference
        The same with its error, paired by replication.
    low, high : float or None
        Its interval.
    forward, reverse : float or None
        What the difference loses when it goes off in the order, and in reverse; the part is their mean.
    alone : Told
        What the difference loses when no other cause is off.
    remains : Told
        What is left then.
    overlaps : bool
        Whether what it does alone is known to differ from its part, and by more than does not matter.
    partners : tuple of str
        Causes that it then acts together with.
    """

    cause: str
    exact: Fraction | None
    difference: Difference
    low: float | None
    high: float | None
    forward: float | None
    reverse: float | None
    alone: Told
    remains: Told
    overlaps: bool
    partners: tuple[str, ...]

    @property
    def told(self) -> Told:
        """The part with its interval."""
        return Told(self.difference, self.low, self.high)

    @property
    def seen(self) -> bool:
        """Whether the part is known to be more or less than 0."""
        return self.told.sign != 0


class Carry(NamedTuple):
    """A cause that carries a difference, and why: `HALF`, `NOTHING` or `TURNS`."""

    part: Part
    because: str


class Account(NamedTuple):
    """A difference, its parts, and what is left without any of the causes.

    Parameters
    ----------
    told : Told
        The difference.
    parts : tuple of Part
        In the order in which causes went off.
    rest : Told
        The difference with all of them off.
    rest_exact : Fraction or None
        The same, exactly.
    """

    told: Told
    parts: tuple[Part, ...]
    rest: Told
    rest_exact: Fraction | None

    @property
    def carrying(self) -> tuple[Carry, ...]:
        """The causes that carry the difference, the largest part first.

        None where it is not known to be one, and where there is one cause alone, which leaves no choice.
        """
        if len(self.parts) < 2:
            return ()
        found = [Carry(part, because) for part in self.parts if (because := self._because(part))]
        return tuple(sorted(found, key=lambda carry: -abs(carry.part.difference.mean or 0.0)))

    def _because(self, part: Part) -> str:
        whole, sign = self.told.difference.mean, self.told.sign
        if not sign or whole is None or part.alone.difference.mean is None or part.difference.mean is None:
            return ""
        takes = part.alone.difference.mean * sign > self.told.zone and part.alone.sign == sign  # else it is luck
        if takes and part.remains.sign == -sign:
            return TURNS
        if part.seen and part.difference.mean * sign > abs(whole) / 2:
            return HALF
        left = part.remains
        return NOTHING if takes and left.sign == 0 and left.low is not None else ""


def account(
    order: Sequence[str],
    value: Callable[[Off], Mapping[Key, Fraction]],
    runs: Mapping[Key, Estimate],
    told: Told,
    intervals: int,
) -> Account:
    """Split a difference.

    Parameters
    ----------
    order : sequence of str
        The causes, in the order in which they go off.
    value : callable
        Which runs, by weight, make the difference with some causes off.
    runs : mapping
        The figure of each run.
    told : Told
        The difference itself.
    intervals : int
        How many intervals are to hold together.
    """
    unit, level = told.difference.unit, bonferroni(ALPHA, intervals)
    every = split.effects(order)

    def sum_of(weights: split.Weights) -> float | None:
        found = total(split.spread(weights, value), runs)
        return None if found is None else float(found)

    def measured(weights: split.Weights) -> Told:
        found = weighed(split.spread(weights, value), runs, unit)
        low, high = found.interval(level) or (None, None)
        return Told(found, low, high, told.zone)

    earlier = [sum_of(each.with_earlier) or 0.0 for each in every.values()]
    later = [sum_of(each.with_later) or 0.0 for each in every.values()]
    partners = split.partners(order, earlier, later, told.zone)
    parts = []
    for cause, each in every.items():
        part, alone = measured(each.part), measured(each.alone)
        overlap = measured(each.overlap)
        overlaps = overlap.sign != 0 and abs(overlap.difference.mean or 0.0) > told.zone
        parts.append(
            Part(
                cause,
                total(split.spread(each.part, value), runs),
                part.difference,
                part.low,
                part.high,
                sum_of(each.forward),
                sum_of(each.reverse),
                alone,
                measured({frozenset({cause}): Fraction(1)}),
                overlaps,
                partners[cause] if overlaps else (),
            )
        )
    last = {frozenset(order): Fraction(1)}
    return Account(told, tuple(parts), measured(last), total(split.spread(last, value), runs))
