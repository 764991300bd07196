"""No interval goes beyond what its figure can be, however few the replications."""

from __future__ import annotations

import pytest

import funnelsim as fs
from funnelsim.results.estimates import Estimate, mean_of, ratio_of, within
from funnelsim.results.possible import SIGNED, ends
from funnelsim.views.words import numbers, speaking

FEW = {"reference": "9 mo", "japan": "9 mo", "story_promises": "14 mo"}
"""Templates with most of what there is, over a time in which two replications differ a lot."""


@pytest.mark.parametrize("name", FEW)
def test_intervals_of_two_replications_are_possible(name: str) -> None:
    scenario = fs.load(f"scenarios/{name}.yaml").change({"horizon": FEW[name], "warmup": "1 mo"})
    summary = fs.simulate(scenario, replications=2).summary
    tables = (summary.kpis, *summary.stages.values(), *summary.teams.values())
    wide, cut = 0, 0
    for kpi, each in ((kpi, each) for table in tables for kpi, each in table.items()):
        if each.low is None or each.high is None or each.mean is None:
            continue
        least, most = ends(kpi, each.unit)
        assert least - 1e-9 <= each.low <= each.mean <= each.high <= most + 1e-9, kpi
        wide += each.low < each.high
        cut += numbers.is_cut(each.to_dict())
    assert wide > 50
    assert cut > 5


def test_only_what_may_be_below_0_is_below_it() -> None:
    """A sample of many lines' figures would not find what is wrong here: these are all that subtract."""
    assert {"contribution", "queue_growth", "magic_number"} == SIGNED


@pytest.mark.parametrize(
    ("estimate", "least", "most", "low", "high"),
    [
        (Estimate(0.2, -0.1, 0.5, "share"), 0.0, 1.0, 0.0, 0.5),
        (Estimate(0.9, 0.6, 1.2, "share"), 0.0, 1.0, 0.6, 1.0),
        (Estimate(1.1, 0.9, 1.3, "share"), 0.0, 1.0, 0.9, 1.1),
        (Estimate(0.5, 0.4, 0.6, "share"), 0.0, 1.0, 0.4, 0.6),
        (Estimate(-5.0, -9.0, -1.0, "USD"), 0.0, float("inf"), -5.0, -1.0),
    ],
    ids=["below 0", "above 1", "a mean that is beyond stays inside", "nothing to cut", "a mean below"],
)
def test_an_interval_is_cut_at_its_ends(
    estimate: Estimate, least: float, most: float, low: float, high: float
) -> None:
    found = within(estimate, least, most)
    assert (found.mean, found.low, found.high) == (estimate.mean, low, high)


def test_what_was_cut_keeps_its_error_and_half_width() -> None:
    """How precise a figure is does not get better by cutting, or a wished precision would be reached too soon."""
    whole = mean_of([0.0, 0.1, 0.9], "share")
    cut = within(whole, 0.0, 1.0)
    assert (cut.error, cut.half) == (whole.error, pytest.approx(whole.half))
    small = ratio_of([1, 0, 5], [10, 10, 10], "share")
    assert within(small, 0.0, 1.0).half == pytest.approx(small.half)


@pytest.mark.parametrize(
    ("lang", "cut", "whole"), [("en", "20 (0 to 50) %", "20 ± 30 %"), ("ja", "20(0～50)%", "20 ± 30%")]
)
def test_a_cut_interval_is_written_with_its_ends(lang: str, cut: str, whole: str) -> None:
    estimate = Estimate(0.2, -0.1, 0.5, "share")
    with speaking(lang):
        assert numbers.estimate(estimate.to_dict()) == whole
        assert numbers.estimate(within(estimate, 0.0, 1.0).to_dict()) == cut
