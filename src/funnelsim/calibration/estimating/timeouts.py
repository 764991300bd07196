"""Deadlines after which visits are closed: many losses at the same age, and nobody there who is older."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

_LEAST, _SHARE = 5, 0.02
_WIDTH = 0.05
"""Days within which ages are the same, where moments have hours."""


@dataclass(frozen=True)
class Timeout:
    """A deadline in days, and how many visits it has ended."""

    after: float
    ended: int


def find(time: ArrayLike, lost: ArrayLike, days_only: bool = False) -> Timeout | None:
    """The age at which visits are closed in bulk; None where there is none.

    Parameters
    ----------
    time : array of float, shape (n,)
        Age of each visit when it ended, or at the end of the data.
    lost : array of bool, shape (n,)
        Which of them were lost.
    days_only : bool
        Whether ages are differences of dates.

    Notes
    -----
    A deadline is seen where at least 5 losses, and 2 % of all, have the greatest age of any visit, to within an
    hour (or a day, with dates): no law of chance ends so many at once, and then none later.
    """
    age, gone = np.asarray(time, dtype=float), np.asarray(lost, dtype=bool)
    if not gone.any():
        return None
    width = 1.0 if days_only else _WIDTH
    top = float(age.max())
    at_top = gone & (age > top - width)
    before = int((gone & (age > top - 6 * width) & ~at_top).sum())
    ended = int(at_top.sum())
    if ended < max(_LEAST, _SHARE * int(gone.sum())) or ended < 2 * before:
        return None
    return Timeout(float(np.median(age[at_top])), ended)
