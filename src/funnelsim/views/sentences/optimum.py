"""An optimum in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.optimisation.spaces import ARM
from funnelsim.experiments.study.goals import COST, Status

from ..words import numbers
from .comparison import between
from .optimum_names import Names, value_text

if TYPE_CHECKING:
    from funnelsim.experiments.optimisation.fronts import FrontPoint
    from funnelsim.experiments.optimisation.result import Optimum, Rival, Span
    from funnelsim.experiments.optimisation.search import Tried
    from funnelsim.experiments.study.goals import GoalLimit
    from funnelsim.results.estimates import Estimate

LISTED = 4
"""Points that are named in a sentence at most."""


def sentences(optimum: Optimum) -> Iterator[str]:
    """What came out, the most important first."""
    names = Names(optimum)
    if optimum.nought:
        yield from _nought(optimum, names)
        yield _tried(optimum)
        return
    if optimum.best is None:
        yield from _nothing(optimum, names)
        yield _tried(optimum)
        return
    figures = _figures(optimum, optimum.best)
    which = "Best of those shown to keep to all limits" if optimum.pending else "Best"
    yield f"{which}: {names.point(optimum.best)}{f': {figures}' if figures else ''}."
    yield from _limits(optimum, names)
    yield from _pending(optimum, names)
    yield from _gain(optimum)
    yield from _flat(optimum, names)
    yield from _spans(optimum, names)
    yield from _more_money(optimum, names)
    yield _promise(optimum)
    yield from _sure(optimum)
    yield _tried(optimum)


def _nought(optimum: Optimum, names: Names) -> Iterator[str]:
    """That what is looked for is 0 everywhere, so that there is nothing to choose by."""
    what = names.kpi(optimum.goal.kpi)
    yield f"The {what} is 0 in every replication of every point tried, so none is better: there is no best."
    if optimum.goal.kpi == COST:
        yield "Nothing in the scenario costs anything: write down what does, such as teams.NAME.cost.salary."
    else:
        yield "Look for a KPI that is not 0, or a time that is long enough for one."


def amount(estimate: Estimate) -> str:
    """An estimate, or a dash."""
    return numbers.estimate(estimate.to_dict())


def costs_anything(optimum: Optimum) -> bool:
    """Whether the scenario says what anything costs."""
    return any(one.latest is not None and one.latest[COST].mean for one in optimum.found.tried)


def _figures(optimum: Optimum, one: Tried) -> str:
    """The KPI and the cost of a point."""
    sample, goal = one.latest or {}, optimum.goal
    names = Names(optimum)
    said = [] if goal.kpi == COST else [f"{names.kpi(goal.kpi)} {amount(sample[goal.kpi])}"]
    if costs_anything(optimum):
        said.append(f"at a cost of {amount(optimum.yearly(sample[COST]))}")
    if goal.outcome not in (None, goal.kpi):
        said.append(f"{names.kpi(str(goal.outcome))} {amount(sample[str(goal.outcome)])}")
    return ", ".join(said)


def _limits(optimum: Optimum, names: Names) -> Iterator[str]:
    """Which limits the best point keeps to, and which of them it may break."""
    best = optimum.best
    if best is None or best.measured is None or not optimum.goal.limits:
        return
    error = optimum.found.error
    statuses = [(limit, limit.status(best.measured[limit.kpi], error)) for limit in optimum.goal.limits]
    kept = [limit_text(optimum, best, limit, names) for limit, status in statuses if status is Status.FEASIBLE]
    unsure = [
        limit_text(optimum, best, limit, names) for limit, status in statuses if status is not Status.FEASIBLE
    ]
    if kept:
        yield f"It keeps to {_and(kept)}."
    if unsure:
        yield f"Whether it keeps to {_and(unsure)} is not decided by {optimum.found.measured} replications."
        yield "No point that was measured is shown to keep to all limits."


def _pending(optimum: Optimum, names: Names) -> Iterator[str]:
    """Which points may be better, if they keep to limits that are too near to tell."""
    for rival in optimum.pending[:LISTED]:
        near = _near(optimum, rival.tried, names)
        what = (
            f"{names.kpi(optimum.goal.kpi)} {numbers.signed(rival.difference.mean or 0.0, rival.difference.unit)}"
        )
        yield (
            f"Not decided: {names.point(rival.tried)} ({what} against the best). Whether it keeps to {near} is "
            f"not known after {optimum.found.measured} replications."
        )
    if len(optimum.pending) > LISTED:
        rest = _listed([names.point(rival.tried) for rival in optimum.pending[LISTED:]])
        yield f"Nor is it known of {rest}."


def _near(optimum: Optimum, one: Tried, names: Names) -> str:
    """The limits that are not decided at a point, with what it has."""
    sample, error = one.measured or {}, optimum.found.error
    near = [each for each in optimum.goal.limits if each.status(sample.get(each.kpi), error) is Status.OPEN]
    return _and([limit_text(optimum, one, limit, names) for limit in near])


def limit_text(optimum: Optimum, one: Tried, limit: GoalLimit, names: Names) -> str:
    """A limit and what the point has: ``the budget of 1_500_000 / y ($1,431,000 per year)``."""
    estimate = (one.latest or {})[limit.kpi]
    if limit.budget:
        rate = "/" in limit.text
        return f"the budget of {limit.text} ({amount(optimum.yearly(estimate) if rate else estimate)})"
    side = "at most" if limit.at_most else "at least"
    shown = amount(estimate)
    another = estimate.unit == "h" and shown.split()[-1:] != limit.text.split()[-1:]
    own = f" = {limit.value:.4g} h" if another and not limit.text.endswith("h") else ""
    return f"{names.kpi(limit.kpi)} {side} {limit.text}{own} ({shown})"


def _gain(optimum: Optimum) -> Iterator[str]:
    found, best = optimum.gain, optimum.best
    if found is None or found.mean is None or best is optimum.found.today:
        if best is optimum.found.today:
            yield "That is the scenario as it is."
        return
    interval = found.interval(0.05)
    ends = ""
    if interval is not None and interval[0] != interval[1]:
        ends = f", {between(*interval, found.unit)}"
    names = Names(optimum)
    today = optimum.goal.broken(optimum.found.today.measured or {})
    broken = [("the budget" if limit.budget else names.kpi(limit.kpi)) for limit in today]
    though = f" (which breaks {_and(broken)})" if broken else ""
    said = f"{names.kpi(optimum.goal.kpi)} {numbers.signed(found.mean, found.unit)}{ends}"
    yield f"Against the scenario as it is{though}: {said}."


def _flat(optimum: Optimum, names: Names) -> Iterator[str]:
    """Which other points are as good, and which may be."""
    equal, unsure = optimum.as_good, optimum.undecided
    if equal:
        whole = (
            f"The optimum is flat: {len(equal)} other {'point is' if len(equal) == 1 else 'points are'} as good"
        )
        those = _listed([names.point(each.tried) for each in equal])
        yield f"{whole} (less than {_zone(optimum)} apart): {those}."
        yield from _cheapest(optimum, equal, names)
    if unsure:
        few = "1 other point" if len(unsure) == 1 else f"{len(unsure)} other points"
        those = _listed([names.point(each.tried) for each in unsure])
        yield f"{few} cannot be told apart from it with {optimum.found.measured} replications: {those}."
    if optimum.contested:
        yield f"But on the replications of the answer {_behind(optimum.contested[0], optimum, names, 'another')}."
    elif not equal and not unsure and optimum.rivals:
        unknown = any(one.status is Status.OPEN for one in optimum.found.tried)
        whole = "other point that is shown to keep to all limits" if unknown else "other point"
        yield f"No {whole} is as good: {_behind(optimum.rivals[0], optimum, names, 'the next best')}."


def _behind(rival: Rival, optimum: Optimum, names: Names, which: str) -> str:
    """How far a rival is behind: ``the next best, desk 4, has won −3.90, between −6.60 and −1.20``."""
    unit = rival.difference.unit
    said = f"{which}, {names.point(rival.tried)}, has {names.kpi(optimum.goal.kpi)} "
    said += numbers.signed(rival.difference.mean or 0.0, unit)
    if rival.low is None or rival.high is None or rival.low == rival.high:
        return said
    return f"{said}, {between(rival.low, rival.high, unit)}"


def _cheapest(optimum: Optimum, equal: Sequence[Rival], names: Names) -> Iterator[str]:
    """The cheapest of those that are as good."""
    if not costs_anything(optimum) or optimum.best is None or optimum.goal.kpi == COST:
        return
    cost = {one: _cost(optimum, one) for one in (optimum.best, *(each.tried for each in equal))}
    cheapest = min(cost, key=lambda one: cost[one])
    saved = cost[optimum.best] - cost[cheapest]
    unit = optimum.yearly((optimum.best.measured or {})[COST]).unit
    if cheapest is optimum.best or saved <= 0:
        yield "It is the cheapest of them."
    else:
        yield f"The cheapest of them is {names.point(cheapest)}: {numbers.signed(-saved, unit)}."


def _cost(optimum: Optimum, one: Tried) -> float:
    mean = optimum.yearly((one.measured or {})[COST]).mean
    return math.inf if mean is None else mean


def _spans(optimum: Optimum, names: Names) -> Iterator[str]:
    """What does not matter, all else being as it is at the best point."""
    for span in optimum.spans:
        what = "Which arm is chosen" if span.name == ARM else f"At this point, {names.factor(span.name)}"
        yield f"{what} makes no difference{'' if span.every else ' over'} {_range(span)}."


def _range(span: Span) -> str:
    values = [value_text(value) for value in span.values]
    listed = f"{', '.join(values[:-1])} and {values[-1]}" if len(values) < 6 else f"{values[0]} to {values[-1]}"
    return f"(whether {listed.replace(' and ', ' or ')})" if span.every else listed


def _more_money(optimum: Optimum, names: Names) -> Iterator[str]:
    """What the next step up the frontier would bring, where only the budget forbids it."""
    beyond = [each for each in optimum.front if not each.affordable]
    inside = [each for each in optimum.front if each.affordable]
    if not beyond or not inside or optimum.goal.outcome is None:
        return
    top, first = inside[-1], beyond[0]
    more = (first.cost.mean or 0.0) - (top.cost.mean or 0.0)
    yield (
        f"A larger budget: with {numbers.signed(more, first.cost.unit)}, {names.point(first.tried)} would bring "
        f"{_step(first, names, optimum)}."
    )


def _step(point: FrontPoint, names: Names, optimum: Optimum) -> str:
    if point.gain is None or point.gain.mean is None:
        return "no more"
    said = f"{names.kpi(str(optimum.goal.outcome))} {numbers.signed(point.gain.mean, point.gain.unit)}"
    return said if point.apart else f"{said}, which may be chance"


def _promise(optimum: Optimum) -> str:
    """What is promised of the answer; where nothing is, why."""
    found = optimum.found
    if optimum.confidence is None:
        return _none(optimum)
    sure, among = numbers.percent(optimum.confidence), _among(optimum)
    limited = bool(optimum.goal.limits)
    keeps, does = ("the best keeps to all limits, and ", " that does") if limited else ("", "")
    said = f"This way of choosing is right in at least {sure} of cases: {keeps}none of {among}{does} is better by "
    said += f"more than {_zone(optimum)}"
    if len(found.finalists) > 1:
        return f"{said}."
    return f"{said}. It was the only one left: the others were shown to be worse, or break a limit."


def _none(optimum: Optimum) -> str:
    """Why nothing is promised."""
    found = optimum.found
    selected = found.selected
    if selected is not None and not selected.decided:
        taken = max(selected.replications)
        return (
            f"After {taken} replications {len(selected.left)} are still close, so nothing is promised; "
            "it has the best mean."
        )
    if optimum.contested:
        return (
            "The replications by which it was selected and those of the answer disagree, so nothing is promised."
        )
    return "Limits are too near to be decided, so nothing is promised."


def _sure(optimum: Optimum) -> Iterator[str]:
    """What the replications of the answer say by themselves."""
    share = optimum.probability
    if share is None:
        return
    fresh = f"by {optimum.found.measured} replications that had no part in selecting"
    keeps = "it keeps to all limits and no point that does is" if optimum.goal.limits else "no point is"
    yield f"With probability {numbers.probability(share)}, {fresh}, {keeps} better by more than {_zone(optimum)}."


def _zone(optimum: Optimum) -> str:
    unit = optimum.goal.units[optimum.goal.kpi]
    return numbers.estimate({"mean": optimum.zone, "low": None, "high": None, "unit": unit})


def _among(optimum: Optimum) -> str:
    found = optimum.found
    if found.complete:
        failed = sum(one.latest is None for one in found.tried)
        return f"all {len(found.tried) - failed} points{' that have a result' if failed else ''}"
    if len(found.finalists) < 2:
        return f"the {len(found.tried)} points that were tried"
    return f"the {len(found.finalists)} points that the search left"


def _tried(optimum: Optimum) -> str:
    found = optimum.found
    if found.complete:
        return f"All {len(found.tried):,} points were tried, with {optimum.replications:,} replications."
    return (
        f"{len(found.tried):,} of {found.size:,} points were tried, with {optimum.replications:,} replications; "
        "a better one may be among the others."
    )


def _nothing(optimum: Optimum, names: Names) -> Iterator[str]:
    """Why there is no answer."""
    tried = [one for one in optimum.found.tried if one.latest is not None]
    if not tried:
        yield "No point has a result."
        return
    broken = {one: optimum.breaks(one) for one in tried}
    if all(broken.values()):
        yield "No point that was tried keeps to all limits."
    else:
        yield "No point that was tried is shown to keep to all limits."
    for limit in optimum.goal.limits:
        count = sum(limit in limits for limits in broken.values())
        if count:
            what = "the budget" if limit.budget else str(limit)
            yield f"{count} of {len(tried)} {'breaks' if count == 1 else 'break'} {what}."
    for one in optimum.found.undecided[:LISTED]:
        yield f"Not decided: whether {names.point(one)} keeps to {_near(optimum, one, names)}."
    nearest = optimum.nearest
    if nearest is not None and nearest.latest is not None:
        missed = [limit for limit in optimum.goal.limits if _missed(limit, nearest)]
        said = [limit_text(optimum, nearest, limit, names) for limit in missed]
        yield (
            f"The nearest is {names.point(nearest)}: it misses {_and(said)}."
            if said
            else (f"The nearest is {names.point(nearest)}.")
        )


def _missed(limit: GoalLimit, one: Tried) -> bool:
    mean = (one.latest or {})[limit.kpi].mean
    return mean is None or limit.excess(mean) > 0


def _listed(names: Sequence[str]) -> str:
    if len(names) > LISTED:
        return f"{'; '.join(names[: LISTED - 1])}; and {len(names) - LISTED + 1} more"
    return "; ".join(names)


def _and(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
