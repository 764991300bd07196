"""The compiled scenario as typed arrays; both engines read these and nothing else.

Arrays marked [S, K] have one row a stage and one column a kind of lead, laid flat: cell = stage * K + kind.
A kind is a combination of the names (segments, territories, sources, origins) that the scenario gives values
for; all names it does not mention count as one. ``-1`` stands for "none" wherever a number points into another
table. Times are microseconds.
"""

from __future__ import annotations

from typing import NamedTuple

from ..numbers.columns import Floats, Ints
from ..numbers.distributions import DistTable
from ..time.calendars import CalendarTable


class KindTable(NamedTuple):
    """The kind of a lead is the sum of four parts, one for each name it has."""

    kinds: int  # how many there are
    segment: Ints  # [segments]
    territory: Ints  # [territories + 1]; the last for leads without a territory
    source: Ints  # [sources]
    origin: Ints  # [3]


class SelectorTable(NamedTuple):
    """Selectors: row r is the conditions ``offset[r]`` to ``offset[r + 1]``, any of which must hold."""

    segments: int
    territories: int  # the scenario's and one for "none", which is the last
    sources: int  # the scenario's and one for "none", which is the last
    stages: int  # the scenario's and three: care, renewal, complaint
    offset: Ints
    segment: Ints  # [conditions, segments] laid flat, 1 where allowed
    territory: Ints
    source: Ints
    origin: Ints  # [conditions, 3]
    stage: Ints
    value_from: Ints  # hundredths of the currency unit
    value_below: Ints
    score_from: Floats
    score_below: Floats


class RouteTable(NamedTuple):
    """Destinations with cumulative shares: a code >= 0 is a stage, a code c < 0 the outcome ``-c - 1``."""

    offset: Ints
    code: Ints
    upto: Floats


class SourceTable(NamedTuple):
    """Sources; arrays [sources] unless said."""

    entity: Ints  # the high word of the entity of its leads
    upto: Floats  # cumulative shares of leads at the sources' mean rates
    quality: Floats
    batch: Ints  # distribution row
    every: Ints  # distribution row, or -1 for a rate
    mix: Floats  # [sources, segments] cumulative shares, laid flat
    ready: Floats  # cumulative share of leads that are ready
    later: Floats  # cumulative share of those ready now or later
    ready_time: Ints  # distribution row
    to: Ints  # [sources, K] stage, laid flat
    cost: Ints  # hundredths of the currency unit per lead


class OutboundTable(NamedTuple):
    """What sources worked by a team have besides; arrays [sources]."""

    team: Ints  # -1 for sources that are not worked
    effort: Ints  # distribution row
    gain: Floats  # probability that a contact yields a lead
    market: Ints  # 0: without end
    cooling: Ints


class ConcessionTable(NamedTuple):
    """What a rep may concede; arrays [S, K]."""

    share: Floats
    under_pressure: Floats
    discount: Floats
    odds: Floats  # log factor
    onboarding: Floats
    health: Floats
    pulls: Floats  # share who decide before the quota period closes
    sooner: Ints  # by how much, at most


