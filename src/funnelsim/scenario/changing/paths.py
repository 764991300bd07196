"""Dotted paths of a scenario: what may stand at one, and which one was meant where nothing does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..forms.amounts import AmountForm, PerYearForm
from ..forms.base import Fault, Form, FormError, Names, found
from ..forms.distributions import DistForm
from ..forms.entry import EntryForm, NamedForm
from ..forms.kinds import ByKindForm
from ..forms.names import CountsForm, NamedRatesForm, NameForm, WeightsForm
from ..forms.plain import ChoiceForm, FlagForm, NumberForm, TextForm
from ..forms.slips import slip
from ..forms.suggestions import nearest, suggestion

STAR = "*"
GROUPS = ("teams", "stages", "sources", "segments", "calendars")
"""Sections of named things, in the order in which a path that begins inside one is looked up in them."""

OPEN = (WeightsForm, CountsForm, NamedRatesForm)
"""Forms of names that need not be defined anywhere, such as reasons of loss."""
SINGLE = (NumberForm, TextForm, ChoiceForm, FlagForm, AmountForm, PerYearForm, NameForm, DistForm)
"""Forms of one value, which has no parts, or only those that its form knows."""


OF_FILES = {
    "extends": "a change is laid over a scenario that is whole; `extends` stands in its file",
    "levers": "a lever is laid over by `--lever NAME`, by `with_levers` in Python, or under `levers` in the file",
    "evidence": "how a number is known stands in the file that gives it, or in that of a lever",
    "uncertain": "draws of inputs are named in the file, by `--inputs FILE`, or by `inputs` in Python",
    "defaults": "a change of all teams or stages is written with a star, as in stages.*.patience",
}
"""Keys that only files have, and what to do instead of changing them."""

Parts = tuple[str, ...]
_PARTED = re.compile(r"[/\\\[\]．]+")


class NoSuchNameError(FormError):
    """A path that names something the scenario does not have, though it might: ``missing`` is the path to that."""

    missing: Parts = ()


def locate(document: Any, form: Form[Any], path: Sequence[str], names: Names, asked: int) -> Form[Any] | None:
    """The form of the value at a path; None where only reading it can tell.

    Parameters
    ----------
    document : Any
        A scenario in long form.
    form : Form
        Its form.
    path : sequence of str
        The parts of the path.
    names : Names
        The names of the scenario, which values may be given by.
    asked : int
        How many leading parts must be there already; behind them a change may add named things.

    Raises
    ------
    NoSuchNameError
        If one of these is not there; names the nearest path that is.
    FormError
        If there can be no such path.
    """
    if path[0] in OF_FILES and form.child(str(path[0])) is None:
        raise FormError(Fault(of_files(path), key=True, code="E-key-misplaced"))
    here: Form[Any] | None = form
    node = document
    for index, part in enumerate(path):
        wrong = _wrong(here, node, part, names, index < asked)
        if wrong is not None:
            known = _choices(here, node, names)
            inside = ".".join(path[:index]) or "a scenario"
            message = _message(wrong, part, inside, known, nearest_path(document, form, tuple(path), names))
            error = wrong(Fault(message, key=True, code="E-path-unknown"))
            if isinstance(error, NoSuchNameError):
                error.missing = tuple(path[: index + 1])
            raise error
        here, node = _below(here, node, part, names)
    return here


def of_files(path: Sequence[str]) -> str:
    """What is said of a path to a key that only files have."""
    said = f"{path[0]!r} has no place in a change: {OF_FILES[path[0]]}"
    if path[0] == "defaults" and len(path) > 2:
        said += f"; write {'.'.join((path[1], STAR, *path[2:]))}"
    return said


def nearest_path(document: Any, form: Form[Any], path: Parts, names: Names) -> str | None:
    """The path most like ``path`` of which every part is there; None if there is none like it."""
    if _PARTED.search(path[0]):  # parted in the ways of other tools: teams/desk/headcount
        path = tuple(part for part in re.split(rf"{_PARTED.pattern}|\.", ".".join(path)) if part)
    whole = _mended(document, form, path, names)
    first = _wrong(form, document, path[0], names, True) is not None
    if whole is None and first:
        tries = (_mended(document, form, longer, names) for longer in _longer(document, form, path, names))
        whole = next((one for one in tries if one is not None), None)
    return ".".join(whole) if whole is not None else None


def _longer(document: Any, form: Form[Any], path: Parts, names: Names) -> Iterator[Parts]:
    """Paths of which the beginning was left out: ``desk.headcount``, or ``headcount`` alone."""
    for group in GROUPS:
        inside = document.get(group)
        if isinstance(inside, Mapping) and nearest(path[0], inside):
            yield (group, *path)
    for group in GROUPS:
        inside, inner = document.get(group), form.child(group)
        if not isinstance(inside, Mapping) or not inside or not isinstance(inner, NamedForm):
            continue
        if isinstance(inner.inner, EntryForm) and nearest(path[0], inner.inner.type.keys()):
            yield (group, next(iter(inside)) if len(inside) == 1 else STAR, *path)


def _mended(document: Any, form: Form[Any], path: Parts, names: Names) -> Parts | None:
    """The path with each part that is not there replaced by the nearest that is."""
    here: Form[Any] | None = form
    node, made = document, []
    for part in path:
        if _wrong(here, node, part, names, True) is not None:
            close = nearest(part, _choices(here, node, names))
            if close is None:
                return None
            part = close
        made.append(part)
        here, node = _below(here, node, part, names)
    return tuple(made)


def values_at(node: Any, path: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The values at a path of a document, each with its own path where ``*`` stands for several names."""
    if not path:
        yield "", node
        return
    if isinstance(node, list):
        node = {str(index): item for index, item in enumerate(node)}
    for name, child in node.items() if isinstance(node, Mapping) else ():
        if path[0] in (STAR, name):
            for rest, value in values_at(child, path[1:]):
                yield f"{name}.{rest}" if rest else name, value


