"""Runs of many changes to one scenario, each made once: what was run before is not run again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelsim.model.model import Model
from funnelsim.results.measures.summary import Tally, tally

from ..counts import check_number
from ..running.arms import Arm
from ..running.laboratory import Batch, Laboratory, Sampling
from ..running.memory import Plans, check_memory
from ..running.replications import replicate
from . import limits_in_time
from .limits_in_time import LimitShares, Weeks

if TYPE_CHECKING:
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
        Whether all tables and the limit by week are wanted, and not only the KPIs of the laboratory.
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


class ScenarioLaboratory(Laboratory):
    """Runs scenarios on the same random numbers when asked, and remembers them by their fingerprint.

    Parameters
    ----------
    sampling : Sampling
        How replications are computed.
    kpis : collection of str
        The KPIs wanted of scenarios that are not looked at as a whole; those that a scenario does not have are
        left out.
    """

    def __init__(self, sampling: Sampling, kpis: Collection[str]) -> None:
        super().__init__(sampling)
        self._kpis = frozenset(kpis)
        self._models: dict[str, Model] = {}

    def model(self, scenario: Scenario) -> Model:
        """The compiled scenario."""
        from funnelsim.model.compile import compile_model

        found = self._models.get(scenario.fingerprint)
        if found is None:
            found = self._models[scenario.fingerprint] = compile_model(scenario)
            check_memory(found, Plans(1, 1, self.sampling.engine))
        return found

    def look(self, wanted: Iterable[Wanted]) -> None:
        """Make the replications that are still missing; first replications of all scenarios come first."""
        once: dict[tuple[str, bool], Wanted] = {}
        for each in wanted:
            key = (each.scenario.fingerprint, each.whole)
            once[key] = max(once.get(key, each), each, key=lambda these: these.number)
        check_number(max((each.number for each in once.values()), default=0), len(once))
        self.run([self._batch(each) for each in once.values()])

    def _batch(self, wanted: Wanted) -> Batch:
        """What is wanted of a scenario; nothing where as much was seen of it as a whole."""
        scenario, number, whole = wanted
        count = 0 if len(self._known(scenario, whole)) >= number else number
        kept = None if whole else self._kpis
        return Batch((scenario.fingerprint, whole), self.model(scenario), count, observe, (kept,))

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
        known = self.kept((scenario.fingerprint, True))
        parts = [] if whole else self.kept((scenario.fingerprint, False))
        return max(known, parts, key=len)
