"""What single runs say of a target, against laws that are known."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from funnelsim.experiments.statistics.chances import wilson
from funnelsim.experiments.statistics.outcomes import exceeded, reach

NORMAL = NormalDist(100.0, 15.0)
RUNS, EXPERIMENTS = 40, 1000
CHANCES = (0.1, 0.25, 0.5, 0.75, 0.9)


def _experiments(seed: int, number: int = EXPERIMENTS, runs: int = RUNS) -> list[list[float]]:
    drawn: list[list[float]] = np.random.default_rng(seed).normal(100.0, 15.0, (number, runs)).tolist()
    return drawn


@pytest.mark.parametrize("chance", CHANCES)
def test_chance_and_its_interval_are_those_of_the_law(chance: float) -> None:
    target = NORMAL.inv_cdf(1 - chance)
    found = [reach(outcomes, target, at_least=True, less=False) for outcomes in _experiments(7)]
    stated = sum(each.hits for each in found) / (RUNS * EXPERIMENTS)
    assert abs(stated - chance) < 3 * math.sqrt(chance * (1 - chance) / (RUNS * EXPERIMENTS))
    covered = sum(each.low <= chance <= each.high for each in found) / EXPERIMENTS
    exact = _coverage(chance)
    assert abs(covered - exact) < 3 * math.sqrt(exact * (1 - exact) / EXPERIMENTS)
    assert exact > 0.92


def _coverage(chance: float) -> float:
    """How often Wilson's interval holds the chance, by the binomial law."""
    held = [hits for hits in range(RUNS + 1) if wilson(hits, RUNS)[0] <= chance <= wilson(hits, RUNS)[1]]
    return math.fsum(math.comb(RUNS, hits) * chance**hits * (1 - chance) ** (RUNS - hits) for hits in held)


@pytest.mark.parametrize("chance", CHANCES)
def test_the_mean_shortfall_is_that_of_the_law(chance: float) -> None:
    target = NORMAL.inv_cdf(1 - chance)
    found = [reach(outcomes, target, at_least=True, less=False) for outcomes in _experiments(11, 300)]
    means = [each.shortfall for each in found if each.shortfall is not None]
    z = (target - 100.0) / 15.0
    law = target - (100.0 - 15.0 * NormalDist().pdf(z) / NormalDist().cdf(z))  # mean of a normal law below a value
    assert abs(float(np.mean(means)) - law) < 3 * float(np.std(means)) / math.sqrt(len(means))


@pytest.mark.parametrize("less", [False, True])
def test_a_new_run_is_better_than_each_case_as_often_as_is_said(less: bool) -> None:
    cases = [reach(outcomes, 0.0, at_least=True, less=less) for outcomes in _experiments(13, 400)]
    for name, share in (("base", 0.5), ("best", 0.1), ("worst", 0.9)):
        below = np.array([NORMAL.cdf(getattr(each, name)) for each in cases])
        better = below if less else 1 - below
        assert abs(better.mean() - share) < 3 * better.std() / math.sqrt(len(better))


def test_cases_turn_round_where_less_is_better() -> None:
    outcomes = [float(number) for number in range(1, 10)]
    more, less = (reach(outcomes, 5.0, at_least=True, less=less) for less in (False, True))
    assert (more.best, more.base, more.worst) == (9.0, 5.0, 1.0)
    assert (less.best, less.base, less.worst) == (1.0, 5.0, 9.0)


def test_nothing_is_told_of_too_few() -> None:
    assert reach([1.0] * 8, 0.0, at_least=True, less=False).base is None
    few = reach([1.0, 2.0, 3.0, 4.0, 9.0], 5.0, at_least=True, less=False)
    assert few.misses == 4
    assert few.shortfall is None
    five = reach([1.0, 2.0, 3.0, 4.0, 4.5, 9.0], 5.0, at_least=True, less=False)
    assert five.shortfall == pytest.approx((4 + 3 + 2 + 1 + 0.5) / 5)
    none = reach([None, None], 5.0, at_least=True, less=False)
    assert (none.runs, none.probability, none.low, none.high) == (0, None, 0.0, 1.0)
    assert exceeded([1.0] * 20, 0.01, less=False) is None  # a hundredth lies beyond the best of twenty


def test_runs_without_a_figure_count_neither_way() -> None:
    found = reach([None, 4.0, 6.0], 5.0, at_least=False, less=True)
    assert (found.runs, found.hits, found.shortfalls) == (2, 1, (1.0,))


def test_rounding_of_sums_misses_no_target() -> None:
    assert reach([0.1 + 0.2], 0.3, at_least=False, less=True).hits == 1
    assert reach([1 - 0.9], 0.1, at_least=True, less=False).hits == 1


def test_an_interval_at_an_end_ends_there() -> None:
    for runs in range(1, 60):
        assert wilson(0, runs)[0] == 0.0
        assert wilson(runs, runs)[1] == 1.0
        assert all(0 < wilson(hits, runs)[0] < hits / runs < wilson(hits, runs)[1] < 1 for hits in range(1, runs))
