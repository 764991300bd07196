"""Sweeps: all points of a study run and stored, so that one that is stopped or killed goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from funnelsim.arguments import checked
from funnelsim.engine import engines
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.scenario import Scenario
from funnelsim.scenario.study.study import Study

from ..counts import check_number, check_sampling
from ..running.executors import Work, place
from ..store.points import SweepResult
from ..store.store import Store
from ..study import designs
from ..study.checking import check_study
from ..study.pointless import beside_the_point, models_of
from .procedure import Request, SweepProgress, SweepWork

REPLICATIONS = 10
"""Replications of each point unless something else is asked for."""


@checked
def sweep(
    study: Study | Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    out: Path | str,
    design: Any = "grid",
    replications: int | None = None,
    seed: int = 1,
    engine: str = "auto",
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[SweepProgress], None] | None = None,
) -> SweepResult:
    """Run all points of a study, and keep every replication in a run store.

    A sweep that was stopped, or killed, or is repeated, runs what the store does not have yet. What fails is
    recorded with its error, and tried again when the sweep is repeated.

    Parameters
    ----------
    study : Study or Scenario
        What to run (`load_study`), or the scenario in which `vary` is varied.
    vary : mapping, optional
        With a scenario: values by path or lever, such as ``{"teams.field_sales.headcount": [4, 5, 6]}``.
    out : path
        The run store: made if it is not there, continued if it is.
    design : str or mapping
        With a scenario: ``"grid"``, ``{"lhs": 100}``, ``{"sobol": 256}`` or ``{"table": "points.csv"}``.
    replications : int, optional
        Of each point; by default what the study says, or 10.
    seed : int
        The same seed gives the same results; all points have the same random numbers.
    engine : {"auto", "simpy", "compiled"}
        What computes the runs; the results do not depend on it.
    executor : concurrent.futures.Executor, optional
        What runs the tasks. It stays the caller's.
    workers : int
        Without an executor: processes that run at the same time; 1 is this one. With more than one, a script
        needs the usual ``if __name__ == "__main__":`` around what it runs.
    progress : callable, optional
        Called with a `SweepProgress` after each task. Where it returns False, the work
        stops as on Ctrl-C.

    Returns
    -------
    SweepResult
        A table of all points, what failed, pictures.

    Raises
    ------
    ScenarioError
        If the study is wrong.
    StoreError
        If the store cannot be written, or another process writes to it.
    FunnelsimError
        If an option makes no sense, or the executor fails; what was done is kept.
    SweepInterrupted
        On Ctrl-C; what was done is kept.

    Examples
    --------
    >>> import funnelsim as fs
    >>> today = fs.load("scenarios/one_desk.yaml")  # doctest: +SKIP
    >>> fs.sweep(today, {"teams.desk.headcount": [3, 4, 5]}, out="runs.db").table  # doctest: +SKIP
    """
    if isinstance(study, Scenario):
        study = Study.of(study, vary, design=design)
    elif vary is not None or design != "grid":
        raise FunnelsimError(
            "a study says itself what it varies; give `vary` and `design` with a scenario only",
            code="E-option-study",
        )
    number = REPLICATIONS if replications is None else replications
    if replications is None and study.spec.replications is not None:
        number = study.spec.replications
    _check(number, seed, workers)
    check_study(study)
    check_number(number, designs.count(study))  # which refuses a study whose points are yet to be searched for
    said = tuple(beside_the_point(study.spec.kpis, models_of(study))) if study.spec.kpis else ()
    request = Request(study, number, seed, engines.choose(engine), progress, said)
    with Store.open_to_write(out) as store:
        if executor is not None:
            return SweepWork(request, store, executor).run()
        own = place(request.engine, workers, Work.SCENARIOS)
        try:
            return SweepWork(request, store, own).run()
        finally:
            # What is still under way was given up: a sweep that ended well has nothing left.
            own.shutdown(wait=False, cancel_futures=True)


def _check(replications: int, seed: int, workers: int) -> None:
    if replications < 1:
        raise FunnelsimError(
            f"replications must be at least 1, but got {replications}", code="E-replications-range"
        )
    check_sampling(seed, workers)
