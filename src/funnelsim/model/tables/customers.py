"""The table of customers: every value of their life, resolved for every kind of lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funnelsim.scenario.forms.quantities import HOUR, ByKind, Dist, Rate, constant
from funnelsim.scenario.language.types import Care, Complaint, Expansion, Referral, Renewal

from ..numbers.draws import name_hash32
from .builder import ints, shares
from .names import segment_weights
from .stages import Parts, mean_us
from .tables import CustomerTable

OPENING_ENTITY = "opening/customers"
"""What the random numbers of the customers of the start hang on, with their number."""

NO_WORK = constant(0.0, "us")


def customer_table(parts: Parts, segments: Sequence[str]) -> CustomerTable:
    """Everything about customers of a scenario; ``segments`` are those of all periods."""
    spec = parts.spec
    health, change, payment = spec.customers.health, spec.customers.rep_change, spec.customers.payment
    weights = segment_weights(spec)
    return CustomerTable(
        **_work(parts),
        **_streams(parts),
        **_churn(parts),
        health_start=health.start,
        late_onboarding=health.late_onboarding,
        onboarding_due=parts.dists.duration(health.onboarding_due),
        care_on_time=health.care_on_time,
        care_late=health.care_late,
        complaint_well=health.complaint_well,
        complaint_badly=health.complaint_badly,
        ignored_lead=health.ignored_lead,
        new_face=health.new_face,
        lost_context=health.lost_context,
        day_waited=health.day_waited,
        rep_skill=health.rep_skill,
        change_health=change.health,
        change_revenue=change.revenue,
        payment_delay=parts.dists.delay(payment.delay),
        bad_debt=payment.bad_debt,
        recurring=int(spec.revenue == "recurring"),
        opening=spec.opening.customers,
        opening_entity=name_hash32(OPENING_ENTITY),
        segment_upto=np.array(shares(tuple((n, weights.get(n, 0.0)) for n in segments)), dtype=np.float64),
    )


def _cells(parts: Parts, by_kind: ByKind[Any], column: Callable[[Any], Any]) -> list[Any]:
    """One number for each kind."""
    return [column(value) for value in parts.kinds.resolve(by_kind)]


def _per_us(rate: Rate) -> float:
    return rate.per_hour / HOUR


def _health_weight(stream: Complaint | Expansion | Referral) -> float:
    return 0.0 if isinstance(stream, Complaint) else float(stream.health_weight)


def _work(parts: Parts) -> dict[str, Any]:
    """Who works for customers, and what falls due how often and takes how long."""
    customers, dists = parts.spec.customers, parts.dists
    order = {name: index for index, name in enumerate(parts.spec.teams)}
    teams = _cells(parts, customers.team, lambda names: [order[name] for name in names])
    calendars = [parts.team_calendar[names[0]] if names else parts.default_calendar for names in teams]
    efforts: list[Dist] = [
        *_cells(parts, customers.care, lambda care: NO_WORK if care is None else care.effort),
        *_cells(parts, customers.renewal, lambda renewal: NO_WORK if renewal is None else renewal.effort),
        *_cells(parts, customers.complaint, lambda complaint: complaint.effort),
    ]
    days = [parts.calendars.day_hours[row] for row in calendars] * 3
    return {
        "team_offset": ints(np.cumsum([0, *map(len, teams)])),
        "team_list": ints([team for names in teams for team in names]),
        "calendar": ints(calendars),
        "effort": ints([dists.delay(effort) for effort in efforts]),
        "effort_mean": np.array([mean_us(e, day) for e, day in zip(efforts, days, strict=True)]),
        "every": ints([*_cells(parts, customers.care, _interval), *_cells(parts, customers.renewal, _interval)]),
        "sla": ints(_cells(parts, customers.complaint, lambda complaint: dists.duration(complaint.sla))),
    }


def _interval(due: Care | Renewal | None) -> int:
    return 0 if due is None else due.every.microseconds


def _streams(parts: Parts) -> dict[str, Any]:
    """Complaints and the leads that customers give rise to."""
    customers, dists = parts.spec.customers, parts.dists
    stages, entry = list(parts.spec.stages), parts.spec.entry
    streams = (customers.complaint, customers.expansion, customers.referral)
    births = (customers.expansion, customers.referral)
    return {
        "rate": np.array([r for s in streams for r in _cells(parts, s, lambda one: _per_us(one.rate))]),
        "rate_weight": np.array([w for s in streams for w in _cells(parts, s, _health_weight)]),
        "to": ints([s for b in births for s in _cells(parts, b, lambda one: stages.index(one.to or entry))]),
        "value": ints([v for b in births for v in _cells(parts, b, lambda one: dists.row(one.value))]),
        "quality": np.array([q for b in births for q in _cells(parts, b, lambda one: float(one.quality))]),
    }


def _churn(parts: Parts) -> dict[str, Any]:
    """How customers are lost."""
    customers = parts.spec.customers
    return {
        "lapse": np.array(_cells(parts, customers.renewal, lambda r: 0.0 if r is None else float(r.churn))),
        "churn": np.array(_cells(parts, customers.churn, _per_us)),
        "health_weight": np.array(_cells(parts, customers.health_weight, float)),
        "early": np.array(_cells(parts, customers.early, lambda early: float(early.factor))),
        "early_first": ints(_cells(parts, customers.early, lambda early: early.first.microseconds)),
    }
