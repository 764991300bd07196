"""Answers to what-if questions, which grow more certain while one looks.

Today's line and the changed one run on the same random numbers, side by side. An answer is given after 1, 2, 4, 8,
16 and 32 replications. Its intervals are repeated confidence intervals (see `statistics.looks`): whoever looks at
each of them and stops at the first that excludes zero is wrong in at most 5 % of questions, as in `compare`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.model.balance.loads import expected
from funnelsim.model.balance.size import size_of
from funnelsim.model.compile import compile_model
from funnelsim.results.measures.kpis import unspoken

from ..comparison.judging import Finding, judge
from ..running.arms import Arm, result_of, tallied
from ..running.laboratory import Batch, Laboratory, Sampling
from ..running.memory import Plans, check_memory
from ..statistics.looks import levels
from ..statistics.paired import Level, Verdict
from ..study.question import Question, main_kpis

if TYPE_CHECKING:
    from funnelsim.model.model import Model
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario

STEPS = (1, 2, 4, 8, 16, 32)
"""Replications after which an answer is given."""

FIRST_VERDICT = 4
"""Replications from which on an answer has intervals and says more, less or no difference."""

LOOKS = tuple(step for step in STEPS if step >= FIRST_VERDICT)
"""Steps at which it is decided whether there is a difference."""

MOST_EVENTS = 30_000_000
"""Events of one replication at most, which take some fifteen seconds; they grow with the horizon and the leads."""

MOST_KEPT = 200
"""Scenarios whose replications are kept; each takes some kilobytes a replication."""

BESIDE = ("arr_end", "cycle_time", "response_time", "logo_churn")
"""KPIs that are shown beside the main ones, where a scenario has them."""

SECONDS = {True: 5.0, False: 60.0}
"""About how long the engine is compiled: from the text that is shipped, or from its sources."""

TODAY, ASKED = "today", "asked"


class TooLargeError(FunnelsimError):
    """A question whose replications would take too long to wait for.

    Parameters
    ----------
    events : float
        Of one replication.
    """

    def __init__(self, events: float, code: str = "") -> None:
        self.events = events
        super().__init__(
            f"one replication would have about {events:,.0f} events, and here at most {MOST_EVENTS:,} are "
            "computed; take a shorter horizon or fewer leads, or use `funnelsim compare`, which computes any",
            code=code,
        )


def level(replications: int) -> Level:
    """From the error over all looks to the level of the look after so many replications."""
    taken = tuple(look for look in LOOKS if look <= replications)
    return lambda alpha: levels(taken, LOOKS[-1], alpha)[-1]


@dataclass(frozen=True)
class Answer:
    """What is known after some replications.

    Parameters
    ----------
    today, asked : Arm
        The line as it is, and with what was moved; the same where nothing was.
    seed : int
        Of both.
    engine : str
        What computed them.
    """

    today: Arm
    asked: Arm
    seed: int
    engine: str

    @property
    def replications(self) -> int:
        """Of each."""
        return self.asked.replications

    @property
    def is_impression(self) -> bool:
        """Whether it is too early for intervals."""
        return self.replications < FIRST_VERDICT

    @property
    def is_same(self) -> bool:
        """Whether nothing is moved that decides any figure."""
        return self.asked.model.fingerprint == self.today.model.fingerprint

    @cached_property
    def main(self) -> tuple[Finding, ...]:
        """The KPIs that `compare` looks at; their intervals hold together in 95 % of questions."""
        return self._judged(main_kpis((self.today, self.asked)))

    @cached_property
    def beside(self) -> tuple[Finding, ...]:
        """Further KPIs; their intervals hold together likewise, by themselves."""
        silent = unspoken(self.asked.model) | unspoken(self.today.model)
        known = [kpi for kpi in BESIDE if kpi in self.asked.indicators and kpi in self.today.indicators]
        return self._judged(tuple(kpi for kpi in known if kpi not in silent))

    def _judged(self, kpis: tuple[str, ...]) -> tuple[Finding, ...]:
        found = judge(
            (self.today, self.asked), Question(TODAY, kpis, {}), level(max(self.replications, FIRST_VERDICT))
        )
        if not self.is_impression or self.is_same:
            return tuple(found)
        return tuple(replace(each, low=None, high=None, verdict=_early(each.verdict)) for each in found)

    @property
    def decided(self) -> bool:
        """Whether every main KPI is known to be more, less or no different."""
        return not self.is_impression and all(each.verdict is not Verdict.OPEN for each in self.main)

    @property
    def last(self) -> bool:
        """Whether no further answer follows."""
        return (self.decided and not self.is_same) or self.replications >= STEPS[-1]

    @cached_property
    def result(self) -> Result:
        """The changed line, for pictures of it; of single leads nothing is kept."""
        return result_of(self.asked, self.seed, self.engine)


def _early(verdict: Verdict) -> Verdict:
    return verdict if verdict is Verdict.NONE else Verdict.OPEN


class Asker:
    """Answers questions about one line, one after the other, and keeps what was computed.

    Parameters
    ----------
    today : Scenario
        The line as it is.
    seed : int
        Of all replications.

    Raises
    ------
    TooLargeError
        If a replication of the line takes too long to wait for.
    """

    def __init__(self, today: Scenario, seed: int = 1) -> None:
        self.today = today
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._stop: Callable[[], object] = lambda: False
        self._stopped = False
        self._lock = Lock()
        self._laboratory = Laboratory(Sampling(seed, progress=self._tell))
        self._base = self._model(today)

    @property
    def kept(self) -> int:
        """Scenarios whose replications are kept."""
        return len(self._models)

    def check(self, asked: Scenario) -> None:
        """Refuse a question whose replications would take too long.

        Raises
        ------
        TooLargeError
            With the number of events.
        """
        self._model(asked)

    def done(self, asked: Scenario) -> int:
        """Replications of the last answer that was given to a question, or of the last that there can be."""
        made = len(self._laboratory.kept(asked.fingerprint))
        return max((step for step in STEPS if step <= made), default=STEPS[-1])

    def last(self, asked: Scenario) -> Answer | None:
        """The last answer that was given to a question; None where there is none yet."""
        model, kept = self._model(asked), self._laboratory.kept
        made = min(len(kept(each.fingerprint)) for each in (self._base, model))
        step = max((step for step in STEPS if step <= made), default=0)
        return self._answer(model, step) if step else None

    def answers(self, asked: Scenario, stop: Callable[[], object] = lambda: False) -> Iterator[Answer]:
        """Answers after 1, 2, 4, ... replications, until all is decided or 32 are done.

        Parameters
        ----------
        asked : Scenario
            The line with what was moved.
        stop : callable
            Asked before each replication, and within long ones; answers end where it gives something true.

        Raises
        ------
        TooLargeError
            If a replication takes too long to wait for.
        """
        model = self._model(asked)
        for step in STEPS:
            answer = self._after(step, model, stop)
            if answer is None:
                return
            yield answer
            if answer.last:
                return

    def _after(self, step: int, model: Model, stop: Callable[[], object]) -> Answer | None:
        self._stop, self._stopped = stop, False
        base = self._base
        try:
            if self._goes_on():
                different = [model] if model.fingerprint != base.fingerprint else []
                self._laboratory.run([Batch(each.fingerprint, each, step, tallied) for each in (base, *different)])
        except KeyboardInterrupt:
            if not self._stopped:
                raise
        return None if self._stopped else self._answer(model, step)

    def _answer(self, model: Model, step: int) -> Answer:
        sampling = self._laboratory.sampling
        arms = self._arm(TODAY, self._base, step), self._arm(ASKED, model, step)
        return Answer(*arms, sampling.seed, sampling.engine)

    def _arm(self, name: str, model: Model, count: int) -> Arm:
        return Arm(name, model, tuple(self._laboratory.kept(model.fingerprint)[:count]))

    def _tell(self, done: float, planned: int) -> None:
        if not self._goes_on():
            raise KeyboardInterrupt

    def _goes_on(self) -> bool:
        self._stopped = self._stopped or bool(self._stop())
        return not self._stopped

    @property
    def compiles_for(self) -> float | None:
        """Seconds for which the engine has to be compiled before the first answer; None if it is ready."""
        if self._laboratory.sampling.engine != "compiled":
            return None
        from funnelsim.engine.compiled.kernel import FROM_TEXT, advance

        notice = advance.notice()
        return None if notice is None else SECONDS[notice == FROM_TEXT]

    def _model(self, scenario: Scenario) -> Model:
        """The model of a scenario, the latest ones kept; questions may be checked while another is answered."""
        with self._lock:
            return self._remembered(scenario)

    def _remembered(self, scenario: Scenario) -> Model:
        known = self._models.get(scenario.fingerprint)
        if known is None:
            known = compile_model(scenario)
            _refuse_large(known)
            check_memory(known, Plans(1, 1, self._laboratory.sampling.engine))
            self._models[scenario.fingerprint] = known
        self._models.move_to_end(scenario.fingerprint)
        while len(self._models) > MOST_KEPT:
            oldest = next(each for each in self._models if each != self._base.fingerprint)
            del self._models[oldest]
            self._laboratory.forget(oldest)
        return known


def _refuse_large(model: Model) -> None:
    size = size_of(model, expected(model))
    if size.events > MOST_EVENTS:
        raise TooLargeError(size.events, code="E-size-question")
