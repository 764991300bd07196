"""Edits: what a change speaks of, taken apart into single values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnelsim.errors import Warned

from ..forms.base import Fault, Form, FormError, adjusts, found
from ..forms.entry import EntryForm, NamedForm
from ..forms.kinds import ByKindForm
from ..forms.slips import slip
from ..reading.document import Block, Mark
from .paths import GROUPS


@dataclass(frozen=True)
class Edit:
    """One value that a change speaks of.

    ``asked`` is the number of leading parts of the path that must be there already, since a dotted key names them.
    """

    path: tuple[str, ...]
    value: Any
    asked: int = 0
    mark: Mark | None = None


IN_PYTHON = Mark("change", 0, 0, 0, 0)
"""The place of a value that stands in no file."""


def directive(value: Any, form: Form[Any] | None = None) -> bool:
    """Whether a value is ``{set: x}``, ``{append: x}``, or one or several of ``add``, ``multiply`` and ``odds``.

    Where what is written in ``form`` has a part called `odds`, as a concession has, that is meant.
    """
    if not isinstance(value, Mapping) or not value:
        return False
    if "odds" in value and _has_odds(form):
        return False
    return set(value) in ({"set"}, {"append"}) or adjusts(value)


def _has_odds(form: Form[Any] | None) -> bool:
    form = form.inner if isinstance(form, ByKindForm) else form
    return isinstance(form, EntryForm) and form.child("odds") is not None


def edits_of(change: Mapping[str, Any], form: Form[Any]) -> Iterator[Edit]:
    """A change taken apart: one edit for each value it speaks of; raises `FormError` if it is no mapping."""
    if not isinstance(change, Mapping):
        raise FormError(f"expected a mapping of paths to values, found {found(change)}", code="E-value-shape")
    yield from _taken_apart(change, form, Edit((), None, 0, IN_PYTHON))


def _taken_apart(change: Mapping[str, Any], form: Form[Any] | None, above: Edit) -> Iterator[Edit]:
    marks = getattr(change, "marks", {})
    for key, value in change.items():
        parts = tuple(str(key).split("."))
        path, target = (*above.path, *parts), form
        for part in parts:
            target = target.child(part) if target is not None else None
        asked = len(path) - 1 if len(parts) > 1 else above.asked
        # What a short form became has no place of its own, so that of the whole is taken.
        edit = Edit(path, value, asked, marks.get(key, above.mark))
        inner = _opened(target, value)
        if inner:
            yield from _taken_apart(inner, target, edit)
        else:
            yield edit


def _opened(form: Form[Any] | None, value: Any) -> Mapping[str, Any] | None:
    """The mapping of which every key is an edit of its own, if ``value`` is one."""
    if not isinstance(value, Mapping) or directive(value, form):
        return None
    if isinstance(form, EntryForm):
        long = form.type.expanded(value)
        return long if isinstance(long, Mapping) else None
    return value if isinstance(form, NamedForm) else None


# --- new things that may be meant to be others ----------------------------------------------------------------


def nearly(before: Block, after: Block, edits: Sequence[Edit]) -> Iterator[tuple[Fault, Mark | None]]:
    """New things that are nearly called as something that is there, and seem to be that, each with its place."""
    for group, name, close, mine in _near(before, after, edits):
        if not _whole(group, after[group][name]):
            path = mine[0].path if mine else (group, name)
            meant = ".".join((group, close, *path[2:]))
            new = f"if it is to be new, write {name}: {{set: {{...}}}}"
            message = f"there is no {name!r} in {group}; did you mean {meant}? ({new})"
            yield Fault(message, path, key=True, code="E-name-nearly"), mine[0].mark if mine else None


def new_beside(before: Block, after: Block, edits: Sequence[Edit]) -> Iterator[Warned]:
    """Warnings of new things that are whole, and nearly called as something that is there."""
    for group, name, close, _ in _near(before, after, edits):
        if _whole(group, after[group][name]):
            said = f"{group}.{name}: this is new beside {close!r}; to change that one, write {group}.{close}"
            yield Warned(f"{said} (to say that it is new, write {name}: {{set: {{...}}}})", "W-name-nearly")


def _near(before: Block, after: Block, edits: Sequence[Edit]) -> Iterator[tuple[str, str, str, list[Edit]]]:
    """New things that are nearly called as something that is there: group, name, that name, and what made them."""
    for group in GROUPS:
        there, now = before.get(group), after.get(group)
        if not isinstance(there, Mapping) or not isinstance(now, Mapping):
            continue
        for name in now:
            close = slip(name, there) if name not in there else None
            mine = [edit for edit in edits if edit.path[:2] == (group, name)]
            if close is not None and close in now and not any(_set(edit) for edit in mine):
                yield group, name, close, mine


def _set(edit: Edit) -> bool:
    return directive(edit.value) and "set" in edit.value


def _whole(group: str, entry: Any) -> bool:
    """Whether an entry says all that a new one needs, so that it is meant to be one."""
    needed = {
        "teams": ("queue",), "stages": ("team", "effort"), "sources": ("rate", "every", "team", "bursts"),
        "segments": ("share",), "calendars": ("days", "hours", "week"),
    }[group]  # fmt: skip
    given = [key in entry for key in needed] if isinstance(entry, Mapping) else [True]
    return all(given) if group in ("teams", "stages") else any(given)
