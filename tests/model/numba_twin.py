"""Compiles functions of the model with Numba, to compare their results with those of plain Python."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable


def register(module: ModuleType) -> None:
    """Lets compiled code call every function that the module defines."""
    for _, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            register_jitable(function)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    return numba.njit(function)


def assert_same_bits(left: Iterable[float], right: Iterable[float]) -> None:
    a = np.asarray(list(left), dtype=np.float64).view(np.int64)
    b = np.asarray(list(right), dtype=np.float64).view(np.int64)
    assert np.array_equal(a, b), f"{np.count_nonzero(a != b)} of {len(a)} differ"
