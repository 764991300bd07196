"""What people call: the names of `funnelsim` with their signatures, and the commands with their options.

`public.txt` lists them, so that whoever changes one sees it, and says so. After a change that is meant, write it
anew with ``python tests/library/test_public.py``.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

import funnelsim as fs
from funnelsim.cli.main import app

LIST = Path(__file__).parent / "public.txt"


def listed() -> str:
    """The list."""
    lines = [line for name in sorted(fs.__all__) for line in name_lines(name, getattr(fs, name))]
    return "\n".join([*lines, "", *command_lines("funnelsim", typer.main.get_command(app))]) + "\n"


def name_lines(name: str, what: Any) -> Iterator[str]:
    """A function with its signature, or a class with what its objects have."""
    if not inspect.isclass(what):
        yield f"{name}{inspect.signature(what)}" if callable(what) else name
        return
    bases = ", ".join(base for base in sorted(fs.__all__) if base != name and is_under(what, getattr(fs, base)))
    if issubclass(what, BaseException):
        yield f"exception {name}({bases})"
        return
    yield f"class {name}{without_annotations(what)}"
    fields = [each.name for each in dataclasses.fields(what)] if dataclasses.is_dataclass(what) else []
    for member in sorted({*fields, *(each for each in dir(what) if not each.startswith("_"))}):
        value = getattr(what, member, None)
        yield f"    {member}{without_result(value) if callable(value) else ''}"
    shown = [each for each in ("_repr_html_",) if hasattr(what, each)]
    yield from (f"    {each}" for each in shown)


def is_under(what: type, base: Any) -> bool:
    return inspect.isclass(base) and issubclass(what, base)


def without_annotations(what: Any) -> inspect.Signature:
    signature = inspect.signature(what)
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return signature.replace(parameters=plain, return_annotation=inspect.Signature.empty)


def without_result(what: Any) -> inspect.Signature:
    return inspect.signature(what).replace(return_annotation=inspect.Signature.empty)


def command_lines(path: str, command: Any) -> Iterator[str]:
    """A command with its arguments and options, and those under it."""
    for name, under in sorted(getattr(command, "commands", {}).items()):
        yield from command_lines(f"{path} {name}", under)
    yield path
    for each in command.params:
        names = ", ".join([*each.opts, *each.secondary_opts])
        kind = [word for word in ("required", "multiple", "is_flag") if getattr(each, word, False)]
        yield f"    {' '.join([names, *kind])}"


def test_names_and_commands_are_those_listed() -> None:
    assert listed() == LIST.read_text(encoding="utf-8")


if __name__ == "__main__":
    LIST.write_text(listed(), encoding="utf-8")
