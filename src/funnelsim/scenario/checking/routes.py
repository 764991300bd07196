"""Where leads can get to: stages that none reaches or leaves, and lines in which no deal can be won.

Only what is certain counts: a way is open where some kind of lead may take it, whatever the chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from funnelsim.errors import Warned

from ..forms.quantities import Weights
from ..language.types import ScenarioSpec, Stage
from .loops import failed, following, gained, onward, targets

OUT = "end"
"""Stands for leaving the line, in whatever way."""


def booking(spec: ScenarioSpec) -> list[str]:
    """The stages whose success books the deal: those that say so, else the last in line."""
    said = [name for name, stage in spec.stages.items() if stage.books]
    silent = [name for name, stage in spec.stages.items() if not stage.aside and stage.books is None]
    return said or silent[-1:]


def won_before(spec: ScenarioSpec) -> dict[str, bool]:
    """Stages behind the booking: whether every way there passes it, or only some do; others are left out.

    A way begins where leads enter, or in a stage that nothing leads to, and goes on by `next`, `otherwise` and
    `on`, for whatever kind of lead. It passes the booking where a lead advances in a stage that books.
    """
    wins = set(booking(spec))
    ways = {name: set(onward(spec, name)) for name in spec.stages}
    gains = {name: set(gained(spec, name)) if name in wins else set() for name in spec.stages}
    losses = {name: set(failed(spec, name)) if name in wins else ways[name] for name in spec.stages}
    led_to = {to for name, goals in ways.items() for to in goals if to != name}
    entries = {*_born(spec), *(name for name in spec.stages if name not in led_to)}
    unbooked = reach(losses, entries)
    booked = reach(ways, {to for name in unbooked for to in gains[name]})
    return {name: name not in unbooked for name in spec.stages if name in booked}


def unreached(spec: ScenarioSpec) -> Iterator[Warned]:
    """Warnings of stages and of deals to which no lead can get."""
    entries = set(_entries(spec))
    if not entries:
        return
    ways = {name: set(_ways(spec, name)) for name in spec.stages}
    reached = reach(ways, entries)
    named = {to for goals in ways.values() for to in goals}
    for name, stage in spec.stages.items():
        if name not in reached and (name in named or not stage.aside):
            yield Warned(
                f"stages.{name}: no lead can ever reach this stage; let the `next` of a stage before it lead "
                "here, or remove it",
                "W-stage-unreached",
            )
        if name in reached and OUT not in reach(ways, {name}):
            yield Warned(
                f"stages.{name}: no lead ever leaves the line from here; let `next` or `otherwise` lead on",
                "W-stage-endless",
            )
    wins = booking(spec)
    if wins and not any(name in reached and _succeeds(spec.stages[name]) for name in wins):
        where = ", ".join(wins)
        why = "converts 0" if set(wins) & reached else "is where deals are booked and no lead can ever reach it"
        yield Warned(
            f"stages: no deal can ever be won, as {where} {why}; see `next`, `convert` and `books`", "W-deal-never"
        )


def reach(ways: Mapping[str, Iterable[str]], start: Iterable[str]) -> set[str]:
    """All that can be got to by some ways, what one starts from included."""
    seen: set[str] = set()
    left = list(start)
    while left:
        at = left.pop()
        if at not in seen:
            seen.add(at)
            left += ways.get(at, ())
    return seen


def has_work(spec: ScenarioSpec, team: str) -> bool:
    """Whether anything names a team: a stage, work together, a source, customers, or a team with its people."""
    serves = {one for stage in spec.stages.values() for names in stage.team.values for one in names}
    joins = {joint.team for stage in spec.stages.values() for joint in stage.with_.values if joint is not None}
    fills = {source.team for source in spec.sources.values()} | {one.staffed_from for one in spec.teams.values()}
    cares = {one for names in spec.customers.team.values for one in names}
    return team in serves | joins | fills | cares


def _entries(spec: ScenarioSpec) -> Iterator[str]:
    """The stages in which leads begin, those of the start included."""
    yield from _born(spec)
    yield from (name for name, _ in spec.opening.leads)
    yield from (deal.stage for deal in spec.opening.deals)


def _born(spec: ScenarioSpec) -> Iterator[str]:
    """The stages in which new leads begin."""
    first = spec.entry
    for source in spec.sources.values():
        yield from (to or first for to in source.to.values)
    for born in (spec.customers.expansion, spec.customers.referral):
        yield from (one.to or first for one in born.values if one.rate.amount > 0)


def _succeeds(stage: Stage) -> bool:
    return stage.nurtures is not None or any(share > 0 for share in stage.convert.values)


def fails(stage: Stage) -> bool:
    """Whether a lead may fail; what is certain at first may be so no more after waiting."""
    certain = all(share == 1 for share in stage.convert.values) and not any(stage.decay.values)
    return stage.nurtures is None and not certain


def _ways(spec: ScenarioSpec, name: str) -> Iterator[str]:
    """Where leads may go from a stage: to other stages, and out."""
    stage = spec.stages[name]
    if _succeeds(stage):
        yield from _goals(spec, stage.next.values)
        after = list(following(spec, name))
        yield from after
        if None in stage.next.values and not after:
            yield OUT
    if fails(stage):
        yield from _goals(spec, stage.otherwise.values)
    if any(most is not None for most in stage.at_most.values):
        yield OUT
    held = any(name in limit.stages and limit.full == "turn_away" for limit in spec.limits)
    late = any(one is not None for key in (stage.patience, stage.timeout) for one in key.values)
    dropped = any(one.dropout > 0 for one in stage.handoff.values)
    on = stage.on
    for may, way in (
        (stage.accept is not None, on.rejected),
        (held, on.blocked),
        (late, on.expired),
        (dropped, on.dropped),
    ):
        if may:
            yield from _goals(spec, [way]) if way is not None else (OUT,)
    if any(one.burned > 0 for one in stage.unready.values):
        yield OUT


def _goals(spec: ScenarioSpec, ways: Iterable[Weights | None]) -> Iterator[str]:
    yield from (to if to in spec.stages else OUT for to in targets(ways))
