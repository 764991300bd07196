"""Options that several commands share, and the scenario that they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from funnelsim.errors import FunnelsimError, Problem, ScenarioError

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


def as_share(text: str | float) -> float:
    """``5%`` or ``0.05``; the default comes as a number."""
    number = str(text).strip()
    try:
        share = float(number[:-1]) / 100 if number.endswith("%") else float(number)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a share such as 5% or 0.05") from None
    if not 0 < share < 1:
        raise typer.BadParameter(f"{text!r} does not lie between 0% and 100%")
    return share


File = Annotated[str, typer.Argument(metavar="FILE", help="A scenario file, or the name of a shipped template.")]
Lever = Annotated[
    list[str] | None,
    typer.Option("--lever", metavar="LEVER[@DOSE]", help="Lay a lever over the scenario. May be repeated."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value, as in teams.desk.headcount=4 or 'stages.*.effort={multiply: 0.8}'. May be repeated.",
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="How many replications. [default: what --precision needs, at least 10]"),
]
Precision = Annotated[
    float,
    typer.Option(parser=as_share, metavar="SHARE", help="Half-width of the interval of the main KPI, such as 5%."),
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same results.")]
Engine = Annotated[str, typer.Option(metavar="ENGINE", help="auto, simpy or compiled.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Processes that run replications at the same time; default: all there are."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no warnings.")]


def scenario(file: str, levers: Sequence[str] | None, changes: Sequence[str] | None) -> Scenario:
    """The scenario of a file with levers and changes laid over it, in this order.

    Raises
    ------
    FunnelsimError
        If the file, a lever or a change is wrong.
    """
    from funnelsim.scenario.scenario import load

    loaded = load(_path(file))
    if levers:
        loaded = loaded.with_levers(*levers)
    return changed(loaded, changes)


def changed(loaded: Scenario, changes: Sequence[str] | None, option: str = "--set") -> Scenario:
    """A scenario with changes ``PATH=VALUE``, given with an option, laid over it.

    Raises
    ------
    FunnelsimError
        If a change is wrong.
    """
    typed = {path: value for change in changes or () for path, value in _fragment(change, option).items()}
    if typed:
        try:
            loaded = loaded.change(typed)  # at once: what one makes wrong another may put right
        except ScenarioError as error:
            raise ScenarioError([_placed(problem, changes or (), option) for problem in error.problems]) from error
    return loaded


def is_study(file: str) -> bool:
    """Whether a file is a study; one that cannot be read is none, and is complained about as a scenario."""
    from funnelsim.scenario import study
    from funnelsim.scenario.reader import read_file

    try:
        return study.is_study(read_file(_path(file)))
    except FunnelsimError:
        return False


def share(text: str, option: str) -> float:
    """A share such as ``2%``, for an option that takes other things as well.

    Raises
    ------
    FunnelsimError
        If it is none.
    """
    try:
        return as_share(text)
    except typer.BadParameter as error:
        raise FunnelsimError(f"{option}: {error.message}") from None


def _placed(problem: Problem, changes: Sequence[str], option: str) -> Problem:
    """A problem with where it stands: in a file, or in a change typed on the command line."""
    if problem.file not in ("", "change"):
        return problem
    about = [change for change in changes if problem.path.startswith(change.partition("=")[0].strip())]
    return replace(problem, file=f"{option} {' '.join(about or changes)}", line=0, column=0)


def _path(file: str) -> Path:
    """A path as it is given; a name without a suffix that is no file may be that of a shipped template."""
    from funnelsim.scenario import library

    path = Path(file)
    if path.suffix or path.exists():
        return path
    return next((template.path for template in library.templates() if template.name == file), path)


def _fragment(text: str, option: str) -> dict[str, Any]:
    """The change that ``PATH=VALUE`` asks for; the value is YAML."""
    from funnelsim.scenario.reader import parse_value

    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise FunnelsimError(f"{option} {text}: write it as PATH=VALUE, such as teams.desk.headcount=4")
    try:
        return {path.strip(): parse_value(value)}
    except ScenarioError as error:
        raise FunnelsimError(f"{option} {text}: {error.problems[0].message}") from error
