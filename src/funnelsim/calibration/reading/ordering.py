"""The order of the line: that in which the fewest moves go back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EXACT = 13
"""So many stages are ordered exactly (2^n n steps); more by moving single stages until none helps."""


def line_order(moves: NDArray[np.int64], place: NDArray[np.float64]) -> list[int]:
    """The order of stages with the fewest moves back.

    Parameters
    ----------
    moves : array (n, n) of int
        How often a deal went from one stage straight to another.
    place : array (n,) of float
        The mean place of a stage in its deals, which settles ties.

    Returns
    -------
    list of int
        The stages, the first of the line first.
    """
    start = sorted(range(len(moves)), key=lambda stage: (place[stage], stage))
    if len(moves) <= 1:
        return start
    ranked = moves[np.ix_(start, start)].astype(np.int64)
    order = _exact(ranked) if len(moves) <= EXACT else _improved(ranked)
    return [start[each] for each in order]


def moves_back(moves: NDArray[np.int64], order: list[int]) -> int:
    """How many moves go back in an order."""
    return int(np.tril(moves[np.ix_(order, order)], -1).sum())


def _exact(moves: NDArray[np.int64]) -> list[int]:
    """The best order by dynamic programming over sets of first stages (Held and Karp 1962)."""
    count = len(moves)
    least = np.full(1 << count, np.iinfo(np.int64).max, dtype=np.int64)
    last = np.zeros(1 << count, dtype=np.int64)
    back = np.zeros((1 << count, count), dtype=np.int64)  # moves from a stage to those of a set
    for stage in range(count):
        bit = 1 << stage
        back[bit : 2 * bit] = back[:bit] + moves[:, stage]
    least[0] = 0
    for chosen in range(1 << count):
        for stage in range(count):
            if not chosen >> stage & 1:
                cost, further = least[chosen] + back[chosen, stage], chosen | 1 << stage
                if cost < least[further]:
                    least[further], last[further] = cost, stage
    order, chosen = [], (1 << count) - 1
    while chosen:
        order.append(int(last[chosen]))
        chosen ^= 1 << int(last[chosen])
    return order[::-1]


def _improved(moves: NDArray[np.int64]) -> list[int]:
    order, least = list(range(len(moves))), moves_back(moves, list(range(len(moves))))
    better = True
    while better:
        better = False
        for stage in list(order):
            rest = [each for each in order if each != stage]
            tried = [[*rest[:at], stage, *rest[at:]] for at in range(len(order))]
            costs = [moves_back(moves, each) for each in tried]
            best = int(np.argmin(costs))
            if costs[best] < least:
                order, least, better = tried[best], costs[best], True
    return order
