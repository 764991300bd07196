"""Looking more than once: published boundaries, and how often equals are found different."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import stdtrit
from scipy.stats import norm

from funnelsim.experiments.statistics.looks import RESERVE, levels, schedule, spent

LOOKS, MOST = schedule(10, 200), 200


def test_looks_grow_up_to_the_most() -> None:
    assert LOOKS == (10, 15, 21, 29, 41, 57, 81, 114, 161, 200)
    assert schedule(10, 10) == (10,)


def test_boundaries_are_the_published_ones() -> None:
    """Five equally spaced looks at 5 %, spending function of Pocock's type (Lan and DeMets 1983)."""
    found = levels((1, 2, 3, 4, 5), 5, 0.05 / (1 - RESERVE))
    assert norm.isf(np.array(found) / 2) == pytest.approx([2.438, 2.427, 2.410, 2.397, 2.386], abs=0.001)


def test_one_look_is_an_ordinary_test() -> None:
    assert levels((7,), 7, 0.05) == pytest.approx([(1 - RESERVE) * 0.05])


def test_looks_further_on_do_not_move_earlier_ones() -> None:
    assert levels(LOOKS[:4], MOST, 0.05) == levels(LOOKS, MOST, 0.05)[:4]
    assert spent(2.0, 0.05) == spent(1.0, 0.05)


def found_different(experiments: int, at: dict[int, float], seed: int, skewed: bool = False) -> NDArray[np.bool_]:
    """Which of many experiments on equals find a difference at some look, by t-tests at the given levels."""
    rng = np.random.default_rng(seed)
    draws = rng.standard_normal((experiments, MOST))
    if skewed:
        draws = rng.poisson(0.5, draws.shape) - rng.poisson(0.5, draws.shape) + 1e-6 * draws
    sums, squares = draws.cumsum(axis=1), (draws**2).cumsum(axis=1)
    hit = np.zeros(experiments, dtype=bool)
    for look, level in at.items():
        mean = sums[:, look - 1] / look
        error = np.sqrt((squares[:, look - 1] - look * mean**2) / (look - 1) / look)
        hit |= np.abs(mean) / error > stdtrit(look - 1, 1 - level / 2)
    return hit


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6])
@pytest.mark.parametrize("skewed", [False, True])
def test_equals_are_found_different_in_at_most_the_share_asked_for(alpha: float, skewed: bool) -> None:
    experiments = 20_000
    share = found_different(
        experiments, dict(zip(LOOKS, levels(LOOKS, MOST, alpha), strict=True)), 1, skewed
    ).mean()
    print(f"false alarms {share:.4f} of {alpha:.4f}")
    assert share <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / experiments)
    assert share >= 0.6 * alpha  # it spends what it may


def test_looking_at_an_ordinary_interval_until_it_excludes_zero_is_wrong_too_often() -> None:
    assert found_different(20_000, dict.fromkeys(LOOKS, 0.05), 1).mean() > 0.15
