"""The compiled engine leaves the same bytes, whoever runs it, in whatever order and on whatever processor."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import funnelsim as fs
from random_scenarios.laws import digest

from . import digests
from .line import LINE, scenario
from .test_reproducible import EFFECTS, PLAIN_CPU

RANDOM, MONTHS = 15, 2

GENERIC = {**PLAIN_CPU, "NUMBA_CPU_NAME": "generic", "PYTHONHASHSEED": "4242"}
"""What every processor of this kind has: neither wide registers nor fused multiplication."""
NO_FMA = {**PLAIN_CPU, "NUMBA_CPU_FEATURES": "-avx512f,-avx512vl,-avx512bw,-avx512dq,-avx512cd,-fma"}


def elsewhere(**environment: str) -> tuple[str, list[str]]:
    """The instructions in use, and the digests, in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "neutral.digests", str(RANDOM), str(MONTHS)],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    used, *lines = done.stdout.splitlines()
    return used, lines


@pytest.fixture(scope="module")
def expected() -> list[str]:
    return [f"{name}: {digests.of(model)}" for name, model in digests.models(RANDOM, MONTHS).items()]


def test_digests_see_seeds(expected: list[str]) -> None:
    assert len(expected) > 15
    assert len({line.rpartition(" ")[2] for line in expected}) == len(expected)
    model = digests.models(0, MONTHS)["mid_market"]
    assert digests.of(model, 0) != digests.of(model, 1)


@pytest.mark.parametrize(
    "hash_seed", ["0", *(pytest.param(seed, marks=pytest.mark.slow) for seed in ("1", "4242"))]
)
def test_hash_seed_changes_nothing(expected: list[str], hash_seed: str) -> None:
    assert elsewhere(PYTHONHASHSEED=hash_seed)[1] == expected


@pytest.mark.parametrize(
    ("environment", "without"),
    [
        pytest.param(GENERIC, {"ymm", "zmm", "vfmadd"}, id="generic"),
        pytest.param(NO_FMA, {"zmm", "vfmadd"}, id="no-fma", marks=pytest.mark.slow),
    ],
)
def test_processor_changes_nothing(
    expected: list[str], environment: dict[str, str], without: set[str], tmp_path: Path
) -> None:
    """The loop is compiled for a processor that has less, and NumPy and the C library make do with less."""
    used, found = elsewhere(**environment, NUMBA_CACHE_DIR=str(tmp_path))
    assert found == expected
    assert not without & set(used.split())
    if not without & set(digests.instructions().split()):
        pytest.skip("this processor has none of what was switched off, so this shows little")


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_change_nothing(workers: int) -> None:
    scene = scenario(LINE + EFFECTS)
    one, many = (fs.simulate(scene, replications=9, engine="compiled", workers=number) for number in (1, workers))
    assert [digest(each) for each in many.replicates] == [digest(each) for each in one.replicates]
    assert many.to_dict() == one.to_dict()


def test_order_changes_nothing(expected: list[str]) -> None:
    """Replications of many scenarios, in any order and up to eight at a time, each as if it had run alone."""
    models = digests.models(RANDOM, MONTHS)
    tasks = [(name, replication) for name in models for replication in (0, 1)]
    shuffled = random.Random(1).sample(tasks, len(tasks))
    assert shuffled != tasks
    with ThreadPoolExecutor(8) as pool:
        found = dict(
            zip(shuffled, pool.map(lambda task: digests.of(models[task[0]], task[1]), shuffled), strict=True)
        )
    alone = {(name, replication): digests.of(models[name], replication) for name, replication in tasks}
    assert found == alone
    assert [f"{name}: {found[name, 0]}" for name in models] == expected


@pytest.mark.parametrize("path", digests.SHIPPED, ids=lambda path: path.stem)
def test_figures_without_records(path: Path) -> None:
    """What is read from the records is the same to the byte whether they are kept or not."""
    scene = fs.load(path).change({"horizon": "5 mo", "warmup": "2 mo"})
    one, other = (
        fs.simulate(scene, replications=2, engine="compiled", workers=workers, records=kept)
        for workers, kept in ((1, True), (2, False))
    )
    assert json.dumps(other.to_dict()) == json.dumps(one.to_dict())
