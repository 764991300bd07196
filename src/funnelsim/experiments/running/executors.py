"""Where tasks run: here, in processes of this machine, or on a cluster. All are `concurrent.futures.Executor`."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from funnelsim.errors import FunnelsimError, HinderedError, extra

from .workers import STARTS, Worker, WorkerDiedError, WorkersFailError

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")

SLOTS_UNKNOWN = 32
"""Tasks thought to run at once on an executor that does not tell."""

STRIKES = 3
"""Workers that may die at one task before it is given up."""

AHEAD = 4
"""Tasks that are submitted for each that runs, so that one that takes long does not keep others waiting."""

MOST_THREADS = 4
"""Workers that are threads: some work on each replication is Python's, which one thread does at a time."""

CLUSTER_TIMEOUT = 30
"""Seconds to wait for a scheduler and its first worker."""


class Here(Executor):
    """Runs each task at once, in the process and thread that submits it."""

    slots = 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run the task; the future that comes back is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # it is the future's, as with other executors
            future.set_exception(error)
        return future


class StoppedError(Exception):
    """A task ends because nobody waits for it any more."""


class Threads(Executor):
    """Threads of this process, for an engine that lets others work meanwhile.

    Each task is given a keyword ``progress``, a function that it calls now and then and that ends it when nobody
    waits for it any more.

    Parameters
    ----------
    workers : int
        Number of threads.
    """

    def __init__(self, workers: int) -> None:
        self.slots = workers
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(workers)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue a task for the next thread that is free."""
        return self._pool.submit(fn, *args, **kwargs, progress=self._go_on)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the threads: after the tasks queued, or soon unless ``wait``."""
        if not wait:
            self._stopped.set()
        self._pool.shutdown(cancel_futures=cancel_futures or not wait)

    def _go_on(self, _: float) -> None:
        if self._stopped.is_set():
            raise StoppedError


class SturdyPool(Executor):
    """Worker processes of which some may die: only the task that one was at is lost, and another takes its place.

    The future of that task raises `WorkerDiedError`. (In the pool of the standard library the death of one worker
    is the end of the pool and of every task that was given to it.)

    Parameters
    ----------
    workers : int
        Number of processes.
    """

    def __init__(self, workers: int) -> None:
        self.slots = workers
        self._tasks: queue.SimpleQueue[tuple[Future[Any], Any, Any] | None] = queue.SimpleQueue()
        self._workers: dict[int, Worker] = {}
        self._closing = False
        self._lanes = [threading.Thread(target=self._lane, args=(lane,), daemon=True) for lane in range(workers)]
        for lane in self._lanes:
            lane.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue a task for the next worker that is free."""
        if self._closing:
            raise RuntimeError("cannot submit tasks to a pool that was shut down")
        future: Future[Any] = Future()
        self._tasks.put((future, fn, (args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after the tasks queued, or at once unless ``wait``."""
        self._closing = True
        while cancel_futures or not wait:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is not None:
                task[0].cancel()
        for _ in self._lanes:
            self._tasks.put(None)
        if not wait:
            for worker in list(self._workers.values()):
                worker.kill()
        for lane in self._lanes:
            lane.join()

    def _lane(self, number: int) -> None:
        """Hand tasks to one worker, and replace it when it dies."""
        while (task := self._tasks.get()) is not None:
            future, fn, (args, kwargs) = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self._worker(number).call(fn, args, kwargs))
            except WorkerDiedError as death:
                self._workers.pop(number).end()
                future.set_exception(death)
            except BaseException as error:  # noqa: BLE001  # it is the future's
                future.set_exception(error)
        if number in self._workers:
            self._workers.pop(number).end()

    def _worker(self, number: int) -> Worker:
        """The worker of a lane, started if there is none."""
        for _ in range(STARTS):
            if number in self._workers:
                break
            worker = Worker()
            if worker.ready():
                self._workers[number] = worker
            else:
                worker.end()
            if self._closing:
                raise WorkersFailError("the pool was shut down", code="E-worker-start")
        if number not in self._workers:
            raise WorkersFailError(
                "worker processes end as soon as they start; in a script, put what it runs under "
                "`if __name__ == '__main__':`",
                code="E-worker-start",
            )
        return self._workers[number]


