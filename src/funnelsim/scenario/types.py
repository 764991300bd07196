"""What users write: the types of a scenario file, one class for each mapping in it.

Every field has a neutral default that changes nothing, so that the smallest scenario is an exact queueing
network. How texts such as ``12 min`` become quantities is the business of `fields`.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from . import fields as f
from .quantities import ByKind, Condition, Dist, Duration, Rate, Selector, Steps, Weights, constant


class Entry(BaseModel):
    """Base of all mappings in a scenario: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)


# --- calendars, segments, sources -------------------------------------------------------------------------


class Calendar(Entry):
    """A weekly pattern of open hours, less holidays."""

    days: f.Weekdays = (True, True, True, True, True, True, True)  # mon..sun
    hours: f.Intervals = ((0, 1440),)  # minutes after midnight, [open, close)
    holidays: f.Country | None = None  # ISO country code, optionally with a subdivision: "JP", "US-CA"
    closed: tuple[dt.date, ...] = ()  # further days off
    week: f.Week | None = None  # weekday -> intervals, in place of days and hours


class Segment(Entry):
    """A kind of customer."""

    share: f.NonNegative = 1.0
    value: f.NumberDist = constant(0.0)
    label: str | None = None


class Pattern(Entry):
    """Multipliers on a source's rate; each list is scaled to mean 1."""

    month: f.Months | None = None  # 12 floats
    weekday: f.WeekdayFactors | None = None  # 7 floats
    hour: f.HourFactors | None = None  # 24 floats


class Burst(Entry):
    """Exactly that many leads, spread evenly at random over a while."""

    at: f.Moment  # a date, or a duration after the start
    leads: f.Count
    over: f.ElapsedDuration = Duration(0, "d")


class Readiness(Entry):
    """Shares of a source's leads that are ready, ready later, or never ready."""

    ready: f.NonNegative = 1.0
    later: f.NonNegative = 0.0
    never: f.NonNegative = 0.0
    time: f.ElapsedDist = constant(0.0, "us")  # time in nurturing stages until a `later` lead is ready


class Source(Entry):
    """Where leads come from."""

    rate: f.RateField | None = None
    every: f.ElapsedDist | None = None
    team: str | None = None
    effort: f.EffortDist | None = None
    yield_: f.Share | None = Field(default=None, alias="yield")
    market: f.Count | None = None
    cooling: f.ElapsedDuration | None = None
    batch: f.NumberDist = constant(1.0)
    calendar: str | None = None
    pattern: Pattern = Pattern()
    bursts: tuple[Burst, ...] = ()
    growth: f.Number = 0.0  # per year
    dispersion: f.AtLeastOne = 1.0
    mix: f.WeightsField | None = None
    quality: f.Number = 0.0
    readiness: Readiness = Readiness()
    cost: f.NonNegative = 0.0  # money per lead
    to: f.NameByKind = ByKind(None)
    key: str | None = None
    label: str | None = None


# --- teams --------------------------------------------------------------------------------------------------


class Queue(Entry):
    """What a rep who becomes free takes next."""

    rule: f.RuleWeights  # one rule, or a mixture with weights
    first: Selector = ()
    last: Selector = ()
    ignore: Selector = ()


class Skill(Entry):
    """Log-odds that reps add to the outcome of a stage."""

    mean: f.Number = 0.0
    sd: f.NonNegative = 0.0
    floor: f.Number | None = None
    seats: tuple[f.Number, ...] = ()  # one number per seat, for known people


class Speed(Entry):
    """How fast reps work: a lognormal factor with this mean and sd."""

    mean: f.Positive = 1.0
    sd: f.NonNegative = 0.0
    seats: tuple[f.Positive, ...] = ()


class Ramp(Entry):
    """How productivity grows with tenure."""

    start: f.PositiveShare = 1.0
    time: f.ElapsedDuration = Duration(0, "d")


class Hiring(Entry):
    """How a vacancy is filled."""

    time_to_fill: f.ElapsedDist = constant(0.0, "us")


class Absence(Entry):
    """Planned absence of each rep."""

    days: f.NonNegative = 0.0  # days off per rep and year, spread by the rep's own draws
    dates: tuple[f.DateSpan, ...] = ()
    routed: bool = True
    release: f.AnyDuration | None = None


class Quota(Entry):
    """What the team is to book in each period."""

    amount: f.Positive
    period: f.Period = "quarter"


class Commission(Entry):
    """Commission on booked value, and on what lies above the quota."""

    rate: f.Share = 0.0
    above_quota: f.Share | None = None


class TeamCost(Entry):
    """What a rep costs."""

    salary: f.MoneyRate = Rate(0.0, "y")
    commission: Commission = Commission()


