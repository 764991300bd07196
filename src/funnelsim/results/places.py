"""Figures of one stage or one team by a name of their own: ``stages.propose.wait``, ``teams.field_sales.load``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from funnelsim.model.model import Model
from funnelsim.scenario.forms.base import unknown

from .measures.indicators import Indicator, Placed, Told
from .measures.stages import STAGE_INDICATORS
from .measures.teams import TEAM_INDICATORS

TABLES = {"stages": STAGE_INDICATORS, "teams": TEAM_INDICATORS}
"""By the table of a tally its figures, in order."""


class Place(NamedTuple):
    """Where a figure stands in a tally."""

    table: str  # ``stages`` or ``teams``
    at: int  # of the figure
    place: int  # of the stage or team
    indicator: Indicator


def places_of(model: Model) -> dict[str, Place]:
    """The figures of all stages and teams of a model by name."""
    return {name: place for table in TABLES for name, place in _of_table(model, table)}


def _of_table(model: Model, table: str) -> Iterator[tuple[str, Place]]:
    names, labels = {
        "stages": (model.stage_names, model.stage_labels),
        "teams": (model.team_names, model.team_labels),
    }[table]
    for place, (name, label) in enumerate(zip(names, labels, strict=True)):
        for at, each in enumerate(TABLES[table]):
            told = Placed(each.texts.key, place=label) if isinstance(each.texts, Told) else each.told
            yield f"{table}.{name}.{each.name}", Place(table, at, place, replace(each, told=told))


def unknown_place(name: str, model: Model) -> str | None:
    """The message for a figure of a stage or team that there is not; None if the name is not of that kind."""
    table, _, rest = name.partition(".")
    names = {"stages": model.stage_names, "teams": model.team_names}
    if rest and table in TABLES:
        place, _, figure = rest.partition(".")
        what = table.removesuffix("s")
        if place not in names[table]:
            return f"{name}: {unknown(what, place, names[table])}; write {table}.NAME.FIGURE"
        figures = [each.name for each in TABLES[table]]
        return f"{name}: {unknown(f'figure of a {what}', figure, figures)}; `funnelsim kpis` lists them"
    for table, indicators in TABLES.items():
        if names[table] and name in (each.name for each in indicators):
            return (
                f"{name!r} is a figure of each {table.removesuffix('s')}, and not of the whole line; write "
                f"{table}.{names[table][0]}.{name}, or another of the {table}"
            )
    return None
