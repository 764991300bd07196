"""A choice among scenarios in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..words import numbers

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.choose import Choice


def sentences(choice: Choice) -> Iterator[str]:
    """What is promised, how likely it is right, and what may be taken instead."""
    yield choice.promise
    if choice.probability is None:
        return
    yield f"By the replications of all the probability that it is the best is {_sure(choice)}."
    yield from _others(choice)


def _sure(choice: Choice) -> str:
    said = numbers.probability(choice.probability or 0.0)
    if choice.good is None or choice.zone is None:
        return said
    unit = choice.arms[choice.selected.best].estimate(choice.kpi).unit
    zone = numbers.estimate({"mean": choice.zone, "low": None, "high": None, "unit": unit})
    return f"{said}, and that no other is better by more than {zone} is {numbers.probability(choice.good)}"


def _others(choice: Choice) -> Iterator[str]:
    """Which never differ from it, which is likelier, and which has a better figure all the same."""
    if choice.alike:
        names = ", ".join(choice.alike)
        yield f"It does not differ from {names} in any replication that both have: neither is the better one."
    mine = choice.probability or 0.0
    likelier = [name for name, share in choice.chances.items() if (share or 0.0) > mine]
    for name in likelier:
        yield f"{name} is more likely to be the best ({numbers.probability(choice.chances[name] or 0.0)})."
    means = {arm.name: arm.estimate(choice.kpi).mean for arm in choice.arms}
    own, sign = means[choice.name], -1 if choice.least else 1
    ahead = [
        name
        for name, mean in means.items()
        if name not in likelier and mean is not None and own is not None and sign * (mean - own) > 0
    ]
    for name in ahead:
        yield f"{name} has the better figure, but less chance: the luck that both had is taken off."
