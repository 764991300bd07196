"""Forms of amounts with a unit: durations, rates, money per time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from . import remedies
from .base import Adjust, Form, FormError, Names, found
from .plain import NumberForm, part_way
from .quantities import HOUR, MICROSECONDS, OPEN_UNITS, Duration, Rate
from .signs import ordinary
from .suggestions import nearest

UNITS = (*MICROSECONDS, "bd")
ELAPSED = tuple(MICROSECONDS)
WORKING = ("s", "min", "h", "bd")
OF_SOURCES = (*ELAPSED, *OPEN_UNITS)
"""Units of a source's rate."""
LONGEST = 1000 * MICROSECONDS["y"]
SHORTEST = 1
"""Microseconds: what is shorter is rounded to nothing, which some lengths must not be."""

_AMOUNT = re.compile(r"([+-]?(?:\d[\d_]*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*([^\W\d_]+)")
_RATE = re.compile(r"([+-]?(?:\d[\d_]*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*(%?)\s*/\s*([^\W\d_]+(?:\s+[^\W\d_]+)?)")
_NUMBER = r"[+-]?\d[\d_]*(\.\d+)?([eE][+-]?\d{1,3})?"

MONEY = "an amount of money"
"""What a rate of money is called."""

A = TypeVar("A", Duration, Rate)


