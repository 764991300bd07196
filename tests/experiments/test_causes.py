"""Why an arm differs: the split is Shapley's value for pairs, and adds up exactly whatever the lines."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.errors import FunnelsimError
from funnelsim.experiments.causes import split
from funnelsim.experiments.causes.account import HALF, NOTHING, TURNS, Account, Told, account
from funnelsim.experiments.causes.behind import numbers
from funnelsim.experiments.causes.result import Causes
from funnelsim.experiments.causes.weighing import weighed
from funnelsim.model import switches
from funnelsim.model.compile import compile_model
from funnelsim.results.estimates import Estimate, mean_of, ratio_of
from funnelsim.views.words import LANGUAGES, speaking

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
NAMES = ("a", "b", "c", "d", "e")


def made_up(seed: int, causes: tuple[str, ...]) -> dict[frozenset[str], Fraction]:
    """A difference for each set of causes that are off, of effects of single causes and of pairs."""
    luck = random.Random(seed)
    single = {frozenset({one}): luck.randint(-20, 20) for one in causes}
    pair = {frozenset(two): luck.randint(-20, 20) for two in combinations(causes, 2)}
    effects = single | pair | {frozenset[str](): luck.randint(-20, 20)}
    every = [frozenset(some) for number in range(len(causes) + 1) for some in combinations(causes, number)]
    return {off: Fraction(sum(size for those, size in effects.items() if not those & off)) for off in every}


def parts_of(value: dict[frozenset[str], Fraction], causes: tuple[str, ...]) -> dict[str, Fraction]:
    """The part of each cause."""
    every = split.effects(causes).items()
    return {cause: split.weighed(each.part, value.__getitem__) for cause, each in every}


def shapley(value: dict[frozenset[str], Fraction], causes: tuple[str, ...]) -> dict[str, Fraction]:
    """The mean over all orders of what the difference loses when a cause goes off."""
    lost = dict.fromkeys(causes, Fraction(0))
    orders = list(permutations(causes))
    for order in orders:
        for at, cause in enumerate(order):
            lost[cause] += value[frozenset(order[:at])] - value[frozenset(order[: at + 1])]
    return {cause: total / len(orders) for cause, total in lost.items()}


@pytest.mark.parametrize("number", range(1, 6))
def test_parts_are_shapleys_value_where_causes_act_in_pairs(number: int) -> None:
    causes = NAMES[:number]
    for seed in range(20):
        value = made_up(seed, causes)
        parts = parts_of(value, causes)
        assert parts == shapley(value, causes)
        assert sum(parts.values()) + value[frozenset(causes)] == value[frozenset()]


def test_an_effect_of_three_is_no_longer_shapleys_but_adds_up() -> None:
    value = made_up(1, NAMES[:3])
    value = {off: size + (60 if not off else 0) for off, size in value.items()}
    parts = parts_of(value, NAMES[:3])
    assert parts != shapley(value, NAMES[:3])
    assert sum(parts.values()) + value[frozenset(NAMES[:3])] == value[frozenset()]


@pytest.mark.parametrize(("number", "runs"), [(1, 2), (2, 4), (3, 7), (6, 16)])
def test_it_takes_two_runs_a_cause_and_one_more_for_each_alone(number: int, runs: int) -> None:
    """2k for the split, and k - 2 for what each of the others does alone."""
    assert len(split.needed([str(each) for each in range(number)])) == runs


def test_partners_are_those_of_the_pair() -> None:
    causes = NAMES[:4]
    for one, two in combinations(range(4), 2):
        value = made_up(0, causes)
        alone = {each: Fraction(3) for each in causes}
        value = {
            off: sum((alone[each] for each in causes if each not in off), Fraction(0))
            + (0 if {causes[one], causes[two]} & off else 10)
            for off in value
        }
        every = split.effects(causes).values()
        earlier = [float(split.weighed(each.with_earlier, value.__getitem__)) for each in every]
        later = [float(split.weighed(each.with_later, value.__getitem__)) for each in every]
        found = split.partners(causes, earlier, later, 1.0)
        expected = dict.fromkeys(causes, ()) | {causes[one]: (causes[two],), causes[two]: (causes[one],)}
        assert found == expected


def figures(seed: int, mean: float, number: int = 30) -> Estimate:
    return mean_of((mean + np.random.default_rng(seed).normal(0, 1, number)).tolist(), "leads")


def account_of(values: dict[tuple[str, ...], float], zone: float = 0.1) -> Account:
    """An account of one cause or two, whose difference with some off is made up; the base is 0 throughout."""
    causes = tuple(dict.fromkeys(name for off in values for name in off))
    runs = {frozenset(off): figures(at, value) for at, (off, value) in enumerate(values.items())}
    told = Told(weighed({frozenset[str](): Fraction(1)}, runs, "leads"), values[()] - 1, values[()] + 1, zone)
    return account(causes, lambda off: {off: Fraction(1)}, runs, told, 1)


def test_what_carries_a_difference() -> None:
    def carried(values: dict[tuple[str, ...], float]) -> list[tuple[str, str]]:
        return [(each.part.cause, each.because) for each in account_of(values).carrying]

    both = ("a", "b")
    assert carried({(): 10, ("a",): 4, ("b",): 8, both: 2}) == [("a", HALF)]
    assert carried({(): 10, ("a",): 6, ("b",): 6, both: 2}) == []
    assert carried({(): 10, ("a",): -4, ("b",): 9, both: -5}) == [("a", TURNS)]
    assert carried({(): 10, ("a",): 2}) == []  # with one cause there is nothing to tell
    assert set(carried({(): 10, ("a",): 0.01, ("b",): 0.01, both: 0.0})) == {("a", NOTHING), ("b", NOTHING)}


def test_an_interval_is_that_of_the_paired_figures() -> None:
    luck = np.random.default_rng(5)
    above, below = luck.integers(10, 90, (2, 3, 12))
    runs = {at: ratio_of(above[at].tolist(), below[at].tolist(), "share") for at in range(2)}
    runs |= {at + 2: mean_of(above[2 - 2 * at].tolist(), "share") for at in range(1)}
    weights = {0: Fraction(1, 2), 1: Fraction(-1), 2: Fraction(1, 2)}
    found = weighed(weights, runs, "share")
    residuals = sum(float(weight) * np.array(runs[at].residuals) for at, weight in weights.items())
    assert found.error == pytest.approx(float(np.std(residuals, ddof=1) / 12**0.5), rel=1e-9)
    assert found.mean == pytest.approx(sum(float(w) * (runs[at].mean or 0.0) for at, w in weights.items()))
    assert weighed({}, runs, "share").interval(0.05) == (0.0, 0.0)


SHORT = {"horizon": "3 mo", "warmup": "1 mo"}


def line(name: str, *levers: str) -> fs.Scenario:
    made = fs.load(SCENARIOS / f"{name}.yaml")
    return (made.with_levers(*levers) if levers else made).change(SHORT)


def added_up(causes: Causes) -> None:
    """Parts and what is left without any of the causes are the difference, exactly."""
    for of_arm in causes.accounts.values():
        for kpi, each in of_arm.items():
            whole = each.told.difference.mean
            exact = [part.exact for part in each.parts]
            if whole is None or None in exact or each.rest_exact is None:
                assert whole is None or None in (*exact, each.rest_exact), kpi
                continue
            total = sum((part for part in exact if part is not None), each.rest_exact)
            if kpi in ("won", "bookings"):  # whole leads and cents over all replications
                assert (total * 100 * causes.replications).denominator == 1, kpi
            assert float(total) == pytest.approx(whole, rel=1e-11, abs=1e-9), kpi
            steps = [(part.forward or 0.0, part.reverse or 0.0) for part in each.parts]
            assert float(each.rest_exact) + sum(one for one, _ in steps) == pytest.approx(whole, abs=1e-6)
            assert float(each.rest_exact) + sum(two for _, two in steps) == pytest.approx(whole, abs=1e-6)


KPIS = ("won", "bookings", "win_rate", "cycle_time", "contribution")


@pytest.mark.parametrize(
    ("name", "levers"),
    [("mid_market", ("design_generalist",)), ("mid_market", ("cpq",)), ("one_desk", ())],
    ids=lambda each: "+".join(each) if isinstance(each, tuple) else each,
)
def test_parts_add_up_on_shipped_lines(name: str, levers: tuple[str, ...]) -> None:
    today = line(name)
    other = line(name, *levers) if levers else today.change({"teams.desk.headcount": {"add": 1}})
    kpis = [kpi for kpi in KPIS if kpi in fs.simulate(today, replications=1).kpis.index]
    compared = fs.compare({"today": today, "other": other}, kpis=kpis[:1], replications=2)
    causes = compared.causes(kpis)
    added_up(causes)
    assert causes.kpis == tuple(kpis)
    assert set(causes.frame.cause) == {*causes.causes("other"), "none", "difference"}
    json.dumps(causes.to_dict(), allow_nan=False)
    for lang in LANGUAGES:
        with speaking(lang):
            assert all(causes.words.values())


ONE_CAUSE = """
name: Leads that drop out
horizon: 60 d
warmup: 0 h
currency: EUR
segments: {all: {value: {dist: constant, value: 1_000}}}
sources: {web: {every: 2 h}}
teams: {first: {headcount: 9, queue: fifo}, second: {headcount: 9, queue: fifo}}
stages:
  hear: {team: first, effort: 30 min, convert: 0.8}
  meet: {team: second, effort: 1 h, convert: 0.5, handoff: {dropout: 0.2}}
