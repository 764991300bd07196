"""A history as it was known on an earlier day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .findings import Finding
from .history import CLOSED, OPEN, Customers, Deals, History, People, Visits


def cut(history: History, day: float) -> History:
    """Only what had happened, and was recorded, before a moment: nothing of what came afterwards.

    Parameters
    ----------
    history : History
        The whole history.
    day : float
        The moment, in days since its origin.

    Returns
    -------
    History
        What was open then is open. Amounts, sources and owners of deals are the last that were recorded, as
        earlier ones are seldom kept; a finding says so.
    """
    deals, visits = history.deals, history.visits
    there = deals.created < day
    number = np.where(there, np.cumsum(there) - 1, -1)
    seen = there[visits.deal] & (visits.entered < day)
    return replace(
        history,
        deals=_deals(deals.where(there), day),
        visits=_visits(visits.where(seen), number, day),
        people=_people(history.people, day),
        customers=_customers(history.customers, day),
        as_of=min(day, history.as_of),
        findings=(*history.findings, *_leaks(history, day)),
    )


def _with(columns: Any, **changed: Any) -> Any:
    """The same columns with some of them changed."""
    return replace(columns, **changed)


def _deals(deals: Deals, day: float) -> Deals:
    later = ~(deals.closed < day)
    return _with(
        deals,
        closed=np.where(later, np.nan, deals.closed),
        outcome=np.where(later, OPEN, deals.outcome),
        reason=np.where(later, -1, deals.reason),
    )


def _visits(visits: Visits, number: Any, day: float) -> Visits:
    later = ~(visits.left < day)
    untouched, unfinished = ~(visits.first_touch < day), ~(visits.last_touch < day)
    return _with(
        visits,
        deal=number[visits.deal],
        left=np.where(later, np.nan, visits.left),
        outcome=np.where(later, OPEN, visits.outcome),
        destination=np.where(later, CLOSED, visits.destination),
        reason=np.where(later, -1, visits.reason),
        first_touch=np.where(untouched, np.nan, visits.first_touch),
        last_touch=np.where(unfinished, np.nan, visits.last_touch),
        touches=np.where(unfinished, np.where(untouched, 0, -1), visits.touches),
        minutes=np.where(unfinished, np.nan, visits.minutes),
    )


def _people(people: People | None, day: float) -> People | None:
    if people is None:
        return None
    hired = people.where(people.start < day)
    kept: People = _with(hired, end=np.where(hired.end < day, hired.end, np.nan))
    return kept


def _customers(customers: Customers | None, day: float) -> Customers | None:
    if customers is None:
        return None
    won = customers.where(customers.since < day)
    kept: Customers = _with(
        won,
        ended=np.where(won.ended < day, won.ended, np.nan),
        renewed=np.where(won.renewed < day, won.renewed, np.nan),
        reason=np.where(won.ended < day, won.reason, -1),
    )
    return kept


def _leaks(history: History, day: float) -> list[Finding]:
    """What is known of deals only as it stands today."""
    if day >= history.as_of:
        return []
    rows = int(((history.deals.created < day) & ~(history.deals.closed < day)).sum())
    words = (
        "Amounts, sources and owners of deals that were open then are those recorded last, not those of that day."
    )
    remedy = "An export of the field history, with the moment of each change, would say what they were."
    return [Finding("recorded_later", "note", rows, words, remedy)] if rows else []
