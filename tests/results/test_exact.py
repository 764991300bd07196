"""Sums without an error: as Python has them, whatever the values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from funnelsim.results.measures.chunks import AT_ONCE
from funnelsim.results.measures.exact import FEW, LARGEST, fsum, product, total

LENGTHS = (0, 1, FEW, FEW + 1, 1000, AT_ONCE, 2 * AT_ONCE + 7)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("spread", [0, 1, 40, 600])
def test_sums_of_floats_are_rounded_once(length: int, spread: int) -> None:
    """Values of many magnitudes and both signs; with a spread of 0 they are whole and small."""
    random = np.random.default_rng(length + spread)
    values = np.ldexp(random.normal(size=length), random.integers(-spread, spread + 1, length))
    if not spread:
        values = np.round(100 * values)
    assert fsum(values) == math.fsum(values.tolist())
    assert fsum(np.concatenate([values, -values])) == 0.0


@pytest.mark.parametrize("extreme", [LARGEST / 4, LARGEST, 1e308, 5e-324, 1e-310])
def test_sums_at_the_ends_of_what_a_float_can_be(extreme: float) -> None:
    values = np.array([extreme, -1.0, extreme / 3, -extreme, *np.arange(0.1, 2 * FEW)])
    assert fsum(values) == math.fsum(values.tolist())


def test_sums_of_what_is_no_number() -> None:
    values = np.arange(2.0 * FEW)
    values[5] = math.inf
    assert fsum(values) == math.inf
    values[5] = math.nan
    assert math.isnan(fsum(values))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("digits", [1, 21, 22, 42, 43, 62])
def test_sums_of_integers_have_no_end(length: int, digits: int) -> None:
    random = np.random.default_rng(length + digits)
    amounts, times = (random.integers(0, 2**digits, length) for _ in range(2))
    assert total(amounts) == sum(amounts.tolist())
    assert total(-amounts) == -sum(amounts.tolist())
    assert product(amounts, times) == sum(
        amount * time for amount, time in zip(amounts.tolist(), times.tolist(), strict=True)
    )
