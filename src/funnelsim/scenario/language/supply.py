"""Types of what flows in: calendars, segments, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ..forms.base import FormError
from ..forms.entry import Entry
from ..forms.quantities import ByKind, Duration, Rate, constant, every_day
from . import fields as f


class Calendar(Entry):
    """A weekly pattern of open hours, less holidays."""

    days: f.Weekdays = (True, True, True, True, True, True, True)  # mon-fri, or a list; default: all days
    hours: f.Intervals = ((0, 1440),)  # 09:00-12:00, or a list; default: around the clock
    holidays: f.OptionalCountry = None  # ISO country code, optionally with a subdivision: JP, US-CA
    closed: tuple[
        f.DaysOf, ...
    ] = ()  # further days off: 2026-08-10, 2026-08-10..2026-08-14; every year: 12-29..01-03
    week: f.OptionalWeek = None  # hours by weekday, in place of days and hours: {mon-thu: 09:00-17:00}

    @property
    def pattern(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Open intervals of each weekday from Monday, in minutes after midnight."""
        return self.week if self.week is not None else tuple(self.hours if day else () for day in self.days)

    @property
    def open_minutes(self) -> int:
        """Open minutes in a week without holidays; where intervals overlap they count once."""
        total = 0
        for intervals in self.pattern:
            reached = 0
            for opening, closing in sorted(intervals):
                total += max(closing - max(opening, reached), 0)
                reached = max(reached, closing)
        return total

    @property
    def open_days(self) -> int:
        """Days of a week on which it opens at all."""
        return sum(1 for intervals in self.pattern if intervals)

    def check(self) -> None:
        """Raise `FormError` if the week is written twice or has no open hours."""
        if self.week is not None and {"days", "hours"} & self.model_fields_set:
            raise FormError(
                "`week` stands in place of `days` and `hours`; give one or the other", code="E-key-conflict"
            )
        if not any(self.pattern):
            raise FormError("the calendar is never open", code="E-calendar-closed")
        if every_day(self.closed):
            raise FormError("the calendar is closed on every day of the year", code="E-calendar-closed")


class Segment(Entry):
    """A kind of customer."""

    share: f.NonNegative = 1.0  # weight among the segments
    value: f.MoneyDist = constant(0.0)  # money a year, or one-off
    label: f.OptionalText = None  # name shown
    role: f.SegmentRoles = ()  # what it is, for levers: one word or a list


class Pattern(Entry):
    """Multipliers on a source's rate; each list is scaled to mean 1."""

    month: f.OptionalMonths = None  # 12 numbers, or {dec: 0.8}
    weekday: f.OptionalWeekdays = None  # 7 numbers, or {sat-sun: 0.4}
    hour: f.OptionalHours = None  # 24 numbers, or {9-17: 3}


class Burst(Entry):
    """Exactly that many leads, spread evenly at random over a while."""

    at: f.Moment  # a date, a length of time after the start, or warmup + 3 mo
    leads: f.BurstCount  # how many
    over: f.ElapsedDuration = Duration(0, "d")  # the time over which they come


class Readiness(Entry):
    """Shares of a source's leads that are ready, ready later, or never ready."""

    ready: f.NonNegative = 1.0  # default: what later and never leave
    later: f.NonNegative = 0.0  # share that becomes ready after `time`
    never: f.NonNegative = 0.0  # share that never becomes ready
    time: f.ElapsedDist = constant(0.0, "us")  # time in nurturing stages until a later lead is ready

    @classmethod
    def expanded(cls, raw: Any) -> Any:
        """The long form, in which `ready` is what the other shares leave."""
        if isinstance(raw, Mapping) and raw.get("ready") is None and ("later" in raw or "never" in raw):
            others = [raw.get(key) or 0 for key in ("later", "never")]
            if all(isinstance(share, int | float) and 0 <= share <= 1 for share in others):
                return {**raw, "ready": max(0.0, 1.0 - sum(others))}
        return raw if raw is not None else {}

    def check(self) -> None:
        """Raise `FormError` if there are no leads of any readiness."""
        if not self.ready + self.later + self.never > 0:
            raise FormError("at least one of `ready`, `later` and `never` must be above 0", code="E-weights-zero")


def rate_per_hour(rate: Rate, calendar: Calendar | None) -> float:
    """A rate per elapsed hour, over a week without holidays; ``calendar`` None is `always`."""
    if not rate.by_calendar:
        return rate.per_hour
    week = calendar if calendar is not None else Calendar()
    return rate.amount * (week.open_days if rate.unit == "bd" else week.open_minutes / 60.0) / WEEK_HOURS


WEEK_HOURS = 168.0
_OF_A_RATE = "`rate`, such as `rate: 500 / mo`"
_ONE_BY_ONE = "contacts are made one by one, whenever a rep of the team is free and in the team's own hours"
_OWN_DATES = "bursts alone have dates and sizes of their own"


