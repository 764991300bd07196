"""Diagnosis: the limit of lines in which it is known, the five steps, and what is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments import candidates
from funnelsim.experiments.diagnosis import Diagnosis
from funnelsim.experiments.throughput import line_end


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
    assert "Closers: 1 short (load" in " ".join(closers.words["people"])
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
    assert "Closers limits the line." in page
    assert closers.plot.tornado() is not None
    assert repr(closers).endswith("limited by closers>")


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
    one = candidates.elevate(teams, "closers")[0]
    steps = one.scenario.spec.teams["closers"].headcount.steps
    assert [(str(date), count) for date, count in steps] == [
        ("2026-01-01", 2), ("2026-01-11", 3), ("2026-02-01", 5),
    ]  # fmt: skip


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
