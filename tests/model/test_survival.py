"""What is left of a delay that has lasted for a while, against the survival functions of scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.stats as st

from funnelsim.model.numbers.distributions import compile_dists, lists_of, variate
from funnelsim.model.numbers.survival import delay_left, largest, survival, variate_above
from funnelsim.model.rules.standing import chance_given_open
from funnelsim.scenario.forms.quantities import Dist, constant


def dist(name: str, **parameters: float) -> Dist:
    return Dist(name, tuple(parameters.items()))


LAWS: dict[str, tuple[Dist, Any, float]] = {
    "exponential": (dist("exponential", mean=5.0), st.expon(scale=5), 1e-12),
    "lognormal": (dist("lognormal", median=20.0, sigma=0.8), st.lognorm(0.8, scale=20), 1e-12),
    "weibull": (dist("weibull", shape=0.7, scale=9.0), st.weibull_min(0.7, scale=9), 1e-12),
    "uniform": (dist("uniform", low=2.0, high=12.0), st.uniform(2, 10), 1e-12),
    "triangular": (dist("triangular", low=1.0, mode=3.0, high=9.0), st.triang(0.25, 1, 8), 1e-12),
    "erlang": (dist("erlang", mean=6.0, k=3), st.gamma(3, scale=2), 1e-6),  # a table with a cubic between knots
    "moved": (Dist("exponential", (("mean", 5.0),), scale=2.0, shift=3.0), st.expon(3, 10), 1e-12),
    "poisson": (dist("poisson", mu=4.0), st.poisson(4), 1e-8),
}
ONE_BY_ONE = {"poisson"}


def one(law: Dist) -> Any:
    return lists_of(compile_dists([law]))


@pytest.mark.parametrize("name", LAWS)
def test_survival_is_that_of_the_law(name: str) -> None:
    law, exact, digits = LAWS[name]
    table = one(law)
    for tail in (1 - 1e-3, 0.7, 0.4, 0.1, 1e-3, 1e-6, 1e-10):
        x = float(exact.isf(tail))
        assert survival(table, 0, x) == pytest.approx(exact.sf(x), rel=max(digits, 1e-16 / tail), abs=1e-16)


@pytest.mark.parametrize("name", LAWS)
def test_what_is_left_has_the_law_given_that_it_has_lasted(name: str) -> None:
    """P(left > r) = S(b + r) / S(b), exact to 1e-9; tables to the digits they have."""
    law, exact, digits = LAWS[name]
    table = one(law)
    for b in (float(exact.isf(tail)) for tail in (0.99, 0.5, 0.05, 1e-4)):
        lasted = survival(table, 0, b)
        for u in (1e-6, 0.1, 0.5, 0.9, 1 - 1e-6):
            end = delay_left(table, 0, lasted, u)
            if name in ONE_BY_ONE:
                assert b < end
                assert exact.sf(end) <= exact.sf(b) * (1 - u) * (1 + 1e-8)
                assert exact.sf(end - 1) >= exact.sf(b) * (1 - u) * (1 - 1e-8)
            else:
                assert end > b
                assert exact.sf(end) / exact.sf(b) == pytest.approx(1 - u, rel=max(1e-9, 10 * digits))


@pytest.mark.parametrize("name", LAWS)
def test_read_from_above_it_is_the_same_variate(name: str) -> None:
    table = one(LAWS[name][0])
    for u in (0.03, 0.25, 0.5, 0.71, 0.999):
        assert variate_above(table, 0, 1.0 - u) == pytest.approx(variate(table, 0, u), rel=1e-12)


def test_values_from_a_list() -> None:
    table = one(Dist("empirical", values=(5.0, 1.0, 2.0, 2.0, 9.0)))
    assert [survival(table, 0, x) for x in (0.5, 1, 2, 5, 8.9, 9)] == [1, 0.8, 0.4, 0.2, 0.2, 0]
    lasted = survival(table, 0, 2.0)
    assert [delay_left(table, 0, lasted, u) for u in (0.01, 0.49, 0.51, 0.99)] == [5, 5, 9, 9]
    assert largest(table, 0) == 9


def test_a_constant_lasts_until_it_is_over() -> None:
    table = one(constant(7.0))
    assert [survival(table, 0, x) for x in (0.0, 6.9, 7.0, 8.0)] == [1, 1, 0, 0]
    assert variate_above(table, 0, 0.3) == 7
    assert largest(one(Dist("constant", (("value", 2.0),), times=3)), 0) == 6


def test_nothing_lasts_beyond_the_furthest_draw() -> None:
    table = one(dist("exponential", mean=1.0))
    assert survival(table, 0, 36.0) > 0
    assert survival(table, 0, 40.0) == 0


@pytest.mark.parametrize("p", [0.0, 0.2, 0.7, 1.0])
@pytest.mark.parametrize("b", [1.0, 20.0, 200.0])
def test_the_chance_of_an_open_deal_is_by_bayes(p: float, b: float) -> None:
    """For exponential times it is p e^(-b/40) / (p e^(-b/40) + (1 - p) e^(-b/15)), to 1e-9."""
    laws = lists_of(compile_dists([dist("exponential", mean=40.0), dist("exponential", mean=15.0)]))
    found = chance_given_open(p, survival(laws, 0, b), survival(laws, 1, b))
    advanced, lost = p * np.exp(-b / 40), (1 - p) * np.exp(-b / 15)
    assert found == pytest.approx(advanced / (advanced + lost), rel=1e-9, abs=1e-12)


def test_where_neither_outcome_can_last_the_chance_is_as_it_was() -> None:
    assert chance_given_open(0.3, 0.0, 0.0) == 0.3
    assert chance_given_open(0.3, 0.0, 0.1) == 0.0
    assert chance_given_open(0.3, 0.1, 0.0) == 1.0
