"""Names that people can follow through tables, pictures and logs.

A lead is called after its source and its number there, so that the same lead has the same name in another
scenario: ``web-17``, in a burst ``web-burst-17``; its expansion ``web-17.expansion-1``; a lead in the line at the
start ``opening-propose-3``; a lead that a customer of the start gave rise to ``opening-customer-5.referral-2``.
A customer has the name of the lead it was.

A rep is called after team and seat, counted from 1, and a later occupant of the seat also by its number:
``field_sales-2``, ``field_sales-2.3``.
"""

from __future__ import annotations

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.records import ORIGINS, Records, Reps


def lead_labels(records: Records, model: Model) -> list[str]:
    """The name of each lead, by row."""
    leads = records.leads
    labels: list[str] = []
    columns = (
        leads.number, leads.source, leads.burst, leads.origin, leads.parent, leads.customer, leads.opening,
        _first_stages(records),
    )  # fmt: skip
    for number, source, burst, origin, parent, customer, opening, stage in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if parent >= 0:  # parents stand before their children
            labels.append(f"{labels[parent]}.{ORIGINS[origin]}-{number}")
        elif customer >= 0:  # customers of the start stand before the others
            labels.append(f"opening-customer-{customer + 1}.{ORIGINS[origin]}-{number}")
        elif opening:
            labels.append(f"opening-{model.stage_names[stage]}-{number}")
        else:
            labels.append(f"{model.source_names[source]}-{'burst-' if burst else ''}{number}")
    return labels


def customer_labels(records: Records, model: Model) -> list[str]:
    """The name of each customer, by row: that of the lead it was, or ``opening-customer-5``."""
    if records.customers is None:
        return []
    leads = lead_labels(records, model)
    pairs = zip(records.customers.lead.tolist(), records.customers.number.tolist(), strict=True)
    return [leads[lead] if lead >= 0 else f"opening-customer-{number}" for lead, number in pairs]


def rep_labels(reps: Reps, model: Model) -> list[str]:
    """The name of each rep, by row."""
    columns = (reps.team.tolist(), reps.seat.tolist(), reps.occupant.tolist())
    return [
        f"{model.team_names[team]}-{seat + 1}" + (f".{occupant + 1}" if occupant else "")
        for team, seat, occupant in zip(*columns, strict=True)
    ]


def _first_stages(records: Records) -> np.ndarray:
    stages = np.full(len(records.leads.number), -1)
    rows, first = np.unique(records.visits.lead, return_index=True)
    stages[rows] = records.visits.stage[first]
    return stages
