"""``funnelsim templates``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.text import Text

from funnelsim.scenario.reading import library
from funnelsim.views.words import say, speaking, spoken

from . import streams
from .frames import frame


def templates(name: str | None, json: bool) -> None:
    """Print the shipped scenarios and studies, or the text of one."""
    if name is not None:
        text = (library.study_called(name) or library.template(name)).read_text(encoding="utf-8")
        if json:
            streams.document({"name": name, "text": text})
        else:
            sys.stdout.write(text)
        return
    scenarios, studies = library.templates(), library.studies()
    if json:
        both = {"templates": scenarios, "studies": studies}
        with speaking("en"):
            told = {
                key: [{"name": each.name, "title": spoken(each.titles)} for each in listed]
                for key, listed in both.items()
            }
        streams.document(told)
        return
    _list(scenarios, say("table.what"))
    _list(studies, say("templates.study"))


def _list(listed: Sequence[library.Listed], what: str) -> None:
    table = frame("", (say("table.name"), what), left=2)
    for each in listed:
        table.add_row(Text(each.name, style="bold"), Text(spoken(each.titles)))
    streams.results().print(table)
