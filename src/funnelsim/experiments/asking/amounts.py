"""Amounts as they are written in a scenario: a number, with a unit behind it or without."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

STEPS = 40
"""About how many steps a range has."""

_WRITTEN = re.compile(r"\s*([0-9][0-9_,]*\.?[0-9]*(?:e[+-]?[0-9]+)?)\s*(/?\s*[a-z][a-z ]*)\s*", re.IGNORECASE)
_NO_SIZES = ("dist", "sigma", "cv", "k", "shape")
"""Keys of a distribution that say nothing of how large it is."""


class Amount(NamedTuple):
    """A number and its unit."""

    number: float
    unit: str

    @property
    def written(self) -> str:
        """As it stands in a file."""
        number = int(self.number) if float(self.number).is_integer() else repr(float(self.number))
        return f"{number} {self.unit}"


def amount_of(value: Any) -> Amount | None:
    """The amount that a value is; None if it is something else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Amount(float(value), "")
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    number, unit = found.groups()
    return Amount(float(number.replace("_", "").replace(",", "")), " ".join(unit.split()))


def largest(value: Any) -> float:
    """The largest number in values by kind, dated steps or a distribution; 0 if there is none."""
    if isinstance(value, Mapping):
        return max((largest(each) for key, each in value.items() if key not in _NO_SIZES), default=0.0)
    if isinstance(value, list):
        return max(map(largest, value), default=0.0)
    amount = amount_of(value)
    return 0.0 if amount is None else amount.number


def step_for(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides a range into about `STEPS`."""
    rough = span / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9)) * power
    return float(f"{step:.6g}")


def grid_end(today: float, end: float, step: float) -> float:
    """The number next to an end of a range, not beyond it, that is whole steps away from today's."""
    steps = math.floor(abs(end - today) / step + 1e-9)
    return float(f"{today + math.copysign(steps * step, end - today):.12g}")
