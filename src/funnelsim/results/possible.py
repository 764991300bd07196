"""Between which values a figure can lie at all, so that no interval of a few replications goes beyond."""

from __future__ import annotations

import math

SIGNED = frozenset({"contribution", "queue_growth", "magic_number"})
"""Figures that may be below 0; no other is: counts, times, shares, amounts of money."""

ABOVE_ONE = frozenset({"load", "nrr", "quota_attainment"})
"""Figures in the unit of shares that are no part of a whole, and may be above 1."""


def ends(name: str, unit: str) -> tuple[float, float]:
    """The least and the largest value that a figure of the program can have."""
    least = -math.inf if name.partition("_per_")[0] in SIGNED else 0.0
    return least, 1.0 if unit == "share" and name not in ABOVE_ONE else math.inf
