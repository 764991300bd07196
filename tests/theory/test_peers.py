"""The benchmark's tandem beside another simulator, Ciw, which has random numbers and code of its own."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pytest

import funnelsim as fs
from funnelsim.model.time.calendars import DAY

from . import checking as c

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
DAYS, WARMUP, MARGIN = 600, 40, 40


class Seen(NamedTuple):
    """By replication: leads created within the window, days each spent, and the share that lost patience."""

    leads: c.Floats
    days: c.Floats
    expired: c.Floats


def script(name: str) -> ModuleType:
    """A module of the benchmarks."""
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def by_ciw(peers: ModuleType, hard: bool) -> Seen:
    network, rows = peers.ciw_network(hard), []
    for seed in range(c.REPLICATIONS):
        created, ended, expired = map(np.array, peers.times_in_ciw(peers.run_ciw(network, DAYS, seed)))
        within = (created >= WARMUP) & (created < DAYS - MARGIN)
        rows.append((within.sum(), (ended - created)[within].mean(), expired[within].mean()))
    return Seen(*np.array(rows).T)


def by_us(scenario: fs.Scenario) -> Seen:
    result = fs.simulate(scenario, replications=c.REPLICATIONS, seed=c.SEED, engine=c.ENGINE)
    leads = c.cohort(result, "leads", 24.0 * WARMUP, 24.0 * (DAYS - MARGIN))
    assert leads["ended"].notna().all()
    days = (leads["ended"] - leads["created"]) / 24
    expired = leads["outcome"] == "expired"
    return Seen(c.per_replication(leads), c.mean_of(leads, days), c.mean_of(leads, expired))


def test_the_floor_simulates_the_same_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop for one line alone, with the draws that the rules ask for: leads do what they do in the engine."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    script("peers")
    floors, engines = script("floors"), script("engines")
    days, seed = 60, 3
    rows, lead_rows = floors.rooms(days)
    leads, visits = floors.keyed(days, seed, rows, lead_rows)
    ours = fs.simulate(engines.tandem_scenario(days, hard=False), replications=1, seed=seed, engine=c.ENGINE)
    seen = ours.replicates[0].visits
    ended = seen.outcome >= 0
    assert len(ours.replicates[0].leads.created) == leads > 2000
    assert ended.sum() == visits > leads
    for word, times in ((5, seen.entered), (6, seen.first_touch), (7, seen.left)):
        expected = np.sort(times[ended]) / DAY
        assert np.allclose(np.sort(rows[:visits, word]), expected, rtol=0, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("hard", [False, True], ids=["M1", "M2"])
def test_the_tandem_as_ciw_has_it(hard: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """M1: four pooled queues. M2: best score first, impatience, and work paused at the end of a shift."""
    pytest.importorskip("ciw")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    peers, engines = script("peers"), script("engines")
    theirs, ours = by_ciw(peers, hard), by_us(engines.tandem_scenario(DAYS, hard))
    for what, one, other in zip(Seen._fields, ours, theirs, strict=True):
        error = math.hypot(c.standard_error(one), c.standard_error(other))
        off = float(one.mean() - other.mean())
        figure = f"{what}: {one.mean():.5g}, ciw {other.mean():.5g}, z {off / error if off else 0:+.2f}"
        print(figure)
        assert abs(off) <= c.MOST_Z * error, figure
        assert error <= c.MOST_ERROR * abs(other.mean()), figure
    assert (ours.expired.mean() > 0.01) == hard
