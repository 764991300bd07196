"""Chances: of a target, against published intervals, and of being best, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t

from funnelsim.experiments.statistics.chances import best, right, untold, wilson
from funnelsim.experiments.statistics.paired import difference
from funnelsim.results.estimates import Estimate, mean_of


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_are_the_published_ones(hits: int, trials: int, low: float, high: float) -> None:
    """Newcombe (1998, Statistics in Medicine 17:857), table I, method 3."""
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_without_trials_knows_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(20, 20)[1] == 1.0


def test_of_two_it_is_the_tail_of_students_t() -> None:
    base, arm = [4.0, 6.0, 8.0, 5.0, 7.0], [5.0, 6.5, 8.2, 4.8, 8.0]
    apart = np.subtract(arm, base)
    exact = t.cdf(apart.mean() / (apart.std(ddof=1) / math.sqrt(5)), 4)
    found = best([mean_of(base, "leads"), mean_of(arm, "leads")], least=False)
    assert found[1] == pytest.approx(exact, abs=0.005)
    assert found[0] == pytest.approx(1 - exact, abs=0.005)
    least = best([mean_of(base, "leads"), mean_of(arm, "leads")], least=True)
    assert least[0] == pytest.approx(exact, abs=0.005)


def test_equals_share() -> None:
    one, other = mean_of([4, 6, 8], "leads"), mean_of([1, 2, 3], "leads")
    assert best([one, one, other], least=False) == pytest.approx([0.5, 0.5, 0.0], abs=0.02)


def test_alike_in_law_share_about_equally() -> None:
    rng = np.random.default_rng(1)
    shares = np.array(
        [best([mean_of(rng.normal(5, 1, 10).tolist(), "leads") for _ in range(4)], False) for _ in range(40)],
        dtype=float,
    )
    assert shares.sum(axis=1) == pytest.approx(np.ones(40))
    assert shares.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.15)


def test_without_an_interval_nothing_can_be_said() -> None:
    assert best([mean_of([4], "leads"), mean_of([5], "leads")], False) == [None, None]
    missing = Estimate(None, None, None, "h")
    assert best([None, mean_of([4, 5], "h")], False) == [None, None]  # the best of one is no choice
    assert missing.residuals == ()


def test_that_a_limit_is_kept_is_the_tail_of_students_t() -> None:
    won, wait = mean_of([5, 6, 7, 5], "leads"), [4.0, 6.0, 5.0, 6.5]
    exact = t.cdf((6.0 - np.mean(wait)) / (np.std(wait, ddof=1) / 2), 3)
    row = [won, mean_of(wait, "h")]
    assert right([row], 0, 0.0, False, [(True, 6.0)]) == pytest.approx(exact, abs=0.006)
    assert right([row], 0, 0.0, False, [(False, 6.0)]) == pytest.approx(1 - exact, abs=0.006)


def test_a_better_point_harms_only_if_it_keeps_to_the_limit() -> None:
    rng = np.random.default_rng(2)
    mine = [mean_of(rng.normal(5, 0.1, 20).tolist(), "leads"), mean_of(rng.normal(1, 0.1, 20).tolist(), "h")]
    better = [mean_of(rng.normal(6, 0.1, 20).tolist(), "leads"), mean_of(rng.normal(2, 0.1, 20).tolist(), "h")]
    assert right([mine, better], 0, 0.1, False, [(True, 3.0)]) == pytest.approx(0.0, abs=1e-3)
    assert right([mine, better], 0, 0.1, False, [(True, 1.5)]) == pytest.approx(1.0, abs=1e-3)
    assert right([mine, better], 1, 0.1, False, [(True, 1.5)]) == pytest.approx(0.0, abs=1e-3)
    assert right([mine, better], 0, 2.0, False, [(True, 3.0)]) == pytest.approx(1.0, abs=1e-3)
    assert right([[mean_of([4], "h")]], 0, 0.0, False) is None


RARE = ([5.0] * 19 + [6.0], [5.0] * 20)
"""Two arms that differ in a single replication of twenty."""


@pytest.mark.parametrize("least", [False, True])
@pytest.mark.parametrize("pair", [RARE, ([4.0, 6.0, 5.0, 7.0] * 5, [5.0, 7.0, 6.0, 8.0] * 5)])
def test_where_a_difference_has_no_interval_there_is_no_probability(
    pair: tuple[list[float], list[float]], least: bool
) -> None:
    arms = [mean_of(each, "leads") for each in pair]
    assert difference(arms[0], arms[1]).interval(0.05) is None
    assert best(arms, least) == [None, None]
    assert set(untold(arms, least) or ()) == {0, 1}


def test_arms_that_cannot_be_the_best_need_no_interval_between_them() -> None:
    rng = np.random.default_rng(3)
    ahead = mean_of((rng.normal(50, 1, 20)).tolist(), "leads")
    arms = [*(mean_of(each, "leads") for each in RARE), ahead]
    assert untold(arms, least=False) is None
    assert best(arms, least=False) == pytest.approx([0.0, 0.0, 1.0], abs=0.001)
    assert untold(arms, least=True) is not None


def test_figures_that_never_vary_are_known() -> None:
    """Wages: the same in every replication, so that nothing is left to chance."""
    wages = [mean_of([each] * 20, "USD") for each in (5.0, 7.0)]
    assert best(wages, least=True) == [1.0, 0.0]
