"""What a firm recorded of its deals, as columns of numbers.

Times are days since `History.origin`, a midnight of local time; ``nan`` where a time is unknown or has not come.
Indices point into the name lists of the `History` and into the rows of its deals, ``-1`` where there is none.
Columns are read-only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnelsim.unchanging import OF_RESULTS, unchanging

from .findings import Finding

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ADVANCED, LOST, OPEN = 1, 0, -1
"""How a visit ended: on to a later stage or won; back to an earlier one or closed without a sale; not yet."""

WON = 1
"""How a deal ended; `LOST` and `OPEN` are the other two."""

CLOSED = -1
"""The destination of a visit after which the deal was closed, or that is open."""


@dataclass(frozen=True, eq=False)
class _Columns:
    """Columns of one length, made read-only."""

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, each.name)) for each in fields(self)}
        if len(lengths) > 1:
            raise ValueError(f"columns of {type(self).__name__} differ in length: {sorted(lengths)}")
        for each in fields(self):
            kind = np.int64 if each.type == "Ints" else np.float64
            column = np.array(getattr(self, each.name), dtype=kind)
            column.flags.writeable = False
            object.__setattr__(self, each.name, column)

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def where(self, rows: Any) -> Any:
        """Only these rows: a mask or indices."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


@dataclass(frozen=True, eq=False)
class Visits(_Columns):
    """One row a stay of a deal in a stage, sorted by deal and moment of entry."""

    deal: Ints
    stage: Ints
    owner: Ints  # at the time, where that is recorded; else the deal's
    entered: Floats
    left: Floats
    outcome: Ints  # ADVANCED, LOST or OPEN
    destination: Ints  # the stage entered next, or CLOSED
    reason: Ints  # of a deal closed without a sale, into `History.reasons`
    first_touch: Floats
    last_touch: Floats
    touches: Ints  # -1 where unknown
    minutes: Floats  # of work, summed over the visit's activities; nan where unknown


@dataclass(frozen=True, eq=False)
class Deals(_Columns):
    """One row a deal, sorted by creation."""

    created: Floats
    closed: Floats
    outcome: Ints  # WON, LOST or OPEN
    source: Ints
    segment: Ints
    territory: Ints
    owner: Ints  # the last that is known
    amount: Floats  # in currency units; nan where unknown
    reason: Ints
    account: Ints  # a number for each account, in order of first appearance; -1 where unknown
    recorded: Floats  # when the row was written; nan where unknown


@dataclass(frozen=True, eq=False)
class People(_Columns):
    """One row an owner in a team, of a list of people."""

    owner: Ints
    team: Ints
    start: Floats
    end: Floats


@dataclass(frozen=True, eq=False)
class Customers(_Columns):
    """One row a customer."""

    since: Floats
    ended: Floats
    arr: Floats
    renewed: Floats
    reason: Ints
    account: Ints


@unchanging(OF_RESULTS)
@dataclass(frozen=True, eq=False)
class History:
    """The records of a firm up to a day, cleaned.

    Parameters
    ----------
    visits, deals : Visits, Deals
        What became of each deal.
    people, customers : People or None, Customers or None
        Where lists of them were given.
    stages : tuple of str
        Names in the order of the line.
    teams : tuple of str
        Names of teams; `stage_team` says which one works a stage.
    stage_team : tuple of int
        By stage: the team, or -1 where it is unknown.
    owners : tuple of str
        Pseudonyms, such as ``ae-01``. The names themselves do not leave the reading.
    owner_team : tuple of int
        By owner: the team, or -1.
    sources, segments, territories, reasons : tuple of str
        Names.
    origin : datetime.date
        The midnight from which times are counted.
    start, as_of : float
        The first and last moment of what is looked at, in days since `origin`.
    level : int
        What is recorded: 0 dates of creation and closing, 1 moments of stages, 2 also the first and last touch,
        3 also minutes.
    date_only : frozenset of str
        Columns of moments that have days without hours.
    currency : str
        Code of the currency; empty where unknown.
    files : tuple of str
        Names of the files that were read, without folders.
    findings : tuple of Finding
        What was noticed while reading and cleaning.
    """

    visits: Visits
    deals: Deals
    stages: tuple[str, ...]
    origin: dt.date
    start: float
    as_of: float
    level: int
    teams: tuple[str, ...] = ()
    stage_team: tuple[int, ...] = ()
    owners: tuple[str, ...] = ()
    owner_team: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    people: People | None = None
    customers: Customers | None = None
    date_only: frozenset[str] = frozenset()
    currency: str = ""
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def date(self, day: float) -> dt.date:
        """The day of a moment."""
        return self.origin + dt.timedelta(days=int(np.floor(day)))
