"""Other points against the best of an optimisation, on the replications on which both were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..statistics.paired import Difference, Verdict, bonferroni, difference, verdict
from ..study.goals import Goal, Status, better
from .screening import Sample
from .search import SearchResult, Tried

ALPHA = 0.05
"""Probability that even one of the intervals of a kind is wrong."""


@dataclass(frozen=True)
class Rival:
    """Another point against the best, measured on the same replications.

    Parameters
    ----------
    tried : Tried
        The point.
    difference : Difference
        What it has more than the best.
    low, high : float or None
        The interval of that; those of all rivals hold together.
    verdict : Verdict
        What is known.
    """

    tried: Tried
    difference: Difference
    low: float | None
    high: float | None
    verdict: Verdict


def measured(one: Tried) -> Sample:
    """The estimates of a point that was measured."""
    assert one.measured is not None
    return one.measured


def allowed(found: SearchResult, goal: Goal) -> list[Tried]:
    """Points that are shown to keep to the limits; where the best is not, those that may as far as means tell."""
    ones = [one for one in found.tried if one.measured is not None]
    if found.best is not None and found.best.status is Status.OPEN:
        return [one for one in ones if one.status is not Status.BROKEN and goal.keeps(measured(one))]
    return [one for one in ones if one.status is Status.FEASIBLE]


def rivals_of(found: SearchResult, goal: Goal) -> tuple[Rival, ...]:
    """The other points that keep to the limits, the best of them first; their intervals hold together."""
    best = found.best
    if best is None or best.measured is None:
        return ()
    own = best.measured[goal.kpi]
    others = [one for one in allowed(found, goal) if one is not best]
    made = []
    for one in others:
        each = difference(measured(one)[goal.kpi], own)
        interval = each.interval(bonferroni(ALPHA, len(others)))
        low, high = interval or (None, None)
        made.append(Rival(one, each, low, high, verdict(each, interval, found.zone)))
    return tuple(made[at] for at in better(goal, [rival.difference.mean for rival in made]))


def pending_of(found: SearchResult, goal: Goal) -> tuple[Rival, ...]:
    """Points that may be better than the best, if they keep to the limits, which is not decided."""
    best = found.best
    if best is None or best.measured is None:
        return ()
    made = []
    for one in may_be_better(found.undecided, best, goal, found.zone):
        apart = difference(measured(one)[goal.kpi], best.measured[goal.kpi])
        low, high = apart.interval(bonferroni(ALPHA, len(found.undecided))) or (None, None)
        made.append(Rival(one, apart, low, high, Verdict.OPEN))
    return tuple(made)


def may_be_better(tried: Sequence[Tried], best: Tried, goal: Goal, zone: float) -> list[Tried]:
    """Those that are not shown to be better than the best by no more than what does not matter."""
    found = []
    for one in tried:
        if one.measured is None or best.measured is None:
            continue
        apart = difference(one.measured[goal.kpi], best.measured[goal.kpi])
        interval = apart.student(2 * bonferroni(ALPHA, len(tried)))  # one side alone can harm
        if interval is None or max(goal.sign * end for end in interval) > zone:
            found.append(one)
    return found
