"""Keys at a value of their own that nothing in the file calls for, so that they change nothing as it is.

What `idle` refuses can never mean anything; this is allowed, as somebody may be preparing for a lever or a sweep.
Each period is looked at, and a key is told of if it acts in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..forms.base import Path
from ..forms.entry import Entry
from ..forms.quantities import ByKind, constant
from ..language.aftercare import Expansion, Referral
from ..language.line import Concession, Stage
from ..language.people import Team, Whole, people_of
from ..language.types import ScenarioSpec
from .idle import CONCESSION_EFFECTS, Idle, each, given
from .loops import onward
from .outside import everyone_has_a_number
from .routes import booking, fails, reach
from .uncalled_customers import CONTEXT, loses_context, of_customers


@dataclass(frozen=True)
class _Period:
    """The organisation of a period, and what its people do in all of them."""

    spec: ScenarioSpec
    joins: frozenset[str]  # teams that somebody joins after the start
    leaves: frozenset[str]  # teams that somebody leaves


def uncalled(specs: Sequence[ScenarioSpec]) -> Iterator[Idle]:
    """Every such key of a scenario, whose periods these are, and why it does nothing."""
    joins, leaves = _moving(specs, 1), _moving(specs, -1)
    found = [(spec, dict(_in_one(_Period(spec, joins, leaves)))) for spec in specs]
    for path, why in {path: why for _, idle in reversed(found) for path, why in idle.items()}.items():
        if all(path in idle or not _stands(spec, path) for spec, idle in found) and not _general(found, path):
            yield path, why


def _general(found: Sequence[tuple[ScenarioSpec, Mapping[Path, str]]], path: Path) -> bool:
    """Whether other entries have the same value and use it, as when `defaults` lay it under all of them."""
    group, name, *keys = path
    for spec, idle in found:
        entries = getattr(spec, str(group))
        if isinstance(entries, Mapping) and path in idle:
            mine = _values(entries[name], keys)
            for other, entry in entries.items():
                if other != name and (group, other, *keys) not in idle and _values(entry, keys) == mine:
                    return True
    return False


def _values(entry: Entry, keys: Sequence[Any]) -> list[Any]:
    """What stands at a path in an entry, for each kind of lead."""
    nodes: list[Any] = [entry]
    for key in keys:
        nodes = [below for node in nodes for below in _below(node, key)]
    return nodes


def _moving(specs: Sequence[ScenarioSpec], sign: int) -> frozenset[str]:
    """Teams that somebody joins after the start, or leaves; also those made of others of which that is so."""
    names = {name for spec in specs for name in people_of(spec.teams)}
    moving = {name for name in names if _changes(specs, name, sign)}
    wholes = {name: team for spec in specs for name, team in spec.teams.items()}
    return frozenset(moving | {name for name, team in wholes.items() if moving & {*people_of({name: team})}})


def _changes(specs: Iterable[ScenarioSpec], name: str, sign: int) -> bool:
    """Whether somebody joins a team after the start, or leaves it, in some period or between two."""
    teams = [people_of(spec.teams).get(name) for spec in specs]
    if any(team is not None and (team.attrition > 0 or team.staffed_from is not None) for team in teams):
        return True
    plans = [() if team is None else team.posts.steps for team in teams]
    told = [plan for at, plan in enumerate(plans) if at == 0 or plan != plans[at - 1]]
    counts = [count for plan in told for _, count in (plan or ((None, 0),))]
    return any((later - earlier) * sign > 0 for earlier, later in pairwise(counts))


def _stands(spec: ScenarioSpec, path: Path) -> bool:
    """Whether a key stands in an organisation, at a value of its own."""
    above = _values(spec, path[:-1])
    return any(isinstance(node, Entry) and given(node, str(path[-1])) for node in above)


def _below(node: Any, key: Any) -> Iterator[Any]:
    if isinstance(node, Mapping):
        below = node.get(key)
    elif isinstance(node, Entry):
        below = getattr(node, type(node).keys()[key])
    else:
        return
    yield from each(below) if isinstance(below, ByKind) else [] if below is None else [below]


def _in_one(period: _Period) -> Iterator[Idle]:
    spec = period.spec
    ways = {name: list(onward(spec, name)) for name in spec.stages}
    for name, stage in spec.stages.items():
        for path, why in (
            *_stage(spec, name, stage),
            *_concessions(stage),
            *_certain(stage),
            *_handoff(spec, name, ways),
            *_lift(spec, name, ways),
        ):
            yield ("stages", name, *path), why
    for name, team in spec.teams.items():
        for path, why in (*_selling(spec, name, team), *_people(period, name, team), *_presence(team)):
            yield ("teams", name, *path), why
        if given(team.queue, "joint") and not _works_with_another(spec, name, ways):
            why = "the team does no work together with another, as by `with` of a stage or `joint` of a handoff"
            yield ("teams", name, "queue", "joint"), why
    for path, why in of_customers(spec, period.leaves):
        yield ("customers", *path), why


# --- stages ------------------------------------------------------------------------------------------------


def _stage(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Idle]:
    if any(stage.team.values):
        if given(stage, "gap") and all(touches == constant(1.0) for touches in stage.touches.values):
            yield ("gap",), "it lies between two touches, and there is one"
        if given(stage, "rework") and not loses_context(spec):
            yield ("rework",), CONTEXT
    if given(stage, "context_weight") and not loses_context(spec):
        yield ("context_weight",), CONTEXT
    come = {kind for source in spec.sources.values() for kind in UNREADY if getattr(source.readiness, kind) > 0}
    for key, kinds in {"later": {"later"}, "never": {"never"}, "burned": set(UNREADY)}.items():
        if any(given(one, key) for one in stage.unready.values) and not kinds & come:
            yield ("unready", key), f"no source has leads of `{'` or `'.join(sorted(kinds))}`"
    held = any(name in limit.stages and limit.full == "turn_away" for limit in spec.limits)
    if stage.on.blocked is not None and not held:
        yield ("on", "blocked"), "no lead is blocked without a limit that turns away"


UNREADY = ("later", "never")


def _concessions(stage: Stage) -> Iterator[Idle]:
    """Concessions that are given and change nothing, as when a discount is written as a mere share."""
    for one in stage.concessions.values:
        for key in ("discount", "promise"):
            concession = getattr(one, key)
            if concession is not None and _neutral(concession):
                yield ("concessions", key), _both_readings(key, concession)


def _neutral(concession: Concession) -> bool:
    return _given_in(concession) > 0 and not any(given(concession, key) for key in CONCESSION_EFFECTS)


def _given_in(concession: Concession) -> float:
    return concession.share or concession.under_pressure or 0.0


def _both_readings(key: str, concession: Concession) -> str:
    share = f"{_given_in(concession) * 100:g} %"
    where = "of the deals" if concession.share else "of the deals under pressure"
    if key == "promise":
        return (
            f"it is given in {share} {where}, but without an effect; write what it changes as well, such as "
            f"{{share: {share}, odds: 1.2}}"
        )
    return (
        f"{share} is the share {where} in which it is given, and nothing is taken off; write "
        f"{{share: {share}, discount: 5 %}} for 5 % off in {share} of them, or {{share: 100 %, discount: "
        f"{share}}} for {share} off in all"
    )


def _certain(stage: Stage) -> Iterator[Idle]:
    """What acts on odds, and where those who fail go, in a stage whose outcome is certain."""
    if stage.nurtures is not None or any(share not in (0, 1) for share in stage.convert.values):
        return
    always = all(share == 1 for share in stage.convert.values)
    why = f"the outcome is certain, as `convert` is {'1' if always else '0'}"
    if not any(stage.decay.values):
        for key in ("quality_weight", "context_weight"):
            if given(stage, key):
                yield (key,), f"it acts on the odds, and {why}"
        if given(stage, "otherwise") and not fails(stage) and not any(one.burned for one in stage.unready.values):
            yield ("otherwise",), "no lead fails here, as `convert` is 1"


def _handoff(spec: ScenarioSpec, name: str, ways: dict[str, list[str]]) -> Iterator[Idle]:
    """Handoffs of a stage to which no lead comes from another team."""
    stage = spec.stages[name]
    own = _teams(stage)
    if len(own) != 1 or _before(spec, name, ways) - own:
        return
    for key in ("delay", "dropout", "give", "take", "joint"):
        if any(given(one, key) for one in stage.handoff.values):
            yield ("handoff", key), f"no lead comes here from another team than {next(iter(own))!r}"


def _before(spec: ScenarioSpec, name: str, ways: dict[str, list[str]]) -> set[str]:
    """Teams from which leads may come to a stage, through stages that have no team or that some leads pass by."""
    teams: set[str] = set()
    seen: set[str] = set()
    left = [name]
    while left:
        at = left.pop()
        if at in seen:
            continue
        seen.add(at)
        for other in (name for name in spec.stages if at in ways[name]):
            stage = spec.stages[other]
            teams |= _teams(stage) | {joint.team for joint in each(stage.with_)}
            if not all(stage.team.values) or any(way is not None for way in stage.on.ways):
                left.append(other)
    first = spec.entry
    for source in spec.sources.values():
        if source.team is not None and any((to or first) in seen for to in source.to.values):
            teams.add(source.team)
    born: list[Expansion | Referral] = [*spec.customers.expansion.values, *spec.customers.referral.values]
    if any(one.rate.amount > 0 and (one.to or first) in seen for one in born):
        teams |= {team for names in spec.customers.team.values for team in names}
    return teams


def _works_with_another(spec: ScenarioSpec, team: str, ways: dict[str, list[str]]) -> bool:
    """Whether a team has work for which it needs another team, or is needed by another."""
    for name, stage in spec.stages.items():
        own = _teams(stage)
        if any(team in own | {joint.team} for joint in each(stage.with_)):
            return True
        if any(given(one, "joint") for one in stage.handoff.values) and team in own | _before(spec, name, ways):
            return True
    return False


def _lift(spec: ScenarioSpec, name: str, ways: dict[str, list[str]]) -> Iterator[Idle]:
    if not given(spec.stages[name], "lift"):
        return
    later = [spec.stages[other] for other in reach(ways, ways[name])]
    if all(share in (0, 1) for stage in later for share in stage.convert.values):
        yield (
            ("lift",),
            "it acts on the odds of later stages, and in none of these is the outcome open (`convert`)",
        )


def _teams(stage: Stage) -> set[str]:
    return {team for teams in stage.team.values for team in teams}


# --- teams -------------------------------------------------------------------------------------------------


def _selling(spec: ScenarioSpec, name: str, team: Team) -> Iterator[Idle]:
    """Commission and quota of a team that wins no deals."""
    where = booking(spec)
    sellers = sorted({seller for stage in where for seller in _teams(spec.stages[stage])})
    if not where or name in sellers:
        return
    booked = f"deals are booked in {' and '.join(map(repr, where))}"
    if sellers:
        remedy = f"worked by {' and '.join(map(repr, sellers))}, and count for the team that works the stage"
    else:
        remedy = f"which has no team, so they count for none; give it one (stages.{where[0]}.team)"
    if team.cost.commission.rate or team.cost.commission.above_quota:
        yield ("cost", "commission"), f"{booked}, {remedy}"
    if team.quota is not None and not _pressed(spec, name):
        yield ("quota",), f"{booked}, {remedy}"


def _pressed(spec: ScenarioSpec, name: str) -> bool:
    """Whether a quota weighs on a team's concessions, which it does without a deal as well."""
    return any(
        one is not None and one.under_pressure is not None
        for stage in spec.stages.values()
        if name in _teams(stage)
        for concessions in stage.concessions.values
        for one in (concessions.discount, concessions.promise)
    )


