"""What-if questions answered beforehand, for a page that computes nothing: every point of a small grid.

Each point is set against today's line on the same random numbers. The intervals of one point hold together in 95 %
of experiments; over many points some of them fail, as whoever looks for the best of them should know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from funnelsim.arguments import checked
from funnelsim.errors import FunnelsimError
from funnelsim.model.compile import compile_model
from funnelsim.scenario.study.factors import told
from funnelsim.scenario.study.study import Study

from ..comparison.judging import Finding, judge
from ..running.arms import Arm, Arms
from ..running.laboratory import Sampling
from ..running.memory import Plans, check_memory
from ..study import designs
from ..study.question import Question, check_kpis, main_kpis
from .answers import TODAY

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from funnelsim.scenario.scenario import Scenario

    from ..running.laboratory import Progress

MOST_CONTROLS, MOST_POINTS = 3, 400
REPLICATIONS = 10
"""Of each point unless something else is asked for."""


@dataclass(frozen=True)
class Answered:
    """A point of the grid.

    Parameters
    ----------
    at : mapping
        The values by path or lever.
    today : bool
        Whether it is the line as it is.
    findings : tuple of Finding
        Each KPI against today's; empty for today's line itself.
    arm : Arm
        What was run.
    """

    at: Mapping[str, Any]
    today: bool
    findings: tuple[Finding, ...]
    arm: Arm


@dataclass(frozen=True)
class Beforehand:
    """Answers to all questions of a grid.

    Parameters
    ----------
    values : mapping
        The values of each control, by path or lever.
    kpis : tuple of str
        What is told of each point.
    points : tuple of Answered
        Every combination of values.
    base : Arm
        Today's line.
    replications : int
        Of each point.
    line : Scenario
        Today's.
    """

    values: Mapping[str, tuple[Any, ...]]
    kpis: tuple[str, ...]
    points: tuple[Answered, ...]
    base: Arm
    replications: int
    line: Scenario


@checked
def ask_beforehand(
    scenario: Scenario,
    vary: Mapping[str, Any],
    *,
    kpis: Sequence[str] = (),
    replications: int | None = None,
    seed: int = 1,
    engine: str = "auto",
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Beforehand:
    """Run every combination of values of at most three controls, and today's line.

    Parameters
    ----------
    scenario : Scenario
        The line as it is.
    vary : mapping
        Values by path or lever, such as ``{"teams.desk.headcount": [3, 4, 5]}``.
    kpis : sequence of str
        What is told of each; by default the main ones.
    replications : int, optional
        Of each point; 10 by default.
    seed, engine, workers, executor, progress
        As for `compare`.

    Raises
    ------
    FunnelsimError
        If there are more than three controls or 400 points, or a point makes no scenario: before anything is run.
    """
    study = grid_of(scenario, vary)
    number = REPLICATIONS if replications is None else replications
    points = list(designs.points(study))
    scenarios = [study.scenario(each.arm, each.at) for each in points]
    models = {TODAY: compile_model(scenario)}
    for each in scenarios:
        if each.fingerprint != scenario.fingerprint and each.fingerprint not in models:
            models[each.fingerprint] = compile_model(each)
    running = Arms(models, Sampling(seed, engine, workers, executor, progress))
    if executor is None:
        check_memory(models[TODAY], Plans(running.sampling.at_once, running.sampling.at_once, running.engine))
    with running:
        running.extend(number)
        arms = {arm.name: arm for arm in running.arms}
    base = arms[TODAY]
    asked = tuple(kpis) or main_kpis(tuple(arms.values()))
    check_kpis(asked, [base])
    answered = []
    for point, each in zip(points, scenarios, strict=True):
        today = each.fingerprint == scenario.fingerprint
        arm = base if today else arms[each.fingerprint]
        found = () if today else tuple(judge((base, arm), Question(TODAY, asked, {})))
        answered.append(Answered(point.at, today, found, arm))
    values = {factor.name: tuple(factor.grid()) for factor in study.factors}
    return Beforehand(values, asked, tuple(answered), base, number, scenario)


def grid_of(scenario: Scenario, vary: Mapping[str, Any]) -> Study:
    """The study whose points are asked about.

    Raises
    ------
    FunnelsimError
        If there are too many controls or points.
    """
    if len(vary) > MOST_CONTROLS:
        raise FunnelsimError(
            f"what-if questions answered beforehand move at most {MOST_CONTROLS} controls, but got {len(vary)}: "
            f"{', '.join(vary)}",
            code="E-size-question",
        )
    study = Study.of(scenario, vary)
    count = designs.count(study)
    if count > MOST_POINTS:
        sizes = ", ".join(f"{factor.name} {len(factor.grid())}" for factor in study.factors)
        raise FunnelsimError(
            f"what-if questions answered beforehand have at most {MOST_POINTS} points, but {count:,} are asked "
            f"for (values: {sizes}); take fewer values, or sweep them as a study",
            code="E-size-question",
        )
    return study


def said(at: Mapping[str, Any]) -> str:
    """A point in words: ``teams.desk.headcount 4``."""
    return ", ".join(f"{name} {told(value)}" for name, value in at.items())
