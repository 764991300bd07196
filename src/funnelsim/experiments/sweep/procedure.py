"""The work of a sweep: what the store lacks is sent out in tasks, and what comes back is stored."""

from __future__ import annotations

import datetime as dt
import queue
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass, field, replace

import funnelsim.version
from funnelsim.errors import FunnelsimError, HinderedError
from funnelsim.scenario.scenario import Scenario
from funnelsim.scenario.study.study import Study
from funnelsim.text import number_of

from ..counts import check_number
from ..running.executors import STRIKES, cause, is_death, slots
from ..running.replications import Interrupted
from ..running.tasks import Done, Outcome, Task, perform
from ..stopping import as_kept, tell
from ..store.points import SweepResult
from ..store.store import Key, Store, StoredPoint
from ..study import designs
from .provenance import provenance, recipes

CHUNK_SECONDS = 1.0
"""How long a task is meant to take: long beside the time to send it, short beside what a dead worker loses."""


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep is.

    Parameters
    ----------
    done, total : int
        Replications that are stored, and that there are to be.
    found : int
        Those of them that were stored before this sweep began.
    failed : int
        Replications that ended with an error, and points of which no scenario could be made.
    seconds : float
        Since it began.
    doing : str
        What is being done, where there are several steps; the total is a guess until the last of them then.
    """

    done: int
    total: int
    found: int
    failed: int
    seconds: float
    doing: str = ""

    @property
    def left(self) -> float | None:
        """Seconds it will take at the pace so far; None before the first result."""
        made = self.done + self.failed - self.found
        missing = max(0, self.total - self.done - self.failed)
        return None if made <= 0 else self.seconds / made * missing


class SweepInterrupted(Interrupted):  # as `Interrupted`, it is no error
    """The user stopped a sweep; ``sweep`` holds what was done, and the store keeps it."""

    sweep: SweepResult = as_kept()
    result = None


@dataclass(frozen=True)
class Request:
    """What a sweep is asked to do."""

    study: Study
    replications: int
    seed: int
    engine: str
    progress: Callable[[SweepProgress], None] | None
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lot:
    """A part of the work: points, each with its recipe, and which replications of each."""

    points: Iterable[tuple[bytes, designs.Point]]
    size: int
    numbers: range

    @classmethod
    def whole(cls, request: Request) -> Lot:
        """All points of the study."""
        points = recipes(request.study, request.seed)
        return cls(points, designs.count(request.study), range(request.replications))


@dataclass(frozen=True)
class _Job:
    """Replications of a point that are to be made, and how many workers died at them."""

    key: Key
    scenario: Scenario
    replications: tuple[int, ...]
    strikes: int = 0


@dataclass
class _Tally:
    """Counts of a sweep under way."""

    found: int = 0
    done: int = 0
    failed: int = 0
    seconds_each: float | None = None  # of one replication, lately
    points: list[int] = field(default_factory=list)


def note(store: Store, request: Request) -> None:
    """Note in a store where what is now added comes from."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    store.begin(provenance(request.study, request.engine, request.seed, request.replications), now)


