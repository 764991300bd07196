"""``funnelsim templates``."""

from __future__ import annotations

import sys

from rich.text import Text

from funnelsim.scenario.reading import library

from . import streams
from .frames import frame


def templates(name: str | None, json: bool) -> None:
    """Print the shipped scenarios, or the text of one."""
    if name is not None:
        text = library.template(name).read_text(encoding="utf-8")
        if json:
            streams.document({"name": name, "text": text})
        else:
            sys.stdout.write(text)
        return
    listed = library.templates()
    if json:
        streams.document({"templates": [{"name": each.name, "title": each.title} for each in listed]})
        return
    table = frame("", ("name", "what it is"), left=2)
    for each in listed:
        table.add_row(Text(each.name, style="bold"), Text(each.title))
    streams.results().print(table)
