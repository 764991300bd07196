"""Diagnosis: the limit of lines in which it is known, the five steps, and what is shown."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.diagnosis import candidates, laboratory, throughput
from funnelsim.experiments.diagnosis.result import Diagnosis, Focus
from funnelsim.experiments.diagnosis.throughput import line_end
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.results.estimates import mean_of
from funnelsim.results.measures.indicators import MONTH
from funnelsim.results.measures.summary import Summary
from funnelsim.views.sentences.one_story import by_gain


def line(callers: int = 2, closers: int = 2, leads: float = 10.0, **changes: Any) -> fs.Scenario:
    """Calls of 2 h and closings of 4 h by day and night: a caller can do 12 leads a day, a closer 6."""
    return fs.Scenario.from_dict(
        {
            "horizon": "80 d",
            "warmup": "10 d",
            "currency": "EUR",
            "segments": {"mid": {"value": 12_000}},
            "sources": {"web": {"rate": f"{leads} / d", "cost": 10}},
            "teams": {
                "callers": {"headcount": callers, "queue": "fifo", "cost": {"salary": "40_000 / y"}},
                "closers": {"headcount": closers, "queue": "lifo", "cost": {"salary": "60_000 / y"}},
            },
            "stages": {
                "call": {"team": "callers", "effort": "2 h"},
                "close": {"team": "closers", "effort": "4 h", "convert": 0.5},
            },
            **changes,
        }
    )


def diagnosed(scenario: fs.Scenario, **options: Any) -> Diagnosis:
    return fs.diagnose(scenario, replications=5, **{"equation": False, **options})


@pytest.fixture(scope="module")
def closers() -> Diagnosis:
    """Closers are overloaded (load 1.67), callers are not (.42)."""
    return fs.diagnose(line(closers=1), replications=5)


def test_a_team_is_the_limit(closers: Diagnosis) -> None:
    assert closers.limit == ("closers",)
    step = closers.steps.loc["identify"]
    assert step.loc["one more in closers", "verdict"] == "more"
    # Closed leads rise from 6 to 10 a day; half of them are won.
    assert step.loc["one more in closers", "through"] == pytest.approx((10 - 6) / 2 * 30.44, rel=0.15)
    assert step.loc["one more in callers", "verdict"] != "more"
    assert step.loc["10 % more leads", "verdict"] != "more"
    assert closers.teams.loc["closers", "limit_in_weeks"] == 1.0
    assert closers.teams.loc["closers", "needed"] == 2
    assert closers.words["identify"][0] == "Closers limits the line."
    assert "closers was the limit in 100 % of weeks" in closers.verdict


def test_one_story_with_a_run(closers: Diagnosis) -> None:
    """What a run says of queues stands beside what one more brings, and money is told a year."""
    result = fs.simulate(line(closers=1), replications=closers.replications, seed=closers.seed)
    by_growth = next(each for each in closers.words["identify"] if each.startswith("By growth of queues"))
    assert result.verdict.startswith(by_growth.split(": ", 1)[1])
    months = (result.model.horizon - result.model.warmup) / MONTH
    trial = closers.focus[0].trials[0]
    assert trial.money is not None
    leaf = trial.to_dict()["contribution_per_year"]
    assert leaf["mean"] == pytest.approx(trial.money.difference.mean * 12 / months)
    assert trial.booked is not None
    assert trial.to_dict()["bookings_per_year"]["unit"].endswith("/y")


def test_short_by_load_is_no_promise_of_gain(closers: Diagnosis) -> None:
    (short,) = [each for each in closers.staffing if each.team == "closers"]
    assert list(by_gain(closers, short)) == []
    idle = [replace(each, through=replace(each.through, verdict=Verdict.SAME)) for each in closers.focus[0].trials]
    (said,) = by_gain(SimpleNamespace(focus=(Focus("identify", tuple(idle)),)), short)  # type: ignore[arg-type]
    assert said.startswith("By gain one more does not surely bring more")


def test_gain_per_money(closers: Diagnosis) -> None:
    """Salary is 5,000 a month, so a gain of about 60 leads is 1,200 for each 100,000 spent."""
    step = closers.steps.loc[("identify", "one more in closers")]
    assert step["cost"] == pytest.approx(60_000 / 12, rel=1e-6)
    assert step["per_100000"] == pytest.approx(step["through"] / step["cost"] * 100_000)


def test_relieved_the_limit_moves(closers: Diagnosis) -> None:
    assert closers.after is not None
    assert closers.after.change == "1 more in closers" or closers.after.change == "2 more in closers"
    assert closers.after.limit.names == ("leads",)
    assert "moves to demand" in " ".join(closers.words["next"])


def test_steps_apply_to_the_limit(closers: Diagnosis) -> None:
    steps = closers.steps
    assert list(dict.fromkeys(steps.index.get_level_values("step"))) == [
        "identify", "exploit", "subordinate", "elevate", "next",
    ]  # fmt: skip
    assert any("closers takes leads by fifo" in name for name in steps.loc["exploit"].index)
    assert any(name.startswith("at most") for name in steps.loc["subordinate"].index)
    hired = steps.loc[("elevate", "one hired in closers on 2026-01-11")]
    assert hired["verdict"] == "more"


def test_demand_is_the_limit() -> None:
    found = diagnosed(line(callers=2, closers=3))
    assert found.limit == ("leads",)
    assert found.steps.loc[("identify", "10 % more leads"), "share"] == pytest.approx(0.1, abs=0.03)
    assert "No team is the limit" in found.words["subordinate"][0]
    assert list(found.words)[:5] == ["identify", "exploit", "subordinate", "elevate", "next"]
    assert found.after is not None
    assert found.after.limit.first in ("closers", "callers")


def test_busy_with_filler_is_no_limit() -> None:
    dials = {"team": "callers", "effort": "5 min", "yield": 0.002}
    found = diagnosed(line(closers=1, sources={"web": {"rate": "10 / d"}, "dials": dials}))
    assert found.limit == ("closers",)
    assert found.teams.loc["callers", "filler"] > 0.4
    assert any(text.startswith("Callers looks busy, but fills") for text in found.words["identify"])
    assert found.teams.loc["callers", "limit_in_weeks"] == 0.0


def test_where_filler_makes_leads_demand_is_the_limit() -> None:
    """One more caller makes more contacts and so more leads, but callers have hours left: demand is the limit."""
    dials = {"team": "callers", "effort": "30 min", "yield": 0.05}
    found = diagnosed(line(callers=1, closers=3, leads=5, sources={"web": {"rate": "5 / d"}, "dials": dials}))
    step = found.steps.loc["identify"]
    assert step.loc["one more in callers", "verdict"] == "more"
    assert found.limit == ("leads",)


def test_throughput_is_what_comes_out_at_the_end() -> None:
    """Who brings customers to use is the limit although no deal more is won by one more of them."""
    stages = {
        "close": {"team": "closers", "effort": "1 h", "books": True},
        "onboard": {"team": "callers", "effort": "3 h"},
    }
    found = diagnosed(line(callers=1, closers=1, leads=12, stages=stages))
    assert found.limit == ("callers",)
    assert line_end(found.base.model.spec) == "onboard"


def test_lines_that_end_in_different_places_count_deals() -> None:
    stages = {
        "call": {"team": "callers", "effort": "1 h", "books": True},
        "close": {"team": "closers", "effort": "1 h", "books": True},
    }
    assert line_end(line(stages=stages).spec) is None


def test_three_questions(closers: Diagnosis) -> None:
    assert closers.stages.loc["close", "least"] == pytest.approx(0.475)
    # Of 10 that come 6 are dealt with, and half of these are won.
    assert closers.stages.loc["close", "below"]
    assert "so it is waiting and not ability" in " ".join(closers.words["conversion"])
    assert "Closers: 1 short by load (offered " in " ".join(closers.words["people"])
    assert closers.equation is not None
    assert {bar.factor for bar in closers.equation.bars[:3]} == {"price", "win rate", "speed"}


def test_tolerance() -> None:
    found = diagnosed(line(closers=3), tolerance={"close": 0.6})
    assert found.stages.loc["close", "below"]
    assert not diagnosed(line(closers=3), tolerance={"close": 0.4}).stages.loc["close", "below"]


def test_equation_knows_proportions() -> None:
    """Where nobody waits, revenue is proportional to price and win rate."""
    found = fs.tornado(line(callers=3, closers=6), kpi="bookings", replications=4)
    shares = found.table["share"]
    assert shares["price", "more"] == pytest.approx(0.1, abs=1e-9)
    assert shares["price", "less"] == pytest.approx(-0.1, abs=1e-9)
    assert shares["win rate", "more"] == pytest.approx(0.1, abs=0.03)
    assert shares["volume", "more"] == pytest.approx(0.1, abs=0.06)
    assert abs(shares["speed", "more"]) < 0.01
    assert "churn" not in found.table.index
    assert json.loads(found.to_json())["factors"]["price"]["more"]["verdict"] == "more"


def test_the_same_seed_gives_the_same(closers: Diagnosis) -> None:
    again = fs.diagnose(line(closers=1), replications=5)
    assert again.to_json() == closers.to_json()


def test_document_and_notebook(closers: Diagnosis) -> None:
    document = json.loads(closers.to_json())
    assert document["limit"]["names"] == ["closers"]
    assert document["limit"]["weeks"]["closers"] == 1.0
    assert document["steps"]["identify"][0]["change"] == {"teams.closers.headcount": {"add": 1}}
    page = closers._repr_html_()
    assert "<img" in page
    assert "<b>1. Where is the limit?</b><br>Closers limits the line.<br>" in page
    assert ">NaN<" not in page
    assert closers.plot.tornado() is not None
    assert "limited by closers; seed 1" in repr(closers)


def test_what_saves_money_is_told() -> None:
    """Callers cost more than closers do, so that one of them who is moved brings more and costs less."""
    teams = {
        "callers": {"headcount": 4, "queue": "fifo", "cost": {"salary": "60_000 / y"}},
        "closers": {"headcount": 1, "queue": "lifo", "cost": {"salary": "40_000 / y"}},
    }
    said = " ".join(diagnosed(line(teams=teams)).words["elevate"])
    assert "; one moved from callers to closers on 2026-01-11 brings +" in said
    assert "a month." in said


def test_gates_only_where_the_score_tells_anything() -> None:
    plain = candidates.exploit(line(), "closers")
    telling = candidates.exploit(line(defaults={"stages": {"quality_weight": 1.0}}), "closers")
    assert not [each for each in plain if "score" in each.name]
    assert [each.change["stages.close.accept"] for each in telling if "score" in each.name] == [
        {"score_at_least": score} for score in candidates.GATES
    ]


def test_hired_after_the_warm_up_on_top_of_dated_steps() -> None:
    scenario = line()
    teams = scenario.change({"teams.closers.headcount": {"set": {"2026-01-01": 2, "2026-02-01": 4}}})
    one = candidates.elevate(teams, "closers", summary_of(teams))[0]
    steps = one.scenario.spec.teams["closers"].headcount.steps
    assert [(str(date), count) for date, count in steps] == [
        ("2026-01-01", 2), ("2026-01-11", 3), ("2026-02-01", 5),
    ]  # fmt: skip


def summary_of(scenario: fs.Scenario) -> Summary:
    return fs.simulate(scenario, replications=2).summary


def elevated(scenario: fs.Scenario) -> dict[str, candidates.Candidate]:
    return {each.name: each for each in candidates.elevate(scenario, "closers", summary_of(scenario))}


def test_one_is_moved_from_a_team_with_hours_to_spare() -> None:
    """Of four callers three are enough (load .56), and one becomes a closer on the first day that counts."""
    moved = elevated(line(callers=4, closers=1))["one moved from callers to closers on 2026-01-11"]
    teams = moved.scenario.spec.teams
    assert [(str(date), count) for date, count in teams["callers"].headcount.steps[1:]] == [("2026-01-11", 3)]
    assert [(str(date), count) for date, count in teams["closers"].headcount.steps[1:]] == [("2026-01-11", 2)]


def test_nobody_is_moved_from_a_team_that_needs_its_people() -> None:
    assert not [name for name in elevated(line(callers=1, closers=1)) if "moved" in name]
    # Two callers for 10 leads a day are loaded .42, and one would be .83.
    assert [name for name in elevated(line(callers=2, closers=1)) if "moved" in name]
    assert not [name for name in elevated(line(callers=2, closers=1, leads=11)) if "moved" in name]


def test_training_betters_the_odds_or_the_speed() -> None:
    found = elevated(line(closers=1))
    assert found["closers works 10 % faster (speed)"].scenario.spec.teams["closers"].speed.mean == 1.1
    skilled = found["odds of each step 10 % better in closers (skill)"].scenario.spec.teams["closers"].skill.mean
    assert skilled == pytest.approx(math.log(1.1))


def test_training_of_people_listed_one_by_one_is_left_out() -> None:
    listed = line(closers=1).change({"teams.closers.skill": [0.2], "teams.closers.speed": [1.2]})
    assert not [name for name in elevated(listed) if "odds" in name or "faster" in name]
    sure = line(closers=1).change({"stages.close.convert": 1})
    assert not [name for name in elevated(sure) if "odds" in name]


def test_elevating_gains_what_arithmetic_says(closers: Diagnosis) -> None:
    """The closer works all the time and wins half: of other leads when faster, of the same ones when better."""
    step = closers.steps.loc["elevate"]
    assert step.loc["closers works 10 % faster (speed)", "share"] == pytest.approx(0.1, abs=0.07)
    odds = 1.1 / 2.1 / 0.5 - 1
    assert step.loc["odds of each step 10 % better in closers (skill)", "share"] == pytest.approx(odds, abs=0.03)
    moved = step.loc["one moved from callers to closers on 2026-01-11"]
    assert moved["verdict"] == "more"
    # The caller who leaves is paid to the end of the touch in hand, of two hours at most.
    last_touch = 2 * 40_000 / 8766 / (70 / 30.4375)
    assert -1e-6 < moved["cost"] - (60_000 - 40_000) / 12 < last_touch


def test_changes_that_cannot_alter_the_answer_have_fewer_replications() -> None:
    found = fs.diagnose(line(closers=1), replications=10, equation=False)
    step = found.steps.loc["identify"]
    assert step.loc["one more in closers", "replications"] == 5  # known at the first look
    assert step.loc["one more in callers", "replications"] == 5  # callers have hours to spare
    assert found.replications == 10
    assert found.counted.startswith("5 to 10 replications")


def test_what_was_run_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base of all steps, and more leads, are the same scenario each time."""
    ran: list[tuple[str, int]] = []
    observe = laboratory.observe

    def counted(model: Any, seed: int, replication: int, *rest: Any, **options: Any) -> laboratory.Observation:
        ran.append((model.fingerprint, replication))
        return observe(model, seed, replication, *rest, **options)

    monkeypatch.setattr(laboratory, "observe", counted)
    found = fs.diagnose(line(callers=2, closers=3), replications=2, workers=1)
    assert found.limit == ("leads",)
    assert len(ran) == len(set(ran))


