"""The fate of each lead of a replication: won, lost somewhere for something, or open at the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.model import Model
from funnelsim.model.records import CHURNED_IN_LINE, EXPANSION, ORIGINS, REFERRAL, WON, Ints
from funnelsim.results.labels import lead_labels
from funnelsim.results.measures.window import Window

PARTS = ("wait", "busy", "paused", "buyer", "handoff", "held")
"""What a visit to a stage consists of, in the order of the records; together its whole length."""

BETWEEN = "between"
"""Time of a lead in no stage."""

OUTBOUND = "outbound"
GROUPS = (ORIGINS[0], OUTBOUND, ORIGINS[REFERRAL], ORIGINS[EXPANSION])
"""Where leads come from: what comes in, what teams find by themselves, and what customers give rise to."""

WON_NOW, WON_EARLIER, WON_AND_CHURNED, STILL_OPEN = "won", "won_before", "churned_in_line", "open"
"""Fates that are no way out of the line; those that count as won in the window are `COUNTED`."""

COUNTED = (WON_NOW, WON_AND_CHURNED)


class Fate(NamedTuple):
    """What became of a lead.

    Parameters
    ----------
    kind : str
        ``won``; ``churned_in_line`` (won, and left before the line ended); ``won_before`` (before the window of
        the figures); ``open`` (at the horizon); else the outcome it was lost with, such as ``expired``.
    stage : str
        Where it was lost or is open; empty for a lead that was won, or that never came to a stage.
    """

    kind: str
    stage: str = ""

    @property
    def counted(self) -> bool:
        """Whether the KPI ``won`` counts it."""
        return self.kind in COUNTED


class Lives(NamedTuple):
    """The leads of one replication, an entry each."""

    labels: list[str]
    fate: Ints  # place in `fates`
    fates: list[Fate]
    group: Ints  # place in `GROUPS`
    booked: Ints  # hundredths, where the KPI ``bookings`` counts it, else 0
    waited: Ints  # in its last visit, for a rep


def lives_of(window: Window) -> Lives:
    """What became of each lead of a replication."""
    leads, visits = window.leads, window.visits
    last = np.full(len(leads.created), -1)
    last[visits.lead] = np.arange(len(visits.lead))  # in order of time, so that the last visit stays
    stage, waited, left_with = (
        np.where(last >= 0, column[last], -1) for column in (visits.stage, visits.wait, visits.outcome)
    )
    codes, fates = _coded(window, stage, left_with == CHURNED_IN_LINE)
    booked = np.where(window.won, leads.booked, 0)
    return Lives(
        lead_labels(window.records, window.model), codes, fates, _groups(window), booked, np.maximum(waited, 0)
    )


def _coded(window: Window, stage: Ints, cut: NDArray[np.bool_]) -> tuple[Ints, list[Fate]]:
    """The fate of each lead as a place in a list of fates."""
    names, stages = window.model.outcome_names, window.model.stage_names
    kinds = [*names, WON_NOW, WON_EARLIER, WON_AND_CHURNED, STILL_OPEN]
    outcome = window.leads.outcome
    kind = np.where(outcome < 0, kinds.index(STILL_OPEN, len(names)), outcome)
    won = outcome == WON
    kind[won] = kinds.index(WON_EARLIER, len(names))
    kind[window.won] = kinds.index(WON_NOW, len(names))
    kind[window.won & cut] = kinds.index(WON_AND_CHURNED, len(names))
    where = np.where(won, -1, stage) + 1
    width = len(stages) + 1
    used, codes = np.unique(kind * width + where, return_inverse=True)
    return codes, [Fate(kinds[code // width], ("", *stages)[code % width]) for code in used.tolist()]


def _groups(window: Window) -> Ints:
    leads, model = window.leads, window.model
    outbound = np.isin(leads.source, list(outbound_sources(model))) & (leads.parent < 0) & (leads.opening == 0)
    groups = np.zeros(len(leads.source), dtype=np.int64)
    groups[outbound] = GROUPS.index(OUTBOUND)
    for origin in (REFERRAL, EXPANSION):
        groups[leads.origin == origin] = GROUPS.index(ORIGINS[origin])
    return groups


def outbound_sources(model: Model) -> set[int]:
    """The sources whose leads a team finds by itself, as places in the list of sources."""
    return {at for at, name in enumerate(model.source_names) if model.spec.sources[name].team is not None}


class Spent(NamedTuple):
    """Where the time of the leads won in the window went, an entry each."""

    rows: Ints  # which leads
    cycle: Ints  # from creation to the win
    parts: Ints  # of shape (leads, stages, parts of `PARTS`), before the win


def spent_of(window: Window) -> Spent:
    """The cycle of each won lead, and its visits up to the win."""
    leads, visits = window.leads, window.visits
    rows = np.flatnonzero(window.won)
    place = np.full(len(leads.created), -1)
    place[rows] = np.arange(len(rows))
    those = np.flatnonzero(window.won[visits.lead] & (visits.entered < leads.ended[visits.lead]))
    parts = np.zeros((len(rows), window.stages, len(PARTS)), dtype=np.int64)
    for at, name in enumerate(PARTS):
        np.add.at(parts[:, :, at], (place[visits.lead[those]], visits.stage[those]), getattr(visits, name)[those])
    return Spent(rows, leads.ended[rows] - leads.created[rows], parts)
