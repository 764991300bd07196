"""Paired differences: by hand, on ratios, of equals, and several at once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from funnelsim.experiments.statistics.paired import Difference, Verdict, bonferroni, difference, unseen, verdict
from funnelsim.results.estimates import Estimate, function_of, mean_of, ratio_of


def test_difference_of_means_is_the_paired_t_interval() -> None:
    found = difference(mean_of([5, 9, 10], "leads"), mean_of([4, 6, 8], "leads"))
    # Differences 1, 3, 2: mean 2, standard deviation 1.
    assert found.mean == 2
    assert found.error == pytest.approx(1 / math.sqrt(3))
    low, high = found.interval(0.05) or (0, 0)
    assert (low, high) == pytest.approx((2 - 4.302653 / math.sqrt(3), 2 + 4.302653 / math.sqrt(3)), abs=1e-5)


def test_difference_of_ratios_agrees_with_the_jackknife() -> None:
    rng = np.random.default_rng(1)
    rows = [tuple(row) for row in rng.poisson((40, 100, 50, 110), (200, 4)).tolist()]
    apart = difference(
        ratio_of([row[2] for row in rows], [row[3] for row in rows], "share"),
        ratio_of([row[0] for row in rows], [row[1] for row in rows], "share"),
    )
    whole = function_of(rows, lambda s: s[2] / s[3] - s[0] / s[1], "share")
    assert apart.mean == pytest.approx(whole.mean)
    assert apart.interval(0.05) == pytest.approx((whole.low, whole.high), rel=0.01)


def test_intervals_of_paired_ratios_cover() -> None:
    """Costs per win of two arms that share their luck; the true difference is 10 by the gamma's mean."""
    rng = np.random.default_rng(2)
    covered, experiments = 0, 2000
    for _ in range(experiments):
        wins = rng.poisson(20, 30) + 1
        luck = rng.gamma(4.0, 0.25, 30)
        extra = rng.poisson(5, 30)
        base = ratio_of((50 * wins * luck).tolist(), wins.tolist(), "USD")
        arm = ratio_of((60 * (wins + extra) * luck).tolist(), (wins + extra).tolist(), "USD")
        interval = difference(arm, base).interval(0.05)
        assert interval is not None
        covered += interval[0] <= 10 <= interval[1]
    assert covered / experiments == pytest.approx(0.95, abs=0.02)


def test_equals_differ_by_exactly_nothing() -> None:
    figures = ratio_of([0.1, 0.2, 0.7], [3.0, 7.0, 9.0], "share")
    found = difference(figures, figures, exact=True)
    assert found.identical
    assert found.interval(0.05) == (0.0, 0.0)
    assert verdict(found, (0.0, 0.0), 0.0) is Verdict.SAME


def test_rounding_is_no_difference() -> None:
    arm, base = mean_of([0.1 + 0.2, 0.1 + 0.2, 0.3], "USD"), mean_of([0.3, 0.3, 0.3], "USD")
    assert arm.mean != base.mean
    assert difference(arm, base).identical


@pytest.mark.parametrize("apart", [0, 1])
def test_a_difference_that_is_the_same_every_time_has_no_interval(apart: int) -> None:
    """Nothing is known of how often it is another: even of two scenarios that never differed so far."""
    found = difference(mean_of([5, 9, 10], "leads"), mean_of([5 - apart, 9 - apart, 10 - apart], "leads"))
    assert (found.mean, found.error, found.apart) == (apart, 0.0, 0)
    assert found.interval(0.05) is None
    assert verdict(found, None, 0.5) is verdict(found, None, 2.0) is Verdict.STEADY


