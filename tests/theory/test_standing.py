"""Open deals that go on where they stand, against Bayes' rule and numerical integration; both engines are twins.

A deal open b after its last touch advances with p' = p Sa(b) / (p Sa(b) + (1 - p) Sl(b)), and what is left of
its time has the law of its outcome given that it is longer than b.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import funnelsim as fs
from funnelsim.model import records as r
from funnelsim.model.compile import compile_model

DAY = 86_400e6
AGE, CONVERT = 15.0, 0.4
ADVANCED, LOST = stats.lognorm(0.8, scale=20), stats.gamma(1 / 0.9**2, scale=12 * 0.9**2)
DECISION = {
    "advanced": {"dist": "lognormal", "median": "20 d", "sigma": 0.8},
    "lost": {"dist": "gamma", "mean": "12 d", "cv": 0.9},
}
OPEN = {"web": {"rate": "0 / d"}}


def chance(p: Any, age: float = AGE) -> Any:
    advanced, lost = p * ADVANCED.sf(age), (1 - p) * LOST.sf(age)
    return advanced / (advanced + lost)


def visits(stages: dict[str, Any], number: int, seed: int, stage: int = 0, **deal: Any) -> Any:
    """Outcomes, days until them and qualities of deals that stand in a stage; and the model."""
    name = list(stages)[stage]
    opening = {"leads": [{"stage": name, "age": f"{AGE} d", **deal}] * number}
    scenario = fs.Scenario.from_dict(
        {"name": "standing", "horizon": "20 y", "sources": OPEN, "stages": stages, "opening": opening}
    )
    records = fs.simulate(scenario, replications=1, seed=seed).replicates[0]
    first = records.visits.stage == stage
    lead = records.visits.lead[first]
    outcome, left = records.visits.outcome[first], records.visits.left[first] / DAY
    return outcome, left, records.leads.quality[lead], compile_model(scenario)


def checked(number: int, seed: int) -> float:
    """The p-value of a chi-square test over outcomes and tenths of each one's law."""
    stages = {"wait": {"convert": CONVERT, "decision": DECISION}}
    outcome, left, _, _ = visits(stages, number, seed)
    won = outcome == r.ADVANCED
    share = chance(CONVERT)
    observed: list[int] = []
    expected: list[float] = []
    for mine, law, part in ((won, ADVANCED, share), (~won, LOST, 1 - share)):
        levels = 1 - (law.sf(AGE + left[mine]) / law.sf(AGE))  # uniform if what is left has the right law
        observed += np.histogram(levels, np.linspace(0, 1, 11))[0].tolist()
        expected += [number * part / 10] * 10
    return float(stats.chisquare(observed, expected).pvalue)


def test_outcomes_and_times_left_are_those_of_bayes_rule() -> None:
    assert checked(20_000, seed=11) > 0.001


@pytest.mark.slow
def test_outcomes_and_times_left_of_a_hundred_thousand_deals() -> None:
    values = [checked(50_000, seed) for seed in (21, 22)]
    assert stats.combine_pvalues(values).pvalue > 0.001


def test_a_deadline_takes_those_who_would_have_advanced_later() -> None:
    """won = p' (1 - Sa(T) / Sa(b)) of the deals whose deadline is T after they came."""
    number, deadline = 20_000, 45.0
    stages = {"wait": {"convert": CONVERT, "decision": DECISION, "timeout": f"{deadline} d"}}
    outcome, left, _, _ = visits(stages, number, 12)
    expected = chance(CONVERT) * (1 - ADVANCED.sf(deadline) / ADVANCED.sf(AGE))
    won = float((outcome == r.ADVANCED).mean())
    assert won == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / number))
    assert left.max() <= deadline - AGE + 1e-6


def test_those_who_are_still_open_are_others_than_those_who_came() -> None:
    """Quality weighs in both stages: the share that advances and the mean quality of the open, by integration."""
    number = 20_000
    stages = {
        "meet": {"convert": 0.5, "quality_weight": 0.8},
        "wait": {"convert": CONVERT, "quality_weight": 1.2, "decision": DECISION},
    }
    outcome, _, quality, model = visits(stages, number, 13, stage=1)
    q = np.linspace(-8, 8, 20_001)
    kinds = model.tables.kinds.kinds
    meet, wait = (
        1 / (1 + np.exp(-(float(model.tables.stages.intercept[stage * kinds]) + weight * q)))
        for stage, weight in ((0, 0.8), (1, 1.2))
    )
    density = stats.norm.pdf(q) * meet * (wait * ADVANCED.sf(AGE) + (1 - wait) * LOST.sf(AGE))
    density /= np.trapezoid(density, q)
    share = float(np.trapezoid(density * chance(wait), q))
    mean = float(np.trapezoid(density * q, q))
    spread = float(np.sqrt(np.trapezoid(density * q**2, q) - mean**2))
    won = float((outcome == r.ADVANCED).mean())
    assert abs(won - share) < 3 * np.sqrt(share * (1 - share) / number)
    assert abs(float(quality.mean()) - mean) < 3 * spread / np.sqrt(number)


@pytest.mark.parametrize("age", [0.0, 1.0, 15.0, 120.0])
def test_the_rule_is_exact(age: float) -> None:
    from funnelsim.model.rules.standing import chance_given_open

    for p in (0.0, 1e-6, 0.3, 0.999, 1.0):
        advanced, lost = float(ADVANCED.sf(age)), float(LOST.sf(age))
        exact = p * advanced / (p * advanced + (1 - p) * lost)
        assert chance_given_open(p, advanced, lost) == pytest.approx(exact, rel=1e-12, abs=1e-15)
