"""A comparison in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from funnelsim.experiments.comparison.contenders import contenders
from funnelsim.experiments.comparison.stopping_rules import Decided, Reason
from funnelsim.experiments.statistics.paired import Verdict, unseen
from funnelsim.results.words import of_lever

from ..words import clauses, counted, listed, numbers, running, say, small
from . import outlooks
from .figures import column_name
from .limiting import free_in
from .plans import in_words

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.experiments.running.arms import Arm

CHURN = ("logo_churn", "churn_rate", "early_churn", "revenue_churn")
"""KPIs of customers that are lost."""


def sentences(comparison: Comparison) -> Iterator[str]:
    """What came out: arm by arm, and then all together."""
    for name, said in by_arm(comparison):
        yield say("comparison.arm", arm=name, findings=clauses(said))
    yield from together(comparison)


def by_arm(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Each arm and what is known of its differences."""
    called = labels(comparison)
    for arm in comparison.arms:
        findings = [each for each in comparison.findings if each.arm == arm.name]
        if findings and all(each.difference.exact for each in findings):
            yield arm.name, [say("comparison.arm_equal")]
        elif findings:
            yield arm.name, [finding(each, called[each.kpi]) for each in findings]


def together(comparison: Comparison) -> Iterator[str]:
    """Who is best, targets, and what the number of replications rests on."""
    called = labels(comparison)
    if any(each.difference.steady and not each.difference.fixed for each in comparison.findings):
        number = comparison.replications
        yield say("comparison.unseen", replications=number, share=numbers.percent(unseen(number)))
    if len(comparison.arms) > 2:
        for kpi in comparison.question.kpis:
            yield from best_in(comparison, kpi, called[kpi])
    if comparison.means is not None:
        yield from in_words(comparison.means)
    for arm in comparison.arms:
        yield from _burdened(comparison, arm)
        yield from (say("comparison.one_sided", arm=arm.name, text=of_lever(text)) for text in arm.model.cautions)
    for reached in comparison.reached:
        yield outlooks.in_arm(reached)
    if comparison.drove:
        yield comparison.drove
    yield from free_in(arm.model for arm in comparison.arms)


def _burdened(comparison: Comparison, arm: Arm) -> Iterator[str]:
    """Why more customers are lost, where the same people care for more of them."""
    lost = [each for each in comparison.findings if each.arm == arm.name and each.kpi in CHURN]
    if not any(each.verdict is Verdict.MORE for each in lost):
        return
    base, spec = comparison.base, arm.model.spec
    called = dict(zip(arm.model.team_names, arm.model.team_labels, strict=True))
    for team in dict.fromkeys(team for pool in spec.customers.team.values for team in pool or ()):
        before = base.model.spec.teams.get(team)
        if before is None or before.headcount != spec.teams[team].headcount:
            continue
        old, new = (each.summary.teams[team]["load"].mean or 0.0 for each in (base, arm))
        if new > old:
            yield say(
                "comparison.burdened", arm=arm.name, team=called[team], load=f"{new:.3g}", before=f"{old:.3g}"
            )


def labels(comparison: Comparison) -> dict[str, str]:
    """What each KPI that is asked for is called; an amount of money that adds up says over which time."""
    asked = comparison.question
    names = dict.fromkeys((*asked.kpis, *(target.kpi for target in asked.targets)))
    return {name: label(comparison.base, name) for name in names}


def label(arm: Arm, kpi: str) -> str:
    """What a KPI, or a figure of a stage or team, is called."""
    model, (_, indicator) = arm.model, arm.indicators[kpi]
    if not indicator.adds_up:
        return indicator.label
    period = numbers.period(model.horizon - model.warmup)
    return say("comparison.over", kpi=indicator.label, period=period)


