"""Stated probabilities of being the best are right as often as they say, and so is the promise of a selection."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t
from test_selection import drawn

from funnelsim.experiments.statistics.ocba import Budget, spend
from funnelsim.experiments.statistics.posterior import EstimateOf, likeliest, posterior
from funnelsim.experiments.statistics.selection import Guarantee, Selected, select
from funnelsim.results.estimates import Estimate, mean_of

Floats = NDArray[np.float64]

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
DRAWS = 4_000


def estimates(rows: Sequence[Floats] | Floats) -> EstimateOf:
    return lambda at, count: mean_of(rows[at][:count].tolist(), "leads")


def alternatives(seed: int, truth: Sequence[float], shared: float, length: int) -> Floats:
    """Normal figures with variance 1, of which a share is common to all."""
    rng = np.random.default_rng(seed)
    own, common = rng.standard_normal((len(truth), length)), rng.standard_normal(length)
    rows = math.sqrt(1 - shared) * own + math.sqrt(shared) * common + np.array(truth)[:, None]
    return np.asarray(rows)


def by_budget(rows: Floats, total: int) -> tuple[Selected, dict[int, float]]:
    """What `choose` picks with a budget, and the probability that it states of each."""
    found = likeliest(estimates(rows), spend(drawn(rows), len(rows), Budget(total)), draws=DRAWS)
    known = posterior(estimates(rows), found.replications, found.beside or 0, DRAWS)
    assert known is not None
    return found, known.best()


# --- single cases against what is known --------------------------------------------------------------------------


def test_of_two_with_equal_replications_it_is_students_t() -> None:
    rows = alternatives(1, [0.0, 0.3], 0.6, 12)
    apart = rows[1] - rows[0]
    exact = t.cdf(apart.mean() / (apart.std(ddof=1) / math.sqrt(12)), 11)
    known = posterior(estimates(rows), (12, 12))
    assert known is not None
    assert known.best()[1] == pytest.approx(exact, abs=0.006)
    assert known.best(least=True)[0] == pytest.approx(exact, abs=0.006)


def test_what_never_differs_has_exactly_equal_shares() -> None:
    row = np.random.default_rng(3).normal(1e9, 1e8, 40)
    for counts in ((40, 40), (40, 12), (12, 40)):
        known = posterior(estimates([row, row]), counts)
        assert known is not None
        assert known.best() == {0: 0.5, 1: 0.5}
    known = posterior(estimates([row, row, row - 5e8]), (40, 20, 10))
    assert known is not None
    assert known.best() == pytest.approx({0: 0.5, 1: 0.5, 2: 0.0})
    known = posterior(estimates([np.zeros(5), np.zeros(5), np.zeros(5)]), (5, 5, 5))
    assert known is not None
    assert set(known.best().values()) == {1 / 3}
    assert known.within(1, 0.0) == 1.0


def test_shared_luck_is_taken_off_one_that_stopped_early() -> None:
    """The first ten replications were good days for both: the one that had only these looks better than it is."""
    common = np.concatenate([np.full(10, 3.0), np.full(90, 0.0)])
    rng = np.random.default_rng(4)
    rows = np.array([common + rng.normal(0.5, 0.1, 100), common + rng.normal(0.0, 0.1, 100)])
    rows += rng.normal(0, 1, 100)
    known = posterior(estimates(rows), (100, 10))
    assert known is not None
    assert rows[1, :10].mean() > rows[0].mean()
    assert known.best()[0] > 0.99


def test_replications_of_its_own_count() -> None:
    """Without shared luck each keeps its own mean and error: two sided by Welch, nearly."""
    rows = alternatives(7, [0.35, 0.0], 0.0, 200)
    known = posterior(estimates(rows), (200, 20))
    assert known is not None
    one, two = rows[0], rows[1, :20]
    error = math.sqrt(one.var(ddof=1) / 200 + two.var(ddof=1) / 20)
    assert known.best()[0] == pytest.approx(t.cdf((one.mean() - two.mean()) / error, 21), abs=0.03)


def test_those_without_a_figure_are_left_out() -> None:
    def estimate(at: int, count: int) -> Estimate:
        return Estimate(None, None, None, "h") if at == 1 else mean_of([1.0 * at, 2.0, 4.0][:count], "h")

    known = posterior(estimate, (3, 3, 3, 0))
    assert known is not None
    assert set(known.best()) == {0, 2}
    assert posterior(estimate, (1, 3, 0, 0)) is None


# --- how often it is right ---------------------------------------------------------------------------------------


def ties(experiments: int, total: int, shared: float) -> Floats:
    """The probabilities stated of two that tie in truth, an experiment a row."""
    shares = []
    for seed in range(experiments):
        _, chances = by_budget(alternatives(seed, [0.0, 0.0], shared, total), total)
        shares.append([chances[0], chances[1]])
    return np.array(shares)


@pytest.mark.slow
@pytest.mark.parametrize("total", [40, 80, 120])
@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_of_two_that_tie_neither_is_favoured(total: int, shared: float) -> None:
    """A right posterior is uniform: beyond .95 in one of ten."""
    shares = ties(1000, total, shared)
    sure = int((shares.max(axis=1) > 0.95).sum())
    print(f"total {total}, shared {shared}: mean {shares.mean(axis=0).round(3)}, above 95 %: {sure} of 1,000")
    assert np.all(np.abs(shares.mean(axis=0) - 0.5) < 0.05)
    assert sure <= 125


def test_few_ties() -> None:
    """The same with 150 experiments: 15 expected above .95, more than 30 in one of 10,000."""
    shares = ties(150, 60, 0.7)
    assert np.all(np.abs(shares.mean(axis=0) - 0.5) < 0.1)
    assert (shares.max(axis=1) > 0.95).sum() <= 30


def calibrated(stated: Floats, right: Floats, fewest: int) -> None:
    """In each bin with experiments enough the share of right picks is what was stated, within three errors."""
    for low, high in pairwise(EDGES):
        inside = (stated >= low) & ((stated < high) | (high == 1.0))
        if inside.sum() < fewest:
            continue
        mean, share = stated[inside].mean(), right[inside].mean()
        error = math.sqrt(mean * (1 - mean) / inside.sum())
        print(f"{low:.2f} to {high:.2f}: {inside.sum()} experiments, stated {mean:.4f}, right {share:.4f}")
        assert abs(share - mean) <= 3 * error + 1e-9


def random_truths(experiments: int, number: int, total: int, shared: float) -> tuple[Floats, Floats]:
    """Truths whose differences are drawn from a normal law with three standard errors as its deviation."""
    error = math.sqrt(2 * (1 - shared) * number / total)
    stated, right = [], []
    for seed in range(experiments):
        truth = np.random.default_rng(seed + 10_000).normal(0, 3 * error / math.sqrt(2), number)
        found, chances = by_budget(alternatives(seed, truth.tolist(), shared, total), total)
        stated.append(chances[found.best])
        right.append(found.best == truth.argmax())
    return np.array(stated), np.array(right)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "total", "shared"), [(2, 40, 0.0), (2, 60, 0.8), (2, 120, 0.5), (4, 80, 0.8)])
def test_probabilities_are_right_as_often_as_they_say(number: int, total: int, shared: float) -> None:
    calibrated(*random_truths(2000, number, total, shared), 50)


def test_a_few_probabilities() -> None:
    calibrated(*random_truths(250, 2, 60, 0.8), 25)


@pytest.mark.slow
def test_probabilities_after_a_selection_are_right_as_often_as_they_say() -> None:
    """It stops as soon as it is sure; where truths come from a wide law that changes next to nothing."""
    stated, right, error = [], [], math.sqrt(2 / 20)
    for seed in range(6000):
        rng = np.random.default_rng([seed, 2])
        truth = rng.normal(0, 3 * error / math.sqrt(2), 2)
        rows = rng.standard_normal((2, 400)) + truth[:, None]
        found = select(drawn(rows), 2, Guarantee(error, step=5))
        known = posterior(estimates(rows), found.replications, found.best, DRAWS)
        assert known is not None
        stated.append(known.best()[found.best])
        right.append(found.best == truth.argmax())
    calibrated(np.array(stated), np.array(right), 50)


@pytest.mark.parametrize("lead", [0.0, 0.5, 1.0, 2.0, 4.0])
def test_few_promises(lead: float) -> None:
    assert kept(lead, 2, 100, 0.5) >= 85


@pytest.mark.slow
@pytest.mark.parametrize("lead", [0.0, 0.5, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("number", [2, 5])
@pytest.mark.parametrize("shared", [0.0, 0.8])
def test_the_promise_is_kept_as_often_as_it_says(lead: float, number: int, shared: float) -> None:
    good = kept(lead, number, 1000, shared)
    print(f"lead {lead} standard errors, {number} alternatives, shared {shared}: {good} of 1,000")
    assert good >= 930


def kept(lead: float, number: int, experiments: int, shared: float) -> int:
    """How often the pick is within the zone, one error of 10 replications, of the best."""
    error = math.sqrt(2 * (1 - shared) / 10)
    good = 0
    for seed in range(experiments):
        truth = [0.0] * (number - 1) + [lead * error]
        found = select(drawn(alternatives(seed, truth, shared, 2000)), number, Guarantee(error, step=5))
        good += truth[-1] - truth[found.best] <= error * (1 - 1e-9)
    return good