def test_figures_in_which_nothing_varies_decide_by_themselves() -> None:
    found = difference(mean_of([500, 500, 500], "USD"), mean_of([400, 400, 400], "USD"))
    assert (found.fixed, found.interval(0.05)) == (True, None)
    assert verdict(found, None, 50.0) is Verdict.MORE
    assert verdict(found, None, 200.0) is Verdict.SAME
    nought = difference(mean_of([0, 0, 0], "leads"), mean_of([0, 0, 0], "leads"))
    assert (nought.fixed, verdict(nought, None, 1.0)) == (False, Verdict.STEADY)


@pytest.mark.parametrize(("departing", "known"), [(1, False), (4, False), (5, True), (10, True)])
@pytest.mark.parametrize("common", [0, 3])
def test_an_interval_needs_replications_that_depart(departing: int, known: bool, common: int) -> None:
    base = [10 * at for at in range(10)]
    arm = [figure + common + (at + 1 if at < departing else 0) for at, figure in enumerate(base)]
    found = difference(mean_of(arm, "leads"), mean_of(base, "leads"))
    assert found.apart == min(departing, 9)
    assert (found.interval(0.05) is not None) == known
    assert verdict(found, found.interval(0.05), 0.0) is not Verdict.STEADY


def test_the_share_that_may_not_have_been_seen() -> None:
    """With that share, nothing is seen in one of twenty experiments."""
    assert (1 - unseen(10)) ** 10 == pytest.approx(0.05)
    assert unseen(10) == pytest.approx(0.259, abs=5e-4)


def test_what_does_not_exist_has_no_difference() -> None:
    found = difference(Estimate(None, None, None, "h"), mean_of([1, 2], "h"))
    assert found.mean is None
    assert verdict(found, None, 1.0) is Verdict.NONE
    single = difference(mean_of([3], "h"), mean_of([1], "h"))
    assert (single.mean, single.interval(0.05)) == (2, None)
    assert verdict(single, None, 1.0) is Verdict.OPEN


def test_a_replication_without_a_figure_does_not_move_the_others() -> None:
    """The second replication has no figure in either arm: the pairs 5 and 4, 10 and 8 remain."""
    found = difference(mean_of([5, None, 10], "h"), mean_of([4, None, 8], "h"))
    assert found.mean == 1.5
    assert found.error == pytest.approx(math.sqrt(3 / 2) * math.sqrt(0.5 / 1 / 2) * math.sqrt(1 / 2))


@pytest.mark.parametrize(
    ("mean", "interval", "said"),
    [
        (3.0, (1.0, 5.0), Verdict.MORE),
        (-3.0, (-5.0, -1.0), Verdict.LESS),
        (0.3, (0.1, 0.5), Verdict.SAME),
        (0.3, (-0.4, 1.2), Verdict.OPEN),
        (3.0, (-0.1, 6.1), Verdict.OPEN),
        (3.0, (0.0, 6.0), Verdict.OPEN),
    ],
)
def test_the_interval_that_is_shown_decides(mean: float, interval: tuple[float, float], said: Verdict) -> None:
    assert verdict(Difference(mean, 1.0, 10, 50.0, "leads"), interval, 1.0) is said


def test_the_level_of_each_of_several_intervals() -> None:
    assert bonferroni(0.05, 10) == 0.005
    assert bonferroni(0.05, 0) == 0.05


def test_several_intervals_hold_together() -> None:
    """Six differences that are correlated by their base: all intervals cover in at least 95 % of experiments."""
    rng = np.random.default_rng(3)
    experiments, count, arms = 1000, 15, 6
    together = 0
    for _ in range(experiments):
        base = mean_of(rng.normal(100, 10, count).tolist(), "leads")
        found = [difference(mean_of(rng.normal(100, 10, count).tolist(), "leads"), base) for _ in range(arms)]
        spans = [each.interval(bonferroni(0.05, arms)) or (0.0, 0.0) for each in found]
        said = {verdict(each, span, 0.0) for each, span in zip(found, spans, strict=True)}
        held = all(low <= 0 <= high for low, high in spans)
        together += held
        assert held == (said == {Verdict.OPEN})
    assert together / experiments >= 0.95 - 0.02
