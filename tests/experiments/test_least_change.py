"""The least change of inputs by which figures come to totals, on figures that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from funnelsim.experiments.statistics.least_change import (
    Array,
    Least,
    covariance,
    descend,
    distance,
    secant,
    steadied,
    step,
    surprise,
)

WIDE = (np.full(3, -9.0), np.full(3, 9.0))
SLOPES = np.array([[2.0, 1.0, 0.0], [0.0, -1.0, 0.5]])
TOLERANCE = np.array([0.1, 0.2])


def began(figures: Array, totals: Array, tolerances: Array = TOLERANCE) -> Least:
    start = np.zeros(3)
    return Least(start, figures, distance(start, figures - totals, tolerances))


def test_of_straight_lines_one_step_leads_to_the_minimum_in_closed_form() -> None:
    at, totals = np.array([5.0, 3.0]), np.array([6.0, 2.0])
    found = step(SLOPES, at - totals, np.zeros(3), TOLERANCE)
    # with a unit prior: J' (J J' + V)^-1 (T - K)
    closed = SLOPES.T @ np.linalg.solve(SLOPES @ SLOPES.T + np.diag(TOLERANCE**2), totals - at)
    assert found == pytest.approx(closed)
    assert step(SLOPES, at - totals, np.zeros(3), TOLERANCE, WIDE) == pytest.approx(closed)
    # from elsewhere it leads to the same point
    off = np.array([1.0, -2.0, 0.5])
    assert step(SLOPES, at + SLOPES @ off - totals, off, TOLERANCE) == pytest.approx(closed)


def test_limits_hold_exactly_and_others_make_up_for_them() -> None:
    at, totals = np.array([0.0, 0.0]), np.array([4.0, 0.0])
    free = step(SLOPES, at - totals, np.zeros(3), TOLERANCE, WIDE)
    held = step(
        SLOPES, at - totals, np.zeros(3), TOLERANCE, (np.array([-9.0, -9.0, -9.0]), np.array([1.0, 9.0, 9.0]))
    )
    assert held[0] == pytest.approx(1.0)
    assert held[1] > free[1]


def test_bent_figures_come_to_their_totals_where_they_can() -> None:
    def figures(z: Array) -> Array:
        return np.array([np.exp(0.8 * z[0] + 0.3 * z[1]), 1 / (1 + np.exp(-z[1] - z[2]))])

    totals, tolerances = np.array([3.0, 0.8]), np.array([0.05, 0.01])
    first = figures(np.zeros(3))
    slopes = np.array([[0.8, 0.3, 0.0], [0.0, 0.25, 0.25]])
    found = descend(figures, began(first, totals, tolerances), slopes, totals, tolerances, WIDE, 30)
    assert np.abs(found.figures - totals) == pytest.approx(np.zeros(2), abs=2 * 0.05)
    assert np.all(np.abs(found.figures - totals) < 2 * tolerances)
    assert found.total < 5  # the point is not far: no input by more than about two standard deviations


def test_a_search_never_ends_worse_than_it_began_and_asks_no_more_than_it_may() -> None:
    asked = []

    def steps_only(z: Array) -> Array | None:
        asked.append(z)
        return None if z[0] > 0.3 else np.array([0.0, 0.0])

    totals = np.array([4.0, 0.0])
    start = began(np.zeros(2), totals)
    found = descend(steps_only, start, SLOPES, totals, TOLERANCE, WIDE, 6)
    assert found.total <= start.total
    assert len(asked) <= 6


def test_slopes_follow_the_step_that_was_made_and_change_nowhere_else() -> None:
    moved, grown = np.array([1.0, 1.0, 0.0]), np.array([5.0, 0.0])
    updated = secant(SLOPES, moved, grown)
    assert updated @ moved == pytest.approx(grown)
    across = np.array([1.0, -1.0, 3.0])
    assert updated @ across == pytest.approx(SLOPES @ across)
    assert secant(SLOPES, np.zeros(3), grown) is SLOPES


def test_what_is_known_afterwards_is_the_inverse_of_the_information() -> None:
    noise = TOLERANCE**2
    expected = np.linalg.inv(np.eye(3) + SLOPES.T @ np.diag(1 / noise) @ SLOPES)  # Woodbury's identity
    assert covariance(SLOPES, noise) == pytest.approx(expected)
    assert covariance(SLOPES, np.diag(noise)) == pytest.approx(expected)
    # an input that no total depends on is known as before
    assert covariance(np.array([[1.0, 0.0]]), np.array([0.1]))[1, 1] == 1.0


def test_differences_that_chance_makes_count_for_nothing() -> None:
    kept = steadied(np.array([4.0, 1.0, -2.0, 0.0]), np.array([1.0, 2.0, 1.0, 0.0]))
    assert kept == pytest.approx([4.0 * 15 / 16, 0.0, -1.5, 0.0])


def test_the_surprise_is_chi_squared_where_inputs_are_drawn_as_they_are_said_to_lie() -> None:
    draw = np.random.default_rng(2)
    noise, found = TOLERANCE**2, []
    for _ in range(4000):
        truth = draw.standard_normal(3)
        totals = SLOPES @ truth + draw.standard_normal(2) * TOLERANCE
        at = draw.standard_normal(3)  # wherever the search ended
        found.append(surprise(SLOPES, SLOPES @ at - totals, at, noise))
    assert np.mean(found) == pytest.approx(2.0, abs=0.1)
    assert np.mean(np.array(found) > 5.991) == pytest.approx(0.05, abs=0.012)
