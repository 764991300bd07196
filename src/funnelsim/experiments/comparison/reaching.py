"""How often single runs of an arm reach a target."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..running.arms import Arm
from ..statistics.chances import wilson
from ..study.question import Target


class Reached(NamedTuple):
    """How often single runs of an arm reach a target."""

    arm: str
    target: Target
    hits: int
    runs: int  # in which the figure exists
    probability: float | None
    low: float
    high: float


def reached(arm: Arm, target: Target) -> Reached:
    """The runs of an arm that reach a target, with Wilson's interval."""
    figures = [each for each in arm.figures(target.kpi) if each is not None]
    hits = sum(target.reached(each) for each in figures)
    share = hits / len(figures) if figures else None
    return Reached(arm.name, target, hits, len(figures), share, *wilson(hits, len(figures)))


def leaf_of(each: Reached) -> dict[str, Any]:
    """The same in a JSON document."""
    target = each.target
    return {
        "arm": each.arm,
        "kpi": target.kpi,
        "at_least" if target.at_least else "at_most": target.value,
        "runs": each.runs,
        "reached": each.hits,
        "probability": each.probability,
        "low": each.low,
        "high": each.high,
    }
