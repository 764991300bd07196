"""Replications of one scenario: a fixed number, or as many as a precision needs.

A run is the same whatever the number of workers: each replication has random numbers of its own, results
are put in the order of the replications, and the decision to go on is taken at numbers of replications that
do not depend on how many were computed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import funnelsim.version
from funnelsim.arguments import checked
from funnelsim.engine import engines
from funnelsim.errors import FunnelsimError, Warned
from funnelsim.text import number_of

from ..counts import check_number
from ..statistics.precision import needed, only_one
from ..stopping import Stopped, as_kept
from .executors import Work
from .laboratory import Batch, Laboratory, Progress, Sampling
from .memory import Plans, check_memory, out_of_memory
from .worlds import Inputs, asked, outright

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from funnelsim.engine.simpy_engine.own.hooks import Hook
    from funnelsim.model.model import Model
    from funnelsim.model.records import Records
    from funnelsim.results.estimates import Estimate
    from funnelsim.results.measures.groups.members import Grouping
    from funnelsim.results.reading import Reading
    from funnelsim.results.result import Result
    from funnelsim.scenario.scenario import Scenario

FEWEST = 10
"""Replications before an interval is trusted to say how many are needed."""

MOST = 200
"""Replications after which a precision that was not reached is given up, with a warning."""

UNUSED = (
    "uncertain: this run takes the numbers as they stand; the file names {number:,} draws of them, and "
    "`--worlds N` (`worlds` in Python) says what not knowing them makes of it (`--inputs none`: not asked for)"
)

PRECISION_KPIS = ("won", "lost", "created")
"""What precision is measured on: the first of these that has a mean other than 0."""


class Interrupted(Stopped):
    """The user stopped a run; ``result`` holds what was done, or None if no replication had ended."""

    result: Result | None = as_kept()


@dataclass(frozen=True)
class Plan:
    """How many replications to make.

    Parameters
    ----------
    replications : int or None
        A fixed number, or None for as many as the precision needs.
    precision : float
        Half-width of the 95 % interval asked for, as a share of the mean.
    kpis : tuple of str
        The KPIs it is asked of, all of them; empty takes the first of `PRECISION_KPIS` that is not 0.
    """

    replications: int | None = None
    precision: float = 0.05
    kpis: tuple[str, ...] = ()

    @classmethod
    def of(cls, replications: int | None, share: float | None, kpis: tuple[str, ...]) -> Plan:
        """The plan that a user's options ask for."""
        only_one(replications, share)
        return cls(replications, cls.precision if share is None else share, kpis)

    def __post_init__(self) -> None:
        if self.replications is not None and self.replications < 1:
            raise FunnelsimError(
                f"replications must be at least 1, but got {self.replications}", code="E-replications-range"
            )
        check_number(self.replications or 1)
        if not 0 < self.precision < 1:
            raise FunnelsimError(
                f"precision must lie between 0 and 1 (such as 0.05), but got {self.precision}",
                code="E-precision-range",
            )

    @property
    def first(self) -> int:
        """Replications before the first look at the results."""
        return FEWEST if self.replications is None else self.replications


