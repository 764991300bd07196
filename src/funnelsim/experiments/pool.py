"""Work spread over threads or processes, given back in the order it was asked for."""

from __future__ import annotations

import multiprocessing as mp
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from funnelsim.errors import FunnelsimError

T = TypeVar("T")


def in_processes(task: Callable[..., T], arguments: Sequence[tuple[Any, ...]], workers: int) -> Generator[T]:
    """Yield ``task(*argument)`` for each argument, in order, computed by as many processes at once.

    Closing the iterator early ends the processes at once.

    Raises
    ------
    FunnelsimError
        If a process dies, such as for want of memory.
    """
    others = set(mp.active_children())
    # Spawned processes start the same way on every system and inherit neither threads nor locks.
    pool = ProcessPoolExecutor(
        max(1, min(workers, len(arguments))),
        mp_context=mp.get_context("spawn"),
        initializer=_ignore_interrupts,
    )
    try:
        for future in [pool.submit(task, *argument) for argument in arguments]:
            yield future.result()
    except BrokenProcessPool as error:
        raise FunnelsimError("a worker process died (out of memory?); use fewer workers") from error
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(mp.active_children()) - others:
            child.terminate()
        raise
    pool.shutdown()


class StoppedError(Exception):
    """A task ends because nobody waits for it any more."""


def in_threads(task: Callable[..., T], arguments: Sequence[tuple[Any, ...]], workers: int) -> Generator[T]:
    """Yield ``task(*argument)`` for each argument, in order, computed by as many threads at once.

    Closing the iterator early ends the tasks at their next call of ``progress``, which each is given.
    """
    stopped = threading.Event()

    def go_on(_: float) -> None:
        if stopped.is_set():
            raise StoppedError

    pool = ThreadPoolExecutor(max(1, min(workers, len(arguments))))
    try:
        for future in [pool.submit(task, *argument, progress=go_on) for argument in arguments]:
            yield future.result()
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; the parent alone decides what is kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
