"""The scenario language: what users write, read with line numbers, checked, and changed."""

from .language.types import ScenarioSpec
from .scenario import Scenario, load

__all__ = ["Scenario", "ScenarioSpec", "load"]
