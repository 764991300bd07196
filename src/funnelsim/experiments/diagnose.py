"""Where is the limit, and what can be done about it: the five focusing steps, each simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import funnelsim
from funnelsim.errors import FunnelsimError
from funnelsim.results.indicators import MONTH
from funnelsim.results.limiting import evidence
from funnelsim.scenario.forms.base import unknown

from . import candidates, engines, limit, limits_in_time, three_questions, tornado
from .arms import Arm, Sampling, bench
from .candidates import LEADS, Candidate
from .diagnosis import Diagnosis, Focus, Place
from .executors import local
from .limits_in_time import LimitShares
from .replications import FEWEST, replicate
from .stopping import Stopped
from .throughput import Trial, trials
from .tornado import SHARE, TODAY, Tornado

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from .replications import Progress

WATCHED = 10
"""Replications whose weeks are looked at one by one."""


class DiagnosisInterrupted(Stopped):
    """The user stopped a diagnosis; ``diagnosis`` holds the steps that were done, or None before the first."""

    def __init__(self, diagnosis: Diagnosis | None) -> None:
        self.diagnosis = diagnosis
        done = 0 if diagnosis is None else len(diagnosis.focus)
        super().__init__(diagnosis, f"stopped after {done} of 5 steps")


def diagnose(
    scenario: Scenario,
    *,
    replications: int = FEWEST,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    tolerance: Mapping[str, float] | None = None,
    equation: bool = True,
    progress: Progress | None = None,
) -> Diagnosis:
    """Find what limits a line, and simulate the five focusing steps of the Theory of Constraints on it.

    All scenarios are run on the same leads, customers and luck, so that differences are theirs.

    Parameters
    ----------
    scenario : Scenario
        The line as it is.
    replications : int
        Of each scenario, at least 2.
    seed : int
        The same seed gives the same diagnosis.
    engine : {"auto", "simpy", "compiled"}
        What computes the runs; the results do not depend on it.
    workers : int
        Threads or processes that compute replications at the same time; the results do not depend on it.
    executor : Executor, optional
        What computes them instead: any `concurrent.futures.Executor`.
    tolerance : mapping, optional
        By stage the least share that should go on; by default 5 % less than the file says.
    equation : bool
        Whether to simulate the terms of the revenue equation as well.
    progress : callable, optional
        Called with the replications done and planned so far.

    Returns
    -------
    Diagnosis
        Words, tables and the picture.

    Raises
    ------
    FunnelsimError
        If an option makes no sense, or the scenario has neither a team nor a source to change.
    DiagnosisInterrupted
        On Ctrl-C; carries the steps that were done.

    Examples
    --------
    >>> import funnelsim as fs
    >>> fs.diagnose(fs.load("scenarios/reference.yaml")).steps  # doctest: +SKIP
    """
    if replications < 2:
        raise FunnelsimError(f"a diagnosis needs at least 2 replications, but got {replications}")
    for stage in tolerance or {}:
        if stage not in scenario.spec.stages:
            raise FunnelsimError(f"tolerance: {unknown('stage', stage, scenario.spec.stages)}")
    with ExitStack() as stack:
        if executor is None and workers > 1:
            executor = local(engines.choose(engine), workers)
            stack.callback(executor.shutdown, wait=False, cancel_futures=True)
        sampling = Sampling(seed, engine, workers, executor, progress)
        return _Session(scenario, replications, sampling, dict(tolerance or {})).run(equation)


class _Session:
    """One diagnosis under way."""

    def __init__(
        self, scenario: Scenario, replications: int, sampling: Sampling, tolerance: Mapping[str, float]
    ) -> None:
        self.scenario = scenario
        self.replications = replications
        self.sampling = sampling
        self.tolerance = tolerance
        self.engine = ""
        self.done = 0
        self.focus: list[Focus] = []
        self.base: Arm | None = None
        self.place: Place | None = None
        self.after: Place | None = None
        self.equation: Tornado | None = None

    def run(self, equation: bool) -> Diagnosis:
        """All steps, and the revenue equation on request."""
        try:
            self._steps()
            if equation:
                self._equation()
        except KeyboardInterrupt:
            made = self._diagnosis(["stopped by the user: not all steps were done"]) if self.place else None
            raise DiagnosisInterrupted(made) from None
        return self._diagnosis()

    def _steps(self) -> None:
        self.base, self.place, tried = self._identify(self.scenario)
        self.focus.append(Focus("identify", _sorted(tried)))
        first = self.place.limit.first
        summary = self.base.summary
        if first == LEADS:
            grown = [
                (f"{share} % more leads", candidates.more_leads(self.scenario.spec, 1 + share / 100))
                for share in (10, 20)
            ]
            self._try("exploit", candidates.stretch(self.scenario))
            self._try("elevate", candidates.made(self.scenario, grown))
        else:
            self._try("exploit", candidates.exploit(self.scenario, first))
            self._try("subordinate", candidates.subordinate(self.scenario, first, summary))
            self._try("elevate", candidates.elevate(self.scenario, first))
        relieved = candidates.relieved(self.scenario, first, summary)
        if relieved is not None:
            _, self.after, tried = self._identify(relieved.scenario, relieved.name)
            self.focus.append(Focus("next", _sorted(tried)))

    def _identify(self, scenario: Scenario, change: str = "") -> tuple[Arm, Place, list[Trial]]:
        """The limit of a scenario: what one more of everything gives, and the momentary bottleneck."""
        tried = candidates.identify(scenario)
        if not tried:
            raise FunnelsimError("the scenario has neither a team nor a source whose rate could be changed")
        arms = self._arms(scenario, tried)
        found = {each.name: each for each in trials(arms, {each.name: each.change for each in tried})}
        base = arms[0]
        months = (base.model.horizon - base.model.warmup) / MONTH
        seen = tuple(evidence(base.summary, base.model, months))
        names = {team: candidates.one_more(scenario, team) for team in scenario.spec.teams}
        teams = {team: found[name] for team, name in names.items() if name in found}
        leads = next((each for name, each in found.items() if name not in names.values()), None)
        place = Place(limit.name(seen, teams, leads), seen, self._weeks(base), change)
        return base, place, list(found.values())

    def _weeks(self, base: Arm) -> LimitShares:
        number = min(WATCHED, base.replications)
        found = [
            limits_in_time.weeks(replicate(base.model, self.sampling.seed, each, self.engine, False), base.model)
            for each in range(number)
        ]
        return limits_in_time.shares(found, base.model)

    def _try(self, step: str, tried: Sequence[Candidate]) -> None:
        if tried:
            found = trials(self._arms(self.scenario, tried), {each.name: each.change for each in tried})
            self.focus.append(Focus(step, _sorted(found)))

    def _equation(self) -> None:
        pairs = tornado.terms(self.scenario)
        tried = [each for _, two in pairs for each in two]
        if tried and self.base is not None:
            kpi = "revenue" if self.base.estimate("revenue").mean else "won"
            arms = self._arms(self.scenario, tried)
            self.equation = tornado.drawn(arms, pairs, kpi, SHARE, self.sampling.seed)

    def _arms(self, scenario: Scenario, tried: Sequence[Candidate]) -> tuple[Arm, ...]:
        """The scenario and its changes, run; a scenario that was run before is not run again."""
        sampling = Sampling(
            self.sampling.seed, self.sampling.engine, self.sampling.workers, self.sampling.executor, self._tell
        )
        with bench({TODAY: scenario, **{each.name: each.scenario for each in tried}}, sampling) as running:
            self.engine = running.engine
            if self.base is not None and scenario is self.scenario:
                running.tallies[TODAY] = list(self.base.tallies)
            before = sum(map(len, running.tallies.values()))
            self.done -= before
            running.extend(self.replications)
            self.done += self.replications * len(running.models)
            return running.arms

    def _tell(self, done: float, planned: int) -> None:
        if self.sampling.progress is not None:
            self.sampling.progress(self.done + done, self.done + planned)

    def _diagnosis(self, said: Sequence[str] = ()) -> Diagnosis:
        assert self.base is not None
        assert self.place is not None
        model, summary = self.base.model, self.base.summary
        return Diagnosis(
            self.base,
            self.place,
            self.focus,
            self.after,
            (
                three_questions.steps(summary, model, self.tolerance),
                three_questions.staffing(summary, model),
            ),
            self.equation,
            self.sampling.seed,
            self.engine,
            funnelsim.__version__,
            (*self.scenario.warnings, *said),
        )


def _sorted(found: Sequence[Trial]) -> tuple[Trial, ...]:
    """The largest gain first; what surely brings more stands before what may."""
    return tuple(sorted(found, key=lambda each: (not each.gains, -each.share)))
