"""Zoho CRM: deals, and the history of their stages.

Columns as in Zoho's list of fields of the module Deals and of its related list Stage History: stage, duration,
modified time, moved to. Exports differ in whether the modified time is that of entering the stage or of leaving
it; where there is a duration, it tells.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...findings import Finding
from ..columns import normal
from ..mapping import Mapping
from ..numbers import read_amounts
from ..pieces import Layout, Piece
from ..tables import Raw
from ..times import read_moments

_DURATION = (
    "Stage Duration (Calendar Days)",
    "Stage_Duration_Calendar_Days",
    "Duration_Days",
    "Stage Duration",
    "Duration (Days)",
    "Duration",
)
_MOVED = ("Moved To", "Moved_To__s", "Moved to")


def _read(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    plain = layout.plain(raw, mapping)
    there = {normal(each): each for each in raw.columns}
    moved, duration = (
        next((there[normal(each)] for each in names if normal(each) in there), None)
        for names in (_MOVED, _DURATION)
    )
    leaving = duration is not None and moved is not None and _is_leaving(raw, plain, mapping, duration)
    if not leaving:
        words = "The modified time of a stage is taken as the moment it was entered."
        finding = () if duration is not None else (Finding("zoho_times", "note", len(raw), words),)
        return [Piece("history", raw, plain.cells, plain.guesses, layout.name, layout.lacks, finding)]
    # Each row tells of the stage that was left then, and of the one entered.
    onward = plain.cells.assign(stage=raw.cells[moved], before=plain.cells["stage"])
    return [Piece("history", raw, onward[onward["stage"] != ""], plain.guesses, layout.name, layout.lacks)]


def _is_leaving(raw: Raw, plain: Piece, mapping: Mapping, duration: str) -> bool:
    """Whether the days in a stage are those before its modified time, rather than those after it."""
    moments = read_moments(
        raw, {"at": plain.cells["entered_at"]}, order=mapping.times.order, zone=mapping.times.zone
    )["at"].days
    frame = pd.DataFrame(
        {"id": plain.cells["id"].to_numpy(), "at": moments, "days": read_amounts(raw, raw.cells[duration]).values}
    ).sort_values(["id", "at"])
    gap = frame.groupby("id")["at"].diff()
    before, after = (gap - frame["days"]).abs(), (gap.shift(-1) - frame["days"]).abs()
    both = before.notna() & after.notna()
    return bool(both.any() and np.median(before[both]) < np.median(after[both]))


LAYOUTS = (
    Layout(
        "zoho_history",
        (
            ("Deal Id", "Deal ID", "Record Id", "Deal Name", "Potential_Name", "Potential Name"),
            ("Stage", "ステージ"),
            ("Modified Time", "Modified_Time", "Last_Modified_Time", "更新日時"),
            (*_DURATION, *_MOVED),
        ),
        "history",
        {
            "id": ("Deal Id", "Deal ID", "Record Id", "Potential_Name", "Potential Name", "Deal Name"),
            "stage": ("Stage", "ステージ"),
            "entered_at": ("Modified Time", "Modified_Time", "Last_Modified_Time", "更新日時"),
            "amount": ("Amount",),
        },
        ("first_touch", "owner_then", "minutes"),
        reshape=_read,
        needed=("id", "stage", "entered_at"),
    ),
    Layout(
        "zoho_deals",
        (
            ("Deal Name", "Deal_Name", "商談名"),
            ("Stage", "ステージ"),
            ("Closing Date", "Closing_Date", "完了予定日"),
            ("Created Time", "Created_Time", "作成日時"),
        ),
        "deals",
        {
            "id": ("Record Id", "Deal Id", "Deal ID", "id", "レコードID"),
            "stage": ("Stage", "ステージ"),
            "created_at": ("Created Time", "Created_Time", "作成日時"),
            "closed_at": ("Closing Date", "Closing_Date", "完了予定日"),
            "owner": ("Deal Owner", "Owner", "商談の担当者", "商談 担当者"),
            "amount": ("Amount", "総額", "金額"),
            "source": ("Lead Source", "Lead_Source", "見込み客のデータ元", "データ元"),
            "segment": ("Type", "種類"),
            "account": ("Account Name", "Account_Name", "取引先名"),
            "reason": ("Reason For Loss", "Reason_For_Loss__s", "失注理由"),
            "last_touch": ("Last Activity Time", "Last_Activity_Time"),
            "recorded_at": ("Modified Time", "Modified_Time", "更新日時"),
        },
        ("stage_history", "first_touch", "owner_then", "minutes"),
    ),
)
