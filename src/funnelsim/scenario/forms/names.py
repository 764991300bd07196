"""Forms of names, alone, in lists, and with weights, counts or costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from .amounts import is_number
from .base import Adjust, Faults, Form, FormError, Names, behind, found, undefined
from .money import MoneyRateForm
from .plain import NumberForm, or_null, part_way
from .quantities import Rate, Weights
from .suggestions import ending

MOST_NAMES = 10_000


@dataclass(frozen=True)
class NameForm(Form[str]):
    """The name of something that the scenario defines: a team, a stage, a calendar."""

    role: str
    made: ClassVar[tuple[type, ...]] = ()

    def read(self, raw: Any, names: Names) -> str:
        if not isinstance(raw, str) or not raw:
            text = f"{raw}"
            quoted = f"; write '{text}' in quotation marks" if names.given and text in names.all(self.role) else ""
            raise FormError(f"expected the name of a {self.role}, found {found(raw)}{quoted}", code="E-value-name")
        if names.given and raw not in names.all(self.role):
            raise FormError(undefined(self.role, raw, names.all(self.role)))
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
            faults.add("a name stands twice in this list", code="E-name-twice")
        faults.check()
        return tuple(read)

    def appended(self, old: Any, items: Sequence[Any], names: Names) -> Any:
        if old is None:
            raise FormError(f"there is no {self.role} behind which one could be appended", code="E-change-no-list")
        return behind(old if isinstance(old, list) else [old], items)

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
            raise FormError(
                f"expected {one}a mapping of names to weights, found {found(raw)}", code="E-value-shape"
            )
        faults, weights = Faults(), []
        for name, weight in raw.items():
            try:
                self._name(name, names)
            except FormError as wrong:
                faults.found += [replace(fault, path=(name,), key=True) for fault in wrong.faults]
            with faults.under(name):
                weights.append((name, NumberForm(low=0).read(weight, names)))
        if len(raw) > MOST_NAMES:
            faults.add(f"at most {MOST_NAMES:,} names are allowed", code="E-size-names")
        if not faults.found and (self.single or raw) and not sum(weight for _, weight in weights) > 0:
            faults.add("at least one weight must be above 0", code="E-weights-zero")
        faults.check()
        return tuple(weights)

    def _name(self, name: str, names: Names) -> None:
        if not name:
            raise FormError("expected a name, found an empty text", code="E-name-empty")
        if self.choices and name not in self.choices:
            some = ", ".join(self.choices)
            raise FormError(
                f"expected one of {some}, found {found(name)}{ending(name, self.choices)}", code="E-value-choice"
            )
        if self.role and names.given and name not in names.all(self.role):
            raise FormError(undefined(self.role, name, names.all(self.role)))
        if name in self.refused:
            raise FormError(
                f"{name!r} is what a lead reaches by advancing; name a stage or the reason of the loss",
                code="E-name-reserved",
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
        weights = {
            "type": "object",
            "additionalProperties": or_null(NumberForm(low=0).schema(defs)),
            "propertyNames": name,
        }
        return {"anyOf": [name, weights]} if self.single else weights


@dataclass(frozen=True)
class MixtureForm(WeightsForm):
    """Names with weights of which a dose makes a mixture: the queue rules."""

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        first, last = dict(self.read(old, names)), dict(self.read(new, names))
        before, after = sum(first.values()), sum(last.values())
        every = dict.fromkeys((*first, *last))
        mixed = {name: part_way(first.get(name, 0) / before, last.get(name, 0) / after, dose) for name in every}
        return {name: share for name, share in mixed.items() if share > 0}


EVEN = (("", 0),)
"""What `even` is read as: people by the weights of all territories, which are known where it is worked out."""


@dataclass(frozen=True)
class CountsForm(Form[tuple[tuple[str, int], ...]]):
    """Names with whole numbers: ``{east: 2, west: 3}``; where ``even`` is set, also that word, which is `EVEN`."""

    role: str
    even: bool = False
    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return NumberForm(low=0, whole=True)

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, int], ...]:
        if self.even and raw == "even":
            return EVEN
        if not isinstance(raw, Mapping):
            word = ", or even" if self.even else ""
            raise FormError(
                f"expected a mapping of names to whole numbers{word}, found {found(raw)}", code="E-value-shape"
            )
        faults, counts = Faults(), []
        for name, number in raw.items():
            if names.given and name not in names.all(self.role):
                faults.found.append(undefined(self.role, name, names.all(self.role), key=True).under((name,)))
            with faults.under(name):
                counts.append((name, int(NumberForm(low=0, high=10_000_000, whole=True).read(number, names))))
        faults.check()
        return tuple(counts)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if not isinstance(old, Mapping):
            return super().adjust(old, change, names)
        return {name: NumberForm(whole=True).adjust(number, change, names) for name, number in old.items()}

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return super().blend(old, new, dose, names)
        every = dict.fromkeys((*old, *new))
        whole = NumberForm(whole=True)
        return {name: whole.blend(old.get(name, 0), new.get(name, 0), dose, names) for name in every}

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        counts = {"type": "object", "additionalProperties": or_null({"type": "integer", "minimum": 0})}
        return {"anyOf": [counts, {"const": "even"}]} if self.even else counts


@dataclass(frozen=True)
class NamedRatesForm(Form[tuple[tuple[str, Rate], ...]]):
    """Names with money per time: ``{crm: 50_000 / mo}``."""

    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, Rate], ...]:
        if not isinstance(raw, Mapping):
            raise FormError(
                f"expected a mapping of names to costs such as '50_000 / mo', found {found(raw)}",
                code="E-value-shape",
            )
        faults, rates = Faults(), []
        for name, rate in raw.items():
            with faults.under(name):
                rates.append((name, MoneyRateForm().read(rate, names)))
        faults.check()
        return tuple(rates)

    def child(self, key: str) -> Form[Any] | None:
        return MoneyRateForm()

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        return {name: MoneyRateForm().adjust(rate, change, names) for name, rate in old.items()}

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        return {
            name: MoneyRateForm().blend(old.get(name, "0 / y"), new.get(name, "0 / y"), dose, names)
            for name in dict.fromkeys((*old, *new))
        }

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": or_null(MoneyRateForm().schema(defs))}


@dataclass(frozen=True)
class NumbersForm(Form[tuple[tuple[str, float], ...]]):
    """Names with numbers: ``{propose: 0.2, contact: -0.3}``; those that change nothing are not kept."""

    role: str
    number: NumberForm
    neutral: float = 0.0
    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return self.number

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, float], ...]:
        if not isinstance(raw, Mapping):
            raise FormError(
                f"expected a mapping of the names of {self.role}s to numbers, found {found(raw)}",
                code="E-value-shape",
            )
        faults, numbers = Faults(), []
        for name, number in raw.items():
            if names.given and name not in names.all(self.role):
                faults.found.append(undefined(self.role, name, names.all(self.role), key=True).under((name,)))
            with faults.under(name):
                numbers.append((name, float(self.number.read(number, names))))
        faults.check()
        return tuple((name, number) for name, number in numbers if number != self.neutral)

    def default(self, value: Any) -> Any:
        return dict(value)

    def default_of(self, key: str) -> float:
        """What holds where nothing is written."""
        return self.neutral

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        if not isinstance(old, Mapping):
            return super().adjust(old, change, names)
        return {name: self.number.adjust(number, change, names) for name, number in old.items()}

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return super().blend(old, new, dose, names)
        return {
            name: self.number.blend(old.get(name, self.neutral), new.get(name, self.neutral), dose, names)
            for name in dict.fromkeys((*old, *new))
        }

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": or_null(self.number.schema(defs))}
