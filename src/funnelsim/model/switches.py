"""Causes switched off in the tables of a model, so that a difference between two scenarios can be split by cause.

Nothing of this is part of the language: a model is compiled as the file says, `convert` is solved with all that
is in it, and only then is a cause taken out of the tables. With nothing switched off it is the model itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from .model import Model
from .numbers.columns import NO_LIMIT
from .tables.tables import ConcessionTable, Tables

Columns = TypeVar("Columns")

DROPOUT, WAITING, HANDING, CONTEXT, CONCESSIONS, CAPACITY = CAUSES = (
    "dropout", "decay_waiting", "decay_handoff", "context", "concessions", "capacity"
)  # fmt: skip
"""In the order in which they go off."""


def switched_off(model: Model, causes: Collection[str]) -> Model:
    """The same model without some causes.

    Parameters
    ----------
    model : Model
        As it was compiled.
    causes : collection of str
        Of `CAUSES`. ``dropout``: no lead drops out in a handoff. ``decay_waiting``: the chance to advance does not
        decay with waits for reps and holds, and ``decay_handoff``: not with the time in handoffs; rules of queues
        still reckon with decay. ``context``: lost context weighs nothing and makes no rework. ``concessions``:
        nobody gives discounts or promises. ``capacity``: people are as many as needed, so that nobody waits for
        one in open hours: each rep has any number of pieces of work in hand, nobody takes days off, seats are
        filled at once and WIP limits of reps do not hold. Opening hours, ramps, limits of stretches and what a
        team leaves lying stay.

    Returns
    -------
    Model
        The model itself if nothing is switched off.
    """
    if not causes:
        return model
    made: dict[int, Tables] = {}  # periods that share tables share them still
    for _, tables in model.periods:
        if id(tables) not in made:
            made[id(tables)] = _without(tables, causes)
    periods = tuple((start, made[id(tables)]) for start, tables in model.periods)
    return replace(model, tables=periods[0][1], periods=periods)


def _without(tables: Tables, causes: Collection[str]) -> Tables:
    stages, teams, parts, switches = tables.stages, tables.teams, tables.parts, tables.switches
    if DROPOUT in causes:
        stages = _with(stages, dropout=0.0)
    if WAITING in causes:
        switches = switches._replace(waiting_counts=0)
    if HANDING in causes:
        switches = switches._replace(handing_counts=0)
    if CONTEXT in causes:
        stages = _with(stages, context_weight=0.0, rework=0.0)
    if CONCESSIONS in causes:
        never = {"share": 0.0, "under_pressure": 0.0}
        stages = stages._replace(discount=_with(stages.discount, **never), promise=_with(stages.promise, **never))
    if CAPACITY in causes:
        switches = switches._replace(boundless=1)
        teams = _with(teams, wip_limit=NO_LIMIT, fill=-1)
        parts = _with(parts, absence_days=0.0)
    return tables._replace(stages=stages, teams=teams, parts=parts, switches=switches)


def _with(table: Columns, **values: float) -> Columns:
    """A table some of whose columns have one value throughout."""
    columns = {name: np.full_like(getattr(table, name), value) for name, value in values.items()}
    replaced: Columns = table._replace(**columns)  # type: ignore[attr-defined]
    return replaced


def causes_of(model: Model) -> frozenset[str]:
    """The causes that are at work in a model; to switch off any other changes nothing."""
    return frozenset().union(*(_at_work(tables) for _, tables in model.periods))


def _at_work(tables: Tables) -> frozenset[str]:
    S, kinds = tables.stages, tables.kinds.kinds
    decays, handed = S.decay > 0, S.delay >= 0
    limited = np.repeat(tables.limits.stage.reshape(-1, len(S.word)).any(axis=0), kinds)
    waits = (S.team_count > 0) | (S.give >= 0) | (S.meeting >= 0) | limited
    lost = (S.keeps < 1.0).any() or ((S.joint_keeps >= 0.0) & (S.joint_keeps < 1.0)).any()
    weighs = (S.context_weight > 0.0).any() or (S.rework > 0.0).any()
    found: Mapping[str, bool] = {
        DROPOUT: bool((S.dropout > 0.0).any()),
        WAITING: bool((decays & waits).any()),
        HANDING: bool((decays & handed).any()),
        CONTEXT: bool(lost and weighs),
        CONCESSIONS: any(_may_concede(table) for table in (S.discount, S.promise)),
        CAPACITY: bool((S.team_count > 0).any() or tables.customers.team_list.size),
    }
    return frozenset(cause for cause, there in found.items() if there)


def _may_concede(table: ConcessionTable) -> bool:
    return bool((table.share > 0.0).any() or (table.under_pressure > 0.0).any())
