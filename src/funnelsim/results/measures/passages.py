"""Leads that came to a stage for the first time, or were created, and what became of them.

Many figures follow them from there on; they are found once for each stage, and only sums stay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from funnelsim.model.records import EXPANSION, WON, Ints

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
    rows, created = np.arange(len(window.leads.created)), window.leads.created
    new = window.created & ~_expansions(window)
    ends = _ends(window.creation_cohort)
    if np.array_equal(new, window.created):
        return _passage(window, rows, created, ends, ends)
    of_new = np.flatnonzero(new)
    return _passage(window, rows, created, ends, _ends(window.lead_cohort(of_new, created[of_new])))


@shared
def from_stage(window: Window, stage: int) -> Passage:
    """Leads that were let into a stage, from the first time on."""
    rows, since = window.reached(stage)
    late = np.flatnonzero(since >= window.start)
    fresh, begun = rows[late], since[late]
    ends = _ends(window.lead_cohort(fresh, begun))
    new = np.flatnonzero(~_expansions(window)[fresh])
    of_new = ends if len(new) == len(fresh) else _ends(window.lead_cohort(fresh[new], begun[new]))
    return _passage(window, rows, since, ends, of_new)


def passage(window: Window, stage: int | None) -> Passage:
    """Leads from a stage on, or from their creation where none is given."""
    return from_creation(window) if stage is None else from_stage(window, stage)


@shared
def _expansions(window: Window) -> np.ndarray:
    return np.asarray(window.leads.origin == EXPANSION)


def _passage(window: Window, rows: Ints, since: Ints, ends: Ends, new: Ends) -> Passage:
    leads, fresh = window.leads, since >= window.start
    still, value = leads.outcome[rows] < 0, leads.value[rows]
    until = np.where(still, window.end, leads.ended[rows])
    open_time = np.maximum(until - np.maximum(since, window.start), 0).sum()
    return Passage(int(fresh.sum()), value[fresh].sum(), open_time, value[still].sum(), ends, new)


def _ends(members: Cohort) -> Ends:
    won, lost = (np.flatnonzero(which) for which in (members.outcome == WON, is_lost(members.outcome)))
    return Ends(members.size, members.mass(won), members.mass(lost), members.moment(won), members.moment(lost))
