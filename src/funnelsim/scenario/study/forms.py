"""How arms, levels and designs of a study may be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..forms.base import Fault, Faults, Form, FormError, Names, found, unknown
from ..forms.base import Path as Path_
from ..forms.plain import NumberForm
from ..reading.document import plain

MOST_LEVELS = 10_000
MOST_POINTS = 10_000_000
SIZED = ("lhs", "sobol", "search")
"""Designs of a number of points."""
AS_IT_IS = "the scenario as it is takes part in every study, as `base`"


@dataclass(frozen=True)
class Levels:
    """The values that a factor takes: those listed, or all from `low` to `high`.

    Parameters
    ----------
    values : tuple
        As they stand in the file; empty where a range is given.
    low, high : any
        Ends of the range.
    steps : int or None
        Into how many values a grid divides the range.
    meanings : mapping
        Of values that have names: the names are ``values``, and this is what each stands for.
    """

    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    steps: int | None = None
    meanings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> tuple[Any, ...]:
        """The values that stand in the file, by name where they have one."""
        return self.values or (self.low, self.high)

    @property
    def places(self) -> tuple[Path_, ...]:
        """Where each of these stands, below the factor."""
        if self.meanings:
            return tuple(("levels", name) for name in self.meanings)
        return tuple((index,) for index in range(len(self.values))) or (("from",), ("to",))

    def meant(self, value: Any) -> Any:
        """What a value stands for: itself, unless it is the name of one."""
        return self.meanings.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True)
class LevelsForm(Form[Levels]):
    """A list of values, ``{levels: {name: value}}``, or ``{from: 4, to: 8}``, with ``steps: 5`` for a grid."""

    made: ClassVar[tuple[type, ...]] = (Levels,)

    def read(self, raw: Any, names: Names) -> Levels:
        if isinstance(raw, list | tuple):
            return self._listed(raw)
        if not isinstance(raw, Mapping):
            raise FormError(
                f"expected a list of values or {{from: 4, to: 8}}, found {found(raw)}", code="E-value-levels"
            )
        if "levels" in raw:
            return self._called(raw)
        faults = Faults()
        for key in raw:
            if key not in ("from", "to", "steps"):
                faults.add(
                    unknown("key", key, ("from", "to", "steps", "levels")), key, code="E-key-unknown", key=True
                )
        for key in ("from", "to"):
            if raw.get(key) is None:
                faults.add(f"`{key}` is missing; write {{from: 4, to: 8}}", code="E-key-missing")
        steps = None
        with faults.under("steps"):
            if raw.get("steps") is not None:
                steps = int(NumberForm(low=2, high=MOST_LEVELS, whole=True).read(raw["steps"], names))
        faults.check()
        return Levels((), plain(raw["from"]), plain(raw["to"]), steps)

    def _listed(self, raw: Any) -> Levels:
        if not 1 <= len(raw) <= MOST_LEVELS:
            raise FormError(f"expected 1 to {MOST_LEVELS:,} values, found {found(raw)}", code="E-value-levels")
        values = tuple(plain(value) for value in raw)
        faults = Faults()
        for index, value in enumerate(values):
            # 1 and true are equal in Python, but not here.
            if any(value == other and type(value) is type(other) for other in values[:index]):
                faults.add(f"{found(value)} stands twice", index, code="E-value-twice")
        faults.check()
        return Levels(values)

    def _called(self, raw: Mapping[str, Any]) -> Levels:
        """Values that have names."""
        faults, inner = Faults(), raw["levels"]
        for key in raw:
            if key != "levels":
                faults.add(
                    f"{key!r} and `levels` exclude each other; remove one of them",
                    key,
                    key=True,
                    code="E-key-conflict",
                )
        if not isinstance(inner, Mapping) or not inner:
            faults.add(
                f"expected names with their values, such as {{low: 4, high: 8}}, found {found(inner)}",
                "levels",
                code="E-value-levels",
            )
        faults.check()
        names = [str(name) for name in inner]
        try:
            values = self._listed(list(inner.values())).values
        except FormError as wrong:  # whose places are numbers in a list
            places = ((("levels", *(names[int(part)] for part in fault.path)), fault) for fault in wrong.faults)
            raise FormError(*(Fault(fault.message, path, code=fault.code) for path, fault in places)) from None
        return Levels(tuple(names), meanings=dict(zip(names, values, strict=True)))

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        ends = {"from": {}, "to": {}, "steps": {"type": "integer", "minimum": 2, "maximum": MOST_LEVELS}}
        between = {"type": "object", "required": ["from", "to"], "properties": ends, "additionalProperties": False}
        names = {"type": "object", "minProperties": 1, "maxProperties": MOST_LEVELS}
        called = {"type": "object", "required": ["levels"], "properties": {"levels": names}}
        listed = {"type": "array", "minItems": 1, "maxItems": MOST_LEVELS}
        return {"anyOf": [listed, between, {**called, "additionalProperties": False}]}


@dataclass(frozen=True)
class Design:
    """How points are chosen.

    ``grid``; ``lhs``, ``sobol`` or ``search`` with a number of points; or ``table`` with a file.
    """

    kind: str = "grid"
    size: int | None = None
    table: str = ""


@dataclass(frozen=True)
class DesignForm(Form[Design]):
    """``grid``, ``{lhs: 100}``, ``{sobol: 256}``, ``{search: 60}`` or ``{table: points.csv}``."""

    made: ClassVar[tuple[type, ...]] = (Design,)

    def read(self, raw: Any, names: Names) -> Design:
        if raw == "grid":
            return Design()
        usage = "expected grid, {lhs: 100}, {sobol: 256}, {search: 60} or {table: points.csv}"
        if not isinstance(raw, Mapping) or len(raw) != 1:
            raise FormError(f"{usage}; found {found(raw)}", code="E-value-design")
        ((kind, value),) = raw.items()
        if kind == "table":
            if not isinstance(value, str) or not value:
                raise FormError(
                    Fault(f"expected the name of a CSV file, found {found(value)}", (kind,), code="E-value-name")
                )
            return Design("table", None, value)
        if kind not in SIZED:
            raise FormError(
                Fault(unknown("design", kind, ("grid", *SIZED, "table")), (kind,), key=True, code="E-name-unknown")
            )
        faults = Faults()
        with faults.under(kind):
            size = int(NumberForm(low=1, high=MOST_POINTS, whole=True).read(value, names))
            if kind == "sobol" and size & (size - 1):
                below = 1 << (size.bit_length() - 1)
                raise FormError(
                    f"Sobol points are balanced only in powers of two: {below} or {2 * below}, found {size}",
                    code="E-design-size",
                )
        faults.check()
        return Design(kind, size)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 1, "maximum": MOST_POINTS}
        kinds: dict[str, Any] = {**dict.fromkeys(SIZED, number), "table": {"type": "string", "minLength": 1}}
        one = {"type": "object", "properties": kinds, "additionalProperties": False}
        return {"anyOf": [{"const": "grid"}, {**one, "minProperties": 1, "maxProperties": 1}]}


@dataclass(frozen=True)
class ArmForm(Form[tuple[Any, ...]]):
    """What makes an arm out of the base: a list of levers and changes, or one of them; in the order listed."""

    made: ClassVar[tuple[type, ...]] = ()

    def read(self, raw: Any, names: Names) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            return (self._step(raw),)
        if not raw:
            raise FormError(f"an arm needs a lever or a change; {AS_IT_IS}", code="E-arm-empty")
        faults, steps = Faults(), []
        for index, one in enumerate(raw):
            with faults.under(index):
                steps.append(self._step(one))
        faults.check()
        return tuple(steps)

    def _step(self, raw: Any) -> Any:
        if isinstance(raw, str | Mapping) and raw:
            return raw
        raise FormError(
            f"expected a lever such as hire_field@1, or a change such as {{teams.desk.headcount: 4}}; "
            f"found {found(raw)}",
            code="E-value-step",
        )

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        one = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object", "minProperties": 1}]}
        return {"anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}]}
