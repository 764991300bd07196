"""Where a value stands in a scenario."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from ..forms.entry import Entry


def path_of(value: object, within: object) -> tuple[str, ...] | None:
    """The path to the first value equal to ``value`` within a part of a scenario; None if there is none."""
    if type(within) is type(value) and within == value:
        return ()
    for name, part in _parts(within):
        path = path_of(value, part)
        if path is not None:
            return (name, *path) if name else path
    return None


def _parts(within: object) -> list[tuple[str, Any]]:
    """The named parts of a mapping, an entry, or a value by kind; positions have no name."""
    if isinstance(within, Entry):
        known = type(within).model_fields
        return [(field.alias or name, getattr(within, name)) for name, field in known.items()]
    if isinstance(within, dict):
        return list(within.items())
    if isinstance(within, tuple):
        return [("", part) for part in within]
    if is_dataclass(within) and not isinstance(within, type):
        return [("", getattr(within, field.name)) for field in fields(within)]
    return []
