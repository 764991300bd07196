"""The compiled scenario as typed arrays; both engines read these and nothing else.

Arrays marked [S, K] have one row a stage and one column a kind of lead, laid flat: cell = stage * K + kind.
A kind is a combination of the names (segments, territories, sources, origins) that the scenario gives values
for; all names it does not mention count as one. ``-1`` stands for "none" wherever a number points into another
table. Times are microseconds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .calendars import CalendarTable
from .distributions import DistTable


class KindTable(NamedTuple):
    """The kind of a lead is the sum of four parts, one for each name it has."""

    kinds: int  # how many there are
    segment: Any  # [segments]
    territory: Any  # [territories + 1]; the last for leads without a territory
    source: Any  # [sources]
    origin: Any  # [3]


class SelectorTable(NamedTuple):
    """Selectors: row r is the conditions ``offset[r]`` to ``offset[r + 1]``, any of which must hold."""

    segments: int
    territories: int  # the scenario's and one for "none", which is the last
    sources: int  # the scenario's and one for "none", which is the last
    stages: int  # the scenario's and three: care, renewal, complaint
    offset: Any
    segment: Any  # [conditions, segments] laid flat, 1 where allowed
    territory: Any
    source: Any
    origin: Any  # [conditions, 3]
    stage: Any
    value_from: Any  # hundredths of the currency unit
    value_below: Any
    score_from: Any
    score_below: Any


class RouteTable(NamedTuple):
    """Destinations with cumulative shares: a code >= 0 is a stage, a code c < 0 the outcome ``-c - 1``."""

    offset: Any
    code: Any
    upto: Any


class SourceTable(NamedTuple):
    """Sources; arrays [sources] unless said."""

    entity: Any  # the high word of the entity of its leads
    upto: Any  # cumulative shares of leads at the sources' mean rates
    quality: Any
    batch: Any  # distribution row
    every: Any  # distribution row, or -1 for a rate
    mix: Any  # [sources, segments] cumulative shares, laid flat
    ready: Any  # cumulative share of leads that are ready
    later: Any  # cumulative share of those ready now or later
    ready_time: Any  # distribution row
    to: Any  # [sources, K] stage, laid flat
    cost: Any  # hundredths of the currency unit per lead


class OutboundTable(NamedTuple):
    """What sources worked by a team have besides; arrays [sources]."""

    team: Any  # -1 for sources that are not worked
    effort: Any  # distribution row
    gain: Any  # probability that a contact yields a lead
    market: Any  # 0: without end
    cooling: Any


class ConcessionTable(NamedTuple):
    """What a rep may concede; arrays [S, K]."""

    share: Any
    under_pressure: Any
    discount: Any
    odds: Any  # log factor
    onboarding: Any
    health: Any


class StageTable(NamedTuple):
    """Stages in line order."""

    word: Any  # [S] the stage's part of the purpose word of draws
    any_rep: Any  # [S]
    accept: Any  # [S] selector row
    aside: Any  # [S]
    books: Any  # [S]
    notice: Any  # [S] of nurturing stages, -1 elsewhere
    on_rejected: Any  # [S] route rows
    on_expired: Any
    on_blocked: Any
    on_dropped: Any
    limit_offset: Any  # [S + 1] into limit_list: the limits whose stretch holds the stage
    limit_list: Any
    team_offset: Any  # [S, K] into team_list
    team_count: Any  # [S, K]; 0 for automated stages
    team_list: Any
    calendar: Any  # [S, K] in which business days of this stage count
    joint_team: Any
    joint_when: Any  # 0 first, 1 last, 2 all
    joint_keeps: Any  # -1: as the handoff says
    delay: Any  # distribution rows
    dropout: Any
    keeps: Any
    give: Any
    take: Any
    meeting: Any
    touches: Any
    effort: Any
    effort_mean: Any
    gap: Any
    decision_advanced: Any
    decision_lost: Any
    patience: Any
    timeout: Any
    sla: Any
    intercept: Any
    quality_weight: Any
    context_weight: Any
    rework: Any
    decay: Any  # 0 none, 1 half-life, 2 power law
    decay_floor: Any
    decay_scale: Any  # the half-life, or the scale of the power law
    decay_power: Any
    odds_later: Any  # log factors for leads that are not ready
    odds_never: Any
    burned: Any
    lift: Any  # log factor
    discount: ConcessionTable
    promise: ConcessionTable
    next: Any  # route rows
    otherwise: Any
    at_most: Any  # 0: any number
    likely: Any  # the stage a lead that advances most likely enters, -1 where it ends or has been booked


class TeamTable(NamedTuple):
    """Teams; arrays [teams] unless said."""

    entity: Any  # high word of the entity of the team's choices
    calendar: Any
    share: Any  # selling share
    wip_limit: Any
    rule_offset: Any  # [teams + 1] into rule and rule_upto
    rule: Any
    rule_upto: Any
    first: Any  # selector rows
    last: Any
    ignore: Any
    routing: Any
    on_arrival: Any
    switching: Any
    switching_from: Any
    ramp_start: Any
    ramp_time: Any
    tenure: Any  # of the first reps; -1: past their ramp
    attrition: Any  # leavers per rep and microsecond
    fill: Any  # distribution row of the time a vacancy stays open
    staffed_from: Any  # the team whose people its first reps are, or -1
    absence_days: Any  # days off per rep and year
    absence_routed: Any
    absence_release: Any  # distribution row of a fixed duration, or -1
    quota: Any  # hundredths of the currency unit, 0 for none
    quota_months: Any
    step_offset: Any  # [teams + 1] into step_time and step_count
    step_time: Any  # from when a headcount holds
    step_count: Any
    seat_offset: Any  # [teams + 1] into seats: as many as the team ever has


class SeatTable(NamedTuple):
    """The seats that a team ever has, and what is drawn for the people in them."""

    pool: Any  # high word of the entity of people
    number: Any  # of the seat in the pool of people
    territory: Any  # the only territory this rep serves, or -1
    skill_mean: Any
    skill_sd: Any
    skill_floor: Any
    speed_base: Any
    speed_sigma: Any


class LimitTable(NamedTuple):
    """Limits on leads in a stretch."""

    wip: Any
    turn_away: Any
    stage: Any  # [limits, S] laid flat, 1 where the stretch holds the stage


class CustomerTable(NamedTuple):
    """The life of customers; arrays [K] unless said. Work is care, renewal, complaint, in this order."""

    team_offset: Any  # [K + 1] into team_list: who works for customers, the preferred first
    team_list: Any
    calendar: Any  # in which business days count
    effort: Any  # [3, K] distribution rows of the three kinds of work, -1 for none
    effort_mean: Any  # [3, K] microseconds
    every: Any  # [2, K] interval of care and of renewals, 0 for none
    sla: Any  # distribution rows: by when a complaint is to be done
    lapse: Any  # probability that a contract is not renewed
    churn: Any  # hazard
    health_weight: Any
    early: Any  # factor on the hazard at first
    early_first: Any
    rate: Any  # [3, K] of complaints, expansions, referrals
    to: Any  # [2, K] stage that expansions and referrals enter
    value: Any  # [2, K] distribution rows of a factor on the customer's value, -1: as the segment's value
    quality: Any  # [2, K]
    health_start: float
    late_onboarding: float
    onboarding_due: int  # distribution row
    care_on_time: float
    care_late: float
    complaint_well: float
    complaint_badly: float
    ignored_lead: float
    change_health: float  # of a change of rep
    change_revenue: float
    payment_delay: int  # distribution row, -1 for none
    bad_debt: float
    recurring: int  # 0 where revenue is one-off
    opening: int  # customers at the start
    opening_entity: int  # high word of their entities
    segment_upto: Any  # [segments] cumulative shares


class Tables(NamedTuple):
    """All tables of a model."""

    dists: DistTable
    calendars: CalendarTable
    kinds: KindTable
    selectors: SelectorTable
    routes: RouteTable
    segment_value: Any  # [segments] distribution rows
    territory_upto: Any  # [territories] cumulative shares
    sources: SourceTable
    outbound: OutboundTable
    stages: StageTable
    teams: TeamTable
    seats: SeatTable
    limits: LimitTable
    customers: CustomerTable
    score_accuracy: float


FIFO, LIFO, SCORE, VALUE, EXPECTED_VALUE, VALUE_PER_HOUR, DUE, AT_RISK, RANDOM = range(9)
RULES = ("fifo", "lifo", "score", "value", "expected_value", "value_per_hour", "due", "at_risk", "random")
FICKLE = (VALUE, EXPECTED_VALUE, VALUE_PER_HOUR, AT_RISK)
"""Rules by which what waits for a customer may come sooner or later as the customer changes."""

LEAST_LOADED, ROUND_ROBIN, BEST_SKILL, RANDOM_REP, TERRITORY_FIRST = range(5)
ROUTINGS = ("least_loaded", "round_robin", "best_skill", "random", "territory")

NO_LIMIT = 2**62