class Cluster(Executor):
    """The workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        Where the scheduler listens, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    FunnelsimError
        If `distributed` is not installed, or there is no scheduler or no worker.
    """

    def __init__(self, address: str) -> None:
        self._client = _client(address)
        self._executor = self._client.get_executor(pure=False)

    @property
    def slots(self) -> int:
        """Tasks that run at once, which changes as workers come and go."""
        with suppress(OSError, ValueError):
            return max(1, sum(self._client.nthreads().values()))
        return 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a task to the scheduler."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, which goes on without this sweep."""
        try:
            self._executor.shutdown(wait=wait and not cancel_futures)
        except Exception as error:
            if not _is_the_executors(error):  # a cluster that is gone has nothing left to end
                raise
        self._client.close(timeout=5)


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise HinderedError(
            f"a cluster needs the package distributed: {extra('cluster')}", code="E-package-missing"
        ) from error
    try:
        client = Client(address, timeout=CLUSTER_TIMEOUT, set_as_default=False)
    except ValueError as error:
        raise FunnelsimError(
            f"--cluster {address}: this is no address of a scheduler, such as tcp://HOST:8786 ({_short(error)})",
            code="E-cluster-none",
        ) from error
    except (OSError, TimeoutError) as error:
        raise HinderedError(
            f"--cluster {address}: no scheduler answers there ({_short(error)})", code="E-cluster-none"
        ) from error
    try:
        client.wait_for_workers(1, timeout=CLUSTER_TIMEOUT)
    except TimeoutError as error:
        client.close()
        raise HinderedError(f"--cluster {address}: the scheduler has no workers", code="E-cluster-none") from error
    return client


class Work(Enum):
    """Kinds of work, by what decides between threads and processes."""

    FIGURES = "replications of which some figures come back"
    RECORDS = "replications that come back whole: too large to be sent from another process"
    SCENARIOS = "scenarios that are compiled where they are run: Python, which one thread does at a time"


def place(engine: str, workers: int, work: Work = Work.FIGURES) -> Executor:
    """What runs work on this machine: the one rule for all experiments.

    One worker is this thread. Several are threads where the engine lets others work meanwhile: up to
    `MOST_THREADS`, or any number where records come back. Else they are processes, of which each may die without
    the others.

    Parameters
    ----------
    engine : str
        As `engines.choose` gives it.
    workers : int
        How many.
    work : Work
        What is run.
    """
    from funnelsim.engine.engines import RUNS_IN_THREADS  # brings the model, which workers may not need

    if workers == 1:
        return Here()
    most = {Work.FIGURES: MOST_THREADS, Work.RECORDS: workers, Work.SCENARIOS: 0}[work]
    return Threads(workers) if engine in RUNS_IN_THREADS and workers <= most else SturdyPool(workers)


def in_order(executor: Executor, task: Callable[..., T], arguments: Iterable[tuple[Any, ...]]) -> Generator[T]:
    """Yield ``task(*argument)`` for each argument, in order, computed by an executor.

    A task at which a worker dies is tried again. Only some tasks are submitted ahead, as each may carry a whole
    model. Closing the iterator early withdraws what was not begun.

    Raises
    ------
    FunnelsimError
        If workers die at one task again and again, or the executor fails.
    """
    rest = iter(arguments)
    waiting: deque[tuple[Future[T], tuple[Any, ...]]] = deque()
    try:
        while True:
            for argument in islice(rest, max(0, AHEAD * slots(executor) - len(waiting))):
                waiting.append((executor.submit(task, *argument), argument))
            if not waiting:
                return
            future, argument = waiting.popleft()
            yield _result(executor, future, task, argument)
    except WorkerDiedError as death:
        raise HinderedError(
            f"{death}, {STRIKES} times; fewer workers need less memory", code="E-worker-died"
        ) from death
    except Exception as error:
        if _is_the_executors(error):
            raise HinderedError(f"the work cannot go on: {cause(error)}", code="E-work-stopped") from error
        raise
    finally:
        for future, _ in waiting:
            future.cancel()


def _result(executor: Executor, future: Future[T], task: Callable[..., T], argument: tuple[Any, ...]) -> T:
    for _ in range(STRIKES - 1):
        try:
            return future.result()
        except WorkerDiedError:
            future = executor.submit(task, *argument)
    return future.result()


def _is_the_executors(error: BaseException) -> bool:
    """Whether an error is that of an executor rather than of a task."""
    return isinstance(error, CancelledError | BrokenExecutor) or type(error).__module__.startswith("distributed")


def slots(executor: Executor) -> int:
    """How many tasks an executor runs at once, as far as it tells."""
    for name in ("slots", "_max_workers"):
        number = getattr(executor, name, None)
        if isinstance(number, int) and number > 0:
            return number
    return SLOTS_UNKNOWN


def is_death(error: BaseException) -> bool:
    """Whether a future failed because a worker died at its task, rather than at the whole executor."""
    return isinstance(error, WorkerDiedError) or type(error).__name__ == "KilledWorker"


def cause(error: BaseException) -> str:
    """Why an executor cannot go on, in words."""
    if isinstance(error, CancelledError):
        return "the executor gave the task up (has the cluster gone?)"
    if isinstance(error, BrokenProcessPool):
        return "a worker of its pool died, which ends a pool of the standard library; `workers=` survives that"
    if isinstance(error, FunnelsimError):
        return str(error)
    return f"{type(error).__name__}: {_short(error)}"


def _short(error: BaseException) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).split())[:300] or type(error).__name__
