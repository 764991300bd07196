"""Run the commands of README.md and of some pages of docs/ again and put what they print below them.

Run it from the top of the repository after a change that alters what commands print or what scenarios give::

    python docs/refresh_pages.py

Where a command is followed by ``...`` and a line, the output is shown from that line on; where the block ends with
``...``, as many paragraphs of it as stood there.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "docs" / "tour.md", ROOT / "docs" / "targets.md", ROOT / "docs" / "worlds.md")
WIDTH = "110"
"""Columns of the terminal that the output is laid out for."""


def printed(command: str) -> str:
    """What a command prints to standard output and standard error, run from the top of the repository."""
    program, *arguments = shlex.split(command)
    if program != "funnelsim":
        raise ValueError(f"not a command of funnelsim: {command}")
    done = subprocess.run(
        [sys.executable, "-m", "funnelsim", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": WIDTH},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())


def excerpt(output: str, shown: list[str]) -> str:
    """The part of an output that a block shows."""
    if shown[:1] != ["..."]:
        return output
    part = output[output.index(f"\n{shown[1]}\n") + 1 :]
    if shown[-1] != "...":
        return f"...\n{part}"
    paragraphs = "\n".join(shown[1:-1]).rstrip().count("\n\n") + 1
    return "...\n" + "\n\n".join(part.split("\n\n")[:paragraphs]) + "\n..."


def refreshed(block: re.Match[str]) -> str:
    """A block of one command with what it prints."""
    command = block[1]
    return f"```console\n$ {command}\n{excerpt(printed(command), block[2].splitlines())}\n```"


if __name__ == "__main__":
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"```console\n\$ (.*)\n((?:.*\n)*?)```", refreshed, text), encoding="utf-8")
