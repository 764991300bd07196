"""KPIs by group: what groups are called, and which KPIs cannot be divided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.results.measures.groups.members import NOBODY
from funnelsim.results.measures.kpis import kpi_groups

from ..words import has, items, listed, numbers, say, small
from .comparison import between, labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelsim.experiments.comparison.by_group import ByGroup
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.model.model import Model
    from funnelsim.results.divided import Divided
    from funnelsim.results.measures.indicators import Indicator
    from funnelsim.results.measures.kpis import Group
    from funnelsim.results.result import Result

ALWAYS = ("created", "won")
"""KPIs that a table shows also where they are 0."""


def title(by: str) -> str:
    """The heading of what is divided by something."""
    return say("by.title", by=say(f"by.{by}"))


def called(group: str, by: str) -> str:
    """What people are shown for a group."""
    return say(f"by.none.{by}") if group == NOBODY else group


def meaning(by: str, groups: Iterable[str], model: Model) -> Iterator[str]:
    """What the figures of groups have to do with those of the whole, and how groups came about."""
    yield say(f"by.meaning.{by}" if has(f"by.meaning.{by}") else "by.meaning")
    if by == "segment" and not set(groups) <= set(model.segment_names):
        yield say("by.parted")


def kpis_of(result: Result, divided: Divided) -> Iterator[tuple[Group, list[Indicator]]]:
    """The KPIs that a table of groups shows, by kind: those that can be divided and are not 0 in the whole."""
    figures = result.summary.kpis
    for group in kpi_groups(result.model):
        there = [
            kpi
            for kpi in (group.kpis if group.shown else ())
            if kpi.name not in divided.why_not and figures[kpi.name].mean is not None
        ]
        kept = [kpi for kpi in there if kpi.name in ALWAYS or not numbers.is_zero(figures[kpi.name].to_dict())]
        if kept:
            yield group, kept


def undivided(why_not: Mapping[str, str], labels: Mapping[str, str], by: str) -> Iterator[str]:
    """A sentence for each reason for which KPIs cannot be divided; of those that have a label."""
    there = sorted((why, name) for name, why in why_not.items() if name in labels)
    order = list(labels)
    for why, pairs in groupby(there, lambda pair: pair[0]):
        names = sorted((name for _, name in pairs), key=order.index)
        kpis = items([small(labels[name]) for name in names])
        yield say("by.not", by=say(f"by.{by}"), kpis=kpis, why=say(f"by.why.{why}"))


def groups_with(found: ByGroup, kpi: str) -> list[str]:
    """The groups in which a KPI is not 0 in all arms; all if there is none."""
    there = [
        name
        for name, findings in found.groups.items()
        if any(each.kpi == kpi and (each.base.mean or each.figure.mean) for each in findings)
    ]
    return there or list(found.groups)


def opposed(comparison: Comparison, found: ByGroup) -> Iterator[str]:
    """Where some groups have more and others less: whose gain is whose loss, beside the difference of all."""
    named = labels(comparison)
    for arm in (arm for arm in comparison.arms if arm is not comparison.base):
        for kpi in comparison.question.kpis:
            own = {
                name: each
                for name, all_ in found.groups.items()
                for each in all_
                if (each.arm, each.kpi) == (arm.name, kpi)
            }
            more, less = (
                [name for name, each in own.items() if each.verdict is way] for way in (Verdict.MORE, Verdict.LESS)
            )
            if more and less:
                whole = next(each for each in comparison.findings if (each.arm, each.kpi) == (arm.name, kpi))
                told = [listed([_one(name, own[name], found.by) for name in names]) for names in (more, less)]
                yield say(
                    "by.opposed",
                    arm=arm.name,
                    kpi=small(named[kpi]),
                    more=told[0],
                    less=told[1],
                    whole=_size(whole),
                )


def _one(name: str, each: Finding, by: str) -> str:
    return say("by.part", group=called(name, by), difference=_size(each))


def _size(each: Finding) -> str:
    """A difference with its share and its interval."""
    if each.difference.mean is None:
        return numbers.DASH
    said = numbers.signed(each.difference.mean, each.base.unit)
    if each.share is not None:
        said = say(
            "by.share", difference=said, share=numbers.with_sign(each.share, numbers.percent(abs(each.share)))
        )
    if each.low is None or each.high is None:
        return said
    return say("by.between", difference=said, interval=between(each.low, each.high, each.base.unit))


def not_compared(found: ByGroup) -> Iterator[str]:
    """Which groups only an arm, or only the base has, so that differences do not add up to that of all."""
    for arm, (own, other) in found.alone.items():
        if own:
            yield say("by.only_arm", arm=arm, groups=listed([called(each, found.by) for each in own]))
        if other:
            names = listed([called(each, found.by) for each in other])
            yield say("by.only_base", arm=arm, base=found.base, groups=names)
