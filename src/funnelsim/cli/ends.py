"""How a command ends: 0 done, 2 the input is wrong, 1 anything else, and what is said about it."""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer

from funnelsim import disk
from funnelsim.errors import FunnelsimError, HinderedError, InvariantError, ScenarioError

from . import streams

DONE, FAILED, WRONG_INPUT = 0, 1, 2
"""Exit codes."""

STOPPED = 130
"""What Typer makes of Ctrl-C that no command has dealt with."""

Wrong: Any = typer.BadParameter.__mro__[2]
"""What Typer raises for command lines that it cannot read; it has no public name."""


def after(code: object) -> int:
    """The exit code after a command that returned."""
    if code == STOPPED:
        streams.complain(["by the user"], "stopped")
    if code is None:
        return DONE
    return code if isinstance(code, int) and code in (DONE, WRONG_INPUT) else FAILED


def told(error: BaseException) -> int | None:
    """Say what went wrong, and return the exit code; None for what is nobody's mistake but a bug."""
    match error:
        case ScenarioError():
            streams.complain(error.problems)
            return WRONG_INPUT
        case InvariantError():
            said = f"this is a bug of funnelsim, please report it: {error}"
            streams.complain([FunnelsimError(said, code=error.code)])
        case FunnelsimError():
            streams.complain([error])
            return FAILED if isinstance(error, HinderedError) else WRONG_INPUT
        case Wrong():
            _tell_usage(error)
            return WRONG_INPUT
        case SystemExit():
            return after(error.code)
        case typer.Abort() | KeyboardInterrupt():
            return after(STOPPED)
        case BrokenPipeError():
            pass  # the reader of a pipe went away, such as `head`, and wants nothing more
        case OSError():
            streams.complain([f"{error.filename or 'the output'}: {disk.unwritten(error)}"])
        case MemoryError():
            why = f" ({error})" if str(error) else ""
            streams.complain([f"there is not enough memory{why}; fewer --workers need less"])
        case _:
            return None
    return FAILED


def _tell_usage(error: Any) -> None:
    """Say what is wrong with a command line, as other mistakes are told, with the nearest name."""
    context = getattr(error, "ctx", None)
    if context is None:  # an option without its value
        said_ = error.format_message().rstrip(".")
        streams.complain([FunnelsimError(f"{said_[:1].lower()}{said_[1:]}", code="E-usage-value")])
        return
    if type(error).__name__ == "NoArgsIsHelpError":
        said = io.StringIO()
        error.show(file=said)
        streams.messages().print(said.getvalue().rstrip("\n"), soft_wrap=True)
        return
    path = context.command_path.removeprefix(context.find_root().command_path).strip()
    usage = _usage(error, context, f"{path}: " if path else "")
    help_ = shlex.join(["funnelsim", *path.split(), "--help"])
    streams.complain([FunnelsimError(f"{usage}; `{help_}` shows what there is", code=usage.code)])
    first = _command_first(error)
    if first:
        streams.messages().print(first, soft_wrap=True)


def _usage(error: Any, context: Any, command: str) -> FunnelsimError:
    message = error.format_message().rstrip(".")
    match type(error).__name__:
        case "NoSuchOption":
            known = [each for param in context.command.get_params(context) for each in param.opts]
            said = f"{command}there is no option {error.option_name}{_nearest(error.option_name, known)}"
            return FunnelsimError(said, code="E-usage-option")
        case "MissingParameter":
            return FunnelsimError(
                f"{command}{_missing(error.param) or message} is missing", code="E-usage-missing"
            )
        case "BadParameter":
            name = error.param.opts[0] if error.param is not None else "an argument"
            why = _LONG_WINDED.sub("", error.message.replace("Input should be", "must be")).rstrip(".")
            return FunnelsimError(f"{command}{name}: {why}{_typed(name)}", code="E-usage-value")
    commands = list(getattr(context.command, "commands", {}))
    wrong = _NO_COMMAND.match(message)
    if commands and wrong:
        said = f"there is no command {wrong[1]}{_nearest(wrong[1], commands)}"
        return FunnelsimError(said, code="E-usage-command")
    return FunnelsimError(f"{command}{message[:1].lower()}{message[1:]}", code="E-usage-form")


def _typed(option: str) -> str:
    """What was typed behind an option; empty where that is not to be seen."""
    args = sys.argv[1:]
    for one, following in zip(args, [*args[1:], ""], strict=True):
        name, equals, value = one.partition("=")
        if name == option:
            return f", found {value if equals else following!r}"
    return ""


def _missing(param: Any) -> str:
    """What an argument or option is called; empty where it is not known which one is missing."""
    if param is None:
        return ""
    return str(param.opts[0] if param.opts[0].startswith("-") else param.metavar or param.name)


_LONG_WINDED = re.compile(", unable to parse string as an? .*")
_NO_COMMAND = re.compile("No such command '(.*?)'")


def _nearest(name: str, known: Sequence[str]) -> str:
    found = get_close_matches(name, known, 2, 0.6)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _command_first(error: Any) -> str:
    """What to type where something stands before the command; empty where that is not the mistake."""
    context, args = getattr(error, "ctx", None), sys.argv[1:]
    commands = getattr(getattr(context, "command", None), "commands", {})
    at = next((at for at, each in enumerate(args) if each in commands), 0)
    if not at:
        return ""
    typed = shlex.join([args[at], *args[:at], *args[at + 1 :]])
    return f"The command comes first, and all else behind it: funnelsim {typed}"
