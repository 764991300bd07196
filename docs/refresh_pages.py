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
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "docs" / "tour.md", ROOT / "docs" / "targets.md", ROOT / "docs" / "worlds.md")
IN_A_FOLDER = (ROOT / "docs" / "own_data.md", ROOT / "docs" / "tuning.md")
"""Pages whose commands write files that later ones read, and so are run in a folder of their own."""

WIDTH = "110"
"""Columns of the terminal that the output is laid out for."""


def printed(command: str, folder: Path = ROOT) -> str:
    """What a command prints to standard output and standard error, run in a folder."""
    program, *arguments = shlex.split(command)
    if program != "funnelsim":
        raise ValueError(f"not a command of funnelsim: {command}")
    done = subprocess.run(
        [sys.executable, "-m", "funnelsim", *arguments],
        cwd=folder,
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


def refreshed(block: re.Match[str], folder: Path = ROOT) -> str:
    """A block of one command with what it prints."""
    command = block[1]
    return f"```console\n$ {command}\n{excerpt(printed(command, folder), block[2].splitlines())}\n```"


def refresh(page: Path, folder: Path = ROOT) -> None:
    """Write a page anew."""
    text = page.read_text(encoding="utf-8")
    made = re.sub(r"```console\n\$ (.*)\n((?:.*\n)*?)```", partial(refreshed, folder=folder), text)
    page.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    for each in PAGES:
        refresh(each)
    for each in IN_A_FOLDER:
        with TemporaryDirectory() as place:
            shutil.copytree(ROOT / "examples", Path(place) / "examples")
            refresh(each, Path(place))
