"""KPIs per year, quarter and month: ``bookings_per_year``, ``won_new_per_quarter``, ``customers_lost_per_month``.

Each KPI that counts or adds up what happens in the time that counts has three more of its name, which divide it by
the number of years, quarters or months in that time; so lines over different times can be set side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from funnelsim.model.model import Model
from funnelsim.scenario.forms.quantities import MICROSECONDS

from ...words import say
from ..indicators import CENTS, COUNT, MONEY, Indicator, Texts, mean
from ..kpis import kpi_indicators

PERIODS = {"year": MICROSECONDS["y"], "quarter": 3 * MICROSECONDS["mo"], "month": MICROSECONDS["mo"]}
"""Microseconds; a year is 365.25 days, a month a twelfth of it."""

SUFFIXES = tuple(f"_per_{period}" for period in PERIODS)

OF_MONEY = {"year": "y", "quarter": "q", "month": "mo"}
"""By period how it stands in units of money."""

STOCKS = frozenset(("open_at_start", "open_at_end", "customers_start", "customers_end"))
"""Counts of what is there at a moment, which have no rate."""

ARR_FLOWS = frozenset(("arr_new", "arr_expansion", "arr_contraction", "arr_churn"))
"""Changes of recurring revenue, whose unit is money a year already."""


@dataclass(frozen=True)
class ToldPer:
    """The label and the definition of a KPI per period."""

    of: Texts
    period: str

    @property
    def label(self) -> str:
        """What people are shown."""
        return say(f"per.{self.period}.label", kpi=self.of.label)

    @property
    def definition(self) -> str:
        """How it is counted."""
        return say(f"per.{self.period}.definition", definition=self.of.definition)


def is_flow(kpi: Indicator) -> bool:
    """Whether a KPI counts or adds up what happens in the time that counts."""
    return (kpi.combine in (COUNT, MONEY) and kpi.name not in STOCKS) or kpi.name in ARR_FLOWS


def per_period(kpi: Indicator, span: int) -> Iterator[Indicator]:
    """The KPI per year, quarter and month where it flows.

    Parameters
    ----------
    kpi : Indicator
        A KPI of the whole line.
    span : int
        The time that counts, in microseconds.
    """
    if not is_flow(kpi):
        return
    for period, length in PERIODS.items():
        scale = (1 if kpi.combine is COUNT else CENTS) * span / length
        yield Indicator(
            f"{kpi.name}_per_{period}", _unit(kpi, period), kpi.terms, mean(scale), ToldPer(kpi.texts, period)
        )


def _unit(kpi: Indicator, period: str) -> str:
    if kpi.name in ARR_FLOWS:
        return kpi.unit
    return f"{kpi.unit}/{OF_MONEY[period] if kpi.combine is MONEY else period}"


def by_name(kpis: Sequence[Indicator], span: int) -> dict[str, tuple[int, Indicator]]:
    """All KPIs by name with the place of their terms, each flow per period behind all others."""
    found = {each.name: (at, each) for at, each in enumerate(kpis)}
    for at, each in enumerate(kpis):
        for more in per_period(each, span):
            found.setdefault(more.name, (at, more))  # won_per_month is one of its own, with the same value
    return found


def every_kpi(model: Model) -> dict[str, tuple[int, Indicator]]:
    """All KPIs of a model by name, those per period too, each with the place of its terms in a tally."""
    return by_name(kpi_indicators(model), model.horizon - model.warmup)


def base_name(kpi: str) -> str:
    """The KPI that one per period is made of; any other is itself."""
    return next((kpi.removesuffix(end) for end in SUFFIXES if kpi.endswith(end)), kpi)
