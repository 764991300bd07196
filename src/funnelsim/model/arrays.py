"""Rules for many values at once, as results need them: the same bits as those of `arithmetic` and `rules`.

Each step is one that IEEE 754 defines to the last bit, in the order of the function for one value.
"""

from __future__ import annotations

import numpy as np

from .arithmetic import _LN2_HIGH, _LN2_LOW, _PER_LN2, _SQRT_HALF, LARGEST, LN2, SMALLEST
from .records import Floats, Ints


def exps(x: Floats) -> Floats:
    """`arithmetic.exp` of each value, for values from -700 to 700."""
    k = np.floor(x * _PER_LN2 + 0.5)
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    return np.ldexp(y, k.astype(np.int64))


def logs(x: Floats) -> Floats:
    """`arithmetic.log` of each value."""
    m, exponent = np.frexp(np.clip(x, SMALLEST, LARGEST))
    small = m < _SQRT_HALF
    m = np.where(small, m * 2.0, m)
    k = exponent - small
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + (even + odd)) + k * _LN2_LOW)) - f)


def decay_factors(kind: Ints, floor: Floats, scale: Ints, power: Floats, wait: Ints) -> Floats:
    """`rules.decay_factor` of each row."""
    factors = np.ones(len(kind))
    ageing = (kind != 0) & (wait > 0)
    halves, powers = np.flatnonzero(ageing & (kind == 1)), np.flatnonzero(ageing & (kind != 1))
    factors[halves] = _faded(-LN2 * (wait[halves] / scale[halves]))
    p, low = power[powers], floor[powers]
    factors[powers] = low + (1.0 - low) * _faded(-p * logs(1.0 + wait[powers] / scale[powers]))
    return factors


def _faded(x: Floats) -> Floats:
    """`exps` of values up to 0; 0 below what `arithmetic.exp` reaches without subnormal numbers."""
    return np.where(x < -700.0, 0.0, exps(np.maximum(x, -700.0)))
