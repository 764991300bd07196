"""A simulated firm, exported as a CRM would, comes back: the file, its numbers, its draws, and what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from calibration.exporting import export
from calibration.truths import CUT, RECORDED, firm
from funnelsim.calibration.cutting import cut
from funnelsim.calibration.fitting.fit import Fit, calibrate
from funnelsim.calibration.history import Deals, History, Visits

EFFORTS = {
    "effort": {"qualify": "75 min ± 20 %", "discover": "90 min", "propose": "150 min", "close": "2 h"},
    "selling_share": {"sdr": "0.6 ± 0.05", "ae": 0.6},
    "calendar": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]},
}


@pytest.fixture(scope="module")
def history() -> History:
    return export(firm(), start=RECORDED, end=CUT, seed=3, level=2)


@pytest.fixture(scope="module")
def fit(history: History) -> Fit:
    return calibrate(history, EFFORTS)


def test_the_file_is_a_scenario_that_says_how_each_number_is_known(fit: Fit) -> None:
    text = fit.written("firm.open.csv")
    assert text.startswith("# Calibrated by funnelsim")
    assert "level 2" in text
    assert "# assumed" in text
    assert fit.scenario.warnings == () or all("deal" in each for each in fit.scenario.warnings)
    spec = fit.scenario.spec
    assert list(spec.stages) == ["qualify", "discover", "propose", "close"]
    assert str(spec.start) == str(fit.history.date(CUT))
    assert spec.teams["sdr"].headcount.steps[0][1] == 6
    assert "timeout: 90 d" in text
    assert "expired" not in text  # a deadline that was found is no reason of a loss


def test_what_can_come_back_comes_back(fit: Fit) -> None:
    """Numbers without rep effects of one data set, each within its interval widened by half; all sets are slow."""
    truth = {
        "sources.event.rate": 70.0,
        "segments.small.value": 9000.0,
        "stages.qualify.decision.advanced": 4.0,
        "stages.qualify.decision.lost": 9.0,
        "stages.discover.decision.advanced": 8.0,
        "stages.propose.decision.advanced": 14.0,
        "stages.propose.decision.lost": 25.0,
        "stages.close.decision.advanced": 10.0,
        "stages.propose.timeout": 90.0,
    }
    found = {number.dotted: number for number in fit.numbers}
    for path, value in truth.items():
        number = found[path]
        assert number.estimate is not None
        half = 0.0 if number.low is None or number.high is None else (number.high - number.low) / 2
        assert abs(number.estimate - value) <= max(1.6 * half, 0.02 * value), path


def test_the_same_data_give_the_same_bytes(history: History, fit: Fit) -> None:
    again = calibrate(history, EFFORTS)
    assert again.text == fit.text
    assert again.draws_text(5) == fit.draws_text(5)


def test_draws_are_changes_that_can_be_laid_over(fit: Fit) -> None:
    draws = fit.draws(12)
    assert len(draws) == 12
    rates = []
    for fragment in draws:
        spec = fit.scenario.change(fragment).spec
        rates.append(spec.sources["event"].rate.amount)  # type: ignore[union-attr]
    number = next(each for each in fit.numbers if each.dotted == "sources.event.rate")
    assert number.low is not None
    assert number.high is not None
    assert np.std(rates) == pytest.approx((number.high - number.low) / 3.92, rel=0.6)
    assert {"stages.qualify.effort", "teams.sdr.selling_share", "teams.sdr.skill"} <= set(draws[0])
    assert fit.draws(3) == draws[:3]


def test_nothing_after_a_cut_is_known(history: History) -> None:
    day = 700.0
    then = cut(history, day)
    assert then.as_of == day
    for column in (
        then.visits.entered,
        then.visits.left,
        then.visits.first_touch,
        then.deals.created,
        then.deals.closed,
    ):
        assert not (column >= day).any()
    later = replace(
        history,
        visits=history.visits.where(history.visits.entered < day),
        as_of=history.as_of,
    )
    assert len(then.visits) == len(later.visits)
    assert (then.deals.outcome[np.isnan(then.deals.closed)] == -1).all()
    assert "recorded_later" in {finding.code for finding in then.findings}


def test_without_assumptions_what_a_crm_does_not_know_is_a_guess(history: History) -> None:
    made = calibrate(history)
    guesses = {number.dotted for number in made.numbers if number.known == "default"}
    assert {"stages.propose.effort", "teams.ae.selling_share", "teams.ae.queue", "calendars.office"} <= guesses
    assert made.text.count("GUESS") >= len(guesses)


@pytest.mark.parametrize(
    ("assume", "said"),
    [
        ({"effort": {"proposal": "2 h"}}, "unknown stage 'proposal'"),
        ({"selling_share": {"fs": 0.4}}, "unknown team 'fs'"),
        ({"selling_share": {"ae": 0.4}, "utilisation": {"ae": 0.8}}, "leave one of them out"),
        ({"effort": {"propose": "2 h ± 3 h"}}, "below the value itself"),
        ({"efforts": {}}, "unknown key 'efforts'"),
    ],
)
def test_assumptions_that_fit_nothing_are_refused(history: History, assume: dict[str, Any], said: str) -> None:
    with pytest.raises(fs.ScenarioError, match=said):
        calibrate(history, assume)


def test_too_little_is_refused(history: History) -> None:
    with pytest.raises(fs.FunnelsimError, match="30 deals are needed"):
        calibrate(cut(history, 0.3))


def test_an_overloaded_team_is_told(history: History) -> None:
    made = calibrate(history, {"effort": {"propose": "20 h"}})
    finding = next(each for each in made.findings if each.code == "overload")
    assert "ae" in finding.words
    assert "selling share is raised" in finding.words


def test_names_that_a_scenario_may_not_have_are_changed(history: History) -> None:
    odd = replace(
        history,
        sources=("web", "small.new"),
        reasons=tuple("churned" if x == "competitor" else x for x in history.reasons),
    )
    made = calibrate(odd, EFFORTS)
    assert "small_new" in made.scenario.spec.sources
    assert "churned (reason)" in made.text


def test_days_are_dates_texts_or_numbers(fit: Fit) -> None:
    history = fit.history
    day = history.date(700.0)
    by_date, by_text = (
        calibrate(history, EFFORTS, as_of=each, since="2024-09-01") for each in (day, day.isoformat())
    )
    assert by_date.text == by_text.text == calibrate(history, EFFORTS, as_of=701.0, since=244.0).text
    with pytest.raises(fs.FunnelsimError, match="expected a date"):
        calibrate(history, EFFORTS, as_of="spring")
    with pytest.raises(fs.FunnelsimError, match="nothing lies between"):
        calibrate(history, EFFORTS, as_of=day, since="2027-01-01")


def test_open_deals_that_never_end_are_set_aside() -> None:
    """Times in two heaps that no law fits; half of the deals end, and those who do not are open for ever."""
    rng = np.random.default_rng(4)
    n, end = 1200, 400.0
    created = np.sort(rng.uniform(0, 380, n))
    heap = rng.random(n) < 0.5
    took = np.where(heap, rng.uniform(1, 4, n), rng.uniform(60, 64, n))
    dead = rng.random(n) < 0.3
    closed = np.where(dead | (created + took >= end), np.nan, created + took)
    won = rng.random(n) < 0.6
    history = one_stage(created, closed, won, end)
    made = calibrate(history)
    finding = next(each for each in made.findings if each.code == "stuck")
    alive = int((~dead & np.isnan(closed)).sum())
    assert abs(made.open_deals.deals - alive) < 0.1 * dead.sum()
    assert finding.rows == int(np.isnan(closed).sum()) - made.open_deals.deals
    assert "Set aside as dead" in finding.words
    calm = one_stage(created[~dead], closed[~dead], won[~dead], end)
    assert not [each for each in calibrate(calm).findings if each.code == "stuck"]


def one_stage(created: Any, closed: Any, won: Any, end: float) -> History:
    """A history of one row a deal."""
    n = len(created)
    none, nothing = np.full(n, -1), np.full(n, np.nan)
    open_ = np.isnan(closed)
    outcome = np.where(open_, -1, np.where(won, 1, 0))
    visits = Visits(
        deal=np.arange(n), stage=np.zeros(n, int), owner=none, entered=created, left=closed, outcome=outcome,
        destination=none, reason=none, first_touch=nothing, last_touch=nothing, touches=none, minutes=nothing,
    )  # fmt: skip
    deals = Deals(
        created=created, closed=closed, outcome=outcome, source=none, segment=none, territory=none, owner=none,
        amount=nothing, reason=none, account=none, recorded=nothing,
    )  # fmt: skip
    return History(visits, deals, stages=("deal",), origin=dt.date(2024, 1, 1), start=0.0, as_of=end, level=0)


def test_stages_that_other_people_work_are_told_where_no_team_is_recorded(history: History) -> None:
    nobody = replace(history, teams=(), stage_team=(), owner_team=())
    finding = next(each for each in calibrate(nobody).findings if each.code == "one_team")
    assert "qualify by" in finding.words
    assert "discover and propose and close by" in finding.words
    assert '"qualify": {team: team_1}, "discover": {team: team_2}' in finding.remedy
    assert not [each for each in calibrate(history, EFFORTS).findings if each.code == "one_team"]
    same = replace(nobody, visits=replace(nobody.visits, owner=nobody.visits.owner % 3))
    assert not [each for each in calibrate(same).findings if each.code == "one_team"]
