"""Arms: scenarios that are run on the same random numbers, of which only what the figures need is kept.

A replication of any arm meets the same leads with the same luck, so that arms are compared replication by
replication. Records are dropped where they arose; a tally of some kilobytes stays.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import funnelsim.version
from funnelsim.engine import engines
from funnelsim.errors import FunnelsimError
from funnelsim.model.model import Model
from funnelsim.results.estimates import Estimate
from funnelsim.results.indicators import Indicator
from funnelsim.results.kpis import kpi_indicators
from funnelsim.results.stamp import Stamp
from funnelsim.results.summary import Summary, Tally, summarise, tally
from funnelsim.scenario.unpaid import unpaid_beside

from ..counts import check_number, check_sampling
from .executors import in_order, local
from .memory import Plans, check_memory
from .replications import Progress, replicate

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study import Study

Task = tuple[Model, int, int, str]
"""A model, a seed, the number of a replication, and an engine: the arguments of `tallied`."""


@dataclass(frozen=True)
class Arm:
    """One scenario of a comparison and what its replications left.

    Parameters
    ----------
    name : str
        What it is called among the others.
    model : Model
        What was run.
    tallies : tuple of Tally
        One per replication, from replication 0 on.
    """

    name: str
    model: Model
    tallies: tuple[Tally, ...]

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.tallies)

    @cached_property
    def indicators(self) -> dict[str, tuple[int, Indicator]]:
        """The KPIs by name, each with its place in a tally."""
        return {each.name: (at, each) for at, each in enumerate(kpi_indicators(self.model))}

    @cached_property
    def summary(self) -> Summary:
        """All estimates: KPIs, stages and teams."""
        return summarise(self.tallies, self.model)

    def estimate(self, kpi: str, count: int | None = None) -> Estimate:
        """A KPI over the first ``count`` replications (default: all)."""
        at, indicator = self.indicators[kpi]
        return indicator.estimate([each.kpis[at] for each in self.tallies[:count]], self.model.spec.currency)

    def figures(self, kpi: str) -> list[float | None]:
        """The KPI of each replication by itself; None where it does not exist."""
        return list(self.estimate(kpi).outcomes)


def stamp(arms: Sequence[Arm], seed: int, engine: str, version: str = funnelsim.version.VERSION) -> Stamp:
    """What made the figures of arms."""
    return Stamp({arm.name: arm.model.laid for arm in arms}, seed, engine, version)


def study_stamp(study: Study, seed: int, engine: str) -> Stamp:
    """What made the figures of a study, whose points say themselves what they have more than the base."""
    return Stamp({study.name: study.base.laid}, seed, engine, funnelsim.version.VERSION)


def tallied(
    model: Model, seed: int, replication: int, engine: str, only: Sequence[str] | None = None, **options: Any
) -> Tally:
    """The tally of one replication, or only its terms of some KPIs; runs in a worker process as well."""
    records = replicate(model, seed, replication, engine, False, **options)
    return tally(records, model) if only is None else tally(records, model, only, (), ())


@dataclass(frozen=True)
class Sampling:
    """How replications are computed.

    Parameters
    ----------
    seed : int
        The same for all arms.
    engine : str
        Name of an engine, or ``auto``.
    workers : int
        Threads or processes at the same time.
    executor : Executor, optional
        What runs them instead, such as that of a cluster.
    progress : callable, optional
        Called with the replications done and planned, of all arms together.
    """

    seed: int = 1
    engine: str = "auto"
    workers: int = 1
    executor: Executor | None = None
    progress: Progress | None = None


@dataclass
class Bench:
    """Arms under way: runs more replications when asked, and keeps what is done when interrupted.

    With several workers they live as long as the bench, which is a context manager for that.
    """

    models: Mapping[str, Model]
    sampling: Sampling
    engine: str
    tallies: dict[str, list[Tally]] = field(default_factory=dict)
    pool: Executor | None = None

    def __post_init__(self) -> None:
        self.tallies = {name: [] for name in self.models}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self.pool is not None:
            self.pool.shutdown(wait=kind is None, cancel_futures=True)
            self.pool = None

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms with all that is done."""
        return tuple(Arm(name, model, tuple(self.tallies[name])) for name, model in self.models.items())

    @property
    def paired(self) -> tuple[Arm, ...]:
        """The arms with the replications that all of them have."""
        fewest = min(len(each) for each in self.tallies.values())
        return tuple(Arm(arm.name, arm.model, arm.tallies[:fewest]) for arm in self.arms)

    def extend(self, counts: int | Mapping[str, int]) -> None:
        """Run replications until each arm has so many; all arms of a replication before the next replication."""
        wanted = dict.fromkeys(self.models, counts) if isinstance(counts, int) else dict(counts)
        check_number(max(wanted.values(), default=0), len(wanted))
        missing = sorted(
            (number, place, name)
            for place, name in enumerate(self.models)
            for number in range(len(self.tallies[name]), wanted.get(name, 0))
        )
        already = sum(map(len, self.tallies.values()))
        planned = already + len(missing)
        tasks = [(self.models[name], self.sampling.seed, number, self.engine) for number, _, name in missing]
        with closing(self._compute(tasks, already, planned)) as results:
            for done, ((_, _, name), each) in enumerate(zip(missing, results, strict=True), already + 1):
                self.tallies[name].append(each)
                self._tell(done, planned)

    def _compute(self, tasks: Sequence[Task], already: int, planned: int) -> Generator[Tally]:
        executor = self._executor()
        if executor is None:
            for place, task in enumerate(tasks, already):
                yield tallied(*task, **self._part(place, planned))
            return
        yield from in_order(executor, tallied, tasks)

    def _executor(self) -> Executor | None:
        """Where replications run; None for here."""
        if self.sampling.executor is not None or self.sampling.workers == 1:
            return self.sampling.executor
        if self.pool is None:
            self.pool = local(self.engine, self.sampling.workers)
        return self.pool

    def _part(self, place: int, planned: int) -> dict[str, Any]:
        if self.sampling.progress is None:
            return {}
        return {"progress": lambda share: self._tell(place + share, planned)}

    def _tell(self, done: float, planned: int) -> None:
        if self.sampling.progress is not None:
            self.sampling.progress(done, planned)


def warned(scenarios: Mapping[str, Scenario]) -> list[str]:
    """What looks like a slip in each of several scenarios, and in them side by side."""
    said = [type(text)(f"{name}: {text}") for name, each in scenarios.items() for text in each.warnings]
    return [
        *said,
        *unpaid_beside({name: [period.spec for period in each.periods] for name, each in scenarios.items()}),
    ]


def bench(scenarios: Mapping[str, Scenario], sampling: Sampling) -> Bench:
    """Compile scenarios for running side by side.

    Raises
    ------
    FunnelsimError
        If there are fewer than two, or an option makes no sense.
    """
    from funnelsim.model.compile import compile_model

    check_sampling(sampling.seed, sampling.workers)
    if len(scenarios) < 2:
        raise FunnelsimError(f"a comparison needs at least two scenarios, but got {len(scenarios)}")
    engine = engines.choose(sampling.engine)
    models = {name: compile_model(each) for name, each in scenarios.items()}
    for model in models.values() if sampling.executor is None else ():
        check_memory(model, Plans(sampling.workers, sampling.workers, engine))
    return Bench(models, sampling, engine)
