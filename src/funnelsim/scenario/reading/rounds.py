"""All that is wrong with a document, told at once.

Some checks need the whole: of loops, of what is laid over something else, of keys that do nothing. They cannot
look at a document of which a part has no meaning. So what was complained about is taken out, and the rest is read
again. What is wrong with that is told as well, unless it may come from what was taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Any, Generic, TypeVar

from funnelsim.errors import Problem, ScenarioError

from ..forms.base import Path
from .document import Block, Items

T = TypeVar("T")
MOST_ROUNDS = 12
ENOUGH = 50
"""Problems after which no more are looked for."""
MOST_VALUES = 20_000
"""Values of a document that is read more than once."""
_SHORT = 3
"""Names shorter than this may be words of a sentence; they count as named in quotation marks only."""


@dataclass(frozen=True)
class Shape:
    """What may be taken out of a kind of document, and what then follows from that.

    Parameters
    ----------
    groups : sequence of str
        Keys under which named things, or a list of things, stand.
    whole : bool
        Whether a thing of a group is taken out as a whole; else what is wrong inside it is.
    kept : sequence of str
        Keys without which nothing can be told.
    stand_in : mapping
        What stands for a key that has to be there.
    things : mapping
        By group, what stands for a thing of which nothing more can be told.
    then : mapping
        By key of which something was taken out: the keys about which nothing more is told.
    """

    groups: Sequence[str]
    whole: bool
    kept: Sequence[str]
    stand_in: Mapping[str, Any]
    things: Mapping[str, Any]
    then: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Taken:
    """What was taken out: the paths, and whether something is spoken of that was not there."""

    paths: tuple[Path, ...] = ()
    missed: bool = False


def in_rounds(
    document: Block, read: Callable[[Block, Taken], T], shape: Shape, file: str
) -> tuple[T | None, tuple[Problem, ...]]:
    """What can be read of a document, and everything that is wrong with it.

    Parameters
    ----------
    document : Block
        As it was written.
    read : callable
        Reads a document from which some things were taken out; raises `ScenarioError`.
    shape : Shape
        What may be taken out.
    file : str
        The name of its file.

    Returns
    -------
    tuple
        What was read in the end, without what is wrong, or None; and the problems.
    """
    told: dict[Problem, None] = {}
    out = _Out(document, shape, file)
    for number in range(MOST_ROUNDS):
        try:
            return read(out.rest(), Taken(tuple(out.paths), bool(out.missed))), _in_order(told, file)
        except ScenarioError as error:
            found = [out.placed(one) for one in error.problems]
            fresh = [one for one, at in found if one not in told and not (number and out.may_cause(one, at))]
            told.update(dict.fromkeys(fresh))
            before = len(out.paths)
            for one, at in found[:ENOUGH]:
                out.take(one, at)
            if len(out.paths) == before or len(told) > ENOUGH or _values(document) > MOST_VALUES:
                break
    return None, _in_order(told, file)


def _in_order(told: Iterable[Problem], file: str) -> tuple[Problem, ...]:
    """Problems as they stand in the file, and those of other files behind them."""
    return tuple(sorted(told, key=lambda one: (one.file != file, one.file, one.line, one.column)))


@dataclass(frozen=True)
class _At(Generic[T]):
    """Where a problem lies: as far as its path leads into the document, and what is left of it."""

    path: Path
    rest: tuple[str, ...] = ()


class _Out:
    """What was taken out of a document."""

    def __init__(self, document: Block, shape: Shape, file: str) -> None:
        self.document, self.shape, self.file = document, shape, file
        self.paths: dict[Path, None] = {}
        self.put: dict[Path, Any] = {}
        self.known: set[Path] = set()  # things that were complained about
        self.missed: set[str] = set()  # names that are spoken of, and of nothing

    def rest(self) -> Block:
        """The document without it."""
        return _without(self.document, (), self.paths, self.put) if self.paths else self.document

    # -- where problems lie

    def placed(self, one: Problem) -> tuple[Problem, _At]:
        """A problem as it is to be told, and where it lies in the document."""
        if self._elsewhere(one):
            return one, _At(())
        path, rest = _resolved(self.rest(), one.path)
        there = _placed(self.rest(), one) if one.line else ()
        if there and (not path or there[: len(path)] != path[: len(there)]):  # as in a phase, or in `defaults`
            return one, _At(self._original(there))
        original = self._original(path)
        text = ".".join(map(str, (*original, *rest)))
        return (replace(one, path=text) if original != path else one), _At(original, rest)

    def _elsewhere(self, one: Problem) -> bool:
        """Whether it stands in another file of YAML: a lever, or what is extended."""
        return one.file not in ("", "change", self.file) and File(one.file).suffix in (".yaml", ".yml")

    def _original(self, path: Path) -> Path:
        """A path of what is left as it is in the whole document, where lists have more items."""
        made: list[str | int] = []
        for part in path:
            if isinstance(part, int):
                for index in sorted(self._gone(tuple(made))):
                    part += index <= part
            made.append(part)
        return tuple(made)

    def _gone(self, path: Path) -> Iterator[int]:
        """The items of a list that were taken out."""
        for one in self.paths:
            if one[:-1] == path and one not in self.put and isinstance(one[-1], int):
                yield one[-1]

    def _thing(self, path: Path) -> Path:
        """The thing that a path belongs to; of a phase, the thing that it changes."""
        if path[:1] == ("phases",) and path[2:3] == ("change",) and len(path) > 3:
            path = tuple(str(path[3]).split(".")) + path[4:]
        elif path[:1] and "." in str(path[0]):
            path = tuple(str(path[0]).split(".")) + path[1:]
        return path[:2] if path[:1] and (path[0] in self.shape.groups or path[0] == "phases") else path[:1]

    # -- what follows from it

    def may_cause(self, one: Problem, at: _At) -> bool:
        """Whether a problem may come from what was taken out."""
        thing = self._thing((*at.path, *at.rest))
        silent = {key for path in self.paths for key in self.shape.then.get(str(path[0]), ())}
        if (_quoted(one.message) or "") in self.missed:
            return True  # what is not there is not there, wherever it is spoken of
        if thing in self.known or (thing[:1] and thing[0] in silent):
            return True
        later = self._elsewhere(one) or at.path[:1] in (("phases",), ("arms",), ("vary",))
        if one.missing and later and any("levers" in path or path[0] == "set" for path in self.paths):
            return True
        return any(_speaks_of(one.message, str(known[-1])) for known in self.known if known)

    # -- taking out

    def take(self, one: Problem, at: _At) -> None:
        """Take out what a problem speaks of, if nothing else needs it."""
        if self._elsewhere(one):
            for path in self._levers(File(one.file).stem):
                self.known.add(self._thing(path))
                self._cut(path)
            return
        path, shape = at.path, self.shape
        if one.missing:
            self.missed.add(_quoted(one.message) or one.path)
        self.known.add(self._thing((*path, *at.rest)))
        if shape.whole:
            path = path[: 2 if path[:1] and path[0] in shape.groups else 1]
        if shape.whole:
            self._cut(path)
            return
        first = (*path, *at.rest[:1])
        for key in (path, first):
            if len(key) in (1, 3) and key[-1] in shape.stand_in and key not in self.paths:
                self._cut(key, shape.stand_in[str(key[-1])])
                return
        if path and not self._named(path) and path not in self.paths:
            self._cut(path)
        elif len(path) > 1 and path[0] in shape.things:
            self._cut(path[:2], shape.things[str(path[0])])

    def _cut(self, path: Path, instead: Any = None) -> None:
        if path and path[0] not in self.shape.kept:
            self.paths[path] = None
            if instead is not None:
                self.put[path] = instead

    def _named(self, path: Path) -> bool:
        """Whether a path is that of something that others may name."""
        return path[0] in self.shape.groups and len(path) < 3

    def _levers(self, name: str) -> Iterator[Path]:
        """Where a lever is asked for by its name."""
        for path, text in _texts(self.document, ()):
            asked = text.rpartition("@")[0] or text
            if {"levers", "arms"} & set(path) and File(asked.strip()).stem == name:
                yield path[:2] if self.shape.whole else path
        if name in (self.document.get("vary") or ()):
            yield ("vary", name)


def _values(document: Any) -> int:
    """How many values a document holds."""
    if isinstance(document, Mapping):
        return 1 + sum(map(_values, document.values()))
    return 1 + (sum(map(_values, document)) if isinstance(document, list) else 0)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text of a document, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping | list):
        for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _texts(item, (*path, key))


def _quoted(message: str) -> str | None:
    """The first thing in quotation marks."""
    found = re.search(r"'([^']*)'", message)
    return None if found is None else found[1]


def _speaks_of(message: str, name: str) -> bool:
    """Whether a message names something; what else there is may be named in any."""
    message = message.partition("; known are")[0]
    sign = re.escape(name)
    if len(name) < _SHORT:
        return re.search(rf"['`.]{sign}['`.:]|-> {sign}\b|\b{sign} ->", message) is not None
    return re.search(rf"(?<!\w){sign}(?!\w)", message) is not None


def _resolved(document: Any, text: str) -> tuple[Path, tuple[str, ...]]:
    """As far as a dotted path leads into a document, whose keys may have dots, and what is left of it."""
    parts, path = text.split(".") if text else [], []
    while parts:
        if isinstance(document, Mapping):
            size = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in document), 0)
            key: str | int = ".".join(parts[:size])
        elif isinstance(document, list) and parts[0].isdecimal() and int(parts[0]) < len(document):
            size, key = 1, int(parts[0])
        else:
            break
        if not size:
            break
        path.append(key)
        document, parts = document[key], parts[size:]
    return tuple(path), tuple(parts)


def _placed(document: Any, one: Problem) -> Path:
    """The path in a document to where a problem stands in its file; empty if that is not known."""
    marks = getattr(document, "marks", {})
    parts = document.items() if isinstance(document, Mapping) else enumerate(document if marks else ())
    here: Path = ()
    for key, value in parts:
        deeper = _placed(value, one) if isinstance(value, Mapping | list) else ()
        if deeper:
            return (key, *deeper)
        mark = marks.get(key)
        if mark is not None and mark.file == one.file:
            places = ((mark.line, mark.column), (mark.value_line, mark.value_column))
            here = (key,) if (one.line, one.column) in places else here
    return here


def _without(value: Any, path: Path, out: Mapping[Path, None], put: Mapping[Path, Any]) -> Any:
    """A copy of a document without what stands at some paths, and with what is put there instead."""
    inside = [one for one in out if one[: len(path)] == path]
    if not inside:
        return value
    if isinstance(value, list):
        kept = [at for at, _ in enumerate(value) if (*path, at) not in out]
        marks = getattr(value, "marks", {})
        items = [_without(value[at], (*path, at), out, put) for at in kept]
        return Items(items, {new: marks[old] for new, old in enumerate(kept) if old in marks})
    if not isinstance(value, Mapping):
        return value
    made = {key: _without(item, (*path, key), out, put) for key, item in value.items() if (*path, key) not in out}
    made |= {one[-1]: put[one] for one in inside if one in put and one[:-1] == path}
    return Block(made, getattr(value, "marks", {}))
