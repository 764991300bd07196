"""Words of a diagnosis and of a verdict fit the figures beside them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.views.sentences.diagnosis import _nothing
from funnelsim.views.words import say


def _trial(low: float, gains: bool) -> Any:
    return SimpleNamespace(gains=gains, through=SimpleNamespace(low=low))


@pytest.mark.parametrize(
    ("low", "gains", "said"),
    [
        (-0.1, False, "surely brings more"),
        (0.1, False, "by an amount that matters"),
        (0.1, True, "only a little more"),
    ],
)
def test_nothing_is_said_to_bring_more_only_where_intervals_hold_0(low: float, gains: bool, said: str) -> None:
    why = _nothing([_trial(-0.2, False), _trial(low, gains)])
    assert f"{said} through the line" in say(f"diagnosis.none.{why}")
    assert said in say(f"diagnosis.next.{why}", change="", who="")


def test_work_that_waits_for_a_second_team_is_told_of_that_team() -> None:
    scenario = fs.Scenario.from_text(
        "name: x\nhorizon: 3 mo\nsources: {web: {rate: 5 / d}}\n"
        "teams: {sales: {headcount: 3, queue: fifo}, law: {headcount: 1, queue: fifo, label: 法務}}\n"
        "stages: {sign: {team: sales, with: law, effort: {dist: exponential, mean: 4 h}}}\n"
    )
    said = str(fs.simulate(scenario, replications=2, engine="simpy").verdict)
    assert "until sales and 法務 are free together; they are counted with sales, and wait for 法務 as well" in said
