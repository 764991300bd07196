"""Teams that are made of the people of others: what becomes of them, of their parts, and of whoever names a part.

A person keeps what belongs to a person (`OF_PEOPLE`, and days off); the team has one of all else (`OF_TEAM`). What
all parts have alike is kept; where they differ it must be written.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ..checking.outside import after
from ..forms.base import Fault
from ..forms.quantities import ByKind, Steps, added
from ..language.people import OF_TEAM, OF_TEAM_ABSENCE, Part, Quota, Team, Whole
from ..language.types import ScenarioSpec


def with_wholes(spec: ScenarioSpec) -> tuple[ScenarioSpec, list[Fault]]:
    """A scenario in which teams with `from` have taken in their parts, and what is wrong with them.

    Where something is wrong it is as it was.
    """
    wholes = {name: team for name, team in spec.teams.items() if team.from_ and not isinstance(team, Whole)}
    if not wholes:
        return spec, []
    faults = list(_misnamed(wholes))
    if faults:
        return spec, faults
    where = {part: name for name, team in wholes.items() for part in team.from_}
    made: dict[str, Whole] = {}
    for name, team in wholes.items():
        parts = {part: spec.teams[part] for part in team.from_}
        more = list(_differing(name, team, parts))
        faults += more
        if not more:
            heads = [_mean(part.headcount, spec) for part in parts.values()]
            made[name] = _whole(team, parts, heads, tuple(spec.teams), _alone(spec, {name, *team.from_}))
            faults += _tied(name, made[name])
    if faults:
        return spec, faults
    return _renamed(spec, where, made), []


def _misnamed(wholes: Mapping[str, Team]) -> Iterator[Fault]:
    """Parts that cannot be parts."""
    first: dict[str, str] = {}
    for name, team in wholes.items():
        for part in team.from_:
            at = ("teams", name, "from")
            if part == name:
                why = f"a team cannot be made of itself; name the teams whose people {name!r} is to have"
                yield Fault(why, at, code="E-team-of-teams")
            elif part in wholes:
                theirs = ", ".join(wholes[part].from_)
                yield Fault(
                    f"{part!r} is itself made of others; name its teams instead: {theirs}",
                    at,
                    code="E-team-of-teams",
                )
            elif part in first:
                yield Fault(
                    f"{part!r} is already in teams.{first[part]}.from; people are in one team only",
                    at,
                    code="E-team-of-teams",
                )
            else:
                first[part] = name


# --- what the whole has ------------------------------------------------------------------------------------


def _differing(name: str, team: Team, parts: Mapping[str, Team]) -> Iterator[Fault]:
    """One fault that tells all in which the parts differ and of which the whole says nothing."""
    differ = (
        []
        if team.unlike == "averaged"
        else [key for key in _keys(team) if not _same([_get(part, key) for part in parts.values()])]
    )
    if _weighted(team, parts):  # seats are counted otherwise here
        differ.append("routing")
    if team.quota is None and len({one.quota.period for one in parts.values() if one.quota is not None}) > 1:
        differ.append("quota")
    if differ:
        these = " and ".join((", ".join(differ[:-1]), differ[-1])) if len(differ) > 1 else differ[0]
        them = "it" if len(differ) == 1 else "them"
        yield Fault(
            f"{', '.join(parts)} differ in {these}, and one team has one of each; write {them} in teams.{name}",
            ("teams", name, "from"),
            code="E-team-of-teams",
        )


def _tied(name: str, whole: Whole) -> Iterator[Fault]:
    """More seats that serve a territory than the parts have people."""
    tied = sum(seats for _, seats in whole.serves)
    most = whole.most_posts
    if tied > most:
        said = f"`sum of serves <= headcount` must hold, but got (serves={tied}, headcount of its parts={most})"
        yield Fault(said, ("teams", name, "serves"), code="E-team-of-teams")


def _keys(team: Team) -> Iterator[str]:
    """What of the whole is to be as in the parts, since it says nothing of it."""
    yield from (key for key in Team.model_fields if key in OF_TEAM and key not in team.model_fields_set)
    yield from (f"absence.{key}" for key in OF_TEAM_ABSENCE if key not in team.absence.model_fields_set)


def _get(team: Team, key: str) -> Any:
    value: Any = team
    for one in key.split("."):
        value = getattr(value, one)
    return value


def _same(values: list[Any]) -> bool:
    return all(value == values[0] for value in values)


def _weighted(team: Team, parts: Mapping[str, Team]) -> bool:
    """Whether turns by seat are to be those of several teams, whose seats are now others."""
    if len(parts) == 1 or "routing" in team.model_fields_set:
        return False
    ways = [part.routing for part in parts.values()]
    return _same(ways) and bool(ways[0].weights)


def _whole(
    team: Team,
    parts: Mapping[str, Team],
    heads: list[float],
    among: tuple[str, ...],
    alone: tuple[str, ...],
) -> Whole:
    known = {key: _common([_get(part, key) for part in parts.values()], heads) for key in _keys(team)}
    absence = {key.partition(".")[2]: value for key, value in known.items() if "." in key}
    values = {**team.__dict__, **known, "absence": team.absence.model_copy(update=absence)}
    values["quota"] = team.quota or _quota(parts)
    values["headcount"] = added([part.headcount for part in parts.values()])
    whole = Whole.model_construct(team.model_fields_set, **{key: values[key] for key in Team.model_fields})
    people = tuple(Part(name, part) for name, part in parts.items())
    return whole.model_copy(update={"parts": people, "among": among, "alone": alone})


def _mean(headcount: Steps[float], spec: ScenarioSpec) -> float:
    """The people of a part on average over the time that counts, or at the start where that has no dates."""
    since, until = after(spec, spec.warmup), after(spec, spec.horizon)
    if since is None or until is None or since >= until:
        return headcount.first
    dates = (dt.datetime.combine(date, dt.time()) for date, _ in headcount.steps if date is not None)
    cuts = sorted({since, until, *(date for date in dates if since < date < until)})
    spans = [(later - one) / (until - since) for one, later in pairwise(cuts)]
    return math.fsum((headcount.at(one.date()) or 0) * span for one, span in zip(cuts, spans, strict=False))


def _common(values: list[Any], heads: list[float]) -> Any:
    """What parts have in common; of what they differ in, averages over people, or that of the most people."""
    if _same(values):
        return values[0]
    whole = math.fsum(heads)
    if all(isinstance(value, float) for value in values) and whole:
        return math.fsum(value * number for value, number in zip(values, heads, strict=True)) / whole
    people = [
        math.fsum(number for value, number in zip(values, heads, strict=True) if value == each) for each in values
    ]
    return values[people.index(max(people))]


def _quota(parts: Mapping[str, Team]) -> Quota | None:
    quotas = [part.quota for part in parts.values() if part.quota is not None]
    if not quotas:
        return None
    return quotas[0].model_copy(update={"amount": sum(quota.amount for quota in quotas)})


# --- who names a part --------------------------------------------------------------------------------------


def _alone(spec: ScenarioSpec, parts: set[str]) -> tuple[str, ...]:
    """The stages at which one of these joins another."""
    return tuple(
        name
        for name, stage in spec.stages.items()
        if any(joint is not None and joint.team in parts for joint in stage.with_.values)
        and any(team in parts for teams in stage.team.values for team in teams)
    )


def _renamed(spec: ScenarioSpec, where: Mapping[str, str], made: Mapping[str, Whole]) -> ScenarioSpec:
    """The scenario with the wholes in place of their parts."""

    def one(name: str | None) -> str | None:
        return None if name is None else where.get(name, name)

    def several(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(where.get(name, name) for name in names))

    def joined(joint: Any) -> Any:
        return None if joint is None else joint.model_copy(update={"team": one(joint.team)})

    teams = {}
    for name, team in spec.teams.items():
        if name not in where:
            whole = made.get(name, team)
            origin = one(whole.staffed_from)
            teams[name] = whole.model_copy(update={"staffed_from": None if origin == name else origin})
    sources = {name: source.model_copy(update={"team": one(source.team)}) for name, source in spec.sources.items()}
    stages = {}
    for name, stage in spec.stages.items():
        working, with_ = _each(stage.team, several), _each(stage.with_, joined)
        if any(name in whole.alone for whole in made.values()):
            with_ = _by_others(with_, working)
        stages[name] = stage.model_copy(update={"team": working, "with_": with_})
    customers = spec.customers.model_copy(update={"team": _each(spec.customers.team, several)})
    return spec.model_copy(update={"teams": teams, "sources": sources, "stages": stages, "customers": customers})


def _by_others(with_: ByKind[Any], team: ByKind[tuple[str, ...]]) -> ByKind[Any]:
    """Who joins a stage by kind of lead, without a team that works on it itself."""
    joining, working = dict(with_.cases), dict(team.cases)

    def of(kind: str) -> Any:
        joint = joining.get(kind, with_.other)
        return None if joint is None or joint.team in working.get(kind, team.other) else joint

    kinds = dict.fromkeys((*joining, *working))
    return ByKind(of(""), tuple((kind, of(kind)) for kind in kinds if of(kind) != of("") or kind in joining))


def _each(value: ByKind[Any], act: Any) -> ByKind[Any]:
    return replace(value, other=act(value.other), cases=tuple((kind, act(one)) for kind, one in value.cases))
