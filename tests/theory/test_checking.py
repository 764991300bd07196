"""The yardstick itself: it must accept the truth and refuse what is off."""

from __future__ import annotations

import numpy as np
import pytest

from . import checking as c

ENOUGH = c.REPLICATIONS * c.TIMES


def test_true_values_pass_and_shifted_ones_fail() -> None:
    values = 10 + np.random.default_rng(1).normal(size=ENOUGH)
    c.check("right", values, 10.0)
    with pytest.raises(AssertionError, match="z \\+"):
        c.check("too high", values + 9 * c.standard_error(values), 10.0)


def test_imprecise_and_few_values_fail() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(AssertionError, match="error"):
        c.check("noisy", 10 + 5 * np.sqrt(c.TIMES) * rng.normal(size=ENOUGH), 10.0)
    with pytest.raises(AssertionError):
        c.check("few", 10 + rng.normal(size=ENOUGH - 1) / 100, 10.0)


def test_pooled_ratio_has_less_bias_than_the_mean_of_ratios() -> None:
    rng = np.random.default_rng(1)
    below = rng.gamma(4.0, size=4000)
    above = below**2  # exact ratio of means: E[x^2] / E[x] = 5; mean of ratios: 4
    assert abs(c.z_score(c.ratio(above, below), 5.0)) < 4
    assert abs(c.z_score(above / below, 5.0)) > 20


def test_controls_sharpen_without_shifting() -> None:
    """Coverage over many experiments: the adjusted values must be as often off as their error says."""
    rng = np.random.default_rng(1)
    scores, gain = [], []
    for _ in range(2000):
        cause = rng.normal(3.0, 1.0, size=40)
        values = 2 * cause + 0.5 * rng.normal(size=40)
        adjusted = c.controlled(values, [c.Control("cause", cause, 3.0)])
        scores.append(c.z_score(adjusted, 6.0))
        gain.append(c.standard_error(adjusted) / c.standard_error(values))
    assert np.mean(gain) < 0.3
    assert np.std(scores) == pytest.approx(1.0, abs=0.06)  # t with 38 degrees of freedom has 1.027
    assert abs(np.mean(scores)) < 4 / np.sqrt(2000)


def test_a_wrong_control_is_refused() -> None:
    cause = np.random.default_rng(1).normal(3.0, 1.0, size=40)
    with pytest.raises(AssertionError, match="cause"):
        c.controlled(cause, [c.Control("cause", cause, 4.0)])
