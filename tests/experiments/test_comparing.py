"""How often what `compare` says is right: 1,000 experiments on each of three lines.

The true difference is that over all replications of all experiments, a thirtieth as uncertain as one experiment.
Where no interval is given, because too few replications differ, nothing is claimed, so nothing can be wrong.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

import funnelsim as fs
from funnelsim.experiments.comparison.judging import judge
from funnelsim.experiments.running.arms import Arm, tallied
from funnelsim.experiments.statistics.paired import Verdict, difference
from funnelsim.experiments.study.question import Question
from funnelsim.model.compile import compile_model

EXPERIMENTS = 1000
REPLICATIONS = 10

DESK = {
    "horizon": "30 d",
    "warmup": "5 d",
    "sources": {"web": {"rate": "40 / d"}},
    "teams": {"desk": {"headcount": 3, "queue": "fifo"}},
    "stages": {"serve": {"team": "desk", "effort": {"dist": "exponential", "mean": "1 h"}}},
}
COMPANY = {
    "horizon": "4 mo",
    "warmup": "1 mo",
    "currency": "EUR",
    "segments": {"all": {"value": {"dist": "lognormal", "median": 8000, "sigma": 0.5}}},
    "sources": {"web": {"rate": "8 / d", "cost": 40}},
    "teams": {
        "callers": {"headcount": 2, "queue": "fifo", "cost": {"salary": "40_000 / y"}},
        "closers": {"headcount": 2, "queue": "lifo", "cost": {"salary": "70_000 / y", "commission": 0.05}},
    },
    "stages": {
        "call": {"team": "callers", "effort": "3 h", "convert": 0.6},
        "close": {"team": "closers", "effort": "6 h", "convert": 0.4, "decision": "5 d"},
    },
}
COOLING = {
    "horizon": "60 d",
    "warmup": "10 d",
    "sources": {"web": {"rate": "10 / d"}},
    "teams": {"desk": {"headcount": 2, "queue": "lifo", "skill": {"mean": 0, "sd": 0.4}}},
    "stages": {
        "call": {"team": "desk", "effort": "1 h", "convert": 0.6, "decay": {"half_life": "1 d"}},
        "sell": {"team": "desk", "effort": "5 h", "convert": 0.3, "patience": "12 d"},
    },
}
LINES: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]], tuple[str, ...]]] = {
    "desk": (
        DESK,
        {
            "quicker": {"stages.serve.effort": {"multiply": 0.95}},
            "last first": {"teams.desk.queue": "lifo"},
            "one more": {"teams.desk.headcount": 4},
        },
        ("won", "cycle_time"),
    ),
    "company": (
        COMPANY,
        {
            "one more closer": {"teams.closers.headcount": 3},
            "more leads": {"sources.web.rate": {"multiply": 1.05}},
            "training": {"stages.close.convert": 0.43},
        },
        ("won", "bookings", "contribution", "win_rate"),
    ),
    "cooling": (
        COOLING,
        {"one more": {"teams.desk.headcount": 3}, "first first": {"teams.desk.queue": "fifo"}},
        ("won", "expired", "conversion"),
    ),
}


def _arms(base: dict[str, Any], changes: dict[str, dict[str, Any]], kpis: tuple[str, ...]) -> list[Arm]:
    scenario = fs.Scenario.from_dict(base)
    arms = {"base": scenario, **{name: scenario.change(change) for name, change in changes.items()}}
    models = {name: compile_model(each) for name, each in arms.items()}
    numbers = range(EXPERIMENTS * REPLICATIONS)
    return [
        Arm(name, model, tuple(tallied(model, 1, number, "compiled", kpis) for number in numbers))
        for name, model in models.items()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES)
def test_comparisons_are_right_as_often_as_they_say(line: str) -> None:
    base, changes, kpis = LINES[line]
    arms = _arms(base, changes, kpis)
    question = Question("base", kpis, {})
    wholes = {(arm.name, kpi): arm.estimate(kpi) for arm in arms for kpi in kpis}
    truth = {key: difference(wholes[key], wholes["base", key[1]]).mean for key in wholes if key[0] != "base"}
    single, claims = dict.fromkeys(truth, 0), dict.fromkeys(truth, 0)
    together, wrong = 0, 0
    for first in range(0, EXPERIMENTS * REPLICATIONS, REPLICATIONS):
        part = [Arm(arm.name, arm.model, arm.tallies[first : first + REPLICATIONS]) for arm in arms]
        held = True
        for each in judge(part, question):
            real = truth[each.arm, each.kpi]
            alone = each.difference.interval(0.05)
            assert real is not None
            if alone is None or each.low is None or each.high is None:
                assert each.low is each.high is alone is None
                assert each.verdict in (Verdict.STEADY, Verdict.OPEN)
                continue
            assert (each.verdict in (Verdict.MORE, Verdict.LESS)) <= (each.low > 0 or each.high < 0)
            claims[each.arm, each.kpi] += 1
            single[each.arm, each.kpi] += alone[0] <= real <= alone[1]
            held &= each.low <= real <= each.high
            wrong += (each.verdict is Verdict.MORE and real < 0) or (each.verdict is Verdict.LESS and real > 0)
        together += held
    shares = {key: single[key] / number for key, number in claims.items() if number}
    told = ", ".join(f"{arm} {kpi} {share:.3f} of {claims[arm, kpi]}" for (arm, kpi), share in shares.items())
    print(f"{line}: all together {together / EXPERIMENTS:.3f}, wrong signs {wrong}; each alone {told}")
    assert together / EXPERIMENTS >= 0.93
    for key, share in shares.items():
        chance = 3 * math.sqrt(0.05 * 0.95 / claims[key])  # more than two points only where few are claimed
        assert share == pytest.approx(0.95, abs=max(0.02, chance)), key
    assert wrong <= 0.05 * EXPERIMENTS
