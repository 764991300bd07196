"""The laboratory: the one place where replications are made, kept, and told of, one after the other.

It is asked for the first so many replications of some scenarios and for what is to be kept of each (a tally, an
observation, a reading). What it has already is not made again; the rest is computed here or by an executor, is
kept in the order of the replications, and the caller is told after each and may stop before the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from funnelsim.engine import engines

from ..counts import check_sampling
from ..stopping import tell
from .executors import MOST_THREADS, Work, in_order, place

if TYPE_CHECKING:
    from funnelsim.model.model import Model

Progress = Callable[[float, int], None]
"""Called with the replications done (the part of the one under way counts) and the number planned so far.

Where it returns False, or raises KeyboardInterrupt, the work stops there as it does on Ctrl-C.
"""


@dataclass(frozen=True)
class Sampling:
    """How replications are computed: the options that all experiments share.

    Parameters
    ----------
    seed : int
        The same for all scenarios.
    engine : str
        Name of an engine; ``auto`` becomes the name of the one that is taken.
    workers : int or None
        Threads or processes at the same time; None becomes as many threads as there are processors, up to four,
        where the engine runs in threads, else 1.
    executor : Executor, optional
        What runs them instead, such as that of a cluster. It stays the caller's.
    progress : callable, optional
        See `Progress`.

    Raises
    ------
    FunnelsimError
        If one makes no sense.
    """

    seed: int = 1
    engine: str = "auto"
    workers: int | None = 1
    executor: Executor | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        check_sampling(self.seed, 1 if self.workers is None else self.workers)
        object.__setattr__(self, "engine", engines.choose(self.engine))
        if self.workers is None:
            threads = min(os.cpu_count() or 1, MOST_THREADS)
            object.__setattr__(self, "workers", threads if self.engine in engines.RUNS_IN_THREADS else 1)

    @property
    def at_once(self) -> int:
        """Replications under way at the same time on this machine; 0 where an executor is given."""
        return 0 if self.executor is not None else self.workers or 1


@runtime_checkable
class Varied(Protocol):
    """A scenario that is another one in each replication; made where the replication is made."""

    def of(self, replication: int) -> Model:
        """The scenario of a replication."""
        ...


@dataclass(frozen=True)
class Batch:
    """The first replications of one scenario.

    Parameters
    ----------
    key : hashable
        What they are remembered by.
    model : Model or Varied
        The scenario, or what gives that of each replication.
    count : int
        How many in all.
    observe : callable
        Makes one and gives what is kept of it: called with model, seed, number of the replication, engine and
        ``rest``; in a worker process as well.
    rest : tuple
        What else it is given.
    """

    key: Hashable
    model: Model | Varied
    count: int
    observe: Callable[..., Any]
    rest: tuple[Any, ...] = ()


class Laboratory:
    """Makes replications when asked, and remembers what was kept of each.

    Threads or processes live as long as it does: it is a context manager for that.

    Parameters
    ----------
    sampling : Sampling
        How they are computed.
    work : Work
        What kind of work they are, which decides between threads and processes.
    """

    def __init__(self, sampling: Sampling, work: Work = Work.FIGURES) -> None:
        self.sampling = sampling
        self.done = 0
        self._work = work
        self._kept: dict[Hashable, list[Any]] = {}
        self._pool: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)
            self._pool = None

    def kept(self, key: Hashable) -> list[Any]:
        """What is kept of the replications under a key, from replication 0 on; it grows as they are made."""
        return self._kept.setdefault(key, [])

    def forget(self, key: Hashable | None = None) -> None:
        """Keep nothing of what was made so far, or nothing of it under one key."""
        if key is None:
            self._kept.clear()
        else:
            self._kept.pop(key, None)

    def run(self, batches: Iterable[Batch], planned: int | None = None, by_scenario: bool = False) -> None:
        """Make what is missing of some batches.

        Parameters
        ----------
        batches : iterable of Batch
            What is wanted, with a key each.
        planned : int, optional
            Replications that there are to be in all; by default those that are done and those now missing.
        by_scenario : bool
            Whether a scenario is finished before the next begins; else the first replications of all come first.
        """
        missing = [
            (number, at, each)
            for at, each in enumerate(batches)
            for number in range(len(self.kept(each.key)), each.count)
        ]
        if not by_scenario:
            missing.sort(key=lambda one: one[:2])
        planned = self.done + len(missing) if planned is None else planned
        with closing(self._computed([(number, each) for number, _, each in missing], planned)) as results:
            for (_, _, each), result in zip(missing, results, strict=True):
                self.kept(each.key).append(result)
                self.done += 1
                self._tell(0.0, planned)

    def _computed(self, missing: Sequence[tuple[int, Batch]], planned: int) -> Generator[Any]:
        seed, engine = self.sampling.seed, self.sampling.engine
        jobs = [(each.observe, each.model, seed, number, engine, *each.rest) for number, each in missing]
        executor = self._executor()
        if executor is not None:
            yield from in_order(executor, _observed, jobs)
            return
        # Nothing is given where nobody is to be told, so that an engine need not stop to tell.
        part = {} if self.sampling.progress is None else {"progress": lambda share: self._tell(share, planned)}
        for job in jobs:
            yield _observed(*job, **part)

    def _executor(self) -> Executor | None:
        """What computes replications; None for this thread."""
        if self.sampling.executor is not None or self.sampling.at_once == 1:
            return self.sampling.executor
        if self._pool is None:
            self._pool = place(self.sampling.engine, self.sampling.at_once, self._work)
        return self._pool

    def _tell(self, share: float, planned: int) -> None:
        tell(self.sampling.progress, self.done + share, planned)


def _observed(observe: Callable[..., Any], *given: Any, **options: Any) -> Any:
    model, seed, number, *rest = given
    return observe(model.of(number) if isinstance(model, Varied) else model, seed, number, *rest, **options)
