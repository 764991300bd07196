"""What the answer is in money, a year: bookings and contribution, where a scenario has prices and costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.experiments.comparison.judging import judge
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import Question
from funnelsim.scenario.forms.quantities import MICROSECONDS

from ...words import numbers, say, separated
from .section import small

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.model.model import Model
    from funnelsim.results.result import Result

KPIS = ("bookings", "contribution")
"""What is told, as far as a scenario has it."""

UNKNOWN = {Verdict.OPEN: "open", Verdict.SAME: "same"}
"""Verdicts that are said beside a difference; of the others its sign and interval tell all."""


def of_run(run: Result) -> Iterator[str]:
    """What a line brings a year, with intervals."""
    a_year = _a_year(run.model)
    told = {}
    for kpi in KPIS:
        leaf = run.summary.kpis[kpi].to_dict() if kpi in run.summary.kpis else None
        if leaf is not None and leaf["mean"]:
            told[kpi] = numbers.estimate(leaf | {"unit": f"{leaf['unit']}/y"}, factor=a_year)
    if len(told) == len(KPIS):
        yield say("report.answer.year", **told)


def of_comparison(comparison: Comparison, arm: str) -> Iterator[str]:
    """What one arm has more than the base a year; the intervals of both amounts hold together over all arms."""
    base, known = comparison.question.base, comparison.base.indicators
    kpis = tuple(kpi for kpi in KPIS if kpi in known and any(each.estimate(kpi).mean for each in comparison.arms))
    if not kpis:
        return
    found = judge(comparison.arms, Question(base, kpis, {}, comparison.question.alpha))
    parts = [_part(each, known[each.kpi][1].label, comparison.base.model) for each in found if each.arm == arm]
    yield say("report.answer.money", arm=arm, base=base, parts=separated(parts))


def _part(each: Finding, label: str, model: Model) -> str:
    a_year, unit = _a_year(model), f"{each.base.unit}/y"
    if each.difference.mean is None:
        return say("report.answer.money.none", kpi=small(label))
    difference = numbers.signed(each.difference.mean * a_year, unit)
    if each.low is not None and each.high is not None and each.low < each.high:
        ends = (each.low * a_year, each.high * a_year)
        most = max(ends, key=abs)
        low, high = (numbers.signed(end, unit, beside=most) for end in ends)
        difference += say("report.interval", low=low, high=high)
    kind = UNKNOWN.get(each.verdict, "known")
    return say(f"report.answer.money.{kind}", kpi=small(label), difference=difference)


def _a_year(model: Model) -> float:
    """The part of a year in the time that counts."""
    return MICROSECONDS["y"] / (model.horizon - model.warmup)
