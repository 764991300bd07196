"""What goes to the terminal and how: results on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import IO, Any

from rich.console import Console
from rich.text import Text

from funnelsim.errors import Unheeded

PIPE_WIDTH = 140
"""Columns of tables that go to a file or another program."""


def prepare() -> None:
    """Make both streams able to take any script: UTF-8 where nothing says otherwise, and never an error."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty() or "PYTHONIOENCODING" in os.environ:
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace")


def results() -> Console:
    """The console of standard output."""
    return _console(sys.stdout)


def messages() -> Console:
    """The console of standard error."""
    return _console(sys.stderr)


def _console(stream: IO[str]) -> Console:
    wide = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(file=stream, width=PIPE_WIDTH if wide else None, highlight=False, emoji=False, markup=False)


def document(content: Mapping[str, Any]) -> None:
    """Write one JSON document to standard output."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    text = json.dumps(content, indent=2, ensure_ascii=encoding != "utf8", allow_nan=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(lines: Iterable[object], kind: str = "error") -> None:
    """Write messages to standard error, one a line."""
    console = messages()
    style = "bold red" if kind == "error" else "yellow"
    for line in lines:
        console.print(Text.assemble((f"{kind}: ", style), str(line)), soft_wrap=True)


def warn(warnings: Iterable[str], quiet: bool) -> None:
    """Write warnings to standard error; where they are not wanted, only of what a user wrote without effect."""
    complain((text for text in warnings if not quiet or isinstance(text, Unheeded)), "warning")
