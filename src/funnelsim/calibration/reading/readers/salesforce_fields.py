"""Salesforce: the history of fields of opportunities (OpportunityFieldHistory).

Columns as in the Object Reference for the Salesforce Platform. Only fields that are tracked have rows, which are
kept for 18 months unless a longer time was bought: what began before is cut off on the left.
"""

from __future__ import annotations

from ..mapping import Mapping
from ..pieces import Layout, Piece
from ..tables import Raw
from .changes import FIELD, NEW, OLD, changes

_PARTS = {
    FIELD: ("Field", "Field / Event", "項目", "変更項目"),
    OLD: ("OldValue", "Old Value", "旧値", "変更前の値", "元の値"),
    NEW: ("NewValue", "New Value", "新値", "変更後の値", "新しい値"),
}


def _read(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    return changes(layout, raw, mapping, _PARTS)


LAYOUTS = (
    Layout(
        "salesforce_fields",
        (("OpportunityId", "Opportunity ID", "商談 ID"), _PARTS[FIELD], _PARTS[NEW], _PARTS[OLD]),
        "history",
        {
            "id": ("OpportunityId", "Opportunity ID", "商談 ID"),
            "entered_at": ("CreatedDate", "Created Date", "Edit Date", "編集日", "作成日"),
        },
        ("first_touch", "before_tracking", "minutes"),
        reshape=_read,
        needed=("id", "entered_at"),
    ),
)
