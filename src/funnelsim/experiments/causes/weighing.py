"""Sums of estimates of the same replications by weight: exact figures, and what each adds to the error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from funnelsim.results.estimates import Estimate

from ..statistics.paired import ROUNDING, Difference, difference

Key = TypeVar("Key")

HUNDREDTHS = 100
"""Counts and amounts of money are whole numbers of these in each replication."""


def exact(estimate: Estimate) -> Fraction:
    """The figure as a fraction: of counts and cents the exact mean over replications, else the figure as told."""
    assert estimate.mean is not None
    own = estimate.outcomes
    if own and all(each is not None for each in own):
        cents = [round(each * HUNDREDTHS) for each in own if each is not None]
        mean = Fraction(sum(cents), len(cents) * HUNDREDTHS)
        if abs(float(mean) - estimate.mean) <= ROUNDING * abs(estimate.mean) and all(
            abs(each * HUNDREDTHS - whole) <= 1e-9 * max(1, abs(whole))
            for each, whole in zip(own, cents, strict=True)
            if each is not None
        ):
            return mean
    return Fraction(estimate.mean)


def total(weights: Mapping[Key, Fraction], runs: Mapping[Key, Estimate]) -> Fraction | None:
    """The sum by weight; None where one of the figures does not exist."""
    if any(runs[key].mean is None for key in weights):
        return None
    return sum((weight * exact(runs[key]) for key, weight in weights.items()), Fraction(0))


def weighed(weights: Mapping[Key, Fraction], runs: Mapping[Key, Estimate], unit: str) -> Difference:
    """The same as a difference with its error, paired by replication: luck that the runs share cancels."""
    mean = total(weights, runs)
    if mean is None:
        return Difference(None, None, 0, 0.0, unit)
    if not weights:  # the same runs on both sides
        return Difference(0.0, 0.0, 0, 0.0, unit, exact=True)
    count = max(len(runs[key].outcomes) for key in weights)
    sides = [
        _together([(float(abs(weight)), runs[key]) for key, weight in weights.items() if weight * sign > 0], unit)
        for sign in (1, -1)
    ]
    more, less = (_filled(each, count) for each in sides)
    found = difference(more, less)
    return replace(found, mean=float(mean)) if abs(float(mean)) > ROUNDING * found.scale else found


def _together(used: Sequence[tuple[float, Estimate]], unit: str) -> Estimate:
    if not used:
        return Estimate(0.0, None, None, unit)
    if any(each.mean is None for _, each in used):
        return Estimate(None, None, None, unit)
    columns = list(zip(*(each.residuals for _, each in used), strict=False))
    outcomes = list(zip(*(each.outcomes for _, each in used), strict=False))
    factors = [factor for factor, _ in used]
    return Estimate(
        sum(factor * each.mean for factor, each in used if each.mean is not None),
        None,
        None,
        unit,
        tuple(sum(f * one for f, one in zip(factors, row, strict=True)) for row in columns),
        tuple(
            None if None in row else sum(f * (one or 0.0) for f, one in zip(factors, row, strict=True))
            for row in outcomes
        ),
    )


def _filled(estimate: Estimate, count: int) -> Estimate:
    """Nothing at all is 0 in each replication."""
    if estimate.outcomes or estimate.mean != 0.0:
        return estimate
    return replace(estimate, residuals=(0.0,) * count, outcomes=(0.0,) * count)
