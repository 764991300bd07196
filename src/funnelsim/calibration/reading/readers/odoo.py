"""Odoo: leads and opportunities of its CRM, and the tracked changes of their stage.

Columns as in the model ``crm.lead`` of Odoo's sources (field names and labels) and ``mail.tracking.value``. A
lost opportunity is archived, so that an export without archived rows has none.
"""

from __future__ import annotations

import pandas as pd

from ..mapping import Mapping
from ..pieces import Layout, Piece
from ..tables import Raw
from .changes import FIELD, NEW, OLD, changes
from .salesforce_history import is_true

_PARTS = {
    FIELD: ("field_id", "field", "Field", "field_desc", "Field Description"),
    OLD: ("old_value_char", "Old Value Char"),
    NEW: ("new_value_char", "New Value Char"),
}


def _tracked(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    return changes(layout, raw, mapping, _PARTS)


def _leads(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    plain = layout.plain(raw, mapping)
    cells = plain.cells
    if "outcome" not in cells:
        no = pd.Series(False, index=cells.index)
        archived = ~cells["active"].map(is_true) & (cells["active"] != "") if "active" in cells else no
        won = (
            cells["probability"].str.replace(",", ".").isin(("100", "100.0", "100.00"))
            if "probability" in cells
            else no
        )
        if "active" in cells or "probability" in cells:
            cells = cells.assign(
                outcome=pd.Series("Open", index=cells.index).mask(archived, "Lost").mask(won, "Won")
            )
    cells = cells.drop(columns=[each for each in ("active", "probability") if each in cells])
    kept = tuple(each for each in plain.guesses if each.role not in ("active", "probability"))
    return [Piece(plain.kind, raw, cells, kept, layout.name, layout.lacks)]


LAYOUTS = (
    Layout(
        "odoo_tracking",
        (_PARTS[OLD], _PARTS[NEW], _PARTS[FIELD]),
        "history",
        {
            "id": ("mail_message_id/res_id", "res_id", "Message/Related Document ID", "Related Document ID"),
            "entered_at": ("mail_message_id/date", "create_date", "Message/Date", "Created on", "Date"),
        },
        ("first_touch", "minutes"),
        reshape=_tracked,
        needed=("id", "entered_at"),
    ),
    Layout(
        "odoo_leads",
        (
            ("stage_id", "Stage", "stage_id/name", "ステージ", "Stufe", "Étape", "Etapa"),
            ("date_closed", "Closed Date", "date_last_stage_update", "Last Stage Update", "最終ステージ更新"),
            ("create_date", "Created on", "Creation Date", "作成日"),
            (
                "user_id",
                "Salesperson",
                "user_id/name",
                "expected_revenue",
                "Expected Revenue",
                "won_status",
                "Is Won",
                "営業担当者",
                "予想収益",
            ),
        ),
        "deals",
        {
            "id": ("id", "ID", ".id", "External ID", "外部ID"),
            "stage": ("stage_id", "Stage", "stage_id/name", "ステージ"),
            "created_at": ("create_date", "Created on", "Creation Date", "作成日"),
            "closed_at": ("date_closed", "Closed Date", "クローズ日", "完了日"),
            "outcome": ("won_status", "Is Won"),
            "active": ("active", "Active", "有効"),
            "probability": ("probability", "Probability", "確率"),
            "owner": ("user_id", "Salesperson", "user_id/name", "営業担当者"),
            "team": ("team_id", "Sales Team", "team_id/name", "営業チーム"),
            "amount": ("expected_revenue", "Expected Revenue", "予想収益"),
            "source": ("source_id", "Source", "source_id/name", "ソース"),
            "territory": ("country_id", "Country"),
            "account": ("partner_id", "Customer", "partner_name", "顧客"),
            "reason": ("lost_reason_id", "Lost Reason", "lost_reason", "失注理由"),
            "recorded_at": ("write_date", "Last Updated on"),
        },
        ("stage_history", "first_touch", "owner_then", "minutes"),
        reshape=_leads,
    ),
)