class Team(Entry):
    """A pool of people with one calendar and one queue rule."""

    headcount: f.Headcount = Steps(((None, 1),))
    calendar: str | None = None
    selling_share: f.PositiveShare = 1.0
    wip_limit: f.PositiveCount | None = None
    queue: Queue
    routing: Literal["least_loaded", "round_robin", "best_skill", "random", "territory"] = "least_loaded"
    assign: Literal["when_free", "on_arrival"] = "when_free"
    serves: f.Counts = ()  # (territory, seats) pairs
    skill: f.SkillField = Skill()
    speed: f.SpeedField = Speed()
    ramp: Ramp = Ramp()
    tenure: f.ElapsedDuration | None = None  # of the reps present at the start; None: past their ramp
    switching: f.NonNegative = 0.0
    switching_from: f.Count = 0
    attrition: f.PerYear = 0.0
    hiring: Hiring = Hiring()
    staffed_from: str | None = None
    people: str | None = None
    absence: Absence = Absence()
    quota: Quota | None = None
    cost: TeamCost = TeamCost()
    label: str | None = None
    key: str | None = None


# --- stages -------------------------------------------------------------------------------------------------


class Joint(Entry):
    """Touches that need a rep of another team as well."""

    team: str
    touches: Literal["first", "last", "all"] = "all"
    keeps: f.Share | None = None


class Handoff(Entry):
    """What happens when a lead changes its team."""

    delay: f.DelayDist = constant(0.0, "us")
    dropout: f.Share = 0.0
    keeps: f.Share = 1.0
    give: f.EffortDist | None = None
    take: f.EffortDist | None = None
    joint: f.EffortDist | None = None


class Decision(Entry):
    """The buyer's time between the last touch and the outcome, by outcome."""

    advanced: f.DelayDist = constant(0.0, "us")
    lost: f.DelayDist = constant(0.0, "us")


class Decay(Entry):
    """What seller-side waiting takes off the chance to advance: a half-life, or a power law with a floor."""

    half_life: f.ElapsedDuration | None = None
    floor: f.Share = 0.0
    scale: f.ElapsedDuration | None = None
    power: f.NonNegative = 1.0


class Unready(Entry):
    """Odds factors for leads that are not ready, and the share of failed pushes on them lost for good."""

    later: f.NonNegative = 1.0
    never: f.NonNegative = 1.0
    burned: f.Share = 0.0


class Nurtures(Entry):
    """In this stage a `later` lead's readiness clock runs; it moves on `notice` after becoming ready."""

    notice: f.ElapsedDuration = Duration(0, "d")


class Concession(Entry):
    """A discount or a promise the rep may give."""

    share: f.Share = 0.0
    under_pressure: f.Share | None = None
    discount: f.Share = 0.0
    odds: f.NonNegative = 1.0
    onboarding: f.NonNegative = 1.0
    health: f.Share = 0.0


class Concessions(Entry):
    """Concessions of a stage."""

    discount: Concession | None = None
    promise: Concession | None = None


class On(Entry):
    """Where leads go that leave a stage without an outcome; None: they leave under that name."""

    rejected: f.DestinationsField | None = None
    expired: f.DestinationsField | None = None
    blocked: f.DestinationsField | None = None
    dropped: f.DestinationsField | None = None


class Stage(Entry):
    """A step of the line."""

    team: f.TeamsByKind = ByKind(())  # names in order of preference; empty: automated
    continuity: Literal["same_rep", "any_rep"] = "same_rep"
    with_: f.JointByKind = Field(default=ByKind(None), alias="with")
    accept: Selector | None = None
    handoff: f.HandoffByKind = ByKind(Handoff())
    touches: f.NumberDistByKind = ByKind(constant(1.0))
    effort: f.EffortByKind = ByKind(constant(0.0, "us"))
    gap: f.DelayByKind = ByKind(constant(0.0, "us"))
    decision: f.DecisionByKind = ByKind(Decision())
    patience: f.ElapsedDistOrNoneByKind = ByKind(None)
    timeout: f.DurationOrNoneByKind = ByKind(None)
    sla: f.DurationOrNoneByKind = ByKind(None)
    convert: f.ShareByKind = ByKind(1.0)
    quality_weight: f.NumberByKind = ByKind(0.0)
    context_weight: f.ShareByKind = ByKind(0.0)
    rework: f.NonNegativeByKind = ByKind(0.0)
    decay: f.DecayByKind = ByKind(None)
    unready: f.UnreadyByKind = ByKind(Unready())
    nurtures: Nurtures | None = None
    lift: f.PositiveByKind = ByKind(1.0)
    concessions: f.ConcessionsByKind = ByKind(Concessions())
    next: f.DestinationsByKind = ByKind(None)  # None: the following stage in line
    otherwise: f.DestinationsByKind = ByKind((("lost", 1.0),))
    on: On = On()
    aside: bool = False
    at_most: f.CountOrNoneByKind = ByKind(None)
    books: bool | None = None  # None: the last stage in line books if no other does
    label: str | None = None
    key: str | None = None