@checked
def simulate(
    scenario: Scenario,
    *,
    replications: int | None = None,
    precision: float | None = None,
    kpi: str | Sequence[str] | None = None,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    events: bool = False,
    records: bool = True,
    by: str | Sequence[str] = (),
    progress: Progress | None = None,
    hooks: Sequence[Hook] = (),
    inputs: Inputs = None,
    worlds: int | None = None,
    pairs: int | None = None,
) -> Result:
    """Run a scenario and return its results.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    replications : int, optional
        How many times, each with its own random numbers. By default at least 10, and as many as `precision`
        needs, up to 200.
    precision : float, optional
        Half-width of the 95 % interval of the main KPI, as a share of its mean; by default 0.05, unless
        `replications` is given.
    kpi : str or sequence of str, optional
        The KPIs that precision is asked of, each of them; by default ``won``, or ``lost`` or ``created`` where it
        is 0. Intervals must stay narrow for some more replications (see `precision`), as the first that is
        narrow may be so by luck.
    seed : int
        The same seed gives the same results.
    engine : {"auto", "simpy", "compiled"}
        What computes the run; the results do not depend on it.
    workers : int
        Threads (of the compiled engine) or processes that compute replications at the same time. The results do
        not depend on it. With processes a script needs the usual ``if __name__ == "__main__":`` around it.
    executor : Executor, optional
        What computes them instead: any `concurrent.futures.Executor`, such as that of a cluster. Records that are
        kept are sent from there.
    events : bool
        Whether to keep the full event log.
    records : bool
        Whether to keep the records of each replication. Without them only the figures stay, and of each lead how
        long it took to which outcome: some ten bytes. On the compiled engine a long replication (from some 260,000
        visits on) then has its records in temporary files until its figures are known, in the folder that
        ``TMPDIR`` names; on the engine ``simpy``, and with `events`, they are in memory until then.
    by : {"segment", "source", "territory", "rep"} or sequence of them
        What KPIs are divided by as well (`Result.by`). Records that are kept can be divided afterwards; of others
        it must be said before.
    progress : callable, optional
        Called with the replications done and the number planned so far. Where it returns False, the work
        stops as on Ctrl-C.
    hooks : sequence of Hook, optional
        Own rules and observers (`QueueRule`, `RoutingRule`, `Observer`). They run on the engine ``simpy``; where
        another was asked for, a warning says so. Observers need one worker and no executor, since they watch from
        this process.
    inputs : path, sequence of mapping, or "none", optional
        Draws of uncertain inputs: a file (CSV, whose columns are paths, or JSON, one change fragment a line), or
        the change fragments. By default those that the scenario names under ``uncertain``, if ``worlds`` is given.
    worlds : int, optional
        How many worlds to run instead of plain replications; by default one for each draw where ``inputs`` are
        given. World w has draw w and the luck of replication w; more worlds than draws go round again. Records of
        worlds are not kept. See docs/worlds.md.
    pairs : int, optional
        How many of the first worlds are run once more with other luck, to tell luck from not knowing; by default a
        tenth, at least 10.

    Returns
    -------
    Result
        Tables, records and pictures of the run.

    Raises
    ------
    FunnelsimError
        If an option makes no sense.
    SpaceError
        If the replications do not fit into memory, or their temporary files find no room.
    Interrupted
        On Ctrl-C; carries the result of the replications that were done.

    Examples
    --------
    >>> import funnelsim as fs
    >>> desk = fs.load("scenarios/one_desk.yaml")  # doctest: +SKIP
    >>> fs.simulate(desk, replications=30).kpis  # doctest: +SKIP
    """
    from funnelsim.engine.simpy_engine.own.hooks import check_hooks
    from funnelsim.model.balance import loads
    from funnelsim.model.compile import compile_model
    from funnelsim.results.measures.groups.asked import groupings

    plan = Plan.of(replications, precision, _names(kpi))
    plain = {"replications": replications, "precision": precision, "events": events or None}
    drawn = asked({scenario.name: scenario}, inputs, worlds, pairs, plain)
    sampling = Sampling(seed, engines.choose(engine, hooked=bool(hooks)), workers, executor, progress)
    model = compile_model(scenario)
    _check_kpis(plan.kpis, model)
    divided = groupings(_names(by), (model,))
    if hooks:
        check_hooks(hooks, model.team_names, here=workers == 1 and executor is None)
    elsewhere = f"hooks are Python, so this ran on {sampling.engine} instead of {engine}"
    doubts = (*loads.doubts(model), *((elsewhere,) if engine not in ("auto", sampling.engine) else ()))
    if drawn is not None:
        from .over_worlds import OverWorlds

        doubts = (*doubts, *outright(scenario, drawn.draws))
        return OverWorlds(scenario, model, drawn, sampling, divided, tuple(hooks), doubts).run()
    if scenario.draws is not None and inputs is None:
        doubts = (*doubts, Warned(UNUSED.format(number=len(scenario.draws.rows)), "W-uncertain-unused"))
    keep = Kept(events, records or events, divided)
    return _Experiment(scenario, model, plan, sampling, keep, tuple(hooks), doubts).run()


def relative_half_width(result: Result, kpi: str | Sequence[str] | None = None) -> tuple[str, float] | None:
    """The KPI that is known worst, and the half-width of its interval as a share of its mean.

    Of the KPIs that are named, or else of the first main one that can be measured; None if there is none with both
    an interval and a mean other than 0.

    Raises
    ------
    FunnelsimError
        If there is no KPI of that name.
    """
    names = _names(kpi)
    _check_kpis(names, result.model)
    found = _relative_widths(result.every_kpi.__getitem__, names)
    return max(found.items(), key=lambda item: item[1], default=None)


def _names(kpi: str | Sequence[str] | None) -> tuple[str, ...]:
    return (kpi,) if isinstance(kpi, str) else tuple(kpi or ())


def _relative_widths(estimate: Callable[[str], Estimate], kpis: Sequence[str]) -> dict[str, float]:
    """Half-widths as shares of the means; of the first main KPI that has one where none is named."""
    found: dict[str, float] = {}
    for name in kpis or PRECISION_KPIS:
        each = estimate(name)
        if each.mean and each.half is not None:
            found[name] = each.half / abs(each.mean)
            if not kpis:
                break
    return found


