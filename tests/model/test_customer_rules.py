"""Rules of customers: exact values, and the same bits in compiled code."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numba_twin import assert_same_bits, compiled, register

from funnelsim.model.numbers import arithmetic, distributions, draws
from funnelsim.model.numbers.columns import NEVER
from funnelsim.model.rules import customer_rules
from funnelsim.model.rules import customer_rules as rules

RANDOM = np.random.default_rng(1)


def test_health_is_kept_between_0_and_1() -> None:
    assert rules.health_after(0.5, 0.25) == 0.75
    assert rules.health_after(0.9, 0.25) == 1.0
    assert rules.health_after(0.1, -0.25) == 0.0


def test_hazard_falls_with_health() -> None:
    assert rules.churn_rate(2.0, 0.0, 0.1, 0.9) == 2.0
    assert rules.churn_rate(2.0, 3.0, 0.7, 0.7) == 2.0
    assert rules.churn_rate(2.0, 3.0, 0.2, 0.7) == pytest.approx(2 * math.exp(1.5), rel=1e-15)


@pytest.mark.parametrize("early", [0.0, 0.5, 1.0, 4.0])
def test_hazard_reaches_what_it_accumulates(early: float) -> None:
    """The two rules are inverse to each other, to a microsecond of hazard."""
    rate, until, now = 1e-9, 5_000_000_000, 1_000_000_000
    for left in (0.0, 0.5, 3.9, 4.0, 4.1, 100.0):
        when = rules.hazard_reaches(rate, early, until, now, left)
        assert rules.hazard_between(rate, early, until, now, when) <= left + 1e-12
        assert rules.hazard_between(rate, early, until, now, when + 1) >= left - 1e-12


def test_hazard_adds_up() -> None:
    parts = [0, 7, 1_000, 5_000, 5_001, 90_000]
    total = sum(rules.hazard_between(1e-3, 3.0, 5_000, a, b) for a, b in pairwise(parts))
    assert total == pytest.approx(1e-3 * (3 * 5_000 + 85_000), rel=1e-14)


def test_no_hazard_reaches_nothing() -> None:
    assert rules.hazard_reaches(0.0, 1.0, 0, 10, 1.0) == NEVER
    assert rules.hazard_reaches(1e-30, 1.0, 0, 10, 1.0) == NEVER
    assert rules.hazard_reaches(0.0, 0.0, 100, 10, 0.0) == NEVER
    assert rules.hazard_reaches(1.0, 1.0, 0, 10, -1e-9) == 10
    assert rules.stream_due(0.5, 0.0, 10) == NEVER


def test_streams_follow_health() -> None:
    assert rules.stream_rate(2.0, 0.0, 0.1, 0.9) == 2.0
    assert rules.stream_rate(2.0, 3.0, 0.7, 0.7) == 2.0
    assert rules.stream_rate(2.0, 3.0, 0.2, 0.7) == pytest.approx(2 * math.exp(-1.5), rel=1e-15)


def test_streams_are_stretched() -> None:
    left = rules.stream_left(3.0, 0.002, 400, 1_000)
    assert left == pytest.approx(1.8, rel=1e-15)
    assert rules.stream_due(left, 0.002, 1_000) == 1_900
    assert rules.stream_due(left, 0.006, 1_000) == 1_300
    assert rules.stream_left(3.0, 0.002, 400, 10_000) == 0.0


@pytest.mark.parametrize("total", [0, 1, 11, 12, 13, 99_999_999_999])
def test_losses_add_up(total: int) -> None:
    parts = [rules.loss_part(total, step) for step in range(1, rules.LOSS_STEPS + 1)]
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_compiled_rules_give_the_same_bits() -> None:
    for module in (arithmetic, draws, distributions, customer_rules):
        register(module)
    u = RANDOM.random(2_000)
    health, start = RANDOM.random((2, 2_000))
    rates = RANDOM.lognormal(-28, 2, 2_000)
    times = RANDOM.integers(0, 10**14, (3, 2_000))
    churn, between = compiled(rules.churn_rate), compiled(rules.hazard_between)
    reaches, due = compiled(rules.hazard_reaches), compiled(rules.stream_due)
    stream, left = compiled(rules.stream_rate), compiled(rules.stream_left)
    plain, twin = [], []
    for k in range(2_000):
        args = (rates[k], 3.0, int(times[0, k]), int(times[1, k]))
        span = (*args, int(times[1, k] + times[2, k]))
        for to, functions in (
            (plain, (rules.churn_rate, rules.hazard_between, rules.hazard_reaches, rules.stream_due)),
            (twin, (churn, between, reaches, due)),
        ):
            to += [functions[0](rates[k], 2.5, health[k], start[k]), functions[1](*span)]
            to += [float(functions[2](*args, 4 * u[k])), float(functions[3](u[k], rates[k], int(times[1, k])))]
        for to, (rate_of, left_of) in ((plain, (rules.stream_rate, rules.stream_left)), (twin, (stream, left))):
            to += [rate_of(rates[k], 2.5, health[k], start[k]), left_of(4 * u[k], rates[k], *span[3:])]
    assert_same_bits(plain, twin)
