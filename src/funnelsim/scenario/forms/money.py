"""Forms of money: plain numbers in the scenario's currency, or amounts that name theirs: ``100 USD``, ``3万円``.

An amount keeps its currency in the document and is converted when it is read, with the scenario's `exchange`, so
that a rate may be changed later and nothing is converted twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from . import remedies
from .amounts import ELAPSED, MONEY, RateForm, is_number, number_text
from .base import Adjust, Faults, Form, FormError, Names, found
from .currencies import CURRENCIES, ROUND, SIGNS, Exchange, code_of
from .plain import NumberForm, part_way
from .quantities import Rate
from .signs import ordinary
from .slips import slip

_NUMBER = r"\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d{1,3})?"
_BODY = rf"(?:\d[\d_]*(?:\.\d+)?(?:[十百千]?[万億兆]|千))+(?:\d[\d_]*)?|{_NUMBER}(?:\s?[kKM](?![A-Za-z]))?"
_NAME = r"[^\W\d_]+|US\$|[$¥€£₩₹]"
_CASH = re.compile(rf"(-?)\s*(?:({_NAME})\s*)?(-?)({_BODY})\s*({_NAME})?")
_LOOSE = re.compile(rf"(-?\s*(?:{_NAME})?\s*)(\d[\d,._' ]*\d|\d)(\s*(?:[kKM](?![A-Za-z]))?\s*(?:{_NAME})?)")
_PIECE = re.compile(r"([\d_.]+)([十百千]?)([万億兆]?)")
_RATE = re.compile(r"(.+?)\s*/\s*([^\W\d_]+)")
_THOUSANDS = {"k": 1e3, "K": 1e3, "M": 1e6}
_SMALL = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1000.0}
_LARGE = {"": 1.0, "万": 1e4, "億": 1e8, "兆": 1e12}
_WORDS = {"yen": "JPY", "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP",
          "pounds": "GBP", "yuan": "CNY", "won": "KRW"}  # fmt: skip
_BEFORE = {"月額": "mo", "月給": "mo", "年額": "y", "年収": "y", "年俸": "y"}
"""Words in front of an amount that say for how long it is; those of an hour or a day mean hours of work."""
OF_NO_FILE = "USD"
"""The currency of a scenario that names none."""


@dataclass(frozen=True)
class Cash:
    """An amount of money as written: ``code`` is that of its currency, or empty where none is named."""

    amount: float
    code: str = ""


def exchange_of(names: Names) -> Exchange:
    """The currency of a scenario and its rates, whatever else may be wrong with them."""
    if not names.given:
        return Exchange()
    currency = names.currency if isinstance(names.currency, str) and names.currency else OF_NO_FILE
    rates = names.exchange.items() if isinstance(names.exchange, Mapping) else ()
    return Exchange(currency, tuple((str(name), float(rate)) for name, rate in rates if _is_rate(rate)))


def _is_rate(raw: Any) -> bool:
    return is_number(raw) and 0 < raw < float("inf")


def cash(raw: Any, exchange: Exchange) -> Cash | None:
    """The amount of a text with a currency, or with thousands in a word; None for anything else.

    Raises
    ------
    FormError
        If the currency is none, or may be one of two.
    """
    match = _CASH.fullmatch(ordinary(raw.strip())) if isinstance(raw, str) and len(raw) < 100 else None
    if match is None or (match[1] and match[3]):
        return None
    names = [name for name in (match[2], match[5]) if name]
    plain = re.fullmatch(_NUMBER, match[4]) is not None
    if plain and not names:
        return None
    amount = _amount(match[4])
    if amount is None:
        return None
    codes = [_code(name, exchange, raw) for name in names]
    if None in codes:
        return None
    if len(codes) > 1:
        raise FormError(f"the currency stands twice, found {found(raw)}; name it once", code="E-currency-twice")
    return Cash(-amount if match[1] or match[3] else amount, codes[0] or "" if codes else "")


def _amount(body: str) -> float | None:
    """The number of ``3.5M`` and ``1億5000万``; None where larger units follow smaller ones."""
    factor = _THOUSANDS.get(body[-1])
    if factor is not None:
        return round(float(body[:-1].strip().replace("_", "")) * factor, 6)
    if re.fullmatch(_NUMBER, body):
        return float(body.replace("_", ""))
    total, last = 0.0, float("inf")
    for digits, small, large in _PIECE.findall(body):
        factor = _SMALL[small] * _LARGE[large]
        if not factor < last:
            return None
        total, last = total + float(digits.replace("_", "")) * factor, factor
    return round(total, 6)


def _code(name: str, exchange: Exchange, raw: Any) -> str | None:
    """The code of a currency that is named; None if it is no name of one. Raises `FormError`."""
    own = name == exchange.currency or any(name == other for other, _ in exchange.rates)
    if own or name in CURRENCIES:
        return code_of(name)
    if name in SIGNS:
        code, others = SIGNS[name]
        if exchange.code in others:
            either = f"{exchange.code} or {code}"
            raise FormError(
                f"{name} may be {either} here, found {found(raw)}; write the code in its place",
                code="E-currency-unclear",
            )
        return code
    meant = name.upper() if name.upper() in CURRENCIES else _WORDS.get(name.lower())
    if meant is not None:
        raise FormError(
            f"currencies are written as codes, found {found(raw)}; write {meant} for {name}",
            code="E-currency-unknown",
        )
    if re.fullmatch("[A-Z]{3}", name):
        close = slip(name, (*ROUND, *sorted(CURRENCIES)))
        hint = f"; did you mean {close}?" if close else "; known are the codes of ISO 4217, such as USD"
        raise FormError(f"{name} is the code of no currency, found {found(raw)}{hint}", code="E-currency-unknown")
    return None


def own_amount(money: Cash, exchange: Exchange) -> float:
    """An amount in the scenario's currency; raises `FormError` where no rate is known."""
    rate = exchange.rate(money.code)
    if rate is None:
        raise FormError(no_rate(money.code, exchange), code="E-exchange-missing")
    return money.amount * rate


