"""New business and expansions apart: customers who want more buy three times as easily as strangers.

A lead that a customer gives rise to as an expansion is decided by other odds and in other times than one of a
stranger, so figures over both move with their mix. Referred leads are new business.
"""

from __future__ import annotations

from functools import partial

from funnelsim.model.records import EXPANSION

from ..estimates import Terms
from .indicators import COUNT, Indicator, money, share, since
from .passages import passage
from .window import Mask, Window

PART_OF = {
    "won_new": "won",
    "conversion_new": "conversion",
    "win_rate_new": "win_rate",
    "bookings_new": "bookings",
}
"""KPIs of new business, and the KPI of all leads that each is the part of."""


def _of(expansion: bool, window: Window) -> Mask:
    return (window.leads.origin == EXPANSION) == expansion


def _won(expansion: bool, window: Window) -> Terms:
    return ((window.won & _of(expansion, window)).sum(),)


def _bookings(expansion: bool, window: Window) -> Terms:
    return (window.leads.booked[window.won & _of(expansion, window)].sum(),)


def _conversion(window: Window) -> Terms:
    ends = passage(window, None).new
    return ends.won, ends.size


def _win_rate(stage: int | None, window: Window) -> Terms:
    ends = passage(window, stage).new
    return ends.won, ends.decided


def _count(name: str, expansion: bool) -> Indicator:
    return Indicator(name, "leads", partial(_won, expansion), COUNT)


WON_BY_ORIGIN: tuple[Indicator, ...] = (
    _count("won_new", False),
    _count("won_expansion", True),
)

BOOKED_BY_ORIGIN: tuple[Indicator, ...] = (
    money("bookings_new", partial(_bookings, False)),
    money("bookings_expansion", partial(_bookings, True)),
)


def rates_of_new(opportunity: int | None) -> tuple[Indicator, ...]:
    """Conversion and win rate of new business; the latter from the milestone ``opportunity`` on if given."""
    return (
        share("conversion_new", _conversion),
        share("win_rate_new", partial(_win_rate, opportunity), since("win_rate_new", opportunity)),
    )
