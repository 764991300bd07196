"""Open deals at the end of the data, as the table that a forecast begins with."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.scenario.language.types import Deal

from ...findings import Finding
from ...history import OPEN, History
from ..numbers import significant
from .fitted import FEW, StageFit
from .kinds import GROUPS, Kinds
from .stays import SEVERAL, Stays

Ints = NDArray[np.int64]

COLUMNS = ("stage", "value", "source", "segment", "territory", "age", "touches", "since_touch", "waiting",
           "since_created")  # fmt: skip
_AMOUNT_DIGITS, _BEYOND = 2, 2.0
_LONG = 0.95
"""Quantile of the gaps after which a deal whose touches are not done is taken to wait for its rep."""


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


def opening(history: History, kinds: Kinds, fits: Sequence[StageFit]) -> Opening:
    """The open deals of a history: no ids and no names, ages in whole days, values to two digits.

    Deals that by the records will never end are set aside: those that have been in a stage for far longer than any
    visit that was looked at; where times are written as they are, those beyond the longest, and as many of the
    oldest as never end by the curves.

    Parameters
    ----------
    history : History
        Whose visits that are open at its end are written.
    kinds : Kinds
        The sources, segments and territories that the scenario has.
    fits : sequence of StageFit
        What was estimated of each stage. Touches are told only where its time is counted from the last one.
    """
    visits = history.visits
    every = np.flatnonzero((visits.outcome == OPEN) & np.isnan(visits.left))
    kept, findings = [], []
    for index, fit in enumerate(fits):
        mine = every[visits.stage[every] == index]
        alive = _alive(history, mine, fit)
        kept.append(mine[alive])
        if not alive.all():
            findings.append(_stuck(fit, int((~alive).sum()), len(mine)))
    rows = np.sort(np.concatenate([every[:0], *kept]))
    if not len(rows):
        return Opening("", 0, tuple(findings))
    known = Deal.keys()
    stays = [fit.stays for fit in fits]
    columns = [name for name in COLUMNS if name in known and _told(name, history, kinds, stays)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    lines = sorted([_cell(name, row, history, kinds, stays) for name in columns] for row in rows.tolist())
    writer.writerows(lines)
    return Opening(out.getvalue(), len(rows), tuple(findings))


def _alive(history: History, rows: Ints, fit: StageFit) -> NDArray[np.bool_]:
    """Which of the open visits of a stage may still end."""
    visits, stays = history.visits, fit.stays
    if fit.fit is None or stays.ended < FEW or not len(rows):
        return np.ones(len(rows), bool)
    since = visits.entered[rows]
    if stays.from_touch:
        since = np.where(np.isnan(visits.last_touch[rows]), since, visits.last_touch[rows])
    lasted = history.as_of - since
    longest, found = float(stays.time[stays.outcome >= 0].max()), fit.fit
    if found.shared or (found.fits(1) and found.fits(0)):
        alive: NDArray[np.bool_] = lasted <= _BEYOND * longest  # a law has a tail
        return alive
    alive = lasted <= longest
    curves = found.incidence
    gone = np.concatenate([[0.0], curves.advanced + curves.lost])
    open_then = 1 - gone[np.searchsorted(curves.times, lasted, side="right")]
    dead = round(float(np.minimum(curves.left / np.maximum(open_then, 1e-12), 1.0).sum()))
    oldest = np.argsort(-lasted, kind="stable")[:dead]
    alive[oldest] = False
    return alive


def _stuck(fit: StageFit, number: int, of: int) -> Finding:
    longest = float(fit.stays.time[fit.stays.outcome >= 0].max())
    said = (
        f"Set aside as dead: {number} of {of} open deals in {fit.name}. Of {fit.stays.ended:,} visits none "
        f"took longer than {longest:.0f} days."
    )
    return Finding("stuck", "warning", number, said, "Close them in the CRM, or export when they closed.")


def _number(key: str, cell: str) -> Any:
    if key == "waiting":
        return True
    if key not in ("value", "touches"):
        return cell
    return float(cell) if "." in cell else int(cell)


def _told(name: str, history: History, kinds: Kinds, fits: Sequence[Stays]) -> bool:
    if name in GROUPS:
        return len(kinds.names[name]) > 1
    if name == "value":
        return bool((history.deals.amount > 0).any())
    if name in ("touches", "since_touch"):
        return any(each.from_touch for each in fits)
    if name == "waiting":
        return any(each.from_touch and each.touches > SEVERAL for each in fits)
    return name != "since_created" or len(history.stages) > 1


def _cell(name: str, row: int, history: History, kinds: Kinds, fits: Sequence[Stays]) -> str:
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
    age = now - float(visits.entered[row])
    if name == "age":
        return _days(age)
    if name == "since_created":
        return _days(max(now - float(deals.created[deal]), age))
    return _touched(name, row, history, fits[visits.stage[row]])


def _touched(name: str, row: int, history: History, mine: Stays) -> str:
    """What is told of the touches of a deal: how many are done, and how long ago, or that it waits for its rep.

    Nothing where the time of the stage is counted from the entering, for then the touches are in it. A touch whose
    end is not recorded is under way: it is the first, or, where there are several, one after the first.
    """
    if not mine.from_touch:
        return ""
    visits = history.visits
    first, last, done = float(visits.first_touch[row]), float(visits.last_touch[row]), int(visits.touches[row])
    if np.isnan(last):
        last = first if mine.touches > SEVERAL else math.nan
        done = 0 if np.isnan(last) else 1
    if done == 0 or np.isnan(last):
        return "0" if name == "touches" else ""
    ago = min(history.as_of - last, history.as_of - float(visits.entered[row]))
    if name == "touches":
        return str(done) if done > 0 else ""
    if name == "since_touch":
        return _days(ago)
    waits = 0 < done < mine.touches and len(mine.gaps) > 2 and ago > float(np.quantile(mine.gaps, _LONG))
    return "yes" if waits else ""


def _days(length: float) -> str:
    return f"{max(round(length), 0)} d"