def finding(each: Finding, label: str) -> str:
    """One difference: ``more won, +31.2 (+10 %), between +20.1 and +42.3``."""
    kpi, unit = small(label), each.base.unit
    if each.difference.mean is None:
        return say("finding.none", kpi=kpi)
    if each.difference.exact:
        return say("finding.exact", kpi=kpi)
    interval, difference = _between(each), numbers.signed(each.difference.mean, unit)
    match each.verdict:
        case Verdict.SAME:
            zone = numbers.size(each.zone, unit)
            return say("finding.same", kpi=kpi, interval=interval, zone=zone)
        case Verdict.STEADY:
            runs = each.difference.replications
            if each.difference.identical:
                return say("finding.equal", kpi=kpi, replications=runs)
            return say("finding.steady", kpi=kpi, difference=difference, replications=runs)
        case Verdict.OPEN:
            return say("finding.open", kpi=kpi, interval=interval)
    key = f"finding.{each.verdict.name.lower()}"
    if each.share is None:
        return say(f"{key}_alone", kpi=kpi, difference=difference, interval=interval)
    share = numbers.with_sign(each.share, numbers.percent(abs(each.share)))
    return say(key, kpi=kpi, difference=difference, share=share, interval=interval)


def _between(each: Finding) -> str:
    if each.difference.fixed:
        return say("interval.fixed")
    if each.difference.error is None:
        return say("interval.single")
    if each.low is None or each.high is None:
        return counted("interval.few", each.difference.apart, replications=each.difference.replications)
    return between(each.low, each.high, each.base.unit)


def verdict(known: Verdict) -> str:
    """What is known about a difference, in a word or a few."""
    return say(f"verdict.{known.name.lower()}")


def between(low: float, high: float, unit: str) -> str:
    """The ends of an interval, in one unit of time."""
    most = max(low, high, key=abs)
    ends = [numbers.signed(end, unit, beside=most) for end in (low, high)]
    return say("interval.between", low=ends[0], high=ends[1])


def best_in(comparison: Comparison, kpi: str, label: str) -> Iterator[str]:
    """Who is best in a KPI, as far as the replications tell."""
    if kpi in comparison.untold:
        names, replications = listed(comparison.untold[kpi], "and"), comparison.replications
        yield say("comparison.untold", names=names, kpi=small(label), replications=replications)
        return
    found = contenders(comparison.arms, kpi, comparison.chances[kpi])
    if found is None:
        return
    apart = {each.verdict for each in comparison.findings if each.kpi == kpi} - {
        Verdict.SAME,
        Verdict.STEADY,
        Verdict.NONE,
    }
    first, among = found.likely[0], {"kpi": small(label), "probability": numbers.probability(found.share)}
    if len(found.likely) == 1 and not found.others:
        yield say("comparison.all_same" if len(first.names) > 1 else "comparison.nobody", kpi=small(label))
    elif not apart:
        yield say("comparison.nobody", kpi=small(label))
    elif len(found.likely) == 1:
        same = "_same" if len(first.names) > 1 else ""
        yield say(f"comparison.best{same}", names=listed(first.names, "and"), **among)
    else:
        told = {"names": listed(found.names, "or"), "replications": comparison.replications, **among}
        if found.needed is None:
            yield say("comparison.together", **told)
        else:
            yield say("comparison.together_needed", number=numbers.rounded_up(found.needed), **told)
        for each in found.likely:
            if len(each.names) > 1:
                yield say("comparison.alike", names=listed(each.names, "and"), kpi=small(label))


# --- how it was found ---------------------------------------------------------------------------------------


def method(comparison: Comparison) -> str:
    """What the intervals and decisions mean."""
    sure = f"{(1 - comparison.question.alpha) * 100:g}"
    said = [counted("comparison.method", len(comparison.findings), sure=sure)]
    if any(each.difference.fixed for each in comparison.findings):
        said.append(say("comparison.method.fixed"))
    if isinstance(comparison.rule, Decided):
        said.append(say("comparison.method.looks"))
    return running(said)


def drove(comparison: Comparison) -> str:
    """What decided about the number of replications; empty if it was given."""
    found = comparison.reason
    return "" if found is None else reason(found)


def reason(found: Reason) -> str:
    """Why there were so many replications."""
    return say(
        f"comparison.drove.{found.kind}",
        most=found.replications,
        replications=found.replications,
        kpi=column_name(found.kpi),
        reached=numbers.percent(found.reached),
        asked=numbers.percent(found.asked),
        pairs=listed([say("comparison.drove.pair", kpi=column_name(kpi), arm=arm) for kpi, arm in found.pairs]),
    )
