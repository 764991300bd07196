"""Arms: scenarios that are run on the same random numbers, of which only what the figures need is kept.

A replication of any arm meets the same leads with the same luck, so that arms are compared replication by
replication. Records are dropped where they arose; a tally of some kilobytes stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

import funnelsim.version
from funnelsim.errors import FunnelsimError, Warned
from funnelsim.model.model import Model
from funnelsim.results.estimates import Estimate
from funnelsim.results.measures.groups.asked import groupings
from funnelsim.results.measures.groups.members import Grouping
from funnelsim.results.measures.indicators import Indicator
from funnelsim.results.measures.kpis import kpi_indicators
from funnelsim.results.measures.periods.per_period import every_kpi
from funnelsim.results.measures.summary import Summary, Tally, summarise, tally
from funnelsim.results.places import Place, places_of
from funnelsim.results.reading import Reading
from funnelsim.results.result import Result
from funnelsim.results.stamp import Stamp
from funnelsim.results.worlds import Worlds, over_rows
from funnelsim.scenario.checking.unpaid import unpaid_beside

from ..counts import check_number
from .laboratory import Batch, Laboratory, Sampling
from .memory import Plans, check_memory
from .replications import replicate

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study.study import Study

    from .worlds import Asked, Drawn


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
    over : Worlds, optional
        How its replications are outcomes of worlds, and what was run beside them.
    """

    name: str
    model: Model
    tallies: tuple[Tally, ...]
    over: Worlds | None = None

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.tallies)

    @cached_property
    def indicators(self) -> dict[str, tuple[int, Indicator]]:
        """The KPIs by name, those per year, quarter and month too, each with the place of its terms in a tally.

        Behind them are the figures of stages and teams.
        """
        found = every_kpi(self.model)
        return found | {name: (place.at, place.indicator) for name, place in self.places.items()}

    @cached_property
    def places(self) -> dict[str, Place]:
        """The figures of single stages and teams, such as ``stages.propose.wait``."""
        return places_of(self.model)

    @cached_property
    def summary(self) -> Summary:
        """All estimates: KPIs, stages and teams."""
        return over_rows(lambda tallies: summarise(tallies, self.model), self.tallies, self.over)

    def estimate(self, kpi: str, count: int | None = None) -> Estimate:
        """A KPI, or a figure of a stage or team, over the first ``count`` replications (default: all)."""
        return over_rows(lambda tallies: self.figure(kpi, tallies), self.tallies[:count], self.over)

    def figure(self, kpi: str, tallies: Sequence[Tally]) -> Estimate:
        """The same over any replications of this arm."""
        at, indicator = self.indicators[kpi]
        found = self.places.get(kpi)
        if found is None:
            rows = [each.kpis[at] for each in tallies]
        else:
            tables = [getattr(each, found.table)[at] for each in tallies]
            rows = [tuple(term[found.place] for term in terms) for terms in tables]
        return indicator.estimate(rows, self.model.spec.currency)

    def figures(self, kpi: str) -> list[float | None]:
        """The KPI of each replication by itself; None where it does not exist."""
        return list(self.estimate(kpi).outcomes)


def result_of(arm: Arm, seed: int, engine: str, version: str = funnelsim.version.VERSION) -> Result:
    """An arm as a result, for pictures and tables of it; of single leads nothing is kept."""
    nothing = np.zeros(0, dtype=np.int64)
    readings = [Reading(each, nothing, nothing.astype(np.int16), None) for each in arm.tallies]
    return Result(arm.model, readings, seed, engine, version, over=arm.over)


def stamp(arms: Sequence[Arm], seed: int, engine: str, version: str = funnelsim.version.VERSION) -> Stamp:
    """What made the figures of arms."""
    return Stamp({arm.name: arm.model.laid for arm in arms}, seed, engine, version)


def study_stamp(study: Study, seed: int, engine: str) -> Stamp:
    """What made the figures of a study, whose points say themselves what they have more than the base."""
    return Stamp({study.name: study.base.laid}, seed, engine, funnelsim.version.VERSION)


def tallied(
    model: Model,
    seed: int,
    replication: int,
    engine: str,
    only: Sequence[str] | None = None,
    by: Sequence[Grouping] = (),
    **options: Any,
) -> Tally:
    """The tally of one replication, or only its terms of some KPIs; runs in a worker process as well.

    ``by`` says what KPIs are divided by as well.
    """
    records = replicate(model, seed, replication, engine, False, keep=bool(by), **options)
    if only is None:
        return tally(records, model, by=by)
    known, every = every_kpi(model), kpi_indicators(model)
    terms = {
        every[known[kpi][0]].name for kpi in only if kpi in known
    }  # a KPI per year has those of the whole time
    tables = None if any(kpi not in known for kpi in only) else ()  # figures of stages, teams and handoffs
    return tally(records, model, terms, tables, tables)


