"""Run the commands of README.md again and put what they print below them.

Run it from the top of the repository after a change that alters what commands print or what scenarios give::

    python docs/refresh_readme.py

Where a command is followed by ``...`` and a line, the output is shown from that line on.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
WIDTH = "110"
"""Columns of the terminal that the output is laid out for."""


def printed(command: str) -> str:
    """What a command prints to standard output and standard error, run from the top of the repository."""
    program, *arguments = shlex.split(command)
    if program != "funnelsim":
        raise ValueError(f"not a command of funnelsim: {command}")
    done = subprocess.run(
        [sys.executable, "-m", "funnelsim", *arguments],
        cwd=README.parent,
        env={**os.environ, "COLUMNS": WIDTH},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())


def refreshed(block: re.Match[str]) -> str:
    """A block of one command with what it prints."""
    command, shown = block[1], block[2].splitlines()
    output = printed(command)
    if shown[:1] == ["..."]:
        output = "...\n" + output[output.index(f"\n{shown[1]}\n") + 1 :]
    return f"```console\n$ {command}\n{output}\n```"


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(re.sub(r"```console\n\$ (.*)\n((?:.*\n)*?)```", refreshed, text), encoding="utf-8")
