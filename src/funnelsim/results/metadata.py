"""What made a table of CSV, in a file beside it: such a file has no room for anything but its rows.

The file is the one of *Metadata Vocabulary for Tabular Data* (W3C, 2015), which readers look for under this name:
``log.csv-metadata.json`` beside ``log.csv``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from funnelsim import disk

ENDING = "-metadata.json"
CONTEXT = "http://www.w3.org/ns/csvw"


def beside(table: Path | str) -> Path:
    """The file beside a table that tells what made it."""
    table = Path(table)
    return table.with_name(table.name + ENDING)


def write_metadata(table: Path | str, title: str, made: Sequence[Mapping[str, Any]]) -> None:
    """Write beside a table what made it, unless it is a device or a pipe, which nothing is beside.

    Parameters
    ----------
    table : path
        The table, which is there.
    title : str
        What it is of.
    made : sequence of mapping
        Version, engine, seed and what was laid over, of each run that it holds.
    """
    table = Path(table)
    if not table.is_file():
        return
    content = {"@context": CONTEXT, "url": table.name, "dc:title": title, "notes": list(made)}
    with disk.written(beside(table)) as part:
        part.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
