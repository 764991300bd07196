"""What travels to workers and back: a scenario and the replications to make of it, and the sums they left."""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import funnelsim.version
from funnelsim.errors import FunnelsimError, HinderedError

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


class VersionError(HinderedError):
    """A worker has another version of funnelsim than the process that sent the task."""


@dataclass(frozen=True)
class Task:
    """Replications of one scenario.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    seed : int
        Seed of the random numbers.
    engine : str
        Name of the engine.
    replications : tuple of int
        Which replications.
    version : str
        The version of funnelsim that is to run them.
    """

    scenario: Scenario
    seed: int
    engine: str
    replications: tuple[int, ...]
    version: str


@dataclass(frozen=True)
class Done:
    """A replication that was made: the terms of its KPIs, or what went wrong."""

    replication: int
    terms: bytes | None
    error: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a task left.

    Parameters
    ----------
    done : tuple of Done
        Each of its replications.
    outline : str or None
        The names its KPIs depend on (`Outline.text`); None if nothing could be run.
    seconds : float
        How long it took.
    """

    done: tuple[Done, ...]
    outline: str | None
    seconds: float


def pack(terms: Any) -> bytes:
    """Terms as compressed JSON: exact, and safe to read whatever the file went through."""
    return zlib.compress(json.dumps(terms, separators=(",", ":")).encode())


def unpack(packed: bytes) -> Any:
    """The terms that `pack` packed."""
    return json.loads(zlib.decompress(packed))


def perform(task: Task) -> Outcome:
    """Make the replications of a task; what goes wrong in one of them is its result.

    Raises
    ------
    VersionError
        If this process has another version than was asked for.
    """
    from funnelsim.model.compile import compile_model

    from .memory import Plans, check_memory
    from .outline import Outline

    if task.version != funnelsim.version.VERSION:
        raise VersionError(
            f"a worker has funnelsim {funnelsim.version.VERSION}, but {task.version} was asked for",
            code="E-worker-version",
        )
    started = time.perf_counter()
    try:
        model = compile_model(task.scenario)
        check_memory(model, Plans(1, 1, task.engine))
    except FunnelsimError as error:
        done = tuple(Done(number, None, str(error)) for number in task.replications)
        return Outcome(done, None, time.perf_counter() - started)
    done = tuple(_replicated(model, task, number) for number in task.replications)
    return Outcome(done, Outline.of(model).text, time.perf_counter() - started)


def _replicated(model: Any, task: Task, number: int) -> Done:
    from funnelsim.results.measures.summary import tally

    from .replications import replicate

    try:
        records = replicate(model, task.seed, number, task.engine, False)
        return Done(number, pack(tally(records, model, stages=(), teams=()).kpis))
    except Exception as error:  # noqa: BLE001  # a sweep goes on, and the row says what happened
        return Done(number, None, f"{type(error).__name__}: {error}")
