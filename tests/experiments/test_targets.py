"""Targets of runs, and runs that end on a day."""

from __future__ import annotations

import datetime as dt

import pytest

import funnelsim as fs
from funnelsim.engine.simpy_engine.own.seen import RepView, WorkView
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.running.arms import Arm, tallied
from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.experiments.study.question import targets_of
from funnelsim.experiments.targets.looking import OutlookInterrupted, outlooks
from funnelsim.experiments.targets.until import until
from funnelsim.model.compile import compile_model
from funnelsim.scenario.reading.library import template

LINE = """
name: A line with phases
start: 2026-01-15
horizon: 8 mo
warmup: 1 mo
currency: EUR
calendars: {office: {days: mon-fri, hours: ["09:00-17:00"]}}
segments: {all: {value: {dist: lognormal, median: 1_000, sigma: 0.6}}}
sources: {web: {rate: 60 / mo, growth: 0.2, dispersion: 2, bursts: [{at: 2026-07-20, leads: 30, over: 5 d}]}}
teams:
  desk: {headcount: {2026-01-15: 2, 2026-06-10: 3}, calendar: office, queue: fifo, attrition: 0.5,
         absence: {days: 20}, cost: {salary: 60_000 / y}, quota: {amount: 30_000, period: quarter}}
stages:
  talk: {team: desk, effort: {dist: exponential, mean: 3 h}, convert: 0.5}
  close: {team: desk, effort: 1 h, decision: {dist: lognormal, median: 5 d, sigma: 0.7}, convert: 0.6, books: true}
customers: {team: desk, churn: 0.02 / mo, care: {every: 1 mo, effort: 30 min}, expansion: {rate: 1 / y, to: talk}}
phases:
  - {from: 2026-04-01, change: {stages.talk.convert: 0.7}}
  - {from: 2026-08-01, change: {stages.talk.convert: 0.2, gross_margin: 0.5}}
"""
LAST = dt.date(2026, 7, 10)
DAYS = (LAST - dt.date(2026, 1, 15)).days + 1


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_run_to_a_day_is_the_run_of_a_scenario_that_ends_with_it(engine: str) -> None:
    scenario = fs.Scenario.from_text(LINE)
    shorter = LINE.replace("horizon: 8 mo", f"horizon: {DAYS} d").replace(
        LINE[LINE.index("  - {from: 2026-08") :], ""
    )
    whole = compile_model(fs.Scenario.from_text(shorter))
    cut = until(compile_model(scenario), LAST)
    for replication in range(2):
        assert tallied(cut, 5, replication, engine) == tallied(whole, 5, replication, engine)


def test_a_target_by_a_day_counts_what_was_booked_until_its_end() -> None:
    result = fs.simulate(fs.Scenario.from_text(LINE), replications=12, seed=3)
    leads = result.records("leads", dates=True)
    counts = (leads.outcome == "won") & (leads.ended >= "2026-02-15") & (leads.ended < str(LAST + dt.timedelta(1)))
    booked = leads[counts].groupby("replication").booked.sum().reindex(range(12), fill_value=0)
    goal = float(booked.median())
    found = result.target("bookings", goal, by=str(LAST))
    assert sorted(found.arm.figures("bookings")) == pytest.approx(sorted(booked))  # type: ignore[type-var]
    assert found.hits == (booked >= goal).sum()
    assert found.shortfall == pytest.approx((goal - booked[booked < goal]).mean())
    assert (found.first, found.last) == (dt.date(2026, 2, 15), LAST)
    assert result.target("bookings", goal).hits >= found.hits


