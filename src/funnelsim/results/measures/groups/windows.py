"""Windows that see one group of a replication: its leads with their visits, or its customers with what they do."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..chunks import rows_of
from ..sales import Sales
from ..window import Mask, Window
from .members import Members


def of_leads(whole: Window, groups: Members, at: int) -> Window:
    """The leads of a group with their visits, and no customers; what belongs to no lead is as in the whole."""
    mine = groups.leads == at
    place = np.cumsum(mine) - 1
    lead = whole.visits.lead
    rows = np.flatnonzero(mine[lead])
    visits = _rows(whole.visits, rows)._replace(lead=place[lead[rows]])
    # Parents and customers may be of another group; no figure of leads asks for them.
    nobody = np.full(int(mine.sum()), -1)
    leads = _rows(whole.leads, np.flatnonzero(mine))._replace(parent=nobody, customer=nobody)
    records = whole.records._replace(leads=leads, visits=visits, customers=None, moves=None, tasks=None)
    return Window(records, whole.model)


def of_customers(whole: Window, groups: Members, at: int) -> Window:
    """The customers of a group with their payments and their work, and the leads that they bring.

    All leads are there, as customers were leads once; what is created and won are only those that these customers
    bring, and sales are those of the group's leads.
    """
    mine = groups.customers == at
    place = np.cumsum(mine) - 1
    part = Window(whole.records, whole.model)
    part.customers = _rows(whole.customers, np.flatnonzero(mine))
    part.moves, part.tasks = (_of(mine, place, table) for table in (whole.moves, whole.tasks))
    brought = _brought(whole, mine)
    sold = groups.leads[whole.sales.lead] == at
    # These stand instead of what the window would work out from all leads.
    part.__dict__ |= {
        "winning": whole.winning,
        "won_before": whole.won_before,
        "ended": whole.ended,
        "created": whole.created & brought,
        "won": whole.won & brought,
        "sales": Sales(*(column[sold] for column in whole.sales)),
    }
    return part


def _brought(whole: Window, mine: Mask) -> Mask:
    """Leads that some customers gave rise to."""
    return np.append(mine, False)[whole.leads.customer]


def _of(mine: Mask, place: np.ndarray, table: Any) -> Any:
    """The rows of a table that belong to some customers, who have other places now."""
    rows = np.flatnonzero(mine[table.customer])
    return _rows(table, rows)._replace(customer=place[table.customer[rows]])


def _rows(table: Any, rows: np.ndarray) -> Any:
    """Some rows of records of one kind."""
    return table._make(column[rows] for column in table) if rows_of(table) else table
