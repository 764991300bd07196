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

from .version import VERSION

if TYPE_CHECKING:
    from funnelsim.calibration.fitting.fit import Fit, calibrate
    from funnelsim.calibration.history import History
    from funnelsim.calibration.reading import read_history
    from funnelsim.calibration.testing.backtest import Backtest, backtest
    from funnelsim.engine.simpy_engine.own.hooks import Observer, QueueRule, RoutingRule
    from funnelsim.experiments.causes.causes import CausesInterrupted
    from funnelsim.experiments.causes.result import Causes
    from funnelsim.experiments.comparison.choose import Choice, choose
    from funnelsim.experiments.comparison.compare import ComparisonInterrupted, compare
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.experiments.comparison.verify import Verification, verify
    from funnelsim.experiments.diagnosis.diagnose import DiagnosisInterrupted, diagnose
    from funnelsim.experiments.diagnosis.result import Diagnosis
    from funnelsim.experiments.fates.fates import FatesInterrupted
    from funnelsim.experiments.fates.result import Fates
    from funnelsim.experiments.optimisation.laboratory import OptimisationInterrupted
    from funnelsim.experiments.optimisation.optimise import optimise
    from funnelsim.experiments.optimisation.result import Optimum
    from funnelsim.experiments.running.replications import Interrupted, simulate
    from funnelsim.experiments.sensitivity.guesses import Guesses, guesses
    from funnelsim.experiments.sensitivity.indices import Sensitivity, sensitivity
    from funnelsim.experiments.sensitivity.tornado import Tornado, tornado
    from funnelsim.experiments.statistics.ocba import Budget
    from funnelsim.experiments.statistics.selection import Guarantee
    from funnelsim.experiments.store.points import SweepResult
    from funnelsim.experiments.sweep.procedure import SweepInterrupted
    from funnelsim.experiments.sweep.sweep import sweep
    from funnelsim.experiments.targets.looking import OutlookInterrupted
    from funnelsim.experiments.targets.outlook import Outlook
    from funnelsim.experiments.tuning.result import Tuned
    from funnelsim.experiments.tuning.tune import tune
    from funnelsim.results.measures.catalogue import kpis
    from funnelsim.scenario.study.shipped import study
    from funnelsim.scenario.study.study import Study, load_study

    from .errors import ArgumentError, FunnelsimError, ScenarioError
    from .experiments.stopping import Stopped
    from .experiments.warmup import suggest_warmup
    from .results.lives import Life
    from .results.result import Result
    from .scenario.scenario import Scenario, load

__version__ = VERSION

__all__ = [
    "ArgumentError",
    "Backtest",
    "Budget",
    "Causes",
    "CausesInterrupted",
    "Choice",
    "Comparison",
    "ComparisonInterrupted",
    "Diagnosis",
    "DiagnosisInterrupted",
    "Fates",
    "FatesInterrupted",
    "Fit",
    "FunnelsimError",
    "Guarantee",
    "Guesses",
    "History",
    "Interrupted",
    "Life",
    "Observer",
    "OptimisationInterrupted",
    "Optimum",
    "Outlook",
    "OutlookInterrupted",
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
    "Tuned",
    "Verification",
    "__version__",
    "backtest",
    "calibrate",
    "choose",
    "compare",
    "diagnose",
    "guesses",
    "kpis",
    "load",
    "load_study",
    "optimise",
    "read_history",
    "sensitivity",
    "simulate",
    "study",
    "suggest_warmup",
    "sweep",
    "tornado",
    "tune",
    "verify",
]


def _home(name: str) -> str | None:
    """The module that a public name lives in."""
    match name:
        case "Backtest" | "backtest":
            return "calibration.testing.backtest"
        case "Fit" | "calibrate":
            return "calibration.fitting.fit"
        case "History":
            return "calibration.history"
        case "read_history":
            return "calibration.reading"
        case "ArgumentError" | "FunnelsimError" | "ScenarioError":
            return "errors"
        case "ComparisonInterrupted" | "compare":
            return "experiments.comparison.compare"
        case "Choice" | "choose":
            return "experiments.comparison.choose"
        case "DiagnosisInterrupted" | "diagnose":
            return "experiments.diagnosis.diagnose"
        case "Diagnosis":
            return "experiments.diagnosis.result"
        case "Life":
            return "results.lives"
        case "Causes":
            return "experiments.causes.result"
        case "CausesInterrupted":
            return "experiments.causes.causes"
        case "Fates":
            return "experiments.fates.result"
        case "FatesInterrupted":
            return "experiments.fates.fates"
        case "Sensitivity" | "sensitivity":
            return "experiments.sensitivity.indices"
        case "Verification" | "verify":
            return "experiments.comparison.verify"
        case "Guesses" | "guesses":
            return "experiments.sensitivity.guesses"
        case "Tornado" | "tornado":
            return "experiments.sensitivity.tornado"
        case "OptimisationInterrupted":
            return "experiments.optimisation.laboratory"
        case "optimise":
            return "experiments.optimisation.optimise"
        case "Optimum":
            return "experiments.optimisation.result"
        case "Tuned":
            return "experiments.tuning.result"
        case "tune":
            return "experiments.tuning.tune"
        case "Outlook":
            return "experiments.targets.outlook"
        case "OutlookInterrupted":
            return "experiments.targets.looking"
        case "Budget":
            return "experiments.statistics.ocba"
        case "Guarantee":
            return "experiments.statistics.selection"
        case "suggest_warmup":
            return "experiments.warmup"
        case "Comparison":
            return "experiments.comparison.result"
        case "Interrupted" | "simulate":
            return "experiments.running.replications"
        case "Stopped":
            return "experiments.stopping"
        case "SweepInterrupted":
            return "experiments.sweep.procedure"
        case "sweep":
            return "experiments.sweep.sweep"
        case "SweepResult":
            return "experiments.store.points"
        case "Observer" | "QueueRule" | "RoutingRule":
            return "engine.simpy_engine.own.hooks"
        case "kpis":
            return "results.measures.catalogue"
        case "Result":
            return "results.result"
        case "Scenario" | "load":
            return "scenario.scenario"
        case "Study" | "load_study":
            return "scenario.study.study"
        case "study":
            return "scenario.study.shipped"
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
