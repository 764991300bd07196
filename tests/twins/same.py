"""Whether two engines leave the same records, to the byte."""

from __future__ import annotations

from typing import Any

import numpy as np

from funnelsim.engine import compiled, simpy_engine
from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """The parts of two records that differ in a bit, a shape or a type."""
    found = []
    for name in one._fields:
        a, b = getattr(one, name), getattr(other, name)
        if hasattr(a, "_fields") and hasattr(b, "_fields"):
            found += differences(a, b, f"{path}{name}.")
        elif isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            if (a.dtype, a.shape, a.tobytes()) != (b.dtype, b.shape, b.tobytes()):
                found.append(path + name)
        elif a is not b and a != b:
            found.append(path + name)
    return found


def assert_twins(model: Model, seed: int = 7, replication: int = 0) -> None:
    """Both engines give the same records, or refuse with the same words."""
    one, other = (_outcome(engine, model, seed, replication) for engine in (simpy_engine, compiled))
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
    else:
        assert differences(one, other) == []


def _outcome(engine: Any, model: Model, seed: int, replication: int) -> Any:
    try:
        return engine.run(model, seed, replication, events=True)
    except FunnelsimError as error:
        return str(error)
