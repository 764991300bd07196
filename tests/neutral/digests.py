"""Hashes of records of the compiled engine: ``python -m neutral.digests RANDOM MONTHS`` from the folder above.

It runs so many random scenarios, and the shipped ones over so many months, and says first whether the machine code
of this process uses wide registers and fused multiplication.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numba
import numpy as np

import funnelsim as fs
from funnelsim.engine import compiled
from funnelsim.model.compile import compile_model
from funnelsim.model.model import Model
from random_scenarios.documents import document
from random_scenarios.laws import digest, scenario_of
from random_scenarios.luck import seeded

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
WIDE = ("ymm", "zmm", "vfmadd")


def models(random: int, months: int) -> dict[str, Model]:
    """Random scenarios that the language takes, and the shipped ones with a shorter horizon."""
    made = {f"random {seed}": scenario_of(document(seeded(seed))) for seed in range(random)}
    found = {name: compile_model(scenario) for name, scenario in made.items() if scenario is not None}
    short = {"horizon": f"{months} mo", "warmup": "1 mo"}
    return found | {path.stem: compile_model(fs.load(path).change(short)) for path in SHIPPED}


def of(model: Model, replication: int = 0) -> str:
    """The hash of one replication."""
    return digest(compiled.run(model, 1, replication))


def instructions() -> str:
    """Which of the instructions that older processors lack Numba uses for a sum of products."""

    @numba.njit(fastmath=True)  # type: ignore[untyped-decorator]  # what the engine does without, to provoke them
    def product(a: np.ndarray, b: np.ndarray) -> float:
        total = 0.0
        for k in range(len(a)):
            total += a[k] * b[k]
        return total

    product(np.ones(9), np.ones(9))
    code = "".join(product.inspect_asm().values())
    return " ".join(word for word in WIDE if word in code)


def main(random: int, months: int) -> None:
    """Print what is asked for."""
    print(instructions())
    for name, model in models(random, months).items():
        print(f"{name}: {of(model)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
