"""How a row of figures spreads over replications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.model import Model
from funnelsim.model.records import Records

from ..estimates import RANGE
from ..measures.window import Window

Row = NDArray[np.float64]

ENOUGH = 9
"""Replications from which on eight of ten single runs can be told from all of them (see `Estimate.range`)."""


class Spread(NamedTuple):
    """Means over replications, and where single replications lie.

    Parameters
    ----------
    mean, low, high : array
        Low and high hold 8 of 10 replications, or all where there are fewer than nine.
    """

    mean: Row
    low: Row
    high: Row


def spread(rows: Sequence[Row]) -> Spread:
    """The spread of rows, one a replication; where some have no figure (nan), of the others."""
    table = np.asarray(rows, dtype=np.float64)
    there = ~np.isnan(table)
    count = there.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, table, 0.0).sum(axis=0) / count
    low, high = np.full(table.shape[1:], np.nan), np.full(table.shape[1:], np.nan)
    for at in np.ndindex(*table.shape[1:]):
        column = table[(there[(slice(None), *at)], *at)]
        if len(column) >= ENOUGH:
            tail = (1 - RANGE) / 2
            low[at], high[at] = np.quantile(column, (tail, 1 - tail), method="weibull")
        elif len(column):
            low[at], high[at] = column.min(), column.max()
    return Spread(mean, low, high)


def of_windows(records: Sequence[Records], model: Model, measure: Callable[[Window], Row]) -> Spread:
    """The spread of a measure over replications."""
    return spread([measure(Window(each, model)) for each in records])
