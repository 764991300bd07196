"""Aalen-Johansen, against a textbook example, exact fractions, and a case worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from funnelsim.results.measures.cohorts import cohort, incidence, quantile


def test_one_way_to_end_gives_the_kaplan_meier_curve_of_the_textbooks() -> None:
    """Remission under 6-MP (Freireich et al. 1963), the standard example of survival analysis."""
    times = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    members = cohort(np.array(times), np.array([1] * 9 + [-1] * 12))
    at, ended = incidence(members, members.outcome == 1)
    assert at.tolist() == [6, 7, 10, 13, 16, 22, 23]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert (1 - ended).tolist() == pytest.approx(published, abs=5e-4)


def test_competing_risks_by_hand() -> None:
    """Five leads: rejected at 0, censored at 1/2, lost at 2, censored at 2, won at 3."""
    members = cohort(np.array([6, 4, 4, 0, 1]), np.array([7, 8, -1, 9, -1]))
    assert members.weight.tolist() == pytest.approx([8 / 3, 4 / 3, 0, 1, 0])
    assert members.mass(members.outcome == 7) / members.size == pytest.approx(8 / 15)
    assert members.moment(members.outcome == 7) == pytest.approx(16)


def _direct(duration: list[int], outcome: list[int], causes: int) -> list[Fraction]:
    """Aalen-Johansen as it is defined: the sum of S(t-) d(t) / n(t), in exact fractions."""
    left, final = Fraction(1), [Fraction(0)] * causes
    for time in sorted(set(duration)):
        at_risk = sum(t >= time for t in duration)
        ends = [
            sum(t == time and o == cause for t, o in zip(duration, outcome, strict=True))
            for cause in range(causes)
        ]
        for cause, number in enumerate(ends):
            final[cause] += left * Fraction(number, at_risk)
        left *= 1 - Fraction(sum(ends), at_risk)
    return final


@pytest.mark.parametrize("seed", range(20))
def test_weights_are_the_jumps_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    duration, outcome = rng.integers(0, 12, 40), rng.integers(-1, 3, 40)
    members = cohort(duration, outcome)
    exact = _direct(duration.tolist(), outcome.tolist(), 3)
    for cause in range(3):
        assert members.mass(outcome == cause) / 40 == pytest.approx(float(exact[cause]), rel=1e-12)


def test_without_censoring_weights_are_exactly_one() -> None:
    members = cohort(np.array([5, 3, 9, 3]), np.array([0, 1, 1, 0]))
    assert members.weight.tolist() == [1.0] * 4
    assert members.moment(members.outcome == 1) == 12.0


def test_nothing_is_known_while_all_are_open() -> None:
    members = cohort(np.array([5, 3]), np.array([-1, -1]))
    assert members.size == 0
    assert quantile(members, members.outcome == 1, 0.95) is None


def test_quantiles_of_those_who_end_in_one_way() -> None:
    members = cohort(np.arange(1, 101), np.tile([0, 1], 50))
    assert quantile(members, members.outcome == 1, 0.95) == 96
    assert quantile(members, members.outcome == 0, 0.5) == 49


def test_empty_cohort() -> None:
    members = cohort(np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    assert members.size == 0
    assert members.mass(members.outcome == 1) == 0.0