# --- one part of a path -------------------------------------------------------------------------------------


def _wrong(form: Form[Any] | None, node: Any, part: str, names: Names, asked: bool) -> type[FormError] | None:
    """What is wrong with a part of a path; None if it may stand there."""
    if part == STAR:
        return None
    if isinstance(form, ByKindForm):
        if part == "else" or part in names.kinds:
            return None
        return _wrong(form.inner, _inside_kinds(node, names), part, names, asked)
    if isinstance(form, NamedForm):
        there = not isinstance(node, Mapping) or part in node
        return None if there or not asked else NoSuchNameError
    if isinstance(form, OPEN):
        new = isinstance(node, Mapping) and part not in node
        return NoSuchNameError if new and slip(part, node) else None  # any name may be added, but no slip of one
    if isinstance(form, EntryForm):
        return FormError if form.child(part) is None else None
    if isinstance(form, SINGLE):
        there = isinstance(node, Mapping) and part in node
        return None if there or isinstance(node, list) or form.child(part) is not None else FormError
    return None


def _inside_kinds(node: Any, names: Names) -> Any:
    """What stands at a value by kind of lead, as far as the names below it are known."""
    if isinstance(node, Mapping) and any(key == "else" or key in names.kinds for key in node):
        return next(iter(node.values()), None)
    return node


def _below(form: Form[Any] | None, node: Any, part: str, names: Names) -> tuple[Form[Any] | None, Any]:
    """The form and the value of a part."""
    inside = node.get(part) if isinstance(node, Mapping) else None
    if isinstance(node, list) and part.isdecimal() and int(part) < len(node):
        inside = node[int(part)]
    if isinstance(form, ByKindForm):
        if part in ("else", STAR) or part in names.kinds:
            return form.inner, inside
        return _below(form.inner, _inside_kinds(node, names), part, names)
    return (form.child(part) if form is not None else None), inside


def _choices(form: Form[Any] | None, node: Any, names: Names) -> tuple[str, ...]:
    """The names that are known to stand below a value."""
    if isinstance(form, ByKindForm):
        return (*_choices(form.inner, _inside_kinds(node, names), names), *sorted(names.kinds), "else")
    if isinstance(form, EntryForm):
        return tuple(form.type.keys())
    return tuple(str(name) for name in node) if isinstance(node, Mapping) else ()


def _message(wrong: type[FormError], part: str, inside: str, known: Sequence[str], meant: str | None) -> str:
    what = f"there is no {found(part)} in {inside}"
    if wrong is not NoSuchNameError:
        what = f"unknown key {found(part)} of {inside}"
    if meant is not None:
        return f"{what}; did you mean {meant}?"
    better = suggestion(part, known)
    if better is not None:
        return f"{what}; {better}"
    if not known:
        return f"{what}, which has no parts"
    return f"{what}; known are {', '.join(known[:15])}{', ...' if len(known) > 15 else ''}"
