"""Lever files, and where levers are found."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from funnelsim.errors import Problem, ScenarioError, Warned

from ..forms import remedies
from ..forms.base import NOBODY, FormError, faults_of, found, unknown
from ..forms.signs import ordinary
from ..forms.suggestions import suggestion
from ..language.lever import HALF, PEOPLE, Lever, OfLever
from ..reading import beside, library
from ..reading.document import Block, problem
from ..reading.reader import read_file
from .files import Origin, inlined, inside

MOST_NAMED = 5
"""Files that a message names."""

_NAME = re.compile(r"[^@/\\\s][^@/\\]*")
_DOSE = re.compile(r"\s*\d*\.?\d+\s*")


@dataclass(frozen=True)
class Dosed:
    """A lever to be applied, how far, and where.

    Parameters
    ----------
    name : str
        Its name.
    dose : float
        How far: a share of the way, or a number of people.
    lever : Lever
        What its file says.
    document : Block
        The same as it is written.
    shipped : bool
        Whether it is of the library, whose levers speak of roles first.
    narrowed : tuple of str
        The entries to which a role is narrowed.
    """

    name: str
    dose: float
    lever: Lever
    document: Block
    shipped: bool = False
    narrowed: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
    path: Path = Path()

    @property
    def in_words(self) -> OfLever:
        """The name with the entries it is narrowed to and the dose, as it is written, and its title."""
        where = f":{','.join(self.narrowed)}" if self.narrowed else ""
        dosed = "" if self.dose == 1 and self.lever.dose.default == 1 else f"@{self.dose:g}"
        return OfLever(f"{self.name}{where}{dosed}", self.lever.title)

    def misfit(self, one: Problem) -> str:
        """A problem with it on a line, which names it and what of the line is meant."""
        prefix = f"lever {self.name}"
        said = one.message.removeprefix(f"{prefix}: ")
        if said.startswith(f"{prefix} "):
            return said
        return ": ".join(part for part in (prefix, one.path, said) if part)


def find(reference: Any, folder: Path | None, anywhere: bool = False) -> Dosed:
    """The lever meant by ``cpq``, ``cpq@0.6`` or ``path/to/cpq.yaml@0.6``.

    Parameters
    ----------
    reference : Any
        A name, looked up in `levers/` of the folder and then in the library, or the path of a file; the dose
        follows the last ``@``.
    folder : Path or None
        That of the scenario.
    anywhere : bool
        Whether a path may lead out of the folder: it may where a user gives it, not where a file does.

    Raises
    ------
    ScenarioError
        If there is no such lever, or its file is wrong.
    """
    name, narrowed, dose = _parts(reference)
    if is_path(name):
        path, name = _at(name, folder, anywhere), Path(name).stem
    else:
        path = _path(name, folder)
    document = read_file(path, keys="lever, change, costs")
    lever = _checked(document, str(path))
    problems: list[Problem] = []
    warnings: list[Warned] = []
    document = inlined(document, Origin(str(path), path.parent), problems, warnings)
    if problems:
        raise ScenarioError(problems)
    shipped = path.parent == library.folder() / "levers"
    return Dosed(name, _dose(lever, dose, reference), lever, document, shipped, narrowed, tuple(warnings), path)


def _dose(lever: Lever, dose: float | None, reference: Any) -> float:
    """The dose, or the default of the lever; raises `ScenarioError` if the lever does not go so far."""
    known = lever.dose
    if dose is None:
        return known.default
    if not known.least <= dose <= known.most:
        counts = "it is how many people" if known.is_ == PEOPLE else f"{known.most:g} is the whole of it"
        raise _refused(
            f"`{known.least:g} <= dose <= {known.most:g}` must hold, but got ({reference}); {counts}",
            "E-dose-range",
        )
    step = known.step if known.step is not None else HALF if known.is_ == PEOPLE else 0.0
    if step > 0 and abs(dose / step - round(dose / step)) > 1e-9:
        people = {1.0: "whole people", HALF: "whole or half people"} if known.is_ == PEOPLE else {}
        of = people.get(step, f"multiples of {step:g}")
        raise _refused(f"a dose of {lever.lever} is in {of}, found {reference}", "E-dose-range")
    return dose


def known(folder: Path | None) -> list[str]:
    """Names of all levers that a scenario in ``folder`` can use."""
    own = library.names(folder / "levers") if folder is not None else []
    return list(dict.fromkeys((*own, *library.names(library.folder() / "levers"))))


def _parts(reference: Any) -> tuple[str, tuple[str, ...], float | None]:
    """The name or the path of a lever, what a role is narrowed to, and the dose if one is given."""
    text = reference.strip().replace("＠", "@") if isinstance(reference, str) else ""
    name, at, dose = text.rpartition("@")
    dose = ordinary(dose)
    if not at or not _DOSE.fullmatch(dose):
        name, dose = text, ""
    name, narrowed = _narrowed(name.strip())
    if not (is_path(name) if name else False) and not _NAME.fullmatch(name):
        what = f"found {found(reference)}{_dosed(text)}"
        raise _refused(f"expected the name of a lever such as cpq or cpq@0.6, or a file, {what}", "E-value-name")
    return name, narrowed, float(dose) if dose else None


def parted(reference: str) -> tuple[str, tuple[str, ...]]:
    """A name or a path, and the entries behind its colon to which roles are narrowed."""
    return _narrowed(reference.strip())


def narrowed_to(reference: str, names: tuple[str, ...]) -> str:
    """A reference to a lever that narrows its roles to further entries."""
    name, narrowed, dose = _parts(reference)
    return f"{name}:{','.join((*narrowed, *names))}{'' if dose is None else f'@{dose:g}'}"


def torn(references: Sequence[Any], index: int, names: Container[str]) -> str:
    """The end of a message about an entry that belongs to the lever before it in a list; empty if it does not."""
    before, this = (str(references[index - 1]), str(references[index])) if index else ("", "")
    if not parted(before)[1] or (this.rpartition("@")[0] or this).strip() not in names:
        return ""
    return f'; names behind a lever are written in quotation marks in a list: ["{before.strip()},{this.strip()}"]'


def _narrowed(name: str) -> tuple[str, tuple[str, ...]]:
    """A name without the entries behind its colon, and these; the colon of a drive is part of a path."""
    lever, colon, entries = name.rpartition(":")
    if not colon or len(lever) < 2 or "/" in entries or "\\" in entries:
        return name, ()
    return lever.strip(), tuple(each.strip() for each in entries.split(",") if each.strip())


def _dosed(name: str) -> str:
    """How a dose is written that is no number or stands before the names, as the end of a message."""
    lever, _, dose = name.rpartition("@")
    before, colon, entries = dose.partition(":")
    if lever and colon and _DOSE.fullmatch(ordinary(before)):
        return f"; the dose comes last: write {lever}:{entries.strip()}@{ordinary(before).strip()}"
    share = remedies.value(dose) if lever else None
    if share is not None and share < 0:
        return "; a dose is no less than 0"
    return "" if share is None else f"; write {lever}@{remedies.written(share)}"


def is_path(name: str) -> bool:
    """Whether a reference to a lever is the path of a file."""
    return "/" in name or "\\" in name or Path(name).suffix in (".yaml", ".yml")


def _at(name: str, folder: Path | None, anywhere: bool) -> Path:
    """The file at a path."""
    if not anywhere:
        try:
            return inside(folder, name)
        except FormError as wrong:
            raise _refused(str(wrong), wrong.code) from None
    if not Path(name).is_file():
        own = folder is not None and (folder / "levers" / name).is_file()
        hint = f"; did you mean {Path(name).stem!r}, of the folder levers/?" if own else _near(Path(name))
        raise _refused(f"there is no lever file {name!r}{hint}", "E-file-missing")
    return Path(name)


def _near(path: Path) -> str:
    """What may be meant by the path of a lever that is no file: one of nearly its name, or those of its folder."""
    folder, begins = (path, "") if path.is_dir() else (path.parent, path.stem)
    close = "" if path.is_dir() else beside.meant(path)
    there = library.names(folder) if folder.is_dir() and not close else []
    files = [str(folder / f"{name}{library.SUFFIX}") for name in there]
    begun = [file for file in files if Path(file).name.startswith(begins)] or files
    if not begun:
        return close
    more = f" and {len(begun) - MOST_NAMED} more" if len(begun) > MOST_NAMED else ""
    return f"; {'there are' if len(begun) > 1 else 'there is'} {', '.join(begun[:MOST_NAMED])}{more}"


def _path(name: str, folder: Path | None) -> Path:
    if folder is not None and (folder / "levers").is_dir():
        try:
            return inside(folder, f"levers/{name}{library.SUFFIX}")
        except FormError as wrong:
            if "refused" in str(wrong):
                raise _refused(str(wrong), wrong.code) from None
    every = known(folder)
    if name not in every:
        own = folder / "levers" / f"{name}{library.SUFFIX}" if folder is not None else None
        beside_it = set(every) - {each.name for each in library.levers()}
        there = beside.meant(own, exact=True) if own is not None and not suggestion(name, beside_it) else ""
        places = [f"{folder / 'levers'}"] if folder is not None else []
        looked = (
            f" (levers are looked for in {' and in '.join([*places, 'the library'])}; a file is named by its path)"
        )
        hint = there and f"{there[:-1]}; it must end in {library.SUFFIX}"
        several = [each.strip() for each in name.split("+")]
        if len(several) > 1 and all(each.rpartition("@")[0] in every or each in every for each in several):
            each_by_itself = " ".join(f"--lever {each}" for each in several)
            hint, looked = (
                f"; levers are given one by one: {each_by_itself}, or [{', '.join(several)}] in a file",
                "",
            )
            raise _refused(f"unknown lever {found(name)}{hint}", "E-name-unknown")
        said = f"unknown lever {found(name)}" if there else unknown("lever", name, every)
        raise _refused(said + hint + looked, "E-name-unknown")
    return library.lever(name)


def _checked(document: Block, file: str) -> Lever:
    try:
        lever = Lever.model_validate(document, context=NOBODY)
    except ValidationError as error:
        raise ScenarioError([problem(document, fault, file) for fault in faults_of(error)]) from None
    for key in ("change", "if_present", "if_absent"):
        if not isinstance(document.get(key, Block()), Block):
            raise ScenarioError(
                [Problem(key, f"expected a mapping, found {found(document[key])}", file, code="E-value-shape")]
            )
    return lever


def _refused(message: str, code: str) -> ScenarioError:
    return ScenarioError([Problem("", message, code=code)])
