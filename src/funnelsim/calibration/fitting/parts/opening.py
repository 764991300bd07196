"""Open deals at the end of the data, as the table that a forecast begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...findings import Finding
from ...history import OPEN, History
from ..numbers import significant

COLUMNS = ("stage", "value", "source", "segment", "territory", "age", "touches", "since_touch", "since_created")
_AMOUNT_DIGITS = 2


@dataclass(frozen=True)
class Opening:
    """The table of open deals as text, and what was noticed; the text is empty where none is open."""

    text: str
    deals: int
    findings: tuple[Finding, ...] = ()


def opening(history: History, kinds: Mapping[str, tuple[str, ...]]) -> Opening:
    """The open deals of a history: no ids and no names, ages in whole days, values to two digits.

    Parameters
    ----------
    history : History
        Whose visits that are open at its end are written.
    kinds : mapping
        Names of sources, segments and territories that the scenario has; an index beyond them is left empty.
    """
    visits = history.visits
    rows = np.flatnonzero((visits.outcome == OPEN) & np.isnan(visits.left))
    if not len(rows):
        return Opening("", 0)
    columns = [name for name in COLUMNS if _told(name, history, kinds)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    lines = sorted([_cell(name, row, history, kinds) for name in columns] for row in rows.tolist())
    writer.writerows(lines)
    return Opening(out.getvalue(), len(rows))


def _told(name: str, history: History, kinds: Mapping[str, tuple[str, ...]]) -> bool:
    if name in ("source", "segment", "territory"):
        return len(kinds[name]) > 1
    if name == "value":
        return bool((history.deals.amount > 0).any())
    if name in ("touches", "since_touch"):
        return history.level >= 2
    return name != "since_created" or len(history.stages) > 1


def _cell(name: str, row: int, history: History, kinds: Mapping[str, tuple[str, ...]]) -> str:
    visits, deals = history.visits, history.deals
    deal, now = int(visits.deal[row]), history.as_of
    if name == "stage":
        return history.stages[visits.stage[row]]
    if name == "value":
        amount = deals.amount[deal]
        return f"{significant(float(amount), _AMOUNT_DIGITS)}" if amount > 0 else ""
    if name in kinds:
        index = int(getattr(deals, name)[deal])
        return kinds[name][index] if 0 <= index < len(kinds[name]) else ""
    if name == "age":
        return _days(now - float(visits.entered[row]))
    if name == "since_created":
        return _days(now - float(deals.created[deal]))
    if name == "touches":
        return str(max(int(visits.touches[row]), 0)) if visits.touches[row] >= 0 else ""
    last = float(visits.last_touch[row])
    return "" if np.isnan(last) else _days(now - last)


def _days(length: float) -> str:
    return f"{max(round(length), 0)} d"
