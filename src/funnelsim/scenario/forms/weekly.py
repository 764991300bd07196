"""Forms of weekly patterns: weekdays, opening hours, multipliers by month, weekday and hour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from . import remedies
from .base import Adjust, Faults, Form, FormError, Names, found, unknown
from .plain import NumberForm
from .signs import ordinary
from .suggestions import suggestion

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
HOURS = tuple(str(hour) for hour in range(24))
Interval = tuple[int, int]


def span(raw: Any, units: tuple[str, ...], what: str) -> list[int]:
    """Indices of one name or of a range such as ``mon-fri``, which may run over the end of the week."""
    ends = [part.strip().lower() for part in raw.split("-")] if isinstance(raw, str) else [found(raw)]
    if len(ends) > 2:
        raise FormError(
            f"expected a {what} or a range such as {units[0]}-{units[4]}, found {found(raw)}", code="E-value-week"
        )
    meant = [re.search("'([^']+)'", suggestion(end, units) or "") for end in ends if end not in units]
    if len(meant) == 2 and meant[0] and meant[1]:
        raise FormError(f"unknown {what}s {found(raw)}; write {meant[0][1]}-{meant[1][1]}", code="E-name-unknown")
    for end in ends:
        if end not in units:
            raise FormError(unknown(what, end, units), code="E-name-unknown")
    first, last = units.index(ends[0]), units.index(ends[-1])
    return [(first + step) % len(units) for step in range((last - first) % len(units) + 1)]


@dataclass(frozen=True)
class WeekdaysForm(Form[tuple[bool, ...]]):
    """Days of the week: ``mon-fri``, ``mon, wed``, or a list of those."""

    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[bool, ...]:
        parts = [raw] if isinstance(raw, str) else raw
        if not isinstance(parts, list) or not parts:
            raise FormError(f"expected weekdays such as mon-fri, found {found(raw)}", code="E-value-week")
        parts = [day for part in parts for day in (ordinary(part).split(",") if isinstance(part, str) else [part])]
        chosen = {day for part in parts for day in span(part, DAYS, "weekday")}
        return tuple(day in chosen for day in range(7))

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        text = {"type": "string", "examples": ["mon-fri", "tue-sat", "mon, wed, fri"]}
        return {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}


_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def _interval(raw: Any) -> Interval:
    match = _INTERVAL.fullmatch(ordinary(raw.strip())) if isinstance(raw, str) else None
    if match is None:
        better = remedies.instead(remedies.hours(raw))
        raise FormError(f"expected hours such as 09:00-12:00, found {found(raw)}{better}", code="E-value-hours")
    first_hour, first_minute, last_hour, last_minute = (int(part) for part in match.groups())
    first, last = 60 * first_hour + first_minute, 60 * last_hour + last_minute
    if first_minute > 59 or last_minute > 59 or last > 1440:
        raise FormError(f"expected times from 00:00 to 24:00, found {raw!r}", code="E-value-hours")
    if first >= last:
        night = f"[{_clock(first, 1440)}, {_clock(0, last)}]" if first > last > 0 else "two intervals"
        raise FormError(
            f"`opening < closing` must hold, but got {raw!r}; write a night shift as {night}", code="E-order"
        )
    return first, last


def _clock(first: int, last: int) -> str:
    """An interval as it is written."""
    return f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}"


@dataclass(frozen=True)
class IntervalsForm(Form[tuple[Interval, ...]]):
    """Opening hours of a day, as minutes after midnight: one interval or a list; touching ones are merged."""

    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[Interval, ...]:
        faults, intervals = Faults(), []
        for index, text in enumerate(raw if isinstance(raw, list) else [raw]):
            with faults.under(*([index] if isinstance(raw, list) else [])):
                intervals.append(_interval(text))
        faults.check()
        merged: list[Interval] = []
        for first, last in sorted(intervals):
            if merged and first < merged[-1][1]:
                whole = _clock(merged[-1][0], max(last, merged[-1][1]))
                raise FormError(
                    f"{_clock(*merged[-1])} and {_clock(first, last)} overlap; write {whole}",
                    code="E-hours-overlap",
                )
            if merged and first == merged[-1][1]:
                merged[-1] = (merged[-1][0], last)
            else:
                merged.append((first, last))
        return tuple(merged)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        hours = {
            "type": "string",
            "pattern": r"^\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}\s*$",
            "examples": ["09:00-17:00"],
        }
        return {"anyOf": [hours, {"type": "array", "items": hours}]}


@dataclass(frozen=True)
class WeekForm(Form[tuple[tuple[Interval, ...], ...]]):
    """Opening hours by weekday: ``{mon-thu: 09:00-17:00, fri: 09:00-15:00}``; days not named are closed."""

    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def read(self, raw: Any, names: Names) -> tuple[tuple[Interval, ...], ...]:
        if not isinstance(raw, Mapping) or not raw:
            raise FormError(f"expected a mapping of weekdays to hours, found {found(raw)}", code="E-value-shape")
        faults = Faults()
        days: list[tuple[Interval, ...]] = [()] * 7
        for key, value in raw.items():
            with faults.under(key):
                intervals = IntervalsForm().read(value, names) if value is not None else ()
                for day in span(key, DAYS, "weekday"):
                    days[day] = intervals
        faults.check()
        return tuple(days)

    def child(self, key: str) -> Form[Any] | None:
        return IntervalsForm()

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        hours = {"anyOf": [IntervalsForm().schema(defs), {"type": "null"}]}
        return {"type": "object", "minProperties": 1, "additionalProperties": hours}


@dataclass(frozen=True)
class FactorsForm(Form[tuple[float, ...]]):
    """One multiplier for each month, weekday or hour: a list of all, or a mapping in which those left out are 1.

    Ranges include both ends, but for hours ``9-17`` means from 9:00 to 17:00.
    """

    units: tuple[str, ...]
    what: str
    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return NumberForm(low=0)

    def read(self, raw: Any, names: Names) -> tuple[float, ...]:
        faults = Faults()
        factors = [1.0] * len(self.units)
        if isinstance(raw, list):
            if len(raw) != len(self.units):
                raise FormError(
                    f"expected {len(self.units)} numbers, one for each {self.what}, found {len(raw)}",
                    code="E-pattern-length",
                )
            for index, value in enumerate(raw):
                with faults.under(index):
                    factors[index] = NumberForm(low=0).read(value, names)
        elif isinstance(raw, Mapping):
            for key, value in raw.items():
                with faults.under(key):
                    number = NumberForm(low=0).read(value, names)
                    for index in self._indices(key):
                        factors[index] = number
        else:
            raise FormError(
                f"expected {len(self.units)} numbers or a mapping by {self.what}, found {found(raw)}",
                code="E-value-shape",
            )
        faults.check()
        if not sum(factors) > 0:
            raise FormError("at least one multiplier must be above 0", code="E-weights-zero")
        return tuple(factors)

    def _indices(self, key: str) -> list[int]:
        if self.what != "hour" or "-" not in key:
            return span(key, self.units, self.what)
        first, _, last = key.partition("-")
        if not (first.strip().isdecimal() and last.strip().isdecimal() and int(first) < int(last) <= 24):
            raise FormError(f"expected hours such as 9-17, found {key!r}", code="E-value-hours")
        return list(range(int(first), int(last)))

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        numbers = NumberForm()
        if isinstance(old, Mapping):
            return {key: numbers.adjust(value, change, names) for key, value in old.items()}
        return [numbers.adjust(value, change, names) for value in old]

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        first = self.read(old, names) if old is not None else (1.0,) * len(self.units)
        pairs = zip(first, self.read(new, names), strict=True)
        return [NumberForm().blend(a, b, dose, names) for a, b in pairs]

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        number, size = {"type": "number", "minimum": 0}, len(self.units)
        every = {"type": "array", "items": number, "minItems": size, "maxItems": size}
        return {"anyOf": [every, {"type": "object", "additionalProperties": number}]}
