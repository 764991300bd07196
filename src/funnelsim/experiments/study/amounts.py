"""Amounts of a study in the units of its KPIs, and what to write where they do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.results.measures.indicators import COUNT, MONEY, Indicator
from funnelsim.results.measures.periods.per_period import OF_MONEY
from funnelsim.results.words import in_english
from funnelsim.scenario.forms.base import FormError, Names
from funnelsim.scenario.forms.currencies import Exchange
from funnelsim.scenario.forms.quantities import HOUR, MICROSECONDS
from funnelsim.scenario.study.goals import Amount, AmountOfForm

if TYPE_CHECKING:
    from funnelsim.model.model import Model

_IN_A_YEAR = {"year": 1, "quarter": 4, "month": 12}

_YEARLY = {
    **{f"{what}/{each}": 1 / number for what in ("leads", "customers") for each, number in _IN_A_YEAR.items()},
    **{f"{{currency}}/{OF_MONEY[each]}": 1 / number for each, number in _IN_A_YEAR.items()},
    "per year": 1.0,
    "{currency}/d": 1 / 365.25,
}
"""Units of KPIs that are rates, as multiples of a rate per year."""

_NO_SHARE = 2.0
"""A number from which on it is no share, even of what may grow beyond 100 %, but meant in per cent."""

_SHARES = {
    "won": "conversion",
    "lost": "win_rate",
    "rejected": "conversion",
    "blocked": "conversion",
    "dropped": "conversion",
    "expired": "conversion",
    "burned": "conversion",
    "customers_lost": "logo_churn",
    "arr_churn": "revenue_churn",
    "arr_contraction": "revenue_churn",
    "cost_bad_debt": "bad_debt",
    "aged_need_loss": "aged_need_share",
}
"""KPIs that are counted, and the one that says most of it as a share."""

_WRITTEN = {
    "h": "a time, such as 4 h",
    "months": "a number of months, or a time such as 12 mo",
    "share": "a share, such as 20 % or 0.2",
    **{f"{what}/{each}": "a rate, such as 8 / mo" for what in ("leads", "customers") for each in _IN_A_YEAR},
    "{currency}/q": "a rate, such as 100_000 / y",
    "{currency}/mo": "a rate, such as 100_000 / y",
    "per year": "a rate, such as 0.2 / y",
    "{currency}/y": "a rate, such as 100_000 / y",
    "{currency}/d": "a rate, such as 1_000 / d",
}
"""What is written of KPIs, by their unit."""


def converted(kpi: Indicator, amount: Amount, years: float, known: Mapping[str, Indicator]) -> float:
    """An amount in the unit of a KPI, over the time that counts.

    Parameters
    ----------
    kpi : Indicator
        What it is an amount of.
    amount : Amount
        As it was written.
    years : float
        The time that counts.
    known : mapping
        All KPIs of the scenario, of which another may be meant.

    Raises
    ------
    FunnelsimError
        If it is an amount of something else, with what to write instead.
    """
    if amount.money and "{currency}" not in kpi.unit:
        raise FunnelsimError(
            f"found {amount.text!r}, which is money; {_instead(kpi, amount, known)}", code="E-value-amount"
        )
    match amount.kind:
        case "time" if kpi.unit == "h":
            return amount.value
        case "time" if kpi.unit == "months":
            return amount.value * HOUR / MICROSECONDS["mo"]
        case "share" if kpi.unit == "share":
            return amount.value
        case "rate" if kpi.unit in _YEARLY:
            return amount.value * _YEARLY[kpi.unit]
        case "rate" if kpi.combine in (COUNT, MONEY):
            return amount.value * years
        case "number" if kpi.unit == "h":
            raise FunnelsimError(f"write the amount with a unit, such as {amount.text} h", code="E-value-amount")
        case "number" if kpi.unit == "share" and abs(amount.value) >= _NO_SHARE:
            raise FunnelsimError(
                f"found {amount.text}; write {amount.text} %, or {amount.value / 100:g}", code="E-value-amount"
            )
        case "number":
            return amount.value
    raise FunnelsimError(f"found {amount.text!r}; {_instead(kpi, amount, known)}", code="E-value-amount")


def in_unit(kpi: Indicator, amount: Amount, years: float, known: Mapping[str, Indicator]) -> float:
    """The same as `converted`, with an error that says what the KPI is."""
    try:
        return converted(kpi, amount, years, known)
    except FunnelsimError as error:
        what = "a share" if kpi.unit == "share" else f"counted in {kpi.unit.replace('{currency}', 'money')}"
        raise FunnelsimError(f"{kpi.name} is {what}; {error}", code=error.code) from None


def exchange_of(model: Model) -> Exchange:
    """The currency of what is run, and its rates."""
    return Exchange(model.spec.currency, model.spec.exchange)


def read(text: str, kpi: Indicator, model: Model, known: Mapping[str, Indicator]) -> tuple[float, str]:
    """An amount that is written with its unit or its currency, in the unit of a KPI, and the code of the currency.

    Parameters
    ----------
    text : str
        Such as ``5_000_000 JPY``, ``3万円``, ``30 min`` or ``8 / mo``.
    kpi : Indicator
        What it is an amount of.
    model : Model
        Whose currency, rates and time that counts are taken.
    known : mapping
        All KPIs of the scenario.

    Raises
    ------
    FunnelsimError
        If it is no amount, or one of something else.
    """
    try:
        amount = AmountOfForm().read(text, Names())
        own = amount.own(exchange_of(model)) if amount.money else amount
    except FormError as wrong:
        raise FunnelsimError(str(wrong), code=wrong.code) from None
    years = (model.horizon - model.warmup) / MICROSECONDS["y"]
    return in_unit(kpi, own, years, known), amount.currency


def _instead(kpi: Indicator, amount: Amount, known: Mapping[str, Indicator]) -> str:
    """What to write of a KPI instead: its own unit, or a KPI that is a share where a share was meant."""
    if kpi.combine is COUNT:
        said = f"write a number of {kpi.unit} over the time that counts, such as 20, or a rate such as 8 / mo"
    elif kpi.combine is MONEY:
        said = "write an amount over the time that counts, such as 100_000, or a rate such as 100_000 / y"
    else:
        said = f"write {_WRITTEN.get(kpi.unit, 'a number')}"
    other = known.get(_SHARES.get(kpi.name, ""))
    if amount.kind == "share" and other is not None:
        with in_english():
            said += f"; as a share take {other.name} ({other.definition.rstrip('.')})"
    return said
