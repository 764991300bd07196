"""People divided evenly among territories: by weight, the largest remainders first, at every headcount."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model
from funnelsim.scenario.language.evenly import divided, ties
from random_scenarios.laws import digest

LINE: dict[str, Any] = {
    "funnelsim": 1,
    "horizon": "2 mo",
    "sources": {"web": {"rate": "200 / mo"}},
    "territories": {"east": 0.5, "west": 0.3, "south": 0.2},
    "teams": {"desk": {"headcount": 7, "queue": "fifo"}},
    "stages": {"serve": {"team": "desk", "effort": "2 h"}},
}


def line(**desk: Any) -> fs.Scenario:
    return fs.Scenario.from_dict({**LINE, "teams": {"desk": {"queue": "fifo", **desk}}})


def run(scenario: fs.Scenario) -> str:
    return digest(fs.simulate(scenario, replications=1, seed=3).replicates[0])


@pytest.mark.parametrize(
    ("number", "weights", "found"),
    [
        (10, {"a": 5, "b": 3, "c": 2}, [5, 3, 2]),
        (7, {"a": 5, "b": 3, "c": 2}, [4, 2, 1]),  # 3.5, 2.1, 1.4: the half is the largest remainder
        (4, {"a": 1, "b": 1, "c": 1}, [2, 1, 1]),  # of equal remainders the first
        (3, {"a": 9, "b": 1, "c": 0}, [3, 0]),
        (1, {"a": 0.1, "b": 0.2, "c": 0.7}, [0, 0, 1]),
        (30, {"a": 0.1, "b": 0.2, "c": 0.7}, [3, 6, 21]),  # no remainder but that of the computer
    ],
)
def test_by_the_largest_remainders(number: int, weights: dict[str, float], found: list[int]) -> None:
    assert list(divided(number, list(weights.items())).values()) == found


def test_everybody_is_served_where_there_are_people_for_it() -> None:
    weights = [("large", 0.9), ("small", 0.06), ("smaller", 0.04)]
    assert divided(5, weights, 1) == {"large": 3, "small": 1, "smaller": 1}
    assert divided(2, weights, 1) == {"large": 2, "small": 0, "smaller": 0}


def test_largest_remainders_against_a_search() -> None:
    """No other way of dividing is nearer to the shares, by the sum of squares."""
    luck = np.random.default_rng(4)
    for _ in range(200):
        weights = [(name, float(luck.integers(1, 9))) for name in "abc"]
        number = int(luck.integers(0, 12))
        shares = np.array([number * weight for _, weight in weights]) / sum(weight for _, weight in weights)
        ways = [(a, b, number - a - b) for a in range(number + 1) for b in range(number + 1 - a)]
        least = min(float(((np.array(way) - shares) ** 2).sum()) for way in ways)
        mine = np.array(list(divided(number, weights).values()))
        assert ((mine - shares) ** 2).sum() == pytest.approx(least)


def test_who_comes_later_goes_where_people_are_missing() -> None:
    """At each headcount those who are there are divided by weight; while they are too few, they serve all."""
    weights = [("east", 1.0), ("west", 1.0)]
    (seats,) = ties([[1], [4], [2], [7]], [7], weights)
    assert seats == [None, "east", "east", "west", "east", "west", "west"]
    assert ties([[1]], [3], weights) == [[None, None, None]]


def test_of_several_kinds_of_people_each_is_divided() -> None:
    """Six, five and four people for three cells: five each, and of every kind as nearly as it goes."""
    cells = [(name, 1.0) for name in "abc"]
    made = ties([[6, 5, 4]], [6, 5, 4], cells)
    assert [[part.count(name) for name in "abc"] for part in made] == [[2, 2, 2], [2, 2, 1], [1, 1, 2]]


def test_even_is_what_one_would_write() -> None:
    written = line(headcount=7, serves={"east": 4, "west": 2, "south": 1})
    assert run(line(headcount=7, serves="even")) == run(written)
    assert run(line(headcount=7)) != run(written)


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_levers_that_change_the_headcount_change_who_serves_what(engine: str) -> None:
    more = line(headcount=7, serves="even").change({"teams.desk.headcount": {"add": 3}})
    written = line(headcount=10, serves={"east": 5, "west": 3, "south": 2})
    runs = [fs.simulate(each, replications=1, engine=engine, seed=3).replicates[0] for each in (more, written)]
    assert digest(runs[0]) == digest(runs[1])


def test_weights_of_a_phase_count_from_then_on() -> None:
    turned = {"territories": {"east": 0.2, "west": 0.3, "south": 0.5}}
    model = compile_model(
        line(headcount=10, serves="even").change({"phases": [{"from": "2026-02-01", "change": turned}]})
    )
    names = list(model.territory_names)
    seats = [[names[at] for at in tables.seats.territory] for _, tables in model.periods]
    assert [[each.count(name) for name in ("east", "west", "south")] for each in seats] == [[5, 3, 2], [2, 3, 5]]


def test_what_cannot_be_divided_is_refused_or_said() -> None:
    with pytest.raises(ScenarioError, match="even divides people among `territories`, of which there are none"):
        fs.Scenario.from_dict(
            {
                key: value
                for key, value in {**LINE, "teams": {"desk": {"queue": "fifo", "serves": "even"}}}.items()
                if key != "territories"
            }
        )
    with pytest.raises(ScenarioError, match="expected a mapping of names to whole numbers, or even"):
        line(headcount=7, serves="evenly")
    said = "teams.desk.serves: 2 people for 3 territories cannot be divided, and serve all of them"
    assert said in line(headcount=2, serves="even").warnings
    assert run(line(headcount=2, serves="even")) == run(line(headcount=2))
