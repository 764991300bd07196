"""What a study looks for: limits of KPIs, a budget, and what difference does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from ..forms import remedies
from ..forms.amounts import ELAPSED, DurationForm, RateForm
from ..forms.base import Form, FormError, Names, found
from ..forms.plain import NumberForm
from ..forms.quantities import HOUR, MICROSECONDS

Kind = Literal["number", "share", "time", "rate"]

_YEAR = MICROSECONDS["y"] / HOUR


@dataclass(frozen=True)
class Amount:
    """An amount of some KPI, whose unit the KPI must have.

    Parameters
    ----------
    value : float
        A number as it stands; a share of 1; a time in hours; a rate per year.
    kind : str
        Which of these.
    text : str
        As it was written.
    """

    value: float
    kind: Kind
    text: str


@dataclass(frozen=True)
class AmountOfForm(Form[Amount]):
    """A number (``300``), a share (``20 %``), a time (``4 h``) or a rate (``8 / mo``).

    Parameters
    ----------
    kinds : tuple of str
        Which of these may be written.
    what : str
        What a message calls it, with examples.
    low : float
        The least number, or share.
    above : float, optional
        What an amount of any kind must be above.
    """

    kinds: tuple[Kind, ...] = ("number", "share", "time", "rate")
    what: str = "an amount such as 300, 20 %, 4 h or 8 / mo"
    low: float = -1e15
    above: float | None = None
    made: ClassVar[tuple[type, ...]] = (Amount,)

    def read(self, raw: Any, names: Names) -> Amount:
        kind = _kind(raw)
        number = remedies.number(raw) if kind == "time" and not str(raw).strip().endswith("m") else None
        if kind is None or kind not in self.kinds or number is not None:
            raise FormError(f"expected {self.what}, found {found(raw)}{remedies.instead(number)}")
        value = self._value(raw, kind, names)
        if self.above is not None and not value > self.above:
            raise FormError(f"expected {self.what}, above {self.above:g}; found {found(raw)}; null is none")
        return Amount(value, kind, str(raw).strip())

    def _value(self, raw: Any, kind: Kind, names: Names) -> float:
        match kind:
            case "rate":
                return RateForm().read(raw, names).per_hour * _YEAR
            case "time":
                return DurationForm(ELAPSED).read(raw, names).microseconds / HOUR
        return NumberForm(low=self.low).read(raw, names)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        forms: list[dict[str, Any]] = [NumberForm(low=self.low).schema(defs)]
        if "rate" in self.kinds:
            forms.append(RateForm().schema(defs))
        if "time" in self.kinds:
            forms.append(DurationForm(ELAPSED).schema(defs))
        return {"anyOf": forms}


def _kind(raw: Any) -> Kind | None:
    """What sort of amount is written there; None for anything else."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return "number"
    if not isinstance(raw, str):
        return None
    if "/" in raw:
        return "rate"
    return "share" if raw.strip().endswith("%") else "time"
