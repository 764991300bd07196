"""Types of a customer's life after the booking."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ..forms.entry import Entry
from ..forms.quantities import ByKind, Duration, Rate, constant
from . import fields as f


class Care(Entry):
    """A due touch in the team's queue."""

    every: f.Interval  # time between two touches
    effort: f.EffortDist  # working time of a touch


class Renewal(Entry):
    """Contract renewals."""

    every: f.Interval = Duration(1, "y")  # length of a contract
    effort: f.EffortDist = constant(0.0, "us")  # working time of a renewal
    churn: f.Share = 0.0  # probability that the contract is not renewed


class Health(Entry):
    """How a customer's health moves; all steps are changes on a scale from 0 to 1."""

    main: ClassVar[tuple[str, ...]] = ("start",)

    start: f.Share = 1.0  # health of a new customer, from 0 to 1
    late_onboarding: f.Share = 0.0  # taken off at the sla of onboarding, and each 7 days until live
    onboarding_due: f.OptionalDuration = None  # a deadline for the whole of onboarding, from the booking
    care_on_time: f.Share = 0.0  # added
    care_late: f.Share = 0.0  # taken off
    complaint_well: f.Share = 0.0  # added
    complaint_badly: f.Share = 0.0  # taken off
    ignored_lead: f.Share = 0.0  # taken off
    new_face: f.Share = 0.0  # taken off at the booking for each person met so far beyond the first
    lost_context: f.Share = 0.0  # taken off at the booking if handoffs kept no context; in proportion
    day_waited: f.Share = 0.0  # taken off at the booking for each day that the buyer waited for the seller
    rep_skill: f.NonNegative = 0.0  # added for each unit of skill of the customer's rep, while it is theirs


class Early(Entry):
    """A higher churn hazard at first."""

    main: ClassVar[tuple[str, ...]] = ("factor",)

    factor: f.NonNegative = 1.0  # by which the churn hazard is multiplied at first
    first: f.ElapsedDuration = Duration(90, "d")  # how long


class Expansion(Entry):
    """Leads that existing customers give rise to."""

    main: ClassVar[tuple[str, ...]] = ("rate",)

    rate: f.RateField = Rate(0.0, "y")  # per customer
    health_weight: f.LogOdds = 0.0  # exponent of the rate per unit of health
    to: f.OptionalStageName = None  # stage in which the lead begins
    value: f.NumberDist = constant(1.0)  # factor on the customer's value
    quality: f.Number = 0.0  # mean of the leads' quality, in log-odds


class Referral(Entry):
    """New leads that customers refer."""

    main: ClassVar[tuple[str, ...]] = ("rate",)

    rate: f.RateField = Rate(0.0, "y")  # per customer
    health_weight: f.LogOdds = 0.0  # exponent of the rate per unit of health
    to: f.OptionalStageName = None  # stage in which the lead begins
    value: f.OptionalMoneyDist = None  # default: drawn as the segment's value
    quality: f.Number = 0.0  # mean of the leads' quality, in log-odds


class Complaint(Entry):
    """Complaints, worked by the customers' team."""

    main: ClassVar[tuple[str, ...]] = ("rate",)

    rate: f.RateField = Rate(0.0, "y")  # per customer
    effort: f.EffortDist = constant(0.0, "us")  # working time of a complaint
    sla: f.OptionalDuration = None  # answered later, a complaint counts as badly handled


class RepChange(Entry):
    """What a change of the customer's rep does."""

    health: f.Share = 0.0  # step of health at a change of the rep
    revenue: f.Share = 0.0  # share of the customer's value lost over the next year


class Payment(Entry):
    """When invoices are paid, and the share that never is."""

    main: ClassVar[tuple[str, ...]] = ("delay",)

    delay: f.ElapsedDist = constant(0.0, "us")  # time from the booking to the payment
    bad_debt: f.Share = 0.0  # share of invoices that is never paid


CareByKind = Annotated[ByKind[Care | None], f.by_kind(Care)]
RenewalByKind = Annotated[ByKind[Renewal | None], f.by_kind(Renewal)]
EarlyByKind = Annotated[ByKind[Early], f.by_kind(Early, Early.neutral())]
ExpansionByKind = Annotated[ByKind[Expansion], f.by_kind(Expansion, Expansion.neutral())]
ReferralByKind = Annotated[ByKind[Referral], f.by_kind(Referral, Referral.neutral())]
ComplaintByKind = Annotated[ByKind[Complaint], f.by_kind(Complaint, Complaint.neutral())]


class Customers(Entry):
    """The life of a customer after the booking."""

    team: f.TeamsByKind = ByKind(())  # who cares for customers
    care: CareByKind = ByKind(None)  # regular touches
    renewal: RenewalByKind = ByKind(None)  # renewal of contracts
    health: Health = Health.neutral()  # how health moves
    health_weight: f.NumberByKind = ByKind(0.0)  # churn hazard's exponent per unit of health
    churn: f.RateByKind = ByKind(Rate(0.0, "mo"))  # hazard per customer
    early: EarlyByKind = ByKind(Early.neutral())  # a higher hazard at first
    expansion: ExpansionByKind = ByKind(Expansion.neutral())  # leads for more business with a customer
    referral: ReferralByKind = ByKind(Referral.neutral())  # new leads that customers refer
    complaint: ComplaintByKind = ByKind(Complaint.neutral())  # complaints and their work
    rep_change: RepChange = RepChange.neutral()  # what a change of the rep does
    payment: Payment = Payment.neutral()  # when invoices are paid
