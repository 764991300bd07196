"""Why the arms of a comparison differ: what its methods `fates` and `causes` do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..causes.account import Told
from ..causes.causes import causes
from ..fates.fates import fates
from ..running.laboratory import Sampling
from ..study.question import check_kpis
from .judging import judge
from .worlds import refuse

if TYPE_CHECKING:
    from ..causes.result import Causes
    from ..fates.result import Fates
    from .result import Comparison


def fates_of(comparison: Comparison, replications: int | None, sampling: Sampling) -> Fates:
    """See `Comparison.fates`."""
    refuse(comparison, "fates")
    number = comparison.replications if replications is None else replications
    return fates(comparison.arms, comparison.base, number, sampling, comparison.stamp)


def causes_of(comparison: Comparison, kpis: Sequence[str] | None, sampling: Sampling) -> Causes:
    """See `Comparison.causes`."""
    refuse(comparison, "causes")
    question, findings = comparison.question, comparison.findings
    asked = question.kpis if kpis is None else tuple(dict.fromkeys(kpis))
    check_kpis(asked, comparison.arms)
    if not set(asked) <= set(question.kpis):
        level = comparison.rule.level(comparison.replications)
        findings = tuple(judge(comparison.arms, replace(question, kpis=asked), level))
    told = {(each.kpi, each.arm): Told(each.difference, each.low, each.high, each.zone) for each in findings}
    return causes(comparison.arms, comparison.base, told, asked, sampling, comparison.stamp)
