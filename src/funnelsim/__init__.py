"""funnelsim: a discrete-event simulator of sales organisations.

A sales organisation is looked at as a production line: leads arrive, pass stages and leave as customers or as
losses; reps in teams do the work.

>>> import funnelsim as fs
>>> today = fs.load("scenarios/one_desk.yaml")  # doctest: +SKIP
>>> fs.simulate(today, replications=30, seed=1).kpis  # doctest: +SKIP

The names below are looked up when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine.hooks import Observer, QueueRule, RoutingRule
    from .errors import ArgumentError, FunnelsimError, ScenarioError
    from .experiments.choosing import Choice, choose
    from .experiments.compare import ComparisonInterrupted, compare
    from .experiments.comparison import Comparison
    from .experiments.diagnose import DiagnosisInterrupted, diagnose
    from .experiments.diagnosis import Diagnosis
    from .experiments.indices import Sensitivity, sensitivity
    from .experiments.lab import OptimisationInterrupted
    from .experiments.ocba import Budget
    from .experiments.optimise import optimise
    from .experiments.optimum import Optimum
    from .experiments.predictions import Verification, verify
    from .experiments.replications import Interrupted, simulate
    from .experiments.selection import Guarantee
    from .experiments.stopping import Stopped
    from .experiments.sweep import sweep
    from .experiments.sweep_result import SweepResult
    from .experiments.sweeping import SweepInterrupted
    from .experiments.tornado import Tornado, tornado
    from .experiments.warmup import suggest_warmup
    from .results.catalogue import kpis
    from .results.result import Result
    from .scenario.scenario import Scenario, load
    from .scenario.study import Study, load_study

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "Budget",
    "Choice",
    "Comparison",
    "ComparisonInterrupted",
    "Diagnosis",
    "DiagnosisInterrupted",
    "FunnelsimError",
    "Guarantee",
    "Interrupted",
    "Observer",
    "OptimisationInterrupted",
    "Optimum",
    "QueueRule",
    "Result",
    "RoutingRule",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Stopped",
    "Study",
    "SweepInterrupted",
    "SweepResult",
    "Tornado",
    "Verification",
    "__version__",
    "choose",
    "compare",
    "diagnose",
    "kpis",
    "load",
    "load_study",
    "optimise",
    "sensitivity",
    "simulate",
    "suggest_warmup",
    "sweep",
    "tornado",
    "verify",
]


def _home(name: str) -> str | None:
    """The module that a public name lives in."""
    match name:
        case "ArgumentError" | "FunnelsimError" | "ScenarioError":
            return "errors"
        case "ComparisonInterrupted" | "compare":
            return "experiments.compare"
        case "Choice" | "choose":
            return "experiments.choosing"
        case "DiagnosisInterrupted" | "diagnose":
            return "experiments.diagnose"
        case "Diagnosis":
            return "experiments.diagnosis"
        case "Sensitivity" | "sensitivity":
            return "experiments.indices"
        case "Verification" | "verify":
            return "experiments.predictions"
        case "Tornado" | "tornado":
            return "experiments.tornado"
        case "OptimisationInterrupted":
            return "experiments.lab"
        case "optimise":
            return "experiments.optimise"
        case "Optimum":
            return "experiments.optimum"
        case "Budget":
            return "experiments.ocba"
        case "Guarantee":
            return "experiments.selection"
        case "suggest_warmup":
            return "experiments.warmup"
        case "Comparison":
            return "experiments.comparison"
        case "Interrupted" | "simulate":
            return "experiments.replications"
        case "Stopped":
            return "experiments.stopping"
        case "SweepInterrupted":
            return "experiments.sweeping"
        case "sweep":
            return "experiments.sweep"
        case "SweepResult":
            return "experiments.sweep_result"
        case "Observer" | "QueueRule" | "RoutingRule":
            return "engine.hooks"
        case "kpis":
            return "results.catalogue"
        case "Result":
            return "results.result"
        case "Scenario" | "load":
            return "scenario.scenario"
        case "Study" | "load_study":
            return "scenario.study"
    return None


def __getattr__(name: str) -> Any:
    home = _home(name)
    if home is None:
        raise AttributeError(f"module 'funnelsim' has no attribute {name!r}")
    value = getattr(import_module(f"funnelsim.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
