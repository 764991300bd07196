"""Forms of dates: those of the calendar, and those that are counted from the start or from the warm-up."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from . import remedies
from .amounts import ELAPSED, DurationForm
from .base import Form, FormError, Names, found
from .moments import day_after
from .quantities import Duration
from .signs import ordinary

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LENGTH = re.compile(r"\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d{1,3})?\s*[^\W\d_]+")
_AFTER_WARM_UP = re.compile(r"warmup(?:\s*\+\s*(\S.*))?")
_MONTH = re.compile(r"(1[0-2]|0?[1-9])\s*月(?:から|より)?")
_MEANT = re.compile(
    r"(?:(start|warm[ -]?up|warmup|ウォームアップ)\s*(?:\+|から|の?後)?\s*(\d.*?)?後?)", re.IGNORECASE
)
_DAY_OR_MONTH = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{1,2})")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
START = dt.date(2026, 1, 1)
"""The first day of a run that names none."""
_FROM_START = ", which is a length of time; count it from `start`, and write the date"


def read_date(raw: Any) -> dt.date:
    """A date written as ``2026-04-01``; raises `FormError`."""
    return _read(raw, "expected a date such as 2026-04-01", _FROM_START)


def _read(raw: Any, expected: str, of_a_length: str = "") -> dt.date:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    text = ordinary(raw.strip()) if isinstance(raw, str) else ""
    if not _DATE.fullmatch(text):
        better = remedies.instead(remedies.date(raw)) or without_year(raw, START.year)
        if not better and remedies.duration(raw) is not None:
            better = of_a_length or remedies.instead(remedies.duration(raw))
        raise FormError(f"{expected}, found {found(raw)}{better}", code="E-value-date")
    try:
        date = dt.date.fromisoformat(text)
    except ValueError as error:
        raise FormError(f"there is no such date as {text!r}: {error}", code="E-date-none") from None
    if not FIRST_DAY <= date <= LAST_DAY:
        raise FormError(f"expected a date from {FIRST_DAY} to {LAST_DAY}, found {text}", code="E-date-range")
    return date


def without_year(raw: Any, year: int) -> str:
    """The dates that may be meant by ``11/10``, as the end of a message; empty for anything else."""
    match = _DAY_OR_MONTH.fullmatch(ordinary(str(raw).strip()))
    if match is None:
        return ""
    first, second = int(match[1]), int(match[2])
    either = [(month, day) for month, day in ((first, second), (second, first)) if month <= 12 and 1 <= day <= 31]
    written = [f"{year}-{month:02}-{day:02}" for month, day in dict.fromkeys(either) if month]
    return f", which says no year; write {' or '.join(written)}" if written else ""


def either_day(raw: Any) -> str:
    """The days of every year that may be meant by ``11/10``, as the end of a message; empty where one is clear."""
    match = _DAY_OR_MONTH.fullmatch(ordinary(str(raw).strip()))
    numbers = (int(match[1]), int(match[2])) if match is not None else (0, 0)
    if not all(1 <= number <= 12 for number in numbers) or numbers[0] == numbers[1]:
        return ""
    ways = ((month, day) for month, day in (numbers, numbers[::-1]))
    told = (f"{month:02}-{day:02} for the {_nth(day)} of {_MONTHS[month - 1]}" for month, day in ways)
    return f", which may be either day; write {', or '.join(told)}"


def _nth(day: int) -> str:
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day, 'th') }"


def read_day(raw: Any, names: Names) -> dt.date:
    """A day of a run: a date, or one that is counted from its start (``3 mo``) or its warm-up (``warmup + 3 mo``).

    A length of time that ends within a day leads to the day after; raises `FormError`.
    """
    text = ordinary(raw.strip()) if isinstance(raw, str) else ""
    behind = _AFTER_WARM_UP.fullmatch(text)
    if behind is None and not _LENGTH.fullmatch(text):
        expected = "expected a date such as 2026-04-01, a time after the start such as 3 mo, or warmup + 3 mo"
        meant = _MEANT.fullmatch(text)
        if meant is not None:
            raise FormError(f"{expected}; found {found(raw)}{_instead(meant)}", code="E-value-date")
        return _read(raw, expected)
    if behind is None and (month := _MONTH.fullmatch(text)) is not None:
        number, start = int(month[1]), _start(names)
        year = start.year + (number < start.month)
        raise FormError(
            f"expected a date such as {year}-{number:02}-01, found {found(raw)}; {number} mo would be so many "
            "months after the start",
            code="E-value-date",
        )
    length = text if behind is None else behind[1]
    after = DurationForm(ELAPSED).read(length, names) if length is not None else Duration(0, "d")
    begin = _start(names)
    try:
        day = day_after(begin, *([_warm_up(names)] if behind is not None else []), after)
    except (OverflowError, ValueError):
        day = dt.date.max
    if day > LAST_DAY:
        raise FormError(f"expected a day until {LAST_DAY}, found {raw.strip()} after {begin}", code="E-date-range")
    return day


def _instead(meant: re.Match[str]) -> str:
    """What to write for ``start + 3 mo`` or ``warm-up + 3 months``."""
    length = (remedies.duration(meant[2]) or "").strip("'") if meant[2] else "0 d"
    if not length or " for " in length:
        return ""
    if meant[1].lower() == "start":
        return f"; write {length}"
    return f"; write warmup + {length}" if meant[2] else "; write warmup"


def _start(names: Names) -> dt.date:
    try:
        return START if names.start is None else read_date(names.start)
    except FormError:
        return START  # that it is none is said where it stands


def _warm_up(names: Names) -> Duration:
    try:
        return Duration(0, "d") if names.warmup is None else DurationForm(ELAPSED).read(names.warmup, names)
    except FormError:
        return Duration(0, "d")


DATE_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
COUNTED = rf"warmup|(warmup\s*\+\s*)?\d[\d_]*(\.\d+)?([eE][+-]?\d{{1,3}})?\s*({'|'.join(ELAPSED)})"
"""How a day is written that is counted from the start or the warm-up, for a schema."""


@dataclass(frozen=True)
class DateForm(Form[dt.date]):
    """A date: ``2026-04-01``."""

    made: ClassVar[tuple[type, ...]] = (dt.date,)

    def read(self, raw: Any, names: Names) -> dt.date:
        return read_date(raw)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return dict(DATE_SCHEMA)


@dataclass(frozen=True)
class DayForm(Form[dt.date]):
    """A day of the run: ``2026-04-01``, ``3 mo`` after the start, or ``warmup + 3 mo``."""

    made: ClassVar[tuple[type, ...]] = (dt.date,)

    def read(self, raw: Any, names: Names) -> dt.date:
        return read_day(raw, names)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        defs["day"] = {
            "type": "string",
            "pattern": rf"^\s*(\d{{4}}-\d{{2}}-\d{{2}}|{COUNTED})\s*$",
            "description": "A day: a date, a length of time after the start, or after the warm-up.",
            "examples": ["2026-04-01", "3 mo", "warmup + 3 mo"],
        }
        return {"$ref": "#/$defs/day"}


@dataclass(frozen=True)
class MomentForm(Form["dt.date | Duration"]):
    """A day of the run, or a length of time after the start to the second."""

    made: ClassVar[tuple[type, ...]] = (dt.date, Duration)

    def read(self, raw: Any, names: Names) -> dt.date | Duration:
        if isinstance(raw, str) and _LENGTH.fullmatch(ordinary(raw.strip()).lstrip("+")):
            return DurationForm(ELAPSED).read(raw, names)
        return read_day(raw, names)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return DayForm().schema(defs)