class _BrokenError(Exception):
    """The executor cannot go on."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class SweepWork:
    """One call of `sweep`, or a part of a search."""

    def __init__(self, request: Request, store: Store, executor: Executor, lot: Lot | None = None) -> None:
        self.request = request
        self.lot = lot or Lot.whole(request)
        check_number(len(self.lot.numbers), self.lot.size)
        self.store = store
        self.executor = executor
        self.tally = _Tally()
        self.total = self.lot.size * len(self.lot.numbers)
        self.started = time.monotonic()
        self.again: deque[_Job] = deque()  # to be tried once more
        self.under_way: dict[Future[Outcome], _Job] = {}
        self.taken: set[tuple[str, int]] = (
            set()
        )  # (fingerprint, replication) under way: points may share scenarios
        self.ended: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()

    def run(self) -> SweepResult:
        note(self.store, self.request)
        return self.work()

    def work(self) -> SweepResult:
        """The same without a note of where it comes from in the store."""
        try:
            self._work(self._jobs())
        except KeyboardInterrupt:
            self._keep()
            said = f"stopped after {number_of(self.tally.done, 'replication')}"
            raise SweepInterrupted(self._result(stopped=True), said, self.tally.done) from None
        except _BrokenError as broken:
            self._keep()
            raise self._told(broken.cause) from broken.cause
        finally:
            for future in self.under_way:
                future.cancel()  # the executor may be the caller's, and go on
        return self._result()

    def _work(self, jobs: Iterator[_Job]) -> None:
        more = True
        while more or self.under_way or self.again:
            room = 2 * slots(self.executor) if more or self.again else 0
            while len(self.under_way) < max(room, 1) and (self.again or more):
                job = self.again.popleft() if self.again else next(jobs, None)
                if job is None:
                    more = False
                    break
                self._submit(job)
            self._wait()
        self._tell()

    # --- what is to be done -----------------------------------------------------------------------------------

    def _jobs(self) -> Iterator[_Job]:
        """The replications that the store does not have, in chunks."""
        for recipe, point in self.lot.points:
            stored, scenario = self.store.point(recipe), None
            if stored is None or stored.fingerprint is None:
                stored, scenario = self._added(recipe, point)
            self.tally.points.append(stored.number)
            if stored.fingerprint is None:
                self.tally.failed += len(self.lot.numbers)
                continue
            yield from self._missing(stored, scenario, point)

    def _added(self, recipe: bytes, point: designs.Point) -> tuple[StoredPoint, Scenario | None]:
        """Put a point into the store, with an error where no scenario can be made of it."""
        made: str | FunnelsimError
        try:
            scenario = self.request.study.scenario(point.arm, point.at)
            made = scenario.fingerprint
        except FunnelsimError as error:
            scenario, made = None, error
        stored = self.store.add_point(recipe, self.request.study.name, point.arm, point.at, made)
        return stored, scenario

    def _missing(self, stored: StoredPoint, scenario: Scenario | None, point: designs.Point) -> Iterator[_Job]:
        assert stored.fingerprint is not None
        key = Key(stored.fingerprint, self.request.seed, funnelsim.version.VERSION)
        there = set(self.store.done(key, self.lot.numbers.stop, self.lot.numbers.start))
        new = [n for n in self.lot.numbers if n not in there and (key.fingerprint, n) not in self.taken]
        self.tally.found += len(self.lot.numbers) - len(new)
        self.tally.done += len(self.lot.numbers) - len(new)
        while new:
            if scenario is None:
                scenario = self.request.study.scenario(point.arm, point.at)
            size = self._chunk(len(new))
            self.taken.update((key.fingerprint, number) for number in new[:size])
            yield _Job(key, scenario, tuple(new[:size]))
            new = new[size:]

    def _chunk(self, most: int) -> int:
        """How many replications make a task of about `CHUNK_SECONDS`."""
        if self.tally.seconds_each is None:
            return 1
        return max(1, min(most, round(CHUNK_SECONDS / max(self.tally.seconds_each, 1e-6))))

    # --- having it done ---------------------------------------------------------------------------------------

    def _submit(self, job: _Job) -> None:
        task = Task(job.scenario, job.key.seed, self.request.engine, job.replications, job.key.version)
        try:
            future = self.executor.submit(perform, task)
        except Exception as error:
            raise _BrokenError(error) from error
        self.under_way[future] = job
        future.add_done_callback(self.ended.put)

    def _wait(self) -> None:
        """Wait for a task to end, if one is under way, and store it and all others that have ended."""
        while self.under_way:
            try:
                future = self.ended.get(timeout=0.5)
            except queue.Empty:
                continue  # gives Ctrl-C a chance on systems where waiting does not
            self._take(future)
            break
        self._collect()

    def _collect(self) -> None:
        """Store all tasks that have ended."""
        while True:
            try:
                future = self.ended.get_nowait()
            except queue.Empty:
                return
            self._take(future)

    def _keep(self) -> None:
        """Store what has ended well when a sweep cannot go on."""
        while not self.ended.empty():
            future = self.ended.get()
            if not future.cancelled() and future.exception() is None:
                self._store(self.under_way.pop(future), future.result())

    def _take(self, future: Future[Outcome]) -> None:
        job = self.under_way.pop(future)
        error: BaseException | None = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            self._save(job, future.result())
        elif is_death(error):
            self._died(job, error)
        else:
            raise _BrokenError(error)

    def _died(self, job: _Job, error: BaseException) -> None:
        """A worker died at a job: find out which replication it was, and give it up after some attempts."""
        if len(job.replications) > 1:
            self.again.extend(replace(job, replications=(number,)) for number in job.replications)
            return
        # A Dask scheduler has made attempts of its own.
        strikes = job.strikes + 1 if isinstance(error, FunnelsimError) else STRIKES
        if strikes < STRIKES:
            self.again.append(replace(job, strikes=strikes))
            return
        words = str(error) if isinstance(error, FunnelsimError) else f"workers died at it: {cause(error)}"
        self._save(job, Outcome((Done(job.replications[0], None, words),), None, 0.0))

    def _save(self, job: _Job, outcome: Outcome) -> None:
        self._store(job, outcome)
        self._tell()

    def _store(self, job: _Job, outcome: Outcome) -> None:
        self.store.save(job.key, outcome)
        for done in outcome.done:
            self.taken.discard((job.key.fingerprint, done.replication))
            if done.terms is None:
                self.tally.failed += 1
            else:
                self.tally.done += 1
        if outcome.outline is not None:
            self.tally.seconds_each = outcome.seconds / len(outcome.done)

    def _told(self, error: BaseException) -> FunnelsimError:
        return HinderedError(
            f"the sweep cannot go on: {cause(error)}. {self.tally.done:,} of "
            f"{number_of(self.total, 'replication')} are in {self.store.path}; "
            "repeat the command to go on from there",
            code="E-work-stopped",
        )

    # --- telling ----------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        tally, seconds = self.tally, time.monotonic() - self.started
        tell(self.request.progress, SweepProgress(tally.done, self.total, tally.found, tally.failed, seconds))

    def _result(self, stopped: bool = False) -> SweepResult:
        warnings = (*self.request.study.warnings, *self.request.said, *self.store.warnings)
        if stopped:
            done = f"stopped by the user after {self.tally.done:,} of {number_of(self.total, 'replication')}"
            warnings = (*warnings, done)
        return SweepResult(
            self.request.study,
            self.store.path,
            tuple(self.tally.points),
            self.request.seed,
            self.request.replications,
            self.request.engine,
            self.tally.done,
            self.tally.failed,
            warnings,
        )
