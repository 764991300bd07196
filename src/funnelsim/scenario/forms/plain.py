"""Forms of plain values: flags, texts, choices, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import remedies
from .base import Adjust, Form, FormError, Names, found
from .quantities import QUARTERS
from .signs import ordinary
from .suggestions import ending

_YES = frozenset(("yes", "y", "on", "1", "true", "t", "はい", "有", "あり", "○"))
_NO = frozenset(("no", "n", "off", "0", "false", "f", "いいえ", "無", "なし", "×"))


def flag_of(text: str) -> bool | None:
    """What a word for yes or no stands for; None for any other."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a value that a file which extends another may take away by ``null``."""
    return {"anyOf": [schema, {"type": "null"}]}


@dataclass(frozen=True)
class FlagForm(Form[bool]):
    """``true`` or ``false``."""

    def read(self, raw: Any, names: Names) -> bool:
        if not isinstance(raw, bool):
            meant = flag_of(str(raw))
            better = None if meant is None else str(meant).lower()
            raise FormError(
                f"expected true or false, found {found(raw)}{remedies.instead(better)}", code="E-value-flag"
            )
        return raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class TextForm(Form[str]):
    """Any text; a number counts as its digits, since labels such as 2026 need no quotes."""

    def read(self, raw: Any, names: Names) -> str:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise FormError(f"expected text, found {found(raw)}", code="E-value-text")
        if len(str(raw)) > 10_000:
            raise FormError("text may have at most 10,000 characters", code="E-size-text")
        return str(raw)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": ["string", "number"]}


@dataclass(frozen=True)
class ChoiceForm(Form[str]):
    """One name out of a fixed set."""

    choices: tuple[str, ...]

    def read(self, raw: Any, names: Names) -> str:
        if not isinstance(raw, str) or raw not in self.choices:
            hint = ending(raw, self.choices) if isinstance(raw, str) else ""
            raise FormError(
                f"expected one of {', '.join(self.choices)}, found {found(raw)}{hint}", code="E-value-choice"
            )
        return raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"enum": list(self.choices)}


_PERCENT = re.compile(r"([+-]?\d[\d_]*(?:\.\d+)?)\s*%")


def part_way(first: float, last: float, dose: float) -> float:
    """A number so far on the way to another, to twelve digits: 0.3 in place of 0.30000000000000004.

    So that a number which a dose makes can be written, read by people, and gives the same when it is read again.
    """
    number = first + dose * (last - first)
    return float(f"{number:.12g}") if 0 < dose < 1 else number


