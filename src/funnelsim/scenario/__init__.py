"""The scenario language: what users write, read with line numbers, checked, and changed.

The names below are looked up when they are first used: modules of this room that need no types of the language are
imported without making them, which takes a fifth of a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .language.types import ScenarioSpec
    from .scenario import Scenario, load

__all__ = ["Scenario", "ScenarioSpec", "load"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "language.types" if name == "ScenarioSpec" else "scenario"
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value
