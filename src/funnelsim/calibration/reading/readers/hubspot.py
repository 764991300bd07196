"""HubSpot: deals with a column for each stage that says when it was entered last.

Columns as in HubSpot's knowledge base ("Use stage calculated properties", "HubSpot's default deal properties"):
``Date entered "…"`` as labels or ``hs_v2_date_entered_…`` as names of properties. A stage that is entered again
overwrites its date, so that earlier stays in it are lost; the cumulative time in the stage then exceeds the time
of the last stay. Stages with equal dates stand in the order of their columns.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ...findings import Finding
from ..columns import Guess
from ..mapping import Mapping
from ..numbers import read_amounts
from ..pieces import Layout, Piece, piece
from ..tables import Raw
from ..times import read_moments

_ENTERED = re.compile(
    r'(?:date entered ["\'\u201c]?(?P<label>.+?)["\'\u201d]?|hs_(?:v2_)?date_entered_(?P<key>.+))', re.I
)
_EXITED = re.compile(
    r'(?:date exited ["\'\u201c]?(?P<label>.+?)["\'\u201d]?|hs_(?:v2_)?date_exited_(?P<key>.+))', re.I
)
_WHOLE = re.compile(
    r'(?:cumulative time in ["\'\u201c]?(?P<label>.+?)["\'\u201d]?(?: \(HH:mm:ss\))?|'
    r"hs_v2_cumulative_time_in_(?P<key>.+))",
    re.I,
)
_PIPELINE = re.compile(r"\s*\([^()]*pipeline[^()]*\)$", re.I)
_SLACK = 1.02
_MILLISECONDS = 86_400_000.0


class _HubSpot(Layout):
    """Known by its columns of dates, whose names hold those of the stages."""

    def matches(self, raw: Raw) -> bool:
        return sum(bool(_ENTERED.fullmatch(each)) for each in raw.columns) >= 2


def _by_stage(raw: Raw, pattern: re.Pattern[str]) -> dict[str, str]:
    """The column of each stage."""
    found = ((pattern.fullmatch(each), each) for each in raw.columns)
    named = [(match["label"] or match["key"], column) for match, column in found if match]
    short = [_PIPELINE.sub("", name) for name, _ in named]
    alone = len(set(short)) == len(short)
    return {s if alone else name: column for s, (name, column) in zip(short, named, strict=True)}


def _read(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    entered, exited, whole = (_by_stage(raw, pattern) for pattern in (_ENTERED, _EXITED, _WHOLE))
    guesses = layout.named(raw, mapping)
    deals = layout.plain(raw, mapping)
    parts = []
    for at, (stage, column) in enumerate(entered.items()):
        there = raw.cells[column] != ""
        part = pd.DataFrame(
            {"id": deals.cells["id"][there], "stage": stage, "entered_at": raw.cells[column][there]}
        )
        left = exited.get(stage)
        parts.append(part.assign(left_at=raw.cells[left][there] if left else "", place=at))
    history = pd.concat(parts)
    found = (*_lost_stays(raw, mapping, entered, exited, whole),)
    told = [
        Guess("entered_at", f"{len(entered)} columns", 1.0, "layout"),
        Guess("stage", "names of columns", 1.0, "layout"),
    ]
    return [
        Piece("history", raw, history, tuple(told), layout.name, layout.lacks, found),
        piece("deals", raw, deals.guesses or guesses, layout.name, layout.lacks),
    ]


def _lost_stays(
    raw: Raw, mapping: Mapping, entered: dict[str, str], exited: dict[str, str], whole: dict[str, str]
) -> list[Finding]:
    """Stages that were left and entered again: only the last stay is recorded."""
    count = 0
    zone, order = mapping.times.zone, mapping.times.order
    for stage in entered:
        if stage not in exited or stage not in whole or ":" in "".join(raw.cells[whole[stage]].iloc[:50]):
            continue
        columns = {"in": raw.cells[entered[stage]], "out": raw.cells[exited[stage]]}
        moments = read_moments(raw, columns, order=order, zone=zone, pairs=[("in", "out")])
        last = moments["out"].days - moments["in"].days
        total = read_amounts(raw, raw.cells[whole[stage]], mapping.decimal[:1] and ".").values / _MILLISECONDS
        with np.errstate(invalid="ignore"):
            count += int((total > last * _SLACK + 1 / 24).sum())
    if not count:
        return []
    words = (
        "Stages were left and entered again; HubSpot keeps the last stay only, so that earlier ones are missing."
    )
    return [Finding("lost_stays", "warning", count, words, "Export the history of the property Deal stage.")]


LAYOUTS = (
    _HubSpot(
        "hubspot",
        (),
        "deals",
        {
            "id": (
                "Record ID",
                "hs_object_id",
                "Deal ID",
                "Datensatz-ID",
                "レコードID",
                "ID de registro",
                "ID de l'enregistrement",
            ),
            "stage": ("Deal Stage", "dealstage", "Deal-Phase", "取引ステージ", "Phase de transaction"),
            "created_at": (
                "Create Date",
                "createdate",
                "Erstelldatum",
                "Erstellungsdatum",
                "作成日",
                "Date de création",
            ),
            "closed_at": ("Close Date", "closedate", "Abschlussdatum", "クローズ日", "Date de fermeture"),
            "owner": (
                "Deal owner",
                "hubspot_owner_id",
                "Deal-Inhaber",
                "取引担当者",
                "Propriétaire de la transaction",
            ),
            "amount": ("Amount", "amount", "Betrag", "金額", "Montant"),
            "source": ("Original Source Type", "Original Traffic Source", "hs_analytics_source", "Deal source"),
            "segment": ("Deal Type", "dealtype", "Deal-Typ"),
            "reason": ("Closed Lost Reason", "closed_lost_reason", "失注の理由"),
            "touches": (),
            "last_touch": ("Last Contacted", "notes_last_contacted"),
            "recorded_at": ("Last Modified Date", "hs_lastmodifieddate"),
            "currency": ("Currency", "deal_currency_code"),
            "account": ("Associated Company", "Primary Associated Company"),
            "probability": ("Deal probability", "hs_deal_stage_probability"),
        },
        ("revisits", "first_touch", "owner_then", "minutes"),
        reshape=_read,
    ),
)
