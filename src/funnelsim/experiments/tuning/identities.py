"""What must hold among totals whatever the line is: sums, products, and what cannot be more than another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from funnelsim.results.measures.periods.per_period import PERIODS, base_name

from .totals import Total

SURE = 3.0
"""So many tolerances a total may be off."""

SLACK = 1.25
"""By this factor the share of a cohort may differ from that of what is counted over the same time."""

SUMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("won", ("won_new", "won_expansion"), ()),
    ("bookings", ("bookings_new", "bookings_expansion"), ()),
    ("customers_end", ("customers_start", "customers_new"), ("customers_lost",)),
    ("arr_end", ("arr_start", "arr_new", "arr_expansion"), ("arr_contraction", "arr_churn")),
)
"""A figure, those that add up to it, and those that are taken off it; exact in every run."""

PRODUCTS = (
    ("won", "opportunity_created", "win_rate"),
    ("won", "opportunity_created", "opportunity_conversion"),
    ("won", "created", "conversion"),
    ("won_new", "created", "conversion_new"),
    ("bookings", "won", "average_deal_value"),
)
"""A figure, how many there are, and what each brings or which share of them counts."""

ORDERS = (
    ("won_new", "won"), ("won_expansion", "won"), ("bookings_new", "bookings"),
    ("bookings_expansion", "bookings"), ("opportunity_conversion", "win_rate"), ("conversion", "win_rate"),
    ("opportunity_cycle_time", "cycle_time"), ("response_time", "response_time_p90"),
    ("response_time_open", "response_time"), ("contribution", "gross_profit"), ("gross_profit", "revenue"),
    ("grr", "nrr"),
)  # fmt: skip
"""Pairs of which the first is not more than the second."""

PARTS = ("flow_efficiency", "cycle_share_wait", "cycle_share_buyer", "cycle_share_paused", "cycle_share_handoff",
         "cycle_share_held")  # fmt: skip
"""Shares that add up to 1."""


@dataclass(frozen=True)
class Broken:
    """Totals of which not all can be so.

    Parameters
    ----------
    kind : str
        ``sum``, ``product``, ``order`` or ``parts``.
    kpis : tuple of str
        The KPIs, as they were named: that which follows from the others first.
    given : float
        The total of the first, in its unit over the whole time that counts where it flows.
    follows : float
        What the others make of it.
    """

    kind: str
    kpis: tuple[str, ...]
    given: float
    follows: float


def broken(totals: Sequence[Total], span: int, held: Mapping[str, float | None]) -> tuple[Broken, ...]:
    """The identities that totals break.

    Parameters
    ----------
    totals : sequence of Total
        What is known.
    span : int
        The time that counts, in microseconds.
    held : mapping
        KPIs of the line as it stands. Products hold among them but for what the end of the run cuts off, and that
        is taken to be the same where the totals hold.
    """
    whole = {base_name(each.kpi): _whole(each, span) for each in totals}
    return (*_twice(totals, span), *_sums(whole), *_products(whole, held), *_orders(whole), *_parts(whole))


@dataclass(frozen=True)
class _Known:
    kpi: str
    value: float
    tolerance: float

    @property
    def low(self) -> float:
        return self.value - SURE * self.tolerance

    @property
    def high(self) -> float:
        return self.value + SURE * self.tolerance


def over_time(kpi: str, value: float, span: int) -> float:
    """A figure per period as a figure over all the time that counts; any other is as it is."""
    period = kpi.removeprefix(base_name(kpi)).removeprefix("_per_")
    return value * span / PERIODS[period] if period in PERIODS else value


def _whole(total: Total, span: int) -> _Known:
    size = over_time(total.kpi, 1.0, span)
    return _Known(total.kpi, total.value * size, total.tolerance * size)


def _twice(totals: Sequence[Total], span: int) -> Iterator[Broken]:
    """The same figure over several periods."""
    first: dict[str, _Known] = {}
    for each in totals:
        own = _whole(each, span)
        other = first.setdefault(base_name(each.kpi), own)
        if other is not own and (own.low > other.high or own.high < other.low):
            yield Broken("order", (own.kpi, other.kpi), own.value, other.value)


def _sums(whole: Mapping[str, _Known]) -> Iterator[Broken]:
    for figure, more, less in SUMS:
        parts = (*more, *less)
        if figure not in whole or any(part not in whole for part in parts):
            continue
        low = sum(whole[part].low for part in more) - sum(whole[part].high for part in less)
        high = sum(whole[part].high for part in more) - sum(whole[part].low for part in less)
        if not (low <= whole[figure].high and whole[figure].low <= high):
            follows = sum(whole[part].value for part in more) - sum(whole[part].value for part in less)
            kpis = (whole[figure].kpi, *(whole[part].kpi for part in parts))
            yield Broken("sum", kpis, whole[figure].value, follows)


def _products(whole: Mapping[str, _Known], held: Mapping[str, float | None]) -> Iterator[Broken]:
    for figure, number, share in PRODUCTS:
        if any(name not in whole for name in (figure, number, share)):
            continue
        made, many, each = (held.get(name) for name in (figure, number, share))
        ends = made / (many * each) if made and many and each else 1.0
        low = max(whole[number].low, 0) * max(whole[share].low, 0) * ends / SLACK
        high = whole[number].high * whole[share].high * ends * SLACK
        if not (low <= whole[figure].high and whole[figure].low <= high):
            kpis = tuple(whole[name].kpi for name in (figure, number, share))
            yield Broken("product", kpis, whole[figure].value, whole[number].value * whole[share].value)


def _orders(whole: Mapping[str, _Known]) -> Iterator[Broken]:
    for less, more in ORDERS:
        if less in whole and more in whole and whole[less].low > whole[more].high:
            yield Broken("order", (whole[less].kpi, whole[more].kpi), whole[less].value, whole[more].value)


def _parts(whole: Mapping[str, _Known]) -> Iterator[Broken]:
    there = [name for name in PARTS if name in whole]
    low = sum(max(whole[name].low, 0) for name in there)
    high = sum(whole[name].high for name in there)
    if there and (low > 1 or (len(there) == len(PARTS) and high < 1)):
        given = sum(whole[name].value for name in there)
        yield Broken("parts", tuple(whole[name].kpi for name in there), given, 1.0)


@dataclass(frozen=True)
class Needed:
    """What two totals need of a third figure, and what the line makes of it.

    Parameters
    ----------
    kpis : tuple of two str
        The totals.
    third : str
        The figure that follows from them.
    needed : float
        How much of it.
    made : float
        What the tuned line makes.
    """

    kpis: tuple[str, str]
    third: str
    needed: float
    made: float


def needed(totals: Sequence[Total], span: int, made: Mapping[str, float | None]) -> tuple[Needed, ...]:
    """Figures that follow from two totals, where the tuned line makes a tenth less or more of them."""
    whole = {base_name(each.kpi): _whole(each, span) for each in totals}
    found = []
    for figure, number, share in PRODUCTS:
        if figure not in whole or (number in whole) == (share in whole):
            continue
        there, third = (share, number) if share in whole else (number, share)
        parts = [made.get(name) for name in (figure, number, share)]
        if any(not each for each in parts) or not whole[there].value > 0:
            continue
        ends = parts[0] / (parts[1] * parts[2])  # type: ignore[operator]  # none is None here
        want, have = whole[figure].value / whole[there].value / ends, made[third]
        if have is not None and abs(want / have - 1) > 0.1:
            found.append(Needed((whole[figure].kpi, whole[there].kpi), third, want, have))
    return tuple(found)


def figures_behind() -> tuple[str, ...]:
    """The KPIs that identities speak of."""
    return tuple(dict.fromkeys(name for one in PRODUCTS for name in one))