"""


def test_a_line_with_one_cause_owes_it_the_whole_difference() -> None:
    today = fs.Scenario.from_text(ONE_CAUSE)
    better = today.change({"stages.meet.handoff.dropout": 0.05})
    causes = fs.compare({"today": today, "better": better}, kpis=["won"], replications=10).causes()
    assert causes.causes("better") == (switches.DROPOUT, switches.CAPACITY)  # of whom there are enough
    assert causes.left_out("better") == (
        switches.WAITING, switches.HANDING, switches.CONTEXT, switches.CONCESSIONS
    )  # fmt: skip
    each = causes.accounts["better"]["won"]
    dropout, capacity = each.parts
    assert dropout.exact is not None
    assert float(dropout.exact) == pytest.approx(each.told.difference.mean, rel=1e-14)
    assert (capacity.exact, each.rest_exact) == (0, 0)
    assert [(carry.part.cause, carry.because) for carry in each.carrying] == [(switches.DROPOUT, HALF)]
    assert (dropout.low, dropout.high) != (None, None)
    assert numbers(compile_model(today), switches.DROPOUT) == (("stages.meet.handoff.dropout", 0.2, 0.2, "share"),)


def test_decay_in_a_handoff_by_its_formula() -> None:
    """Two lines that differ in a delay alone: without decay in handoffs nothing of the difference is left."""
    today = fs.Scenario.from_text(ONE_CAUSE).change(
        {"stages.meet.handoff": {"delay": "2 d", "dropout": 0}, "stages.meet.decay": {"half_life": "4 d"}}
    )
    quicker = today.change({"stages.meet.handoff.delay": "6 h"})
    causes = fs.compare({"today": today, "quicker": quicker}, kpis=["win_rate"], replications=10).causes()
    each = causes.accounts["quicker"]["win_rate"]
    parts = {part.cause: part for part in each.parts}
    assert set(parts) == {switches.WAITING, switches.HANDING, switches.CAPACITY}
    assert each.told.difference.mean is not None
    found = parts[switches.HANDING].difference
    assert found.mean is not None
    expected = 0.4 * (2 ** (-6 / 96) - 2 ** (-48 / 96))
    assert found.error is not None
    assert abs(found.mean - expected) < 4 * found.error + 0.02  # of those whose lead has ended
    said = " ".join(causes.words["quicker"])
    assert "stages.meet.handoff.delay 2.0 d" in said or "stages.meet.handoff.delay 48" in said
    assert "stages.meet.decay.half_life 4" in said


def test_a_kpi_that_is_not_there_is_named() -> None:
    today = fs.Scenario.from_text(ONE_CAUSE)
    compared = fs.compare({"a": today, "b": today}, kpis=["won"], replications=1)
    with pytest.raises(FunnelsimError, match="wonn"):
        compared.causes(["wonn"])


def test_the_same_line_has_no_causes_to_show() -> None:
    today = fs.Scenario.from_text(ONE_CAUSE)
    causes = fs.compare({"a": today, "b": today}, kpis=["won"], replications=2).causes()
    each = causes.accounts["b"]["won"]
    assert [part.exact for part in each.parts] == [0, 0]
    assert each.carrying == ()


def test_workers_change_nothing() -> None:
    arms = {"today": line("one_desk"), "more": line("one_desk").change({"teams.desk.headcount": {"add": 1}})}
    compared = fs.compare(arms, kpis=["won"], replications=3)
    assert compared.causes().to_dict() == compared.causes(workers=2).to_dict()


def test_stopping_leaves_no_split() -> None:
    today = fs.Scenario.from_text(ONE_CAUSE)
    compared = fs.compare({"a": today, "b": today.change({"teams.first.headcount": 2})}, replications=2)
    with pytest.raises(fs.CausesInterrupted, match="causes after") as stopped:
        compared.causes(progress=lambda done, _: done < 1)
    assert stopped.value.causes is None
