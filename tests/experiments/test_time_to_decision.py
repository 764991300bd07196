"""The benchmark of the time to a decision, run small; its bare SimPy company beside arithmetic."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

import funnelsim as fs

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("time_to_decision")


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("bare_company")


def test_replications_needed(benchmark: ModuleType) -> None:
    """1.96^2 / 0.1^2 = 384 and one or two more for Student's t; a difference of many errors needs three."""
    assert 384 <= benchmark.needed(1.0, 10.0) <= 388
    assert benchmark.needed(1.0, 0.1) == 2
    assert benchmark.needed(-1.0, 0.2) == 3


def test_each_way_is_measured(benchmark: ModuleType) -> None:
    today = fs.Scenario.from_dict(
        {
            "horizon": "40 d",
            "sources": {"web": {"rate": "5 / d"}},
            "teams": {"field_sales": {"headcount": 1, "queue": "fifo"}},
            "stages": {"close": {"team": "field_sales", "effort": "4 h", "convert": 0.5}},
        }
    )
    ways = list(benchmark.measured(today, 6))
    assert [way.effect for way in ways[::2]] == [ways[0].effect] * 2
    # One person can do 6 of the 5 leads a day, so that a second hardly matters; half are won.
    assert ways[0].wins == pytest.approx(5 * 40 / 2, rel=0.15)
    assert 0 <= ways[0].effect < 0.1 * ways[0].wins
    assert ways[0].sd < ways[1].sd / 2
    assert all(way.seconds > 0 for way in ways)
    assert ways[0].row(5.0)[-2] == f"{benchmark.needed(5.0, ways[0].sd):,}"


def test_bare_company_wins_what_arithmetic_says(company: ModuleType) -> None:
    """With reps to spare deals are limited by leads: 500 x .30 x .60 x .633 x .98, with what the phone brings."""
    months, warmup, runs = 18, 9, 2
    found = sum(company.wins(seed, 12, months, warmup) for seed in range(runs)) / (months - warmup) / runs
    sold = 0.48 * 0.7 * 0.65 * 0.7 * 0.75
    inbound = 500 * 0.30 * 0.60 * 0.633 * 0.98 * sold
    # Inside sales has 6 x .45 x 163.6 h a month, of which inbound takes .55; an hour of dials brings .0525 deals.
    outbound = 6 * 0.45 * 163.6 * (1 - 0.55) * 15 * 0.0035 * 0.98 * sold
    upsold = 250 * 0.25 * 0.5 / 12
    assert found == pytest.approx(inbound + outbound + upsold, rel=0.2)


def test_bare_company_is_limited_by_field_sales(company: ModuleType) -> None:
    assert company.wins(1, 1, 6, 3) < company.wins(1, 5, 6, 3)


def test_bare_runs_have_luck_of_their_own(benchmark: ModuleType) -> None:
    way = benchmark.bare(2, months=4, warmup=3)
    assert way.sd > 0
    assert benchmark.bare_wins(1, 1, 5, 4, 3)[0] == benchmark.bare_wins(1, 1, 5, 4, 3)[0]
