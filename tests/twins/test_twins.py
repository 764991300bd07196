"""The compiled engine is the reference engine's twin: the same records, to the byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import funnelsim as fs
from funnelsim.engine import compiled
from funnelsim.engine.compiled import run
from funnelsim.errors import ScenarioError
from funnelsim.model.compile import compile_model
from random_scenarios.documents import documents
from random_scenarios.laws import scenario_of

from .same import assert_twins, differences

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))
FEW = settings(
    max_examples=200, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@FEW
@given(made=documents())
def test_random_scenarios(made: dict[str, Any]) -> None:
    scenario = scenario_of(made)
    if scenario is not None:
        assert_twins(compile_model(scenario))


@pytest.mark.slow
def test_five_thousand_random_scenarios() -> None:
    from random_scenarios.documents import document
    from random_scenarios.luck import seeded

    ran = 0
    for seed in range(5000):
        scenario = scenario_of(document(seeded(seed)))
        if scenario is None:
            continue
        try:
            model = compile_model(scenario)
        except ScenarioError:  # a run that would be too large
            continue
        assert_twins(model, replication=seed % 5)
        ran += 1
    assert ran > 4000


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios(path: Path) -> None:
    assert_twins(compile_model(fs.load(path).change({"horizon": "4 mo", "warmup": "1 mo"})))


def test_slices_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    model = compile_model(
        fs.load(ROOT / "scenarios" / "mid_market.yaml").change({"horizon": "2 mo", "warmup": "0 d"})
    )
    whole = compiled.run(model, 1, 0, events=True)
    shares: list[float] = []
    module = sys.modules[run.__module__]
    monkeypatch.setattr(module, "SLICE", 97)
    assert differences(whole, compiled.run(model, 1, 0, events=True, progress=shares.append)) == []
    assert shares == sorted(shares)
    assert len(shares) > 10
    assert shares[-1] == 1.0


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_change_nothing(workers: int) -> None:
    scenario = fs.load(ROOT / "scenarios" / "mid_market.yaml").change({"horizon": "6 mo", "warmup": "1 mo"})
    one = fs.simulate(scenario, replications=6)
    many = fs.simulate(scenario, replications=6, workers=workers)
    assert one.to_dict() == many.to_dict()


CHECKED = """
import sys
sys.path.insert(0, {tests!r})
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded
from twins.same import assert_twins
from funnelsim.model.compile import compile_model
for seed in range({count}):
    scenario = scenario_of(document(seeded(seed)))
    if scenario is not None:
        assert_twins(compile_model(scenario))
"""


@pytest.mark.parametrize(("switch", "count"), [("NUMBA_BOUNDSCHECK", 40), ("NUMBA_DISABLE_JIT", 12)])
def test_checked_and_plain(switch: str, count: int, checked_code: Path) -> None:
    """With checks of bounds, and as plain Python: no index is out of range, and records are the same.

    With checks of bounds it takes a minute to compile, so scenarios with phases are run by the same process.
    """
    environment = {**os.environ, switch: "1", "NUMBA_CACHE_DIR": str(checked_code)}
    code = CHECKED.format(tests=str(ROOT / "tests"), count=count)
    if switch == "NUMBA_BOUNDSCHECK":
        code += IN_BOUNDS.format(tests=str(ROOT / "tests"), first=0, count=IN_EACH_BUILD)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


IN_BOUNDS = """
import sys
sys.path.insert(0, {tests!r})
from random_scenarios.documents import document
from random_scenarios.laws import scenario_of
from random_scenarios.luck import seeded
from funnelsim.engine import compiled
from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import compile_model
seed, ran = {first}, 0
while ran < {count}:
    scenario = scenario_of(document(seeded(seed), phased=True))
    if scenario is not None:
        try:
            compiled.run(compile_model(scenario), 7, seed % 5)
        except FunnelsimError:
            pass
        except IndexError as error:
            raise SystemExit(f"seed {{seed}}: {{error}}")
        ran += 1
    seed += 1
"""

IN_ALL, AT_ONCE, IN_EACH_BUILD = 2000, 250, 150
"""Scenarios that are run with checks of bounds: in all, by one process, and of these without ``-m slow``."""


@pytest.fixture(scope="session")
def checked_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where machine code with checks of bounds is kept, for all workers of a session."""
    return tmp_path_factory.getbasetemp().parent / "checked"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, IN_ALL, AT_ONCE))
def test_no_index_is_out_of_range(first: int, checked_code: Path) -> None:
    """Scenarios with phases over the whole language, with checks of bounds."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(checked_code)}
    code = IN_BOUNDS.format(tests=str(ROOT / "tests"), first=10 * first, count=AT_ONCE)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_columns_out_of_range_are_found(tmp_path: Path) -> None:
    """The check of bounds does check."""
    code = """
import numba, numpy as np
from funnelsim.engine.compiled.machine import references
from funnelsim.engine.compiled.world.population import Slots
slots = Slots(link=np.zeros(3, dtype=np.int64))
read = numba.njit(lambda s, k: s.link[k])
assert read(slots, 2) == 0
for k in (3, -1):
    try:
        read(slots, k)
    except IndexError:
        continue
    raise SystemExit(f"{k} was read")
"""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_replications_leave_nothing_to_each_other() -> None:
    """Memory is used again; records are the same in any order, with other models between, with events or not."""
    models = [compile_model(fs.load(path).change({"horizon": "3 mo", "warmup": "1 mo"})) for path in SHIPPED[:3]]
    calls = [(at, number, events) for at in range(3) for number in range(3) for events in (False, True)]
    first = {call: compiled.run(models[call[0]], 1, *call[1:]) for call in calls}
    for call in reversed(calls):
        assert differences(compiled.run(models[call[0]], 1, *call[1:]), first[call]) == []
