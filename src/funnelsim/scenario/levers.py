"""Lever files, and where levers are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from funnelsim.errors import Problem, ScenarioError

from . import beside, library
from . import fields as f
from .document import Block, problem
from .files import Origin, inlined, inside
from .forms.base import NOBODY, FormError, faults_of, found, unknown
from .forms.entry import Entry
from .reader import read_file

_REFERENCE = re.compile(r"([^@/\\\s][^@/\\]*?)\s*(?:@\s*(\d*\.?\d+))?")


class Lever(Entry):
    """A named, reversible change to a scenario: a hire, a tool, a KPI, a handoff mode."""

    lever: f.Text  # its name
    title: f.Text = ""  # one line on what it is
    question: f.Text = ""  # the question it answers
    description: f.Text = ""
    evidence: f.Fragment = Field(default_factory=dict)  # grade and source of its numbers
    costs: f.NamedMoneyRates = ()  # paid whole, whatever the dose
    change: f.Fragment  # what is laid over the scenario


@dataclass(frozen=True)
class Dosed:
    """A lever to be applied, and how far."""

    name: str
    dose: float
    change: Block
    costs: Block
    warnings: tuple[str, ...] = ()


def find(reference: Any, folder: Path | None) -> Dosed:
    """The lever meant by ``cpq`` or ``cpq@0.6``; looked up in `levers/` of the folder, then in the library.

    Raises
    ------
    ScenarioError
        If there is no such lever, or its file is wrong.
    """
    match = _REFERENCE.fullmatch(reference.strip()) if isinstance(reference, str) else None
    if match is None:
        raise _refused(f"expected the name of a lever such as cpq or cpq@0.6, found {found(reference)}")
    name, dose = match[1], float(match[2]) if match[2] is not None else 1.0
    if not 0 <= dose <= 1:
        raise _refused(f"`0 <= dose <= 1` must hold, but got ({reference})")
    path = _path(name, folder)
    document = read_file(path)
    _checked(document, str(path))
    problems: list[Problem] = []
    warnings: list[str] = []
    document = inlined(document, Origin(str(path), path.parent), problems, warnings)
    if problems:
        raise ScenarioError(problems)
    return Dosed(name, dose, document["change"], document.get("costs") or Block(), tuple(warnings))


def known(folder: Path | None) -> list[str]:
    """Names of all levers that a scenario in ``folder`` can use."""
    own = library.names(folder / "levers") if folder is not None else []
    return list(dict.fromkeys((*own, *library.names(library.folder() / "levers"))))


def _path(name: str, folder: Path | None) -> Path:
    if folder is not None and (folder / "levers").is_dir():
        try:
            return inside(folder, f"levers/{name}{library.SUFFIX}")
        except FormError as wrong:
            if "refused" in str(wrong):
                raise _refused(str(wrong)) from None
    every = known(folder)
    if name not in every:
        there = (
            beside.meant(folder / "levers" / f"{name}{library.SUFFIX}", exact=True) if folder is not None else ""
        )
        raise _refused(
            unknown("lever", name, every) + (there and f"{there[:-1]}; it must end in {library.SUFFIX}")
        )
    return library.lever(name)


def _checked(document: Block, file: str) -> None:
    try:
        Lever.model_validate(document, context=NOBODY)
    except ValidationError as error:
        raise ScenarioError([problem(document, fault, file) for fault in faults_of(error)]) from None
    if not isinstance(document["change"], Block):
        raise ScenarioError([Problem("change", f"expected a mapping, found {found(document['change'])}", file)])


def _refused(message: str) -> ScenarioError:
    return ScenarioError([Problem("", message)])
