"""What was estimated of each stage, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...estimating import competing
from ...estimating.competing import Competing
from ...history import History
from .kinds import GROUPS, Kinds
from .stays import Stays, stays

FEW = 30
"""Outcomes below which a stage, or a kind, is told to have few."""

_INSTANT = 1e-3
"""Days below which an outcome comes at once."""


@dataclass(frozen=True, eq=False)
class StageFit:
    """What was estimated of one stage.

    Parameters
    ----------
    name : str
        Its name.
    stays : Stays
        Its visits.
    fit : Competing or None
        Chances and laws; None where nothing has an outcome.
    group : str
        The kinds that differ, ``source``, ``segment`` or ``territory``; empty if none.
    column : array of int or None
        The kind of each visit, where kinds differ.
    instant : bool
        Whether outcomes come at once, so that no law is told.
    """

    name: str
    stays: Stays
    fit: Competing | None
    group: str = ""
    column: NDArray[np.int64] | None = None
    instant: bool = False


def fitted(history: History, kinds: Kinds) -> tuple[StageFit, ...]:
    """The estimates of all stages, in line order."""
    return tuple(_fit(history, kinds, index) for index in range(len(history.stages)))


def _fit(history: History, kinds: Kinds, index: int) -> StageFit:
    mine, name = stays(history, index), history.stages[index]
    ended = mine.outcome >= 0
    if not ended.any():
        return StageFit(name, mine, None)
    dates = not mine.from_touch and bool({"entered", "left"} & history.date_only)
    instant = float((mine.time[ended] < (0.5 if dates else _INSTANT)).mean()) > 0.9
    dates = dates and not instant
    group, column = _differing(history, kinds, mine, dates)
    fit = competing.fit(mine.time, mine.outcome, column, day_resolution=dates)
    return StageFit(name, mine, fit, group, column, instant)


def _differing(history: History, kinds: Kinds, mine: Stays, dates: bool) -> tuple[str, Any]:
    """The kinds whose chances differ, and the column of them; those with too few visits are not looked at."""
    deal = history.visits.deal[mine.rows]
    ended = mine.outcome >= 0
    columns = {}
    for group in GROUPS:
        codes = kinds.of(group)[deal]
        number = len(kinds.names[group])
        if number > 1 and (codes >= 0).all() and np.bincount(codes[ended], minlength=number).min() >= FEW:
            columns[group] = codes
    if not columns or len(np.unique(mine.outcome[ended])) < 2:
        return "", None
    chosen = competing.kinds(mine.time, mine.outcome, columns, day_resolution=dates)
    return (chosen.name, columns[chosen.name]) if chosen.name else ("", None)
