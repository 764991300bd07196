"""What makes the model's functions, and those of this engine, callable in compiled code."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

from numba.extending import register_jitable

from funnelsim.model import (
    arithmetic,
    arrivals,
    calendars,
    customer_draws,
    customer_rules,
    distributions,
    draws,
    endowment,
    philox,
    rules,
)

from .parts import PartCompiler

Function = TypeVar("Function", bound=Callable[..., Any])

SHARED = (
    arithmetic,
    arrivals,
    calendars,
    customer_draws,
    customer_rules,
    distributions,
    draws,
    endowment,
    philox,
    rules,
)
"""Modules whose functions both engines call."""


def jitted(function: Function) -> Function:
    """Let compiled code call a function; in Python it stays what it is."""
    # Without "numpy", each division is compiled with a test for zero that Python's own would fail as well.
    made: Function = register_jitable(
        error_model="numpy", pipeline_class=PartCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)
    return made


def share(module: ModuleType) -> None:
    """Let compiled code call every function that a module of the model defines."""
    for _, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            jitted(function)


for _module in SHARED:
    share(_module)
