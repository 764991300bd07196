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
from twins.same import assert_twins

DAY = 86_400e6
AGE, CONVERT = 15.0, 0.4
ADVANCED, LOST = stats.lognorm(0.8, scale=20), stats.gamma(1 / 0.9**2, scale=12 * 0.9**2)
DECISION = {
    "advanced": {"dist": "lognormal", "median": "20 d", "sigma": 0.8},
    "lost": {"dist": "gamma", "mean": "12 d", "cv": 0.9},
}
OPEN = {"web": {"rate": "0 / d"}}
DESK = {"desk": {"headcount": 1, "queue": "fifo"}}


def chance(p: Any, age: float = AGE) -> Any:
    advanced, lost = p * ADVANCED.sf(age), (1 - p) * LOST.sf(age)
    return advanced / (advanced + lost)


def opened(stages: dict[str, Any], number: int, seed: int, stage: int = 0, **more: Any) -> Any:
    """Visits of deals that stand in a stage to it, their leads, and the model; ``more`` are keys of the scenario.

    Among them ``deal``, what is said of each besides its stage.
    """
    said = {"stage": list(stages)[stage], "age": f"{AGE} d", **more.pop("deal", {})}
    scenario = fs.Scenario.from_dict(
        {"name": "standing", "horizon": "20 y", "sources": OPEN, "stages": stages,
         "opening": {"leads": [said] * number}, **more}
    )  # fmt: skip
    records = fs.simulate(scenario, replications=1, seed=seed).replicates[0]
    table = records.visits
    rows = (table.stage == stage) & (records.leads.opening[table.lead] == 1) & (table.visit == 1)
    mine = table._replace(
        **{name: getattr(table, name)[rows] for name in ("lead", "outcome", "left", "buyer", "busy")}
    )
    return mine, records.leads, compile_model(scenario)


def visits(stages: dict[str, Any], number: int, seed: int, stage: int = 0, **more: Any) -> Any:
    """Outcomes, days until them and qualities of deals that stand in a stage; and the model."""
    mine, leads, model = opened(stages, number, seed, stage, **more)
    return mine.outcome, mine.left / DAY, leads.quality[mine.lead], model


def near(found: Any, share: float) -> bool:
    """Whether as many of some are so as expected, within three standard errors."""
    return bool(abs(float(np.mean(found)) - share) < 3 * np.sqrt(share * (1 - share) / len(found)))


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


def by_integration(number: int, seed: int, lift: float) -> None:
    """Quality weighs in both stages, and the first lifts: who advances, and the quality of the open."""
    stages = {
        "meet": {"convert": 0.5, "quality_weight": 0.8, "lift": lift},
        "wait": {"convert": CONVERT, "quality_weight": 1.2, "decision": DECISION},
    }
    outcome, _, quality, model = visits(stages, number, seed, stage=1)
    q = np.linspace(-8, 8, 20_001)
    kinds = model.tables.kinds.kinds
    meet, wait = (
        1 / (1 + np.exp(-(float(model.tables.stages.intercept[stage * kinds]) + weight * q + factors)))
        for stage, weight, factors in ((0, 0.8, 0.0), (1, 1.2, np.log(lift)))
    )
    came = stats.norm.pdf(q) * meet
    assert np.trapezoid(came * wait, q) / np.trapezoid(came, q) == pytest.approx(CONVERT, abs=1e-5)
    density = came * (wait * ADVANCED.sf(AGE) + (1 - wait) * LOST.sf(AGE))
    density /= np.trapezoid(density, q)
    mean = float(np.trapezoid(density * q, q))
    spread = float(np.sqrt(np.trapezoid(density * q**2, q) - mean**2))
    assert near(outcome == r.ADVANCED, float(np.trapezoid(density * chance(wait), q)))
    assert abs(float(quality.mean()) - mean) < 3 * spread / np.sqrt(number)


@pytest.mark.parametrize(("lift", "seed"), [(1.0, 13), (3.0, 14)])
def test_those_who_are_still_open_are_others_than_those_who_came(lift: float, seed: int) -> None:
    by_integration(10_000, seed, lift)


@pytest.mark.slow
def test_those_who_are_still_open_of_fifty_thousand() -> None:
    by_integration(50_000, seed=31, lift=1.0)
    by_integration(50_000, seed=32, lift=3.0)


BY_SOURCE: dict[str, dict[str, Any]] = {
    "meet": {"convert": 0.3, "quality_weight": 1.5},
    "wait": {
        "convert": CONVERT,
        "decision": {
            "web": {"dist": "exponential", "mean": "5 d"},
            "else": {"dist": "exponential", "mean": "30 d"},
        },
    },
}
SOURCES = {"web": {"rate": "3 / y"}, "partner": {"rate": "1 / y"}}


