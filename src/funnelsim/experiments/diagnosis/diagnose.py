"""Where is the limit, and what can be done about it: the five focusing steps, each simulated."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

import funnelsim.version
from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.results.limiting import Evidence, evidence
from funnelsim.results.measures.indicators import MONTH
from funnelsim.scenario.forms.base import unknown

from ..comparison.candidate import Candidate
from ..running.arms import Arm
from ..running.laboratory import Sampling
from ..running.replications import FEWEST
from ..sensitivity import tornado
from ..sensitivity.tornado import SHARE, TODAY, Tornado
from ..stopping import Stopped, as_kept
from . import candidates, limit, three_questions, throughput
from .candidates import LEADS
from .change import Change
from .laboratory import ScenarioLaboratory, Wanted
from .racing import GoesOn, Looks, may_win
from .result import Diagnosis, Focus, Place
from .throughput import Trial

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario

    from ..running.laboratory import Progress

TERMS = ("revenue", "won")
"""What the revenue equation is about: the first of these that there is any of."""


class DiagnosisInterrupted(Stopped):
    """The user stopped a diagnosis; ``diagnosis`` holds the steps that were done, or None before the first."""

    diagnosis: Diagnosis | None = as_kept()


@checked
def diagnose(
    scenario: Scenario,
    *,
    replications: int = FEWEST,
    seed: int = 1,
    engine: str = "auto",
    workers: int | None = None,
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
        Of the scenario as it is, and at most of each change, at least 2. Changes are looked at after half of
        these, and at least 5; those of which more can alter the answer get them all.
    seed : int
        The same seed gives the same diagnosis.
    engine : {"auto", "simpy", "compiled"}
        What computes the runs; the results do not depend on it.
    workers : int
        Threads or processes that compute replications at the same time; the results do not depend on it. By
        default as many threads as there are processors, up to four, where the engine runs in threads.
    executor : Executor, optional
        What computes them instead: any `concurrent.futures.Executor`.
    tolerance : mapping, optional
        By stage the least share that should go on; by default 5 % less than the file says.
    equation : bool
        Whether to simulate the terms of the revenue equation as well.
    progress : callable, optional
        Called with the replications done and planned so far. Where it returns False, the work
        stops as on Ctrl-C.

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
        raise FunnelsimError(
            f"a diagnosis needs at least 2 replications, but got {replications}", code="E-replications-range"
        )
    for stage in tolerance or {}:
        if stage not in scenario.spec.stages:
            raise FunnelsimError(
                f"tolerance: {unknown('stage', stage, scenario.spec.stages)}", code="E-name-unknown"
            )
    sampling = Sampling(seed, engine, workers, executor, progress)
    session = _Session(scenario, replications, sampling, dict(tolerance or {}))
    with session.laboratory:
        return session.run(equation)


class _Session:
    """One diagnosis under way."""

    def __init__(
        self, scenario: Scenario, replications: int, sampling: Sampling, tolerance: Mapping[str, float]
    ) -> None:
        self.scenario = scenario
        self.looks = Looks(replications)
        self.laboratory = ScenarioLaboratory(sampling, (*throughput.KPIS, *TERMS))
        self.tolerance = tolerance
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
            steps = f"stopped after {0 if made is None else len(made.focus)} of 5 steps"
            raise DiagnosisInterrupted(made, steps, self.laboratory.done) from None
        return self._diagnosis()

    def _steps(self) -> None:
        if not candidates.identify(self.scenario):
            raise FunnelsimError(
                "the scenario has neither a team nor a source whose rate could be changed",
                code="E-diagnosis-nothing",
            )
        self.laboratory.look([Wanted(self.scenario, self.looks.most, whole=True)])
        self.base, self.place, tried = self._identify(self.scenario)
        self.focus.append(Focus("identify", _sorted(tried)))
        first = self.place.limit.first
        summary = self.base.summary
        if first == LEADS:
            grown: list[tuple[str, dict[str, Any]]] = [
                (Change("more_leads", {"share": each}), candidates.more_leads(self.scenario.spec, 1 + each / 100))
                for each in (10, 20)
            ]
            self._try("exploit", candidates.stretch(self.scenario))
            self._try("elevate", candidates.candidates_of(self.scenario, grown))
        else:
            self._try("exploit", candidates.exploit(self.scenario, first))
            self._try("subordinate", candidates.subordinate(self.scenario, first, summary))
            self._try("elevate", candidates.elevate(self.scenario, first, summary))
        relieved = candidates.relieved(self.scenario, first, summary)
        if relieved is not None:
            _, self.after, tried = self._identify(relieved.scenario, relieved.name)
            self.focus.append(Focus("next", _sorted(tried)))

    def _identify(self, scenario: Scenario, change: str = "") -> tuple[Arm, Place, list[Trial]]:
        """The limit of a scenario: what one more of everything gives, and the momentary bottleneck."""
        tried = candidates.identify(scenario)
        names = {candidates.one_more(scenario, team): team for team in scenario.spec.teams}

        def open_(found: Sequence[Trial]) -> list[str]:
            return limit.undecided(self._evidence(scenario), *_by_team(found, names))

        found = self._race(scenario, tried, open_)
        seen = self._evidence(scenario)
        place = Place(limit.name(seen, *_by_team(found, names)), seen, self.laboratory.weeks(scenario), change)
        return self._arm(scenario), place, found

    def _arm(self, scenario: Scenario) -> Arm:
        return self.laboratory.arm(TODAY, scenario, whole=True)

    def _evidence(self, scenario: Scenario) -> tuple[Evidence, ...]:
        arm = self._arm(scenario)
        months = (arm.model.horizon - arm.model.warmup) / MONTH
        return tuple(evidence(arm.summary, arm.model, months))

    def _race(self, scenario: Scenario, tried: Sequence[Candidate], goes_on: GoesOn) -> list[Trial]:
        """What changes give: all at the first look, those that may still change the answer at the last."""
        changes = {each.name: each.change for each in tried}
        counts = dict.fromkeys(changes, 0)
        found: list[Trial] = []
        going: Collection[str] = tuple(changes)
        for count in self.looks.counts:
            counts.update(dict.fromkeys(going, count))
            self.laboratory.look(
                [Wanted(scenario, count, True), *(Wanted(each.scenario, counts[each.name]) for each in tried)]
            )
            arms = [self.laboratory.arm(each.name, each.scenario, counts[each.name]) for each in tried]
            found = throughput.trials([self._arm(scenario), *arms], changes, self.looks.level)
            going = goes_on(found)
            if not going:
                break
        return found

    def _try(self, step: str, tried: Sequence[Candidate]) -> None:
        if tried:
            self.focus.append(Focus(step, _sorted(self._race(self.scenario, tried, may_win))))

    def _equation(self) -> None:
        """The terms at the first look: they are estimated, nothing is decided by them."""
        pairs = tornado.terms(self.scenario)
        tried = [each for _, two in pairs for each in two]
        if tried and self.base is not None:
            kpi = next((each for each in TERMS if self.base.estimate(each).mean), TERMS[-1])
            count = self.looks.first
            self.laboratory.look([Wanted(each.scenario, count) for each in tried])
            arms = [self.laboratory.arm(each.name, each.scenario, count) for each in tried]
            base = self.laboratory.arm(TODAY, self.scenario, count, whole=True)
            self.equation = tornado.drawn(
                [base, *arms], pairs, kpi, SHARE, (self.laboratory.sampling.seed, self.laboratory.sampling.engine)
            )

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
            self.laboratory.sampling.seed,
            self.laboratory.sampling.engine,
            funnelsim.version.VERSION,
            (*self.scenario.warnings, *said),
        )


def _sorted(found: Sequence[Trial]) -> tuple[Trial, ...]:
    """The largest gain first; what surely brings more stands before what may."""
    return tuple(sorted(found, key=lambda each: (not each.gains, -each.share)))


def _by_team(found: Sequence[Trial], names: Mapping[str, str]) -> tuple[dict[str, Trial], Trial | None]:
    """By team the trial of one more rep, and the trial of more leads."""
    teams = {names[each.name]: each for each in found if each.name in names}
    return teams, next((each for each in found if each.name not in names), None)
