"""Forms of values that depend on something: the kind of lead, or a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .base import Adjust, Fault, Faults, Form, FormError, Names, kept, undefined
from .dates import COUNTED, read_day
from .plain import PeopleForm, or_null
from .quantities import ByKind, Steps

MOST_NAMES = 10_000


@dataclass(frozen=True)
class ByKindForm(Form[ByKind[Any]]):
    """A value for all leads, or a mapping from kinds of lead to values, with ``else`` for the rest.

    ``neutral`` is the value of leads that no key fits where ``else`` is missing, and what ``null`` stands for.
    """

    inner: Form[Any]
    neutral: Any = None
    made: ClassVar[tuple[type, ...]] = (ByKind,)

    def is_map(self, raw: Any, names: Names) -> bool:
        """Whether ``raw`` is a map by kind."""
        return isinstance(raw, Mapping) and not self.inner.owns(raw, names)

    def read(self, raw: Any, names: Names) -> ByKind[Any]:
        if not self.is_map(raw, names):
            return ByKind(self._one(raw, names))
        faults, cases, other = Faults(), [], self.neutral
        for key, value in raw.items():
            if key != "else" and names.given and key not in names.kinds:
                faults.found.append(self._unknown(key, names).under((key,)))
                continue
            with faults.under(key):
                read = self._one(value, names)
                if key == "else":
                    other = read
                else:
                    cases.append((key, read))
        faults.check()
        return ByKind(other, tuple(cases))

    def _one(self, raw: Any, names: Names) -> Any:
        return self.neutral if raw is None else self.inner.read(raw, names)

    def _unknown(self, key: str, names: Names) -> Fault:
        what = "kind of lead (segment, territory, source or origin)"
        return undefined(what, key, [*sorted(names.kinds), "else"], key=True)

    def owns(self, raw: Mapping[str, Any], names: Names) -> bool:
        return True

    def expand(self, raw: Any, names: Names) -> Any:
        if not self.is_map(raw, names):
            return self.inner.expand(raw, names)
        return kept(raw, {key: self.inner.expand(value, names) for key, value in raw.items()})

    def each(self, value: Any, names: Names, act: Any) -> Any:
        """``act`` done to the value, or to that of every kind."""
        if self.is_map(value, names):
            return kept(value, {key: act(one) for key, one in value.items()})
        return act(value)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        return self.each(old, names, lambda one: self.inner.adjust(one, change, names))

    @property
    def is_share(self) -> bool:
        return self.inner.is_share

    def appended(self, old: Any, items: Sequence[Any], names: Names) -> Any:
        return self.each(old, names, lambda one: self.inner.appended(one, items, names))

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not self.is_map(old, names) and not self.is_map(new, names):
            return self.inner.blend(old, new, dose, names)
        first = old if self.is_map(old, names) else {"else": old}
        last = new if self.is_map(new, names) else {"else": new}
        neutral = self.inner.default(self.neutral)
        return {
            key: self.inner.blend(
                first.get(key, first.get("else", neutral)), last.get(key, last.get("else", neutral)), dose, names
            )
            for key in dict.fromkeys((*last, *first))
        }

    def default(self, value: Any) -> Any:
        return self.inner.default(value.other if isinstance(value, ByKind) else value)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        inner = self.inner.schema(defs)
        one = or_null(inner)
        return {"anyOf": [inner, {"type": "object", "description": "By kind of lead; `else` for the rest.",
                                  "minProperties": 1, "additionalProperties": one}]}  # fmt: skip


@dataclass(frozen=True)
class StepsForm(Form[Steps[float]]):
    """People, or so many from each day on: ``{2026-04-01: 5, warmup + 3 mo: 7}``; ``start`` is the first."""

    number: PeopleForm
    made: ClassVar[tuple[type, ...]] = (Steps,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return self.number

    def read(self, raw: Any, names: Names) -> Steps[float]:
        if not isinstance(raw, Mapping):
            return Steps(((None, self.number.read(raw, names)),))
        faults, steps = Faults(), []
        first: dict[dt.date | None, str] = {}
        for key, value in raw.items():
            with faults.under(key):
                date = None if key == "start" else read_day(key, names)
                steps.append((date, self.number.read(value, names)))
                if first.setdefault(date, key) != key:
                    raise FormError(
                        f"{first[date]} and {key} are the same day, {date}; leave one of them out",
                        code="E-date-twice",
                    )
        if not raw:
            faults.add("expected at least one date", code="E-value-empty")
        faults.check()
        return Steps(tuple(sorted(steps, key=lambda step: step[0] or dt.date.min)))

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if isinstance(old, Mapping):
            return {key: self.number.adjust(value, change, names) for key, value in old.items()}
        return self.number.adjust(old, change, names)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not isinstance(old, Mapping) and not isinstance(new, Mapping):
            return self.number.blend(old, new, dose, names)
        each = self._by_day(old, new, names)
        return {key: self.number.blend(one, other, dose, names) for key, (one, other) in each.items()}

    def _by_day(self, old: Any, new: Any, names: Names) -> dict[str, tuple[Any, Any]]:
        """The numbers of both that hold from each day on."""
        first = old if isinstance(old, Mapping) else {"start": old}
        last = new if isinstance(new, Mapping) else {"start": new}
        days = {key: when(key, names) for key in (*first, *last)}
        return {
            key: (_at(first, days, key), _at(last, days, key)) for key in sorted(days, key=lambda key: days[key])
        }

    def rounded(self, old: Any, change: Adjust, names: Names) -> str:
        each = old.values() if isinstance(old, Mapping) else [old]
        return _together(self.number.rounded(one, change, names) for one in each)

    def rounded_part(self, old: Any, new: Any, dose: float, names: Names) -> str:
        if not isinstance(old, Mapping) and not isinstance(new, Mapping):
            return self.number.rounded_part(old, new, dose, names)
        each = self._by_day(old, new, names).values()
        return _together(self.number.rounded_part(one, other, dose, names) for one, other in each)

    def default(self, value: Any) -> Any:
        return value.first

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        number = self.number.schema(defs)
        each = or_null(number)
        dated = {"type": "object", "minProperties": 1, "additionalProperties": False,
                 "patternProperties": {rf"^(start|\d{{4}}-\d{{2}}-\d{{2}}|{COUNTED})$": each}}  # fmt: skip
        return {"anyOf": [number, dated]}


def _together(said: Iterable[str]) -> str:
    """Sentences, each once."""
    return "; ".join(dict.fromkeys(text for text in said if text))


def when(key: str, names: Names) -> str:
    """A day as text that sorts by time; ``start`` comes first, and what is no day last."""
    try:
        return "" if key == "start" else read_day(key, names).isoformat()
    except FormError:
        return key


def dated(steps: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Dated steps in the order of their days."""
    return {key: steps[key] for key in sorted(steps, key=lambda key: when(key, names))}


def _at(steps: Mapping[str, Any], days: Mapping[str, str], day: str) -> Any:
    """The value that holds on a day: the last step not after it, or the first."""
    before = [key for key in steps if days[key] <= days[day]]
    return steps[max(before, key=lambda key: days[key]) if before else min(steps, key=lambda key: days[key])]
