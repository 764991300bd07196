"""What decides the results of a scenario, as one text: what fingerprints are made of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from typing import Any

from pydantic.fields import FieldInfo

from funnelsim.lasting import while_it_lives

from .forms.entry import Entry
from .language.types import ScenarioSpec

_SHOWN = frozenset({"label", "role", "description", "name", "currency", "exchange", "fiscal_year", "alone"})


def facts(value: Any) -> Any:
    """A typed value as plain data in a fixed order, without names shown and without neutral defaults."""
    kind = type(value)
    if kind not in _TELLING:
        _TELLING[kind] = _telling(kind)
    return _TELLING[kind](value)


_TELLING: dict[type, Callable[[Any], Any]] = {}
"""By type of value what makes plain data of it; looked up once, as a scenario holds a thousand values."""


def _telling(kind: type) -> Callable[[Any], Any]:
    if issubclass(kind, Entry):
        return _of_entry(kind)
    if is_dataclass(kind):
        names = [field.name for field in dataclass_fields(kind)]
        return lambda value: [facts(getattr(value, name)) for name in names]
    if issubclass(kind, dict):
        return lambda value: [[name, facts(part)] for name, part in value.items()]  # the order of stages counts
    if issubclass(kind, tuple):
        return lambda value: [facts(part) for part in value]
    if issubclass(kind, frozenset):
        return sorted
    if issubclass(kind, dt.date):
        return lambda value: value.isoformat()
    return lambda value: value


def _default(field: FieldInfo) -> Any:
    # `FieldInfo.get_default` copies it, and then it is not seen at once to be the same.
    return field.default if field.default_factory is None else field.get_default(call_default_factory=True)


def _of_entry(kind: type[Entry]) -> Callable[[Any], Any]:
    told = [(name, field) for name, field in kind.model_fields.items() if name not in _SHOWN and name != "phases"]
    neutral = [(name, _default(field)) for name, field in told]

    def told_of(value: Any) -> dict[str, Any]:
        parts = value.__dict__
        return {
            name: facts(part)
            for name, default in neutral
            if (part := parts[name]) is not default and part != default
        }

    return told_of


def text(found: Any) -> str:
    """Plain data as one text."""
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


@while_it_lives
def of_base(spec: ScenarioSpec) -> str:
    """The facts of what all changes of a scenario begin with."""
    return text(facts(spec))
