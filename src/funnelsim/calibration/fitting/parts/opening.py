"""Open deals at the end of the data, as the table that a forecast begins with."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnelsim.scenario.language.types import Deal

from ...findings import Finding
from ...history import OPEN, History
from ..numbers import significant
from .kinds import GROUPS, Kinds

COLUMNS = ("stage", "value", "source", "segment", "territory", "age", "touches", "since_touch", "since_created")
_AMOUNT_DIGITS = 2


@dataclass(frozen=True)
class Opening:
    """The table of open deals as text, and what was noticed; the text is empty where none is open."""

    text: str
    deals: int
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The deals as a file holds them, one by one; cells without anything are left out."""
        table = csv.DictReader(io.StringIO(self.text))
        return [{key: _number(key, cell) for key, cell in row.items() if cell} for row in table]


def opening(history: History, kinds: Kinds) -> Opening:
    """The open deals of a history: no ids and no names, ages in whole days, values to two digits.

    Parameters
    ----------
    history : History
        Whose visits that are open at its end are written.
    kinds : Kinds
        The sources, segments and territories that the scenario has.
    """
    visits = history.visits
    rows = np.flatnonzero((visits.outcome == OPEN) & np.isnan(visits.left))
    if not len(rows):
        return Opening("", 0)
    known = Deal.keys()
    columns = [name for name in COLUMNS if name in known and _told(name, history, kinds)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    lines = sorted([_cell(name, row, history, kinds) for name in columns] for row in rows.tolist())
    writer.writerows(lines)
    return Opening(out.getvalue(), len(rows))


def _number(key: str, cell: str) -> Any:
    if key not in ("value", "touches"):
        return cell
    return float(cell) if "." in cell else int(cell)


def _told(name: str, history: History, kinds: Kinds) -> bool:
    if name in GROUPS:
        return len(kinds.names[name]) > 1
    if name == "value":
        return bool((history.deals.amount > 0).any())
    if name in ("touches", "since_touch"):
        return history.level >= 2
    return name != "since_created" or len(history.stages) > 1


def _cell(name: str, row: int, history: History, kinds: Kinds) -> str:
    visits, deals = history.visits, history.deals
    deal, now = int(visits.deal[row]), history.as_of
    if name == "stage":
        return history.stages[visits.stage[row]]
    if name == "value":
        amount = deals.amount[deal]
        return f"{significant(float(amount), _AMOUNT_DIGITS)}" if amount > 0 else ""
    if name in GROUPS:
        index = int(kinds.of(name)[deal])
        return kinds.names[name][index] if index >= 0 else ""
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
