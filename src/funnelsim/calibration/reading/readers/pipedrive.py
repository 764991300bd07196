"""Pipedrive: deals, one row each, with the present stage only.

Columns as its export of deals names them: ``Deal - ID``, ``Deal - Stage``, ``Deal - Status``, ``Deal - Won
time`` and so on.
"""

from __future__ import annotations

from ..pieces import Layout

LAYOUTS = (
    Layout(
        "pipedrive",
        (("Deal - ID", "Deal - Title"), ("Deal - Stage",), ("Deal - Status",)),
        "deals",
        {
            "id": ("Deal - ID",),
            "stage": ("Deal - Stage",),
            "outcome": ("Deal - Status",),
            "created_at": ("Deal - Deal created", "Deal - Add time", "Deal - Created"),
            "closed_at": ("Deal - Deal closed on", "Deal - Closed on", "Deal - Close time"),
            "won_at": ("Deal - Won time",),
            "lost_at": ("Deal - Lost time",),
            "owner": ("Deal - Owner",),
            "amount": ("Deal - Value",),
            "currency": ("Deal - Currency", "Deal - Currency of Value"),
            "source": ("Deal - Source channel", "Deal - Lead source", "Deal - Source origin", "Deal - Source"),
            "segment": ("Deal - Label",),
            "account": ("Deal - Organization",),
            "reason": ("Deal - Lost reason",),
            "touches": ("Deal - Done activities",),
            "last_touch": ("Deal - Last activity date",),
            "recorded_at": ("Deal - Update time",),
        },
        ("stage_history", "first_touch", "owner_then", "minutes"),
    ),
)
