"""``funnelsim kpis``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from funnelsim.errors import FunnelsimError
from funnelsim.results.measures import catalogue
from funnelsim.views.words import numbers, say, speaking

from . import inputs, streams
from .frames import frame

if TYPE_CHECKING:
    from funnelsim.results.measures.catalogue import Listed


def kpis(word: str | None, file: str | None, json: bool) -> None:
    """Print the figures that a run gives, with units and definitions."""
    model = None
    if file is not None:
        from funnelsim.model.compile import compile_model

        model = compile_model(inputs.scenario(file, None, None))
    with speaking("en" if json else None):
        found = catalogue.found(word, model)
    if json:
        streams.document({"kpis": [each._asdict() for each in found]})
    elif not found:
        close = catalogue.near(word or "", model)
        better = f"; the nearest are {', '.join(close)}" if close else ""
        asked = f"no figure has {word!r}"
        raise FunnelsimError(
            f"{asked} in its name or definition{better}; `funnelsim kpis` lists them all", code="E-kpi-unknown"
        )
    else:
        _show(found)


def _show(found: Sequence[Listed]) -> None:
    console = streams.results()
    table = frame("", tuple(map(say, ("table.name", "table.unit", "table.what"))), left=3)
    for group, members in groupby(found, lambda each: each.group):
        table.add_row(Text(group, style="bold"), "", "")
        for each in members:
            what = say("kpis.what", label=each.label, definition=each.definition)
            table.add_row(Text(f"  {each.name}"), Text(numbers.unit_name(each.unit)), Text(what))
    console.print(table)
    if any(each.of == "line" for each in found):
        console.print(Text(f"\n{say('kpis.periods')}", style="dim"))
    if any(each.of != "line" for each in found):
        console.print(Text(f"\n{say('kpis.elsewhere')}", style="dim"))