class Source(Entry):
    """Where leads come from."""

    rate: f.OptionalRate = None  # leads per unit of time: 500 / mo; of its calendar: 5 / open h, 20 / bd
    every: f.OptionalElapsedDist = None  # open time of its calendar from one arrival to the next, in place of rate
    team: f.OptionalTeamName = None  # the team that works this source when nothing else waits
    effort: f.OptionalEffort = None  # working time of one contact
    yield_: f.OptionalShare = Field(default=None, alias="yield")  # chance that a contact gives a lead
    market: f.OptionalCount = None  # prospects on the list; default: without end
    cooling: f.OptionalElapsed = None  # rest of a prospect between contacts
    batch: f.Batch = constant(1.0)  # leads of one arrival
    calendar: f.OptionalCalendarName = None  # when leads come; default: always
    pattern: Pattern = Pattern.neutral()  # multipliers by month, weekday and hour
    bursts: tuple[Burst, ...] = ()  # dated batches, after a campaign
    growth: f.Growth = 0.0  # per year
    dispersion: f.AtLeastOne = 1.0  # variance to mean of daily counts; 1 is Poisson
    mix: f.OptionalMix = None  # weights of the segments; default: their shares
    quality: f.Number = 0.0  # mean of true quality, in standard deviations
    readiness: Readiness = Readiness.neutral()  # shares ready, later, never
    cost: f.Money = 0.0  # money per lead
    to: f.StageByKind = ByKind(None)  # stage where leads enter; default: the first
    key: f.OptionalText = None  # former name, whose random draws are kept
    label: f.OptionalText = None  # name shown
    role: f.SourceRoles = ()  # what it is, for levers: one word or a list

    def check(self) -> None:
        """Raise `FormError` if it is not clear how leads come."""
        ways = [name for name in ("rate", "every", "team") if getattr(self, name) is not None]
        if len(ways) > 1:
            raise FormError(
                f"a source has one of rate, every or team, found {' and '.join(ways)}", code="E-source-ways"
            )
        if not ways and not self.bursts:
            raise FormError(
                "a source needs one of rate, every, (team, effort and yield) or bursts", code="E-source-ways"
            )
        if self.team is not None and (self.effort is None or self.yield_ is None):
            raise FormError("a source worked by a team needs effort and yield as well", code="E-key-incomplete")
        worked = [key for key in ("effort", "yield_", "market", "cooling") if getattr(self, key) is not None]
        if self.team is None and worked:
            names = ", ".join(key.rstrip("_") for key in worked)
            belong = "belongs" if len(worked) == 1 else "belong"
            raise FormError(
                f"{names} {belong} to a source worked by a team, but `team` is missing", code="E-key-useless"
            )
        if self.every is not None and self.every.name == "constant" and not self.every.parameters["value"] > 0:
            raise FormError("`every` must be longer than 0", code="E-time-range")
        self._check_shape()

    def _check_shape(self) -> None:
        """Raise `FormError` for what shapes arrivals by `rate` or `every` where leads come in another way."""
        timeless = self.calendar in (None, "always")
        shape = {
            "calendar": not timeless,
            "pattern": self.pattern != Pattern(),
            "growth": self.growth != 0.0,
            "dispersion": self.dispersion != 1.0,
            "batch": self.batch != constant(1.0),
        }
        shaped = [key for key, given in shape.items() if given]
        if self.team is not None and shaped:
            remedy = "give the team another calendar" if shaped == ["calendar"] else f"leave {_them(shaped)} out"
            raise FormError(
                _no_effect(shaped, f"on a source worked by a team, as {_ONE_BY_ONE}; {remedy}"),
                code="E-key-useless",
            )
        if self.rate is None and self.every is None and self.team is None and shaped:
            raise FormError(
                _no_effect(shaped, f"without `rate` or `every`: {_OWN_DATES}; leave {_them(shaped)} out"),
                code="E-key-useless",
            )
        if self.every is not None and self.dispersion != 1.0:
            raise FormError(
                "`dispersion` has no effect with `every`, whose distribution says how evenly leads come; give one"
                f" that varies more, such as a lognormal with a large cv, or {_OF_A_RATE}",
                code="E-key-useless",
            )
        if self.rate is not None and self.rate.by_calendar and timeless:
            unit = self.rate.unit
            raise FormError(
                f"a rate per {unit!r} needs the source's `calendar`, which says when that is; name one of"
                f" `calendars`, or give the rate per elapsed time, such as `{self.rate.amount:g} / h`",
                code="E-source-calendar",
            )


def _them(keys: list[str]) -> str:
    return "it" if len(keys) == 1 else "them"


def _no_effect(keys: list[str], why: str) -> str:
    return f"{' and '.join(f'`{key}`' for key in keys)} {'has' if len(keys) == 1 else 'have'} no effect {why}"