class Arms:
    """Arms under way: has more replications made when asked, and keeps what is done when it is stopped.

    With several workers they live as long as it does, which is a context manager for that.

    Parameters
    ----------
    models : mapping of str to Model
        The scenarios by name.
    sampling : Sampling
        How replications are computed.
    by : sequence of Grouping
        What KPIs are divided by as well.
    worlds : mapping of str to Drawn
        The same scenarios over worlds, if they are to be run so.
    asked : Asked, optional
        Which worlds.
    """

    def __init__(
        self,
        models: Mapping[str, Model],
        sampling: Sampling,
        by: Sequence[Grouping] = (),
        worlds: Mapping[str, Drawn] | None = None,
        asked: Asked | None = None,
    ) -> None:
        self.models = models
        self.by = tuple(by)
        self.worlds = worlds or {}
        self.asked = asked
        self.sampling = sampling
        self._laboratory = Laboratory(sampling)

    def __enter__(self) -> Self:
        self._laboratory.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._laboratory.__exit__(kind, error, trace)

    @property
    def engine(self) -> str:
        """Name of the engine."""
        return self.sampling.engine

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms with all that is done."""
        return tuple(self._arm(name, len(self._laboratory.kept(name))) for name in self.models)

    @property
    def paired(self) -> tuple[Arm, ...]:
        """The arms with the replications that all of them have."""
        fewest = min(len(self._laboratory.kept(name)) for name in self.models)
        return tuple(self._arm(name, fewest) for name in self.models)

    def _arm(self, name: str, done: int) -> Arm:
        """An arm with so many replications, of which those behind the last world are worlds once more."""
        model, asked = self.models[name], self.asked
        made = tuple(self._laboratory.kept(name)[:done])
        if asked is None:
            return Arm(name, model, made)
        first, again = made[: asked.count], made[asked.count :]
        guess = tuple(self._laboratory.kept((name, BEST_GUESS))[: len(first)])
        how = replace(asked.how, worlds=len(first), pairs=len(again))
        return Arm(name, model, first, Worlds(how, again, guess))

    def run_worlds(self) -> None:
        """Run all worlds that were asked for, and the best guess beside them."""
        asked = self.asked
        if asked is None:
            return
        check_number(asked.runs, 2 * len(self.models))
        batches = [Batch(name, self.worlds[name], asked.runs, tallied, (None, self.by)) for name in self.models]
        batches += [
            Batch((name, BEST_GUESS), model, asked.count, tallied, (None, self.by))
            for name, model in self.models.items()
        ]
        self._laboratory.run(batches)

    def extend(self, counts: int | Mapping[str, int]) -> None:
        """Run replications until each arm has so many; all arms of a replication before the next replication."""
        wanted = dict.fromkeys(self.models, counts) if isinstance(counts, int) else counts
        check_number(max(wanted.values(), default=0), len(wanted))
        self._laboratory.run(
            Batch(name, model, wanted.get(name, 0), tallied, (None, self.by))
            for name, model in self.models.items()
        )


def warned(scenarios: Mapping[str, Scenario]) -> list[Warned]:
    """What looks like a slip in each of several scenarios, and in them side by side."""
    by_text: dict[Warned, list[str]] = {}
    for name, each in scenarios.items():
        for text in each.warnings:
            by_text.setdefault(text, []).append(name)
    said = []
    for text, names in by_text.items():
        places = ["in all"] if len(names) == len(scenarios) > 1 else names
        said += [text.after(f"{place}: ") for place in places]
    return [
        *said,
        *unpaid_beside({name: [period.spec for period in each.periods] for name, each in scenarios.items()}),
    ]


BEST_GUESS = "best guess"
"""What the replications of a file as it stands are kept under, beside those of worlds."""


def side_by_side(
    scenarios: Mapping[str, Scenario], sampling: Sampling, by: Sequence[str] = (), worlds: Asked | None = None
) -> Arms:
    """Compile scenarios for running side by side; ``by`` says what KPIs are divided by as well.

    Raises
    ------
    FunnelsimError
        If there are fewer than two, KPIs cannot be divided so, or one does not fit into memory.
    """
    from funnelsim.model.compile import compile_model

    if len(scenarios) < 2:
        raise FunnelsimError(
            f"a comparison needs at least two scenarios, but got {len(scenarios)}", code="E-arms-few"
        )
    models = {name: compile_model(each) for name, each in scenarios.items()}
    divided = groupings(by, tuple(models.values()))
    for model in models.values() if sampling.executor is None else ():
        check_memory(model, Plans(sampling.at_once, sampling.at_once, sampling.engine, divided=bool(by)))
    if worlds is None:
        return Arms(models, sampling, divided)
    worlds.check_groups(by)
    drawn = {name: worlds.of(each, models[name]) for name, each in scenarios.items()}
    return Arms(models, sampling, divided, drawn, worlds)
