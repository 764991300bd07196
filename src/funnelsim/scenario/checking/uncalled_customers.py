"""Keys of customers that nothing in the file calls for: part of `uncalled`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..forms.quantities import constant
from ..language.aftercare import Customers
from ..language.people import people_of
from ..language.types import ScenarioSpec
from .idle import Idle, each, given
from .loops import following, onward, targets
from .routes import booking, reach

CONTEXT = "no context is ever lost, as every handoff keeps all"


def loses_context(spec: ScenarioSpec) -> bool:
    """Whether some handoff keeps less than all."""
    kept = [handoff.keeps for stage in spec.stages.values() for handoff in stage.handoff.values]
    kept += [
        joint.keeps for stage in spec.stages.values() for joint in each(stage.with_) if joint.keeps is not None
    ]
    return any(share < 1.0 for share in kept)


def of_customers(spec: ScenarioSpec, leaves: Collection[str]) -> Iterator[Idle]:
    """Such keys; ``leaves`` are the teams that somebody leaves."""
    customers = spec.customers
    yield from _steps_of_health(customers)
    yield from _never_late(spec)
    yield from _before_and_beside(spec)
    if not any(rate.amount > 0 for rate in customers.churn.values):
        for key in ("health_weight", "early"):
            if given(customers, key):
                yield (key,), "it acts on `churn`, which is 0"
    if not _health_moves(spec):
        why = "it counts what health is above or below, and nothing moves it: see `customers.health`"
        if given(customers, "health_weight"):
            yield ("health_weight",), why
        for stream in ("expansion", "referral"):
            if any(given(one, "health_weight") for one in each(getattr(customers, stream))):
                yield (stream, "health_weight"), why
    for renewal in each(customers.renewal):
        if not renewal.churn and renewal.effort == constant(0.0, "us"):
            yield ("renewal", "every"), "a renewal without `effort` and `churn` costs nothing and loses nobody"
    served_by = {team for names in customers.team.values for team in names}
    if served_by and not served_by & set(leaves):
        for key in ("health", "revenue"):
            if given(customers.rep_change, key):
                yield ("rep_change", key), "no customer gets another rep, as nobody leaves the customers' team"


HEALTH = {
    "care_on_time": "care", "care_late": "care", "complaint_well": "complaint", "complaint_badly": "complaint",
    "ignored_lead": "expansion",
}  # fmt: skip
"""Steps of health, each with what they come from."""


def _steps_of_health(customers: Customers) -> Iterator[Idle]:
    has = {
        "care": any(each(customers.care)),
        "complaint": any(one.rate.amount > 0 for one in customers.complaint.values),
        "expansion": any(one.rate.amount > 0 for one in customers.expansion.values),
    }
    for key, other in HEALTH.items():
        if given(customers.health, key) and not has[other]:
            yield ("health", key), f"it is a step of health by `customers.{other}`, of which there is none"


def _never_late(spec: ScenarioSpec) -> Iterator[Idle]:
    """A deduction for late onboarding where no onboarding has a deadline."""
    health = spec.customers.health
    if not given(health, "late_onboarding") or health.onboarding_due is not None:
        return
    first = {
        to
        for name in booking(spec)
        for to in (*targets(spec.stages[name].next.values), *following(spec, name))
        if to in spec.stages
    }
    behind = reach({name: list(onward(spec, name)) for name in spec.stages}, first)
    if not any(sla is not None for name in behind for sla in spec.stages[name].sla.values):
        yield (
            ("health", "late_onboarding"),
            "it is taken off at the `sla` of a stage behind the booking, and none has one; without a deadline "
            "nobody is late",
        )


def _before_and_beside(spec: ScenarioSpec) -> Iterator[Idle]:
    """What health has from the way to the booking and from the rep's skill, where there is neither."""
    health = spec.customers.health
    if given(health, "lost_context") and not loses_context(spec):
        yield ("health", "lost_context"), CONTEXT
    teams = {team: spec.teams[team] for names in spec.customers.team.values for team in names}
    served_by = [team.skill for team in people_of(teams).values()]
    if given(health, "rep_skill") and not any(one.mean or one.sd or any(one.seats) for one in served_by):
        yield ("health", "rep_skill"), "nobody who looks after customers has a `skill` other than 0"


def _health_moves(spec: ScenarioSpec) -> bool:
    """Whether anything may move the health of some customer."""
    health = spec.customers.health
    steps = [getattr(health, key) for key in type(health).model_fields if key not in ("start", "onboarding_due")]
    given_away = [
        one.health
        for stage in spec.stages.values()
        for concessions in each(stage.concessions)
        for one in (concessions.discount, concessions.promise)
        if one is not None
    ]
    return any((*steps, spec.customers.rep_change.health, *given_away))
