"""Churn of customers who were over-promised, and of the others, at one mix of ages and segments.

Whoever is over-promised is new, and new customers leave sooner; so promises that change nothing take the new ones
away from the others, whose plain rate falls. Rates are therefore taken by segment and age, and put together with
weights that promises do not move (direct standardisation: Fleiss, Levin and Paik, Statistical Methods for Rates
and Proportions, 2003, chapter 19).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from funnelsim.model.numbers.columns import NEVER
from funnelsim.scenario.forms.quantities import MICROSECONDS

from ..estimates import Terms
from .customers import EARLY, customers_lost, of_the_start
from .indicators import Indicator, function
from .revenue import YEAR
from .window import Mask, Window, sums

AGES = (0, EARLY, YEAR)
"""At which each age of customers that deals made begins: their first 90 days, the rest of the year, and later."""

GROUPS = len(AGES) + 1
"""The ages, and the customers of the start, whose age nobody knows."""


def _churn(promised: bool, window: Window) -> Terms:
    """By segment: all customers; then of each age of those meant: the weight, how many left, and their time."""
    segments = len(window.model.segment_names)
    customers = window.customers
    meant = (customers.promised == 1) == promised
    number = np.bincount(customers.segment, minlength=segments)
    lost = np.zeros((segments, GROUPS), dtype=np.int64)
    time = np.zeros((segments, GROUPS), dtype=np.int64)
    for group, (rows, begin, end) in enumerate(_groups(window)):
        rows = rows & meant
        spent = np.minimum(_until(window), end) - np.maximum(begin, window.start)
        left = customers_lost(window) & (customers.ended >= begin) & (customers.ended < end)
        lost[:, group] = np.bincount(customers.segment[rows & left], minlength=segments)
        time[:, group] = sums(customers.segment[rows], np.maximum(spent, 0)[rows], segments)
    weights = np.tile(_weights(window), (segments, 1))
    return tuple(np.column_stack([number, weights, lost, time]).ravel().tolist())


def _until(window: Window) -> np.ndarray:
    ended = window.customers.ended
    return np.where(ended >= 0, ended, window.end)


def _groups(window: Window) -> list[tuple[Mask, np.ndarray, np.ndarray]]:
    """Of each group the customers, and between which moments each of them has the age."""
    start, since = of_the_start(window), window.customers.since
    ages = [
        (~start, since + begin, since + min(end, NEVER - window.end))
        for begin, end in zip(AGES, (*AGES[1:], NEVER), strict=True)
    ]
    return [*ages, (start, np.full_like(since, -NEVER), np.full_like(since, NEVER))]


def _weights(window: Window) -> list[int]:
    """How much time each age takes in a company that wins evenly and loses nobody; the start weighs as all these.

    Of those won evenly over the whole run min(H - a, H - w) are seen at age a, with horizon H and warm-up w.
    """
    ends = [min(end, window.end) for end in (*AGES[1:], window.end)]
    areas = [_area(window, end) - _area(window, begin) for begin, end in zip(AGES, ends, strict=True)]
    ages = [max(area, 0) for area in areas]
    return [*ages, sum(ages) if of_the_start(window).any() else 0]


def _area(window: Window, age: int) -> int:
    """The integral of min(H - a, H - w) up to an age, in square hours."""
    hour = MICROSECONDS["h"]
    horizon, warmup = window.end // hour, window.start // hour
    flat = min(age // hour, warmup)
    fall = max(min(age // hour, horizon) - warmup, 0)
    return flat * (horizon - warmup) + fall * (horizon - warmup) - fall * fall // 2


def _standardised(promised: bool, terms: Terms) -> float | None:
    """Customers lost per customer and year, from sums over replications."""
    if not terms:
        return None
    above = below = 0.0
    for row in np.array(terms, dtype=np.float64).reshape(-1, 1 + 3 * GROUPS):
        number, (weights, lost, time) = row[0], np.split(row[1:], 3)
        if promised:  # nobody of the start is: those who have been customers for long stand for them
            weights = np.array([*weights[:2], weights[2] + weights[3], 0.0])
        seen = (time > 0) & (weights > 0)
        if not seen.any():
            continue
        rates = lost[seen] / time[seen]
        above += number * float(rates @ weights[seen]) / float(weights[seen].sum())
        below += number
    return above / below * YEAR if below else None


def _indicator(name: str, promised: bool) -> Indicator:
    return Indicator(name, "per year", partial(_churn, promised), function(partial(_standardised, promised)))


PROMISE_KPIS: tuple[Indicator, ...] = (
    _indicator("over_promised_churn", True),
    _indicator("spill_over_churn", False),
)
