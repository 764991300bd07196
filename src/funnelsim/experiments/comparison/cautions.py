"""What the figures of a comparison cannot show themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.results.limiting import Untouched, untouched
from funnelsim.results.measures.indicators import MONTH
from funnelsim.results.result import Result
from funnelsim.results.words import say, shower

if TYPE_CHECKING:
    from .judging import Finding
    from .result import Comparison

SKEWED = 0.35
"""Skewness of differences, per square root of the replications, from which on intervals cover too little."""


def cautions(comparison: Comparison) -> Iterator[str]:
    """Arms of other lengths, intervals that may cover too little, and teams that never got work."""
    lengths = {arm.name: (arm.model.horizon - arm.model.warmup) / MONTH for arm in comparison.arms}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {months:.3g}" for name, months in lengths.items())
        yield say("comparison.warning.lengths", months=told)
    much = SKEWED * comparison.replications**0.5
    skewed = [each for each in comparison.findings if abs(_skewness(each)) > much]
    if skewed:
        named = ", ".join(dict.fromkeys(each.kpi for each in skewed))
        yield say("comparison.warning.skewed", kpis=named, replications=comparison.replications)
    for each in comparison.own:
        if each.opposed:
            team = dict(zip(comparison.base.model.team_names, comparison.base.model.team_labels, strict=True))[
                each.team
            ]
            yield say("own.warning", arm=each.own.arm, team=team, own=each.own.kpi, whole=each.whole.kpi)
    yield from _untouched(comparison)


def _untouched(comparison: Comparison) -> Iterator[str]:
    """Teams that never got work, with the arms in which that is so."""
    arms: dict[Untouched, list[str]] = {}
    for arm in comparison.arms:
        for each in untouched(arm.summary, arm.model):
            arms.setdefault(each, []).append(arm.name)
    for each, names in arms.items():
        where = "in all" if len(names) == len(comparison.arms) else ", ".join(names)
        yield f"{where}: {shower('caution', Result)(each)}"


def _skewness(each: Finding) -> float:
    """Skewness of the paired differences."""
    apart = [up - down for up, down in zip(each.figure.residuals, each.base.residuals, strict=False)]
    if len(apart) < 3 or each.difference.identical:
        return 0.0
    spread = (sum(x * x for x in apart) / len(apart)) ** 0.5
    return sum(x**3 for x in apart) / len(apart) / spread**3 if spread else 0.0
