from __future__ import annotations

import copy
import math
import time

import numpy as np
import pytest

from funnelsim.model.balance.convert import CERTAIN, logit, rates, solve_intercepts, stage_intercepts
from funnelsim.model.balance.crowd import crowd_of
from funnelsim.model.numbers.arithmetic import log
from funnelsim.model.tables.kinds import Kinds
from funnelsim.scenario.language.types import ScenarioSpec


def scenario(stages, **parts):
    raw = {
        "horizon": "1 y",
        "sources": {"web": {"rate": "2 / h"}},
        "teams": {"desk": {"headcount": 1, "queue": "fifo"}},
        "stages": {name: {"team": "desk", **stage} for name, stage in stages.items()},
        **parts,
    }
    return ScenarioSpec.model_validate(copy.deepcopy(raw))


def cells(spec, base=None):
    kinds = Kinds([spec])
    return kinds, stage_intercepts(base or spec, spec, kinds)


def checked(spec, base=None):
    return rates(spec, *cells(spec, base))


def expit(x):
    return 1.0 / (1.0 + np.exp(-x))


def z(hits, rate):
    return (hits.mean() - rate) / math.sqrt(rate * (1.0 - rate) / len(hits))


CHAIN = {
    name: {"convert": rate, "quality_weight": 1.2} for name, rate in zip("abcd", (0.5, 0.3, 0.6, 0.4), strict=True)
}


def test_without_quality_the_intercept_is_the_log_odds_of_the_rate():
    spec = scenario({"a": {"convert": 0.3}, "b": {"convert": 0.48}, "c": {}, "d": {"convert": 0}})
    assert solve_intercepts(spec) == {
        "a": (log(0.3) - log(0.7),),
        "b": (log(0.48) - log(0.52),),
        "c": (CERTAIN,),
        "d": (-CERTAIN,),
    }


def test_a_chain_with_quality_returns_the_entered_rates():
    solved = solve_intercepts(scenario(CHAIN))
    random = np.random.default_rng(1)
    q = random.standard_normal(1_500_000)
    for name, stage in CHAIN.items():
        advanced = random.uniform(size=len(q)) < expit(solved[name][0] + 1.2 * q)
        assert abs(z(advanced, stage["convert"])) < 4
        q = q[advanced]
    assert len(q) > 25_000


def test_rates_of_an_average_lead_fall_below_those_who_get_there():
    both = checked(scenario(CHAIN))
    assert [both[name].arriving for name in CHAIN] == pytest.approx([0.5, 0.3, 0.6, 0.4], abs=1e-8)
    assert both["a"].average == pytest.approx(0.5, abs=1e-8)
    assert both["d"].average < 0.25


def test_gates_on_score_and_value_are_part_of_the_solve():
    stages = {
        "a": {"convert": 0.5, "quality_weight": 1.0},
        "b": {
            "convert": 0.4,
            "quality_weight": 0.8,
            "accept": [{"score_at_least": 0.5}, {"value_at_least": 2000, "score_at_least": -0.5}],
        },
        "c": {"convert": 0.6, "quality_weight": 0.8},
    }
    value = {"dist": "lognormal", "median": 1000, "sigma": 1.0}
    spec = scenario(stages, segments={"all": {"value": value}}, score_accuracy=0.6)
    solved = solve_intercepts(spec)
    random = np.random.default_rng(2)
    count = 1_500_000
    q, noise = random.standard_normal(count), random.standard_normal(count)
    money = 1000.0 * np.exp(random.standard_normal(count))
    score = 0.6 * q + 0.8 * noise
    inside = random.uniform(size=count) < expit(solved["a"][0] + q)
    inside &= (score >= 0.5) | ((money >= 2000) & (score >= -0.5))
    for name, rate in (("b", 0.4), ("c", 0.6)):
        q = q[inside]
        inside = random.uniform(size=len(q)) < expit(solved[name][0] + 0.8 * q)
        assert abs(z(inside, rate)) < 4


