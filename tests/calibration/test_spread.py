"""The spread between reps: its interval, its test, and the chances at the skill 0, as often right as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from funnelsim.calibration.estimating.spread import Spread, Visited, fit, renumbered


def team(rng: np.random.Generator, sd: float, reps: int = 10, each: int = 150) -> Visited:
    """Visits to two stages with the chances .5 and .7; a tenth is open, and open ones tell little."""
    n = reps * each
    skill = rng.normal(0, sd, reps)
    rep, cell = rng.integers(0, reps, n), rng.integers(0, 2, n)
    p = special.expit(special.logit(np.array([0.5, 0.7]))[cell] + skill[rep])
    outcome = (rng.random(n) < p).astype(int)
    still = rng.random(n) < 0.1
    return Visited(rep, cell, np.where(still, -1, outcome), np.full(n, 0.8), np.full(n, 0.8))


def held(made: Spread) -> list[bool]:
    return [bool(low < truth < high) for low, truth, high in zip(made.p_low, (0.5, 0.7), made.p_high, strict=True)]


def test_chances_and_spread_lie_in_their_intervals() -> None:
    rng = np.random.default_rng(1)
    chances, spreads, blind, found = [], [], [], []
    for number in range(60):
        visits = team(rng, 0.35)
        made = fit(visits)
        chances += held(made)
        spreads.append(made.low < 0.35 < made.high)
        found.append(made.sd)
        if number >= 20:
            continue
        one = Visited(np.arange(len(visits.rep)) % 2, visits.cell, visits.outcome, visits.advanced, visits.lost)
        blind += held(fit(one))
    assert np.mean(chances) > 0.86
    assert np.mean(spreads) > 0.8
    assert np.mean(found) == pytest.approx(0.35, rel=0.15)
    assert np.mean(blind) < 0.86  # who ignores reps is too sure


def test_no_spread_is_seen_where_there_is_none() -> None:
    rng = np.random.default_rng(2)
    alarms = [fit(team(rng, 0.0, reps=8, each=80)).seen for _ in range(60)]
    assert np.mean(alarms) == pytest.approx(0.05, abs=0.08)


def test_posterior_means_follow_the_reps() -> None:
    rng = np.random.default_rng(3)
    rep = np.repeat(np.arange(4), 400)
    p = special.expit(np.array([-0.8, -0.2, 0.2, 0.8]))[rep]
    made = fit(Visited(rep, np.zeros(1600, int), (rng.random(1600) < p).astype(int), np.ones(1600), np.ones(1600)))
    assert made.means == pytest.approx([-0.8, -0.2, 0.2, 0.8], abs=0.25)
    assert made.p_value < 0.001
    assert made.sd == pytest.approx(math.sqrt(0.34), abs=0.25)


def test_one_rep_says_nothing_of_others() -> None:
    with pytest.raises(ValueError, match="two reps"):
        fit(Visited(np.zeros(5, int), np.zeros(5, int), np.ones(5, int), np.ones(5), np.ones(5)))


def test_numbers_without_gaps() -> None:
    places, kept = renumbered([7, 3, 7, 9])
    assert (places.tolist(), kept.tolist()) == ([1, 0, 1, 2], [3, 7, 9])


def test_the_gradient_is_that_of_the_likelihood() -> None:
    from funnelsim.calibration.estimating import spread

    visits = team(np.random.default_rng(4), 0.4)
    advanced, lost = np.random.default_rng(5).random((2, len(visits.rep)))
    counts = spread._counted(Visited(visits.rep, visits.cell, visits.outcome, advanced, lost), 10, 2)
    at = np.array([0.1, 0.7, math.log(0.4)])
    slope = spread._minus_log_likelihood(counts, at[:2], math.exp(at[2]))[1]
    for i in range(3):
        shift = np.zeros(3)
        shift[i] = 1e-5
        above, below = (
            spread._minus_log_likelihood(counts, x[:2], math.exp(x[2]))[0] for x in (at + shift, at - shift)
        )
        assert slope[i] == pytest.approx((above - below) / 2e-5, rel=1e-4, abs=1e-4)
