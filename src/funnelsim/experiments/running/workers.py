"""Worker processes, each on a pipe of its own.

Parent and worker each hold one end of the pipe and nobody else holds either, so that whoever of the two dies, the
other knows at once: a worker's death costs the task it was at, and no worker outlives its parent.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import pickle
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from funnelsim.errors import HinderedError

STARTS = 5
"""Attempts to start a worker before it is given up: one may be killed while it starts."""


class WorkerDiedError(HinderedError):
    """The worker process that ran a task died (out of memory, killed)."""


class WorkersFailError(HinderedError):
    """No worker process can be started."""


class Worker:
    """A process that runs one task after the other."""

    def __init__(self) -> None:
        # Spawned processes start the same way on every system and inherit neither threads nor locks nor pipes.
        context = mp.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def ready(self) -> bool:
        """Wait until the process has started; False if it died meanwhile."""
        try:
            return bool(self._pipe.recv())
        except (EOFError, OSError):
            return False

    def call(self, fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Have a function called in the process, and return its result.

        Raises
        ------
        WorkerDiedError
            If the process dies at it.
        """
        task = pickle.dumps((fn, args, kwargs))  # before anything is sent, as this may fail
        try:
            self._pipe.send_bytes(task)
            fine, result = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._process.join()
            raise WorkerDiedError(
                f"the worker process died at it ({_ending(self._process.exitcode)})", code="E-worker-died"
            ) from error
        if fine:
            return result
        raise result

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def end(self) -> None:
        """End the process after its task."""
        self._pipe.close()
        self._process.join()


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"{name}; out of memory?" if name == "SIGKILL" else name


def _serve(pipe: Connection) -> None:
    """Run in the worker: call what comes through the pipe until it ends."""
    # Ctrl-C reaches every process of the terminal; the parent alone decides what is kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        pipe.send(True)
        while True:
            fn, args, kwargs = pipe.recv()
            pipe.send_bytes(_answer(fn, args, kwargs))
    except (EOFError, OSError):
        return


def _answer(fn: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> bytes:
    try:
        return pickle.dumps((True, fn(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001  # the parent raises it
        return pickle.dumps((False, error))


def _end_with_parent() -> None:
    """A parent that is killed cannot end its workers, and a long task must not go on for nobody."""
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