def test_threads_give_the_same(closers: Diagnosis) -> None:
    assert fs.diagnose(line(closers=1), replications=5, workers=1).to_json() == closers.to_json()


def test_processes_and_the_other_engine_give_the_same() -> None:
    short = line(closers=1, horizon="25 d", warmup="5 d")
    options: dict[str, Any] = {"replications": 2, "equation": False}
    here = fs.diagnose(short, workers=1, **options).to_dict()
    elsewhere = fs.diagnose(short, workers=2, engine="simpy", **options).to_dict()
    assert elsewhere.pop("engine") == "simpy"
    assert elsewhere == {key: each for key, each in here.items() if key != "engine"}


def test_interrupted_after_the_first_step() -> None:
    seen = 0

    def stop(done: float, planned: int) -> None:
        nonlocal seen
        seen += 1
        if done > 10:  # base and three changes, two replications each, are 8
            raise KeyboardInterrupt

    with pytest.raises(fs.DiagnosisInterrupted) as caught:
        fs.diagnose(line(closers=1), replications=2, progress=stop)
    assert seen > 0
    diagnosis = caught.value.diagnosis
    assert diagnosis is not None
    assert [focus.name for focus in diagnosis.focus] == ["identify"]
    assert "stopped by the user" in diagnosis.warnings[-1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"replications": 1}, "at least 2 replications"),
        ({"tolerance": {"closed": 0.5}}, "close"),
        ({"engine": "fast"}, "no engine"),
    ],
)
def test_mistakes(options: dict[str, Any], said: str) -> None:
    with pytest.raises(fs.FunnelsimError, match=said):
        fs.diagnose(line(), **options)


def test_nothing_to_change() -> None:
    scenario = fs.Scenario.from_dict(
        {"horizon": "2 d", "sources": {"web": {"bursts": [{"at": "1 h", "leads": 3}]}}, "stages": {"a": {}}}
    )
    with pytest.raises(fs.FunnelsimError, match="neither a team nor a source"):
        fs.diagnose(scenario, replications=2)


@pytest.mark.parametrize(("more", "price"), [(0.004, 0.0), (-0.004, 0.0), (5.0, 5.0), (-5.0, -5.0)])
def test_costs_that_hardly_differ_are_no_price_of_a_change(more: float, price: float) -> None:
    """Gains divided by next to nothing would be beyond measure."""

    def line(add: float) -> Any:
        costs = [1000.0 + add, 1002.0 + add, 998.0 + add]
        return SimpleNamespace(replications=3, estimate=lambda kpi, count=None: mean_of(costs, "USD", 1.0))

    assert throughput._dearer(line(more), line(0.0)) == pytest.approx(price)