@pytest.mark.parametrize("accuracy", [0.0, 0.9, 1.0])
def test_share_of_leads_behind_a_gate_on_the_score(accuracy):
    gate = {"a": {"accept": {"score_at_least": 1.0}}}
    crowd = crowd_of(scenario(gate, score_accuracy=accuracy, sources={"web": {"rate": "1 / h", "quality": 0.5}}))
    share = (crowd.weight * crowd.gate("a", scenario(gate).stages["a"].accept)).sum() / crowd.weight.sum()
    exact = 0.5 * math.erfc((1.0 - accuracy * 0.5) / math.sqrt(2.0))
    assert share == pytest.approx(exact, abs=2e-5)


def test_sources_of_different_quality_meet_further_down():
    sources = {
        "web": {"rate": "3 / h", "quality": -0.5},
        "fair": {"rate": "1 / h", "quality": 1.0, "to": "b"},
    }
    spec = scenario({"a": {"convert": 0.4}, "b": {"convert": 0.5, "quality_weight": 1.5}}, sources=sources)
    x = solve_intercepts(spec)["b"][0]
    q = np.random.default_rng(3).standard_normal(2_000_000)
    web, fair = expit(x + 1.5 * (q - 0.5)).mean(), expit(x + 1.5 * (q + 1.0)).mean()
    assert (1.2 * web + 1.0 * fair) / 2.2 == pytest.approx(0.5, abs=2e-3)


def test_rates_by_kind_hold_for_each_kind():
    stages = {
        "a": {"convert": {"key": 0.7, "else": 0.3}, "quality_weight": {"key": 2.0, "else": 0.5}},
        "b": {"convert": {"east": 0.5, "key": 0.2, "else": 0.4}, "quality_weight": 1.0},
    }
    parts = {"segments": {"key": {"share": 1}, "small": {"share": 3}}, "territories": {"east": 0.5, "west": 0.5}}
    spec = scenario(stages, **parts)
    solved = solve_intercepts(spec)
    crowd = crowd_of(spec)
    assert len(crowd.members) == 4  # key or not x east or not
    assert [len(solved[name]) for name in "ab"] == [2, 3]
    q = np.random.default_rng(4).standard_normal(1_000_000)
    weight = expit(solved["a"][0] + 2.0 * q)
    assert weight.mean() == pytest.approx(0.7, abs=2e-3)
    of_key = expit(solved["b"][1] + q)
    assert np.average(of_key, weights=weight) == pytest.approx(0.2, abs=2e-3)
    both = checked(spec)
    assert both["a"].arriving == pytest.approx(0.25 * 0.7 + 0.75 * 0.3, abs=1e-8)


def test_lifts_and_splits_of_the_main_line_are_collected():
    stages = {
        "a": {"convert": 0.5, "lift": 2.0, "next": {"b": 1, "c": 1}},
        "b": {"convert": 0.5, "lift": 3.0},
        "c": {"convert": 0.5},
    }
    x = solve_intercepts(scenario(stages))["c"][0]
    # of 3 leads that reach c, 2 have skipped b; within a cell the mean of their log lifts counts
    assert x == pytest.approx(-math.log(2.0) - math.log(3.0) / 3.0, abs=1e-8)


def test_stages_aside_get_those_who_are_sent_there():
    stages = {
        "a": {"convert": 0.5, "quality_weight": 1.5, "otherwise": "nurture"},
        "b": {"convert": 0.5, "quality_weight": 1.0, "accept": {"segment": "key"}, "on": {"rejected": "small"}},
        "small": {"aside": True, "convert": 0.5, "quality_weight": 1.0},
        "nurture": {"aside": True, "convert": 0.5, "quality_weight": 1.0, "next": "again"},
        "again": {"aside": True, "convert": 0.5, "quality_weight": 1.0},
        "alone": {"aside": True, "convert": 0.5, "quality_weight": 1.0},
    }
    parts = {"segments": {"key": {}, "other": {}}}
    solved = {name: x[0] for name, x in solve_intercepts(scenario(stages, **parts)).items()}
    assert solved["nurture"] > 0.3 > -0.3 > solved["b"]  # worse leads need a better intercept
    assert solved["small"] == solved["b"]
    assert solved["nurture"] > solved["again"]
    assert solved["alone"] == 0.0


