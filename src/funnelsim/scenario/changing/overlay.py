"""One edit laid over a document: where it acts, and what becomes of the value there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..forms.base import Adjust, Form, FormError, Names, found, kept
from ..forms.entry import EntryForm, FragmentForm, ListForm, NamedForm
from ..forms.kinds import ByKindForm, StepsForm, dated
from ..forms.names import NumbersForm
from ..reading.document import Block, Items, Mark
from .edits import Edit, directive
from .paths import locate


class _Missing:
    """The value of a path that leads nowhere; also what an edit returns to remove something."""


MISSING = _Missing()


class NothingThereError(Exception):
    """An edit that finds nothing to change."""

    code = "E-change-nothing"


class GoneAlreadyError(Exception):
    """An edit that removes what is not there, so that all is as it asks for."""


class Overlay:
    """Lays edits over a document."""

    def __init__(self, before: Block, names: Names, dose: float) -> None:
        self.before = before
        self.names = names
        self.dose = dose
        self.rounded: list[str] = []  # what edits have rounded so far, in words

    # -- where

    def check(self, form: EntryForm, document: Any, edit: Edit) -> None:
        """Raise `FormError` if the path can lead nowhere, and `NoSuchNameError` if it leads nowhere here."""
        removes = edit.value is None or (directive(edit.value) and "set" not in edit.value)
        if edit.asked or removes or len(edit.path) == 1:
            asked = len(edit.path) if removes else edit.asked
            locate(document, form, edit.path, self.names, asked)

    def targets(self, document: Any, edit: Edit) -> list[tuple[str, ...]]:
        """The paths an edit means, each ``*`` replaced by every name that has the rest of the path."""
        if "*" not in edit.path:
            return [edit.path]
        paths = list(self._matching(document, edit.path))
        if not paths and edit.value is None:
            raise GoneAlreadyError("there is nothing to remove")
        if not paths:
            raise NothingThereError(
                "no name has the rest of this path, so nothing would change; `*` stands for names that have it "
                "already, so to give it to one write that name"
            )
        return paths

    def _matching(self, node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if not path:
            yield ()
            return
        key, rest = path[0], path[1:]
        for name, child in _children(node):
            if key in ("*", name):
                for tail in self._matching(child, rest):
                    yield (name, *tail)
        if isinstance(node, Mapping) and key != "*" and key not in node:
            cases = [child for kind, child in node.items() if kind == "else" or kind in self.names.kinds]
            if cases and any(list(self._matching(case, path)) for case in cases):
                yield path  # a part of a value that is given by kind

    # -- going down

    def put(self, form: Form[Any] | None, old: Any, path: tuple[str, ...], edit: Edit, depth: int) -> Any:
        """``old`` with the edit done at ``path`` inside it."""
        if not path:
            return self.settled(form, old, edit.value)
        if isinstance(form, ByKindForm):
            return self._put_by_kind(form, old, path, edit, depth)
        if isinstance(old, list):
            return self._put_in_list(form, old, path, edit, depth)
        key, rest = path[0], path[1:]
        if isinstance(form, StepsForm) and old is not MISSING and not isinstance(old, Mapping):
            old = {"start": old}
        if old is not MISSING and not isinstance(old, Mapping):
            raise NothingThereError(f"there is no {key!r} in {found(old)}")
        if old is MISSING and isinstance(form, ListForm) and key.isdecimal():
            raise NothingThereError(
                "there is no such list; write all of it, as in phases=[{from: ..., change: ...}]"
            )
        content = old if isinstance(old, Mapping) else {}
        if key not in content and isinstance(form, NamedForm) and depth < edit.asked:
            raise NothingThereError(f"there is no {key!r}, so nothing would change")
        child = form.child(key) if form is not None else None
        before = content.get(key, MISSING)
        if before is MISSING and not rest and isinstance(form, EntryForm | NumbersForm):
            before = _Default(form.default_of(key))
        return _with(content, key, self.put(child, before, rest, edit, depth + 1), edit.mark)

    def _put_in_list(self, form: Form[Any] | None, old: Any, path: tuple[str, ...], edit: Edit, depth: int) -> Any:
        key, rest = path[0], path[1:]
        if not key.isdecimal() or int(key) >= len(old):
            raise NothingThereError(f"there is no item {key!r} in a list of {len(old)}")
        items = list(old)
        items[int(key)] = self.put(form.child(key) if form else None, items[int(key)], rest, edit, depth + 1)
        made = Items([item for item in items if item is not MISSING], getattr(old, "marks", None))
        if edit.mark is not None:
            made.marks[int(key)] = edit.mark
        return made

    def _put_by_kind(self, form: ByKindForm, old: Any, path: tuple[str, ...], edit: Edit, depth: int) -> Any:
        key, rest = path[0], path[1:]
        is_kind = key == "else" or key in self.names.kinds
        if not form.is_map(old, self.names):
            if not is_kind or form.inner.child(key) is not None:
                return self.put(form.inner, old, path, edit, depth)
            old = {} if old is MISSING or isinstance(old, _Default) else {"else": old}
        if not is_kind:
            cases = {kind: self.put(form.inner, case, path, edit, depth) for kind, case in old.items()}
            return kept(old, cases)
        before = (
            old.get(key, old.get("else", MISSING))
            if rest or directive(edit.value, form)
            else old.get(key, MISSING)
        )
        none = not rest and edit.value is None  # for a kind of lead, null is a value: none
        value = None if none else self.put(form.inner, before, rest, edit, depth + 1)
        return _with(old, key, value, edit.mark, ahead=key != "else")

    # -- the value itself

    def settled(self, form: Form[Any] | None, old: Any, value: Any) -> Any:
        """The new value where ``value`` is laid over ``old``; `MISSING` if it is removed."""
        there = old if not isinstance(old, _Default) else MISSING
        start = old.value if isinstance(old, _Default) else old
        if value is None:
            if there is MISSING:
                raise GoneAlreadyError("there is nothing to remove")
            new: Any = MISSING
        elif directive(value, form) and "append" in value:
            new = self._appended(form, there, value)
        elif directive(value, form) and "set" not in value:
            return self._adjusted(form, there, start, value)
        elif directive(value, form):
            new = value["set"] if form is None else form.expand(value["set"], self.names)
        else:
            new = self.laid(form, there, value)
        if self.dose == 1.0 or form is None:
            return new
        return self._partly(form, start, new)

    def _partly(self, form: Form[Any], start: Any, new: Any) -> Any:
        """``dose`` of the way from what is there, or its default, to ``new``."""
        if start is MISSING or start is None:
            raise FormError(
                f"there is no value from which to go {self.dose:g} of the way; it takes dose 1 only",
                code="E-dose-whole",
            )
        if new is MISSING:
            raise FormError(
                f"a removal cannot be done {self.dose:g} of the way; it takes dose 1 only", code="E-dose-whole"
            )
        form.read(new, self.names)  # what is wrong with the new value is said of itself
        return self._blended(form, start, new)

    def _blended(self, form: Form[Any], start: Any, new: Any) -> Any:
        made = form.blend(start, new, self.dose, self.names)
        self.rounded.append(form.rounded_part(start, new, self.dose, self.names))
        return made

    def _appended(self, form: Form[Any] | None, there: Any, value: Mapping[str, Any]) -> Any:
        """The list that is there with what is to stand behind it; each of that once."""
        if form is None:
            raise NothingThereError("there is no list, so nothing would change")
        wanted = value["append"] if isinstance(value["append"], list) else [value["append"]]
        made = form.appended(None if there is MISSING else there, wanted, self.names)
        if made == there:
            raise GoneAlreadyError("it is in this list already")
        if not isinstance(made, list):
            return made
        marks = dict(getattr(there, "marks", {}))
        mark = getattr(value, "marks", {}).get("append")
        return Items(
            made, {**dict.fromkeys(range(len(marks and there), len(made)), mark), **marks} if mark else marks
        )

    def _adjusted(self, form: Form[Any] | None, there: Any, start: Any, value: Mapping[str, Any]) -> Any:
        if form is None or start is MISSING or start is None:
            raise NothingThereError("no value is given there, so there is nothing to change")
        new = start
        for op, amount in value.items():
            if isinstance(amount, list) and isinstance(start, list):
                raise FormError(
                    f"a list has no number to {op}; to put more behind what is there, write {{append: ...}}",
                    code="E-change-no-number",
                )
            if op == "odds" and not form.is_share:
                raise FormError(
                    "odds are those of a probability, and this is none; write {multiply: ...}",
                    code="E-change-odds",
                )
            made = form.adjust(new, Adjust(op, amount), self.names)
            self.rounded.append(form.rounded(new, Adjust(op, amount), self.names))
            new = made
        if there is MISSING and new == start:
            done = " and ".join(f"{op}: {amount}" for op, amount in value.items())
            raise NothingThereError(f"no value is given there, and {{{done}}} leaves the default as it is")
        return new if self.dose == 1.0 else self._blended(form, start, new)

    def laid(self, form: Form[Any] | None, old: Any, value: Any) -> Any:
        """``value`` in its long form laid over ``old``: mappings merge, anything else replaces."""
        if form is None or isinstance(form, FragmentForm):
            return value
        if isinstance(form, ByKindForm):
            return self._laid_by_kind(form, old, value)
        new = form.expand(value, self.names)
        if isinstance(form, StepsForm) and isinstance(new, Mapping) and old is not MISSING:
            old = old if isinstance(old, Mapping) else {"start": old}
            return dated(self._merged(form, old, new), self.names)
        if isinstance(old, Mapping) and isinstance(new, Mapping) and form.merges:
            return self._merged(form, old, new)
        return new

    def _wholly(self) -> Overlay:
        """The same at dose 1, for what lies inside a value."""
        whole = Overlay(self.before, self.names, 1.0)
        whole.rounded = self.rounded
        return whole

    def _merged(self, form: Form[Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Any:
        made: Any = old
        marks, whole = getattr(new, "marks", {}), self._wholly()
        for key, value in new.items():
            child = form.child(key)
            before = made.get(key, MISSING)
            if before is MISSING and isinstance(form, EntryForm | NumbersForm):
                before = _Default(form.default_of(key))
            if value is not None or key in made:
                made = _with(made, key, whole.settled(child, before, value), marks.get(key))
        return made

    def _laid_by_kind(self, form: ByKindForm, old: Any, value: Any) -> Any:
        whole = self._wholly()
        if not form.is_map(value, self.names):
            if isinstance(form.inner, EntryForm) and isinstance(value, Mapping) and form.is_map(old, self.names):
                return {kind: whole.laid(form.inner, case, value) for kind, case in old.items()}
            below = MISSING if form.is_map(old, self.names) else old
            return whole.laid(form.inner, below, value)
        made: Any = old if form.is_map(old, self.names) else {} if old is MISSING else {"else": old}
        marks = getattr(value, "marks", {})
        for kind, case in reversed(list(value.items())):
            before = made.get(kind, made.get("else", MISSING) if directive(case, form) else MISSING)
            settled = None if case is None else whole.settled(form.inner, before, case)
            made = _with(made, kind, settled, marks.get(kind), ahead=kind != "else")
        return made if set(made) != {"else"} else made["else"]


@dataclass(frozen=True)
class _Default:
    """The default of a value that is not given, written as in a file; None if it has no number."""

    value: Any


def _children(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, list):
        yield from ((str(index), item) for index, item in enumerate(node))


def _with(old: Mapping[str, Any], key: str, value: Any, mark: Mark | None, ahead: bool = False) -> Block:
    """A mapping with one key set or removed; ``ahead`` puts a new key first, since the first that fits counts."""
    content = {name: item for name, item in old.items() if name != key or value is not MISSING}
    if value is not MISSING:
        content = {key: value, **content} if ahead and key not in content else {**content, key: value}
    marks = dict(getattr(old, "marks", {}))
    if mark is not None:
        marks[key] = mark
    return Block(content, marks)
