"""Options that belong together, as one object: each is written once, and several commands take it."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from typer import Option
from typer.core import TyperArgument, TyperCommand, TyperOption

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.forms.signs import ordinary
from funnelsim.views.words.language import checked, speak


class OnceEach(TyperCommand):
    """A command that refuses an option given twice, where the first would be forgotten without a word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        args = self._completed(self._ordinary(args))
        read, others, given = self.make_parser(ctx).parse_args(list(args))
        for each in self.params:
            value = read.get(each.name) if isinstance(each, TyperArgument) else None
            others += [value] if isinstance(value, str) else value or []
        loose = [each for each in others if "=" in each and not Path(each).exists()]
        if loose and "--set" in args:
            raise FunnelsimError(
                f"{loose[0]}: each change needs an option of its own; write --set {loose[0]}",
                code="E-option-twice",
            )
        for option in given:
            once = isinstance(option, TyperOption) and not (option.multiple or option.is_flag)
            if once and given.count(option) > 1:
                raise FunnelsimError(
                    f"{option.opts[0]} is given more than once, but takes one value", code="E-option-twice"
                )
        return super().parse_args(ctx, args)

    def _ordinary(self, args: list[str]) -> list[str]:
        """What was typed, with full-width digits behind options of numbers as those of ASCII."""
        counted = {name for each in self.params if _is_number(each) for name in each.opts}
        made: list[str] = []
        for each in args:
            option, equals, value = each.partition("=")
            if equals and option in counted:
                made.append(f"{option}={ordinary(value)}")
            else:
                made.append(ordinary(each) if made and made[-1] in counted else each)
        return made

    def _completed(self, args: list[str]) -> list[str]:
        """What was typed, with an empty value for options that may stand without one.

        The metavar of such an option is in brackets, as ``[ACCOUNTS.csv]``. What follows it is its value
        if it is called like a table; else it stands alone, and what follows is an argument of the command.
        """
        alone = {name for each in self.params if _may_stand_alone(each) for name in each.opts}
        made: list[str] = []
        for at, each in enumerate(args):
            if each in alone and "--" not in args[:at]:
                after = args[at + 1] if at + 1 < len(args) else ""
                made.append(each if Path(after).suffix.lower() in TABLES else f"{each}=")
            else:
                made.append(each)
        return made


TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
"""How the names of tables end; those of workbooks are taken as values too, so that they can be refused as such."""


def _may_stand_alone(option: Any) -> bool:
    return isinstance(option, TyperOption) and re.fullmatch(r"\[.*\]", option.metavar or "") is not None


def _is_number(option: Any) -> bool:
    return isinstance(option, TyperOption) and option.type_descriptor.annotation in (int, float)


Lang = Annotated[
    str | None,
    Option(
        "--lang", metavar="LANG", help="Language of results: en or ja. [default: FUNNELSIM_LANG, or the locale]"
    ),
]


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Make each field of the dataclasses that a command takes an option of its own, and add ``--lang``."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind)}

    @functools.wraps(command)
    def called(lang: str | None, **given: Any) -> None:
        if lang is not None:
            speak(checked(lang, "--lang"))
        made = {name: _made(kind, given) for name, kind in groups.items()}
        command(**made, **given)

    parameters = [each for name in inspect.signature(command).parameters for each in _flat(name, command, hints)]
    parameters.append(inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Lang))
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
    called.__annotations__ = {each.name: each.annotation for each in parameters}
    return called


def _made(kind: Any, given: dict[str, Any]) -> Any:
    return kind(**{field.name: given.pop(field.name) for field in fields(kind)})


def _flat(name: str, command: Callable[..., None], hints: dict[str, Any]) -> Iterator[inspect.Parameter]:
    kind = hints[name]
    if not is_dataclass(kind):
        parameter = inspect.signature(command).parameters[name]
        yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=kind)
        return
    inner = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=inner[field.name]
        )


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
