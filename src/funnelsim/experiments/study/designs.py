"""The points of a study: arms and values of factors, one after the other, the same every time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.study.study import Study

BLOCK = 4096
"""Sobol points drawn at once."""

SOBOL_BITS = 30


@dataclass(frozen=True)
class Point:
    """One scenario of a study.

    Parameters
    ----------
    arm : str
        Name of the arm.
    at : dict
        Values by factor.
    """

    arm: str
    at: dict[str, Any]


def count(study: Study) -> int:
    """How many points a study has.

    Raises
    ------
    FunnelsimError
        If its points are yet to be searched for.
    """
    _check(study)
    arms, design = len(study.arms), study.spec.design
    if design.kind == "table":
        return sum(1 if arm is not None else arms for arm, _ in study.rows)
    if design.kind == "grid":
        return arms * math.prod(len(factor.grid()) for factor in study.factors)
    return arms * (design.size or 0)


def points(study: Study, seed: int = 1) -> Iterator[Point]:
    """All points of a study in order; those of a sampled design depend on the seed.

    The arms of one combination of values follow one another, so that a sweep that is stopped can compare arms.

    Raises
    ------
    FunnelsimError
        If they are yet to be searched for.
    """
    _check(study)
    if study.spec.design.kind == "table":
        for own, at in study.rows:
            for arm in study.arms if own is None else (own,):
                yield Point(arm, at)
        return
    for at in _combinations(study, seed):
        for arm in study.arms:
            yield Point(arm, at)


def _check(study: Study) -> None:
    if study.spec.design.kind == "search":
        raise FunnelsimError(
            "`design: search` is for optimise, which chooses the points; give a grid, lhs, sobol or a table",
            code="E-design-search",
        )


def _combinations(study: Study, seed: int) -> Iterator[dict[str, Any]]:
    factors, design = study.factors, study.spec.design
    names = [factor.name for factor in factors]
    if design.kind == "grid":
        for values in itertools.product(*(factor.grid() for factor in factors)):
            yield dict(zip(names, values, strict=True))
        return
    sample = latin_hypercube if design.kind == "lhs" else sobol
    for shares in sample(design.size or 1, len(factors), seed):
        yield {factor.name: factor.at(share) for factor, share in zip(factors, shares, strict=True)}


def latin_hypercube(size: int, factors: int, seed: int) -> Iterator[tuple[float, ...]]:
    """Points in the unit cube of which each factor has one in each of ``size`` equal slices.

    McKay, Beckman and Conover, Technometrics 21 (1979): an average over such points varies less than over random
    ones, as far as the answer is a sum of what the factors do one by one.
    """
    generator = np.random.Generator(np.random.Philox(seed))
    columns = [(generator.permutation(size) + generator.random(size)) / size for _ in range(factors)]
    # A share that rounds to 1 would lie beyond the last slice.
    return zip(*(np.minimum(column, np.nextafter(1.0, 0.0)).tolist() for column in columns), strict=True)


def sobol(size: int, factors: int, seed: int) -> Iterator[tuple[float, ...]]:
    """The first ``size`` Sobol points, a power of two, moved by a random digital shift.

    The shift keeps their balance, and moves the first point out of the corner (Owen, On dropping the first Sobol'
    point, 2020).
    """
    from scipy.stats import qmc

    shift = np.random.Generator(np.random.Philox(seed)).integers(0, 1 << SOBOL_BITS, factors)
    sampler = qmc.Sobol(factors, scramble=False, bits=SOBOL_BITS)
    for start in range(0, size, BLOCK):
        numbers = (sampler.random(min(BLOCK, size - start)) * (1 << SOBOL_BITS)).astype(np.int64)
        for row in (((numbers ^ shift) + 0.5) / (1 << SOBOL_BITS)).tolist():
            yield tuple(row)
