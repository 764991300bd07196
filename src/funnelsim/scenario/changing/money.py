"""The money of a document: which values it is, and what becomes of it where the currency changes.

Amounts that name no currency are in that of the scenario. So where that changes, they are given the name of the
one they were in, and are converted when they are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from funnelsim.errors import Warned

from ..forms.amounts import is_number, number_text
from ..forms.base import Fault, Form, FormError, Names, kept
from ..forms.currencies import Exchange, code_of
from ..forms.distributions import DistForm
from ..forms.entry import EntryForm, FragmentForm, ListForm, NamedForm
from ..forms.kinds import ByKindForm
from ..forms.money import OF_NO_FILE, MoneyForm, MoneyRateForm, cash, exchange_of, money_text, no_rate
from ..forms.names import NamedRatesForm
from ..forms.selectors import VALUES, SelectorForm
from ..reading.document import Block
from .edits import directive

Act = Callable[[Form[Any], Any], Any]
"""What is done with an amount of money: its form and its value, to another value."""


@dataclass(frozen=True)
class _Each:
    """A document or a fragment of one with something done to each amount of money in it."""

    root: EntryForm
    names: Names
    act: Act

    def value(self, form: Form[Any] | None, value: Any) -> Any:
        """A value with all money in it."""
        if directive(value):
            parts = {op: one if op == "multiply" else self.value(form, one) for op, one in value.items()}
            return kept(value, parts)
        match form:
            case MoneyForm() | MoneyRateForm():
                return value if isinstance(value, Mapping | list) else self.act(form, value)
            case NamedRatesForm():
                return self._all(MoneyRateForm(), value)
            case DistForm(money=True):
                return self._dist(form, value)
            case SelectorForm():
                return self._selector(value)
            case ByKindForm():
                return form.each(value, self.names, lambda one: self.value(form.inner, one))
            case NamedForm() | ListForm():
                return self._all(form.inner, value) if isinstance(value, Mapping | list) else value
            case EntryForm():
                return self._entry(form, value)
        return value

    def _all(self, form: Form[Any], value: Any) -> Any:
        if isinstance(value, Mapping):
            return kept(value, {key: self.value(form, one) for key, one in value.items()})
        if isinstance(value, list):
            return kept(value, [self.value(form, one) for one in value])
        return self.value(form, value)

    def _dist(self, form: DistForm, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return self.act(MoneyForm(), value)
        sized = {key for key in value if key == "values" or isinstance(form.child(key), MoneyForm)}
        parts = {key: self._all(MoneyForm(), one) if key in sized else one for key, one in value.items()}
        return kept(value, parts)

    def _selector(self, value: Any) -> Any:
        if isinstance(value, list):
            return kept(value, [self._selector(one) for one in value])
        if not isinstance(value, Mapping):
            return value
        parts = {key: self.act(MoneyForm(), one) if key in VALUES else one for key, one in value.items()}
        return kept(value, parts)

    def _entry(self, form: EntryForm, value: Any) -> Any:
        if not isinstance(value, Mapping):
            main = form.child(form.type.main[0]) if form.type.main and value is not None else None
            return value if main is None else self.value(main, value)
        return self.fragment(form, value)

    def fragment(self, form: Form[Any] | None, value: Mapping[str, Any]) -> Any:
        """A mapping whose keys may be paths."""
        return kept(value, {key: self._part(form, str(key), one) for key, one in value.items()})

    def _part(self, form: Form[Any] | None, key: str, value: Any) -> Any:
        child = form
        for part in key.split("."):
            child = self._child(child, part)
        if isinstance(child, FragmentForm) and isinstance(value, Mapping):
            named = self.root.child(key)  # of defaults it is that of each team or stage, of a phase the whole
            inner = named.inner if isinstance(named, NamedForm) else self.root
            return self.fragment(inner, value)
        return self.value(child, value)

    def _child(self, form: Form[Any] | None, part: str) -> Form[Any] | None:
        if isinstance(form, ByKindForm):
            return form.inner if part in ("else", "*") or part in self.names.kinds else form.inner.child(part)
        return None if form is None else form.child(part)


def in_other_currency(document: Block, change: Mapping[str, Any], form: EntryForm) -> Block:
    """A document over which a change is to be laid, ready for the currency that the change names.

    Raises
    ------
    FormError
        If nobody knows what the old currency is worth in the new one.
    """
    if "currency" not in change:
        return document
    names = Names.of(document)
    old = exchange_of(names)
    new = change["currency"]["set"] if directive(change["currency"]) else change["currency"]
    new = OF_NO_FILE if new is None else new
    if not isinstance(new, str) or code_of(new) == old.code:
        return document
    rates = _rates(old, Exchange(new, _given(change)))
    labelled = _Each(form, names, lambda kind, value: _named(kind, value, old)).fragment(form, document)
    known = rates.rate(old.code) is not None and re.fullmatch(r"[^\W\d_]+", old.code)
    if labelled != document and not known:
        raise FormError(Fault(no_rate(old.code, rates), ("currency",), code="E-exchange-missing"))
    rest = {key: value for key, value in labelled.items() if key != "exchange"}
    return document.like({**rest, "exchange": dict(rates.rates)} if rates.rates else rest)


def with_currency(fragment: Mapping[str, Any], form: EntryForm, names: Names) -> Any:
    """A fragment in which each amount names its currency; those that named none were in that of ``names``."""
    old = exchange_of(names)
    return _Each(form, names, lambda kind, value: _named(kind, value, old)).fragment(form, fragment)


def amount_with_currency(value: Any, names: Names) -> Any:
    """An amount of money, or money over time, with its currency; it was in that of ``names`` if it named none."""
    old = exchange_of(names)
    return next(
        (one for one in (_named(form, value, old) for form in (MoneyRateForm(), MoneyForm())) if one != value),
        value,
    )


def _given(change: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    given = change.get("exchange")
    rates = dict(given) if isinstance(given, Mapping) else {}
    rates |= {key.partition(".")[2]: rate for key, rate in change.items() if str(key).startswith("exchange.")}
    return tuple((str(name), float(rate)) for name, rate in rates.items() if is_number(rate) and rate > 0)


def _rates(old: Exchange, new: Exchange) -> Exchange:
    """The rates of a document in a new currency: those that are given, and those that follow from the old ones."""
    back = old.given(new.code)
    factor = new.given(old.code) or (1 / back if back else None)
    found = dict(new.rates)
    if factor is not None and new.given(old.code) is None:
        found[old.code] = factor
    known = factor if factor is not None else new.rate(old.code)
    for name, rate in old.rates:
        if code_of(name) != new.code and new.given(code_of(name)) is None and known is not None:
            found[name] = rate * known
    return Exchange(new.currency, tuple(found.items()))


def _named(form: Form[Any], value: Any, old: Exchange) -> Any:
    """An amount with the currency that it was in, if it names none."""
    try:
        if isinstance(form, MoneyRateForm):
            parts = form.parts(value, old)
            if parts is not None and parts[0].code:
                return value
            rate = form.read(value, NOWHERE)
            return f"{number_text(rate.amount)} {old.code} / {rate.unit}" if rate.amount else value
        money = cash(value, old)
        if money is not None and money.code:
            return value
        amount = MoneyForm().read(value, NOWHERE)
        return money_text(amount, old.code) if amount else value
    except FormError:
        return value  # it is refused where it is read


NOWHERE = Names()
"""Of no scenario: there no amount is converted."""


def assumptions(document: Mapping[str, Any], form: EntryForm, names: Names) -> list[Warned]:
    """A sentence for each rate that a document or a change needs and the scenario does not give."""
    exchange = exchange_of(names)
    codes: list[str] = []

    def note(kind: Form[Any], value: Any) -> Any:
        try:
            parts = kind.parts(value, exchange) if isinstance(kind, MoneyRateForm) else None
            money = parts[0] if parts is not None else cash(value, exchange)
        except FormError:
            return value
        codes.extend([money.code] if money is not None else [])
        return value

    _Each(form, names, note).fragment(form, document)
    return list(assumed_rates(codes, exchange))


def assumed_rates(codes: Iterable[str], exchange: Exchange) -> Iterator[Warned]:
    """A sentence for each currency that is converted at a rate that nobody gave."""
    for code in dict.fromkeys(codes):
        rate = exchange.rate(code)
        if not exchange.own(code) and exchange.given(code) is None and rate is not None:
            yield Warned(
                f"exchange: 1 {code} is taken as {rate:g} {exchange.currency}, a round number (evidence M: an "
                f"assumption); write yours as exchange: {{{code}: {rate:g}}}",
                "W-exchange-assumed",
            )


def levers_of_old(below: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Warned]:
    """That plain figures of levers, in a file that is extended in another currency, are in the new one."""
    old, new = (exchange_of(Names.of(document)) for document in (below, {**below, **own}))
    inherited = list(below.get("levers") or () if "levers" not in own else ())
    if "phases" not in own:
        inherited += [name for phase in below.get("phases") or () for name in phase.get("levers") or ()]
    if inherited and old.code != new.code:
        named = ", ".join(dict.fromkeys(map(str, inherited)))
        yield Warned(
            f"levers: figures without a currency in {named} are in {new.currency} here, and not in "
            f"{old.currency}; write their currency in the lever files",
            "W-currency-plain",
        )
