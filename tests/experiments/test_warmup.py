"""Warm-up: where MSER-5 cuts, Welch's curve, and the suggestion from a result."""

from __future__ import annotations

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.experiments.warmup import mser, welch


def test_mser_cuts_where_the_transient_ends() -> None:
    """The textbook case: 100 observations at another level, then noise around the lasting one."""
    rng = np.random.default_rng(1)
    series = np.concatenate([np.full(100, 10.0), np.zeros(900)]) + rng.standard_normal(1000)
    assert mser(series).at == 100
    assert mser(series, batch=1).at == 100


def test_mser_follows_its_formula() -> None:
    series = [9.0, 5.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]
    found = mser(series, batch=1)
    rest = np.array(series[2:])
    assert found.scores[2] == pytest.approx(rest.var() / len(rest))
    assert found.at == 2
    assert len(found.scores) == 6


def test_mser_cuts_nothing_off_what_is_steady() -> None:
    rng = np.random.default_rng(2)
    cuts = [mser(rng.standard_normal(1000)).at for _ in range(50)]
    assert np.median([1000 if cut is None else cut for cut in cuts]) <= 100


def test_what_never_settles_has_no_warm_up() -> None:
    assert mser(np.arange(500.0)).at is None


def test_a_short_series_is_refused() -> None:
    with pytest.raises(fs.FunnelsimError, match="needs at least 50 observations, but got 30"):
        mser(np.zeros(30))


def test_welch_averages_over_replications_and_days() -> None:
    curve = welch(np.array([[0.0, 2.0, 4.0, 6.0, 8.0], [2.0, 4.0, 6.0, 8.0, 16.0]]), window=1)
    # Means 1, 3, 5, 7, 12; the first stands for itself, the last has no neighbour.
    assert curve == pytest.approx([1.0, 3.0, 5.0, 8.0])


BUYERS = """
funnelsim: 1
name: Leads that wait for the buyer alone
horizon: {days} d
warmup: {warmup}
sources: {{web: {{rate: {rate} / d}}}}
teams: {{desk: {{headcount: 1, queue: fifo}}}}
stages: {{think: {{decision: {{dist: exponential, mean: 20 d}}}}}}
"""


def test_the_suggestion_follows_the_leads_in_the_line() -> None:
    """The mean number after t days is 20 rate (1 - exp(-t / 20)): 95 % of the last value after 60 days."""
    result = fs.simulate(fs.Scenario.from_text(BUYERS.format(days=800, warmup="10.5 d", rate=5)), replications=5)
    found = fs.suggest_warmup(result)
    assert found.days.shape == (5, 800)
    filled = 100 * (1 - np.exp(-(np.arange(800) + 0.5) / 20))
    assert found.days.mean(axis=0)[20:] == pytest.approx(filled[20:], rel=0.25)
    assert found.suggestion is not None
    assert 30 <= found.suggestion <= 200
    assert f"after {found.suggestion} days" in found.verdict
    assert "warm-up of 10.5 days is too short" in found.verdict
    longer = fs.simulate(fs.Scenario.from_text(BUYERS.format(days=800, warmup="200 d", rate=5)), replications=5)
    assert "is long enough" in fs.suggest_warmup(longer).verdict
    assert fs.suggest_warmup(longer).days == pytest.approx(found.days)  # a warm-up moves nothing


def test_pictures_are_drawn() -> None:
    found = fs.suggest_warmup(
        fs.simulate(fs.Scenario.from_text(BUYERS.format(days=300, warmup="10 d", rate=1)), replications=3)
    )
    for figure in (found.plot.mser(), found.plot.welch(), found.plot.welch(window=3)):
        figure.canvas.draw()
    assert found._repr_html_().startswith("<p>The leads in the line")
    growing = fs.Scenario.from_text(BUYERS.format(days=300, warmup="10 d", rate=1)).change(
        {"stages.think.decision": "900 d"}
    )
    assert "no warm-up can be suggested" in fs.suggest_warmup(fs.simulate(growing, replications=3)).verdict


def test_two_replications_cannot_tell() -> None:
    result = fs.simulate(fs.Scenario.from_text(BUYERS.format(days=300, warmup="10 d", rate=1)), replications=2)
    found = fs.suggest_warmup(result)
    assert found.suggestion is None
    assert found.verdict.startswith("2 replications are too few to tell how long a warm-up should be")
