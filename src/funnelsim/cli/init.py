"""``funnelsim init``."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from funnelsim import disk
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.reading import library

from . import streams

SCENARIO = "scenario.yaml"
NOTEBOOK = "first_steps.ipynb"


def init(folder: Path, template: str) -> None:
    """Put a scenario and a notebook into a folder, which is made if it is not there.

    Raises
    ------
    FunnelsimError
        If there is no such template, or a file of that name is there already.
    """
    contents = {
        SCENARIO: library.template(template).read_bytes(),
        NOTEBOOK: files(__package__).joinpath("starter.ipynb").read_bytes(),
    }
    if folder.exists() and not folder.is_dir():
        raise FunnelsimError(f"{folder}: this is a file, not a folder")
    there = [str(folder / name) for name in contents if os.path.lexists(folder / name)]
    if there:
        raise FunnelsimError(f"{' and '.join(there)}: there already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        with disk.written(folder / name) as part:
            part.write_bytes(content)
    console = streams.results()
    for name in contents:
        console.print(f"wrote {folder / name}", soft_wrap=True)
    console.print(f"\nnext: funnelsim run {folder / SCENARIO}", soft_wrap=True)
