"""What goes to the terminal and how: results on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from funnelsim.errors import Unheeded, told_together

if TYPE_CHECKING:
    from rich.console import Console

    from funnelsim.results.stamp import Stamp

PIPE_WIDTH = 140
"""Columns of tables that go to a file or another program."""


def prepare() -> None:
    """Make both streams able to take any script: UTF-8 where nothing says otherwise, and never an error.

    A stream that is closed is taken as one to nowhere: else the next file that is opened would get its number, and
    what is printed would go into that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, which is this one
    sys.stdout = sys.stdout or _nowhere(1)
    sys.stderr = sys.stderr or _nowhere(2)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty() or "PYTHONIOENCODING" in os.environ:
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")


def _nowhere(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)


def finish() -> None:
    """Write what is still held back; raises `OSError` if it cannot be written."""
    sys.stdout.flush()
    with suppress(OSError, ValueError):
        sys.stderr.flush()


def give_up() -> None:
    """Leave what could not be written, or the interpreter would try again at its end, and complain itself."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            try:
                stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def results() -> Console:
    """The console of standard output."""
    return _console(sys.stdout)


def messages() -> Console:
    """The console of standard error."""
    return _console(cast("IO[str]", _Messages(sys.stderr)))


class _Messages:
    """Standard error; what it cannot take is lost, as there is nowhere to say so."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _console(stream: IO[str]) -> Console:
    from .frames import PlainConsole  # here and below: what is not printed on needs no console

    wide = not stream.isatty() and "COLUMNS" not in os.environ
    return PlainConsole(
        file=stream, width=PIPE_WIDTH if wide else None, highlight=False, emoji=False, markup=False
    )


def laid(console: Console, stamp: Stamp) -> None:
    """What was laid over the scenarios of a result, and an empty line."""
    from rich.text import Text

    for line in stamp.laid:
        console.print(Text(line, style="dim"))
    console.print()


def document(content: Mapping[str, Any]) -> None:
    """Write one JSON document to standard output."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    text = json.dumps(content, indent=2, ensure_ascii=encoding != "utf8", allow_nan=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(lines: Iterable[object], kind: str = "error") -> None:
    """Write messages to standard error, one a line, with their codes; what goes on in further lines is set in."""
    coded = kind in ("error", "warning")
    said = [(str(line).replace("\n", "\n  "), getattr(line, "code", "") if coded else "") for line in lines]
    if not said:
        return
    from rich.text import Text

    console, style = messages(), "bold red" if kind == "error" else "yellow"
    for text, code in said:
        console.print(Text.assemble((f"{kind}[{code}]: " if code else f"{kind}: ", style), text), soft_wrap=True)


def warn(warnings: Iterable[str], quiet: bool) -> None:
    """Write warnings to standard error, each once for all its paths.

    Where they are not wanted, only of what a user wrote without effect.
    """
    complain(told_together(text for text in warnings if not quiet or isinstance(text, Unheeded)), "warning")
