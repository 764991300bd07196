"""Which files of engine and model a translation is made of: some modules, and all that they import there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from .shipped import PACKAGE

ROOMS = ("engine", "model")
"""Where all constants and functions of the loop lie."""


def origins(modules: Iterable[str]) -> list[str]:
    """The files of modules and of what they import, named from the folder of the package."""
    found: dict[str, Path] = {}
    left = list(modules)
    while left:
        module = left.pop()
        path = _path_of(module)
        if path is not None and module not in found:
            found[module] = path
            left += _imported(module, ast.parse(path.read_bytes()))
    return sorted(path.relative_to(PACKAGE).as_posix() for path in found.values())


def _path_of(module: str) -> Path | None:
    """The file of a module of these rooms; packages have nothing of their own."""
    _, *names = module.split(".")
    path = PACKAGE.joinpath(*names).with_suffix(".py")
    return path if names and names[0] in ROOMS and path.is_file() else None


def _imported(module: str, tree: ast.Module) -> Iterator[str]:
    """What a module may import as it is loaded; what only type checkers see stands in an ``if``."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
