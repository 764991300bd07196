"""What users write: the types of a scenario file, one class for each mapping in it.

Every field has a neutral default that changes nothing, so that the smallest scenario is an exact queueing
network. How texts such as ``12 min`` become quantities is the business of `fields`. A comment behind a field
is its description in the generated JSON Schema, where editors show it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from ..forms.base import Faults, FormError
from ..forms.dates import START
from ..forms.entry import Entry
from ..forms.money import OF_NO_FILE
from ..forms.quantities import ByKind, Condition, Dist, Duration, Rate, Selector, Steps, Weights, constant
from . import fields as f
from .aftercare import (
    Care,
    Complaint,
    Customers,
    Early,
    Expansion,
    Health,
    Payment,
    Referral,
    Renewal,
    RepChange,
)
from .line import Concession, Concessions, Decay, Decision, Handoff, Joint, Limit, Nurtures, On, Stage, Unready
from .people import Absence, Commission, Hiring, Queue, Quota, Ramp, Skill, Speed, Team, TeamCost
from .supply import Burst, Calendar, Pattern, Readiness, Segment, Source
from .texts import Texts


class Deal(Entry):
    """An open deal at time 0: a row of the CSV named by `opening.leads`."""

    stage: f.StageName  # where the deal is
    value: f.OptionalMoney = None  # default: drawn as the segment's value
    source: f.OptionalSourceName = None  # where it came from; default: drawn
    segment: f.OptionalSegmentName = None  # what kind of customer; default: drawn
    territory: f.OptionalTerritoryName = None  # where the customer is; default: drawn
    age: f.AnyDuration = Duration(0, "d")  # time in the stage so far
    touches: f.OptionalCount = None  # touches done; default: all where the deal has an age, none where it waits
    since_touch: f.OptionalDuration = None  # time since the last touch ended; default: the age
    since_created: f.OptionalDuration = None  # time since the deal was created; default: the age
    waited: f.ElapsedDuration = Duration(0, "h")  # waiting for the seller in this stage so far, for decay
    waiting: f.Flag = False  # whether the next touch waits for a rep now
    owner: f.OptionalText = None  # name of the rep
    booked: f.OptionalFlag = None  # won before the start; default: where every way to the stage passes the booking

    def check(self) -> None:
        """Raise `FormError` where what is said of a deal contradicts itself."""
        faults = Faults()
        if self.touches == 0 and self.since_touch is not None:
            faults.add("no touch is done, so none ended some time ago", "since_touch", code="E-key-conflict")
        for longer, shorter in (
            ("age", "since_touch"), ("age", "waited"), ("since_created", "age"), ("since_created", "since_touch"),
        ):  # fmt: skip
            whole, part = getattr(self, longer), getattr(self, shorter)
            if whole is None or part is None or whole.business != part.business:
                continue
            if longer == "age" and not whole.amount:
                continue  # which may be unknown
            if _exact(whole) < _exact(part):
                said = (
                    f"expected at most the {longer} of {whole.amount:g} {whole.unit}, "
                    f"found {part.amount:g} {part.unit}"
                )
                faults.add(said, shorter, code="E-order")
        faults.check()

    @property
    def afresh(self) -> bool:
        """Whether the deal starts its stage afresh, as nothing is said of how it stands."""
        said = (self.age.amount, self.waited.amount, self.waiting)
        return not any(said) and self.touches is None and self.since_touch is None

    @property
    def touches_done(self) -> int | None:
        """How many touches are done; None for all."""
        if self.touches is not None:
            return self.touches
        lasts = self.age.amount > 0 or self.since_touch is not None
        return None if lasts and not self.waiting else 0


def _exact(length: Duration) -> float:
    return length.amount if length.business else float(length.microseconds)


class Opening(Entry):
    """What fills the line at time 0."""

    customers: f.OpeningCount = 0  # customers at the start
    leads: f.StageCounts = ()  # open leads by stage: {propose: 30}, or the name of a CSV
    deals: tuple[Deal, ...] = ()  # open deals one by one, with stage, value, age, owner

    @classmethod
    def expanded(cls, raw: Any) -> Any:
        """The long form, in which rows of a file stand under `deals`."""
        if isinstance(raw, dict) and isinstance(raw.get("leads"), list) and "deals" not in raw:
            return {**{key: value for key, value in raw.items() if key != "leads"}, "deals": raw["leads"]}
        return super().expanded(raw)


class Phase(Entry):
    """Changes laid over the scenario for some time."""

    from_: f.Day = Field(alias="from")  # a date, 3 mo after the start, or warmup + 3 mo
    to: f.OptionalDay = None  # the first day after it; default: for good
    levers: tuple[f.Text, ...] = ()  # levers that hold during the phase
    change: f.Fragment = Field(default_factory=dict)  # changes by path that hold during the phase

    def check(self) -> None:
        """Raise `FormError` if the phase ends before it begins."""
        if self.to is not None and self.to <= self.from_:
            raise FormError(f"`from < to` must hold, but got (from={self.from_}, to={self.to})", code="E-order")


class ScenarioSpec(Entry):
    """A whole scenario after extending and changing."""

    funnelsim: f.Version = 1  # version of the language
    name: f.Text = "Untitled"  # title, in any script
    description: Texts = Field(default_factory=dict)  # what the scenario is about, in a language or several
    start: f.Date = START  # first day
    horizon: f.Horizon  # length of a run, warmup included
    warmup: f.WarmUp = Duration(0, "d")  # time before statistics start
    fiscal_year: f.MonthOfYear = 1  # month in which the fiscal year begins, as in tables by quarter
    scale: f.Scale = 1.0  # so many times as large: people, leads, customers, quotas, limits, costs
    currency: f.Text = OF_NO_FILE  # code or name of the currency of all amounts
    exchange: f.Exchange = ()  # units of the currency for one of another: {USD: 150}
    revenue: Literal["recurring", "one_off"] = "recurring"  # recurring (contracts) or one_off (single sales)
    gross_margin: f.Share = 1.0  # share of revenue that is left after the cost of what is sold
    costs: f.NamedMoneyRates = ()  # {crm: 50_000 / mo}
    score_accuracy: f.Share = 1.0  # correlation of the score that teams see with true quality
    calendars: dict[str, Calendar] = Field(default_factory=dict)  # opening hours by name
    segments: dict[str, Segment] = Field(default_factory=dict)  # kinds of customers by name
    territories: f.WeightsField = ()  # shares of the territories: {east: 0.6, west: 0.4}
    milestones: f.Milestones = Field(
        default_factory=dict
    )  # stages from which KPIs of the field count: {mql: contact}
    opening: Opening = Opening.neutral()  # leads and customers at the start
    sources: dict[str, Source] = Field(default_factory=dict)  # where leads come from, by name
    teams: dict[str, Team] = Field(default_factory=dict)  # teams by name
    stages: dict[str, Stage]  # the line, in order
    limits: tuple[Limit, ...] = ()  # limits on leads in progress
    customers: Customers = Customers.neutral()  # life of customers after the booking
    phases: tuple[Phase, ...] = ()  # changes for some time of the run

    @property
    def entry(self) -> str:
        """The stage in which leads begin where nothing else is said: the first one in line."""
        return next((name for name, stage in self.stages.items() if not stage.aside), next(iter(self.stages)))


@dataclass(frozen=True)
class Period:
    """From ``start`` on (None: from the beginning) the organisation is that of ``spec``."""

    start: dt.date | None  # first day
    spec: ScenarioSpec


__all__ = [
    "Absence", "Burst", "ByKind", "Calendar", "Care", "Commission", "Complaint", "Concession", "Concessions",
    "Condition", "Customers", "Deal", "Decay", "Decision", "Dist", "Duration", "Early", "Entry", "Expansion",
    "Handoff", "Health", "Hiring", "Joint", "Limit", "Nurtures", "On", "Opening", "Pattern", "Payment", "Period",
    "Phase", "Queue", "Quota", "Ramp", "Rate", "Readiness", "Referral", "Renewal", "RepChange", "ScenarioSpec",
    "Segment", "Selector", "Skill", "Source", "Speed", "Stage", "Steps", "Team", "TeamCost", "Unready", "Weights",
    "constant",
]  # fmt: skip
