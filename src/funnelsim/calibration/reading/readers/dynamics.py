"""Dynamics 365 Sales: opportunities, their business process, and the audit log.

Columns as in Microsoft's table reference (opportunity, opportunitysalesprocess, audit), by logical name and by
the English label. The process says the present stage and the path to it, and when the present stage began; only
the audit log has the moments of the stages before.
"""

from __future__ import annotations

from ..mapping import Mapping
from ..pieces import Layout, Piece
from ..tables import Raw
from .changes import FIELD, NEW, OLD, changes

_PARTS = {
    FIELD: ("Changed Field", "attributemask", "Changed Fields"),
    OLD: ("Old Value", "oldvalue"),
    NEW: ("New Value", "newvalue"),
}


def _audit(layout: Layout, raw: Raw, mapping: Mapping) -> list[Piece]:
    return changes(layout, raw, mapping, _PARTS)


LAYOUTS = (
    Layout(
        "dynamics_audit",
        (_PARTS[FIELD], _PARTS[OLD], _PARTS[NEW], ("Changed Date", "Created On", "createdon")),
        "history",
        {
            "id": ("Record", "Record Id", "objectid", "opportunityid", "Opportunity"),
            "entered_at": ("Changed Date", "Created On", "createdon"),
        },
        ("first_touch", "minutes"),
        reshape=_audit,
        needed=("id", "entered_at"),
    ),
    Layout(
        "dynamics_process",
        (("activestagestartedon", "Active Stage Started On"), ("traversedpath", "Traversed Path")),
        "process",
        {
            "id": ("bpf_opportunityid", "opportunityid", "_bpf_opportunityid_value", "Opportunity"),
            "stage": ("activestageid", "Active Stage", "activestage"),
            "entered_at": ("activestagestartedon", "Active Stage Started On"),
            "created_at": ("createdon", "Created On"),
        },
        ("stage_history", "first_touch", "owner_then", "minutes"),
        needed=("id",),
    ),
    Layout(
        "dynamics_opportunity",
        (
            ("opportunityid", "(Do Not Modify) Opportunity", "Opportunity"),
            ("statecode", "Status"),
            ("actualclosedate", "Actual Close Date"),
            ("createdon", "Created On"),
        ),
        "deals",
        {
            "id": ("opportunityid", "(Do Not Modify) Opportunity", "Opportunity"),
            "outcome": ("statecode", "Status"),
            "stage": ("stepname", "Pipeline Phase", "salesstage", "Sales Stage"),
            "created_at": ("createdon", "Created On"),
            "closed_at": ("actualclosedate", "Actual Close Date"),
            "owner": ("ownerid", "Owner"),
            "amount": ("actualvalue", "Actual Revenue", "estimatedvalue", "Est. Revenue"),
            "source": ("campaignid", "Source Campaign"),
            "territory": ("territoryid", "Territory"),
            "account": ("customerid", "Potential Customer", "parentaccountid", "Account"),
            "reason": ("statuscode", "Status Reason"),
            "recorded_at": ("modifiedon", "Modified On", "(Do Not Modify) Modified On"),
            "currency": ("transactioncurrencyid", "Currency"),
        },
        ("stage_history", "first_touch", "owner_then", "minutes"),
    ),
)
