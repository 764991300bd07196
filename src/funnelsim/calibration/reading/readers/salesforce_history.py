"""Salesforce: the history of opportunities, and the opportunities themselves.

Columns as in the Object Reference for the Salesforce Platform (OpportunityHistory, Opportunity) and, for
reports, their labels in English and Japanese. The history has a row for each change of stage, amount,
probability or close date, so that many rows do not change the stage. ``CloseDate`` of an open opportunity is a
plan.
"""

from __future__ import annotations

import pandas as pd

from ..mapping import Mapping
from ..pieces import Layout, Piece, piece
from ..tables import Raw

_ID = ("OpportunityId", "Opportunity ID", "商談 ID", "商談ID", "Opportunity: ID")
_STAGE = ("StageName", "Stage Name", "To Stage", "Stage", "フェーズ", "変更後フェーズ")
LACKS = ("first_touch", "owner_then", "minutes")


def _opportunities(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    guesses = layout.named(raw, mapping)
    made = piece(layout.kind, raw, guesses, layout.name, layout.lacks)
    cells = made.cells
    if "outcome" not in mapping.columns and "won" in cells and "ended" in cells:
        won, ended = (cells[each].map(is_true) for each in ("won", "ended"))
        outcome = pd.Series("Open", index=cells.index).mask(ended, "Lost").mask(won, "Won")
        cells = cells.drop(columns=["won", "ended"]).assign(outcome=outcome)
    cells = cells.drop(columns=[each for each in ("won", "ended") if each in cells])
    kept = tuple(each for each in guesses if each.role not in ("won", "ended"))
    return [Piece(layout.kind, raw, cells, kept, layout.name, layout.lacks)]


def is_true(text: str) -> bool:
    """Whether a cell of a flag says yes."""
    return text.casefold() in ("true", "1", "yes", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "はい", "x")


LAYOUTS = (
    Layout(
        "salesforce_history",
        (
            _ID,
            ("StageName", "Stage Name", "To Stage", "変更後フェーズ", "フェーズ"),
            ("CreatedDate", "Created Date", "Last Modified", "Last Modified Date", "最終更新日", "SystemModstamp"),
            (
                "SystemModstamp",
                "PrevAmount",
                "Prev Amount",
                "ForecastCategory",
                "From Stage",
                "変更前フェーズ",
                "CreatedById",
                "Probability",
                "ExpectedRevenue",
                "Last Modified By",
            ),
        ),
        "history",
        {
            "id": _ID,
            "stage": _STAGE,
            "entered_at": ("CreatedDate", "Created Date", "Last Modified", "最終更新日"),
            "recorded_at": ("SystemModstamp", "System Modstamp"),
            "amount": ("Amount", "金額"),
        },
        LACKS,
        needed=("id", "stage", "entered_at"),
    ),
    Layout(
        "salesforce_opportunity",
        (
            ("Id", "Opportunity ID", "商談 ID", "OpportunityId"),
            ("StageName", "Stage", "フェーズ"),
            ("IsWon", "Won", "成立フラグ", "IsClosed", "Closed", "完了フラグ"),
        ),
        "deals",
        {
            "id": ("Id", *_ID),
            "stage": _STAGE,
            "created_at": ("CreatedDate", "Created Date", "作成日"),
            "closed_at": ("CloseDate", "Close Date", "完了予定日"),
            "won": ("IsWon", "Won", "成立フラグ"),
            "ended": ("IsClosed", "Closed", "完了フラグ"),
            "owner": ("OwnerId", "Opportunity Owner", "Owner", "商談 所有者", "所有者"),
            "amount": ("Amount", "金額"),
            "source": ("LeadSource", "Lead Source", "リードソース"),
            "segment": ("Type", "種別"),
            "account": ("AccountId", "Account Name", "取引先名"),
            "reason": ("Loss_Reason__c", "Loss Reason", "Closed Lost Reason", "失注理由"),
            "last_touch": (),
            "recorded_at": ("LastModifiedDate", "SystemModstamp", "Last Modified Date"),
            "currency": ("CurrencyIsoCode", "Opportunity Currency"),
            "territory": ("Territory2Id", "Territory", "テリトリー"),
        },
        LACKS,
        reshape=_opportunities,
    ),
)
