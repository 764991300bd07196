"""A concession's effect written as a factor on the wins, which stands for the odds that make it."""

from __future__ import annotations

import math
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model

LINE = """\
funnelsim: 1
horizon: 1 y
segments: {small: {share: 0.5}, big: {share: 0.5}}
sources: {web: {rate: 40 / d}}
teams: {desk: {headcount: 50, queue: fifo}}
stages:
  sell:
    team: desk
    effort: 1 min
    convert: {big: 0.2, else: 0.5}
    concessions: {discount: {share: 1, discount: 0.1}}
"""
SCENARIO = fs.Scenario.from_text(LINE)
WIN = "stages.sell.concessions.discount.win"
ODDS = "stages.sell.concessions.discount.odds"


def odds(scenario: fs.Scenario) -> list[float]:
    return [math.exp(one) for one in compile_model(scenario).tables.stages.discount.odds]


@pytest.mark.parametrize("written", [1.2, "120 %", {"multiply": 1.2}])
def test_it_is_the_odds_that_make_so_many_wins(written: Any) -> None:
    text = LINE.replace("discount: 0.1", f"discount: 0.1, win: {str(written).replace(chr(39), '')}")
    for made in (SCENARIO.change({WIN: written}), fs.Scenario.from_text(text)):
        expected = {0.5: 1.2 * 0.5 / 0.4, 0.2: 1.2 * 0.8 / 0.76}
        assert sorted(set(odds(made))) == pytest.approx(sorted(expected.values()))


def test_the_shares_that_win_are_so_many_times_as_large() -> None:
    result = fs.simulate(SCENARIO.change({WIN: 1.2}), replications=20, seed=5)
    visits = result.records("visits")
    leads = result.records("leads").set_index(["replication", "lead"])["segment"]
    done = visits[visits["outcome"].isin(["advanced", "lost"])].join(leads, on=["replication", "lead"])
    for segment, chance in {"small": 0.6, "big": 0.24}.items():
        won = done.loc[done["segment"] == segment, "outcome"] == "advanced"
        z = (won.mean() - chance) / math.sqrt(chance * (1 - chance) / len(won))
        assert len(won) > 100_000
        assert abs(z) < 4


def test_one_times_as_many_changes_nothing() -> None:
    assert SCENARIO.change({WIN: 1}).fingerprint == SCENARIO.fingerprint


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({WIN: 2}, "a share of 0.5 advances here, and 2 times as many would be 1"),
        ({WIN: 1.5, "stages.sell.convert": {"big": 0.7, "else": 0.5}}, "0.7 of big advances"),
        ({WIN: 0.5, "stages.sell.convert": 1}, "a share of 1 advances here"),
        ({WIN: 1.2, ODDS: 1.5}, "`odds` and `win` say the same in two ways"),
        ({WIN: -1}, "expected a number at least 0"),
        ({WIN: {"odds": 3}}, "win"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as wrong:
        SCENARIO.change(change)
    assert said in str(wrong.value)
