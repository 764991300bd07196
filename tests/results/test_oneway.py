"""Luck and not knowing, on arrays without any simulation: the one-way layout with known variance components."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from funnelsim.results.estimates import Estimate, mean_of, ratio_of
from funnelsim.results.oneway import by_row, span, split
from funnelsim.results.worlds import OfWorlds, doubt_of, pooled


def layout(rng: np.random.Generator, luck: float, worlds: int, pairs: int) -> tuple[list[float], list[float]]:
    """Outcomes of worlds, and of the first of them once more; the variance is 1, of which ``luck`` is luck."""
    inputs = rng.normal(size=worlds) * np.sqrt(1 - luck)
    first = inputs + rng.normal(size=worlds) * np.sqrt(luck)
    again = inputs[:pairs] + rng.normal(size=pairs) * np.sqrt(luck)
    return first.tolist(), again.tolist()


@pytest.mark.parametrize("luck", [0.08, 0.3, 0.7])
def test_the_interval_of_luck_holds_as_often_as_it_says(luck: float) -> None:
    rng, tries, held, found = np.random.default_rng(7), 1500, 0, []
    for _ in range(tries):
        first, again = layout(rng, luck, 100, 10)
        each = split(first, [a - b for a, b in zip(first, again, strict=False)])
        assert each is not None
        held += each.low <= luck <= each.high
        found.append(each.luck)
    assert 0.94 <= held / tries <= 0.975
    if luck == 0.08:  # further up the cut at 1 moves the mean
        assert np.mean(found) == pytest.approx(luck, abs=4 * np.std(found) / np.sqrt(tries) + 0.002)


def test_no_luck_and_nothing_but_luck() -> None:
    first = [1.0, 2.0, 4.0, 8.0]
    certain = split(first, [0.0, 0.0])
    assert certain is not None
    assert (certain.luck, certain.low, certain.high) == (0, 0, 0)
    assert split([3.0, 3.0], [0.0]) is None
    assert split(first, []) is None
    rng = np.random.default_rng(1)
    first, again = layout(rng, 1.0, 400, 400)
    pure = split(first, [a - b for a, b in zip(first, again, strict=True)])
    assert pure is not None
    assert pure.low < 1
    assert pure.luck == pytest.approx(1, abs=0.2)


def test_the_range_of_single_outcomes_needs_39() -> None:
    assert span([float(each) for each in range(38)]) is None
    assert span([float(each) for each in range(1, 40)]) == pytest.approx((1, 39))
    assert span([*map(float, range(1, 80)), None]) == pytest.approx((2, 78))
    assert span([*map(float, range(60)), *[None] * 20]) is None


def test_rows_that_were_gone_round_count_the_same_each() -> None:
    assert by_row([(1,), (2,), (5,), (6,), (9,)], 2) == [(5,), (4,)]
    assert by_row([(1,), (), (3,), ()], 2) == [(2,), ()]
    assert by_row([(1,), (2,)], 5) == [(1,), (2,)]
    nested = [{"a": ([1, 2], (3,))}, {"a": ([0, 0], (0,))}, {"a": ([3, 6], (5,))}, {"a": ([0, 0], (0,))}]
    assert by_row(nested, 2) == [{"a": ([2, 4], (4,))}, {"a": ([0, 0], (0,))}]


def test_worlds_that_go_round_have_an_interval_over_the_means_by_row() -> None:
    how = OfWorlds(6, 3, 0)
    terms = [(1,), (4,), (10,), (3,), (6,), (12,)]
    found = pooled(lambda rows: mean_of([row[0] for row in rows], "leads"), terms, how)
    plain = mean_of([2, 5, 11], "leads")
    assert (found.mean, found.low, found.high) == (plain.mean, plain.low, plain.high)
    assert found.outcomes == (1, 4, 10, 3, 6, 12)


def test_a_ratio_is_split_by_its_delta_residuals() -> None:
    rng, worlds = np.random.default_rng(3), 2000
    share, below = rng.beta(40, 60, size=worlds), 400

    def rows() -> list[tuple[int, int]]:
        return [(int(rng.binomial(below, each)), below) for each in share]

    how = OfWorlds(worlds, worlds, worlds)

    def estimate(terms: Sequence[tuple[int, int]]) -> Estimate:
        return ratio_of([row[0] for row in terms], [row[1] for row in terms], "share")

    doubt = doubt_of(estimate, rows(), rows(), [], how)
    luck = float(np.mean(share * (1 - share)) / below)
    assert doubt.split is not None
    assert doubt.split.luck == pytest.approx(luck / (luck + float(np.var(share))), rel=0.1)


def test_the_best_guess_differs_by_more_than_luck_and_the_indifference() -> None:
    rng = np.random.default_rng(5)
    luck = rng.normal(size=200)

    def doubt(shift: float, noise: float) -> bool:
        first = [(100 + shift + each,) for each in luck + noise * rng.normal(size=200)]
        guess = [(100 + each,) for each in luck]
        how = OfWorlds(200, 200, 0)
        return doubt_of(lambda rows: mean_of([row[0] for row in rows], "leads"), first, [], guess, how).differs

    assert doubt(5, 1)
    assert not doubt(0.5, 0.1)
    assert not doubt(0, 1)
