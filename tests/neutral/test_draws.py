"""A draw is keyed by who and what for: changes elsewhere leave every lead what it drew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import funnelsim as fs

from .line import KEY, LINE, assert_same, assert_same_draws, changed, run, scenario


@pytest.fixture(scope="module")
def plain() -> Any:
    return run(scenario())


ELSEWHERE: dict[str, dict[str, Any]] = {
    "a rep more inside": {"teams.inside.headcount": {"add": 1}},
    "a rep more in the field": {"teams.field.headcount": {"add": 1}},
    "another order of work": {"teams.inside.queue": "lifo", "teams.field.queue": "random"},
    "office hours": {
        "calendars": {"office": {"days": "mon-fri", "hours": ["09:00-12:00", "13:00-18:00"]}},
        "teams.inside.calendar": "office",
    },
    "any rep": {"stages.each.continuity": "any_rep"},
    "pushed leads": {"teams.each.assign": "on_arrival"},
    "a source more": {"sources.mail": {"rate": "3 / d"}},
    "a limit": {"limits": [{"stages": ["demo", "close"], "wip": 6}]},
    "a handoff": {"stages.demo.handoff": {"delay": "2 d", "give": "30 min", "take": "15 min"}},
}


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_change_elsewhere_leaves_the_draws(plain: Any, change: dict[str, Any]) -> None:
    if "stages.demo.handoff" in change:  # its own efforts are part of the work at that stage
        change = {"stages.demo.handoff": {"delay": "2 d"}}
    other = run(changed(change))
    with pytest.raises(AssertionError):
        assert_same(plain, other)
    assert_same_draws(plain, other)


def test_inserted_stage_leaves_the_draws(plain: Any) -> None:
    inserted = "  assess: {team: field, effort: {dist: exponential, mean: 1 h}}\n  demo:\n"
    assert_same_draws(plain, run(scenario(LINE.replace("  demo:\n", inserted))))


def test_burst_leaves_the_draws(plain: Any) -> None:
    burst = {"sources.web.bursts": [{"at": "2026-04-20", "leads": 200, "over": "3 d"}]}
    other = run(changed(burst))
    before, after = plain.records("leads"), other.records("leads")
    counts = after.groupby("replication").size() - before.groupby("replication").size()
    assert (counts == 200).all()
    assert before.set_index(KEY).index.isin(after.set_index(KEY).index).all()
    assert_same_draws(plain, other)


def test_longer_horizon_leaves_the_past(plain: Any) -> None:
    longer = run(scenario(LINE.replace("horizon: 60 d", "horizon: 100 d")))
    assert_same_draws(plain, longer)
    ended = [r.records("visits") for r in (plain, longer)]
    past, future = (v[v["left"] < 60 * 24.0].reset_index(drop=True) for v in ended)
    assert len(past) > 1000
    pd.testing.assert_frame_equal(past, future, check_exact=True)


def test_replications_differ(plain: Any) -> None:
    """All leads of two replications share no draw, and neither do two seeds."""
    leads, other = plain.records("leads"), run(scenario(), seed=2).records("leads")
    numbers = sorted(leads["replication"].unique())
    samples = [leads[leads["replication"] == numbers[0]], leads[leads["replication"] == numbers[1]], other]
    for column in ("created", "quality"):
        for k, one in enumerate(samples):
            for two in samples[k + 1 :]:
                assert not set(one[column]) & set(two[column])


def test_touches_of_twenty_minutes_end_at_closing() -> None:
    """With more work than hours, 24 touches fill each working day, and none is cut by closing."""
    result = run(
        scenario("""
funnelsim: 1
start: 2026-04-06
horizon: 52 d
calendars: {office: {days: mon-fri, hours: ["09:00-12:00", "13:00-18:00"]}}
sources: {web: {rate: 3 / h}}
teams: {desk: {headcount: 1, queue: fifo, calendar: office}}
stages:
  call: {team: desk, continuity: any_rep, effort: 20 min}
""")
    )
    visits = result.records("visits")
    done = visits[visits["left"].notna()]
    assert (done["paused"] == 0).all()
    assert (done["left"] - done["first_touch"]).to_numpy() == pytest.approx(1 / 3, abs=1e-6)
    ends, days = done["left"] % 24, done["left"] // 24
    assert ((ends > 9) & (ends <= 12) | (ends > 13) & (ends <= 18)).all()
    full = done[days % 7 < 5].groupby(["replication", "left"]).size()
    assert (full == 1).all()
    minutes = set(np.round(ends * 60).astype(int))
    assert minutes == {*range(9 * 60 + 20, 12 * 60 + 1, 20), *range(13 * 60 + 20, 18 * 60 + 1, 20)}
    weekdays = done.assign(day=days)[days > 0].groupby(["replication", "day"]).size()
    assert (weekdays == 24).all()  # from the second day on there is always a lead waiting


def test_quality_does_not_move_the_entered_rates() -> None:
    """Four stages with a quality weight of 1.2: better leads survive, yet each stage converts as entered."""
    rates = {"screen": 0.5, "meet": 0.4, "propose": 0.6, "close": 0.3}
    stages = "\n".join(f"  {name}: {{convert: {rate}, quality_weight: 1.2}}" for name, rate in rates.items())
    text = f"funnelsim: 1\nhorizon: 12 d\nsources: {{web: {{rate: 5 / h}}}}\nstages:\n{stages}\n"
    assert_entered_rates(text, rates)


def test_quality_with_a_gate_and_two_sources_does_not_move_the_entered_rates() -> None:
    """The solving knows that sources differ and that a gate on the score selects."""
    rates = {"screen": 0.5, "meet": 0.4, "propose": 0.6, "close": 0.3}
    stages = "\n".join(f"  {name}: {{convert: {rate}, quality_weight: 1.2}}" for name, rate in rates.items())
    stages = stages.replace("meet: {", "meet: {accept: {score_at_least: -0.3}, ")
    sources = "{web: {rate: 4 / h, quality: -0.2}, partner: {rate: 2 / h, quality: 0.7}}"
    text = f"funnelsim: 1\nhorizon: 16 d\nscore_accuracy: 0.6\nsources: {sources}\nstages:\n{stages}\n"
    assert_entered_rates(text, rates)


def assert_entered_rates(text: str, rates: dict[str, float]) -> None:
    result = fs.simulate(fs.Scenario.from_text(text), replications=40, seed=1)
    visits = result.records("visits")
    for name, rate in rates.items():
        reached = visits[(visits["stage"] == name) & (visits["outcome"] != "rejected")]
        advanced = (reached["outcome"] == "advanced") | (reached["outcome"] == "won")
        error = np.sqrt(rate * (1 - rate) / len(reached))
        assert error <= 0.02 * rate
        assert abs(advanced.mean() - rate) <= 4 * error, (name, advanced.mean(), rate, error)
