"""What a comparison over worlds says: what is luck in a difference, and what is not knowing the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from funnelsim.errors import FunnelsimError
from funnelsim.results.estimates import Estimate
from funnelsim.results.oneway import split
from funnelsim.results.worlds import Doubt, doubt_of, less

from ..statistics.paired import difference

if TYPE_CHECKING:
    from funnelsim.results.measures.summary import Tally

    from ..running.arms import Arm
    from .judging import Finding
    from .result import Comparison


def of_arm(arm: Arm, kpi: str) -> Doubt:
    """What is known of a figure of an arm over worlds."""
    over = _over(arm)
    return doubt_of(lambda tallies: arm.figure(kpi, tallies), arm.tallies, over.again, over.guess, over.how)


def of_difference(arm: Arm, base: Arm, found: Finding) -> Doubt:
    """What is known of the difference of an arm, paired by world; its interval is that of the comparison."""
    mine, other = _over(arm), _over(base)
    how, kpi = mine.how, found.kpi
    over = Estimate(
        found.difference.mean,
        found.low,
        found.high,
        found.base.unit,
        tuple(_less(found.figure.residuals, found.base.residuals)),
        tuple(_apart(found.figure.outcomes, found.base.outcomes)),
    )
    both = [*arm.tallies, *mine.again], [*base.tallies, *other.again]
    apart = _less(*(one.figure(kpi, tallies).residuals for one, tallies in zip((arm, base), both, strict=True)))
    count = len(arm.tallies)
    parted = None
    if mine.again and len(apart) == len(both[0]):
        parted = split(apart[: how.distinct], [apart[at] - apart[count + at] for at in range(len(mine.again))])
    guess = _guessed(arm, base, kpi, mine.guess, other.guess)
    return Doubt(over, parted, guess, None if guess is None else less(over, guess, how), found.zone)


def document(comparison: Comparison) -> dict[str, Any]:
    """The block of the JSON document of a comparison over worlds; nothing for another."""
    over, base = comparison.base.over, comparison.base
    if over is None:
        return {}
    arms = {arm.name: arm for arm in comparison.arms}
    apart: dict[str, dict[str, Any]] = {name: {} for name in arms if name != base.name}
    for each in comparison.findings:
        apart[each.arm][each.kpi] = of_difference(arms[each.arm], base, each).to_dict()
    kpis = comparison.question.kpis
    figures = {name: {kpi: of_arm(arm, kpi).to_dict() for kpi in kpis} for name, arm in arms.items()}
    return {"worlds": {**over.how.to_dict(), "arms": figures, "differences": apart}}


def refuse(comparison: Comparison, what: str) -> None:
    """Refuse what looks into single runs, which over worlds are of other scenarios each."""
    if comparison.base.over is not None:
        raise FunnelsimError(
            f"{what} of a comparison over worlds are not told, as each world is another scenario; compare without "
            "worlds for them",
            code="E-option-conflict",
        )


def _over(arm: Arm) -> Any:
    if arm.over is None:
        raise ValueError(f"{arm.name} was not run over worlds")
    return arm.over


def _less(up: Sequence[float], down: Sequence[float]) -> list[float]:
    return [one - other for one, other in zip(up, down, strict=len(up) == len(down))]


def _apart(up: Sequence[float | None], down: Sequence[float | None]) -> list[float | None]:
    """The difference of each world by itself; None where one has no figure."""
    pairs = zip(up, down, strict=True)
    return [None if one is None or other is None else one - other for one, other in pairs]


def _guessed(arm: Arm, base: Arm, kpi: str, mine: Sequence[Tally], other: Sequence[Tally]) -> Estimate | None:
    """The difference of the files as they stand, on the same luck."""
    if not mine or len(mine) != len(other):
        return None
    up, down = arm.figure(kpi, mine), base.figure(kpi, other)
    each = difference(up, down)
    if each.mean is None:
        return None
    low, high = each.student(0.05) or (None, None)
    apart = tuple(_less(up.residuals, down.residuals))
    return Estimate(each.mean, low, high, up.unit, apart, tuple(_apart(up.outcomes, down.outcomes)))
