"""Which group each lead and each customer of a replication belongs to.

Leads and customers have their segment and territory; a lead has its source, and leads that customers bring have
that of the customer. A lead belongs to the rep who won it, or else to whoever worked on it last before it ended;
a customer to the rep who has it.

Where some team takes leads of a value first or last, segments are parted at that value: key accounts and others. A
customer has the value that it was won for, and so have the expansions that it brings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from funnelsim.model.model import Model
from funnelsim.model.numbers.columns import NO_LIMIT
from funnelsim.model.records import EXPANSION, WON, Ints

from ..chunks import parts
from ..window import Window

NOBODY = "(none)"
"""Those who are in no group: customers of the start have no source, a lead that nobody worked on has no rep."""


class Grouping(NamedTuple):
    """What leads and customers are divided by: one of `BY`, and values, in hundredths, that part segments."""

    by: str
    bounds: tuple[int, ...] = ()


class Members(NamedTuple):
    """Groups, and by lead and by customer the place of its group among them."""

    names: tuple[str, ...]  # the last is `NOBODY`
    leads: Ints
    customers: Ints


def members(grouping: Grouping, window: Window) -> Members:
    """The groups of a replication."""
    found = _GROUPINGS[grouping.by](window)
    return _parted(found, grouping.bounds, window) if grouping.bounds else found


def bounds_of(model: Model) -> set[int]:
    """Values, in hundredths, from or up to which some team takes leads first or last."""
    found: set[int] = set()
    for _, tables in model.periods:
        selectors, teams = tables.selectors, tables.teams
        for row in {*teams.first.tolist(), *teams.last.tolist()} - {-1}:
            rows = slice(*selectors.offset[row : row + 2].tolist())
            found |= {*selectors.value_from[rows].tolist(), *selectors.value_below[rows].tolist()}
    return {bound for bound in found if abs(bound) < NO_LIMIT}


def _parted(found: Members, bounds: Sequence[int], window: Window) -> Members:
    """Groups parted at values."""
    leads, customers = window.leads, window.customers
    worth = np.where(customers.lead >= 0, _looked_up(leads.value, customers.lead), customers.first_arr)
    brought = (leads.origin == EXPANSION) & (leads.customer >= 0)
    value = np.where(brought, _looked_up(worth, leads.customer), leads.value)
    told = [_told(low, high) for low, high in pairwise((None, *bounds, None))]
    names = [f"{name} {part}" for name in found.names[:-1] for part in told]
    columns = (
        np.where(groups < len(found.names) - 1, groups * len(told) + np.searchsorted(bounds, own, "right"), -1)
        for groups, own in ((found.leads, value), (found.customers, worth))
    )
    return _made(names, *columns)


def _told(low: int | None, high: int | None) -> str:
    """A range of values, from hundredths: ``<60,000``, ``≥60,000``."""
    ends = [f"{end / 100:,.10g}" for end in (low, high) if end is not None]
    return f"{'<' if low is None else '≥'}{ends[0]}" if len(ends) == 1 else "–".join(ends)


def _made(names: Sequence[str], leads: Ints, customers: Ints) -> Members:
    """Groups from codes; -1 stands for none."""
    nobody = len(names)
    columns = (np.where(codes < 0, nobody, codes) for codes in (leads, customers))
    return Members((*names, NOBODY), *columns)


def _by_segment(window: Window) -> Members:
    return _made(window.model.segment_names, window.leads.segment, window.customers.segment)


def _by_territory(window: Window) -> Members:
    return _made(window.model.territory_names, window.leads.territory, window.customers.territory)


def _by_source(window: Window) -> Members:
    source, lead = window.leads.source, window.customers.lead
    return _made(window.model.source_names, source, _looked_up(source, lead))


def _by_rep(window: Window) -> Members:
    """Seats, whoever has them: people come and go, and in other arms others do."""
    reps = window.records.reps
    width = int(reps.seat.max(initial=0)) + 1
    seats, place = np.unique(reps.team * width + reps.seat, return_inverse=True)
    names = [f"{window.model.team_names[seat // width]}-{seat % width + 1}" for seat in seats.tolist()]
    leads, customers = (_looked_up(place, rep) for rep in (_last_reps(window), window.customers.rep))
    return _made(names, leads, customers)


def _last_reps(window: Window) -> Ints:
    """Of each lead the rep who won it, or else the last who worked on it before it ended; -1 for none."""
    leads = window.leads
    outcome, ended = leads.outcome, leads.ended
    found = np.full(len(outcome), -1)
    for _, visits in parts(window.visits):  # in the order of each lead's visits, so that its last one stays
        after = (outcome[visits.lead] == WON) & (visits.entered >= ended[visits.lead])
        rows = np.flatnonzero((visits.rep >= 0) & ~after)
        found[visits.lead[rows]] = visits.rep[rows]
    lead, rep = window.visits.lead[window.winning], window.visits.rep[window.winning]
    found[lead[rep >= 0]] = rep[rep >= 0]
    return found


def _looked_up(values: Ints, rows: Ints) -> Ints:
    """The values in some rows; -1 where the row is none."""
    return np.append(values, -1)[rows]  # the last one is what -1 leads to


_GROUPINGS: dict[str, Callable[[Window], Members]] = {
    "segment": _by_segment,
    "source": _by_source,
    "territory": _by_territory,
    "rep": _by_rep,
}

BY = tuple(_GROUPINGS)
"""What KPIs can be divided by."""
