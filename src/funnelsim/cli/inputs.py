"""The scenario or study that a user asks for, with what was laid over it on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from funnelsim.errors import FunnelsimError, Problem, ScenarioError

from .options import as_share

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario
    from funnelsim.scenario.study import Study


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
    typed = fragments(changes, option)
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


def study(file: str, changes: Sequence[str] | None = None) -> Study:
    """The study of a file, with changes laid over its base.

    Raises
    ------
    FunnelsimError
        If the file or a change is wrong.
    """
    from funnelsim.scenario.study import load_study

    loaded = load_study(_path(file))
    return loaded.on(changed(loaded.base, changes)) if changes else loaded


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


def fragments(typed: Sequence[str] | None, option: str) -> dict[str, Any]:
    """What each ``PATH=VALUE`` says by its path; values are YAML.

    Raises
    ------
    FunnelsimError
        If one is written otherwise.
    """
    return {path: value for text in typed or () for path, value in _fragment(text, option).items()}


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
