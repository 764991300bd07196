"""Words of a diagnosis and of a verdict fit the figures beside them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.comparison.judging import Finding
from funnelsim.experiments.diagnosis.three_questions import Staffing, Step
from funnelsim.experiments.diagnosis.throughput import Trial
from funnelsim.experiments.statistics.paired import Difference, Verdict
from funnelsim.results.estimates import Estimate
from funnelsim.views.sentences.diagnosis import _best, _nothing
from funnelsim.views.words import say


def _trial(mean: float, half: float, verdict: Verdict = Verdict.OPEN, runs: int = 2) -> Trial:
    """A change that brings so much of 10 leads a month, known to within ``half``."""
    base = Estimate(10.0, 9.0, 11.0, "leads/month")
    apart = Difference(mean, half / 12.7, runs, 10.0, "leads/month")  # Student's t of two replications
    return Trial(
        "x", {}, Finding("x", "through", base, base, apart, mean - half, mean + half, 0.1, verdict), None, 0
    )


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (_trial(0.1, 0.2), "and none more than 3.0 %"),
        (_trial(0.0, 0.05, Verdict.SAME), "by an amount that matters"),
        (_trial(0.2, 0.1, Verdict.MORE), "only a little more"),
    ],
)
def test_nothing_is_said_to_bring_more_only_where_intervals_hold_little(trial: Trial, said: str) -> None:
    why = _nothing([_trial(-0.5, 0.1, Verdict.LESS), trial])
    assert said in say(f"diagnosis.none.{why}", most="3.0 %")
    assert said in say(f"diagnosis.next.{why}", change="", who="", most="3.0 %")


def test_a_change_of_which_nothing_is_known_hides_behind_none_that_is_known() -> None:
    """One surely brings next to nothing, and the other nobody knows: nothing is said of both."""
    assert _nothing([_trial(0.05, 0.01, Verdict.SAME), _trial(0.1, 0.2)]) == "unsure"


@pytest.mark.parametrize("half", [0.5, 0.9, 0.99])
def test_little_is_told_where_the_interval_leaves_out_what_is_worth_while(half: float) -> None:
    focus: Any = SimpleNamespace(best=None, trials=(_trial(0.0, half),) * 2)
    assert not _trial(0.0, half).untold
    assert "none surely brings more" in _best(focus, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("half", [1.01, 3.0, 50.0])
def test_little_is_not_told_where_the_interval_holds_what_is_worth_while(half: float) -> None:
    focus: Any = SimpleNamespace(best=None, trials=(_trial(0.0, half),) * 2)
    assert "cannot be told with 2 replications; about" in _best(focus, None)  # type: ignore[arg-type]


def test_so_many_replications_as_are_said_to_be_needed_give_such_an_interval() -> None:
    trial = _trial(0.0, 20.0)
    needed = trial.needed
    assert needed is not None
    assert trial.through.difference.error is not None
    error = trial.through.difference.error * (2 / needed) ** 0.5
    _, high = Difference(0.0, error, needed, 10.0, "").student(0.05) or (0.0, 0.0)
    assert 0.95 < high <= 1.0


def test_a_step_converts_enough_only_where_its_interval_says_so() -> None:
    def step(low: float, high: float) -> Step:
        known = Estimate((low + high) / 2, low, high, "share")
        return Step("s", "s", known, 0.4, high < 0.4, known, 0.0)

    assert [step(*ends).untold for ends in ((0.3, 0.5), (0.41, 0.5), (0.3, 0.39))] == [True, False, False]


def test_people_are_short_or_to_spare_only_where_the_load_says_so() -> None:
    def team(low: float, high: float) -> Staffing:
        return Staffing("t", "t", 4.0, (low + high) / 2, 0.0, low, high)

    assert [team(*ends).untold for ends in ((0.4, 1.4), (0.9, 1.4), (0.2, 0.5))] == [True, False, False]


def test_two_replications_tell_no_limit() -> None:
    """A line near its limit: with two replications nobody knows what one more person brings."""
    text = (
        "name: x\nhorizon: 4 mo\nsources: {web: {rate: 3 / d}}\nteams: {desk: {headcount: 2, queue: fifo}}\n"
        "stages: {sell: {team: desk, effort: {dist: exponential, mean: 4 h}, convert: 30%}}\n"
    )
    found = fs.diagnose(fs.Scenario.from_text(text), replications=2, equation=False, engine="simpy")
    assert str(found.place.limit.certainty) == "not known"
    assert "cannot be told with 2 replications" in found.verdict
    for said in found.words.values():
        assert not any(text in " ".join(said) for text in ("nothing tried", "none surely", "limits the line."))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.6, 0.8, "Demand limits the line"),
        (
            0.2,
            1.2,
            "cannot be told with 5 replications: the load offered to desk is 70 % (95 % interval 20 % to 120 %)",
        ),
    ],
)
def test_demand_is_the_limit_only_where_the_load_is_known(low: float, high: float, said: str) -> None:
    from funnelsim.results.limiting import Evidence, Limit, limit
    from funnelsim.views.sentences.limiting import _limit

    none = Estimate(0.0, 0.0, 0.0, "")
    load = Estimate(0.7, low, high, "share", (0.1, -0.1, 0.2, -0.2, 0.0))
    model: Any = SimpleNamespace(spec=SimpleNamespace(limits=()))
    seen = Evidence("desk", "desk", load, none, none, none, none, none, grows=False, limits=False)
    found: Limit = limit([seen], None, model)  # type: ignore[arg-type]
    assert said in " ".join(_limit(found))


def test_work_that_waits_for_a_second_team_is_told_of_that_team() -> None:
    scenario = fs.Scenario.from_text(
        "name: x\nhorizon: 3 mo\nsources: {web: {rate: 5 / d}}\n"
        "teams: {sales: {headcount: 3, queue: fifo}, law: {headcount: 1, queue: fifo, label: 法務}}\n"
        "stages: {sign: {team: sales, with: law, effort: {dist: exponential, mean: 4 h}}}\n"
    )
    said = str(fs.simulate(scenario, replications=2, engine="simpy").verdict)
    assert "until sales and 法務 are free together; they are counted with sales, and wait for 法務 as well" in said
