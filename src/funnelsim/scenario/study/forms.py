"""How arms, levels and designs of a study may be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..forms.base import Fault, Faults, Form, FormError, Names, found, unknown
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
    """

    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    steps: int | None = None

    @property
    def named(self) -> tuple[Any, ...]:
        """The values that stand in the file."""
        return self.values or (self.low, self.high)


@dataclass(frozen=True)
class LevelsForm(Form[Levels]):
    """A list of values, or ``{from: 4, to: 8}``, with ``steps: 5`` where a grid is to divide it."""

    made: ClassVar[tuple[type, ...]] = (Levels,)

    def read(self, raw: Any, names: Names) -> Levels:
        if isinstance(raw, list | tuple):
            return self._listed(raw)
        if not isinstance(raw, Mapping):
            raise FormError(f"expected a list of values or {{from: 4, to: 8}}, found {found(raw)}")
        faults = Faults()
        for key in raw:
            if key not in ("from", "to", "steps"):
                faults.add(unknown("key", key, ("from", "to", "steps")), key, key=True)
        for key in ("from", "to"):
            if raw.get(key) is None:
                faults.add(f"`{key}` is missing; write {{from: 4, to: 8}}")
        steps = None
        with faults.under("steps"):
            if raw.get("steps") is not None:
                steps = int(NumberForm(low=2, high=MOST_LEVELS, whole=True).read(raw["steps"], names))
        faults.check()
        return Levels((), plain(raw["from"]), plain(raw["to"]), steps)

    def _listed(self, raw: Any) -> Levels:
        if not 1 <= len(raw) <= MOST_LEVELS:
            raise FormError(f"expected 1 to {MOST_LEVELS:,} values, found {found(raw)}")
        values = tuple(plain(value) for value in raw)
        faults = Faults()
        for index, value in enumerate(values):
            # 1 and true are equal in Python, but not here.
            if any(value == other and type(value) is type(other) for other in values[:index]):
                faults.add(f"{found(value)} stands twice", index)
        faults.check()
        return Levels(values)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        ends = {"from": {}, "to": {}, "steps": {"type": "integer", "minimum": 2, "maximum": MOST_LEVELS}}
        between = {"type": "object", "required": ["from", "to"], "properties": ends, "additionalProperties": False}
        return {"anyOf": [{"type": "array", "minItems": 1, "maxItems": MOST_LEVELS}, between]}


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
            raise FormError(f"{usage}; found {found(raw)}")
        ((kind, value),) = raw.items()
        if kind == "table":
            if not isinstance(value, str) or not value:
                raise FormError(Fault(f"expected the name of a CSV file, found {found(value)}", (kind,)))
            return Design("table", None, value)
        if kind not in SIZED:
            raise FormError(Fault(unknown("design", kind, ("grid", *SIZED, "table")), (kind,), key=True))
        faults = Faults()
        with faults.under(kind):
            size = int(NumberForm(low=1, high=MOST_POINTS, whole=True).read(value, names))
            if kind == "sobol" and size & (size - 1):
                below = 1 << (size.bit_length() - 1)
                raise FormError(
                    f"Sobol points are balanced only in powers of two: {below} or {2 * below}, found {size}"
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
            raise FormError(f"an arm needs a lever or a change; {AS_IT_IS}")
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
            f"found {found(raw)}"
        )

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        one = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object", "minProperties": 1}]}
        return {"anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}]}
