"""Concentration: what part of bookings and recurring revenue the largest make, and the largest that was lost."""

from __future__ import annotations

from functools import partial

import numpy as np

from funnelsim.model.records import CHURNED, WON, Ints

from ...estimates import Terms
from ..indicators import CENTS, Indicator, Told, mean, share
from ..revenue import by_customer
from ..window import Window

LARGEST = (1, 5, 10)
"""Of how many of the largest the share is told."""


def _top(amounts: Ints, number: int) -> Terms:
    """The sum of the largest amounts, and of all."""
    largest = amounts if len(amounts) <= number else np.partition(amounts, -number)[-number:]
    return largest.sum(), amounts.sum()


def _bookings_top(number: int, window: Window) -> Terms:
    return _top(window.leads.booked[window.won], number)


def _arr_top(number: int, window: Window) -> Terms:
    """The same of what customers pay a year at the end."""
    there = window.customers.ended < 0
    paid, _, _ = by_customer(window, window.end + 1)
    return _top(paid[there], number)


def _deal_lost(opportunity: int | None, window: Window) -> Terms:
    """The value of the most valuable deal that ended after the warm-up and was not won, if there is one."""
    lost = window.ended & (window.leads.outcome != WON)
    if opportunity is not None:
        deals = np.zeros_like(lost)
        deals[window.reached(opportunity)[0]] = True
        lost &= deals
    values = window.leads.value[lost]
    return (values.max(),) if len(values) else ()


def _customer_lost(window: Window) -> Terms:
    """What the customer paid a year at last that paid most of those who left after the warm-up."""
    moves = window.moves
    amounts = moves.amount[(moves.kind == CHURNED) & (moves.time >= window.start)]
    return (amounts.max(),) if len(amounts) else ()


def concentration(opportunity: int | None) -> tuple[Indicator, ...]:
    """The KPIs of concentration; a deal is a lead that reached the milestone opportunity, or any without it."""
    lost = Told("kpi.largest_deal_lost" if opportunity is None else "kpi.largest_deal_lost_opportunity")
    return (
        *(share(f"bookings_top_{number}", partial(_bookings_top, number)) for number in LARGEST),
        *(share(f"arr_top_{number}", partial(_arr_top, number)) for number in LARGEST),
        Indicator("largest_deal_lost", "{currency}", partial(_deal_lost, opportunity), mean(CENTS), lost),
        Indicator("largest_customer_lost", "{currency}/y", _customer_lost, mean(CENTS)),
    )