def no_rate(code: str, exchange: Exchange) -> str:
    """What is said where nobody knows what a currency is worth."""
    meant = _WORDS.get(exchange.currency.lower())
    if meant is not None and exchange.currency not in CURRENCIES:
        return f"`currency` is {exchange.currency}, which is the code of no currency; write currency: {meant}"
    return (
        f"no rate is known from {code} to {exchange.currency}; write exchange: {{{code}: ...}} at the top of the "
        f"file, how many {exchange.currency} are one {code}"
    )


def money_text(amount: float, code: str) -> Any:
    """An amount as it is written: a number in the scenario's own currency, else with its code."""
    return f"{number_text(amount)} {code}" if code else amount


def _loosely(raw: Any) -> str | None:
    """What to write for ``¥3,600,000``, with its currency; None where there is none, or nothing to say."""
    match = _LOOSE.fullmatch(ordinary(raw.strip())) if isinstance(raw, str) else None
    if match is None or not (match[1].strip() or match[3].strip()):
        return None
    number = remedies.number(match[2].strip())
    if number is None or number == match[2].strip():
        return None
    one, sign, other = number.partition(", or ")
    around = [f"{match[1]}{part}{match[3]}" for part in (one, other.partition(" ")[0]) if part]
    written = ", or ".join(around) + (f" {other.partition(' ')[2]}" if sign else "")
    return written if cash(around[0], Exchange()) is not None else None


