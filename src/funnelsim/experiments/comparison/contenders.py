"""Which arms may be the best in a KPI: those that are told apart, and those that are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from funnelsim.results.estimates import enough

from ..running.arms import Arm
from ..statistics.paired import difference

HALF = 0.5
"""Probability from which one is called the best."""

SURE = 0.95
"""Probability that the best is among those that are named."""


@dataclass(frozen=True)
class Contender:
    """Arms that never differ from one another, and the probability that theirs is the best figure."""

    names: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Contenders:
    """The arms that may be the best.

    Parameters
    ----------
    likely : tuple of Contender
        The likeliest first: one that is likelier than not, or as many as hold the best with 95 %.
    others : int
        How many further contenders there are.
    needed : int or None
        About how many replications would tell the two likeliest apart; None where there is no telling.
    """

    likely: tuple[Contender, ...]
    others: int
    needed: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(name for each in self.likely for name in each.names)

    @property
    def share(self) -> float:
        """The probability that the best is among them."""
        return sum(each.share for each in self.likely)


def contenders(arms: Sequence[Arm], kpi: str, chances: Mapping[str, float | None]) -> Contenders | None:
    """The arms that may be the best in a KPI; None where nothing can be said.

    Parameters
    ----------
    arms : sequence of Arm
        With the same replications.
    kpi : str
        The KPI.
    chances : mapping
        By arm the probability that its figure is the best, equal for arms that never differ.
    """
    groups: list[list[str]] = []
    figures = {arm.name: arm.estimate(kpi) for arm in arms if chances[arm.name] is not None}
    for name, each in figures.items():
        like = (group for group in groups if difference(each, figures[group[0]]).identical)
        group = next(like, None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    every = [Contender(tuple(group), sum(chances[name] or 0.0 for name in group)) for group in groups]
    every.sort(key=lambda each: -each.share)
    if not every:
        return None
    count, total = 1, every[0].share
    while total < SURE and count < len(every) and every[0].share < HALF:
        total += every[count].share
        count += 1
    needed = None
    if count > 1:
        first, second = (figures[each.names[0]] for each in every[:2])
        apart = difference(first, second)
        needed = enough(apart.error or 0.0, apart.replications, abs(apart.mean or 0.0))
    return Contenders(tuple(every[:count]), len(every) - count, needed)
