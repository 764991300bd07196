"""The same seed gives the same bytes, whatever the hash seed and the instruction set of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PRINT_HASHES = """
import hashlib, json, sys
sys.path.insert(0, {folder!r})
from line import LINE, run, scenario
scene = scenario(LINE + {effects!r})
for seed in (1, 2):
    result, total = run(scene, seed), hashlib.sha256()
    for kind in ("visits", "leads", "reps", "series"):
        frame = result.records(kind)
        for name in frame.columns:
            column = frame[name]
            numbers = column.dtype.kind in "iuf"
            total.update(column.to_numpy().tobytes() if numbers else repr(column.tolist()).encode())
    print(seed, len(result.records("visits")), total.hexdigest())
    print(json.dumps(result.to_dict(), sort_keys=True))
"""

EFFECTS = """
    decay: {half_life: 4 d}
    patience: {dist: weibull, shape: 0.8, scale: 20 d}
    handoff: {delay: {dist: beta, a: 2, b: 3, scale: 2 d}, keeps: 0.8}
    context_weight: 0.5
"""
"""Laid over the last stage: everything that calls exp, log, powers and quantile tables."""

PRINT_LIBRARY = """
import math, sys
import numpy as np
x = np.random.default_rng(1).uniform(-40.0, 40.0, 400_000)
np.savez(sys.argv[1], vector=np.exp(x), scalar=np.array([math.exp(v) for v in x]))
"""

PLAIN_CPU = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA",
}


def python(program: str, *arguments: str, **environment: str) -> str:
    """What a program prints in a fresh interpreter with these environment variables."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def hashes(**environment: str) -> str:
    folder = str(Path(__file__).parent)
    return python(PRINT_HASHES.format(folder=folder, effects=EFFECTS), **environment)


@pytest.fixture(scope="module")
def expected() -> str:
    printed = hashes(PYTHONHASHSEED="0")
    first, second = (printed.splitlines()[k].split() for k in (0, 2))
    assert int(first[1]) > 1000
    assert first[2] != second[2]  # another seed gives other bytes, so the hash sees them
    return printed


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_hash_seed_changes_nothing(expected: str, hash_seed: str) -> None:
    assert hashes(PYTHONHASHSEED=hash_seed) == expected


def test_instruction_set_changes_nothing(expected: str, tmp_path: Path) -> None:
    """With AVX-512 and FMA off the libraries round differently, the records do not."""
    library = []
    for name, environment in (("usual", {}), ("plain", PLAIN_CPU)):
        file = tmp_path / f"{name}.npz"
        python(PRINT_LIBRARY, str(file), **environment)
        library.append(np.load(file))
    changed = {kind: int((library[0][kind] != library[1][kind]).sum()) for kind in ("vector", "scalar")}
    assert hashes(**PLAIN_CPU) == expected
    if not all(changed.values()):
        pytest.skip(
            f"the switch changes nothing on this machine (np.exp, math.exp: {changed}), so this shows little"
        )
