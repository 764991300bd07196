"""What limits a line, in plain words, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.results.limiting import (
    TIGHT,
    Caution,
    Filling,
    Growing,
    Joint,
    Kind,
    Limit,
    SingleRun,
    StillOpen,
    Untouched,
    joints,
    needed,
    waits_for_nothing,
)
from funnelsim.results.limiting import limit as limit_of
from funnelsim.results.words import of_lever
from funnelsim.text import printed

from ..words import capital, listed, numbers, running, say

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.limiting import Evidence
    from funnelsim.results.measures.summary import Summary
    from funnelsim.results.result import Result


def verdict(limit: Limit, summary: Summary, model: Model) -> str:
    """What limits the line, what levers show one side of only, and whether waiting costs anything."""
    return running([*_without_cost(limit, summary, model), *free_in([model])])


def without_cost(result: Result) -> str:
    """The verdict of a run for places beside which it is said anyway whether waiting costs anything."""
    found = limit_of(result.limit, result.summary, result.model)
    return running([*_without_cost(found, result.summary, result.model)])


def _without_cost(limit: Limit, summary: Summary, model: Model) -> Iterator[str]:
    yield from _limit(limit)
    yield from _nobody(limit, summary)
    yield from joined(summary, model)
    yield from (say("limit.one_side", text=of_lever(text)) for text in model.cautions)


def _nobody(limit: Limit, summary: Summary) -> Iterator[str]:
    """Which teams that something waits for have no reps at all."""
    for each in limit.evidence:
        people = summary.teams[each.team].get("headcount")
        if each.queue.mean and people is not None and people.mean == 0:
            yield say("limit.nobody", team=each.label)


def by_growth(limit: Limit) -> str:
    """What limits the line by the growth of queues, in one sentence."""
    return next(_limit(limit))


def free_in(models: Iterable[Model]) -> Iterator[str]:
    """That waiting costs no leads, where that holds in all of several lines with teams."""
    found = list(models)
    if found and all(waits_for_nothing(model) and model.team_names for model in found):
        yield say("limit.free")


def joined(summary: Summary, model: Model) -> Iterator[str]:
    """What waits for two teams at once and is counted with one of them, a sentence for each stage."""
    yield from map(_joint, joints(summary, model))


def _joint(each: Joint) -> str:
    own, other = (listed(teams, "or") for teams in (each.own, each.other))
    return say("limit.joint", stage=each.stage, number=number(each.waiting), own=own, other=other)


def _limit(limit: Limit) -> Iterator[str]:
    match limit.kind:
        case Kind.TEAMS:
            first, *others = limit.teams
            yield say("limit.team", team=first.label, reasons=_reasons(first))
            if _has_hours(first):
                yield say("limit.hours_left")
            yield from map(_too, others)
        case Kind.UNDECIDED:
            first = limit.evidence[0]
            yield say("limit.undecided", team=first.label, reasons=_reasons(first))
        case Kind.UNTOLD:
            yield from _untold(limit)
        case Kind.RULES:
            yield _rules(limit)
            yield from _closest(limit.evidence)
        case Kind.NEAR:
            yield say("limit.near", calm=capital(_calm(limit)))
            yield from _closest(limit.evidence)
            yield say("limit.ask")
        case Kind.DEMAND:
            yield say("limit.demand", calm=_calm(limit))
            closest = list(_closest(limit.evidence))
            yield from closest
            yield from (say("limit.by_growth") for _ in closest)


def _calm(limit: Limit) -> str:
    if not limit.evidence:
        return say("limit.calm.nothing")
    if limit.creeps:
        return say("limit.calm.creeping")
    return say(f"limit.calm.{'unsure' if any(each.may_grow for each in limit.evidence) else 'none'}")


def _untold(limit: Limit) -> Iterator[str]:
    first = limit.untold
    assert first is not None
    count, about = len(first.load.residuals), needed(first.load)
    values = {"team": first.label, "load": _load(first.load), "replications": count}
    if about is None:
        yield say("limit.untold.more", **values)
    else:
        yield say("limit.untold", **values, needed=numbers.rounded_up(about))


def _rules(limit: Limit) -> str:
    if limit.turned_away > 0:
        return say("limit.rules.turned_away", number=number(limit.turned_away), calm=_calm(limit))
    return say("limit.rules.held", hours=number(limit.held), calm=_calm(limit))


def _has_hours(each: Evidence) -> bool:
    """Whether the reps of a team whose queue grows have hours left all the same."""
    load = each.load.mean if each.load.high is None else each.load.high
    return load is not None and load < TIGHT


def _reasons(each: Evidence) -> str:
    reasons = []
    if each.grows:
        reasons.append(say("limit.reason.grows", growth=_leads(each.queue_growth)))
    if each.load.mean is not None:
        reasons.append(say("limit.reason.load", load=_load(each.load)))
    if each.wait.mean is not None:
        reasons.append(say("limit.reason.wait", hours=number(each.wait.mean)))
    if len(reasons) < 2:
        return "".join(reasons)
    *before, last = reasons
    return say("limit.reasons", before=say("list.comma").join(before), last=last)


def _too(each: Evidence) -> str:
    if each.grows:
        return say("limit.too.grows", team=each.label, growth=_leads(each.queue_growth))
    return say("limit.too.load", team=each.label, load=_load(each.load))


def _closest(found: Sequence[Evidence]) -> Iterator[str]:
    """Who would be the limit next."""
    first = next((each for each in found if each.load.mean is not None), None)
    if first is None:
        return
    load = _load(first.load)
    if first.wait.mean is None:
        yield say("limit.closest.load", team=first.label, load=load)
    else:
        yield say("limit.closest.wait", team=first.label, load=load, hours=number(first.wait.mean))


def caution(found: Caution) -> str:
    """A warning about what the figures cannot show."""
    match found:
        case SingleRun():
            return say("caution.single")
        case StillOpen(share):
            return say("caution.open", share=f"{share:.0%}")
        case Filling(warmup, slowest):
            return say("caution.filling", warmup=_long(warmup), slowest=_long(slowest))
        case Growing(team, growth):
            return say("caution.growing", team=team, growth=number(growth))
        case Untouched(team, kept):
            return say("caution.untouched_kept" if kept else "caution.untouched", team=team)


def _leads(estimate: Estimate) -> str:
    """A number of leads, with its interval."""
    said = number(estimate.mean or 0.0)
    if estimate.low is None or estimate.high is None:
        return say("limit.leads", number=said)
    return say("limit.leads.interval", mean=said, low=number(estimate.low), high=number(estimate.high))


def _with_interval(estimate: Estimate) -> str:
    said = number(estimate.mean or 0.0)
    if estimate.low is None or estimate.high is None:
        return said
    return say("limit.interval", mean=said, low=number(estimate.low), high=number(estimate.high))


def _load(estimate: Estimate) -> str:
    """A load as tables write it, with its interval."""
    said = numbers.percent(estimate.mean or 0.0)
    if estimate.low is None or estimate.high is None:
        return said
    low, high = map(numbers.percent, (estimate.low, estimate.high))
    return say("limit.interval", mean=said, low=low, high=high)


def number(value: float) -> str:
    """Three digits that matter, without an exponent."""
    return printed(value, "z,.0f" if abs(value) >= 100 else "z.3g")


def _long(hours: float) -> str:
    if hours >= 48:
        return say("unit.days", value=number(hours / 24))
    return say("unit.hours", value=number(hours))
