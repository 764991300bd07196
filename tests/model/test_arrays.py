"""Rules for many values at once give the bits of those for one."""

from __future__ import annotations

import numpy as np

from funnelsim.model.numbers import arithmetic
from funnelsim.model.rules import arrays, rules

RNG = np.random.default_rng(1)


def same_bits(left: object, right: object) -> bool:
    return bool(np.array_equal(np.asarray(left).view(np.int64), np.asarray(right).view(np.int64)))


def test_exps_and_logs() -> None:
    x = np.concatenate([RNG.uniform(-700, 700, 20_000), RNG.normal(0, 1, 20_000), [0.0, -0.0, 1.0, -700.0]])
    assert same_bits(arrays.exps(x), [arithmetic.exp(each) for each in x.tolist()])
    y = np.concatenate([np.abs(x), np.exp(RNG.uniform(-700, 700, 20_000)), [1.0, 0.0, 5e-324]])
    assert same_bits(arrays.logs(y), [arithmetic.log(each) for each in y.tolist()])


def test_decay_factors() -> None:
    size = 5_000
    kind, floor = RNG.integers(0, 3, size), RNG.uniform(0, 1, size)
    scale, power = RNG.integers(10**6, 10**12, size), RNG.uniform(0.1, 3, size)
    wait = np.where(RNG.random(size) < 0.1, 0, RNG.integers(0, 10**13, size))
    columns = (kind, floor, scale, power, wait)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    one_by_one = np.array([rules.decay_factor(*row) for row in rows])
    assert same_bits(arrays.decay_factors(*columns), one_by_one)
