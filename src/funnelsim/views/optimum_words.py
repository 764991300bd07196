"""An optimum in plain words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from funnelsim.experiments.goals import COST, Status
from funnelsim.experiments.spaces import ARM
from funnelsim.scenario.study_spec import BASE

from . import numbers
from .comparison_words import percent, signed

if TYPE_CHECKING:
    from funnelsim.experiments.findings import Tried
    from funnelsim.experiments.fronts import FrontPoint
    from funnelsim.experiments.goals import Limit
    from funnelsim.experiments.optimum import Optimum, Rival, Span
    from funnelsim.results.estimates import Estimate

_LONG = re.compile(r"\d+\.\d{4,}")
"""Numbers between levels, which nobody reads to the last digit."""

LISTED = 4
"""Points that are named in a sentence at most."""


def sentences(optimum: Optimum) -> Iterator[str]:
    """What came out, the most important first."""
    names = Names(optimum)
    if _nought(optimum):
        what = names.kpi(optimum.goal.kpi)
        yield f"The {what} is 0 at every point tried, which tells none from another: look for something else."
    if optimum.best is None:
        yield from _nothing(optimum, names)
        yield _tried(optimum)
        return
    figures = _figures(optimum, optimum.best)
    yield f"Best: {names.point(optimum.best)}{f': {figures}' if figures else ''}."
    yield from _limits(optimum, names)
    yield from _gain(optimum)
    yield from _flat(optimum, names)
    yield from _spans(optimum, names)
    yield from _more_money(optimum, names)
    yield _promise(optimum)
    yield _tried(optimum)


def _nought(optimum: Optimum) -> bool:
    """Whether what is looked for is 0 everywhere."""
    figures = [one.latest[optimum.goal.kpi].mean for one in optimum.found.tried if one.latest is not None]
    return bool(figures) and all(each == 0 for each in figures)


class Names:
    """What points and KPIs are called."""

    def __init__(self, optimum: Optimum) -> None:
        self._goal = optimum.goal
        names = [factor.name for factor in optimum.study.factors]
        short = {name: _short(name) for name in names}
        count = Counter(short.values())
        self._short = {name: each if count[each] == 1 else name for name, each in short.items()}
        self._levers = {factor.name for factor in optimum.study.factors if factor.lever}
        self._always = optimum.study.held

    def factor(self, name: str) -> str:
        """A factor in a sentence."""
        return self._short.get(name, name)

    def point(self, one: Tried) -> str:
        """A point: what is decided, one after the other."""
        said = []
        for name, value in one.point.at.items():
            if name not in self._always:
                joint = "@" if name in self._levers else " "
                # People are what is decided most often, and known by their team.
                said.append(f"{self.factor(name).removesuffix(' headcount')}{joint}{value_text(value)}")
        arm = "" if one.point.arm == BASE else one.point.arm
        if arm and said:
            return f"{arm} with {', '.join(said)}"
        return arm or ", ".join(said) or "the scenario as it is"

    def kpi(self, name: str) -> str:
        """A KPI inside a sentence."""
        label = self._goal.labels[name]
        return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _short(path: str) -> str:
    """The end of a path that tells what it is: ``field_sales headcount``."""
    parts = path.split(".")
    return " ".join(parts[-2:])


def value_text(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, inner),) = value.items()
        if key == "add" and isinstance(inner, int | float):
            return f"{inner:+zg}"
        return f"{'×' if key == 'multiply' else str(key) + ' '}{value_text(inner)}"
    if isinstance(value, float):
        return f"{value:z.4g}"
    return _LONG.sub(lambda found: f"{float(found[0]):z.4g}", str(value))


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
    statuses = [(limit, limit.status(best.measured[limit.kpi])) for limit in optimum.goal.limits]
    kept = [limit_text(optimum, best, limit, names) for limit, status in statuses if status is Status.FEASIBLE]
    unsure = [
        limit_text(optimum, best, limit, names) for limit, status in statuses if status is not Status.FEASIBLE
    ]
    if kept:
        yield f"It keeps to {_and(kept)}."
    if unsure:
        yield f"Whether it keeps to {_and(unsure)} is not known yet: the interval crosses the limit."
        sure = optimum.certain
        if sure is None:
            yield "No point that was measured is shown to keep to all limits."
        else:
            yield f"The best that is shown to: {names.point(sure)}: {_figures(optimum, sure)}."


def limit_text(optimum: Optimum, one: Tried, limit: Limit, names: Names) -> str:
    """A limit and what the point has: ``the budget of 1_500_000 / y ($1,431,000 per year)``."""
    estimate = (one.latest or {})[limit.kpi]
    if limit.budget:
        rate = "/" in limit.text
        return f"the budget of {limit.text} ({amount(optimum.yearly(estimate) if rate else estimate)})"
    side = "at most" if limit.at_most else "at least"
    return f"{names.kpi(limit.kpi)} {side} {limit.text} ({amount(estimate)})"


def _gain(optimum: Optimum) -> Iterator[str]:
    found, best = optimum.gain, optimum.best
    if found is None or found.mean is None or best is optimum.found.today:
        if best is optimum.found.today:
            yield "That is the scenario as it is."
        return
    interval = found.interval(0.05)
    between = ""
    if interval is not None and not found.identical:
        between = f", between {signed(interval[0], found.unit)} and {signed(interval[1], found.unit)}"
    names = Names(optimum)
    today = optimum.goal.broken(optimum.found.today.measured or {})
    broken = [("the budget" if limit.budget else names.kpi(limit.kpi)) for limit in today]
    though = f" (which breaks {_and(broken)})" if broken else ""
    said = f"{names.kpi(optimum.goal.kpi)} {signed(found.mean, found.unit)}{between}"
    yield f"Against the scenario as it is{though}: {said}."


def _flat(optimum: Optimum, names: Names) -> Iterator[str]:
    """Which other points are as good, and which may be."""
    zone = numbers.estimate(
        {"mean": optimum.zone, "low": None, "high": None, "unit": optimum.goal.units[optimum.goal.kpi]}
    )
    equal, unsure = optimum.as_good, optimum.undecided
    if equal:
        whole = (
            f"The optimum is flat: {len(equal)} other {'point is' if len(equal) == 1 else 'points are'} as good"
        )
        yield f"{whole} (less than {zone} apart): {_listed([names.point(each.tried) for each in equal])}."
        yield from _cheapest(optimum, equal, names)
    if unsure:
        few = "1 other point" if len(unsure) == 1 else f"{len(unsure)} other points"
        those = _listed([names.point(each.tried) for each in unsure])
        yield f"{few} cannot be told apart from it with {optimum.found.measured} replications: {those}."
    if not equal and not unsure and optimum.rivals:
        yield f"No other point is as good: {_behind(optimum.rivals[0], optimum, names)}."


def _behind(rival: Rival, optimum: Optimum, names: Names) -> str:
    """How far a rival is behind: ``the next best, desk 4, has won −3.90, between −6.60 and −1.20``."""
    unit = rival.difference.unit
    said = f"the next best, {names.point(rival.tried)}, has {names.kpi(optimum.goal.kpi)} "
    said += signed(rival.difference.mean or 0.0, unit)
    if rival.low is None or rival.high is None or rival.low == rival.high:
        return said
    return f"{said}, between {signed(rival.low, unit)} and {signed(rival.high, unit)}"


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
        yield f"The cheapest of them is {names.point(cheapest)}: {signed(-saved, unit)}."


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
        f"A larger budget: with {signed(more, first.cost.unit)}, {names.point(first.tried)} would bring "
        f"{_step(first, names, optimum)}."
    )


def _step(point: FrontPoint, names: Names, optimum: Optimum) -> str:
    if point.gain is None or point.gain.mean is None:
        return "no more"
    said = f"{names.kpi(str(optimum.goal.outcome))} {signed(point.gain.mean, point.gain.unit)}"
    return said if point.apart else f"{said}, which may be chance"


def _promise(optimum: Optimum) -> str:
    """How sure the answer is."""
    found, share = optimum.found, optimum.probability
    unit = optimum.goal.units[optimum.goal.kpi]
    zone = numbers.estimate({"mean": found.zone, "low": None, "high": None, "unit": unit})
    among = _among(optimum)
    if len(found.finalists) < 2:
        said = f"Of {among} it was the only one left: the others were shown to be worse, or break a limit"
    elif found.selected is not None and found.selected.decided:
        sure = numbers.percent(optimum.effort.confidence)
        said = f"This way of choosing is right in at least {sure} of cases in which the best of {among} leads by "
        said += zone
    else:
        taken = max(found.selected.replications) if found.selected is not None else 0
        left = len(found.selected.left) if found.selected is not None else 0
        said = f"After {taken} replications {left} are still close, so nothing is promised; it has the best mean"
    if share is None:
        return f"{said}."
    fresh = f"{found.measured} replications that had no part in choosing"
    return f"{said}. By {fresh}, no point is better by more than {zone} with probability {percent(share)}."


def _among(optimum: Optimum) -> str:
    found = optimum.found
    if found.complete:
        return f"all {len(found.tried)} points"
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
    yield "No point that was tried keeps to all limits."
    for limit in optimum.goal.limits:
        statuses = [limit.status((one.latest or {})[limit.kpi]) for one in tried]
        broken = sum(status is Status.BROKEN for status in statuses)
        if broken:
            what = "the budget" if limit.budget else str(limit)
            yield f"{broken} of {len(tried)} {'breaks' if broken == 1 else 'break'} {what}."
    nearest = optimum.nearest
    if nearest is not None and nearest.latest is not None:
        missed = [limit for limit in optimum.goal.limits if _missed(limit, nearest)]
        said = [limit_text(optimum, nearest, limit, names) for limit in missed]
        yield (
            f"The nearest is {names.point(nearest)}: it misses {_and(said)}."
            if said
            else (f"The nearest is {names.point(nearest)}.")
        )


def _missed(limit: Limit, one: Tried) -> bool:
    mean = (one.latest or {})[limit.kpi].mean
    return mean is None or limit.excess(mean) > 0


def _listed(names: Sequence[str]) -> str:
    if len(names) > LISTED:
        return f"{'; '.join(names[: LISTED - 1])}; and {len(names) - LISTED + 1} more"
    return "; ".join(names)


def _and(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