@dataclass(frozen=True)
class NumberForm(Form[float]):
    """A number between bounds; ``5 %`` is 0.05.

    ``above`` bounds it from below without being reached itself, ``low`` and ``high`` may be reached. Without
    ``percent`` there are no percentages of it, as of log-odds.
    """

    low: float = -1e15
    high: float = 1e15
    above: float | None = None
    whole: bool = False
    percent: bool = True

    def read(self, raw: Any, names: Names) -> float:
        if isinstance(raw, str) and self._in_percent and (match := _PERCENT.fullmatch(ordinary(raw.strip()))):
            number: float = float(match[1].replace("_", "")) / 100
        elif isinstance(raw, bool) or not isinstance(raw, int | float):
            raise FormError(
                f"expected {self._words()}, found {found(raw)}{self._remedy(raw)}", code="E-value-number"
            )
        else:
            number = raw
        if not self._fits(number):
            code = "E-share-range" if self.is_share else "E-number-range"
            raise FormError(f"expected {self._words()}, found {found(raw)}{self._remedy(raw)}", code=code)
        return self._made(number)

    def _made(self, number: float) -> float:
        return int(number) if self.whole else float(number)

    @property
    def _in_percent(self) -> bool:
        return self.percent and not self.whole

    def _remedy(self, raw: Any) -> str:
        """What to write instead, where that can be told."""
        if isinstance(raw, str):
            number = remedies.value(raw)
            per = None if number is not None else remedies.rate(raw, remedies.ALL)
            if per is not None:
                return f", which is so many per time; {self._alone(per)}"
            if number is None and remedies.give_or_take(raw):
                return remedies.give_or_take(raw)
            if number is None or not self._fits(number):
                return ""
            if raw.strip() == remedies.number(raw):
                return f"; write {raw.strip()} without quotation marks"
            return remedies.instead(remedies.number(raw))
        if (
            self.high == 1
            and not self.whole
            and not isinstance(raw, bool)
            and isinstance(raw, int | float)
            and 1 < raw <= 100
        ):
            share, percent = remedies.written(raw / 100), remedies.written(raw)
            return f"; write {share} or {percent} % if {percent} of 100 are meant"
        if self.whole and isinstance(raw, float) and math.isfinite(raw) and self._fits(round(raw)):
            return f"; the nearest whole number is {round(raw):,}"
        return ""

    def _alone(self, per: str) -> str:
        """What to write for so many per time, such as ``'300 / mo'``."""
        return f"write the number alone: {per.partition('/')[0].strip(chr(39) + ' ')}"

    def _fits(self, number: float) -> bool:
        if not math.isfinite(number) or (self.whole and number != int(number)):
            return False
        return self.low <= number <= self.high and (self.above is None or number > self.above)

    def _words(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        low = f"above {self.above:g}" if self.above is not None else f"at least {self.low:g}"
        bounds = [low] if self.above is not None or self.low > -1e15 else []
        if self.high < 1e15:
            bounds.append(f"at most {self.high:,.12g}")
        return " ".join([kind, " and ".join(bounds)]).strip()

    def expand(self, raw: Any, names: Names) -> Any:
        try:
            return self.read(raw, names)
        except FormError:
            return raw

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        number = self.read(old, names)
        if change.op == "multiply":
            return self._settle(number * change.factor)
        if change.op == "odds":
            return change.of_share(number)
        return self._settle(number + NumberForm().read(change.amount, names))

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        first, last = self.read(old, names), self.read(new, names)
        return self._settle(part_way(first, last, dose))

    def _settle(self, number: float) -> float:
        """Whole numbers stay whole numbers; one that no longer is shows up when the result is read."""
        return int(number) if self.whole and number == int(number) else number

    @property
    def is_share(self) -> bool:
        return self.high == 1 and 0 <= self.low < 1 and not self.whole

    def default(self, value: Any) -> Any:
        return value

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        if self.above is not None:
            number["exclusiveMinimum"] = self.above
        elif self.low > -1e15:
            number["minimum"] = self.low
        if self.high < 1e15:
            number["maximum"] = self.high
        if not self._in_percent:
            return number
        return {"anyOf": [number, {"type": "string", "pattern": r"^\s*[+-]?\d[\d_]*(\.\d+)?\s*%\s*$"}]}


@dataclass(frozen=True)
class TimesForm(NumberForm):
    """A factor, which may also be written as what it does: ``{multiply: 1.02}``."""

    low: float = 0

    def read(self, raw: Any, names: Names) -> float | int:
        alone = isinstance(raw, Mapping) and set(raw) == {"multiply"}
        return super().read(raw["multiply"] if alone else raw, names)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        number = super().schema(defs)
        written = {"type": "object", "required": ["multiply"], "properties": {"multiply": number}}
        return {"anyOf": [number, {**written, "additionalProperties": False}]}


@dataclass(frozen=True)
class PeopleForm(NumberForm):
    """How many people: a whole number, or quarters of a post as well, such as 2.5.

    Whole numbers are the ones that a range goes through, unless its ends are none.
    """

    low: float = 0
    whole: bool = True

    def _fits(self, number: float) -> bool:
        return math.isfinite(number) and in_quarters(number) == number and self.low <= number <= self.high

    def _made(self, number: float) -> float:
        return int(number) if number == int(number) else float(number)

    def _settle(self, number: float) -> float:
        return self._made(number)

    def _words(self) -> str:
        return f"{super()._words()}, or quarters of a post such as 2.5"

    def _remedy(self, raw: Any) -> str:
        if isinstance(raw, float) and math.isfinite(raw) and self._fits(in_quarters(raw)):
            return f"; posts are planned in quarters, and the nearest is {in_quarters(raw):,g}"
        return super()._remedy(raw)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        number = super().adjust(old, change, names)
        return self._made(in_quarters(number)) if change.op == "multiply" else number

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        return self._made(in_quarters(super().blend(old, new, dose, names)))

    def rounded(self, old: Any, change: Adjust, names: Names) -> str:
        if change.op != "multiply":
            return ""
        exact, made = self.read(old, names) * change.factor, self.adjust(old, change, names)
        return "" if abs(exact - made) < NEARLY else _in_words(exact, made)

    def rounded_part(self, old: Any, new: Any, dose: float, names: Names) -> str:
        exact, made = super().blend(old, new, dose, names), self.blend(old, new, dose, names)
        return "" if abs(exact - made) < NEARLY else _in_words(exact, made)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {**super().schema(defs), "type": "number", "multipleOf": 1 / QUARTERS}


NEARLY = 1e-9


def in_quarters(number: float) -> float:
    """The nearest number of quarters of a post; of two the larger."""
    return math.floor(number * QUARTERS + 0.5) / QUARTERS if math.isfinite(number) else number


def _in_words(exact: float, made: float) -> str:
    return f"{exact:,.6g} people are taken as {made:,g}, as posts are planned in quarters"


@dataclass(frozen=True)
class VersionForm(NumberForm):
    """The version of the language in which a file is written: ``high`` is the newest that is known."""

    low: float = 1
    high: float = 1
    whole: bool = True

    def _words(self) -> str:
        return f"{self.high:g}"

    def _remedy(self, raw: Any) -> str:
        if not isinstance(raw, bool) and isinstance(raw, int | float) and raw > self.high:
            return (
                f"; it is the version of the language, of which this funnelsim reads {self.high:g}: install a "
                f"newer funnelsim, or write {self.high:g} if the file is for this one"
            )
        return super()._remedy(raw)
