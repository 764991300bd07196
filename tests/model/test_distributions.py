from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats as st
from hypothesis import given
from hypothesis import strategies as some
from numba_twin import assert_same_bits, compiled, register

from funnelsim.model.numbers import arithmetic, distributions, draws, philox
from funnelsim.model.numbers.distributions import (
    compile_dists,
    draw,
    lists_of,
    mean,
    next_meeting,
    round_us,
    variate,
)
from funnelsim.scenario.forms.quantities import Dist, Duration, constant


def dist(name, **parameters):
    return Dist(name, tuple(parameters.items()))


def name_of(value):
    """The name of a distribution, which is the same in every process (the text of a frozen one is not)."""
    return value.name if isinstance(value, Dist) else value.dist.name


def one(spec):
    return lists_of(compile_dists([spec]))


def moments_of(table):
    """Mean and variance of a continuous row, by Gauss-Legendre quadrature over the log-odds of u."""
    nodes, weights = np.polynomial.legendre.leggauss(8)
    cells = np.arange(-36.5, 36.5, 0.125)
    logits = (cells[:, None] + (nodes + 1.0) / 16.0).ravel()
    density = np.exp(-np.abs(logits)) / (1.0 + np.exp(-np.abs(logits))) ** 2
    weight = density * np.tile(weights / 16.0, len(cells))
    x = np.array([variate(table, 0, 1.0 / (1.0 + math.exp(-s))) for s in logits.tolist()])
    centre = np.sum(x * weight)
    return centre, np.sum((x - centre) ** 2 * weight)


def named(value):
    """The id of a parameter: the same in every process, as workers must agree on it."""
    return f"{value.name} {value.parameters}" if isinstance(value, Dist) else "exact"


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        *[
            (dist("gamma", mean=2.0, cv=cv), st.gamma(1 / cv**2, scale=2.0 * cv**2))
            for cv in (0.3, 0.5, 0.8, 1.0, 1.3, 2.0)
        ],
        (dist("erlang", mean=2.0, k=3.0), st.gamma(3, scale=2 / 3)),
        (dist("beta", a=2.0, b=5.0), st.beta(2, 5)),
        (dist("pareto", b=4.5), st.pareto(4.5)),
        (dist("expon", scale=3.0), st.expon(scale=3)),
        (dist("norm", loc=10.0), st.norm(loc=10)),
        (dist("invgauss", mu=1.0), st.invgauss(1)),
        (dist("lognormal", median=3.0, sigma=0.7), st.lognorm(0.7, scale=3)),
        (
            dist("lognormal", mean=3.0, cv=0.5),
            st.lognorm(math.sqrt(math.log(1.25)), scale=3 / math.sqrt(1.25)),
        ),
        (dist("weibull", shape=0.7, scale=2.0), st.weibull_min(0.7, scale=2)),
    ],
    ids=named,
)
def test_mean_and_variance_are_right_to_a_millionth(written, exact):
    centre, variance = moments_of(one(written))
    assert centre == pytest.approx(exact.mean(), rel=1e-6)
    assert variance == pytest.approx(exact.var(), rel=1e-6)
    assert mean(written) == pytest.approx(exact.mean(), rel=1e-8)


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        (dist("exponential", mean=2.0), st.expon(scale=2)),
        (dist("uniform", low=2.0, high=5.0), st.uniform(2, 3)),
        (dist("triangular", low=1.0, mode=2.0, high=5.0), st.triang(0.25, 1, 4)),
        (dist("triangular", low=1.0, mode=1.0, high=5.0), st.triang(0.0, 1, 4)),
        (dist("weibull", shape=2.0, scale=3.0), st.weibull_min(2, scale=3)),
        (dist("gamma", mean=1.0, cv=0.7), st.gamma(1 / 0.49, scale=0.49)),
        (dist("expon", scale=2.0), st.expon(scale=2)),
    ],
    ids=named,
)
def test_quantiles_match_scipy(written, exact):
    table = one(written)
    u = np.concatenate([np.random.default_rng(1).uniform(size=300), [1e-12, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-12]])
    mine = np.array([variate(table, 0, v) for v in u.tolist()])
    assert np.allclose(mine, exact.ppf(u), rtol=1e-6, atol=1e-9)
    assert mean(written) == pytest.approx(exact.mean(), rel=1e-8)


@pytest.mark.parametrize(
    "written",
    [
        dist("poisson", mu=3.2),
        dist("binom", n=10.0, p=0.3),
        dist("geom", p=0.01),
        dist("randint", low=3, high=7),
    ],
)
def test_discrete_distributions_are_exact(written):
    table = one(written)
    exact = getattr(st, written.name)(**written.parameters)
    u = np.concatenate([np.random.default_rng(2).uniform(size=2000), [2.0**-53, 1e-9, 1 - 1e-9, 1 - 1e-12]])
    assert [variate(table, 0, v) for v in u.tolist()] == exact.ppf(u).tolist()
    assert mean(written) == pytest.approx(exact.mean(), rel=1e-8)


