"""Forms of values that depend on something: the kind of lead, a date, a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from .amounts import RateForm, is_number, read_date
from .forms import Adjust, Faults, Form, FormError, Names, NumberForm, found, kept, nearest, unknown
from .quantities import ByKind, Condition, Rate, Selector, Steps, Weights

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
                faults.add(self._unknown(key, names), key, key=True)
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

    def _unknown(self, key: str, names: Names) -> str:
        return unknown("kind of lead (segment, territory, source or origin)", key, [*sorted(names.kinds), "else"])

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
        one = {"anyOf": [inner, {"type": "null"}]}
        return {"anyOf": [inner, {"type": "object", "description": "By kind of lead; `else` for the rest.",
                                  "minProperties": 1, "additionalProperties": one}]}  # fmt: skip


@dataclass(frozen=True)
class StepsForm(Form[Steps[int]]):
    """A whole number, or one from each date on: ``{2026-04-01: 5, 2026-10-01: 7}``; ``start`` is the first day."""

    number: NumberForm
    made: ClassVar[tuple[type, ...]] = (Steps,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return self.number

    def read(self, raw: Any, names: Names) -> Steps[int]:
        if not isinstance(raw, Mapping):
            return Steps(((None, int(self.number.read(raw, names))),))
        faults, steps = Faults(), []
        for key, value in raw.items():
            with faults.under(key):
                date = None if key == "start" else read_date(key)
                steps.append((date, int(self.number.read(value, names))))
        if not raw:
            faults.add("expected at least one date")
        faults.check()
        return Steps(tuple(sorted(steps, key=lambda step: step[0] or dt.date.min)))

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if isinstance(old, Mapping):
            return {key: self.number.adjust(value, change, names) for key, value in old.items()}
        return self.number.adjust(old, change, names)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not isinstance(old, Mapping) and not isinstance(new, Mapping):
            return self.number.blend(old, new, dose, names)
        first = old if isinstance(old, Mapping) else {"start": old}
        last = new if isinstance(new, Mapping) else {"start": new}
        dates = sorted({*first, *last}, key=lambda key: "" if key == "start" else key)
        return {key: self.number.blend(_at(first, key), _at(last, key), dose, names) for key in dates}

    def default(self, value: Any) -> Any:
        return value.first

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        number = self.number.schema(defs)
        dated = {"type": "object", "minProperties": 1, "additionalProperties": False,
                 "patternProperties": {r"^(start|\d{4}-\d{2}-\d{2})$": number}}  # fmt: skip
        return {"anyOf": [number, dated]}


def dated(steps: Mapping[str, Any]) -> dict[str, Any]:
    """Dated steps in the order of their dates."""
    return dict(sorted(steps.items(), key=lambda step: "" if step[0] == "start" else step[0]))


def _at(steps: Mapping[str, Any], date: str) -> Any:
    """The value that holds at a date: the last step not after it, or the first."""
    before = [key for key in steps if key == "start" or key <= date]
    return (
        steps[max(before, key=lambda key: "" if key == "start" else key)] if before else next(iter(steps.values()))
    )


@dataclass(frozen=True)
class NameForm(Form[str]):
    """The name of something that the scenario defines: a team, a stage, a calendar."""

    role: str
    made: ClassVar[tuple[type, ...]] = ()

    def read(self, raw: Any, names: Names) -> str:
        if not isinstance(raw, str) or not raw:
            raise FormError(f"expected the name of a {self.role}, found {found(raw)}")
        if names.given and raw not in names.all(self.role):
            raise FormError(unknown(self.role, raw, names.all(self.role)))
        return raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class NamesForm(Form[tuple[str, ...]]):
    """One name or a list of names of things the scenario defines."""

    role: str
    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[str, ...]:
        if not isinstance(raw, list):
            return (NameForm(self.role).read(raw, names),)
        faults, read = Faults(), []
        for index, name in enumerate(raw):
            with faults.under(index):
                read.append(NameForm(self.role).read(name, names))
        if len(set(read)) < len(read):
            faults.add("a name stands twice in this list")
        faults.check()
        return tuple(read)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        name = NameForm(self.role).schema(defs)
        return {"anyOf": [name, {"type": "array", "items": name}]}


@dataclass(frozen=True)
class WeightsForm(Form[Weights]):
    """Names with weights; where ``single`` is set, one name alone as well.

    ``role`` says what the names must be (empty: any name), ``choices`` lists fixed names.
    """

    role: str = ""
    single: bool = False
    choices: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return NumberForm(low=0)

    def read(self, raw: Any, names: Names) -> Weights:
        if self.single and isinstance(raw, str):
            self._name(raw, names)
            return ((raw, 1.0),)
        if not isinstance(raw, Mapping):
            one = "a name, or " if self.single else ""
            raise FormError(f"expected {one}a mapping of names to weights, found {found(raw)}")
        faults, weights = Faults(), []
        for name, weight in raw.items():
            try:
                self._name(name, names)
            except FormError as wrong:
                faults.add(str(wrong), name, key=True)
            with faults.under(name):
                weights.append((name, NumberForm(low=0).read(weight, names)))
        if len(raw) > MOST_NAMES:
            faults.add(f"at most {MOST_NAMES:,} names are allowed")
        if not faults.found and (self.single or raw) and not sum(weight for _, weight in weights) > 0:
            faults.add("at least one weight must be above 0")
        faults.check()
        return tuple(weights)

    def _name(self, name: str, names: Names) -> None:
        if not name:
            raise FormError("expected a name, found an empty text")
        if self.choices and name not in self.choices:
            close = nearest(name, self.choices)
            hint = f"; did you mean {close!r}?" if close else ""
            raise FormError(f"expected one of {', '.join(self.choices)}, found {found(name)}{hint}")
        if self.role and names.given and name not in names.all(self.role):
            raise FormError(unknown(self.role, name, names.all(self.role)))
        if name in self.refused:
            raise FormError(
                f"{name!r} is what a lead reaches by advancing; name a stage or the reason of the loss"
            )

    def owns(self, raw: Mapping[str, Any], names: Names) -> bool:
        if any(is_number(value) for value in raw.values()):
            return True
        return not any(key == "else" or key in names.kinds for key in raw)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if not isinstance(old, Mapping):
            return super().adjust(old, change, names)
        return {name: NumberForm().adjust(weight, change, names) for name, weight in old.items()}

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return super().blend(old, new, dose, names)
        every = dict.fromkeys((*old, *new))
        return {name: NumberForm().blend(old.get(name, 0), new.get(name, 0), dose, names) for name in every}

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        name: dict[str, Any] = {"enum": list(self.choices)} if self.choices else {"type": "string", "minLength": 1}
        weights = {"type": "object", "additionalProperties": NumberForm(low=0).schema(defs), "propertyNames": name}
        return {"anyOf": [name, weights]} if self.single else weights


@dataclass(frozen=True)
class MixtureForm(WeightsForm):
    """Names with weights of which a dose makes a mixture: the queue rules."""

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        first, last = dict(self.read(old, names)), dict(self.read(new, names))
        before, after = sum(first.values()), sum(last.values())
        every = dict.fromkeys((*first, *last))
        mixed = {
            name: (1 - dose) * first.get(name, 0) / before + dose * last.get(name, 0) / after for name in every
        }
        return {name: share for name, share in mixed.items() if share > 0}


@dataclass(frozen=True)
class CountsForm(Form[tuple[tuple[str, int], ...]]):
    """Names with whole numbers: ``{east: 2, west: 3}``."""

    role: str
    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return NumberForm(low=0, whole=True)

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, int], ...]:
        if not isinstance(raw, Mapping):
            raise FormError(f"expected a mapping of names to whole numbers, found {found(raw)}")
        faults, counts = Faults(), []
        for name, number in raw.items():
            if names.given and name not in names.all(self.role):
                faults.add(unknown(self.role, name, names.all(self.role)), name, key=True)
            with faults.under(name):
                counts.append((name, int(NumberForm(low=0, high=10_000_000, whole=True).read(number, names))))
        faults.check()
        return tuple(counts)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if not isinstance(old, Mapping):
            return super().adjust(old, change, names)
        return {name: NumberForm(whole=True).adjust(number, change, names) for name, number in old.items()}

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        every = dict.fromkeys((*old, *new))
        whole = NumberForm(whole=True)
        return {name: whole.blend(old.get(name, 0), new.get(name, 0), dose, names) for name in every}

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


@dataclass(frozen=True)
class NamedRatesForm(Form[tuple[tuple[str, Rate], ...]]):
    """Names with money per time: ``{crm: 50_000 / mo}``."""

    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, Rate], ...]:
        if not isinstance(raw, Mapping):
            raise FormError(f"expected a mapping of names to costs such as '50_000 / mo', found {found(raw)}")
        faults, rates = Faults(), []
        for name, rate in raw.items():
            with faults.under(name):
                rates.append((name, RateForm("an amount of money").read(rate, names)))
        faults.check()
        return tuple(rates)

    def child(self, key: str) -> Form[Any] | None:
        return RateForm("an amount of money")

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        return {name: RateForm().adjust(rate, change, names) for name, rate in old.items()}

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        return {
            name: RateForm().blend(old.get(name, "0 / y"), new.get(name, "0 / y"), dose, names)
            for name in dict.fromkeys((*old, *new))
        }

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": RateForm().schema(defs)}


# --- selectors ---------------------------------------------------------------------------------------------

_PARTS = ("segment", "territory", "source", "origin", "stage")
_BOUNDS = ("value_at_least", "value_below", "score_at_least", "score_below")
_WORK = ("care", "renewal", "complaint")


@dataclass(frozen=True)
class SelectorForm(Form[Selector]):
    """A class of leads: a mapping of which every part must hold, or a list of such mappings of which any must."""

    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> Selector:
        if isinstance(raw, Mapping):
            return (self._condition(raw, names),)
        if not isinstance(raw, list):
            raise FormError(
                f"expected a selector such as {{segment: large}}, or a list of them, found {found(raw)}"
            )
        faults, conditions = Faults(), []
        for index, one in enumerate(raw):
            with faults.under(index):
                conditions.append(self._condition(one, names))
        faults.check()
        return tuple(conditions)

    def _condition(self, raw: Any, names: Names) -> Condition:
        if not isinstance(raw, Mapping) or not raw:
            raise FormError(f"expected a selector such as {{segment: large}}, found {found(raw)}")
        faults = Faults()
        parts: dict[str, Any] = {}
        for key, value in raw.items():
            with faults.under(key):
                if key in _PARTS:
                    parts[key] = self._part(key, value, names)
                elif key in _BOUNDS:
                    parts[key] = NumberForm().read(value, names)
                else:
                    faults.add(unknown("key", key, (*_PARTS, *_BOUNDS)), key, key=True)
        faults.check()
        return Condition(**parts)

    def _part(self, role: str, raw: Any, names: Names) -> frozenset[str]:
        faults, chosen = Faults(), []
        known = (*names.all(role), *(_WORK if role == "stage" else ()))
        for index, name in enumerate(raw if isinstance(raw, list) else [raw]):
            with faults.under(*([index] if isinstance(raw, list) else [])):
                if not isinstance(name, str):
                    raise FormError(f"expected the name of a {role}, found {found(name)}")
                if names.given and name not in known:
                    raise FormError(unknown(role, name, known))
                chosen.append(name)
        if raw == []:
            faults.add("expected at least one name")
        faults.check()
        return frozenset(chosen)

    def expand(self, raw: Any, names: Names) -> Any:
        return [raw] if isinstance(raw, Mapping) else raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        name = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
        defs["selector"] = {
            "type": "object", "minProperties": 1, "additionalProperties": False,
            "properties": {**dict.fromkeys(_PARTS, name), **{key: {"type": "number"} for key in _BOUNDS}},
            "description": "A class of leads: every part must hold.",
        }  # fmt: skip
        one = {"$ref": "#/$defs/selector"}
        return {"anyOf": [one, {"type": "array", "items": one}]}
