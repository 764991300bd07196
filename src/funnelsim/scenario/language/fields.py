"""The types of fields: what each value is, and the form it is written in.

A name here reads as the value's type for a type checker and carries the form that reads it for pydantic.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ..forms.amounts import (
    ELAPSED,
    OF_SOURCES,
    UNITS,
    WORKING,
    DurationForm,
    PerYearForm,
    RateForm,
)
from ..forms.dates import DateForm, DayForm, MomentForm
from ..forms.days import DaysForm
from ..forms.distributions import DistForm
from ..forms.entry import Entry, EntryForm, FragmentForm
from ..forms.holiday import CountryForm
from ..forms.kinds import ByKindForm, StepsForm
from ..forms.money import ExchangeForm, MoneyForm, MoneyRateForm, PerPeriodForm
from ..forms.names import CountsForm, MixtureForm, NamedRatesForm, NameForm, NamesForm, NumbersForm, WeightsForm
from ..forms.plain import FlagForm, NumberForm, PeopleForm, TextForm, TimesForm, VersionForm
from ..forms.quantities import ByKind, Days, Dist, Duration, Rate, Selector, Steps, Weights, constant
from ..forms.roles import RolesForm
from ..forms.selectors import SelectorForm
from ..forms.weekly import DAYS, HOURS, MONTHS, FactorsForm, IntervalsForm, WeekdaysForm, WeekForm

RULES = ("fifo", "lifo", "score", "value", "expected_value", "value_per_hour", "due", "at_risk", "random")
MOST_REPS = 100_000
MOST_LEADS = 100_000_000
_BIG = 1_000_000_000

# --- numbers, texts, dates

Text = Annotated[str, TextForm()]
OptionalText = Annotated[str | None, TextForm()]
Flag = Annotated[bool, FlagForm()]
OptionalFlag = Annotated[bool | None, FlagForm()]
Number = Annotated[float, NumberForm()]
OptionalNumber = Annotated[float | None, NumberForm()]
NonNegative = Annotated[float, NumberForm(low=0)]
Times = Annotated[float, TimesForm()]
Scale = Annotated[float, TimesForm(low=0.001, high=1000)]
Positive = Annotated[float, NumberForm(above=0)]
PerPeriod = Annotated[float, PerPeriodForm(above=0)]
Factor = Annotated[float, NumberForm(low=1e-6, high=1000)]
_LOG_ODDS = NumberForm(low=-40, high=40, percent=False)
LogOdds = Annotated[float, _LOG_ODDS]
SeatWeight = Annotated[int, NumberForm(low=1, high=1_000_000, whole=True)]
DaysOff = Annotated[float, NumberForm(low=0, high=365)]
AtLeastOne = Annotated[float, NumberForm(low=1, high=1000)]
Share = Annotated[float, NumberForm(low=0, high=1)]
OptionalShare = Annotated[float | None, NumberForm(low=0, high=1)]
PositiveShare = Annotated[float, NumberForm(low=1e-6, high=1)]
Count = Annotated[int, NumberForm(low=0, high=_BIG, whole=True)]
OptionalCount = Annotated[int | None, NumberForm(low=0, high=_BIG, whole=True)]
PositiveCount = Annotated[int, NumberForm(low=1, high=_BIG, whole=True)]
OptionalPositiveCount = Annotated[int | None, NumberForm(low=1, high=_BIG, whole=True)]
BurstCount = Annotated[int, NumberForm(low=0, high=MOST_LEADS, whole=True)]
PerYear = Annotated[float, PerYearForm()]
MonthOfYear = Annotated[int, NumberForm(low=1, high=12, whole=True)]
Growth = Annotated[float, NumberForm(above=-1, high=100)]
Date = Annotated[dt.date, DateForm()]
Day = Annotated[dt.date, DayForm()]
OptionalDay = Annotated[dt.date | None, DayForm()]
DaysOf = Annotated[Days, DaysForm()]
Moment = Annotated[dt.date | Duration, MomentForm()]
Period = Literal["month", "quarter", "half_year", "year"]

# --- time and money

AnyDuration = Annotated[Duration, DurationForm(UNITS)]
OptionalDuration = Annotated[Duration | None, DurationForm(UNITS)]
ElapsedDuration = Annotated[Duration, DurationForm(ELAPSED)]
OptionalElapsed = Annotated[Duration | None, DurationForm(ELAPSED)]
Interval = Annotated[Duration, DurationForm(ELAPSED, positive=True)]
OptionalInterval = Annotated[Duration | None, DurationForm(ELAPSED, positive=True)]
Horizon = Annotated[Duration, DurationForm(ELAPSED, positive=True)]
WarmUp = Annotated[Duration, DurationForm(ELAPSED)]
RateField = Annotated[Rate, RateForm()]
OptionalRate = Annotated[Rate | None, RateForm(units=OF_SOURCES)]
Money = Annotated[float, MoneyForm(low=0)]
OptionalMoney = Annotated[float | None, MoneyForm()]
MoneyRate = Annotated[Rate, MoneyRateForm()]
MoneyDist = Annotated[Dist, DistForm(money=True)]
OptionalMoneyDist = Annotated[Dist | None, DistForm(money=True)]
Exchange = Annotated[tuple[tuple[str, float], ...], ExchangeForm()]
NamedMoneyRates = Annotated[tuple[tuple[str, Rate], ...], NamedRatesForm()]
ElapsedDist = Annotated[Dist, DistForm(ELAPSED)]
OptionalElapsedDist = Annotated[Dist | None, DistForm(ELAPSED)]
EffortDist = Annotated[Dist, DistForm(WORKING)]
OptionalEffort = Annotated[Dist | None, DistForm(WORKING)]
DelayDist = Annotated[Dist, DistForm(UNITS, buyers=True)]
VacancyDist = Annotated[Dist, DistForm(UNITS)]
NumberDist = Annotated[Dist, DistForm()]
Batch = Annotated[Dist, DistForm(high=1_000_000)]

# --- the week

Weekdays = Annotated[tuple[bool, ...], WeekdaysForm()]
Intervals = Annotated[tuple[tuple[int, int], ...], IntervalsForm()]
OptionalWeek = Annotated[tuple[tuple[tuple[int, int], ...], ...] | None, WeekForm()]
OptionalCountry = Annotated[str | None, CountryForm()]
OptionalMonths = Annotated[tuple[float, ...] | None, FactorsForm(MONTHS, "month")]
OptionalWeekdays = Annotated[tuple[float, ...] | None, FactorsForm(DAYS, "weekday")]
OptionalHours = Annotated[tuple[float, ...] | None, FactorsForm(HOURS, "hour")]

# --- names

TeamName = Annotated[str, NameForm("team")]
OptionalTeamName = Annotated[str | None, NameForm("team")]
StageName = Annotated[str, NameForm("stage")]
OptionalStageName = Annotated[str | None, NameForm("stage")]
OptionalSourceName = Annotated[str | None, NameForm("source")]
OptionalSegmentName = Annotated[str | None, NameForm("segment")]
OptionalTerritoryName = Annotated[str | None, NameForm("territory")]
OptionalCalendarName = Annotated[str | None, NameForm("calendar")]
Names = Annotated[tuple[str, ...], NamesForm("stage")]
TeamNames = Annotated[tuple[str, ...], NamesForm("team")]
Milestones = dict[str, StageName]
Counts = Annotated[tuple[tuple[str, int], ...], CountsForm("territory", even=True)]
LogOddsByStage = Annotated[tuple[tuple[str, float], ...], NumbersForm("stage", _LOG_ODDS)]
FactorByStage = Annotated[
    tuple[tuple[str, float], ...], NumbersForm("stage", NumberForm(low=1e-6, high=1000), 1.0)
]
StageCounts = Annotated[tuple[tuple[str, int], ...], CountsForm("stage")]
OpeningCount = Annotated[int, NumberForm(low=0, high=10_000_000, whole=True)]
StageRoles = Annotated[tuple[str, ...], RolesForm("stages")]
TeamRoles = Annotated[tuple[str, ...], RolesForm("teams")]
SourceRoles = Annotated[tuple[str, ...], RolesForm("sources")]
SegmentRoles = Annotated[tuple[str, ...], RolesForm("segments")]
Version = Annotated[int, VersionForm()]
Headcount = Annotated[Steps[float], StepsForm(PeopleForm(high=MOST_REPS))]
WeightsField = Annotated[Weights, WeightsForm()]
OptionalMix = Annotated[Weights | None, WeightsForm("segment")]
StageWeights = Annotated[Weights, WeightsForm("stage")]
RuleWeights = Annotated[Weights, MixtureForm(single=True, choices=RULES)]
_ONWARD = WeightsForm(single=True)
_AWAY = WeightsForm(single=True, refused=("won", "advanced", "end"))
OptionalDestinations = Annotated[Weights | None, _AWAY]
SelectorField = Annotated[Selector, SelectorForm()]
OptionalSelector = Annotated[Selector | None, SelectorForm()]
Fragment = Annotated[dict[str, Any], FragmentForm()]

# --- values by kind of lead

ShareByKind = Annotated[ByKind[float], ByKindForm(NumberForm(low=0, high=1), 1.0)]
WeightByKind = Annotated[ByKind[float], ByKindForm(NumberForm(low=0, high=1), 0.0)]
NumberByKind = Annotated[ByKind[float], ByKindForm(NumberForm(), 0.0)]
NonNegativeByKind = Annotated[ByKind[float], ByKindForm(NumberForm(low=0), 0.0)]
PositiveByKind = Annotated[ByKind[float], ByKindForm(NumberForm(above=0), 1.0)]
CountOrNoneByKind = Annotated[ByKind[int | None], ByKindForm(NumberForm(low=1, high=_BIG, whole=True))]
RateByKind = Annotated[ByKind[Rate], ByKindForm(RateForm(), Rate(0.0, "mo"))]
TouchesByKind = Annotated[ByKind[Dist], ByKindForm(DistForm(high=10_000), constant(1.0))]
EffortByKind = Annotated[ByKind[Dist], ByKindForm(DistForm(WORKING), constant(0.0, "us"))]
DelayByKind = Annotated[ByKind[Dist], ByKindForm(DistForm(UNITS, buyers=True), constant(0.0, "us"))]
DelayOrNoneByKind = Annotated[ByKind[Dist | None], ByKindForm(DistForm(UNITS, buyers=True))]
DurationOrNoneByKind = Annotated[ByKind[Duration | None], ByKindForm(DurationForm(UNITS))]
StageByKind = Annotated[ByKind[str | None], ByKindForm(NameForm("stage"))]
TeamsByKind = Annotated[ByKind[tuple[str, ...]], ByKindForm(NamesForm("team"), ())]
NextByKind = Annotated[ByKind[Weights | None], ByKindForm(_ONWARD)]
OtherwiseByKind = Annotated[ByKind[Weights], ByKindForm(_AWAY, (("lost", 1.0),))]


def by_kind(kind: type[Entry], neutral: Any = None) -> ByKindForm:
    """The form of a mapping of some type that may differ by kind of lead."""
    return ByKindForm(EntryForm(kind), neutral)
