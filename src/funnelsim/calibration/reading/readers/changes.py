"""Logs of changed fields: one row a change, with the name of the field, its old and its new value."""

from __future__ import annotations

import pandas as pd

from ...findings import Finding
from ..columns import normal
from ..mapping import Mapping
from ..pieces import Layout, Piece
from ..tables import Raw

STAGE_FIELDS = frozenset(
    normal(each)
    for each in (
        "StageName",
        "Stage",
        "stage_id",
        "Sales Stage",
        "stepname",
        "Pipeline Phase",
        "Pipeline Stage",
        "activestageid",
        "Active Stage",
        "フェーズ",
        "Phase",
        "Étape",
        "Etapa",
    )
)
"""What such logs call the stage."""

OWNER_FIELDS = frozenset(
    normal(each)
    for each in (
        "Owner",
        "OwnerId",
        "ownerid",
        "user_id",
        "Salesperson",
        "所有者",
        "商談所有者",
        "Propriétaire",
        "Propietario",
    )
)
"""What they call the owner."""

FIELD, OLD, NEW, AT = "field", "old", "new", "entered_at"


def changes(layout: Layout, raw: Raw, mapping: Mapping, parts: dict[str, tuple[str, ...]]) -> list[Piece]:
    """Changes of the stage as a history, those of the owner beside it.

    Parameters
    ----------
    parts : dict
        Headers of the name of the field, its old and its new value.
    """
    plain = layout.plain(raw, mapping)
    there = {normal(each): each for each in raw.columns}
    field, old, new = (
        raw.cells[next(there[normal(each)] for each in parts[part] if normal(each) in there)]
        for part in (FIELD, OLD, NEW)
    )
    kind = field.map(normal)
    stages, owners = kind.isin(STAGE_FIELDS), kind.isin(OWNER_FIELDS)
    cells = plain.cells[["id", "entered_at"]]
    moved = cells[stages].assign(stage=new[stages], before=old[stages])
    made = [
        Piece(
            "history",
            raw,
            moved,
            plain.guesses,
            layout.name,
            layout.lacks,
            _left_out(raw, stages, owners),
            layout.utc,
        )
    ]
    if owners.any():
        made.append(Piece("owners", raw, cells[owners].assign(owner=new[owners]), (), layout.name, utc=layout.utc))
    return made


def _left_out(raw: Raw, stages: pd.Series, owners: pd.Series) -> tuple[Finding, ...]:
    others = int((~stages & ~owners).sum())
    if not others:
        return ()
    words = f"Rows of {raw.name} about other fields than stage and owner are not used."
    return (Finding("other_fields", "note", others, words),)
