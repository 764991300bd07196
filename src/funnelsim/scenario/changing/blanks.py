"""Keys of a file behind which nothing stands, so that their defaults hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from funnelsim.errors import Warned

from ..forms.amounts import hours_text, number_text
from ..forms.base import Form
from ..forms.entry import Entry, EntryForm
from ..forms.quantities import ByKind, Dist, Duration, Rate, Steps
from ..reading.document import flow

LAID_OVER = ("phases", "defaults")
"""Parts of a file in which null takes away what stands below."""


def blanks(document: Mapping[str, Any], form: Form[Any], above: tuple[str, ...] = ()) -> Iterator[Warned]:
    """A sentence for each key without a value whose default is a number or a word."""
    for key, value in document.items():
        path = (*above, str(key))
        if path[0] in LAID_OVER:
            continue
        child = form.child(str(key))
        if value is None and isinstance(form, EntryForm):
            default = _default(form, str(key))
            if not isinstance(default, _SILENT):
                yield Warned(
                    f"{'.'.join(path)}: no value stands here, so the default holds{_shown(default)}",
                    "W-value-blank",
                )
        elif isinstance(value, Mapping) and child is not None:
            yield from blanks(value, child, path)


_SILENT = (type(None), tuple, Mapping, Entry)
"""Defaults that hold nothing: none, and parts of an entry that are all at their own defaults."""


def _default(form: EntryForm, key: str) -> Any:
    name = form.type.keys().get(key)
    if name is None or form.type.model_fields[name].is_required():
        return None
    default = form.type.model_fields[name].get_default(call_default_factory=True)
    if isinstance(default, ByKind):
        return default.other
    return default.first if isinstance(default, Steps) else default


def _shown(default: Any) -> str:
    match default:
        case Dist(name="constant"):
            amount = default.parameters["value"]
            other = f"{number_text(amount)} {default.unit}".strip()
            return f": {hours_text(amount) if default.unit == 'us' else other}"
        case Duration():
            return f": {number_text(default.amount)} {default.unit}"
        case Rate():
            return f": {number_text(default.amount)} / {default.unit}"
        case float():
            return f": {default:g}"
    return f": {flow(default)}" if isinstance(default, str | int) else ""
