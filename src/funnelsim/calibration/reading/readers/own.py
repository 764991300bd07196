"""What funnelsim itself writes: the tables ``visits`` and ``leads`` of a run, for round trips.

Times have to be dates, so the scenario needs a ``start``.
"""

from __future__ import annotations

from ..pieces import Layout

LAYOUTS = (
    Layout(
        "funnelsim_visits",
        (("lead",), ("stage",), ("visit",), ("entered",), ("left",), ("buyer",)),
        "history",
        {
            "id": ("lead",),
            "stage": ("stage",),
            "entered_at": ("entered",),
            "left_at": ("left",),
            "owner": ("rep",),
            "team": ("team",),
            "first_touch": ("first_touch",),
            "ended_as": ("outcome",),
        },
        (),
        needed=("id", "stage", "entered_at"),
    ),
    Layout(
        "funnelsim_leads",
        (("lead",), ("origin",), ("created",), ("outcome",), ("booked",)),
        "deals",
        {
            "id": ("lead",),
            "created_at": ("created",),
            "closed_at": ("ended",),
            "outcome": ("outcome",),
            "source": ("source",),
            "segment": ("segment",),
            "territory": ("territory",),
            "amount": ("value",),
        },
        (),
    ),
)
