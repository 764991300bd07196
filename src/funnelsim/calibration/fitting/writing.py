"""The scenario as a file: its numbers where they belong, and beside each how it is known."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from .numbers import Number

_ORDER = (
    "funnelsim", "name", "start", "horizon", "currency", "revenue", "gross_margin", "calendars", "segments",
    "territories", "milestones", "opening", "sources", "teams", "stages", "customers", "uncertain",
)  # fmt: skip
"""Sections of a scenario, in the order in which they are written."""

_COMMENTS_BEGIN = 52
"""Column of comments behind values, where the values leave room."""


def document(numbers: Iterable[Number]) -> CommentedMap:
    """The numbers as nested mappings with comments, sections in order."""
    made = CommentedMap()
    for number in sorted(numbers, key=lambda one: _place(one.path)):
        inner = made
        for key in number.path[:-1]:
            inner = inner.setdefault(key, CommentedMap())
        last = number.path[-1]
        inner[last] = _value(number.written)
        if number.comment:
            inner.yaml_add_eol_comment(number.comment, last, column=_COMMENTS_BEGIN)
    return made


def plain(numbers: Iterable[Number]) -> dict[str, Any]:
    """The same as plain values, which is quicker where there are thousands of open deals."""
    made: dict[str, Any] = {}
    for number in sorted(numbers, key=lambda one: _place(one.path)):
        inner = made
        for key in number.path[:-1]:
            inner = inner.setdefault(key, {})
        inner[number.path[-1]] = number.written
    return made


def _place(path: tuple[str, ...]) -> int:
    return _ORDER.index(path[0]) if path[0] in _ORDER else len(_ORDER)


def _value(written: Any) -> Any:
    """Mappings and lists inside a value stand on one line."""
    if isinstance(written, Mapping):
        made = CommentedMap({key: _value(value) for key, value in written.items()})
        made.fa.set_flow_style()
        return made
    if isinstance(written, list | tuple):
        items = CommentedSeq([_value(value) for value in written])
        items.fa.set_flow_style()
        return items
    return written


def text(numbers: Iterable[Number], head: Iterable[str]) -> str:
    """The whole file: comment lines at the head, then the scenario."""
    writer = YAML()
    writer.width = 100_000
    writer.allow_unicode = True
    out = io.StringIO()
    writer.dump(document(numbers), out)
    lines = "".join(f"# {line}".rstrip() + "\n" for line in head)
    return f"{lines}\n{out.getvalue()}"
