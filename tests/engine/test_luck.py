"""Numbers worked out for many leads at once are those that are drawn one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from funnelsim.engine.simpy_engine.world import luck as module
from funnelsim.engine.simpy_engine.world.luck import BLOCK, Luck
from funnelsim.model.compile import compile_model
from funnelsim.model.numbers.distributions import draw
from funnelsim.model.numbers.draws import EFFORT, OUTCOME, READINESS, uniform
from funnelsim.model.rules.endowment import lead_luck
from funnelsim.scenario import Scenario

KEY = (3, 7)
EVERYTHING = """
funnelsim: 1
horizon: 1 mo
score_accuracy: 0.5
segments: {small: {value: {dist: lognormal, median: 100, sigma: 1, times: 3}}, large: {value: 1000}}
territories: {east: 1, west: 2}
sources: {web: {rate: 1 / h, readiness: {ready: 0.5, later: 0.3, never: 0.2, time: 20 d}}}
teams: {desk: {headcount: 1, queue: fifo}}
stages: {serve: {team: desk, effort: {dist: erlang, mean: 1 h, k: 3}}}
"""


@pytest.mark.parametrize("most", [1, 1024])
def test_numbers_of_neighbours_are_those_drawn_one_by_one(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(module, "MOST_BLOCKS", most)
    monkeypatch.setattr(module, "MOST_NAMES", 10 * most)
    luck, choice = Luck(*KEY), random.Random(1)
    numbers = [number for number in range(1, 3 * BLOCK) for _ in range(2)]
    choice.shuffle(numbers)
    for number in numbers:
        hi, word = choice.choice((5, 2**32 - 1)), choice.choice((OUTCOME, 77 << 8 | EFFORT))
        name = (hi, number, word, choice.choice((0, 3)), 1)
        assert luck.uniform(*name) == uniform(*KEY, *name)


def test_entities_at_the_upper_end_of_their_range() -> None:
    luck, last = Luck(*KEY), 2**32 - 1
    numbers = [last - step for step in range(20)]
    assert [luck.uniform(9, number, OUTCOME) for number in numbers] == [
        uniform(*KEY, 9, number, OUTCOME, 0, 0) for number in numbers
    ]


def test_variates_and_endowments_are_those_drawn_one_by_one() -> None:
    tables = compile_model(Scenario.from_text(EVERYTHING)).tables
    luck = Luck(*KEY)
    for row in range(len(tables.dists.code)):
        for number in range(1, 40):
            name = (5, number, EFFORT, 1, 2)
            assert luck.draw(tables.dists, row, *name) == draw(tables.dists, row, *KEY, *name)
    for number in (*range(1, 20), BLOCK, BLOCK + 1, 5 * BLOCK, 3):
        assert luck.of_lead(tables, 5, number, 0) == lead_luck(tables, *KEY, 5, number, 0, 0)


def test_luck_of_a_period_in_which_more_hangs_on_luck() -> None:
    tables = compile_model(Scenario.from_text(EVERYTHING)).tables
    ready = tables._replace(sources=tables.sources._replace(ready=np.ones(1)))
    luck = Luck(*KEY)
    assert luck.of_lead(ready, 5, 1, 0).readiness == 0.5
    assert luck.of_lead(tables, 5, 2, 0).readiness == uniform(*KEY, 5, 2, READINESS, 0, 0)
