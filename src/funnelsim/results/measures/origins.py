"""New business and expansions apart: customers who want more buy three times as easily as strangers.

A lead that a customer gives rise to as an expansion is decided by other odds and in other times than one of a
stranger, so figures over both move with their mix. Referred leads are new business.
"""

from __future__ import annotations

from functools import partial

from funnelsim.model.records import EXPANSION

from ..estimates import Terms
from .indicators import COUNT, Indicator, money, share
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


def _count(name: str, label: str, expansion: bool, definition: str) -> Indicator:
    return Indicator(name, "leads", label, definition, partial(_won, expansion), COUNT)


WON_BY_ORIGIN: tuple[Indicator, ...] = (
    _count("won_new", "Won, new business", False, "Leads won that are no expansions; referred leads are new."),
    _count("won_expansion", "Won, expansions", True, "Expansion leads won: what existing customers buy more."),
)

BOOKED_BY_ORIGIN: tuple[Indicator, ...] = (
    money(
        "bookings_new",
        "Bookings, new business",
        partial(_bookings, False),
        "Value less discount of the leads won that are no expansions.",
    ),
    money(
        "bookings_expansion",
        "Bookings, expansions",
        partial(_bookings, True),
        "Value less discount of the expansion leads won.",
    ),
)


def rates_of_new(opportunity: int | None) -> tuple[Indicator, ...]:
    """Conversion and win rate of new business; the latter from the milestone ``opportunity`` on if given."""
    since = "creation" if opportunity is None else "the milestone opportunity"
    return (
        share(
            "conversion_new",
            "Conversion, new business",
            _conversion,
            "Share of created leads that is won by the longest follow-up, by cohort, expansions left out.",
        ),
        share(
            "win_rate_new",
            "Win rate, new business",
            partial(_win_rate, opportunity),
            f"Won divided by won and lost, at the longest follow-up of the cohort from {since} on, expansions "
            "left out.",
        ),
    )
