"""Estimates and their intervals, against numbers worked out by hand and tables of Student's t."""

from __future__ import annotations

import math

import pytest

from funnelsim.results.estimates import Estimate, function_of, mean_of, ratio_of, t_quantile, total


def test_t_quantiles_are_those_of_the_printed_tables() -> None:
    assert t_quantile(2) == pytest.approx(12.7062, abs=5e-5)
    assert t_quantile(10) == pytest.approx(2.26216, abs=5e-6)
    assert t_quantile(31) == pytest.approx(2.04227, abs=5e-6)


def test_mean_has_a_t_interval() -> None:
    estimate = mean_of([2, 4, 6], "leads")
    half = 4.302653 * 2 / math.sqrt(3)  # standard deviation 2, three values
    assert estimate.mean == 4
    assert estimate.low == pytest.approx(4 - half, abs=1e-5)
    assert estimate.high == pytest.approx(4 + half, abs=1e-5)


NOTHING_KNOWN = {"low": None, "high": None, "range_low": None, "range_high": None, "undefined": 0}


def test_mean_leaves_out_what_does_not_exist() -> None:
    assert mean_of([None, 3, None, 5], "h", 2.0).mean == 2.0
    assert mean_of([None, None], "h") == Estimate(None, None, None, "h")
    assert mean_of([], "h").to_dict() is None


def test_single_replication_has_a_mean_and_no_interval() -> None:
    expected = {**NOTHING_KNOWN, "mean": 7.0, "unit": "h"}
    assert mean_of([7], "h").to_dict() == expected
    assert ratio_of([14], [2], "h").to_dict() == expected
    assert function_of([(14, 2)], lambda s: s[0] / s[1], "h").to_dict() == expected


def test_ratio_pools_and_uses_the_delta_method() -> None:
    # 1/1 and 3/1 and 5/4: pooled 9/6 = 1.5, where the mean of the ratios is 1.75.
    estimate = ratio_of([1, 3, 5], [1, 1, 4], "share")
    residuals = [1 - 1.5, 3 - 1.5, 5 - 6]
    error = math.sqrt(sum(r * r for r in residuals) / 2 / 3) / 2  # the mean of the sums below is 2
    assert estimate.mean == 1.5
    assert estimate.high == pytest.approx(1.5 + 4.302653 * error, abs=1e-5)


def test_ratio_of_a_common_divisor_is_the_mean() -> None:
    by_ratio, by_mean = ratio_of([2, 4, 9], [2, 2, 2], "x"), mean_of([1, 2, 4.5], "x")
    assert by_ratio.mean == by_mean.mean
    assert by_ratio.low == pytest.approx(by_mean.low)


def test_ratio_without_a_divisor_does_not_exist() -> None:
    assert ratio_of([0, 0], [0, 0], "share") == Estimate(None, None, None, "share")
    assert ratio_of([0, 3], [0, 2], "share").mean == 1.5


def test_function_agrees_with_the_delta_method_for_ratios() -> None:
    rows = [(10 + i % 7, 20 + i % 5) for i in range(60)]
    above, below = zip(*rows, strict=True)
    jackknife = function_of(rows, lambda s: s[0] / s[1], "share")
    delta = ratio_of(above, below, "share")
    assert jackknife.mean == pytest.approx(delta.mean)
    assert jackknife.high - jackknife.mean == pytest.approx(delta.high - delta.mean, rel=0.02)


def test_function_has_no_interval_where_it_hangs_on_one_replication() -> None:
    ratio = function_of([(1, 1), (0, 0)], lambda s: s[0] / s[1] if s[1] else None, "share")
    assert (ratio.mean, ratio.low) == (1.0, None)
    assert function_of([(0, 0), (0, 0)], lambda s: None, "share").mean is None


def test_totals_do_not_depend_on_the_order() -> None:
    values = [1e16, 1.0, -1e16, 3.5]
    assert total(values) == total(values[::-1]) == 4.5
    assert total([2**62, 2**62, 1]) == 2**63 + 1


def test_residuals_belong_to_replications() -> None:
    """What a replication adds to the error: by hand for a mean with a gap, and a ratio of sums 9 and 6."""
    assert mean_of([2, 4, 6], "leads", 2.0).residuals == (-1.0, 0.0, 1.0)
    assert mean_of([3, None, 5, None], "h").residuals == (-2.0, 0.0, 2.0, 0.0)
    assert ratio_of([1, 3, 5], [1, 1, 4], "h").residuals == (-0.25, 0.75, -0.5)
    assert mean_of([7], "h").residuals == ()
    estimate = function_of([(1, 1), (3, 1), (5, 4)], lambda s: s[0] + s[1], "h")
    assert sum(estimate.residuals) == pytest.approx(0.0)
