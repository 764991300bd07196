"""The frontier of cost against outcome: what more money brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from funnelsim.results.estimates import Estimate

from ..statistics.paired import Difference, Verdict, bonferroni, difference, verdict
from ..study.goals import COST, Goal
from .screening import Sample
from .search import Tried

ALPHA = 0.05
"""Probability that even one point is taken for better than the next cheaper one by chance."""


@dataclass(frozen=True)
class FrontPoint:
    """A point than which none that was measured is both cheaper and better.

    Parameters
    ----------
    tried : Tried
        The point.
    cost : Estimate
        A year.
    outcome : Estimate
        Over the time that counts.
    gain : Difference or None
        Of the outcome, over the next cheaper point of the frontier.
    apart : bool
        Whether it is shown to be better than that one.
    affordable : bool
        Whether it is not shown to break the budget.
    """

    tried: Tried
    cost: Estimate
    outcome: Estimate
    gain: Difference | None
    apart: bool
    affordable: bool

    def to_dict(self) -> dict[str, float | bool | None]:
        """What the frontier says of the point."""
        return {"cost_per_year": self.cost.mean, "apart": self.apart, "affordable": self.affordable}


def undominated(rows: Iterable[tuple[float, float, Tried]]) -> list[Tried]:
    """Of points with a cost and a figure of which more is better, those none beats in both; cheapest first."""
    front: list[Tried] = []
    top = -float("inf")
    for _, figure, one in sorted(rows, key=lambda row: (row[0], -row[1])):
        if figure > top:
            front.append(one)
            top = figure
    return front


def front_of(tried: Sequence[Tried], goal: Goal) -> Iterator[FrontPoint]:
    """The frontier of the points that were measured, the cheapest first.

    Points that break the budget are on it, as it shows what a larger one would bring; those that break another
    limit are not.
    """
    if goal.outcome is None:
        return
    samples = {one: one.measured for one in tried if one.measured is not None}
    kept = {one: sample for one, sample in samples.items() if not goal.broken(sample, but_budget=True)}
    ones = undominated(placed(kept.items(), goal, goal.outcome))
    level = bonferroni(ALPHA, len(ones) - 1)
    for at, one in enumerate(ones):
        sample = samples[one]
        gain = difference(sample[goal.outcome], samples[ones[at - 1]][goal.outcome]) if at else None
        interval = gain.interval(level) if gain is not None else None
        apart = gain is None or verdict(gain, interval, 0.0) in (Verdict.MORE, Verdict.LESS)
        budget = [limit for limit in goal.broken(sample) if limit.kpi == COST]
        yield FrontPoint(one, yearly(sample[COST], goal), sample[goal.outcome], gain, apart, not budget)


def placed(
    samples: Iterable[tuple[Tried, Sample]], goal: Goal, outcome: str
) -> Iterator[tuple[float, float, Tried]]:
    """The cost of points, and their outcome so that more is better; those that have both."""
    for one, sample in samples:
        cost, figure = sample[COST].mean, sample[outcome].mean
        if cost is not None and figure is not None:
            yield cost, goal.outcome_sign * figure, one


def yearly(cost: Estimate, goal: Goal) -> Estimate:
    """An amount of money over the time that counts as one a year."""
    mean, low, high, *outcomes = (
        None if x is None else x / goal.years for x in (cost.mean, cost.low, cost.high, *cost.outcomes)
    )
    return Estimate(mean, low, high, f"{cost.unit}/y", (), tuple(outcomes))