@given(some.floats(0.05, 4.0), some.lists(some.floats(2.0**-53, 1 - 2.0**-53), min_size=2, max_size=20))
def test_tabled_quantiles_are_monotone(cv, us):
    table = one(dist("gamma", mean=1.0, cv=cv))
    values = [variate(table, 0, u) for u in sorted(us)]
    assert values == sorted(values)
    assert values[0] >= 0.0


def test_empirical_takes_each_value_equally_often():
    table = one(Dist("empirical", values=(5.0, 1.0, 3.0, 3.0)))
    assert [variate(table, 0, u) for u in (2.0**-53, 0.2499, 0.25, 0.5, 0.74, 0.75, 1 - 2.0**-53)] == [
        1,
        1,
        3,
        3,
        3,
        5,
        5,
    ]
    assert mean(Dist("empirical", values=(5.0, 1.0, 3.0, 3.0))) == 3.0


def test_scale_and_shift_act_on_the_sum_of_all_draws():
    plain = Dist("exponential", (("mean", 2.0),), "us", times=3)
    moved = Dist("exponential", (("mean", 2.0),), "us", times=3, scale=10.0, shift=1.0)
    table = lists_of(compile_dists([plain, moved, Dist("exponential", (("mean", 2.0),))]))
    total = sum(draw(table, 2, 1, 0, 5, 6, 7, 0, 12 + j) for j in range(3))
    assert draw(table, 0, 1, 0, 5, 6, 7, 0, 4) == total
    assert draw(table, 1, 1, 0, 5, 6, 7, 0, 4) == 10.0 * total + 1.0
    assert (mean(plain), mean(moved)) == (6.0, 61.0)


def test_neutral_forms_agree():
    table = lists_of(
        compile_dists(
            [
                constant(4.0, "us"),
                Dist("lognormal", (("mean", 4.0), ("cv", 0.0))),
                Dist("gamma", (("mean", 4.0), ("cv", 0.0))),
                Dist("constant", (("value", 2.0),), times=2),
            ]
        )
    )
    assert [draw(table, row, 1, 0, 5, 6, 7, 0, 0) for row in range(4)] == pytest.approx([4.0] * 4, rel=1e-15)
    assert table.unit == [1, 0, 0, 0]


def test_meetings():
    table = compile_dists([Dist("constant", (("value", 1.0),), "us", meets=Duration(1, "d"))])
    day = int(table.meets[0])
    assert day == 86_400_000_000
    assert next_meeting(10, day, 0.25) == day // 4
    assert next_meeting(day // 4, day, 0.25) == day // 4
    assert next_meeting(day // 4 + 1, day, 0.25) == day // 4 + day
    assert next_meeting(-day, day, 0.25) == day // 4 - day


def test_whole_microseconds():
    assert [round_us(x) for x in (-1.0, 0.0, 0.49, 0.5, 1.5, 2.4)] == [0, 0, 0, 1, 2, 2]
    assert round_us(1e300) == round_us(math.inf) == 2**62
    assert round_us(math.nan) == 0


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (dist("nonsense"), "no distribution 'nonsense'"),
        (dist("describe"), "no distribution 'describe'"),
        (dist("beta", a=2.0), "do not fit"),
        (dist("beta", a=2.0, b=-1.0), "not finite"),
        (dist("geom", p=1e-9), "at most"),
    ],
)
def test_refusals(written, message):
    with pytest.raises(ValueError, match=message):
        compile_dists([written])


def test_no_distributions_at_all():
    assert len(compile_dists([]).code) == 0


def test_python_and_numba_give_the_same_bits():
    for module in (arithmetic, philox, draws, distributions):
        register(module)
    table = compile_dists(
        [
            constant(3.0),
            dist("exponential", mean=2.0),
            dist("lognormal", median=3.0, sigma=0.7),
            dist("weibull", shape=0.7, scale=2.0),
            dist("uniform", low=2.0, high=5.0),
            dist("triangular", low=1.0, mode=2.0, high=5.0),
            Dist("gamma", (("mean", 2.0), ("cv", 0.6)), times=3, scale=1.1, shift=0.3),
            dist("poisson", mu=3.2),
            Dist("empirical", values=(5.0, 1.0, 3.0)),
        ]
    )
    rows = len(table.code)

    def fill(D, n, out, whole):
        for i in range(n):
            out[i] = draw(D, i % rows, 1, 2, 3, i, 5, 6, 7)
            whole[i] = round_us(out[i] * 1e6)

    there, whole = np.empty(100_000), np.empty(100_000, dtype=np.int64)
    compiled(fill)(table, len(there), there, whole)
    lists = lists_of(table)
    here = [draw(lists, i % rows, 1, 2, 3, i, 5, 6, 7) for i in range(len(there))]
    assert_same_bits(here, there)
    assert [round_us(x * 1e6) for x in here] == whole.tolist()