def test_of_a_source_whose_deals_take_longer_more_are_open() -> None:
    """By Bayes' rule: 3 exp(-15/5) of the web on 1 exp(-15/30) of the partner."""
    mine, leads, _ = opened(BY_SOURCE, 5_000, 15, stage=1, sources=SOURCES)
    web, partner = 3 * np.exp(-AGE / 5), np.exp(-AGE / 30)
    assert near(leads.source[mine.lead] == 0, web / (web + partner))


def test_a_known_source_is_held_to_its_own_law() -> None:
    """Hardly any of its deals is open that long, and other sources' are. All came as far."""
    _, old, _ = opened(BY_SOURCE, 1_000, 16, stage=1, sources=SOURCES, deal={"source": "web", "age": "140 d"})
    _, new, _ = opened(BY_SOURCE, 1_000, 16, stage=1, sources=SOURCES, deal={"source": "web", "age": "1 d"})
    first = (leads.quality[leads.opening == 1] for leads in (old, new))
    assert np.array_equal(*first)  # both outcomes take equally long, so the age tells nothing of the quality


def test_what_a_deal_has_waited_cools_its_chance_before_bayes_rule() -> None:
    stage = {"team": "desk", "convert": CONVERT, "decision": DECISION, "decay": {"half_life": "10 h"}}
    outcome, _, _, _ = visits({"wait": stage}, 10_000, 17, teams=DESK, deal={"waited": "10 h"})
    assert near(outcome == r.ADVANCED, chance(CONVERT / 2))


def test_touches_left_are_of_their_law_given_those_done() -> None:
    """Poisson with mean 3, given more than two: 3, 4, 5, 6, and 7 or more."""
    stage = {"team": "desk", "effort": "1 min", "touches": {"dist": "poisson", "mu": 3}}
    mine, _, _ = opened({"wait": stage}, 5_000, 18, teams=DESK, deal={"touches": 2})
    number = np.minimum(2 + np.rint(mine.busy / 60e6).astype(int), 7)
    law = stats.poisson(3)
    shares = np.array([*law.pmf([3, 4, 5, 6]), law.sf(6)]) / law.sf(2)
    counts = [int((number == each).sum()) for each in (3, 4, 5, 6, 7)]
    assert sum(counts) == 5_000
    assert stats.chisquare(counts, 5_000 * shares).pvalue > 0.001


def test_the_rest_of_a_gap_is_that_of_those_as_long() -> None:
    stage = {"team": "desk", "effort": "1 min", "touches": 2, "gap": DECISION["advanced"]}
    mine, _, _ = opened(
        {"wait": stage},
        5_000,
        19,
        teams=DESK,
        deal={"touches": 1, "since_touch": f"{AGE} d"},
    )
    levels = 1 - ADVANCED.sf(AGE + mine.buyer / DAY) / ADVANCED.sf(AGE)
    assert stats.kstest(levels, "uniform").pvalue > 0.001


def test_who_is_still_nurtured_is_seldom_ready() -> None:
    """Of those there after 10 h none was ready; later ones are by their time, and never ones for certain."""
    readiness = {"ready": 0.5, "later": 0.4, "never": 0.1, "time": {"dist": "exponential", "mean": "20 h"}}
    mine, _, _ = opened(
        {"nurture": {"nurtures": {"notice": "0 h"}}}, 5_000, 20,
        sources={"web": {"rate": "0 / d", "readiness": readiness}}, deal={"age": "10 h"},
    )  # fmt: skip
    assert near(mine.outcome < 0, 0.1 / (0.1 + 0.4 * np.exp(-0.5)))
    times = mine.left[mine.outcome >= 0] / 3600e6
    assert stats.kstest(times, stats.expon(scale=20).cdf).pvalue > 0.001


@pytest.mark.parametrize("age", [0.0, 1.0, 15.0, 120.0])
def test_the_rule_is_exact(age: float) -> None:
    from funnelsim.model.rules.standing import chance_given_open

    for p in (0.0, 1e-6, 0.3, 0.999, 1.0):
        advanced, lost = float(ADVANCED.sf(age)), float(LOST.sf(age))
        exact = p * advanced / (p * advanced + (1 - p) * lost)
        assert chance_given_open(p, advanced, lost) == pytest.approx(exact, rel=1e-12, abs=1e-15)


def test_both_engines_collect_the_lifts_and_hold_each_to_its_own_law() -> None:
    stages = {
        "meet": {"convert": 0.5, "quality_weight": 0.8, "lift": 4, "next": {"show": 0.5, "wait": 0.5}},
        "show": {"convert": 0.7, "lift": {"web": 0.3, "else": 2}},
        "wait": {**BY_SOURCE["wait"], "quality_weight": 1, "otherwise": "meet", "at_most": 4},
    }
    said: list[dict[str, Any]] = [{"source": "web", "age": "140 d"}, {"age": "9 d"}, {}]
    leads = [{"stage": stage, **deal} for stage in ("wait", "show") for deal in said * 8]
    scenario = fs.Scenario.from_dict(
        {"name": "twins", "horizon": "1 y", "sources": SOURCES, "stages": stages, "opening": {"leads": leads}}
    )
    assert_twins(compile_model(scenario))
