"""An optimum in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from funnelsim.experiments.optimisation.spaces import ARM
from funnelsim.experiments.study.goals import COST, Status

from ..words import counted, items, listed, numbers, running, say, separated, speaking
from .comparison import between
from .optimum_names import Names, value_text

if TYPE_CHECKING:
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
    kind = f"{'best_shown' if optimum.pending else 'best'}{'' if figures else '_alone'}"
    yield say(f"optimum.{kind}", point=names.point(optimum.best), figures=figures)
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
    yield say("optimum.nought", kpi=names.kpi(optimum.goal.kpi))
    yield say(f"optimum.nought.{'cost' if optimum.goal.kpi == COST else 'other'}")


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
    said = [] if goal.kpi == COST else [_figure(names, goal.kpi, amount(sample[goal.kpi]))]
    if costs_anything(optimum):
        said.append(say("optimum.at_cost", value=amount(optimum.yearly(sample[COST]))))
    if goal.outcome not in (None, goal.kpi):
        said.append(_figure(names, str(goal.outcome), amount(sample[str(goal.outcome)])))
    return separated(said)


def _figure(names: Names, kpi: str, value: str) -> str:
    return say("optimum.figure", kpi=names.kpi(kpi), value=value)


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
        yield say("optimum.keeps", limits=listed(kept))
    if unsure:
        yield say("optimum.keeps.unsure", limits=listed(unsure), replications=optimum.found.measured)
        yield say("optimum.keeps.nobody")


def _pending(optimum: Optimum, names: Names) -> Iterator[str]:
    """Which points may be better, if they keep to limits that are too near to tell."""
    for rival in optimum.pending[:LISTED]:
        apart = numbers.signed(rival.difference.mean or 0.0, rival.difference.unit)
        yield say(
            "optimum.pending",
            point=names.point(rival.tried),
            figure=_figure(names, optimum.goal.kpi, apart),
            limits=_near(optimum, rival.tried, names),
            replications=optimum.found.measured,
        )
    if len(optimum.pending) > LISTED:
        rest = _listed([names.point(rival.tried) for rival in optimum.pending[LISTED:]])
        yield say("optimum.pending.rest", points=rest)


def _near(optimum: Optimum, one: Tried, names: Names) -> str:
    """The limits that are not decided at a point, with what it has."""
    sample, error = one.measured or {}, optimum.found.error
    near = [each for each in optimum.goal.limits if each.status(sample.get(each.kpi), error) is Status.OPEN]
    return listed([limit_text(optimum, one, limit, names) for limit in near])


def limit_text(optimum: Optimum, one: Tried, limit: GoalLimit, names: Names) -> str:
    """A limit and what the point has: ``the budget of 1_500_000 / y ($1,431,000 per year)``."""
    estimate = (one.latest or {})[limit.kpi]
    if limit.budget:
        rate = "/" in limit.text
        value = amount(optimum.yearly(estimate) if rate else estimate)
        return say("optimum.limit.budget", limit=limit.text, value=value)
    with speaking("en"):
        unit = amount(estimate).split()[-1:]
    hours = estimate.unit == "h" and unit != limit.text.split()[-1:] and not limit.text.endswith("h")
    return say(
        f"optimum.limit.{'at_most' if limit.at_most else 'at_least'}{'_hours' if hours else ''}",
        kpi=names.kpi(limit.kpi),
        limit=limit.text,
        own=f"{limit.value:.4g}",
        value=amount(estimate),
    )


def _gain(optimum: Optimum) -> Iterator[str]:
    found, best = optimum.gain, optimum.best
    if found is None or found.mean is None or best is optimum.found.today:
        if best is optimum.found.today:
            yield say("optimum.as_it_is")
        return
    names, interval = Names(optimum), found.interval(0.05)
    figure = _figure(names, optimum.goal.kpi, numbers.signed(found.mean, found.unit))
    if interval is not None and interval[0] != interval[1]:
        figure = say("optimum.figure_between", figure=figure, interval=between(*interval, found.unit))
    today = optimum.goal.broken(optimum.found.today.measured or {})
    broken = [say("optimum.the_budget") if limit.budget else names.kpi(limit.kpi) for limit in today]
    yield say("optimum.gain_though" if broken else "optimum.gain", limits=listed(broken), figure=figure)


def _flat(optimum: Optimum, names: Names) -> Iterator[str]:
    """Which other points are as good, and which may be."""
    equal, unsure = optimum.as_good, optimum.undecided
    if equal:
        those = _listed([names.point(each.tried) for each in equal])
        yield counted("optimum.flat", len(equal), zone=_zone(optimum), points=those)
        yield from _cheapest(optimum, equal, names)
    if unsure:
        those = _listed([names.point(each.tried) for each in unsure])
        yield counted("optimum.unsure", len(unsure), replications=optimum.found.measured, points=those)
    if optimum.contested:
        yield _behind("optimum.contested", optimum.contested[0], optimum, names)
    elif not equal and not unsure and optimum.rivals:
        unknown = any(one.status is Status.OPEN for one in optimum.found.tried)
        yield _behind("optimum.alone_shown" if unknown else "optimum.alone", optimum.rivals[0], optimum, names)


def _behind(key: str, rival: Rival, optimum: Optimum, names: Names) -> str:
    """How far a rival is behind: ``the next best, desk 4, has won −3.90, between −6.60 and −1.20``."""
    unit = rival.difference.unit
    figure = _figure(names, optimum.goal.kpi, numbers.signed(rival.difference.mean or 0.0, unit))
    if rival.low is not None and rival.high is not None and rival.low != rival.high:
        figure = say("optimum.figure_between", figure=figure, interval=between(rival.low, rival.high, unit))
    return say(key, point=names.point(rival.tried), figure=figure)


def _cheapest(optimum: Optimum, equal: Sequence[Rival], names: Names) -> Iterator[str]:
    """The cheapest of those that are as good."""
    if not costs_anything(optimum) or optimum.best is None or optimum.goal.kpi == COST:
        return
    cost = {one: _cost(optimum, one) for one in (optimum.best, *(each.tried for each in equal))}
    cheapest = min(cost, key=lambda one: cost[one])
    saved = cost[optimum.best] - cost[cheapest]
    unit = optimum.yearly((optimum.best.measured or {})[COST]).unit
    if cheapest is optimum.best or saved <= 0:
        yield say("optimum.cheapest")
    else:
        yield say("optimum.cheaper", point=names.point(cheapest), saved=numbers.signed(-saved, unit))


def _cost(optimum: Optimum, one: Tried) -> float:
    mean = optimum.yearly((one.measured or {})[COST]).mean
    return math.inf if mean is None else mean


def _spans(optimum: Optimum, names: Names) -> Iterator[str]:
    """What does not matter, all else being as it is at the best point."""
    for span in optimum.spans:
        kind = f"span{'.arm' if span.name == ARM else ''}"
        if span.every:
            kind = f"{kind}{'_every' if span.name == ARM else '.every'}"
        yield say(f"optimum.{kind}", factor=names.factor(span.name), values=_range(span))


def _range(span: Span) -> str:
    values = [value_text(value) for value in span.values]
    if len(values) < 6:
        return listed(values, "or" if span.every else "and")
    return say("optimum.span.range", first=values[0], last=values[-1])


def _more_money(optimum: Optimum, names: Names) -> Iterator[str]:
    """What the next step up the frontier would bring, where only the budget forbids it."""
    beyond = [each for each in optimum.front if not each.affordable]
    inside = [each for each in optimum.front if each.affordable]
    if not beyond or not inside or optimum.goal.outcome is None:
        return
    top, first = inside[-1], beyond[0]
    more = (first.cost.mean or 0.0) - (top.cost.mean or 0.0)
    figure, kind = "", "_none"
    if first.gain is not None and first.gain.mean is not None:
        gain = numbers.signed(first.gain.mean, first.gain.unit)
        figure, kind = _figure(names, str(optimum.goal.outcome), gain), "" if first.apart else "_chance"
    money = numbers.signed(more, first.cost.unit)
    yield say(f"optimum.more_money{kind}", money=money, point=names.point(first.tried), figure=figure)


def _promise(optimum: Optimum) -> str:
    """What is promised of the answer; where nothing is, why."""
    found = optimum.found
    if optimum.confidence is None:
        return _none(optimum)
    said = say(
        "optimum.promise_limited" if optimum.goal.limits else "optimum.promise",
        sure=numbers.percent(optimum.confidence),
        among=_among(optimum),
        zone=_zone(optimum),
    )
    return said if len(found.finalists) > 1 else running([said, say("optimum.only_one")])


def _none(optimum: Optimum) -> str:
    """Why nothing is promised."""
    found = optimum.found
    selected = found.selected
    if selected is not None and not selected.decided:
        taken = max(selected.replications)
        return say("optimum.no_promise.close", replications=taken, number=len(selected.left))
    return say(f"optimum.no_promise.{'contested' if optimum.contested else 'limits'}")


def _sure(optimum: Optimum) -> Iterator[str]:
    """What the replications of the answer say by themselves."""
    share = optimum.probability
    if share is None:
        return
    yield say(
        "optimum.sure_limited" if optimum.goal.limits else "optimum.sure",
        probability=numbers.probability(share),
        replications=optimum.found.measured,
        zone=_zone(optimum),
    )


def _zone(optimum: Optimum) -> str:
    unit = optimum.goal.units[optimum.goal.kpi]
    return numbers.estimate({"mean": optimum.zone, "low": None, "high": None, "unit": unit})


def _among(optimum: Optimum) -> str:
    found = optimum.found
    if found.complete:
        failed = sum(one.latest is None for one in found.tried)
        return say(f"optimum.among.{'all_known' if failed else 'all'}", number=len(found.tried) - failed)
    if len(found.finalists) < 2:
        return say("optimum.among.tried", number=len(found.tried))
    return say("optimum.among.left", number=len(found.finalists))


def _tried(optimum: Optimum) -> str:
    found = optimum.found
    return say(
        f"optimum.tried.{'all' if found.complete else 'some'}",
        number=f"{len(found.tried):,}",
        size=f"{found.size:,}",
        replications=f"{optimum.replications:,}",
    )


def _nothing(optimum: Optimum, names: Names) -> Iterator[str]:
    """Why there is no answer."""
    tried = [one for one in optimum.found.tried if one.latest is not None]
    if not tried:
        yield say("optimum.none.failed")
        return
    broken = {one: optimum.breaks(one) for one in tried}
    yield say(f"optimum.none.{'broken' if all(broken.values()) else 'unsure'}")
    for limit in optimum.goal.limits:
        count = sum(limit in limits for limits in broken.values())
        if count and limit.budget:
            yield counted("optimum.none.count_budget", count, all=len(tried))
        elif count:
            side = "at_most" if limit.at_most else "at_least"
            what = say(f"optimum.none.{side}", kpi=limit.kpi, limit=limit.text)
            yield counted("optimum.none.count", count, all=len(tried), limit=what)
    for one in optimum.found.undecided[:LISTED]:
        yield say("optimum.none.undecided", point=names.point(one), limits=_near(optimum, one, names))
    nearest = optimum.nearest
    if nearest is not None and nearest.latest is not None:
        missed = [limit for limit in optimum.goal.limits if _missed(limit, nearest)]
        said = [limit_text(optimum, nearest, limit, names) for limit in missed]
        key = "optimum.none.nearest_misses" if said else "optimum.none.nearest"
        yield say(key, point=names.point(nearest), limits=listed(said))


def _missed(limit: GoalLimit, one: Tried) -> bool:
    mean = (one.latest or {})[limit.kpi].mean
    return mean is None or limit.excess(mean) > 0


def _listed(names: Sequence[str]) -> str:
    if len(names) > LISTED:
        return say("optimum.and_more", points=items(names[: LISTED - 1]), number=len(names) - LISTED + 1)
    return items(names)


def known(optimum: Optimum, one: Tried) -> str:
    """What is known of a point, in a few words."""
    text = optimum.known(one)
    if not text.startswith("breaks "):
        return say(f"optimum.known.{text.replace(' ', '_')}")
    broken = [say("optimum.the_budget") if limit.budget else limit.kpi for limit in optimum.breaks(one)]
    return say("optimum.known.breaks", limits=separated(broken))
