"""Quotas, and what reps concede when a period ends with the quota unmet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.numbers.draws import CONCESSION_DISCOUNT, CONCESSION_PROMISE, SIGNS_SOONER
from funnelsim.model.rules import rules

from ..machine.jit import jitted
from ..world.draw import visit_uniform

if TYPE_CHECKING:
    from ..world.world import World


@jitted
def turn_period(w: World, team: int) -> None:
    """Begin the quota period that holds the present moment, if it is another one."""
    quotas = w.quotas
    months = w.tables.teams.quota_months[team]
    if months != quotas.months[team]:
        quotas.months[team] = months
        quotas.number[team] = 0
        quotas.begin[team] = 0
        quotas.end[team] = 0
    while w.now >= quotas.end[team]:
        at = quotas.offset[months] + quotas.number[team]
        quotas.begin[team] = quotas.edges[at]
        quotas.end[team] = quotas.edges[at + 1]
        quotas.number[team] += 1
        quotas.booked[team] = 0


@jitted
def book(w: World, team: int, amount: int) -> None:
    """Credit a team with a booking."""
    if team >= 0 and w.tables.teams.quota[team] > 0:
        turn_period(w, team)
        w.quotas.booked[team] += amount


@jitted
def close_of_period(w: World, team: int) -> int:
    """When the current quota period of a team closes; `NEVER` without a quota."""
    if team < 0 or w.tables.teams.quota[team] <= 0:
        return NEVER
    turn_period(w, team)
    return int(w.quotas.end[team])


@jitted
def concession_chance(w: World, share: float, under_pressure: float, team: int) -> float:
    """Probability of a concession by a rep of the team now."""
    quota = w.tables.teams.quota[team] if team >= 0 else 0
    if quota <= 0 or share == under_pressure:
        return share
    turn_period(w, team)
    quotas = w.quotas
    begin, end = quotas.begin[team], quotas.end[team]
    elapsed = (w.now - begin) / (end - begin)
    return rules.concession_chance(share, under_pressure, elapsed, quotas.booked[team] / quota)


@jitted
def concede(w: World, lead: int) -> float:
    """Draw the concessions of a visit's outcome; returns the sum of their log odds."""
    S = w.tables.stages
    w.leads.sooner[lead] = 0
    odds = 0.0
    if may_concede(S.discount, w.leads.cell[lead]):
        odds += concede_one(w, lead, S.discount, CONCESSION_DISCOUNT)
    if may_concede(S.promise, w.leads.cell[lead]):
        odds += concede_one(w, lead, S.promise, CONCESSION_PROMISE)
    return odds


@jitted
def may_concede(table: Any, cell: int) -> bool:
    """Whether a concession is ever made at a stage."""
    return bool(table.share[cell] > 0.0 or table.under_pressure[cell] > 0.0)


@jitted
def concede_one(w: World, lead: int, table: Any, purpose: int) -> float:
    """Draw one concession: its log odds, or 0; and what it costs later."""
    leads = w.leads
    cell = leads.cell[lead]
    chance = concession_chance(w, table.share[cell], table.under_pressure[cell], leads.team[lead])
    if visit_uniform(w, lead, purpose, 0) >= chance:
        return 0.0
    leads.discount[lead] = max(leads.discount[lead], table.discount[cell])
    leads.onboarding[lead] = max(leads.onboarding[lead], table.onboarding[cell])
    leads.health_loss[lead] = max(leads.health_loss[lead], table.health[cell])
    if visit_uniform(w, lead, purpose, SIGNS_SOONER) < table.pulls[cell]:
        leads.sooner[lead] = max(leads.sooner[lead], table.sooner[cell])
    if purpose == CONCESSION_DISCOUNT:
        leads.discounted[lead] = 1
    else:
        leads.promised[lead] = 1
    return float(table.odds[cell])