def _check_kpis(kpis: Sequence[str], model: Model) -> None:
    from funnelsim.results.measures.catalogue import unknown_kpi
    from funnelsim.results.measures.periods.per_period import every_kpi

    known = every_kpi(model)
    for kpi in kpis:
        if kpi not in known:
            raise FunnelsimError(unknown_kpi(kpi, known), code="E-kpi-unknown")


def replicate(
    model: Model,
    seed: int,
    replication: int,
    engine: str,
    events: bool,
    hooks: tuple[Hook, ...] = (),
    keep: bool = False,
    **options: Any,
) -> Records:
    """One replication, its flow of leads checked; runs in a worker process as well.

    Unless they are to be kept, the records of a long one may lie on disk, as long as they are used.
    """
    from funnelsim.results import conservation

    if hooks:
        options["hooks"] = hooks
    if not keep and engine in engines.SPOOL:
        options["rows"] = engines.ROWS
    try:
        records = engines.runner(engine)(model, seed, replication, events=events, **options)
        conservation.check(records, model)
    except MemoryError as error:
        raise out_of_memory(replication) from error
    return records


def reading(
    model: Model,
    seed: int,
    replication: int,
    engine: str,
    kept: Kept,
    hooks: tuple[Hook, ...],
    **options: Any,
) -> Reading:
    """One replication, read where it was made, so that several are read at the same time."""
    from funnelsim.results.reading import read

    records = replicate(model, seed, replication, engine, kept.events, hooks, kept.in_memory, **options)
    return read(records, model, kept.records, kept.by)


@dataclass(frozen=True)
class Kept:
    """What is kept of each replication: its event log, its records, and KPIs divided by what ``by`` names."""

    events: bool = False
    records: bool = False
    by: tuple[Grouping, ...] = ()

    @property
    def in_memory(self) -> bool:
        """Whether records may not lie on disk: groups are picked out of whole columns."""
        return self.records or bool(self.by)


@dataclass
class _Experiment:
    """One call of `simulate`."""

    scenario: Scenario
    model: Model
    plan: Plan
    sampling: Sampling
    kept: Kept
    hooks: tuple[Hook, ...] = ()
    doubts: tuple[str, ...] = ()  # about the engine and the loads

    def run(self) -> Result:
        laboratory = Laboratory(self.sampling, Work.RECORDS)
        done: list[Reading] = laboratory.kept(self.model.fingerprint)
        planned = self.plan.first
        try:
            with laboratory:
                while len(done) < planned:
                    check_memory(self.model, self._together(planned))
                    rest = (self.kept, self.hooks)
                    laboratory.run([Batch(self.model.fingerprint, self.model, planned, reading, rest)])
                    planned = self._planned(done)
            return self._result(done)
        except KeyboardInterrupt:
            stopped = (f"stopped by the user after {len(done):,} of {number_of(planned, 'replication')}",)
            kept_result = self._result(done, stopped) if done else None
            raise Interrupted(
                kept_result, f"stopped after {number_of(len(done), 'replication')}", len(done)
            ) from None

    def _together(self, planned: int) -> Plans:
        """What is to be in memory of this machine; what a given executor has is not known."""
        at_once = min(self.sampling.at_once, planned)
        kept = self.kept
        return Plans(planned, at_once, self.sampling.engine, kept.records, kept.events, bool(kept.by))

    def _planned(self, done: Sequence[Reading]) -> int:
        """Replications that the precision asks for, by the widths of the intervals so far."""
        if self.plan.replications is not None:
            return len(done)
        from .arms import Arm

        arm = Arm("", self.model, tuple(each.tally for each in done))

        def widths(count: int) -> dict[str, float]:
            found = _relative_widths(lambda kpi: arm.estimate(kpi, count), self.plan.kpis)
            return {name: width / self.plan.precision for name, width in found.items()}

        return needed(widths, len(done), MOST)

    def _result(self, done: Sequence[Reading], warnings: tuple[str, ...] = ()) -> Result:
        every = (*self.scenario.warnings, *self.doubts, *warnings)
        result = self._told(done, every)
        missed = self._missed(result)
        if missed is None:
            return result
        return self._told(done, (*every, missed))

    def _told(self, done: Sequence[Reading], warnings: Sequence[str]) -> Result:
        from funnelsim.results.result import Result

        seed, engine = self.sampling.seed, self.sampling.engine
        return Result(self.model, done, seed, engine, funnelsim.version.VERSION, warnings)

    def _missed(self, result: Result) -> str | None:
        """The warning that the precision was not reached, once no more replications will be made."""
        if self.plan.replications is not None or result.replications < MOST:
            return None
        width = relative_half_width(result, self.plan.kpis)
        if width is None or width[1] <= self.plan.precision:
            return None
        return (
            f"after {MOST} replications {width[0]} is known to ± {width[1]:.1%}, not to the ± "
            f"{self.plan.precision:.1%} asked for; give --replications for more, or a longer horizon"
        )
