"""How a command ends: 0 done, 2 the input is wrong, 1 anything else, and what is said about it."""

from __future__ import annotations

import io
import shlex
import sys
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
    said = io.StringIO()
    error.show(file=said)
    streams.messages().print(said.getvalue().rstrip("\n") + _command_first(error), soft_wrap=True)


def _command_first(error: Any) -> str:
    """What to type where something stands before the command; empty where that is not the mistake."""
    context, args = getattr(error, "ctx", None), sys.argv[1:]
    commands = getattr(getattr(context, "command", None), "commands", {})
    at = next((at for at, each in enumerate(args) if each in commands), 0)
    if not at:
        return ""
    typed = shlex.join([args[at], *args[:at], *args[at + 1 :]])
    return f"\nThe command comes first, and all else behind it: funnelsim {typed}"
