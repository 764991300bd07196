"""Totals that a line is to come to: how they are written, and how closely they are meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.changing.money import assumed_rates
from funnelsim.scenario.forms.signs import ordinary

from ..running.arms import Arm
from ..study.amounts import exchange_of, read
from ..study.pointless import refuse_pointless
from ..study.question import Target, check_kpis

if TYPE_CHECKING:
    from funnelsim.results.measures.indicators import Indicator

LEAST = 0.02
"""The least tolerance, as a share of the total: nobody knows totals better."""

_SIGNS = re.compile(r"±|\+/?-")
_NUMBER = re.compile(r"\d[\d_,]*(?:\.(?P<decimals>\d+))?")


@dataclass(frozen=True)
class Total:
    """What a KPI is known to be.

    Parameters
    ----------
    kpi : str
        Its name.
    text : str
        As it was written.
    value : float
        In the unit of the KPI.
    tolerance : float
        One standard deviation of it, in the same unit: what stands behind ``±``, else half of the last digit that
        is written, and at least 2 % of the value.
    unit : str
        Of the KPI.
    """

    kpi: str
    text: str
    value: float
    tolerance: float
    unit: str


def totals_of(arm: Arm, wishes: Mapping[str, float | str]) -> tuple[tuple[Total, ...], tuple[str, ...]]:
    """Totals of a line, and a sentence for each rate of exchange that their amounts assume.

    Raises
    ------
    FunnelsimError
        If none is given, for a KPI that there is not or that is 0 whatever is changed, an amount that cannot be
        read, or one that the KPI cannot be.
    """
    if not wishes:
        raise FunnelsimError(
            "nothing is given that the line is to come to; name totals, such as won=8/mo", code="E-tune-totals"
        )
    check_kpis([*wishes], [arm])
    reading = _Reading(arm)
    found = tuple(reading.total(kpi, wish) for kpi, wish in wishes.items())
    return found, tuple(assumed_rates(reading.currencies, exchange_of(arm.model)))


class _Reading:
    def __init__(self, arm: Arm) -> None:
        self.model = arm.model
        self.known = {name: indicator for name, (_, indicator) in arm.indicators.items()}
        self.currencies: list[str] = []

    def total(self, kpi: str, wish: float | str) -> Total:
        indicator = self.known[kpi]
        if isinstance(wish, str):
            value, tolerance = self._written(wish, indicator)
        else:
            value, tolerance = float(wish), 0.0
        text = wish.strip() if isinstance(wish, str) else f"{wish:g}"
        if not value > 0:
            raise FunnelsimError(
                f"{kpi}: a total to which a line is tuned is above 0, found {text}", code="E-tune-totals"
            )
        refuse_pointless(Target(kpi, True, value), text, indicator.unit, self.model)
        unit = indicator.unit.replace("{currency}", self.model.spec.currency)
        return Total(kpi, text, value, max(tolerance, LEAST * value), unit)

    def _written(self, text: str, indicator: Indicator) -> tuple[float, float]:
        """The value of a text and its tolerance: what stands behind ±, or half of the last digit."""
        parts = [part.strip() for part in _SIGNS.split(ordinary(text), maxsplit=1)]
        if len(parts) == 1:
            value, number = self._read(parts[0], indicator), _NUMBER.search(parts[0])
            return value, value * _half_digit(number) if number else 0.0
        amount, tolerance = parts
        if _NUMBER.fullmatch(amount):  # the unit stands behind both: 8±1/mo
            unit = _NUMBER.sub("", tolerance, count=1)
            amount = f"{amount}{unit}"
        value, wide = self._read(amount, indicator), self._read(tolerance, indicator)
        if not wide > 0:
            raise FunnelsimError(
                f"{indicator.name}: what stands behind ± is above 0, found {text.strip()}", code="E-tune-totals"
            )
        return value, wide

    def _read(self, text: str, indicator: Indicator) -> float:
        if _NUMBER.fullmatch(text) and indicator.unit not in ("h", "months", "share"):
            return float(text.replace(",", "").replace("_", ""))
        try:
            value, currency = read(text, indicator, self.model, self.known)
        except FunnelsimError as error:
            said = f"{indicator.name}: {text!r} is not a total such as 8/mo, 8±1/mo, 20% or 90d; {error}"
            raise FunnelsimError(said, code=error.code) from None
        self.currencies += [currency] if currency else []
        return value


def _half_digit(number: re.Match[str]) -> float:
    """Half of the last digit of a number, as a share of it."""
    value = float(number[0].replace(",", "").replace("_", ""))
    last = 10.0 ** -len(number["decimals"] or "")
    return last / 2 / value if value else 0.0
