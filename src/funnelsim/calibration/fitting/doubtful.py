"""Assumed numbers with how far they may be off: ``90 min ± 30 %``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from funnelsim.scenario.forms.amounts import WORKING
from funnelsim.scenario.forms.base import Form, FormError, Names
from funnelsim.scenario.forms.distributions import DistForm
from funnelsim.scenario.forms.plain import NumberForm
from funnelsim.scenario.forms.quantities import Dist

_PARTS = re.compile(r"\s*(?P<value>.+?)\s*(?:±|\+/-)\s*(?P<off>\d+(?:\.\d+)?)\s*(?P<unit>\S*)\s*")


@dataclass(frozen=True)
class Doubtful:
    """A value as it is written, and by which share of it the 95 % range reaches up and down; 0 if it is sure."""

    written: Any
    off: float = 0.0


@dataclass(frozen=True)
class DoubtfulForm(Form[Doubtful]):
    """An assumed effort (``effort``) or share, with ``± x``, ``± x %``, or without."""

    effort: bool
    made: ClassVar[tuple[type, ...]] = (Doubtful,)

    def read(self, raw: Any, names: Names) -> Doubtful:
        inner: Form[Any] = DistForm(WORKING) if self.effort else NumberForm(low=1e-6, high=1)
        parts = _PARTS.fullmatch(raw) if isinstance(raw, str) else None
        if parts is None:
            inner.read(raw, names)
            return Doubtful(raw)
        written: Any = parts["value"]
        if not self.effort:
            written = self._number(written, raw)
        value, unit = inner.read(written, names), parts["unit"]
        if unit == "%":
            off = float(parts["off"]) / 100
        elif self.effort:
            sized = inner.read(f"{parts['off']} {unit}", names)
            if sized.unit != value.unit:
                said = "business days (bd) and hours cannot be mixed in one effort"
                raise FormError(f"{said}, found {raw!r}", code="E-unit-mixed")
            off = _only(sized) / _only(value)
        elif not unit:
            off = float(parts["off"]) / value
        else:
            raise FormError(
                f"after ± a share takes a number or a number with %, found {raw!r}", code="E-value-shape"
            )
        if not 0 < off < 1:
            said = f"what stands after ± must be above 0 and below the value itself, found {raw!r}"
            raise FormError(said, code="E-order")
        return Doubtful(written, off)

    @staticmethod
    def _number(text: str, raw: Any) -> float:
        try:
            return float(text)
        except ValueError:
            raise FormError(
                f"expected a share such as 0.35 or 0.35 ± 0.1, found {raw!r}", code="E-value-number"
            ) from None

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": ["string", "object"] if self.effort else ["string", "number"]}


def _only(of: Dist) -> float:
    """The value of an amount that is one number."""
    return of.parameters["value"]
