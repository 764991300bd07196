"""The smallest scenario that still fails: parts of a document are taken away as long as it does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[Any, ...]


def smallest(made: dict[str, Any], fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Take away or simplify one part after another while ``fails`` stays true."""
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _simpler(made):
            if fails(candidate):
                made, shrunk = candidate, True
                break
    return made


def _simpler(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one part less, the largest parts first."""
    for path in sorted(_paths(made), key=len):
        yield _without(made, path)
        value = _at(made, path)
        if isinstance(value, dict) and "else" in value:
            yield _with(made, path, value["else"])
        if isinstance(value, dict) and "dist" in value:
            yield _with(made, path, next((v for k, v in value.items() if k in ("mean", "high", "median")), "1 h"))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from _paths(part, (*path, key))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _without(made: dict[str, Any], path: Path) -> dict[str, Any]:
    changed = copy.deepcopy(made)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def _with(made: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(made)
    _at(changed, path[:-1])[path[-1]] = copy.deepcopy(value)
    return changed
