"""The quantities a scenario is written in: durations, rates, distributions, values by kind, dated steps."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from funnelsim.unchanging import OF_SCENARIOS, kept

T = TypeVar("T")
N = TypeVar("N", int, float)
_LEAP_YEAR = 2000

HOUR = 3_600_000_000
"""Microseconds in an hour."""

MICROSECONDS: dict[str, int] = {
    "s": HOUR // 3600,
    "min": HOUR // 60,
    "h": HOUR,
    "d": 24 * HOUR,
    "w": 7 * 24 * HOUR,
    "mo": 730 * HOUR + HOUR // 2,  # 365.25 / 12 days
    "y": 8766 * HOUR,  # 365.25 days
}
"""Elapsed microseconds in each unit of time; ``bd`` (business day) is measured on a calendar instead."""


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class Duration:
    """A length of time as written: ``30 min`` is ``Duration(30, "min")``.

    ``unit`` is a key of `MICROSECONDS`, or ``bd``.
    """

    amount: float
    unit: str

    @property
    def business(self) -> bool:
        """Whether this counts business days, so that its length depends on a calendar."""
        return self.unit == "bd"

    @property
    def microseconds(self) -> int:
        """Elapsed microseconds, rounded half up.

        Raises
        ------
        ValueError
            For business days, which have no elapsed length of their own.
        """
        if self.business:
            raise ValueError("business days have no elapsed length without a calendar")
        return int(self.amount * MICROSECONDS[self.unit] + 0.5)


OPEN_UNITS = ("open h", "bd")
"""Units of time that pass only while a calendar is open: an open hour, and a business day."""


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class Rate:
    """So many per unit of time: ``2 / h`` is ``Rate(2, "h")``.

    ``unit`` is a key of `MICROSECONDS`, or one of `OPEN_UNITS`.
    """

    amount: float
    unit: str

    @property
    def by_calendar(self) -> bool:
        """Whether this counts open time, so that what it comes to depends on a calendar."""
        return self.unit in OPEN_UNITS

    @property
    def per_hour(self) -> float:
        """The rate per elapsed hour.

        Raises
        ------
        ValueError
            For a rate per open hour or business day, which needs a calendar.
        """
        if self.by_calendar:
            raise ValueError("a rate per open hour or business day needs a calendar")
        return self.amount * HOUR / MICROSECONDS[self.unit]


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class Dist:
    """A probability distribution.

    Parameters
    ----------
    name : str
        ``constant``, ``exponential``, ``lognormal``, ``gamma``, ``weibull``, ``uniform``, ``triangular``,
        ``erlang``, ``empirical``, or the name of a distribution in `scipy.stats`.
    params : tuple of (str, float)
        Parameters as named in the file, except that every duration has become a number in ``unit``.
    unit : str
        ``us`` (microseconds), ``bd`` (business days), or empty for a plain number.
    values : tuple of float
        The values of an ``empirical`` distribution, in ``unit``.
    times : int
        That many independent draws are summed.
    meets : Duration or None
        The result ends on the buyer's next meeting, held at this interval.
    scale : float
        Factor on the result; what ``{multiply: x}`` in a change acts on.
    shift : float
        Added to the result, in ``unit``; what ``{add: x}`` in a change acts on.
    """

    name: str
    params: tuple[tuple[str, float], ...] = ()
    unit: str = ""
    values: tuple[float, ...] = ()
    times: int = 1
    meets: Duration | None = None
    scale: float = 1.0
    shift: float = 0.0

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters as a mapping."""
        return dict(self.params)