def _with_currency(message: str, raw: Any) -> str:
    """A message that says what to write, with the currency of what stands there."""
    named = re.search(r"US\$|[$¥€£₩₹円元]|ドル|ユーロ|(?<![A-Z])[A-Z]{3}(?![A-Z])", ordinary(str(raw)))
    code = code_of(named[0]) if named is not None else ""
    if code not in CURRENCIES:
        return message
    begin, write, amounts = message.partition("write ")
    return begin + write + re.sub(r"'([\d_.]+) / ", rf"'\1 {code} / ", amounts)


@dataclass(frozen=True)
class MoneyForm(NumberForm):
    """Money: a number in the scenario's currency, or ``27_000 USD``, ``¥3_000``, ``3.5M``, ``3万円``."""

    def read(self, raw: Any, names: Names) -> float:
        exchange = exchange_of(names)
        money = cash(raw, exchange)
        if money is None:
            return super().read(raw, names)
        number = own_amount(money, exchange)
        if not self._fits(number):
            raise FormError(f"expected {self._words()}, found {found(raw)}", code="E-value-money")
        return number

    def _remedy(self, raw: Any) -> str:
        better = _loosely(raw)
        return super()._remedy(raw) if better is None else remedies.instead(better)

    def expand(self, raw: Any, names: Names) -> Any:
        return raw if isinstance(raw, str) and not raw.strip().endswith("%") else super().expand(raw, names)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        exchange = exchange_of(names)
        before = cash(old, exchange)
        if change.op == "multiply":
            if before is None:
                return super().adjust(old, change, names)
            return money_text(before.amount * change.factor, before.code)
        more = cash(change.amount, exchange)
        if before is not None and more is not None and before.code == more.code:
            return money_text(before.amount + more.amount, before.code)
        return self.read(old, names) + MoneyForm().read(change.amount, names)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        exchange = exchange_of(names)
        first, last = cash(old, exchange), cash(new, exchange)
        if first is not None and last is not None and first.code == last.code:
            return money_text(part_way(first.amount, last.amount, dose), first.code)
        before, after = self.read(old, names), self.read(new, names)
        return part_way(before, after, dose)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        defs["money"] = {
            "type": "string",
            "pattern": rf"^\s*{CASH_PATTERN}\s*$",
            "description": "An amount with its currency, or with thousands in a word.",
            "examples": ["27_000 USD", "¥3_000", "3.5M", "3万円"],
        }
        return {"anyOf": [*super().schema(defs)["anyOf"], {"$ref": "#/$defs/money"}]}


CASH_PATTERN = r"-?\s*([^\d\s/%,.+_-]+\s*)?-?\d[\d_]*(\.\d+)?([eE][+-]?\d{1,3})?([^/%,.+-]*[^\s/%,.+-])?"
"""How an amount of money may look, for a schema; what the names in it may be is checked elsewhere."""


@dataclass(frozen=True)
class PerPeriodForm(MoneyForm):
    """Money for each period, which another key names: ``{amount: 300, period: month}``."""

    def _alone(self, per: str) -> str:
        amount, _, unit = per.strip("'").partition(" / ")
        period = {"mo": "month", "y": "year"}.get(unit)
        return super()._alone(per) if period is None else f"write {{amount: {amount}, period: {period}}}"


