"""Checks that look at a scenario as a whole: names, references between its parts, sane limits, likely slips."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import category

from ..forms.base import ORIGINS, Fault, Path, found
from ..forms.names import EVEN
from ..forms.quantities import ByKind, Weights
from ..language.people import people_of
from ..language.types import ScenarioSpec, Stage
from .loops import instant_loops
from .sizes import size_faults

OUTCOMES = (
    "advanced", "rejected", "blocked", "dropped", "expired", "burned", "moved", "won", "exhausted", "ended",
    "churned",
)  # fmt: skip
"""Names of ways out that every scenario has."""
NOT_FOR_STAGES = (*OUTCOMES, "end", "lost", "open", "care", "renewal", "complaint")
NAMED = ("calendars", "segments", "territories", "sources", "teams", "stages")
LONGEST_NAME = 100
WORDS = {"null": "nothing", "~": "nothing", "true": "yes", "false": "no"}
"""What YAML reads where a name like this stands without quotation marks."""
MOST_STAGES, MOST_THINGS = 500, 2000
Week = tuple[tuple[tuple[int, int], ...], ...]


# --- names, before anything else is read -------------------------------------------------------------------


def check_names(document: Mapping[str, Any]) -> list[Fault]:
    """Names that cannot be used, in a document not yet read."""
    faults = []
    for group in NAMED:
        names = document.get(group)
        if isinstance(names, Mapping):
            faults += [fault for name in names for fault in _name_faults(group, name)]
            most = MOST_STAGES if group == "stages" else MOST_THINGS
            if len(names) > most:
                faults.append(
                    Fault(
                        f"at most {most:,} {group} are allowed, found {len(names):,}",
                        (group,),
                        code="E-size-names",
                    )
                )
    return faults + _clashes(document)


def _name_faults(group: str, name: str) -> Iterator[Fault]:
    def fault(message: str, code: str = "E-name-form") -> Fault:
        return Fault(message, (group, name), key=True, code=code)

    if not name.strip() or name != name.strip():
        yield fault(f"a name has no spaces at its ends and is not empty, found {found(name)}")
    # Format characters are let through: some scripts join letters with them.
    if any(sign in name for sign in ".*@:") or any(category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name):
        better = re.sub(r"[.*@:\s]+", "_", name).strip("_")
        hint = f"; write {better}" if better and better.isprintable() and len(better) <= LONGEST_NAME else ""
        yield fault(f"a name has none of . * @ : and no control characters, found {found(name)}{hint}")
    if name.lower() in ("null", "~", "true", "false"):
        yield fault(f"{name!r} is read as {WORDS[name.lower()]} wherever it stands for the name; give it another")
    if len(name) > LONGEST_NAME:
        yield fault(f"a name has at most {LONGEST_NAME} characters, found {len(name):,}")
    reserved = {"stages": NOT_FOR_STAGES, "calendars": ("always",), "teams": ()}.get(group, (*ORIGINS, "else"))
    if name in reserved:
        yield fault(f"the name {name!r} is reserved", "E-name-reserved")


def _clashes(document: Mapping[str, Any]) -> list[Fault]:
    """Segments, territories and sources share one space of names, since values may be given by any of them."""
    seen: dict[str, str] = {}
    faults = []
    for group in ("segments", "territories", "sources"):
        names = document.get(group)
        for name in names if isinstance(names, Mapping) else ():
            if name in seen:
                message = (
                    f"the name {name!r} stands in {seen[name]} as well; kinds of lead need names of their own"
                )
                faults.append(Fault(message, (group, name), key=True, code="E-name-taken"))
            seen.setdefault(name, group)
    return faults


# --- the scenario as read ----------------------------------------------------------------------------------


def check_spec(spec: ScenarioSpec) -> list[Fault]:
    """What is wrong between the parts of a scenario."""
    faults: list[Fault] = []
    if not spec.stages:
        faults.append(Fault("a scenario needs at least one stage", ("stages",), code="E-stage-none"))
    elif all(stage.aside for stage in spec.stages.values()):
        faults.append(Fault("at least one stage must be in line (not aside)", ("stages",), code="E-stage-none"))
    for name, stage in spec.stages.items():
        faults += _stage_faults(spec, name, stage)
    for index, limit in enumerate(spec.limits):
        if len(set(limit.stages)) != len(limit.stages):
            faults.append(Fault("a stage stands twice", ("limits", index, "stages"), code="E-name-twice"))
    if spec.segments and not any(segment.share for segment in spec.segments.values()):
        message = (
            "no segment has a `share` above 0, so leads have none to be of; give at least one of them a share"
        )
        faults.append(Fault(message, ("segments", next(iter(spec.segments)), "share"), code="E-weights-zero"))
    faults += _people_faults(spec)
    faults += size_faults(spec)
    faults += instant_loops(spec)
    faults += _opening_faults(spec)
    return faults


def _stage_faults(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Fault]:
    at: Path = ("stages", name)
    if not any(stage.team.values):
        if any(dist.parameters.get("value") != 0 for dist in stage.effort.values):
            yield Fault("a stage with effort needs a team", (*at, "effort"), code="E-stage-team")
        if any(dist.parameters.get("value") != 1 for dist in stage.touches.values):
            yield Fault("a stage with touches needs a team", (*at, "touches"), code="E-stage-team")
        if any(joint is not None for joint in stage.with_.values):
            yield Fault(
                "a stage that another team joins needs a team of its own", (*at, "with"), code="E-stage-team"
            )
    yield from _joint_faults(spec, name, stage)
    for reason in _destinations(stage):
        if reason in OUTCOMES and reason not in ("rejected", "expired", "blocked", "dropped"):
            yield Fault(
                f"{reason!r} is the name of another way out; give a stage or a reason of your own",
                at,
                code="E-name-reserved",
            )


def _joint_faults(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Fault]:
    """Joint touches need two teams with hours in common, whichever kind of lead it is."""
    for kind in dict.fromkeys(("else", *(kind for kind, _ in (*stage.with_.cases, *stage.team.cases)))):
        joint = dict(stage.with_.cases).get(kind, stage.with_.other)
        if joint is None:
            continue
        for team in dict(stage.team.cases).get(kind, stage.team.other):
            if team == joint.team:
                yield Fault(
                    f"the team {team!r} cannot join its own stage", ("stages", name, "with"), code="E-team-itself"
                )
            elif not _common_hours(_pattern(spec, team), _pattern(spec, joint.team)):
                message = f"the teams {team!r} and {joint.team!r} have no open hours in common for joint touches"
                yield Fault(message, ("stages", name, "with"), code="E-hours-common")


def _pattern(spec: ScenarioSpec, team: str) -> Week:
    name = spec.teams[team].calendar or next(iter(spec.calendars), "always")
    return spec.calendars[name].pattern if name != "always" else (((0, 1440),),) * 7


def _common_hours(first: Week, second: Week) -> bool:
    return any(
        max(a, c) < min(b, d)
        for mine, theirs in zip(first, second, strict=True)
        for a, b in mine
        for c, d in theirs
    )


def _people_faults(spec: ScenarioSpec) -> Iterator[Fault]:
    for name, team in {**people_of(spec.teams), **spec.teams}.items():
        if team.staffed_from == name:
            yield Fault(
                "a team cannot be staffed from itself", ("teams", name, "staffed_from"), code="E-team-itself"
            )
        if team.serves == EVEN and not spec.territories:
            said = "even divides people among `territories`, of which there are none; write them, or leave it out"
            yield Fault(said, ("teams", name, "serves"), code="E-key-useless")
    customers = spec.customers
    worked = [key for key in ("care", "renewal", "complaint") if _work(getattr(customers, key))]
    if worked and not any(customers.team.values):
        needs, them = ("needs", "it") if len(worked) == 1 else ("need", "them")
        yield Fault(
            f"{' and '.join(worked)} {needs} the team that works {them}",
            ("customers", "team"),
            code="E-customers-team",
        )


def _opening_faults(spec: ScenarioSpec) -> Iterator[Fault]:
    """Open leads are like those that some source sends."""
    if not spec.sources and (spec.opening.leads or spec.opening.deals):
        message = "open leads need a source that they are like; give one, of the rate `0 / d` if no more come"
        yield Fault(message, ("opening", "leads"), code="E-opening-source")


def _work(value: ByKind[Any]) -> bool:
    """Whether some kind of customer makes work for a rep."""
    return any(one is not None and one.effort.parameters.get("value") != 0 for one in value.values)


# --- helpers -----------------------------------------------------------------------------------------------


def _destinations(stage: Stage) -> Iterator[str]:
    every: list[Weights | None] = [*stage.otherwise.values, *stage.next.values]
    every += [stage.on.rejected, stage.on.expired, stage.on.blocked, stage.on.dropped]
    for weights in every:
        for name, _ in weights or ():
            yield name
