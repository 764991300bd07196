"""A comparison in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.statistics.paired import Verdict, unseen
from funnelsim.results.limiting import FREE, waits_for_nothing

from ..words import numbers, say

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.comparison.result import Comparison, Reached
    from funnelsim.experiments.running.arms import Arm

CHURN = ("logo_churn", "churn_rate", "early_churn", "revenue_churn")
"""KPIs of customers that are lost."""


def sentences(comparison: Comparison) -> Iterator[str]:
    """What came out: arm by arm, and then all together."""
    for name, said in by_arm(comparison):
        yield f"{name}: {'; '.join(said)}."
    yield from together(comparison)


def by_arm(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Each arm and what is known of its differences."""
    called = labels(comparison)
    for arm in comparison.arms:
        findings = [each for each in comparison.findings if each.arm == arm.name]
        if findings and all(each.difference.exact for each in findings):
            yield arm.name, ["the same in every replication"]
        elif findings:
            yield arm.name, [finding(each, called[each.kpi]) for each in findings]


def together(comparison: Comparison) -> Iterator[str]:
    """Who is best, targets, and what the number of replications rests on."""
    called = labels(comparison)
    if any(each.difference.steady and not each.difference.fixed for each in comparison.findings):
        yield (
            f"What was the same in all {comparison.replications} replications need not be so in all others: what "
            f"happens in up to {numbers.percent(unseen(comparison.replications))} of them may not have been seen."
        )
    if len(comparison.arms) > 2:
        for kpi in comparison.question.kpis:
            yield from _best(comparison, kpi, called[kpi])
    yield from comparison.means
    for arm in comparison.arms:
        yield from _burdened(comparison, arm)
        yield from (f"{arm.name} shows one side only: {text}." for text in arm.model.cautions)
    for reached in comparison.reached:
        yield _reached(reached, called[reached.target.kpi])
    if comparison.drove:
        yield comparison.drove
    if all(waits_for_nothing(arm.model) and arm.model.team_names for arm in comparison.arms):
        yield FREE


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
            yield (
                f"{arm.name}: the same people of {called[team]} care for more customers; "
                f"their load is {new:.3g} and was {old:.3g}."
            )


def labels(comparison: Comparison) -> dict[str, str]:
    """What each KPI is called; an amount of money that adds up says over which time."""
    model = comparison.base.model
    over = f" over {numbers.period(model.horizon - model.warmup)}"
    return {
        name: f"{indicator.label}{over if indicator.adds_up else ''}"
        for name, (_, indicator) in comparison.base.indicators.items()
    }


def finding(each: Finding, label: str) -> str:
    """One difference: ``more won, +31.2 (+10 %), between +20.1 and +42.3``."""
    name, unit = _small(label), each.base.unit
    if each.difference.mean is None:
        return f"{name} cannot be compared, as one of the two has no such figure"
    if each.difference.exact:
        return f"the same {name} in every replication"
    between = _between(each)
    match each.verdict:
        case Verdict.SAME:
            zone = numbers.signed(each.zone, unit).lstrip("+")
            return f"no difference that matters in {name} ({between}; below {zone} is none)"
        case Verdict.STEADY:
            runs = f"in all {each.difference.replications} replications"
            apart = f"{name} {numbers.signed(each.difference.mean, unit)}"
            return f"{f'equal {name}' if each.difference.identical else apart} {runs}"
        case Verdict.OPEN:
            return f"not known yet whether more or less {name} ({between})"
    share = "" if each.share is None else f" ({numbers.with_sign(each.share, numbers.percent(abs(each.share)))})"
    return f"{each.verdict} {name}, {numbers.signed(each.difference.mean, unit)}{share}, {between}"


def _between(each: Finding) -> str:
    if each.difference.fixed:
        return "by as much in every replication"
    if each.difference.error is None:
        return "a single replication has no interval"
    if each.low is None or each.high is None:
        few, runs = each.difference.apart, each.difference.replications
        return f"only {few} of {runs} replications depart{'s' if few == 1 else ''} from the others: no interval"
    return between(each.low, each.high, each.base.unit)


def verdict(known: Verdict) -> str:
    """What is known about a difference, in a word or a few."""
    return say(f"verdict.{known.name.lower()}")


def between(low: float, high: float, unit: str) -> str:
    """The ends of an interval, in one unit of time."""
    most = max(low, high, key=abs)
    return f"between {numbers.signed(low, unit, beside=most)} and {numbers.signed(high, unit, beside=most)}"


def _small(label: str) -> str:
    """A label inside a sentence; abbreviations stay as they are."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _best(comparison: Comparison, kpi: str, label: str) -> Iterator[str]:
    chances = {name: share for name, share in comparison.chances[kpi].items() if share is not None}
    if not chances:
        return
    apart = {each.verdict for each in comparison.findings if each.kpi == kpi} - {
        Verdict.SAME,
        Verdict.STEADY,
        Verdict.NONE,
    }
    top = max(chances.values())
    names = [name for name, share in chances.items() if share > top - 1e-9]
    if not apart or len(names) == len(chances):
        yield f"Nobody stands out in {_small(label)}."
    else:
        yield f"Best in {_small(label)}: {_or(names)} (probability {numbers.probability(top * len(names))})."


def _reached(each: Reached, label: str) -> str:
    if each.probability is None:
        return f"{each.arm}: no run has a figure for {_small(label)}."
    side = "at least" if each.target.at_least else "at most"
    what = f"{side} {each.target.text or f'{each.target.value:,.6g}'} ({_small(label)})"
    return (
        f"{each.arm} reaches {what} in {each.hits} of {each.runs} runs: "
        f"a chance between {numbers.percent(each.low)} and {numbers.percent(each.high)}."
    )


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
