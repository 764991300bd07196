"""A choice among scenarios in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.experiments.comparison.contenders import HALF, SURE
from funnelsim.experiments.statistics.ocba import Budget

from ..words import listed, numbers, say, separated
from ..words.money import SURE_DIGITS
from .figures import column_name
from .limiting import free_in

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.choose import Choice


def sentences(choice: Choice) -> Iterator[str]:
    """What is promised, how likely it is right, and what may be taken instead."""
    yield from of_choice(choice)
    yield from free_in(arm.model for arm in choice.arms)


def of_choice(choice: Choice) -> Iterator[str]:
    """What the replications say of the choice itself."""
    yield promise(choice)
    if choice.untold:
        yield say("choice.untold", names=listed(choice.untold, "and"))
    if choice.probability is None:
        if choice.alike:
            yield say("choice.alike", names=separated(choice.alike))
        return
    together = choice.probability * (1 + len(choice.alike))
    yield _sure(choice, numbers.probability(together))
    if together < HALF:
        yield from _among(choice)
    yield from _others(choice)


def promise(choice: Choice) -> str:
    """What may be believed of the choice."""
    found, rule = choice.selected, choice.rule
    said = {"name": choice.name, "kpi": column_name(choice.kpi), "replications": sum(found.replications)}
    if rule is None:
        return say("choice.stopped", **said)
    if isinstance(rule, Budget):
        return say("choice.budget", **said)
    if not found.decided:
        return say("choice.close", **said, number=len(found.left))
    return say("choice.promised", **said, sure=f"{rule.confidence * 100:g}", lead=_lead(choice, rule.zone))


def _lead(choice: Choice, zone: float) -> str:
    """The lead from which on a choice is right, in its unit; rounded up, as it is not right for less."""
    fine = 10.0 ** (math.floor(math.log10(zone)) - SURE_DIGITS + 1)
    return _in_unit(choice, math.ceil(zone / fine - 1e-9) * fine)


def _in_unit(choice: Choice, value: float) -> str:
    unit = choice.arms[choice.selected.best].estimate(choice.kpi).unit
    return numbers.estimate({"mean": value, "low": None, "high": None, "unit": unit})


def _sure(choice: Choice, probability: str) -> str:
    alike = "_alike" if choice.alike else ""
    if choice.good is None or choice.zone is None:
        return say(f"choice.probability{alike}", probability=probability)
    return say(
        f"choice.probability_zone{alike}",
        probability=probability,
        zone=_in_unit(choice, choice.zone),
        good=numbers.probability(choice.good),
    )


def _among(choice: Choice) -> Iterator[str]:
    """Among which the best is, where none is likelier than all others together."""
    chances = {name: share for name, share in choice.chances.items() if share}
    names: list[str] = []
    total = 0.0
    for name in sorted(chances, key=lambda name: -chances[name]):
        if total >= SURE:
            break
        names.append(name)
        total += chances[name]
    yield say("choice.together", names=listed(names, "or"), probability=numbers.probability(total))


def _others(choice: Choice) -> Iterator[str]:
    """Which never differ from it, which is likelier, and which has a better figure all the same."""
    if choice.alike:
        yield say("choice.alike", names=separated(choice.alike))
    mine = choice.probability or 0.0
    likelier = [name for name, share in choice.chances.items() if (share or 0.0) > mine]
    for name in likelier:
        yield say("choice.likelier", name=name, probability=numbers.probability(choice.chances[name] or 0.0))
    means = {arm.name: arm.estimate(choice.kpi).mean for arm in choice.arms}
    own, sign = means[choice.name], -1 if choice.least else 1
    ahead = [
        name
        for name, mean in means.items()
        if name not in likelier and mean is not None and own is not None and sign * (mean - own) > 0
    ]
    for name in ahead:
        yield say("choice.ahead", name=name)
