"""Event logs of process mining: one row an event, with case, activity and time.

Columns as in the standard for event streams (XES, IEEE 1849) in the CSV form of its tools. Activities are the
stages. Where the log has the transitions *start* and *complete*, they are the first and the last touch of a
stay, which began when the activity before it was completed; where it has none, an event is the moment at which
its stage was entered.
"""

from __future__ import annotations

from ..pieces import Layout

LAYOUTS = (
    Layout(
        "eventlog",
        (
            ("case:concept:name", "case concept:name", "caseid", "case_id", "Case ID"),
            ("concept:name", "activity", "Activity"),
            ("time:timestamp", "timestamp", "Timestamp", "Complete Timestamp", "complete_timestamp"),
        ),
        "events",
        {
            "id": ("case:concept:name", "case concept:name", "caseid", "case_id", "Case ID"),
            "stage": ("concept:name", "activity", "Activity"),
            "entered_at": ("time:timestamp", "timestamp", "Timestamp", "Complete Timestamp", "complete_timestamp"),
            "first_touch": ("start_timestamp", "Start Timestamp"),
            "owner": ("org:resource", "resource", "Resource"),
            "team": ("org:group",),
            "lifecycle": ("lifecycle:transition",),
            "amount": ("case:value", "case:RequestedAmount", "case:AMOUNT_REQ"),
            "source": ("case:source",),
            "segment": ("case:segment", "case:LoanGoal"),
            "territory": ("case:territory",),
        },
        ("outcome", "minutes"),
        needed=("id", "stage", "entered_at"),
    ),
)
