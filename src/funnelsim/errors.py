"""The errors a user of funnelsim can meet; everything raised on purpose derives from `FunnelsimError`.

Each error and each warning has a code, such as ``E-name-unknown``, which names the kind of mistake and stays the
same whatever becomes of its sentence. It is given where the sentence is made; ``docs/errors.yaml`` says what each
means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self


class FunnelsimError(Exception):
    """Root of all errors that funnelsim raises on purpose.

    Attributes
    ----------
    code : str
        The kind of mistake, such as ``E-name-unknown``.
    """

    code: str = ""

    def __init__(self, *args: object, code: str = "") -> None:
        super().__init__(*args)
        if code:
            self.code = code


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a scenario, and where it stands.

    Parameters
    ----------
    path : str
        Dotted path of the value in the scenario, such as ``stages.qualify.effort``.
    message : str
        What was found and what would be right, as one sentence.
    file : str
        Name of the file the value was read from; empty for a scenario made in Python.
    line, column : int
        Where the value stands, counted from 1; 0 if unknown.
    missing : bool
        Whether it is that something is spoken of that is nowhere defined.
    code : str
        The kind of mistake, such as ``E-name-unknown``.
    """

    path: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    missing: bool = field(default=False, compare=False, repr=False)
    code: str = field(kw_only=True, compare=False, repr=False)

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place = f"{place}:{self.line}:{self.column}" if place else f"line {self.line}, column {self.column}"
        return ": ".join(part for part in (place, self.path, self.message) if part)


class Warned(str):
    """A warning, as the text that it is, with the code of its kind.

    Parameters
    ----------
    text : str
        What is said.
    code : str
        The kind of thing that is warned of, such as ``W-team-idle``.
    """

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> Self:
        made = super().__new__(cls, text)
        made.code = code
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.code)

    def after(self, prefix: str) -> Self:
        """The same behind words that say what it is about."""
        return type(self)(f"{prefix}{self}", self.code)


class Unheeded(Warned):
    """A warning that something a user wrote does nothing; it is told even where warnings are not wanted."""

    __slots__ = ()


def after(prefix: str, text: str) -> str:
    """A warning of whatever kind behind words that say what it is about."""
    return text.after(prefix) if isinstance(text, Warned) else f"{prefix}{text}"


_AT_A_PATH = re.compile(r"(?P<who>(?:.*?: )??)(?P<path>[a-z_]+\.[^:]+): (?P<why>.+)", re.DOTALL)
"""A warning: of which scenario where that is said, at which path, and what."""


def told_together(warnings: Iterable[str]) -> tuple[str, ...]:
    """Warnings for reading: what is said alike of several paths of one scenario is one, which lists the paths.

    Parameters
    ----------
    warnings : iterable of str
        Warnings, each of one path, such as ``stages.meet.effort: ...``, or of none.
    """
    paths: dict[tuple[str | None, str, type[str], str], list[str]] = {}
    for text in warnings:
        found = _AT_A_PATH.fullmatch(text)
        who, why = (found["who"], found["why"]) if found else (None, str(text))
        key = who, why, type(text), getattr(text, "code", "")
        paths.setdefault(key, []).append(found["path"] if found else "")
    told = []
    for (who, why, kind, code), at in paths.items():
        said = why if who is None else f"{who}{', '.join(dict.fromkeys(at))}: {why}"
        told.append(kind(said, code) if issubclass(kind, Warned) else said)
    return tuple(told)


class ScenarioError(FunnelsimError):
    """A scenario that cannot be used; carries every `Problem` found at once."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        if not problems:
            raise ValueError("an error without a problem would end a command without a word")
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems), code=self.problems[0].code)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


def extra(name: str) -> str:
    """How to install what an extra of the package brings, as the end of a message."""
    return f"install the extra {name!r}, in the project's folder: pip install -e '.[{name}]'"


class InvariantError(FunnelsimError):
    """A run broke conservation of leads or Little's law: a bug of funnelsim, never of the user."""


class ArgumentError(FunnelsimError, ValueError):
    """An argument of a Python function that it cannot use; the message names the argument."""


class UnchangingError(ArgumentError, AttributeError):
    """An attribute was to be set of something that stays as it was made; the message says what to do instead."""


class HinderedError(FunnelsimError):
    """Nothing is wrong with the input, but something around it fails: disk, memory, another process, a cluster."""


class SpaceError(HinderedError):
    """There is no room on disk, or in memory, for what a run has to put there."""
