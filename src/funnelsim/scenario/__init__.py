"""The scenario language: what users write, read with line numbers, checked, and changed."""

from .scenario import Scenario, load
from .types import ScenarioSpec

__all__ = ["Scenario", "ScenarioSpec", "load"]