class StageTable(NamedTuple):
    """Stages in line order."""

    word: Ints  # [S] the stage's part of the purpose word of draws
    any_rep: Ints  # [S]
    accept: Ints  # [S] selector row
    aside: Ints  # [S]
    books: Ints  # [S]
    won_before: Ints  # [S] where who stands there at the start has been booked
    notice: Ints  # [S] of nurturing stages, -1 elsewhere
    on_rejected: Ints  # [S] route rows
    on_expired: Ints
    on_blocked: Ints
    on_dropped: Ints
    limit_offset: Ints  # [S + 1] into limit_list: the limits whose stretch holds the stage
    limit_list: Ints
    team_offset: Ints  # [S, K] into team_list
    team_count: Ints  # [S, K]; 0 for automated stages
    team_list: Ints
    calendar: Ints  # [S, K] in which business days of this stage count
    joint_team: Ints
    joint_when: Ints  # 0 first, 1 last, 2 all
    joint_keeps: Floats  # -1: as the handoff says
    delay: Ints  # distribution rows
    dropout: Floats
    keeps: Floats
    give: Ints
    take: Ints
    meeting: Ints
    touches: Ints
    effort: Ints
    effort_mean: Floats
    gap: Ints
    decision_advanced: Ints
    decision_lost: Ints
    patience: Ints
    timeout: Ints
    sla: Ints
    intercept: Floats
    quality_weight: Floats
    context_weight: Floats
    rework: Floats
    decay: Ints  # 0 none, 1 half-life, 2 power law
    decay_floor: Floats
    decay_scale: Ints  # the half-life, or the scale of the power law
    decay_power: Floats
    odds_later: Floats  # log factors for leads that are not ready
    odds_never: Floats
    burned: Floats
    lift: Floats  # log factor
    discount: ConcessionTable
    promise: ConcessionTable
    next: Ints  # route rows
    otherwise: Ints
    at_most: Ints  # 0: any number
    likely: Ints  # the stage a lead that advances most likely enters, -1 where it ends or has been booked


class TeamTable(NamedTuple):
    """Teams; arrays [teams] unless said."""

    entity: Ints  # high word of the entity of the team's choices
    calendar: Ints
    share: Floats  # selling share
    wip_limit: Ints
    rule_offset: Ints  # [teams + 1] into rule and rule_upto
    rule: Ints
    rule_upto: Floats
    first: Ints  # selector rows
    last: Ints
    ignore: Ints
    joint_first: Ints  # whether work that needs a second team goes before all else
    routing: Ints
    on_arrival: Ints
    switching: Floats
    switching_from: Ints
    at_work: Ints  # calendar row by which work that has begun goes on, or -1: the rep's own hours
    fill: Ints  # distribution row of the time a vacancy stays open
    staffed_from: Ints  # the team whose people its first reps are, or -1
    absence_routed: Ints
    absence_release: Ints  # distribution row of a fixed duration, or -1
    quota: Ints  # hundredths of the currency unit, 0 for none
    quota_months: Ints
    seat_offset: Ints  # [teams + 1] into seats: as many as the team ever has


class PartTable(NamedTuple):
    """What differs between the people of a team: one made of others has each of them as a part, any other is one.

    Parts lie in the order of their teams. Arrays [parts] unless said.
    """

    team: Ints
    entity: Ints  # by which a part is known in another team
    seat_offset: Ints  # [parts + 1] into seats
    step_offset: Ints  # [parts + 1] into step_time and step_count
    step_time: Ints  # from when a headcount holds
    step_count: Ints  # of seats
    step_last: Ints  # quarters of a post that the last of these seats is
    ramp_start: Floats
    ramp_time: Ints
    ramp_offset: Ints  # [parts + 1] into ramp_level; none where start and time hold
    ramp_level: Floats  # productivity by month
    tenure: Ints  # of the first reps; -1: past their ramp
    attrition: Floats  # leavers per rep and microsecond
    absence_days: Floats  # days off per rep and year
    skill_at: Floats  # [parts, S] what a stage adds to skill, laid flat; none where no part has any in any period
    speed_at: Floats  # [parts, S] by what a stage multiplies speed, likewise


class SeatTable(NamedTuple):
    """The seats that a team ever has, and what is drawn for the people in them."""

    pool: Ints  # high word of the entity of people
    number: Ints  # of the seat in the pool of people
    part: Ints  # of the team
    territory: Ints  # the only territory this rep serves, or -1
    weight: Ints  # turns in a round robin
    skill_mean: Floats
    skill_sd: Floats
    skill_floor: Floats
    speed_base: Floats
    speed_sigma: Floats


class LimitTable(NamedTuple):
    """Limits on leads in a stretch."""

    wip: Ints
    turn_away: Ints
    stage: Ints  # [limits, S] laid flat, 1 where the stretch holds the stage