@dataclass(frozen=True)
class MoneyRateForm(RateForm):
    """Money per unit of time: ``9_000_000 / y``, ``100 USD / mo``, ``月額3万円``."""

    what: str = MONEY

    def read(self, raw: Any, names: Names) -> Rate:
        exchange = exchange_of(names)
        parts = self.parts(raw, exchange)
        if parts is None:
            return super().read(raw, names)
        amount = own_amount(parts[0], exchange)
        if not 0 <= amount <= 1e15:
            raise FormError(f"{self.what} must be at least 0 and at most 1e15, found {raw!r}", code="E-rate-range")
        return Rate(amount, parts[1])

    def parts(self, raw: Any, exchange: Exchange) -> tuple[Cash, str] | None:
        """The amount and the unit of time of a text that names a currency; raises `FormError`."""
        if not isinstance(raw, str):
            return None
        text = ordinary(raw.strip())
        before = next((word for word in _BEFORE if text.startswith(word)), None)
        if before is not None and "/" not in text:
            money = cash(text[len(before) :], exchange)
            return None if money is None else (money, _BEFORE[before])
        match = _RATE.fullmatch(text)
        money = cash(match[1], exchange) if match is not None else None
        if match is None or money is None:
            return None
        if match[2] not in self.units:
            raise FormError(self._unit_fault(match[2], raw), code="E-unit-unknown")
        return money, match[2]

    def _refusal(self, raw: Any) -> str:
        return _with_currency(super()._refusal(raw), raw)

    def _unit_fault(self, unit: str, raw: str) -> str:
        return _with_currency(super()._unit_fault(unit, raw), raw)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        exchange = exchange_of(names)
        parts = self.parts(old, exchange)
        if parts is None:
            return super().adjust(old, change, names)
        money, unit = parts
        if change.op == "multiply":
            return self._text(money.amount * change.factor, money.code, unit)
        text = change.amount.strip() if isinstance(change.amount, str) else change.amount
        less = isinstance(text, str) and text.startswith("-")
        more = self.parts(text[1:] if less else text, exchange)
        if more is None or more[0].code != money.code:
            return super().adjust(old, change, names)
        amount = self.convert(Rate(more[0].amount, more[1]), unit)
        return self._text(money.amount + (-amount if less else amount), money.code, unit)

    def blend(self, old: Any, new: Any, dose: float, names: Names) -> Any:
        exchange = exchange_of(names)
        first, last = self.parts(old, exchange), self.parts(new, exchange)
        if old == new or first is None or last is None or first[0].code != last[0].code:
            return super().blend(old, new, dose, names)
        before = self.convert(Rate(first[0].amount, first[1]), last[1])
        return self._text(part_way(before, last[0].amount, dose), last[0].code, last[1])

    def _text(self, amount: float, code: str, unit: str) -> str:
        return f"{number_text(amount)} {code} / {unit}" if code else self.write(amount, unit)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        per = rf"{CASH_PATTERN}\s*/\s*({'|'.join(ELAPSED)})"
        defs["money_rate"] = {
            "type": "string",
            "pattern": rf"^\s*({per}|({'|'.join(_BEFORE)}){CASH_PATTERN})\s*$",
            "description": "Money per unit of time: 500 / mo, 106_250 / y, 100 USD / mo.",
        }
        return {"$ref": "#/$defs/money_rate"}


@dataclass(frozen=True)
class ExchangeForm(Form[tuple[tuple[str, float], ...]]):
    """What others are worth in the scenario's currency: ``{USD: 150}`` is 150 for one dollar."""

    made: ClassVar[tuple[type, ...]] = (tuple,)
    merges: ClassVar[bool] = True

    def child(self, key: str) -> Form[Any] | None:
        return NumberForm(above=0)

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, float], ...]:
        if not isinstance(raw, Mapping):
            raise FormError(
                f"expected rates by currency such as {{USD: 150}}, found {found(raw)}", code="E-value-shape"
            )
        own = exchange_of(Names(True, currency=names.currency))
        faults = Faults()
        rates: list[tuple[str, float]] = []
        for name, value in raw.items():
            with faults.under(name):
                code = _code(name, own, name) or name
                rate = NumberForm(above=0).read(value, names)
                if names.given and code == own.code and rate != 1:
                    raise FormError(
                        f"{name} is the scenario's own currency, so one of it is 1", code="E-exchange-own"
                    )
                if any(code == code_of(other) for other, _ in rates):
                    raise FormError(f"{name} stands twice, under another name", code="E-currency-twice")
                rates.append((name, rate))
        faults.check()
        return tuple(rates)

    def adjust(self, old: Any, change: Adjust, names: Names) -> Any:
        return {name: NumberForm().adjust(rate, change, names) for name, rate in old.items()}

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}}