def test_the_last_day_of_the_run_needs_no_other_run() -> None:
    result = fs.simulate(fs.Scenario.from_text(LINE), replications=2)
    last = result.target("won", 1, by="2026-09-14")
    assert last.arm.model is result.model
    assert last.to_dict() == result.target("won", 1).to_dict()


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("2026-02-14", "lies in the warm-up, which counts for nothing; take a day from 2026-02-15 to 2026-09-14"),
        ("2026-09-15", "the run ends on 2026-09-14"),
        ("2027-02-29", "there is no such day in the calendar"),
        ("March", "found no date; write it as 2027-03-31"),
    ],
)
def test_days_that_do_not_count(by: str, said: str) -> None:
    scenario = fs.Scenario.from_text(LINE)
    result = fs.simulate(scenario, replications=1)
    with pytest.raises(FunnelsimError, match=said):
        result.target("won", 10, by=by)
    with pytest.raises(FunnelsimError, match=said):
        fs.compare({"one": scenario, "two": scenario}, targets={"won": 10}, until=by, replications=2)


def test_a_comparison_has_its_targets_by_a_day() -> None:
    scenario = fs.Scenario.from_text(LINE)
    arms = {"one": scenario, "two": scenario.change({"teams.desk.headcount": {"add": 1}})}
    found = fs.compare(arms, kpis=["won"], targets={"bookings": "20k EUR"}, until=LAST, replications=10)
    for each, (name, arm) in zip(found.reached, arms.items(), strict=True):
        alone = fs.simulate(arm, replications=10).target("bookings", 20_000, by=LAST)
        assert each.to_dict() == {**alone.to_dict(), "arm": name}
    assert list(found.targets.columns)[:5] == ["probability", "low", "high", "runs", "misses"]
    with pytest.raises(FunnelsimError, match="`until` is the day by which `targets`"):
        fs.compare(arms, until=LAST)


def test_runs_with_hooks_cannot_be_made_again() -> None:
    class Last(fs.QueueRule):
        def key(self, work: WorkView, rep: RepView, now: float) -> float:
            return -work.ready

    result = fs.simulate(fs.Scenario.from_text(LINE), replications=1, hooks=[Last()])
    assert result.target("won", 1).runs == 1
    with pytest.raises(FunnelsimError, match="as they were made with hooks"):
        result.target("won", 1, by=LAST)


def test_what_was_done_is_kept_when_it_is_stopped() -> None:
    result = fs.simulate(fs.Scenario.from_text(LINE), replications=3)
    sampling = Sampling(1, progress=lambda done, planned: done < 2)
    with pytest.raises(OutlookInterrupted) as stopped:
        outlooks(result, [("won", 1)], LAST, sampling)
    assert stopped.value.outlooks is not None
    assert stopped.value.outlooks[0].runs == stopped.value.done < 3


@pytest.mark.parametrize(
    ("kpi", "wish", "said"),
    [
        ("cost", "1000", "cost: a target has no meaning on this line: nothing costs anything here"),
        ("cac", ">= 1", "nothing costs anything here"),
        ("bookings_per_year", 1000.0, "nothing has a price here"),
        ("contribution", ">= -5", "nothing has a price or costs anything here"),
        (
            "conversion",
            "150 %",
            "conversion: a target of 150 % is beyond what it can be: it is between 0 and",
        ),
        ("won", ">= -5", "won: a target of -5 is beyond what it can be: it is not below 0"),
    ],
)
def test_targets_that_no_run_can_miss_or_reach(kpi: str, wish: str | float, said: str) -> None:
    """On a line without prices and costs; figures that may be below 0 or above 100 % keep their targets."""
    model = compile_model(fs.load(template("one_desk")))
    with pytest.raises(FunnelsimError, match=said):
        targets_of(Arm("", model, ()), [(kpi, wish)])
    targets_of(
        Arm("", compile_model(fs.load(template("mid_market"))), ()),
        [("contribution", "-5"), ("nrr", "150 %"), ("cost", "5")],
    )


def test_the_best_case_is_on_the_side_that_the_target_asks_for() -> None:
    result = fs.simulate(fs.Scenario.from_text(LINE), replications=12)
    least, most, plain = (result.target("won", wish) for wish in ("<= 5", ">= 5", 5))
    assert least.reach.best is not None
    assert least.reach.worst is not None
    assert least.reach.best < least.reach.worst
    assert (most.reach.best, most.reach.worst) == (least.reach.worst, least.reach.best)
    assert (plain.reach.best, plain.reach.worst) == (most.reach.best, most.reach.worst)
