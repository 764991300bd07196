"""How many replications a precision needs, on several KPIs at once.

The rule of Hoad, Robinson and Davies (2010, Journal of the Operational Research Society 61:1632): a number of
replications is enough once the interval is narrow enough there *and* stays so for some more replications, because
the first narrow interval is narrow by luck too often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from funnelsim.errors import FunnelsimError

LOOK_AHEAD = 5
"""Replications for which an interval must stay narrow; from 100 on this many per hundred."""

Widths = Callable[[int], Mapping[str, float]]
"""From a number of replications to each KPI's half-width, as a multiple of the one asked for."""


class Widest(NamedTuple):
    """The KPI that decides about the number of replications, and its half-width over the one asked for."""

    kpi: str
    ratio: float


def only_one(replications: int | None, precision: float | None) -> None:
    """Refuse a fixed number of replications together with a precision, of which one would have no effect."""
    if replications is not None and precision is not None:
        raise FunnelsimError("give either replications or a precision, not both", code="E-option-conflict")


def widest(widths: Mapping[str, float]) -> Widest | None:
    """The KPI that is known worst; None where there is none to look at."""
    return max((Widest(*item) for item in widths.items()), key=lambda each: each.ratio, default=None)


def look_ahead(replications: int) -> int:
    """For how many more replications an interval must stay narrow."""
    return max(LOOK_AHEAD, LOOK_AHEAD * replications // 100)


def needed(widths: Widths, done: int, most: int) -> int:
    """Replications to go on to; ``done`` if these are enough.

    Parameters
    ----------
    widths : callable
        Half-widths after the first so many replications, as multiples of those asked for.
    done : int
        Replications made.
    most : int
        Replications after which to give up.
    """
    now = widest(widths(done))
    if now is None or done >= most:
        return done
    if now.ratio > 1:
        # The half-width falls with the square root of the number of replications.
        return min(most, max(done + 1, math.ceil(done * now.ratio**2)))
    narrow_since = done
    while narrow_since > 2 and _narrow(widths(narrow_since - 1)):
        narrow_since -= 1
        if narrow_since + look_ahead(narrow_since) <= done:
            return done
    return min(most, narrow_since + look_ahead(narrow_since))


def _narrow(widths: Mapping[str, float]) -> bool:
    found = widest(widths)
    return found is not None and found.ratio <= 1
