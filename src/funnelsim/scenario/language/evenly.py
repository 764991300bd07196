"""Divides the people of a team among territories: what `serves: even` means, seat by seat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Weights = Sequence[tuple[str, float]]


def divided(number: int, weights: Weights, least: int = 0) -> dict[str, int]:
    """People by territory, by weight; what is left after whole people goes to the largest remainders.

    Of equal remainders the first territory is taken. A territory that would have fewer than ``least`` gets them
    from the one that has most above its share.
    """
    whole = math.fsum(weight for _, weight in weights)
    shares = {name: number * weight / whole for name, weight in weights if weight > 0}
    made = {name: math.floor(share + 1e-9) for name, share in shares.items()}
    behind = sorted(shares, key=lambda name: made[name] - shares[name])
    for name in behind[: number - sum(made.values())]:
        made[name] += 1
    while (short := [name for name in made if made[name] < least]) and number >= least * len(made):
        made[max(made, key=lambda name: (made[name] > least, made[name] - shares[name]))] -= 1
        made[short[0]] += 1
    return made


def ties(steps: Sequence[Sequence[int]], seats: Sequence[int], weights: Weights) -> list[list[str | None]]:
    """The territory of each seat of each part of a team; None for those who serve all.

    Parameters
    ----------
    steps : sequence of sequence of int
        The headcounts of all parts from each date on at which one of them changes. A team that is not made of
        others is one part.
    seats : sequence of int
        The seats of each part, of which the first are those that are taken.
    weights : sequence of tuple
        The territories with their weights.

    Notes
    -----
    Seats are given out in the order in which people come, and of those who come together part by part, so that
    after each part all who are there are divided by weight: cells get some of each kind. While a team has fewer
    people than there are territories, those who come serve all of them, and go on to do so.
    """
    territories = [name for name, weight in weights if weight > 0]
    made: list[list[str | None]] = [[None] * number for number in seats]
    given = dict.fromkeys(territories, 0)
    there = [0] * len(seats)
    for heads in steps:
        is_divided = sum(heads) >= len(territories) > 0
        for part, number in enumerate(heads):
            new = range(there[part], number)
            if is_divided and new:
                target = divided(sum(given.values()) + len(new), weights, 1)
                made[part][new.start : new.stop] = _in_blocks(len(new), target, given)
            there[part] = max(there[part], number)
    return made


def _in_blocks(number: int, target: Mapping[str, int], given: dict[str, int]) -> list[str | None]:
    """The territories of the next people, one after the other; what is given already stays."""
    lacking = {name: max(0, target[name] - given[name]) for name in given}
    while sum(lacking.values()) > number:  # one more person may be one less for somebody (the Alabama paradox)
        lacking[[name for name in lacking if lacking[name]][-1]] -= 1
    for name, count in lacking.items():
        given[name] += count
    return [name for name, count in lacking.items() for _ in range(count)]
