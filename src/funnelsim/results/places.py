"""Figures of one stage, team or handoff by names of their own: ``stages.propose.wait``, ``teams.desk.load``.

A handoff is named by both teams: ``handoffs.inside_sales.field_sales.wait``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from funnelsim.model.model import Model
from funnelsim.scenario.forms.base import unknown

from .measures.handoffs.table import HANDOFF_INDICATORS
from .measures.indicators import Indicator, Placed, Told
from .measures.stages import STAGE_INDICATORS
from .measures.teams import TEAM_INDICATORS
from .words import say

TABLES = {"stages": STAGE_INDICATORS, "teams": TEAM_INDICATORS, "handoffs": HANDOFF_INDICATORS}
"""By the table of a tally its figures, in order."""


class Place(NamedTuple):
    """Where a figure stands in a tally."""

    table: str  # ``stages``, ``teams`` or ``handoffs``
    at: int  # of the figure
    place: int  # of the stage, team or pair of teams
    indicator: Indicator


def places_of(model: Model) -> dict[str, Place]:
    """The figures of all stages and teams of a model by name."""
    return {name: place for table in TABLES for name, place in _of_table(model, table)}


def _of_table(model: Model, table: str) -> Iterator[tuple[str, Place]]:
    for place, (name, label) in enumerate(named_places(model, table)):
        for at, each in enumerate(TABLES[table]):
            told = Placed(each.texts.key, place=label) if isinstance(each.texts, Told) else each.told
            yield f"{table}.{name}.{each.name}", Place(table, at, place, replace(each, told=told))


def named_places(model: Model, table: str) -> list[tuple[str, str]]:
    """The names and labels of the stages, teams or handoffs of a model."""
    if table == "stages":
        return list(zip(model.stage_names, model.stage_labels, strict=True))
    teams = list(zip(model.team_names, model.team_labels, strict=True))
    if table == "teams":
        return teams
    return [
        (f"{giver}.{taker}", say("place.pair", giver=giving, taker=taking))
        for giver, giving in teams
        for taker, taking in teams
    ]


def unknown_place(name: str, model: Model) -> str | None:
    """The message for a figure of a stage or team that there is not; None if the name is not of that kind."""
    table, _, rest = name.partition(".")
    names = {each: [known for known, _ in named_places(model, each)] for each in TABLES}
    if rest and table in TABLES:
        place, _, figure = rest.rpartition(".") if table == "handoffs" else rest.partition(".")
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
