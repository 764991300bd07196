"""What was written in which place, and the refusal of what does nothing there.

A scenario is laid together from files, defaults, levers, phases and changes. What one of them leaves without
effect in another is no fault: a lever that automates a stage need not know of its patience. So a key is refused
only where it was written: if it does nothing in the scenario as it is from then on, in no phase and after no later
lever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnelsim.errors import Problem, ScenarioError, Warned

from ..forms.base import Path, adjusts
from ..language.people import OF_TEAM, Whole
from ..language.types import ScenarioSpec
from ..reading.document import Block, mark_of
from .idle import Idle, idle

Read = Callable[[Block], ScenarioSpec]
GROUPS = ("segments", "sources", "teams", "stages")


@dataclass(frozen=True)
class Writing:
    """Something that was written, and the document of the scenario with it.

    ``what`` says where it comes from, for messages; ``under`` is the path of what was written in its own file.
    """

    written: Mapping[str, Any]
    document: Block
    what: str = ""
    under: Path = ()


@dataclass(frozen=True)
class _Leaf:
    """A value that was written: the path that it means, and that by which it stands in what was written."""

    path: Path
    keys: Path


def refuse(writings: Sequence[Writing], last: Sequence[ScenarioSpec], read: Read, file: str = "") -> None:
    """Raise `ScenarioError` for every key of some writings that does nothing, neither then nor in what came of it.

    Parameters
    ----------
    writings : sequence of Writing
        What was written since the scenario was last found to be right, in order.
    last : sequence of ScenarioSpec
        The scenario with all of it, in each of its periods.
    read : callable
        Reads the document of a writing.
    file : str
        Name of the file that was read, for what has no place of its own.
    """
    without_use = in_all(last)
    if not without_use:
        return
    problems: list[Problem] = []
    for number, writing in enumerate(writings):
        meant = [leaf for leaf in _leaves(writing.written) if _said(leaf, without_use, last[0])]
        later = [idle_in(each.document, read) for each in writings[number:-1]] if meant else []
        for leaf in meant:
            found = _said(leaf, {key: why for key, why in without_use.items() if _in(key, later)}, last[0])
            if found is not None:
                problems.append(_problem(writing, leaf, found, file, code="E-key-useless"))
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))


FOR_GOOD = {
    "label": "a phase changes how things work, and not what they are called; write it outside the phase",
    "role": "a phase changes how things work, and not what they are; write it outside the phase",
    "tenure": "it is how long those of the start have been there, and a phase begins later",
}
"""Keys of entries that say something for a whole run."""


def refuse_for_good(writings: Iterable[Writing], before: ScenarioSpec, file: str = "") -> None:
    """Raise `ScenarioError` for keys in a phase that hold for a whole run; new teams may have labels and roles."""
    problems = []
    for writing in writings:
        for leaf in _leaves(writing.written):
            group, name, key = (*map(str, leaf.path), "", "", "")[:3]
            known = group in GROUPS and (
                name == "*" or key not in ("label", "role") or name in getattr(before, group)
            )
            if known and key in FOR_GOOD and len(leaf.path) == 3:
                said = ((group, name, key), FOR_GOOD[key])
                problems.append(_problem(writing, leaf, said, file, code="E-phase-fixed"))
    if problems:
        raise ScenarioError(problems)


def swallowed(writings: Iterable[Writing], last: Sequence[ScenarioSpec]) -> Iterator[Warned]:
    """What was written of a team whose people are in another one, which has its own of that.

    Parameters
    ----------
    writings : iterable of Writing
        What was written. What also makes the team of others, or came before it, is left alone.
    last : sequence of ScenarioSpec
        The scenario with it, in each of its periods in which that holds.
    """
    for writing in writings:
        under = ".".join(map(str, writing.under[:2])) or writing.what
        leaves = [leaf.path for leaf in _leaves(writing.written)]
        made = {str(path[1]) for path in leaves if path[:1] == ("teams",) and path[2:3] == ("from",)}
        for path in leaves:
            found = [_whole_of(path, spec) for spec in last]
            whole = found[0] if found and all(found) else ""
            if whole and whole not in made and whole in (writing.document.get("teams") or {}):
                shown = ".".join(map(str, path[:3]))
                why = f"the people of {path[1]} are in {whole}, which has its own; write teams.{whole}.{path[2]}"
                yield Warned(f"{under + ': ' if under else ''}{shown}: does nothing as it is: {why}", "W-key-idle")


def _whole_of(path: Path, spec: ScenarioSpec) -> str:
    """The team that has of its own what is written of one of its parts; empty if what is written acts."""
    group, name, key = (*map(str, path), "", "", "")[:3]
    for of, team in spec.teams.items() if group == "teams" else ():
        if isinstance(team, Whole) and any(part.name == name for part in team.parts):
            mine = key in OF_TEAM or key in ("quota", "serves")
            return of if mine and key in team.model_fields_set and getattr(team, key) not in (None, ()) else ""
    return ""


def in_all(specs: Iterable[ScenarioSpec]) -> dict[Path, str]:
    """The keys that do nothing in any of some scenarios, and why in the first."""
    first, *others = (dict(idle(spec)) for spec in {id(spec): spec for spec in specs}.values())
    return {key: why for key, why in first.items() if _in(key, others)}


def idle_in(document: Block, read: Read) -> Mapping[Path, str] | None:
    """The keys that do nothing in a document; None if it cannot be read, as between two levers."""
    try:
        return dict(idle(read(document)))
    except ScenarioError:
        return None


def without(document: Any, key: Path) -> Any:
    """A document without a key, wherever it stands below by kind of lead or in a list."""
    if not key:
        return None
    if isinstance(document, list):
        return [without(one, key) for one in document]
    if not isinstance(document, Mapping):
        return document
    if key[0] not in document:
        return {name: without(value, key) for name, value in document.items()}
    made = {name: without(value, key[1:]) if name == key[0] else value for name, value in document.items()}
    return {name: value for name, value in made.items() if value is not None or len(key) > 1 or name != key[0]}


def _in(key: Path, every: Iterable[Mapping[Path, str] | None]) -> bool:
    return all(one is None or key in one for one in every)


def _said(leaf: _Leaf, found: Mapping[Path, str], spec: ScenarioSpec) -> Idle | None:
    """The key of which a value speaks, if it does nothing; under `*` it must do nothing for every name."""
    keys = [key for key in found if _end(leaf.path, key)]
    if keys and leaf.path[1:2] == ("*",) and {key[1] for key in keys} != set(getattr(spec, str(leaf.path[0]))):
        return None
    return (keys[0], found[keys[0]]) if keys else None


def _end(written: Path, key: Path) -> int:
    """How much of the path of a value leads to a key, 0 if it is of another; kinds of lead lie between."""
    at = 0
    for one in key:
        while at < len(written) and written[at] not in (one, "*"):
            at += 1
        if at == len(written):
            return 0
        at += 1
    return at


def _problem(writing: Writing, leaf: _Leaf, said: Idle, file: str, code: str) -> Problem:
    key, why = said
    keys = leaf.keys[: _end(leaf.path, key)] if len(leaf.keys) == len(leaf.path) else leaf.keys
    mark, _ = mark_of(writing.written, keys)
    message = f"{writing.what + ': ' if writing.what else ''}`{key[-1]}` does nothing here: {why}"
    path = ".".join(map(str, (*writing.under, *keys)))
    if mark is None:
        return Problem(path, message, file, 1 if file else 0, 1 if file else 0, code=code)
    return Problem(path, message, mark.file, mark.line, mark.column, code=code)


def _leaves(written: Any) -> Iterator[_Leaf]:
    """The values of a document or a change; its defaults are those of every entry."""
    for leaf in _taken_apart(written, _Leaf((), ())):
        if leaf.path[:1] == ("defaults",):
            yield _Leaf((*leaf.path[1:2], "*", *leaf.path[2:]), leaf.keys)
        else:
            yield leaf


def _taken_apart(value: Any, above: _Leaf) -> Iterator[_Leaf]:
    if isinstance(value, Mapping) and value and ("odds" in value or not adjusts(value)):
        for key, one in value.items():
            parts = () if key == "set" else tuple(str(key).split("."))
            yield from _taken_apart(one, _Leaf((*above.path, *parts), (*above.keys, key)))
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for index, one in enumerate(value):
            yield from _taken_apart(one, _Leaf((*above.path, index), (*above.keys, index)))
    elif value is not None:
        yield above
