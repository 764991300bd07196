"""What a study looks for: limits of KPIs, a budget, and what difference does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from ..forms import remedies
from ..forms.amounts import ELAPSED, DurationForm, RateForm
from ..forms.base import Form, FormError, Names, found
from ..forms.currencies import Exchange
from ..forms.money import Cash, MoneyForm, MoneyRateForm, cash, own_amount
from ..forms.plain import NumberForm
from ..forms.quantities import HOUR, MICROSECONDS, Rate

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
    money : bool
        Whether it names a currency, or thousands in a word; then `value` is in that currency.
    """

    value: float
    kind: Kind
    text: str
    money: bool = False

    def own(self, exchange: Exchange) -> Amount:
        """The amount in the currency of a scenario; raises `FormError` if it cannot be converted."""
        return _money(self.text, exchange) or self

    @property
    def currency(self) -> str:
        """The code of the currency that it names; empty for none."""
        parts = _parts(self.text, Exchange()) if self.money else None
        return parts[0].code if parts is not None else ""


def _parts(raw: Any, exchange: Exchange) -> tuple[Cash, str] | None:
    """The money of a text with the unit of time, empty for an amount alone."""
    rate = MoneyRateForm().parts(raw, exchange)
    alone = cash(raw, exchange) if rate is None else None
    return (alone, "") if alone is not None else rate


def _money(raw: Any, exchange: Exchange) -> Amount | None:
    """The amount of a text that names a currency, in that of a scenario where one is known."""
    parts = _parts(raw, exchange)
    if parts is None:
        return None
    value = own_amount(parts[0], exchange)
    if not parts[1]:
        return Amount(value, "number", raw.strip(), True)
    return Amount(Rate(value, parts[1]).per_hour * _YEAR, "rate", raw.strip(), True)


@dataclass(frozen=True)
class AmountOfForm(Form[Amount]):
    """A number (``300``), a share (``20 %``), a time (``4 h``), a rate (``8 / mo``) or money (``100 USD / y``).

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
    what: str = "an amount such as 300, 20 %, 4 h, 8 / mo or 100 USD"
    low: float = -1e15
    above: float | None = None
    made: ClassVar[tuple[type, ...]] = (Amount,)

    def read(self, raw: Any, names: Names) -> Amount:
        money = _money(raw, Exchange()) if set(self.kinds) & {"number", "rate"} else None
        if money is not None and money.kind in self.kinds and money.value >= self.low:
            return self._checked(money, raw)
        kind = _kind(raw)
        number = remedies.number(raw) if kind == "time" and not str(raw).strip().endswith("m") else None
        if kind is None or kind not in self.kinds or number is not None:
            raise FormError(
                f"expected {self.what}, found {found(raw)}{remedies.instead(number)}", code="E-value-amount"
            )
        return self._checked(Amount(self._value(raw, kind, names), kind, str(raw).strip()), raw)

    def _checked(self, amount: Amount, raw: Any) -> Amount:
        if self.above is not None and not amount.value > self.above:
            raise FormError(
                f"expected {self.what}, above {self.above:g}; found {found(raw)}; null is none",
                code="E-value-amount",
            )
        return amount

    def _value(self, raw: Any, kind: Kind, names: Names) -> float:
        match kind:
            case "rate":
                return RateForm().read(raw, names).per_hour * _YEAR
            case "time":
                return DurationForm(ELAPSED).read(raw, names).microseconds / HOUR
        return NumberForm(low=self.low).read(raw, names)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        forms: list[dict[str, Any]] = [MoneyForm(low=self.low).schema(defs)]
        if "rate" in self.kinds:
            forms += [RateForm().schema(defs), MoneyRateForm().schema(defs)]
        if "time" in self.kinds:
            forms.append(DurationForm(ELAPSED).schema(defs))
        return {"anyOf": forms}


def _kind(raw: Any) -> Kind | None:
    """What sort of amount is written there; None for anything else."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return "number"
    if not isinstance(raw, str):
        return None
    if not any(each.isdigit() for each in raw):
        return None
    if "/" in raw:
        return "rate"
    return "share" if raw.strip().endswith("%") else "time"