def test_only_stages_they_alone_reach_are_solved_for_expansions():
    stages = {
        "a": {"convert": 0.5, "quality_weight": 1.0},
        "upsell": {"aside": True, "convert": 0.5, "quality_weight": 1.0, "books": True},
    }
    customers = {"expansion": {"rate": "0.25 / y", "to": "upsell", "quality": 2.0}}
    without, grown = scenario(stages), scenario(stages, customers=customers)
    assert solve_intercepts(grown)["a"] == solve_intercepts(without)["a"]
    assert solve_intercepts(without)["upsell"] == (0.0,)
    assert solve_intercepts(grown)["upsell"][0] == pytest.approx(-2.0, abs=1e-8)


def test_sources_without_a_known_rate_count_only_where_they_come_alone():
    stages = {"a": {"convert": 0.4, "quality_weight": 1.0}, "b": {"convert": 0.4, "quality_weight": 1.0}}
    plain = solve_intercepts(scenario(stages))
    fair = {"bursts": [{"at": "1 w", "leads": 100}], "quality": 3.0}
    for extra in (fair, {"rate": "0 / h", "quality": 3.0}):
        both = scenario(stages, sources={"web": {"rate": "2 / h"}, "extra": extra})
        assert solve_intercepts(both) == plain
    alone = solve_intercepts(scenario(stages, sources={"fair": fair}))
    assert alone["a"][0] == pytest.approx(plain["a"][0] - 3.0, abs=1e-8)


def test_changing_a_rate_moves_the_intercept_by_the_change_in_log_odds():
    base = scenario(CHAIN)
    changed = scenario(
        {**CHAIN, "b": {"convert": {"east": 0.45, "else": 0.3}, "quality_weight": 1.2}},
        territories={"east": 1, "west": 1},
    )
    kinds, moved = cells(changed, base)
    solved = {name: x[0] for name, x in solve_intercepts(base).items()}
    for number, name in enumerate(CHAIN):
        for kind, members in enumerate(kinds.members):
            shift = logit(0.45) - logit(0.3) if name == "b" and "east" in members else 0.0
            assert moved[number * kinds.count + kind] == solved[name] + shift


def test_rates_of_one_and_nothing_stay_or_are_solved_where_they_leave():
    base = scenario({**CHAIN, "d": {"convert": 1, "quality_weight": 1.2}})
    back = scenario(CHAIN)
    assert cells(back, base)[1][3] == solve_intercepts(back)["d"][0]
    assert cells(base, back)[1][3] == CERTAIN
    never = scenario({**CHAIN, "a": {"convert": 0, "quality_weight": 1.2}})
    assert cells(never, back)[1][0] == -CERTAIN
    assert checked(never)["a"].arriving < 1e-16


def test_new_stages_are_solved_in_the_changed_scenario():
    base = scenario(CHAIN)
    more = scenario({**CHAIN, "e": {"convert": 0.5, "quality_weight": 1.0}})
    _, moved = cells(more, base)
    assert moved[:4] == cells(base)[1]
    assert moved[4] == solve_intercepts(more)["e"][0]
    assert cells(more)[1][4] == moved[4]


def test_twelve_stages_with_gates_take_less_than_a_fifth_of_a_second():
    line = {f"s{n}": {"convert": 0.6, "quality_weight": 1.0} for n in range(12)}
    line["s3"]["accept"] = [{"score_at_least": -0.5}, {"value_at_least": 500}]
    parts = {
        "segments": {
            name: {"value": {"dist": "lognormal", "median": 900, "sigma": 0.8}} for name in ("key", "mid")
        },
        "sources": {f"web{n}": {"rate": "1 / h", "quality": 0.1 * n} for n in range(6)},
        "score_accuracy": 0.7,
    }
    spec = scenario(line, **parts)
    solve_intercepts(spec)
    started = time.process_time()
    solve_intercepts(spec)
    assert time.process_time() - started < 0.2
