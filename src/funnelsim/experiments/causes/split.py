"""The split of a difference by cause, as weights of the differences with some causes switched off.

Causes go off one after another in an order and once more in reverse; a cause's part is the mean of what the
difference loses at its two steps. Where causes act by themselves and in pairs, and not three at a time, that is
Shapley's value (Shapley 1953, A value for n-person games), which would be the mean over all orders: a pair's part
is halved between both in either. Nothing here knows what a difference is: any numbers will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

Key = TypeVar("Key")

Off = frozenset[str]
"""Causes that are switched off."""

Weights = Mapping[Off, Fraction]
"""By the causes that are off how much the difference then counts."""


class Effects(NamedTuple):
    """What a cause does, as weights.

    Parameters
    ----------
    forward, reverse : mapping
        What the difference loses when the cause goes off in the order, and in reverse.
    alone : mapping
        What it loses when no other cause is off.
    """

    forward: Weights
    reverse: Weights
    alone: Weights

    @property
    def part(self) -> Weights:
        """The cause's part of the difference."""
        return _sum((Fraction(1, 2), self.forward), (Fraction(1, 2), self.reverse))

    @property
    def overlap(self) -> Weights:
        """What it does alone beyond its part, as it does that together with others."""
        return _sum((Fraction(1), self.alone), (Fraction(-1), self.part))

    @property
    def with_earlier(self) -> Weights:
        """What it does together with causes before it in the order."""
        return _sum((Fraction(1), self.alone), (Fraction(-1), self.forward))

    @property
    def with_later(self) -> Weights:
        """What it does together with causes behind it in the order."""
        return _sum((Fraction(1), self.alone), (Fraction(-1), self.reverse))


def effects(causes: Sequence[str]) -> dict[str, Effects]:
    """What each cause does, in the order in which they go off."""
    found = {}
    for at, cause in enumerate(causes):
        before, behind = frozenset(causes[:at]), frozenset(causes[at + 1 :])
        found[cause] = Effects(_lost(before, cause), _lost(behind, cause), _lost(frozenset(), cause))
    return found


def needed(causes: Sequence[str]) -> list[Off]:
    """All that has to be run for that, each once, beginning with nothing switched off."""
    used: dict[Off, None] = {frozenset(): None}
    for each in effects(causes).values():
        for weights in each:
            used.update(dict.fromkeys(weights))
    return list(used)


def weighed(weights: Weights, value: Callable[[Off], Fraction]) -> Fraction:
    """The sum of values by weight."""
    return sum((weight * value(off) for off, weight in weights.items()), Fraction(0))


def spread(weights: Weights, parts: Callable[[Off], Mapping[Key, Fraction]]) -> dict[Key, Fraction]:
    """The same sum, where each value is itself a sum by weight; what cancels is left out."""
    total: dict[Key, Fraction] = {}
    for off, weight in weights.items():
        for key, factor in parts(off).items():
            total[key] = total.get(key, Fraction(0)) + weight * factor
    return {key: weight for key, weight in total.items() if weight}


def partners(
    causes: Sequence[str], earlier: Sequence[float], later: Sequence[float], zone: float
) -> dict[str, tuple[str, ...]]:
    """With which other causes each acts: those whose two steps differ as well, and in the same sense.

    Parameters
    ----------
    causes : sequence of str
        In the order in which they go off.
    earlier, later : sequence of float
        What each does together with causes before and behind it.
    zone : float
        What does not matter.

    Returns
    -------
    dict of str to tuple of str
        By cause the others, the nearest in size first; none where it acts by itself.
    """
    return {cause: tuple(_partners(at, causes, earlier, later, zone)) for at, cause in enumerate(causes)}


def _partners(
    at: int, causes: Sequence[str], earlier: Sequence[float], later: Sequence[float], zone: float
) -> Iterator[str]:
    found = []
    for other, name in enumerate(causes):
        if other == at:
            continue
        mine, theirs = (later[at], earlier[other]) if other > at else (earlier[at], later[other])
        if min(abs(mine), abs(theirs)) > zone and mine * theirs > 0:
            found.append((abs(mine - theirs), other, name))
    for _, _, name in sorted(found):
        yield name


def _lost(before: Off, cause: str) -> Weights:
    return {before: Fraction(1), before | {cause}: Fraction(-1)}


def _sum(*every: tuple[Fraction, Weights]) -> Weights:
    total: dict[Off, Fraction] = {}
    for factor, weights in every:
        for off, weight in weights.items():
            total[off] = total.get(off, Fraction(0)) + factor * weight
    return {off: weight for off, weight in total.items() if weight}
