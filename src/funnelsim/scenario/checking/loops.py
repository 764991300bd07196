"""Loops that take no time: a lead in one would never come to the end of its instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..forms.base import Fault
from ..forms.quantities import MICROSECONDS, Dist, Duration, Weights
from ..language.types import ScenarioSpec


def instant_loops(spec: ScenarioSpec) -> list[Fault]:
    """A fault that names the stages of some circle which a lead can go round in no time.

    Stages with `at_most` break every circle. Values by kind are looked at one by one, so what takes no time for
    some kind of lead counts as taking none.
    """
    endless = [name for name, stage in spec.stages.items() if any(most is None for most in stage.at_most.values)]
    circle = _circle({name: [to for to in _instant_moves(spec, name) if to in endless] for name in endless})
    if not circle:
        return []
    shown = " -> ".join(circle)
    message = f"a loop that takes no time: {shown}; give one of these stages effort, a decision or `at_most`"
    return [Fault(message, ("stages", circle[0]), code="E-loop-instant")]


def _instant_moves(spec: ScenarioSpec, name: str) -> Iterator[str]:
    """The stages a lead can get to from a stage at the instant at which it came."""
    stage = spec.stages[name]
    if stage.accept is not None:
        yield from targets([stage.on.rejected])
    if any(name in limit.stages and limit.full == "turn_away" for limit in spec.limits):
        yield from targets([stage.on.blocked])
    if any(one.dropout > 0 and _zero(one.delay) and one.give is None for one in stage.handoff.values):
        yield from targets([stage.on.dropped])
    patience = any(one is not None and _zero(one) for one in stage.patience.values)
    if any(stage.team.values) and (patience or any(_none(limit) for limit in stage.timeout.values)):
        yield from targets([stage.on.expired])
    nurtures = stage.nurtures is not None
    if not any(_zero(effort) for effort in stage.effort.values):
        return
    if any(share > 0 for share in stage.convert.values) or nurtures:
        quick = any(_zero(one.advanced) for one in stage.decision.values)
        if _none(stage.nurtures.notice) if stage.nurtures is not None else quick:
            yield from targets(stage.next.values)
            yield from following(spec, name)
    fails = any(share < 1 for share in stage.convert.values) and not nurtures
    if fails and any(_zero(one.lost) for one in stage.decision.values):
        yield from targets(stage.otherwise.values)


def targets(ways: Iterable[Weights | None]) -> Iterator[str]:
    """The names that some ways lead to, those of weight 0 left out."""
    for way in ways:
        yield from (to for to, weight in way or () if weight > 0)


def onward(spec: ScenarioSpec, name: str) -> Iterator[str]:
    """The stages to which leads may go from a stage, in whatever way they leave it."""
    yield from gained(spec, name)
    yield from failed(spec, name)


def gained(spec: ScenarioSpec, name: str) -> Iterator[str]:
    """The stages to which leads that advance may go from a stage."""
    yield from (to for to in targets(spec.stages[name].next.values) if to in spec.stages)
    yield from following(spec, name)


def failed(spec: ScenarioSpec, name: str) -> Iterator[str]:
    """The stages to which leads that do not advance may go from a stage."""
    stage = spec.stages[name]
    on = (stage.on.rejected, stage.on.expired, stage.on.blocked, stage.on.dropped)
    yield from (to for to in targets([*stage.otherwise.values, *on]) if to in spec.stages)


def following(spec: ScenarioSpec, name: str) -> Iterator[str]:
    """The stage after one in line, where it does not say what is next."""
    line = [other for other, stage in spec.stages.items() if not stage.aside]
    if name in line[:-1] and None in spec.stages[name].next.values:
        yield line[line.index(name) + 1]


def _none(duration: Duration | None) -> bool:
    return duration is not None and _nothing(duration.amount, duration.unit)


def _zero(dist: Dist) -> bool:
    """Whether a distribution gives nothing but what is rounded to no time."""
    unit = dist.unit or "us"
    if not _nothing(max(dist.shift, 0.0), unit):
        return False
    amounts = dist.values if dist.name == "empirical" else tuple(dist.parameters.values())
    known = dist.name in ("constant", "empirical", "uniform", "triangular")
    return dist.scale == 0 or (
        known and _nothing(dist.scale * dist.times * max(amounts) + max(dist.shift, 0.0), unit)
    )


def _nothing(amount: float, unit: str) -> bool:
    """Whether a length of time is rounded to none; a business day has at most a day."""
    return amount * {"us": 1, "bd": MICROSECONDS["d"], **MICROSECONDS}[unit] < 0.5


def _circle(onward: dict[str, list[str]]) -> list[str]:
    """Some circle in a graph, as names in order with the first repeated, or nothing."""
    state: dict[str, int] = {}
    for start in onward:
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(onward[start]))] if start not in state else []
        if trail:
            state[start] = 1
        while trail:
            name, ways = trail[-1]
            to = next(ways, None)
            if to is None:
                state[name] = 2
                trail.pop()
            elif state.get(to) == 1:
                names = [part for part, _ in trail]
                return [*names[names.index(to) :], to]
            elif to not in state:
                state[to] = 1
                trail.append((to, iter(onward[to])))
    return []
