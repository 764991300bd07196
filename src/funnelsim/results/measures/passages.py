"""Leads that came to a stage for the first time, or were created, and what became of them.

Many figures follow them from there on; they are found once for each stage, and only sums stay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from funnelsim.model.records import EXPANSION, WON, Ints

from .chunks import parts
from .cohorts import Cohort
from .shared import shared
from .window import Window, is_lost


class Ends(NamedTuple):
    """How a cohort of leads ended: its size, masses, and the summed time of those that ended so."""

    size: int
    won: float
    lost: float
    time_won: float
    time_lost: float

    @property
    def decided(self) -> float:
        """Leads won or lost."""
        return self.won + self.lost


NOBODY = Ends(0, 0.0, 0.0, 0.0, 0.0)


class Passage(NamedTuple):
    """Leads from a moment each on."""

    number: int  # whose moment lies after the warm-up
    value: int  # of these, in hundredths
    open_time: int  # that they were open, from their moment and the warm-up on
    open_value: int  # of those that are open at the horizon
    ends: Ends
    new: Ends  # without expansions


@shared
def from_creation(window: Window) -> Passage:
    """All leads from their creation on; of those in the line at the start the ends are left out."""
    ends, of_new = _ends(window.creation_cohort), window.created & ~_expansions(window)
    if np.array_equal(of_new, window.created):
        new = ends
    else:
        rows = np.flatnonzero(of_new)
        new = _ends(window.lead_cohort(rows, window.leads.created[rows]))
    return _passage(window, None, window.leads.created, ends, new)


@shared
def from_stage(window: Window, stage: int) -> Passage:
    """Leads that were let into a stage, from the first time on."""
    rows, since = window.reached(stage)
    found = _passage(window, rows, since, NOBODY, NOBODY)
    late = since >= window.start
    if not late.all():  # else there is no need for other columns of the same
        rows, since = rows[late], since[late]
    ends = _ends(window.lead_cohort(rows, since))
    new = ~_expansions(window)[rows]
    of_new = ends if new.all() else _ends(window.lead_cohort(rows[new], since[new]))
    return found._replace(ends=ends, new=of_new)


def passage(window: Window, stage: int | None) -> Passage:
    """Leads from a stage on, or from their creation where none is given."""
    return from_creation(window) if stage is None else from_stage(window, stage)


@shared
def _expansions(window: Window) -> np.ndarray:
    return np.asarray(window.leads.origin == EXPANSION)


def _passage(window: Window, rows: Ints | None, since: Ints, ends: Ends, new: Ends) -> Passage:
    number, value, open_time, open_value, first = 0, 0, 0, 0, 0
    for span, leads in parts(window.leads):  # all are sums of whole numbers, in whatever order
        last = span.stop if rows is None else int(np.searchsorted(rows, span.stop))
        those = slice(None) if rows is None else rows[first:last] - span.start
        moments, worth, still = since[first:last], leads.value[those], leads.outcome[those] < 0
        fresh, until = moments >= window.start, np.where(still, window.end, leads.ended[those])
        number += int(fresh.sum())
        value += int(worth[fresh].sum())
        open_time += int(np.maximum(until - np.maximum(moments, window.start), 0).sum())
        open_value += int(worth[still].sum())
        first = last
    return Passage(number, value, open_time, open_value, ends, new)


def _ends(members: Cohort) -> Ends:
    won, lost = members.outcome == WON, is_lost(members.outcome)
    return Ends(members.size, members.mass(won), members.mass(lost), members.moment(won), members.moment(lost))
