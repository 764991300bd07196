"""Runs of many changes to one scenario, each made once: what was run before is not run again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelsim.engine import engines
from funnelsim.model.model import Model
from funnelsim.results.summary import Tally, tally

from ..counts import check_number, check_sampling
from ..running.arms import Arm, Sampling
from ..running.executors import in_order
from ..running.memory import Plans, check_memory
from ..running.replications import replicate
from . import limits_in_time
from .limits_in_time import LimitShares, Weeks

if TYPE_CHECKING:
    from collections.abc import Generator

    from funnelsim.scenario.scenario import Scenario

END_OF_LINE = ("advanced",)
"""What is counted of stages where only some KPIs are wanted."""


class Observation(NamedTuple):
    """What is kept of one replication."""

    tally: Tally
    weeks: Weeks | None


class Wanted(NamedTuple):
    """Replications of one scenario.

    Parameters
    ----------
    scenario : Scenario
        Which.
    number : int
        How many in all.
    whole : bool
        Whether all tables and the limit by week are wanted, and not only the KPIs of the rig.
    """

    scenario: Scenario
    number: int
    whole: bool = False


def observe(
    model: Model, seed: int, replication: int, engine: str, kpis: Collection[str] | None, **options: Any
) -> Observation:
    """Run one replication; with ``kpis`` only these are worked out. Runs in a worker process as well."""
    records = replicate(model, seed, replication, engine, False, **options)
    if kpis is None:
        return Observation(tally(records, model), limits_in_time.weeks(records, model))
    return Observation(tally(records, model, kpis, END_OF_LINE, ()), None)


class Rig:
    """Runs scenarios on the same random numbers when asked, and remembers them by their fingerprint.

    Parameters
    ----------
    sampling : Sampling
        How replications are computed; its executor, if it has one, stays open.
    kpis : collection of str
        The KPIs wanted of scenarios that are not looked at as a whole; those that a scenario does not have are
        left out.

    Raises
    ------
    FunnelsimError
        If an option makes no sense.
    """

    def __init__(self, sampling: Sampling, kpis: Collection[str]) -> None:
        check_sampling(sampling.seed, sampling.workers)
        self.engine = engines.choose(sampling.engine)
        self.seed = sampling.seed
        self._sampling = sampling
        self._kpis = frozenset(kpis)
        self._models: dict[str, Model] = {}
        self._seen: dict[tuple[str, bool], list[Observation]] = {}
        self._done = 0

    def model(self, scenario: Scenario) -> Model:
        """The compiled scenario."""
        from funnelsim.model.compile import compile_model

        found = self._models.get(scenario.fingerprint)
        if found is None:
            found = self._models[scenario.fingerprint] = compile_model(scenario)
            check_memory(found, Plans(1, 1, self.engine))
        return found

    def run(self, wanted: Iterable[Wanted]) -> None:
        """Make the replications that are still missing; first replications of all scenarios come first."""
        once: dict[tuple[str, bool], Wanted] = {}
        for each in wanted:
            key = (each.scenario.fingerprint, each.whole)
            once[key] = max(once.get(key, each), each, key=lambda these: these.number)
        check_number(max((each.number for each in once.values()), default=0), len(once))
        missing = sorted(
            (number, place, each)
            for place, each in enumerate(once.values())
            for number in range(len(self._known(each.scenario, each.whole)), each.number)
        )
        planned = self._done + len(missing)
        tasks = [
            (self.model(each.scenario), self.seed, number, self.engine, None if each.whole else self._kpis)
            for number, _, each in missing
        ]
        with closing(self._compute(tasks, planned)) as results:
            for (_, _, each), found in zip(missing, results, strict=True):
                self._seen.setdefault((each.scenario.fingerprint, each.whole), []).append(found)
                self._done += 1
                self._tell(0.0, planned)

    def arm(self, name: str, scenario: Scenario, count: int | None = None, whole: bool = False) -> Arm:
        """What the first ``count`` replications of a scenario left (default: all)."""
        seen = self._known(scenario, whole)[:count]
        return Arm(name, self.model(scenario), tuple(each.tally for each in seen))

    def weeks(self, scenario: Scenario) -> LimitShares:
        """The momentary bottleneck of a scenario that was looked at as a whole."""
        found = [each.weeks for each in self._known(scenario, True) if each.weeks is not None]
        return limits_in_time.shares(found, self.model(scenario))

    def _known(self, scenario: Scenario, whole: bool) -> list[Observation]:
        """What was seen of a scenario; whatever was seen as a whole holds its parts."""
        known = self._seen.get((scenario.fingerprint, True), [])
        parts = [] if whole else self._seen.get((scenario.fingerprint, False), [])
        return max(known, parts, key=len)

    def _compute(self, tasks: list[tuple[Any, ...]], planned: int) -> Generator[Observation]:
        if self._sampling.executor is not None:
            yield from in_order(self._sampling.executor, observe, tasks)
            return
        for task in tasks:
            yield observe(*task, **self._part(planned))

    def _part(self, planned: int) -> Mapping[str, Any]:
        if self._sampling.progress is None:
            return {}
        return {"progress": lambda share: self._tell(share, planned)}

    def _tell(self, share: float, planned: int) -> None:
        if self._sampling.progress is not None:
            self._sampling.progress(self._done + share, planned)
