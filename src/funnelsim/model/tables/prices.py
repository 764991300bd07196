"""What people, tools and goods cost in each period: read by `results`, unknown to engines."""

from __future__ import annotations

from typing import NamedTuple

from funnelsim.scenario.forms.quantities import HOUR, Rate
from funnelsim.scenario.language.types import ScenarioSpec

from .people import Layout


class Prices(NamedTuple):
    """The money of one period; rates in hundredths of the currency unit per microsecond."""

    salary: tuple[float, ...]  # of a rep, by part of a team
    seat: tuple[float, ...]  # of a planned post besides, by part of a team
    commission: tuple[float, ...]  # share of what is booked, by part of a team
    above_quota: tuple[float, ...]  # share of what is booked above the quota, by part of a team
    lead: tuple[float, ...]  # hundredths for a lead, by source
    named: tuple[tuple[str, float], ...]  # the costs that the scenario and its levers name
    gross_margin: float


def prices_of(spec: ScenarioSpec, layout: Layout) -> Prices:
    """The prices of a period; without a rate of its own, what is above the quota earns the usual commission."""
    costs = [part.team.cost for _, part, _ in layout.within(spec)]
    commissions = [cost.commission for cost in costs]
    return Prices(
        salary=tuple(_per_us(cost.salary) for cost in costs),
        seat=tuple(_per_us(cost.seat) for cost in costs),
        commission=tuple(each.rate for each in commissions),
        above_quota=tuple(each.rate if each.above_quota is None else each.above_quota for each in commissions),
        lead=tuple(source.cost * 100.0 for source in spec.sources.values()),
        named=tuple((name, _per_us(rate)) for name, rate in spec.costs),
        gross_margin=spec.gross_margin,
    )


def _per_us(money: Rate) -> float:
    return money.per_hour * 100.0 / HOUR
