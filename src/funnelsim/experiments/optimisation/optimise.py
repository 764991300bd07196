"""Optimisation: the best staffing or policy under a budget, with how sure that is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from funnelsim.arguments import checked
from funnelsim.engine import engines
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.scenario import Scenario
from funnelsim.scenario.study.study import Study
from funnelsim.text import number_of

from ..counts import check_sampling
from ..running.executors import Work, place
from ..store.store import Store
from ..study.checking import check_study
from ..study.goals import Goal, goal_of
from ..sweep.procedure import Request, SweepProgress, note
from .laboratory import OptimisationInterrupted, StoreLaboratory
from .procedure import Optimisation
from .result import Optimum
from .search import FIRST, TRIALS, Effort

__all__ = ["OptimisationInterrupted", "optimise"]


@checked
def optimise(
    study: Study | Scenario,
    vary: Mapping[str, Any] | None = None,
    *,
    maximise: str | None = None,
    minimise: str | None = None,
    budget: str | float | None = None,
    constraints: Mapping[str, Mapping[str, Any]] | None = None,
    indifference: str | float | None = None,
    arms: Mapping[str, Any] | None = None,
    out: Path | str | None = None,
    trials: int | None = None,
    confidence: float = 0.95,
    seed: int = 1,
    engine: str = "auto",
    executor: Executor | None = None,
    workers: int = 1,
    progress: Callable[[SweepProgress], None] | None = None,
) -> Optimum:
    """Find the best of what may be decided, under a budget and other limits.

    All points have the same random numbers, so that they differ by what is decided and not by luck. Where there
    are no more points than `trials`, each is tried; else Optuna proposes which. The best of the promising ones is
    selected with a stated probability of being right, on replications of its own, and the answer is measured
    on yet others, so that it is not flattered by the luck that made it win.

    Parameters
    ----------
    study : Study or Scenario
        What to decide about (`load_study`), or the scenario in which `vary` is varied.
    vary : mapping, optional
        With a scenario: values by path or lever, such as
        ``{"teams.field_sales.headcount": {"from": 3, "to": 8}, "cpq": {"from": 0, "to": 1}}``.
    maximise, minimise : str, optional
        With a scenario: the KPI of which the most, or the least, is best.
    budget : str or float, optional
        With a scenario: what ``cost`` may be at most, such as ``"1_500_000 / y"``.
    constraints : mapping, optional
        With a scenario: what KPIs must keep to, such as ``{"response_time": {"at_most": "4 h"}}``.
    indifference : str or float, optional
        With a scenario: the difference in the KPI that does not matter, such as ``"2 %"``; 1 % if nothing is said.
    arms : mapping, optional
        With a scenario: levers and changes by name of the arm, of which one is chosen.
    out : path, optional
        The run store: made if it is not there, continued if it is. Without it nothing is kept.
    trials : int, optional
        How many points are tried at most in the search; by default what the study says, or 64.
    confidence : float
        Probability of selecting right, wherever the best leads by what matters.
    seed, engine, executor, workers
        As for `sweep`. The answer does not depend on the number of workers.
    progress : callable, optional
        Called with a `SweepProgress` after each task. Where it returns False, the work
        stops as on Ctrl-C.

    Returns
    -------
    Optimum
        The answer in words, tables and pictures.

    Raises
    ------
    ScenarioError
        If the study is wrong, or does not say what is best.
    StoreError
        If the store cannot be written, or another process writes to it.
    FunnelsimError
        If an option makes no sense, Optuna is needed and missing, or the executor fails; what was done is kept.
    OptimisationInterrupted
        On Ctrl-C; what was done is kept, and the same call goes on from there.

    Examples
    --------
    >>> import funnelsim as fs
    >>> today = fs.load("scenarios/one_desk.yaml")  # doctest: +SKIP
    >>> people = {"teams.desk.headcount": {"from": 2, "to": 8}}
    >>> print(fs.optimise(today, people, maximise="contribution").verdict)  # doctest: +SKIP
    """
    own: dict[str, Any] = {
        "maximise": maximise,
        "minimise": minimise,
        "budget": budget,
        "constraints": constraints,
        "indifference": indifference,
        "arms": arms,
    }
    given = {key: value for key, value in own.items() if value is not None}
    if isinstance(study, Scenario):
        design = {"search": trials or TRIALS}  # so that ranges need no steps
        study = Study.of(study, vary, design=design, **given)
    elif vary is not None or given:
        raise FunnelsimError(
            "a study says itself what is looked for; give `vary`, `maximise` and so on with a scenario",
            code="E-option-study",
        )
    check_sampling(seed, workers)
    effort = _effort(study, trials, confidence)
    if study.spec.maximise or study.spec.minimise:  # else `goal_of` says what is missing
        check_study(study)
    goal = goal_of(study)
    request = Request(study, effort.first, seed, engines.choose(engine), None)
    with ExitStack() as stack:
        path = (
            Path(out) if out is not None else Path(stack.enter_context(tempfile.TemporaryDirectory())) / "runs.db"
        )
        store = stack.enter_context(Store.open_to_write(path))
        if executor is None:
            executor = place(request.engine, workers, Work.SCENARIOS)
            # What is still under way was given up: an optimisation that ended well has nothing left.
            stack.callback(executor.shutdown, wait=False, cancel_futures=True)
        note(store, request)
        return _found(request, goal, effort, StoreLaboratory(request, store, executor, goal.kpis, progress), out)


def _effort(study: Study, trials: int | None, confidence: float) -> Effort:
    design = study.spec.design
    most = trials or (design.size if design.kind == "search" else None) or TRIALS
    return Effort(most, study.spec.replications or FIRST, confidence)


def _found(
    request: Request, goal: Goal, effort: Effort, laboratory: StoreLaboratory, out: Path | str | None
) -> Optimum:
    try:
        found = Optimisation(request.study, goal, laboratory, effort, request.seed).run()
    except OptimisationInterrupted:
        raise
    except KeyboardInterrupt:  # between two tasks
        raise OptimisationInterrupted.after(laboratory.done.done) from None
    failed = sum(1 for one in found.tried if one.early is None)
    warnings = [*request.study.warnings, *laboratory.store.warnings]
    if failed:
        among, errors = number_of(len(found.tried), "point"), "; ".join(laboratory.errors()[:3])
        warnings.append(f"{failed} of {among} have no result: {errors}")
    return Optimum(
        request.study,
        goal,
        effort,
        found,
        request.seed,
        request.engine,
        None if out is None else Path(out),
        laboratory.done.done,
        laboratory.done.found,
        tuple(warnings),
    )
