"""What a report is made of: the result that is reported, the lines that it is about, and what was said with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from funnelsim.calibration.fitting.fit import Fit
from funnelsim.calibration.testing.backtest import Backtest
from funnelsim.experiments.causes.result import Causes
from funnelsim.experiments.comparison.choose import Choice
from funnelsim.experiments.comparison.result import Comparison
from funnelsim.experiments.comparison.verify import Verification
from funnelsim.experiments.diagnosis.result import Diagnosis
from funnelsim.experiments.fates.result import Fates
from funnelsim.experiments.optimisation.result import Optimum
from funnelsim.experiments.running.arms import result_of
from funnelsim.experiments.sensitivity.indices import Sensitivity
from funnelsim.experiments.sensitivity.tornado import Tornado
from funnelsim.experiments.store.points import SweepResult
from funnelsim.experiments.targets.outlook import Outlook
from funnelsim.experiments.warmup import WarmUp
from funnelsim.results.result import Result
from funnelsim.results.shown import Told

from ..words import spoken
from .stored import Stored

if TYPE_CHECKING:
    from funnelsim.experiments.asking.beforehand import Beforehand
    from funnelsim.results.profiles.carve import Carve
    from funnelsim.results.stamp import Stamp
    from funnelsim.scenario.scenario import Scenario

T = TypeVar("T")


@dataclass(frozen=True)
class Given:
    """What a report is made of.

    Parameters
    ----------
    subject : Told
        The result that is reported.
    title : str
        What stands at its top; empty for the name of what it is about.
    command : str
        What was typed to make it; empty in Python.
    scenarios : mapping
        The scenarios by name, where they are at hand: they say more than a result.
    asked : Beforehand or None
        What-if questions that were answered beforehand.
    verification : Verification or None
        Whether what a study predicts holds.
    fates : Fates or None
        What became of the same leads in the arms of a comparison.
    outlooks : tuple of Outlook
        What the runs of one line say of targets.
    causes : Causes or None
        Why its arms differ.
    carve : Carve or None
        How the reps and territories of one line fare, where it was asked for, as with accounts.
    question : mapping
        What a study asks, by language.
    day : date
        When it is made.
    """

    subject: Told
    title: str = ""
    command: str = ""
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    asked: Beforehand | None = None
    verification: Verification | None = None
    fates: Fates | None = None
    outlooks: tuple[Outlook, ...] = ()
    causes: Causes | None = None
    carve: Carve | None = None
    question: Mapping[str, str] = field(default_factory=dict)
    day: dt.date = field(default_factory=dt.date.today)

    def of(self, kind: type[T]) -> T | None:
        """The result if it is one of this kind."""
        return self.subject if isinstance(self.subject, kind) else None

    @property
    def targets(self) -> tuple[Outlook, ...]:
        """What runs say of targets, in one line or in those of a comparison."""
        return self.outlooks if self.comparison is None else self.comparison.reached

    # --- what kind of result --------------------------------------------------------------------------------

    @property
    def run(self) -> Result | None:
        """A single run."""
        return self.of(Result)

    @property
    def comparison(self) -> Comparison | None:
        """A comparison."""
        return self.of(Comparison)

    @property
    def diagnosis(self) -> Diagnosis | None:
        """A diagnosis."""
        return self.of(Diagnosis)

    @property
    def optimum(self) -> Optimum | None:
        """An optimisation."""
        return self.of(Optimum)

    @cached_property
    def stored(self) -> Stored | None:
        """A sweep, or the run store that one left."""
        swept = self.of(SweepResult)
        return Stored.of(swept) if swept is not None else self.of(Stored)

    @property
    def tornado(self) -> Tornado | None:
        """A tornado, also that of a diagnosis."""
        diagnosis = self.diagnosis
        return self.of(Tornado) if diagnosis is None else diagnosis.equation

    @property
    def indices(self) -> Sensitivity | None:
        """Sensitivity indices."""
        return self.of(Sensitivity)

    @property
    def choice(self) -> Choice | None:
        """A choice among many."""
        return self.of(Choice)

    @property
    def warmup(self) -> WarmUp | None:
        """A suggestion of a warm-up."""
        return self.of(WarmUp)

    # --- what it is about -----------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> Mapping[str, Result]:
        """The lines that were run, by name, that of today first; none where only figures were kept."""
        run = self.run
        if run is not None:
            return {run.model.spec.name: run}
        comparison, choice = self.comparison, self.choice
        if comparison is not None:
            arms = [comparison.base, *(arm for arm in comparison.arms if arm is not comparison.base)]
            made = comparison.seed, comparison.engine, comparison.version
            return {arm.name: result_of(arm, *made) for arm in arms}
        if choice is not None:
            stamp = choice.stamp
            return {arm.name: result_of(arm, stamp.seed, stamp.engine, stamp.version) for arm in choice.arms}
        diagnosis = self.diagnosis
        if diagnosis is not None:
            name = diagnosis.base.model.spec.name
            return {name: result_of(diagnosis.base, diagnosis.seed, diagnosis.engine, diagnosis.version)}
        return {}

    @property
    def today(self) -> Result | None:
        """The line as it is."""
        return next(iter(self.lines.values()), None)

    @property
    def name(self) -> str:
        """What it is about: the study or the line."""
        if self.stored is not None:
            return self.stored.name
        if self.optimum is not None:
            return self.optimum.study.name
        fit, tested = self.of(Fit), self.of(Backtest)
        if fit is not None:
            return fit.scenario.spec.name
        if tested is not None:
            return ", ".join(tested.history.files)
        if self.today is not None:
            return self.today.model.spec.name
        return next(iter(self.stamp.over), "") if self.stamp is not None else ""

    @property
    def stamp(self) -> Stamp | None:
        """What made it."""
        return getattr(self.subject, "stamp", None)

    @property
    def asks(self) -> str:
        """What a study asks, in its own words, in the language in force; empty where nobody said."""
        if self.optimum is not None:
            return spoken(self.question or self.optimum.study.spec.question)
        return spoken(self.question or (self.stored.question if self.stored is not None else {}))

    @property
    def about(self) -> str:
        """What the line is about, as its file says it in the language in force; empty where nobody said."""
        return "" if self.today is None else spoken(self.today.model.spec.description).strip()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was said about the scenarios and the run."""
        told = tuple(getattr(self.subject, "warnings", ()))
        return tuple(dict.fromkeys(map(str, told)))
