"""The marketplace of 2018: a simulated year against the published figures.

Simulated means are compared by z = (mean - published) / standard error over replications. A bound on the standard
error goes with each, so that a run too short to tell anything does not pass.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import norm

import funnelsim as fs

REPLICATIONS = 16
SCRIPT = Path(__file__).parents[2] / "docs" / "pictures" / "marketplace.py"


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("marketplace", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


published = _module()


@pytest.fixture(scope="module")
def result() -> fs.Result:
    return fs.simulate(fs.load(published.SCENARIO), replications=REPLICATIONS, seed=2018)


@pytest.fixture(scope="module")
def found(result: fs.Result):
    return published.measure(result)


def error(values: np.ndarray) -> np.ndarray:
    """Standard error of the mean over replications."""
    return values.std(axis=0, ddof=1) / np.sqrt(len(values))


def agree(values: np.ndarray, truth: np.ndarray, precision: float) -> None:
    """The mean is that of the figures, by chance, and known well enough to say so."""
    z = (values.mean(axis=0) - truth) / error(values)
    assert np.all(error(values) <= precision * truth), error(values) / truth
    assert np.all(np.abs(z) <= 4), z


def test_leads_per_month(found) -> None:
    agree(found.monthly, np.array(list(published.MONTHS.values())), precision=0.03)


def test_leads_per_weekday(found) -> None:
    agree(found.by_weekday, np.array(list(published.WEEKDAYS.values())), precision=0.04)


def test_leads_scatter_from_day_to_day_as_they_did(found) -> None:
    agree(found.dispersion, np.array(published.DISPERSION), precision=0.06)


def test_the_sources_are_in_the_published_proportions() -> None:
    sources = fs.load(published.SCENARIO).spec.sources
    rates = {name: sources[name].rate.amount for name in published.ORIGINS}
    total = sum(source.rate.amount for source in sources.values())
    for name, (_, leads) in published.ORIGINS.items():
        assert rates[name] / total == pytest.approx(leads / 8000, abs=2e-4), name  # rates are whole numbers


def test_share_won(found) -> None:
    agree(found.won["all"], np.array(published.WON), precision=0.02)


@pytest.mark.parametrize("origin", published.ORIGINS)
def test_share_won_by_origin(found, origin: str) -> None:
    """The odds are those of the longer window times the factor that the scenario names."""
    share, _ = published.ORIGINS[origin]
    odds = published.ODDS * share / (1 - share)
    agree(found.won[origin], np.array(odds / (1 + odds)), precision=0.12)


def test_one_factor_on_the_odds_reconciles_the_two_windows() -> None:
    shares, leads = np.array(list(published.ORIGINS.values())).T
    rest = 8000 - leads.sum()  # leads of origins that are not published: taken to be like the average
    longer = np.append(shares, shares @ leads / leads.sum())
    weights = np.append(leads, rest) / 8000
    assert longer @ weights == pytest.approx(0.106, abs=5e-4)
    odds = published.ODDS * longer / (1 - longer)
    assert (odds / (1 + odds)) @ weights == pytest.approx(published.WON, abs=5e-4)


def test_deals_take_the_lognormal_time(result: fs.Result) -> None:
    """The buyer's time of the deals won, against its distribution function: the engine does what the file says."""
    visits = result.records("visits")
    entered = visits[visits["stage"] == "close"]
    # Deals that were passed on with at least 120 days to go before the end of the year are all seen that long.
    early = entered[entered["first_touch"] <= (365 - 120) * 24]
    days = np.array(list(published.CLOSED))
    decided = early["left"].notna() & (early["buyer"] <= 120 * 24)
    share = np.array([(early["buyer"].where(decided) <= day * 24).mean() for day in days])
    truth = norm.cdf(np.log(days / 14.3) / 1.45)
    z = (share - truth) / np.sqrt(truth * (1 - truth) / len(early))
    assert len(early) > 30_000
    assert np.all(np.abs(z) <= 4), z


def test_closing_curve(found) -> None:
    """Within the sampling error of the 780 wins that were seen; the lognormal gives no more.

    The largest distance is that at day 90, about 2.5 standard errors.
    """
    truth = np.array(list(published.CLOSED.values()))
    chance = np.sqrt(truth * (1 - truth) / published.WINS)
    z = (found.closed.mean(axis=0) - truth) / chance
    assert np.all(error(found.closed) <= chance / 2)
    assert np.all(np.abs(z) <= 3), z


def test_how_far_the_lognormal_is_from_the_published_curve() -> None:
    """As the scenario says: 3 points below by day 14, 3 above by day 90, at most 2.5 standard errors."""
    days, truth = np.array(list(published.CLOSED)), np.array(list(published.CLOSED.values()))
    away = norm.cdf(np.log(days / 14.3) / 1.45) - truth
    assert away.min() == pytest.approx(-0.032, abs=5e-4)
    assert away.max() == pytest.approx(0.030, abs=5e-4)
    assert np.max(np.abs(away) / np.sqrt(truth * (1 - truth) / published.WINS)) == pytest.approx(2.5, abs=0.06)


def test_wins_per_rep_and_week(found) -> None:
    """2.3 to 2.6, when the year's wins are spread over the whole year."""
    reps = fs.load(published.SCENARIO).spec.teams["sales_reps"].headcount.first
    weekly = found.wins / reps / (365.25 / 7)
    assert error(weekly) <= 0.05
    assert 2.3 <= weekly.mean() <= 2.6