class Limit(Entry):
    """At most `wip` leads in a stretch of stages."""

    stages: f.Names
    wip: f.PositiveCount
    full: Literal["hold", "turn_away"] = "hold"


# --- customers, phases, the whole -----------------------------------------------------------------------------


class Care(Entry):
    """A due touch in the team's queue."""

    every: f.ElapsedDuration
    effort: f.EffortDist


class Renewal(Entry):
    """Contract renewals."""

    every: f.ElapsedDuration = Duration(1, "y")
    effort: f.EffortDist = constant(0.0, "us")
    churn: f.Share = 0.0


class Health(Entry):
    """How a customer's health moves; all steps are changes on a scale from 0 to 1."""

    start: f.Share = 1.0
    late_onboarding: f.Share = 0.0  # taken off if onboarding ends later than `onboarding_due`
    onboarding_due: f.AnyDuration | None = None
    care_on_time: f.Share = 0.0
    care_late: f.Share = 0.0
    complaint_well: f.Share = 0.0
    complaint_badly: f.Share = 0.0
    ignored_lead: f.Share = 0.0


class Early(Entry):
    """A higher churn hazard at first."""

    factor: f.NonNegative = 1.0
    first: f.ElapsedDuration = Duration(90, "d")


class Expansion(Entry):
    """Leads that existing customers give rise to; `value` is a factor on the customer's value."""

    rate: f.RateField = Rate(0.0, "y")
    to: str | None = None
    value: f.NumberDist = constant(1.0)
    quality: f.Number = 0.0


class Referral(Entry):
    """New leads that customers refer; without `value` the lead draws its segment's value."""

    rate: f.RateField = Rate(0.0, "y")
    to: str | None = None
    value: f.NumberDist | None = None
    quality: f.Number = 0.0


class Complaint(Entry):
    """Complaints, worked by the customers' team."""

    rate: f.RateField = Rate(0.0, "y")
    effort: f.EffortDist = constant(0.0, "us")
    sla: f.AnyDuration | None = None


class RepChange(Entry):
    """What a change of the customer's rep does."""

    health: f.Share = 0.0
    revenue: f.Share = 0.0  # share of the customer's value lost over the next year


class Payment(Entry):
    """When invoices are paid, and the share that never is."""

    delay: f.ElapsedDist = constant(0.0, "us")
    bad_debt: f.Share = 0.0


class Customers(Entry):
    """The life of a customer after the last stage."""

    team: f.TeamsByKind = ByKind(())
    care: f.CareByKind = ByKind(None)
    renewal: f.RenewalByKind = ByKind(None)
    health: Health = Health()
    health_weight: f.NumberByKind = ByKind(0.0)
    churn: f.RateByKind = ByKind(Rate(0.0, "mo"))
    early: f.EarlyByKind = ByKind(Early())
    expansion: f.ExpansionByKind = ByKind(Expansion())
    referral: f.ReferralByKind = ByKind(Referral())
    complaint: f.ComplaintByKind = ByKind(Complaint())
    rep_change: RepChange = RepChange()
    payment: Payment = Payment()


class Opening(Entry):
    """What fills the line at time 0."""

    customers: f.Count = 0
    leads: f.OpeningLeads = ()  # (stage, number) pairs, or rows of a CSV
    deals: str | None = None  # a CSV beside the file, with stage, value, age, owner


class Phase(Entry):
    """Changes laid over the scenario for some time."""

    from_: dt.date = Field(alias="from")
    to: dt.date | None = None
    levers: tuple[str, ...] = ()
    change: f.Fragment = {}


class ScenarioSpec(Entry):
    """A whole scenario after extending and changing."""

    funnelsim: Literal[1] = 1
    name: str = "Untitled"
    description: str = ""
    start: dt.date = dt.date(2026, 1, 1)
    horizon: f.Horizon
    warmup: f.WarmUp = Duration(0, "d")
    currency: str = "USD"
    revenue: Literal["recurring", "one_off"] = "recurring"
    gross_margin: f.Share = 1.0
    costs: f.NamedMoneyRates = ()
    score_accuracy: f.Share = 1.0
    calendars: dict[str, Calendar] = {}
    segments: dict[str, Segment] = {}
    territories: f.WeightsField = ()
    milestones: dict[str, str] = {}
    opening: Opening = Opening()
    sources: dict[str, Source] = {}
    teams: dict[str, Team] = {}
    stages: dict[str, Stage]
    limits: tuple[Limit, ...] = ()
    customers: Customers = Customers()
    phases: tuple[Phase, ...] = ()


__all__ = ["ByKind", "Condition", "Dist", "Duration", "Rate", "ScenarioSpec", "Selector", "Steps", "Weights"]
