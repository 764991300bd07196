"""Which engines there are, and which one a run gets."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Protocol

from funnelsim.errors import FunnelsimError, HinderedError
from funnelsim.model.model import Model
from funnelsim.model.records import Records

ENGINES = (("compiled", "funnelsim.engine.compiled"), ("simpy", "funnelsim.engine.simpy_engine"))
"""Names of the engines and the modules whose ``run`` they are, the preferred one first."""

RUNS_HOOKS = "simpy"
"""The engine that calls own rules and observers in Python."""

RUNS_IN_THREADS = ("compiled",)
"""Engines that let other threads of Python work while they do."""

SPOOL = ("compiled",)
"""Engines that can put rows on disk where records are not kept."""

ROWS = 1 << 18
"""Rows of a kind that then stay in memory: some 50 MB of visits."""

NAMES = ("auto", *(name for name, _ in ENGINES))


class Run(Protocol):
    """One replication of a model by an engine."""

    def __call__(
        self,
        model: Model,
        seed: int,
        replication: int,
        events: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> Records: ...


def choose(name: str, hooked: bool = False) -> str:
    """The engine that ``name`` stands for; ``auto`` is the preferred one.

    With hooks it is the one that runs them, whatever was asked for.

    Raises
    ------
    FunnelsimError
        For a name that no engine of this version has.
    """
    present = [engine for engine, _ in ENGINES]
    if hooked and name in NAMES:
        return RUNS_HOOKS
    if name == "auto":
        hindrance = _hindrance(present[0])
        if hindrance is None:
            return present[0]
        message = (
            f"the engine {present[0]} {hindrance}; {RUNS_HOOKS} takes its place: the same records, much slower"
        )
        warnings.warn(message, stacklevel=2)
        return RUNS_HOOKS
    if name in present:
        hindrance = _hindrance(name)
        if hindrance is not None:
            raise HinderedError(
                f"the engine {name} {hindrance}; use --engine {RUNS_HOOKS}", code="E-engine-hindered"
            )
        return name
    raise FunnelsimError(
        f"there is no engine {name!r}; use auto or {' or '.join(present)}", code="E-engine-unknown"
    )


@cache
def _hindrance(name: str) -> str | None:
    """Why an engine cannot be used here, or None."""
    if name != "compiled":
        return None
    lack = import_module("funnelsim.engine.compiled.kernel").advance.hindrance()
    if lack is None:
        return None
    return (
        f"cannot be compiled with Numba {version('numba')} ({lack}); install a version that pyproject.toml names"
    )


def runner(name: str) -> Run:
    """The function that runs one replication on the engine ``name`` (as `choose` gives it)."""
    run: Run = import_module(dict(ENGINES)[name]).run
    return run


def notice(name: str) -> str | None:
    """What to tell those whose first run on an engine has to wait for it to be compiled, or None."""
    if name != "compiled":
        return None
    told: str | None = import_module("funnelsim.engine.compiled.kernel").advance.notice()
    return told