def constant(value: float, unit: str = "") -> Dist:
    """A distribution with all its mass on ``value``."""
    return Dist("constant", (("value", float(value)),), unit)


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class ByKind(Generic[T]):
    """A value that may differ by kind of lead.

    ``cases`` holds pairs of a name (a segment, territory, source or origin) and the value for leads of that
    kind; the first that fits counts. ``other`` is the value of all other leads.
    """

    other: T
    cases: tuple[tuple[str, T], ...] = ()

    @property
    def values(self) -> tuple[T, ...]:
        """Every value some lead may have: that of the rest first, then those of the cases."""
        return (self.other, *(value for _, value in self.cases))

    def of(self, kind: str) -> T:
        """The value that is written for a kind, or else that of all others."""
        return dict(self.cases).get(kind, self.other)


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class Steps(Generic[T]):
    """A value that changes at dates: pairs of the date from which it holds (None: the start) and the value."""

    steps: tuple[tuple[dt.date | None, T], ...]

    @property
    def first(self) -> T:
        """The value at the start."""
        return self.steps[0][1]

    def at(self, when: dt.date | None) -> T | None:
        """The value on a date, where None is before all dates; None if there is none yet."""
        begun = [value for date, value in self.steps if date is None or (when is not None and date <= when)]
        return begun[-1] if begun else None


def added(every: Sequence[Steps[N]]) -> Steps[N]:
    """Numbers that change at dates, added up; before its first date each is 0."""
    dates = sorted({date for steps in every for date, _ in steps.steps}, key=lambda date: date or dt.date.min)
    return Steps(tuple((date, sum(steps.at(date) or 0 for steps in every)) for date in dates))


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class Yearly:
    """Days that come again every year, from ``first`` to ``last``, each a month and a day, both included.

    Where the last stands before the first in the year, they go over its turn. 29 February is a day of leap years
    only, so that ``02-29`` alone is no day in the others.
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def of(self, year: int) -> tuple[dt.date, dt.date] | None:
        """The days that begin in a year; None if there are none."""
        first = _day(year, self.first, after=True)
        last = _day(year + (self.last < self.first), self.last, after=False)
        return (first, last) if first <= last else None


def _day(year: int, month_and_day: tuple[int, int], after: bool) -> dt.date:
    """A day of a year; for 29 February in other years the day after or before."""
    if month_and_day == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 3, 1) if after else dt.date(year, 2, 28)
    return dt.date(year, *month_and_day)


QUARTERS = 4
"""Parts of a post that can be planned: a person works all of the time, or 3, 2 or 1 quarters of it."""


def posts(people: float) -> int:
    """How many posts so many people have: for 2.5 three, of which the last is half of one."""
    return math.ceil(people)


Days = tuple[dt.date, dt.date] | Yearly
"""Days from one date to another, both included, once or every year."""


def spans(days: Iterable[Days], begin: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The first and the last of days off that fall between two dates, at least."""
    for one in days:
        if not isinstance(one, Yearly):
            yield one
            continue
        every = (one.of(year) for year in range(begin.year - 1, end.year + 1))
        yield from (span for span in every if span is not None)


def every_day(days: Iterable[Days]) -> bool:
    """Whether days that come again every year leave no day of a year."""
    yearly = [one for one in days if isinstance(one, Yearly)]
    if not yearly:
        return False
    year = [dt.date(_LEAP_YEAR, 1, 1) + dt.timedelta(number) for number in range(366)]
    off = list(spans(yearly, year[0], year[-1]))
    return bool(off) and all(any(first <= day <= last for first, last in off) for day in year)


@kept(OF_SCENARIOS)
@dataclass(frozen=True)
class Condition:
    """One selector: every part that is given must hold.

    The name parts hold sets of names (empty: any); the bounds are None where not given.
    """

    segment: frozenset[str] = field(default_factory=frozenset)
    territory: frozenset[str] = field(default_factory=frozenset)
    source: frozenset[str] = field(default_factory=frozenset)
    origin: frozenset[str] = field(default_factory=frozenset)
    stage: frozenset[str] = field(default_factory=frozenset)
    value_at_least: float | None = None
    value_below: float | None = None
    score_at_least: float | None = None
    score_below: float | None = None


Selector = tuple[Condition, ...]
"""Conditions of which any must hold; an empty selector selects nothing."""

Weights = tuple[tuple[str, float], ...]
"""Names with weights, in file order, as written (not normalised)."""
