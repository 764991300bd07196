from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction

import numpy as np
import pytest
from numba_twin import assert_same_bits, compiled, register
from scipy.special import ndtri

from funnelsim.model.numbers import arithmetic

PRECISE = Context(prec=40)


def ulps(result: float, exact: Decimal) -> float:
    """How many units in the last place of the exact value a result is off."""
    unit = Decimal(math.ulp(float(exact)))
    return float(abs(Decimal(result) - exact) / unit)


def points(low: float, high: float, count: int, seed: int) -> list[float]:
    return [float(x) for x in np.random.default_rng(seed).uniform(low, high, count)]


def test_exp_is_within_one_ulp_of_exact_values():
    x = (
        points(-745, 709.7, 3000, 1)
        + points(-1, 1, 2000, 2)
        + [-708.4, -709.0, 1e-300, 709.78, -745.0, 0.34657, -1e-17]
    )
    assert max(ulps(arithmetic.exp(v), PRECISE.exp(Decimal(v))) for v in x) <= 1.0


def test_exp_is_within_one_ulp_of_long_doubles():
    x = np.array(points(-708, 709.7, 60_000, 3) + points(-2, 2, 60_000, 4))
    exact = np.exp(x.astype(np.longdouble))
    if np.finfo(np.longdouble).nmant < 60:
        pytest.skip("long doubles are no wider than doubles here")
    mine = np.array([arithmetic.exp(v) for v in x.tolist()])
    assert float(np.max(np.abs(mine - exact) / np.spacing(exact.astype(float)))) <= 1.0


def test_exp_is_clamped():
    largest = 709.782712893384
    assert arithmetic.exp(largest) <= arithmetic.LARGEST
    assert arithmetic.exp(math.nextafter(largest, 0)) <= arithmetic.LARGEST
    assert arithmetic.exp(710.0) == arithmetic.exp(math.inf) == arithmetic.LARGEST
    assert arithmetic.exp(-746.0) == arithmetic.exp(-math.inf) == 0.0
    assert arithmetic.exp(math.nan) == 0.0
    assert arithmetic.exp(-745.1) == 5e-324
    assert arithmetic.exp(0.0) == arithmetic.exp(-0.0) == 1.0


def test_log_is_within_one_ulp_of_exact_values():
    x = (
        [math.exp(v) for v in points(-708, 709, 2000, 5)]
        + points(0.5, 2, 3000, 6)
        + points(1 - 1e-6, 1 + 1e-6, 500, 7)
    )
    x += [math.nextafter(1, 0), math.nextafter(1, 2), math.sqrt(0.5), 2.0**0.5, 1 - 2.0**-53, 2.0**-53]
    assert max(ulps(arithmetic.log(v), PRECISE.ln(Decimal(v))) for v in x) <= 1.0
    assert arithmetic.log(1.0) == 0.0


def test_log_is_within_one_ulp_of_long_doubles():
    x = np.array([math.exp(v) for v in points(-708, 709, 60_000, 8)] + points(0, 3, 60_000, 9))
    exact = np.log(x.astype(np.longdouble))
    if np.finfo(np.longdouble).nmant < 60:
        pytest.skip("long doubles are no wider than doubles here")
    mine = np.array([arithmetic.log(v) for v in x.tolist()])
    assert float(np.max(np.abs(mine - exact) / np.spacing(np.abs(exact.astype(float))))) <= 1.0


def test_log_is_clamped():
    lowest = arithmetic.log(arithmetic.SMALLEST)
    assert lowest == pytest.approx(-708.3964, abs=1e-4)
    assert (
        arithmetic.log(0.0) == arithmetic.log(-3.0) == arithmetic.log(5e-324) == arithmetic.log(math.nan) == lowest
    )
    assert arithmetic.log(math.inf) == arithmetic.log(arithmetic.LARGEST)


def test_powers_and_odds():
    assert arithmetic.power(2.0, 0.5) == pytest.approx(math.sqrt(2), rel=1e-15)
    assert arithmetic.power(7.0, 0.0) == arithmetic.half_power(0.0) == 1.0
    assert arithmetic.half_power(1.0) == pytest.approx(0.5, rel=1e-15)
    assert arithmetic.expit(0.0) == 0.5
    for x in points(-40, 40, 500, 10):
        exact = 1 / (1 + PRECISE.exp(Decimal(-x)))
        assert arithmetic.expit(x) == pytest.approx(float(exact), rel=1e-15)
        assert Fraction(arithmetic.expit(x)) + Fraction(arithmetic.expit(-x)) == pytest.approx(1, abs=1e-15)


def test_normal_quantile_matches_scipy():
    u = np.concatenate([np.random.default_rng(11).uniform(size=20_000), 10.0 ** -np.arange(1, 16.5, 0.5)])
    u = np.concatenate([u, 1 - u[-20:], [2.0**-53, 1 - 2.0**-53]])
    mine = np.array([arithmetic.normal_quantile(v) for v in u.tolist()])
    assert np.max(np.abs(mine - ndtri(u)) / np.maximum(np.abs(mine), 1e-3)) < 2e-14
    assert arithmetic.normal_quantile(0.5) == 0.0


def test_python_and_numba_give_the_same_bits():
    register(arithmetic)
    exp, log, expit, half_power = arithmetic.exp, arithmetic.log, arithmetic.expit, arithmetic.half_power
    power, normal_quantile = arithmetic.power, arithmetic.normal_quantile

    def fill(x, u, out):
        for i in range(len(x)):
            out[i, 0] = exp(x[i])
            out[i, 1] = log(u[i])
            out[i, 2] = expit(x[i])
            out[i, 3] = half_power(x[i])
            out[i, 4] = power(u[i], x[i])
            out[i, 5] = normal_quantile(u[i])

    x = np.array(points(-760, 720, 50_000, 12) + points(-3, 3, 50_000, 13))
    u = np.random.default_rng(14).uniform(size=len(x))
    there = np.empty((len(x), 6))
    compiled(fill)(x, u, there)
    here = np.array([
        (exp(a), log(b), expit(a), half_power(a), power(b, a), normal_quantile(b))
        for a, b in zip(x.tolist(), u.tolist(), strict=True)
    ])  # fmt: skip
    assert_same_bits(here.ravel(), there.ravel())
