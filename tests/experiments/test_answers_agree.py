"""`choose` and `optimise` never contradict themselves: over the shipped scenarios, and over random ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agreement import agree, choice_agrees

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.optimisation import decision
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))

ENGINE = "simpy"
"""What starts at once: scenarios are small, and replications few."""

SHORT = {"horizon": "6 w", "warmup": "2 w"}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer replications: what is said must agree with them, whatever they are."""
    counts = {"SELECT_FIRST": 4, "SELECT_MOST": 9, "MEASURED": 6, "MOST_MEASURED": 6, "MOST_DECIDING": 12}
    for name, most in counts.items():
        monkeypatch.setattr(decision, name, most)


def changes(scenario: fs.Scenario) -> dict[str, dict[str, Any]]:
    """One more rep in the first team and in the last, as far as the scenario allows."""
    teams = list(scenario.spec.teams)
    found = {}
    for team in dict.fromkeys((teams[0], teams[-1])):
        change = {f"teams.{team}.headcount": {"add": 1}}
        try:
            scenario.change(change)
        except FunnelsimError:
            continue
        found[f"more in {team}"] = change
    return found


def hold(scenario: fs.Scenario, seed: int) -> bool:
    """Choose and optimise; False where there is nothing to choose from, or no figure to choose by."""
    made = changes(scenario)
    arms = {"as it is": scenario, "twin": scenario.change({"name": "twin"})}
    arms |= {name: scenario.change(change) for name, change in made.items()}
    kpi = ("won", "cycle_time", "created")[seed % 3]
    rule = fs.Budget(len(arms) * 5 + 6, first=4) if seed % 2 else fs.Guarantee(0.5 + seed % 4, first=5, most=15)
    if fs.simulate(scenario, replications=2, seed=seed, engine=ENGINE).to_dict()["kpis"][kpi] is None:
        return False
    choice = fs.choose(arms, kpi, rule, seed=seed, engine=ENGINE)
    choice_agrees(choice, budget=bool(seed % 2))
    if choice.name in ("as it is", "twin"):
        assert len(choice.alike) >= 1
    if made:
        middle = choice.table["mean"].mean()  # a limit that lies among the points, and is near to some
        limits = {kpi: {"at_most": f"{middle} h" if kpi == "cycle_time" else float(middle)}}
        found = fs.optimise(
            fs.Study.of(scenario, arms=made, maximise="won", constraints=limits, replications=3),
            seed=seed,
            engine=ENGINE,
        )
        agree(found)
        assert found.plot.frontier() is not None
    return True


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.slow
def test_shipped_scenarios(path: Path) -> None:
    """Of one with long cycles nothing is won in so short a time, so that there is no cycle time to choose by."""
    short = fs.load(path).change(SHORT)
    assert any([hold(short, 1), hold(short, 2)])


def test_one_desk() -> None:
    assert hold(fs.load(SHIPPED[0].parent / "one_desk.yaml").change({"horizon": "2 d", "warmup": "1 d"}), 4)


SMALL: dict[str, dict[str, Any]] = {
    "cooling": {
        "horizon": "6 d",
        "warmup": "1 d",
        "sources": {"web": {"rate": "6 / d"}},
        "teams": {"desk": {"headcount": 1, "queue": "lifo"}, "closers": {"headcount": 2, "queue": "fifo"}},
        "stages": {
            "call": {"team": "desk", "effort": "1 h", "convert": 0.6, "decay": {"half_life": "1 d"}},
            "sell": {"team": "closers", "effort": "3 h", "convert": 0.5, "patience": "2 d"},
        },
    },
    "idle": {
        "horizon": "4 d",
        "sources": {"web": {"every": "6 h"}},
        "teams": {"desk": {"headcount": 4, "queue": "fifo", "cost": {"salary": "40_000 / y"}}},
        "stages": {"serve": {"team": "desk", "effort": "1 h"}},
    },
    "rare": {
        "horizon": "4 d",
        "sources": {"web": {"rate": "1 / d"}},
        "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
        "stages": {"serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "3 h"}, "convert": 0.2}},
    },
}
"""Lines in which little, nothing or hardly anything differs, as well as much."""


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("line", SMALL)
def test_small_lines(line: str, seed: int) -> None:
    hold(fs.Scenario.from_dict(SMALL[line]), seed)


def held(first: int, count: int) -> int:
    done = 0
    for seed in range(first, first + count):
        scenario = scenario_of(document(seeded(seed)))
        if scenario is None:
            continue
        try:
            done += hold(scenario, seed)
        except Exception as error:
            error.add_note(f"random scenario of seed {seed}")
            raise
    return done


@pytest.mark.slow
def test_a_random_scenario() -> None:
    assert held(60_001, 1) == 1


@pytest.mark.slow
@pytest.mark.parametrize("first", range(61_000, 61_300, 10))
def test_random_scenarios(first: int) -> None:
    assert held(first, 10) >= 2