def number_text(number: float) -> str:
    """A number as it is written in a file: the shortest text that reads back as the same number."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(float(number))


def is_number(raw: Any) -> bool:
    """Whether ``raw`` is a number, which truth values are not."""
    return isinstance(raw, int | float) and not isinstance(raw, bool)


class AmountForm(Form[A], Generic[A]):
    """An amount with a unit; the base of durations and rates."""

    def write(self, amount: float, unit: str) -> str:
        """The amount as text."""
        raise NotImplementedError

    def convert(self, value: A, unit: str) -> float:
        """The amount of ``value`` in another unit."""
        raise NotImplementedError

    def of_change(self) -> AmountForm[A]:
        """The form of an amount that is added to one of this form."""
        return self

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        value = self.read(old, names)
        if change.op == "multiply":
            return self.write(value.amount * change.factor, value.unit)
        text = change.amount.strip() if isinstance(change.amount, str) else change.amount
        less = isinstance(text, str) and text.startswith("-")
        try:
            other = self.of_change().read(text[1:].strip() if less else text, names)
        except FormError as wrong:
            raise FormError(*(fault.under((change.op,)) for fault in wrong.faults)) from None
        amount = self.convert(other, value.unit)
        return self.write(value.amount - amount if less else value.amount + amount, value.unit)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if old == new:
            return new
        last = self.read(new, names)
        first = self.convert(self.read(old, names), last.unit)
        return self.write(part_way(first, last.amount, dose), last.unit)

    def default(self, value: Any) -> Any:
        return None if value is None else self.write(value.amount, value.unit)


@dataclass(frozen=True)
class DurationForm(AmountForm[Duration]):
    """A length of time with its unit: ``30 min``, ``2 h``, ``3 d``, ``1 w``, ``2 mo``, ``1 y``, ``5 bd``."""

    units: tuple[str, ...] = UNITS
    positive: bool = False
    made: ClassVar[tuple[type, ...]] = (Duration,)

    def of_change(self) -> AmountForm[Duration]:
        return DurationForm(self.units)

    def read(self, raw: Any, names: Names) -> Duration:
        units = ", ".join(self.units)
        bare = raw if is_number(raw) else remedies.plain(raw)
        if bare is not None:
            some = " or ".join(f"'{bare} {unit}'" for unit in (("d", "mo") if "d" in self.units else ("min", "h")))
            message = f"found the bare number {bare}; a length of time needs a unit, one of {units}: write {some}"
            raise FormError(message, code="E-time-unit")
        match = _AMOUNT.fullmatch(ordinary(raw.strip())) if isinstance(raw, str) else None
        if match is None:
            message = f"expected a length of time such as '2 h', found {found(raw)}"
            better = remedies.instead(remedies.duration(raw, self.units)) or remedies.give_or_take(raw)
            raise FormError(message + better, code="E-value-time")
        amount, unit = float(match[1].replace("_", "")), match[2]
        if unit not in self.units:
            raise FormError(self._unit_fault(unit, raw), code="E-unit-unknown")
        if amount < 0 or (self.positive and amount == 0):
            raise FormError(
                f"a length of time must be {'above' if self.positive else 'at least'} 0, found {raw!r}",
                code="E-time-range",
            )
        if self.positive and amount * MICROSECONDS.get(unit, MICROSECONDS["d"]) < SHORTEST:
            raise FormError(
                f"a length of time must be at least 1 microsecond here, found {raw!r}", code="E-time-range"
            )
        if amount * MICROSECONDS.get(unit, MICROSECONDS["d"]) > LONGEST:
            raise FormError(f"a length of time may be at most 1000 years, found {raw!r}", code="E-time-range")
        return Duration(amount, unit)

    def _unit_fault(self, unit: str, raw: str) -> str:
        units, better = ", ".join(self.units), remedies.instead(remedies.duration(raw, self.units))
        if unit == "bd":
            return f"business days (bd) have no meaning here; use one of {units}"
        if unit in MICROSECONDS:
            return f"working time is given in {units}, found the unit {unit!r}{better or '; write it in h'}"
        close = nearest(unit, self.units) if len(unit) > 1 and not better else None
        return f"unknown unit {unit!r}; expected one of {units}" + (
            f"; did you mean {close!r}?" if close else better
        )

    def write(self, amount: float, unit: str) -> str:
        return f"{number_text(amount)} {unit}"

    def convert(self, value: Duration, unit: str) -> float:
        if value.unit == unit:
            return value.amount
        if "bd" in (value.unit, unit):
            raise FormError(
                f"business days and elapsed time cannot be mixed: {value.unit} and {unit}", code="E-unit-mixed"
            )
        return value.amount * MICROSECONDS[value.unit] / MICROSECONDS[unit]

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        name = "duration_" + "_".join(self.units)
        defs[name] = {
            "type": "string",
            "pattern": rf"^\s*{_NUMBER}\s*({'|'.join(self.units)})\s*$",
            "description": f"A length of time: a number and a unit, one of {', '.join(self.units)}.",
        }
        return {"$ref": f"#/$defs/{name}"}


@dataclass(frozen=True)
class RateForm(AmountForm[Rate]):
    """So many (or so much money) per unit of time: ``2 / h``, ``500 / mo``, ``106_250 / y``."""

    what: str = "a rate"
    units: tuple[str, ...] = ELAPSED
    made: ClassVar[tuple[type, ...]] = (Rate,)

    def read(self, raw: Any, names: Names) -> Rate:
        if is_number(raw):
            raise FormError(
                f"found the bare number {raw}; {self.what} needs a unit of time: {self._with_unit(raw)}",
                code="E-rate-unit",
            )
        match = _RATE.fullmatch(ordinary(raw.strip())) if isinstance(raw, str) else None
        if match is None or (match[2] and self.money):
            raise FormError(self._refusal(raw), code="E-value-rate")
        amount, unit = float(match[1].replace("_", "")) / (100 if match[2] else 1), " ".join(match[3].split())
        if unit not in self.units:
            raise FormError(self._unit_fault(unit, raw), code="E-unit-unknown")
        if not 0 <= amount <= 1e15:
            raise FormError(f"{self.what} must be at least 0 and at most 1e15, found {raw!r}", code="E-rate-range")
        return Rate(amount, unit)

    @property
    def money(self) -> bool:
        """Whether these are amounts of money."""
        return self.what == MONEY

    def _with_unit(self, raw: float) -> str:
        """Both that a bare number is likely to mean; of money, from some thousands on, rather that of a year."""
        month, year = f"'{remedies.written(raw)} / mo' for a month", f"'{remedies.written(raw)} / y' for a year"
        return f"write {year}, {month}" if self.money and raw >= 10_000 else f"write {month}, {year}"

    def _refusal(self, raw: Any) -> str:
        """What is said of something that is no rate at all."""
        example = "'106_250 / y'" if self.money else "'2 / h'"
        message = f"expected {self.what} such as {example}, found {found(raw)}"
        if not isinstance(raw, str):
            return message
        if remedies.give_or_take(raw):
            return message + remedies.give_or_take(raw)
        better = remedies.rate(raw, self.units)
        if better is not None and not ("%" in raw and self.money):
            return message + remedies.instead(better)
        amount = remedies.value(raw)
        if amount is not None and (self.money or remedies.duration(raw) is None):
            return f"{message}; {self._with_unit(amount)}"
        if remedies.duration(raw) is None:
            return message
        better = "money per time, such as '40 / h'" if self.money else f"`every: {raw.strip()}` in place of `rate`"
        return f"{message}, which is a length of time; write {better}"

    def _unit_fault(self, unit: str, raw: str) -> str:
        if unit in OPEN_UNITS:
            return f"only the rate of a source can be given per {unit!r}; use one of {', '.join(self.units)}"
        better = remedies.rate(raw, self.units)
        close = nearest(unit, self.units) if better is None and len(unit) > 1 else None
        hint = f"; did you mean {close!r}?" if close else remedies.instead(better)
        return f"unknown unit {unit!r}; expected one of {', '.join(self.units)}{hint}"

    def write(self, amount: float, unit: str) -> str:
        return f"{number_text(amount)} / {unit}"

    def convert(self, value: Rate, unit: str) -> float:
        if value.unit == unit:
            return value.amount
        if unit in OPEN_UNITS or value.by_calendar:
            raise FormError(
                f"rates by the calendar and by elapsed time cannot be mixed: {value.unit} and {unit}",
                code="E-unit-mixed",
            )
        return value.amount * MICROSECONDS[unit] / MICROSECONDS[value.unit]

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        name = "rate" if self.units == ELAPSED else "rate_of_source"
        units = "|".join(self.units).replace(" ", r"\s+")
        more = ", 5 / open h, 20 / bd" if self.units != ELAPSED else ""
        defs[name] = {
            "type": "string",
            "pattern": rf"^\s*{_NUMBER}\s*%?\s*/\s*({units})\s*$",
            "description": f"So many, or so much money, per unit of time: 2 / h, 500 / mo, 106_250 / y{more}.",
        }
        return {"$ref": f"#/$defs/{name}"}


@dataclass(frozen=True)
class PerYearForm(Form[float]):
    """A number per year, written plainly (``0.2``), as a percentage or as a rate (``0.2 / y``)."""

    def read(self, raw: Any, names: Names) -> float:
        if isinstance(raw, str) and "/" in raw:
            rate = RateForm().read(raw, names)
            number = RateForm().convert(rate, "y")
        else:
            number = NumberForm(low=0).read(raw, names)
        if number > 100:
            raise FormError(f"expected at most 100 a year, found {raw!r}", code="E-rate-range")
        return number

    def expand(self, raw: Any, names: Names) -> Any:
        try:
            return self.read(raw, names)
        except FormError:
            return raw

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        return NumberForm().adjust(self.read(old, names), change, names)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        return NumberForm().blend(self.read(old, names), self.read(new, names), dose, names)

    def default(self, value: Any) -> Any:
        return value

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"anyOf": [NumberForm(low=0).schema(defs), RateForm().schema(defs)]}


def hours_text(microseconds: float) -> str:
    """Microseconds written as a duration."""
    return f"{number_text(microseconds / HOUR)} h"
