"""What a result needs of one replication; its records may be dropped then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.model import Model
from funnelsim.model.records import Ints, Records

from .measures.groups.members import Grouping
from .measures.summary import Tally, tally


class Reading(NamedTuple):
    """One replication, read.

    Parameters
    ----------
    tally : Tally
        The terms of all figures.
    times : array
        Of each lead: microseconds from its creation until it was won or lost, or until the horizon.
    outcomes : array
        How each lead ended; -1 while open.
    records : Records or None
        Everything, if it was kept.
    """

    tally: Tally
    times: Ints
    outcomes: NDArray[np.int16]
    records: Records | None


def read(records: Records, model: Model, keep: bool = True, by: Sequence[Grouping] = ()) -> Reading:
    """Read one replication, with KPIs divided by some things as well, and keep its records or not."""
    terms, leads = tally(records, model, by=by), records.leads
    until = np.where(leads.outcome >= 0, leads.ended, model.horizon)
    outcomes = leads.outcome.astype(np.int16)
    return Reading(terms, until - leads.created, outcomes, records if keep else None)
