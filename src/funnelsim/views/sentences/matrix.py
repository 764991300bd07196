"""A comparison at a glance: figures by arms, with the sign of what is known and the share of today's figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.experiments.statistics.paired import Verdict

from ..words import say
from ..words.numbers import DASH, percent, signed, with_sign
from .comparison import labels

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison

SIGNS = {
    Verdict.MORE: "+",
    Verdict.LESS: "−",
    Verdict.SAME: "=",
    Verdict.STEADY: "=",
    Verdict.OPEN: "?",
    Verdict.NONE: DASH,
}
"""Before each difference; what they mean stands below the matrix."""


def is_worth_it(comparison: Comparison) -> bool:
    """Whether single tables would not be seen at a glance."""
    return len(comparison.findings) > 3


def heads(comparison: Comparison) -> tuple[str, ...]:
    """Heads: the figure, and each arm beside the base."""
    return say("matrix.kpi"), *(arm.name for arm in comparison.arms if arm is not comparison.base)


def rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """A row for each figure."""
    found = {(each.kpi, each.arm): each for each in comparison.findings}
    others = [arm.name for arm in comparison.arms if arm is not comparison.base]
    named = labels(comparison)
    return [(named[kpi], *(cell(found[kpi, arm]) for arm in others)) for kpi in comparison.question.kpis]


def cell(each: Finding) -> str:
    """The sign of what is known, and how large the difference is."""
    if each.difference.mean is None:
        return SIGNS[Verdict.NONE]
    sized = (
        signed(each.difference.mean, each.base.unit)
        if each.share is None
        else with_sign(each.share, percent(abs(each.share)))
    )
    return say("matrix.cell", sign=SIGNS[each.verdict], difference=sized)


def signs() -> str:
    """What the signs mean, where the differences themselves stand behind them."""
    return say("matrix.signs")


def legend() -> str:
    """What the signs mean."""
    return say("matrix.legend")
