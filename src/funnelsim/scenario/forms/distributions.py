"""The form of probability distributions: ``12 min``, or ``{dist: lognormal, median: 16 d, sigma: 0.7}``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from . import remedies
from .amounts import ELAPSED, DurationForm, hours_text
from .base import Adjust, Faults, Form, FormError, Names, found
from .money import MoneyForm
from .plain import NumberForm
from .quantities import MICROSECONDS, Dist, Duration, constant
from .suggestions import ending

MOST_VALUES = 100_000
MOST_DRAWS = 1000


@dataclass(frozen=True)
class Family:
    """A named distribution: the sets of parameters it takes, and those that are amounts of what is drawn."""

    sets: tuple[tuple[str, ...], ...]
    sized: frozenset[str]

    @property
    def known(self) -> tuple[str, ...]:
        """Every parameter of some set, in order."""
        return tuple(dict.fromkeys(name for names in self.sets for name in names))


FAMILIES: dict[str, Family] = {
    "constant": Family((("value",),), frozenset({"value"})),
    "exponential": Family((("mean",),), frozenset({"mean"})),
    "lognormal": Family(
        (("median", "sigma"), ("mean", "sd"), ("mean", "cv")), frozenset({"median", "mean", "sd"})
    ),
    "gamma": Family((("mean", "cv"),), frozenset({"mean"})),
    "weibull": Family((("shape", "scale"),), frozenset({"scale"})),
    "uniform": Family((("low", "high"),), frozenset({"low", "high"})),
    "triangular": Family((("low", "mode", "high"),), frozenset({"low", "mode", "high"})),
    "erlang": Family((("mean", "k"),), frozenset({"mean"})),
    "empirical": Family((("values",),), frozenset()),
}
"""The distributions with names of their own; any other name is looked up in `scipy.stats`."""

COMMON = ("dist", "times", "meets", "multiply", "add")
"""Keys that every distribution takes."""

_PARAMETERS = frozenset({"times", "meets", "multiply", "add", "loc"}).union(*(f.known for f in FAMILIES.values()))
_POSITIVE = {"mean", "median", "shape", "scale", "cv", "k"}
_NOT_NEGATIVE = {"value", "sd", "sigma", "low", "mode", "high"}


@dataclass(frozen=True)
class DistForm(Form[Dist]):
    """A distribution of plain numbers (no ``units``) or of lengths of time in these units.

    A bare value is a constant. Elapsed time is kept in microseconds, business days as they are; one distribution
    cannot mix the two. Only a time of the buyer's may end on a meeting.
    """

    units: tuple[str, ...] = ()
    buyers: bool = False
    low: float = 0.0
    high: float = 1e15
    money: bool = False
    made: ClassVar[tuple[type, ...]] = (Dist,)

    # -- reading

    def read(self, raw: Any, names: Names) -> Dist:
        if not isinstance(raw, Mapping):
            between = remedies.uniform(raw, self.units)
            if between is not None:
                raise FormError(
                    f"expected one value or a distribution, found {found(raw)}; write {between}",
                    code="E-value-distribution",
                )
            amount, unit = self._amount(raw, names)
            return constant(amount, unit)
        name = raw.get("dist")
        if name is None:
            raise FormError(
                f"expected a distribution with the key `dist`, or one value; found {found(raw)}",
                code="E-value-distribution",
            )
        if not isinstance(name, str):
            raise FormError(
                f"expected the name of a distribution after `dist`, found {found(name)}",
                code="E-value-distribution",
            )
        if name in FAMILIES:
            made = self._family(name, raw, names)
        else:
            from .scipy_names import read_scipy

            made = read_scipy(name, raw, self, names)
        return self._common(raw, made, names)

    @property
    def scalar(self) -> Form[Any]:
        """The form of an amount that may be below 0."""
        return DurationForm(self.units) if self.units else MoneyForm() if self.money else NumberForm()

    def _amount(self, raw: Any, names: Names) -> tuple[float, str]:
        """An amount in microseconds, business days or plain, and which of them."""
        if not self.units:
            form = MoneyForm if self.money else NumberForm
            return form(low=self.low, high=self.high).read(raw, names), ""
        return _measure(DurationForm(self.units).read(raw, Names()))

    def sized(
        self, raw: Mapping[str, Any], keys: tuple[str, ...], faults: Faults, names: Names
    ) -> tuple[dict[str, float], str]:
        """Parameters that are amounts, and the unit they share."""
        amounts: dict[str, float] = {}
        units: dict[str, str] = {}
        for key in keys:
            with faults.under(key):
                amounts[key], units[key] = self._amount(raw[key], names)
        if len(set(units.values())) > 1:
            faults.add(
                "business days (bd) and elapsed time cannot be mixed in one distribution", code="E-unit-mixed"
            )
        return amounts, next(iter(units.values()), "us" if self.units else "")

    def _family(self, name: str, raw: Mapping[str, Any], names: Names) -> Dist:
        family, faults = FAMILIES[name], Faults()
        self.check_keys(name, raw, family.known, faults)
        faults.check()
        given = tuple(key for key in family.known if key in raw)
        if not any(set(given) == set(keys) for keys in family.sets):
            wanted = " or ".join(" and ".join(keys) for keys in family.sets)
            faults.add(
                f"{name} takes {wanted}, found {' and '.join(given) or 'none of them'}",
                code="E-distribution-parameters",
            )
            faults.check()
        if name == "empirical":
            values, unit = self._values(raw["values"], faults, names)
            faults.check()
            return Dist(name, (), unit, values)
        amounts, unit = self.sized(raw, tuple(key for key in given if key in family.sized), faults, names)
        for key in given:
            if key not in family.sized:
                with faults.under(key):
                    amounts[key] = NumberForm(whole=key == "k", high=1000).read(raw[key], Names())
        faults.check()
        params = tuple((key, float(amounts[key])) for key in given)
        _check_ranges(name, dict(params), raw, faults)
        faults.check()
        return Dist(name, params, unit)

    def check_keys(self, name: str, raw: Mapping[str, Any], known: tuple[str, ...], faults: Faults) -> None:
        """Note keys that the distribution does not take."""
        for key in raw:
            if key not in known and key not in COMMON:
                hint = ending(str(key), (*known, *COMMON), name) or f"; it takes {', '.join(known)}"
                faults.add(f"unknown parameter {key!r} of {name}{hint}", str(key), key=True, code="E-key-unknown")

    def _values(self, raw: Any, faults: Faults, names: Names) -> tuple[tuple[float, ...], str]:
        if not isinstance(raw, list | tuple) or not raw:
            raise FormError(
                f"values: expected a list of at least one value, found {found(raw)}", code="E-value-shape"
            )
        if len(raw) > MOST_VALUES:
            raise FormError(
                f"values: at most {MOST_VALUES:,} are allowed, found {len(raw):,}", code="E-size-values"
            )
        amounts, units = [], set()
        for index, value in enumerate(raw):
            with faults.under("values", index):
                amount, unit = self._amount(value, names)
                amounts.append(amount)
                units.add(unit)
        if len(units) > 1:
            faults.add(
                "business days (bd) and elapsed time cannot be mixed in one distribution",
                "values",
                code="E-unit-mixed",
            )
        return tuple(amounts), next(iter(units), "")

    def _common(self, raw: Mapping[str, Any], made: Dist, names: Names) -> Dist:
        faults = Faults()
        times, meets, scale, shift = 1, None, 1.0, 0.0
        with faults.under("times"):
            times = int(NumberForm(low=1, high=MOST_DRAWS, whole=True).read(raw.get("times", 1), Names()))
        if "meets" in raw:
            with faults.under("meets"):
                if not self.units:
                    raise FormError("only a length of time can end on a meeting", code="E-meeting-time")
                if not self.buyers:
                    raise FormError(
                        "`meets` does nothing here: it lets a gap, decision, patience or handoff delay end"
                        " on the buyer's next meeting, and this time is not the buyer's",
                        code="E-meeting-time",
                    )
                meets = DurationForm(ELAPSED, positive=True).read(raw["meets"], Names())
        with faults.under("multiply"):
            scale = NumberForm(low=0).read(raw.get("multiply", 1), Names())
        if "add" in raw:
            with faults.under("add"):
                shift, unit = self._signed(raw["add"], names)
                if unit != made.unit:
                    raise FormError(
                        "business days (bd) and elapsed time cannot be mixed in one distribution",
                        code="E-unit-mixed",
                    )
        faults.check()
        return Dist(made.name, made.params, made.unit, made.values, times, meets, scale, shift)

    def _signed(self, raw: Any, names: Names) -> tuple[float, str]:
        """An amount that may be negative."""
        if self.money:
            return MoneyForm().read(raw, names), ""
        if isinstance(raw, str) and raw.strip().startswith("-"):
            amount, unit = self._amount(raw.strip()[1:], names)
            return -amount, unit
        return (NumberForm().read(raw, names), "") if not self.units else self._amount(raw, names)

    # -- documents

    def owns(self, raw: Mapping[str, Any], names: Names) -> bool:
        return "dist" in raw or not any(key == "else" or key in names.kinds for key in raw)

    def expand(self, raw: Any, names: Names) -> Any:
        if isinstance(raw, Mapping) and raw.get("dist") == "constant" and set(raw) == {"dist", "value"}:
            return raw["value"]
        return raw

    def child(self, key: str) -> Form[Any] | None:
        if key not in _PARAMETERS:
            return None
        sized = key == "add" or any(key in family.sized for family in FAMILIES.values())
        if key == "meets":
            return DurationForm(self.units)
        return self.scalar if sized or (key == "loc" and self.money) else NumberForm()

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        scalar = self.scalar
        if not isinstance(old, Mapping):
            return scalar.adjust(old, change, names)
        changed = {**old}
        if change.op == "add":
            base = old.get(
                "add", "0 " + ("bd" if self.read(old, names).unit == "bd" else "h") if self.units else 0
            )
            return {**changed, "add": scalar.adjust(base, change, names)}
        family = FAMILIES.get(str(old.get("dist")))
        if family is None or not family.sized:
            changed["multiply"] = NumberForm().adjust(old.get("multiply", 1), change, names)
        for key in family.sized if family is not None else ():
            if key in old:
                changed[key] = scalar.adjust(old[key], change, names)
        if "add" in old:
            changed["add"] = scalar.adjust(old["add"], change, names)
        return changed

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        scalar = self.scalar
        if not isinstance(old, Mapping) and not isinstance(new, Mapping):
            return scalar.blend(old, new, dose, names)
        if not isinstance(old, Mapping) or not isinstance(new, Mapping) or old.get("dist") != new.get("dist"):
            return super().blend(old, new, dose, names)
        neutral = {"multiply": 1, "times": 1, "add": f"0 {'bd' if self.read(new, names).unit == 'bd' else 'h'}"}
        if not self.units:
            neutral["add"] = 0
        mixed = {}
        for key in dict.fromkeys((*old, *new)):
            first, last = old.get(key, neutral.get(key)), new.get(key, neutral.get(key))
            part = self.child(key)
            if first == last or part is None or isinstance(last, list):
                mixed[key] = super().blend(first, last, dose, names)
            else:
                mixed[key] = part.blend(first, last, dose, names)
        return mixed

    def default(self, value: Any) -> Any:
        if not isinstance(value, Dist) or value.name != "constant":
            return None
        amount = value.parameters["value"]
        return amount if not self.units else hours_text(amount) if value.unit == "us" else f"{amount} bd"

    def _one(self, defs: dict[str, Any]) -> dict[str, Any]:
        if self.units:
            return DurationForm(self.units).schema(defs)
        return (MoneyForm if self.money else NumberForm)(low=self.low).schema(defs)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        scalar = self._one(defs)
        name = (
            "distribution_"
            + ("_".join(self.units) or ("money" if self.money else "number"))
            + ("_of_the_buyer" if self.buyers else "")
        )
        defs.setdefault(name, {
            "description": f"One value, or a distribution by name: {', '.join(FAMILIES)}, or any of scipy.stats.",
            "anyOf": [scalar, {"type": "object", "required": ["dist"],
                               "properties": _properties(scalar, defs, self.buyers)}],
        })  # fmt: skip
        return {"$ref": f"#/$defs/{name}"}


def _properties(scalar: dict[str, Any], defs: dict[str, Any], buyers: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "dist": {"type": "string", "examples": list(FAMILIES)},
        "times": {"type": "integer", "minimum": 1, "description": "Sums that many independent draws."},
        "values": {"type": "array", "items": scalar, "minItems": 1},
        "file": {"type": "string", "description": "A CSV beside the scenario, for an empirical distribution."},
        "column": {"type": "string"},
    }
    if buyers:
        meets = {**DurationForm(ELAPSED).schema(defs), "description": "Ends on the buyer's next meeting."}
        properties["meets"] = meets
    for family in FAMILIES.values():
        for key in family.known:
            properties.setdefault(key, scalar if key in family.sized else {"type": "number"})
    # Weibull's scale is an amount, that of scipy.stats may be a plain number; editors take both.
    properties["scale"] = {"anyOf": [scalar, {"type": "number"}]}
    return properties


def _measure(duration: Duration) -> tuple[float, str]:
    if duration.business:
        return duration.amount, "bd"
    return duration.amount * MICROSECONDS[duration.unit], "us"


def _check_ranges(name: str, params: dict[str, float], raw: Mapping[str, Any], faults: Faults) -> None:
    for key, value in params.items():
        if key in _POSITIVE and not value > 0:
            faults.add(f"`{key} > 0` must hold, but got ({key}={raw[key]})", key, code="E-distribution-range")
        elif key in _NOT_NEGATIVE and not value >= 0:
            faults.add(f"`{key} >= 0` must hold, but got ({key}={raw[key]})", key, code="E-distribution-range")
    ordered = [key for key in ("low", "mode", "high") if key in params]
    if any(params[a] > params[b] for a, b in pairwise(ordered)):
        shown = ", ".join(f"{key}={raw[key]}" for key in ordered)
        faults.add(f"`{' <= '.join(ordered)}` must hold, but got ({shown})", code="E-order")
    for key, most in (("sigma", 10.0), ("cv", 100.0)):
        if params.get(key, 0) > most:
            faults.add(
                f"`{key} <= {most:g}` must hold, but got ({key}={raw[key]})", key, code="E-distribution-range"
            )
    if name == "weibull" and not 0.05 <= params["shape"] <= 100:
        faults.add(
            f"`0.05 <= shape <= 100` must hold, but got (shape={raw['shape']})",
            "shape",
            code="E-distribution-range",
        )
    if not all(math.isfinite(value) for value in params.values()):
        faults.add("parameters must be finite", code="E-distribution-range")