def _people(period: _Period, name: str, team: Team) -> Iterator[Idle]:
    if given(team, "hiring") and name not in period.joins:
        yield ("hiring",), "nobody leaves, as `attrition` is 0, and `headcount` never grows"
    if isinstance(team, Whole):
        return  # what its people are is said where their teams are
    if given(team, "ramp") and name not in period.joins and team.tenure is None:
        why = "it is for new people, and nobody joins: `attrition` is 0, `headcount` never grows, and without "
        yield ("ramp",), f"{why}`tenure` those of the start are past it"
    for key in ("skill", "speed"):
        people = getattr(team, key)
        for part in ("mean", "sd"):
            if given(people, part) and everyone_has_a_number(team, key):
                yield (key, part), f"every seat has a number of its own in `{key}.seats`"
    skill = team.skill
    if skill.floor is not None and not skill.sd and all(one >= skill.floor for one in (skill.mean, *skill.seats)):
        yield ("skill", "floor"), "nobody is below it, as `skill` has no `sd`"


def _presence(team: Team) -> Iterator[Idle]:
    people = [part.team for part in team.people_as("")]
    away = team.absence.dates or any(one.absence.days > 0 for one in people)
    if away and not team.absence.routed and team.assign == "when_free":
        yield ("absence", "routed"), "with `assign: when_free` leads are given only to who is there"
    skills = [one.skill for one in people]
    alike = all(skill.mean == skills[0].mean and not (skill.sd or skill.seats) for skill in skills)
    if team.routing.rule == "best_skill" and alike:
        yield ("routing",), "it goes by skill, and all have the same, as `skill` has no `sd` and no list"
