"""All differences that a comparison asks for, judged together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from funnelsim.results.estimates import Estimate

from ..running.arms import Arm
from ..statistics.paired import Difference, Level, Verdict, bonferroni, difference, one_look, verdict
from ..study.question import Question

NO_SHARE = 1e5
"""A difference so many times as large as the base's figure is no share of it, as that figure is rounding alone."""


@dataclass(frozen=True)
class Finding:
    """One KPI of one arm against the base.

    Parameters
    ----------
    arm, kpi : str
        Of what.
    base : Estimate
        The base's figure.
    figure : Estimate
        The arm's own.
    difference : Difference
        Arm less base, paired by replication.
    low, high : float or None
        Interval of the difference; all intervals of a comparison hold together with the probability asked for.
        None where too few replications differ to tell.
    zone : float
        The difference that does not matter.
    verdict : Verdict
        What is known.
    """

    arm: str
    kpi: str
    base: Estimate
    figure: Estimate
    difference: Difference
    low: float | None
    high: float | None
    zone: float
    verdict: Verdict

    @property
    def share(self) -> float | None:
        """The difference as a share of the base's figure; None where that is next to nothing beside it."""
        if self.difference.mean is None or not self.base.mean:
            return None
        share = self.difference.mean / abs(self.base.mean)
        return share if abs(share) < NO_SHARE else None


def judge(
    arms: Sequence[Arm], question: Question, level: Level = one_look, count: int | None = None
) -> list[Finding]:
    """Judge each KPI of each arm against the base, over the first ``count`` replications.

    By default over all that an arm has; the base has as many at least. Intervals are Student's at Bonferroni's
    level, and they decide what is more and what is less.
    """
    base = next(arm for arm in arms if arm.name == question.base)
    others = [arm for arm in arms if arm is not base]
    pairs = [(kpi, arm) for kpi in question.kpis for arm in others]
    numbers = {arm.name: arm.replications if count is None else count for arm in others}
    bases = {(kpi, each): base.estimate(kpi, each) for kpi in question.kpis for each in set(numbers.values())}
    beside = [bases[kpi, numbers[arm.name]] for kpi, arm in pairs]
    afters = [arm.estimate(kpi, count) for kpi, arm in pairs]
    apart = [
        difference(after, before, arm.over is None and arm.model.fingerprint == base.model.fingerprint)
        for (_, arm), before, after in zip(pairs, beside, afters, strict=True)
    ]
    findings = []
    for (kpi, arm), before, after, each in zip(pairs, beside, afters, apart, strict=True):
        interval = each.interval(level(bonferroni(question.alpha, len(pairs))))
        zone = question.zone(kpi, before)
        low, high = interval or (None, None)
        said = verdict(each, interval, zone)
        findings.append(Finding(arm.name, kpi, before, after, each, low, high, zone, said))
    return findings