class CustomerTable(NamedTuple):
    """The life of customers; arrays [K] unless said. Work is care, renewal, complaint, in this order."""

    team_offset: Ints  # [K + 1] into team_list: who works for customers, the preferred first
    team_list: Ints
    calendar: Ints  # in which business days count
    effort: Ints  # [3, K] distribution rows of the three kinds of work, -1 for none
    effort_mean: Floats  # [3, K] microseconds
    every: Ints  # [2, K] interval of care and of renewals, 0 for none
    sla: Ints  # distribution rows: by when a complaint is to be done
    lapse: Floats  # probability that a contract is not renewed
    churn: Floats  # hazard
    health_weight: Floats
    early: Floats  # factor on the hazard at first
    early_first: Ints
    rate: Floats  # [3, K] of complaints, expansions, referrals
    rate_weight: Floats  # [3, K] exponent of that rate per unit of health; 0 for complaints
    to: Ints  # [2, K] stage that expansions and referrals enter
    value: Ints  # [2, K] distribution rows of a factor on the customer's value, -1: as the segment's value
    quality: Floats  # [2, K]
    health_start: float
    late_onboarding: float
    onboarding_due: int  # distribution row
    care_on_time: float
    care_late: float
    complaint_well: float
    complaint_badly: float
    ignored_lead: float
    new_face: float
    lost_context: float
    day_waited: float
    rep_skill: float
    change_health: float  # of a change of rep
    change_revenue: float
    payment_delay: int  # distribution row, -1 for none
    bad_debt: float
    recurring: int  # 0 where revenue is one-off
    opening: int  # customers at the start
    opening_entity: int  # high word of their entities
    segment_upto: Floats  # [segments] cumulative shares


class SwitchTable(NamedTuple):
    """What is switched off to see what comes of it; see `model.switches`."""

    waiting_counts: int  # whether the chance to advance decays with waits for reps and holds
    handing_counts: int  # whether it does with the time in handoffs
    boundless: int  # whether people are as many as needed: a rep has any number of pieces of work in hand


AS_IN_THE_FILE = SwitchTable(waiting_counts=1, handing_counts=1, boundless=0)


class Tables(NamedTuple):
    """All tables of a model."""

    dists: DistTable
    calendars: CalendarTable
    kinds: KindTable
    selectors: SelectorTable
    routes: RouteTable
    segment_value: Ints  # [segments] distribution rows
    segment_known: Ints  # [segments] 0 where a lead's segment is none of this period's
    territory_upto: Floats  # [territories] cumulative shares, all 0 where leads have none
    territory_known: Ints  # [territories] 0 where a lead's territory is none of this period's
    sources: SourceTable
    outbound: OutboundTable
    stages: StageTable
    teams: TeamTable
    parts: PartTable
    seats: SeatTable
    limits: LimitTable
    customers: CustomerTable
    score_accuracy: float
    switches: SwitchTable = AS_IN_THE_FILE


FIFO, LIFO, SCORE, VALUE, EXPECTED_VALUE, VALUE_PER_HOUR, DUE, AT_RISK, RANDOM = range(9)
RULES = ("fifo", "lifo", "score", "value", "expected_value", "value_per_hour", "due", "at_risk", "random")
FICKLE = (VALUE, EXPECTED_VALUE, VALUE_PER_HOUR, AT_RISK)
"""Rules by which what waits for a customer may come sooner or later as the customer changes."""

JOINT_FIRST, FIRST, USUAL, LAST, LEFT_LYING = range(5)
"""Classes in a line, in the order they are served; the last is not served at all."""

LEAST_LOADED, ROUND_ROBIN, BEST_SKILL, RANDOM_REP, TERRITORY_FIRST, BY_WEIGHT = range(6)
"""Codes of routing; the last is the round robin with weights by seat."""
ROUTINGS = ("least_loaded", "round_robin", "best_skill", "random", "territory")
