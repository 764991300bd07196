"""Keys that do nothing where they stand, because something else in their entry leaves them nothing to act on.

A key is refused only where it can never mean anything: where what it needs is not there at all. Where what it
needs is there, but at its neutral value, somebody may be preparing for a lever or a sweep, and `warn` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..forms.base import Path
from ..forms.entry import Entry
from ..forms.quantities import ByKind
from ..language.aftercare import Customers
from ..language.line import Concessions, Stage
from ..language.people import OF_TEAM, OF_TEAM_ABSENCE, Team, Whole
from ..language.supply import Source
from ..language.types import ScenarioSpec
from .loops import onward
from .routes import booking, reach

Idle = tuple[Path, str]
"""The path of a key that does nothing, and why."""

OF_A_TEAM = {
    "continuity": "it says which rep does the next touch",
    "handoff": "it is for leads that come to a team from another",
    "gap": "it lies between two touches of a rep",
    "patience": "it counts while a lead waits for a rep",
    "sla": "it is the time within which a rep is to begin",
    "rework": "it makes the touches of a rep longer",
}
"""What a stage without a team has no use for."""

OF_A_DECISION = (
    "decision", "convert", "otherwise", "quality_weight", "context_weight", "decay", "unready", "concessions",
)  # fmt: skip
"""What a stage that nurtures has no use for, as nothing is decided in it."""


OF_A_QUOTA = {"under_pressure": "pressure", "pulls_forward": "period"}
"""Parts of a concession that act by a quota, and what of it."""

CONCESSION_EFFECTS = ("discount", "odds", "win", "onboarding", "health", "pulls_forward")
"""What a concession may do."""


def idle(spec: ScenarioSpec) -> Iterator[Idle]:
    """Every key of a scenario that can do nothing where it stands."""
    for name, stage in spec.stages.items():
        yield from _under(("stages", name), _of_stage(spec, name, stage))
    for name, team in spec.teams.items():
        yield from _under(("teams", name), _of_team(spec, team))
        if isinstance(team, Whole):
            for part in team.parts:
                yield from _under(("teams", part.name), _of_part(name, team, part.team))
    for name, source in spec.sources.items():
        yield from _under(("sources", name), _of_source(source))
    yield from _under(("customers",), _of_customers(spec.customers))


def _under(prefix: Path, found: Iterator[Idle]) -> Iterator[Idle]:
    for path, why in found:
        yield (*prefix, *path), why


# --- stages ------------------------------------------------------------------------------------------------


def _of_stage(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Idle]:
    if not any(stage.team.values):
        for key, what in OF_A_TEAM.items():
            if given(stage, key):
                yield (key,), f"{what}, and this stage has no team"
        if given(stage, "decay") and not any(name in limit.stages for limit in spec.limits):
            yield ("decay",), "it counts waiting, and this stage has no team and no limit for which leads wait"
        yield from _pressure_without_team(stage)
    if stage.nurtures is not None:
        for key in OF_A_DECISION:
            if given(stage, key):
                why = "in a stage with `nurtures` nothing is decided: leads move on when they are ready"
                yield (key,), why
    yield from _ways_out(stage)
    yield from _concessions(stage)
    yield from _after_booking(spec, name, stage)
    if any(condition.stage for condition in stage.accept or ()):
        why = "leads are asked as they enter this stage, so they are in no other; write `accept` by other traits"
        yield ("accept", "stage"), why
    for joint in each(stage.with_):
        if joint.keeps is not None and not _takes_over(spec, name, joint.team):
            yield ("with", "keeps"), f"no other stage belongs to {joint.team!r}, so that team takes nothing over"


def _pressure_without_team(stage: Stage) -> Iterator[Idle]:
    for concessions in each(stage.concessions):
        for key in ("discount", "promise"):
            one = getattr(concessions, key)
            for part, what in OF_A_QUOTA.items():
                if one is not None and given(one, part):
                    yield (
                        ("concessions", key, part),
                        f"the {what} is that of a team's quota, and this stage has no team",
                    )


def _concessions(stage: Stage) -> Iterator[Idle]:
    for concessions in each(stage.concessions):
        for name in ("discount", "promise"):
            one = getattr(concessions, name)
            if one is None or written(one, "share") or written(one, "under_pressure"):
                continue
            for key in CONCESSION_EFFECTS:
                if given(one, key):
                    yield ("concessions", name, key), "it is never given without `share` or `under_pressure`"
        yield from _pulls(stage, concessions)


def _pulls(stage: Stage, concessions: Concessions) -> Iterator[Idle]:
    """Decisions that are to come sooner, where nobody does or nothing can."""
    for name in ("discount", "promise"):
        one = getattr(concessions, name)
        if one is None or not written(one, "pulls_forward"):
            continue
        at = ("concessions", name, "pulls_forward")
        for key, other in (("share", "by"), ("by", "share")):
            if given(one.pulls_forward, key) and not written(one.pulls_forward, other):
                yield (*at, key), f"it needs `{other}` beside it, as in {{share: 0.5, by: 30 d}}"
        if not written(stage, "decision"):
            yield at, "what comes sooner is the buyer's `decision`, and this stage has none"


def _after_booking(spec: ScenarioSpec, name: str, stage: Stage) -> Iterator[Idle]:
    """What is taken off a value that nobody books any more."""
    cut = {
        key
        for concessions in each(stage.concessions)
        for key in ("discount", "promise")
        if getattr(concessions, key) is not None and given(getattr(concessions, key), "discount")
    }
    if cut and not _may_book(spec, name):
        for key in sorted(cut):
            yield (
                ("concessions", key, "discount"),
                "it is taken off the value that is booked, and that is done before",
            )


def _may_book(spec: ScenarioSpec, name: str) -> bool:
    """Whether a deal may still be booked in a stage or in one to which it leads."""
    return bool(set(booking(spec)) & reach({each: [*onward(spec, each)] for each in spec.stages}, [name]))


def _ways_out(stage: Stage) -> Iterator[Idle]:
    """Ways for leads that cannot leave like that."""
    if stage.on.rejected is not None and stage.accept is None:
        yield ("on", "rejected"), "no lead is rejected where there is no `accept`"
    if stage.on.expired is not None and not (any(each(stage.patience)) or any(each(stage.timeout))):
        yield ("on", "expired"), "no lead expires where there is no `patience` and no `timeout`"
    if stage.on.dropped is not None and not any(written(one, "dropout") for one in stage.handoff.values):
        yield ("on", "dropped"), "no lead is dropped where the `handoff` has no `dropout`"


def _takes_over(spec: ScenarioSpec, name: str, team: str) -> bool:
    return any(team in names for other, s in spec.stages.items() if other != name for names in s.team.values)


# --- teams, sources, customers -----------------------------------------------------------------------------


def _of_team(spec: ScenarioSpec, team: Team) -> Iterator[Idle]:
    if given(team, "at_closing") and not _closes(spec, team):
        yield ("at_closing",), "it is about work that meets closing time, and this team never closes"
    if team.staffed_from is not None and not spec.phases:
        yield ("staffed_from",), "it says where people come from as a phase begins, and there is no phase"
    if given(team, "switching_from") and not written(team, "switching"):
        yield ("switching_from",), "it is where `switching` begins, which is missing"
    if given(team, "tenure") and not written(team, "ramp"):
        yield ("tenure",), "how long reps have been there matters by `ramp`, which is missing"
    if isinstance(team, Whole):
        away = any(written(part.team.absence, "days") for part in team.parts)
    else:
        away = written(team.absence, "days")
    if not (away or written(team.absence, "dates")):
        for key in ("routed", "release"):
            if given(team.absence, key):
                yield ("absence", key), "nobody is ever away without `days` or `dates`"


def _of_part(name: str, whole: Whole, part: Team) -> Iterator[Idle]:
    """What a team says of itself as a team, although it is a part of one that says it too."""
    why = f"its people are in {name!r}, which has one of its own"
    for key in OF_TEAM - {"queue", "absence"}:  # each team must have a queue
        if given(part, key) and written(whole, key):
            yield (key,), why
    for key in OF_TEAM_ABSENCE:
        if given(part.absence, key) and written(whole.absence, key):
            yield ("absence", key), why
    if given(part, "tenure") and not written(part, "ramp"):
        yield ("tenure",), "how long reps have been there matters by `ramp`, which is missing"


def _closes(spec: ScenarioSpec, team: Team) -> bool:
    """Whether a team, or a rep of it, is ever away from the desk."""
    always = team.calendar == "always" or (team.calendar is None and not spec.calendars)
    return not always or bool(team.absence.dates or any(part.team.absence.days for part in team.people_as("")))


def _of_source(source: Source) -> Iterator[Idle]:
    if source.cooling is not None and source.market is None:
        yield ("cooling",), "prospects rest to be called again later, and a list without `market` has no end"
    if given(source.readiness, "time") and not written(source.readiness, "later"):
        yield ("readiness", "time"), "it is the time until leads of `later` are ready, which is missing"


def _of_customers(customers: Customers) -> Iterator[Idle]:
    streams = {"complaint": ("effort", "sla"), "expansion": BORN, "referral": BORN}
    for name, keys in streams.items():
        for one in each(getattr(customers, name)):
            for key in keys:
                if given(one, key) and not written(one, "rate"):
                    yield (name, key), "without `rate` there is none"
    for early in each(customers.early):
        if given(early, "first") and not written(early, "factor"):
            yield ("early", "first"), "it is how long `factor` holds, which is missing"
    for path, why in _health(customers):
        yield ("health", *path), why


BORN = ("to", "value", "quality", "health_weight")


def _health(customers: Customers) -> Iterator[Idle]:
    health = customers.health
    if given(health, "onboarding_due") and not written(health, "late_onboarding"):
        yield ("onboarding_due",), "it needs `late_onboarding`, which is missing"


# --- helpers -----------------------------------------------------------------------------------------------


def written(entry: Entry, key: str) -> bool:
    """Whether an entry has a key of its own, at whatever value."""
    return type(entry).keys()[key] in entry.model_fields_set


def given(entry: Entry, key: str) -> bool:
    """Whether an entry has a key at a value that is not its default."""
    field = type(entry).keys()[key]
    if field not in entry.model_fields_set:
        return False
    return bool(getattr(entry, field) != type(entry).model_fields[field].default)


def each(value: ByKind[Any]) -> Iterator[Any]:
    """Every value that some lead may have, where there is one."""
    return (one for one in value.values if one is not None)
