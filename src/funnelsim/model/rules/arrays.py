"""Rules for many values at once, as results need them: the same bits as those of `arithmetic` and `rules`.

Each step is one that IEEE 754 defines to the last bit, and the long ones are the same function.
"""

from __future__ import annotations

import numpy as np

from ..numbers.arithmetic import _PER_LN2, _SQRT_HALF, LARGEST, LN2, SMALLEST, exp_within, log_within
from ..records import Floats, Ints


def exps(x: Floats) -> Floats:
    """`arithmetic.exp` of each value, for values from -700 to 700."""
    k = np.floor(x * _PER_LN2 + 0.5)
    return np.ldexp(exp_within(x, k), k.astype(np.int64))


def logs(x: Floats) -> Floats:
    """`arithmetic.log` of each value."""
    m, exponent = np.frexp(np.clip(x, SMALLEST, LARGEST))
    small = m < _SQRT_HALF
    return log_within(np.where(small, m * 2.0, m), exponent - small)


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
