"""Cohorts: what becomes of those that began after the warm-up, when some are still open at the horizon.

Those still open are censored: they show only that their end comes later. The share that has ended in each way by
a given time (the cumulative incidence of competing risks) is then estimated by Aalen and Johansen (1978). Its
jumps can be read as weights: each lead that ended stands for itself and for a share of those that were censored
before (redistribution to the right, Efron 1967). So a share is a sum of weights, a restricted mean time a
weighted sum of times, and without censoring every weight is exactly 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from funnelsim.model.records import Floats, Ints

from .chunks import chunks
from .exact import fsum_of


class Cohort(NamedTuple):
    """Leads or visits that began after the warm-up.

    ``duration`` is the time to the end, or to the horizon while open; ``outcome`` says how it ended, -1 while
    open; ``weight`` is the Aalen-Johansen weight, 0 while open.
    """

    duration: Ints
    outcome: NDArray[np.int16]
    weight: Floats

    @property
    def size(self) -> int:
        """How many began; 0 if none of them has ended, because then nothing is known about their end."""
        return len(self.outcome) if (self.outcome >= 0).any() else 0

    def mass(self, which: NDArray[np.bool_]) -> float:
        """Number of the cohort that will have ended as ``which`` (a mask) by the longest follow-up."""
        return fsum_of(self.weight[part][which[part]] for part in chunks(len(which)))

    def moment(self, which: NDArray[np.bool_]) -> float:
        """The sum of their durations."""
        return fsum_of((self.weight[part] * self.duration[part])[which[part]] for part in chunks(len(which)))


def cohort(duration: Ints, outcome: NDArray[np.integer]) -> Cohort:
    """A cohort with its weights.

    Parameters
    ----------
    duration : int array
        Time from the beginning to the end, or to the horizon for those still open.
    outcome : int array
        How it ended; -1 for those still open.
    """
    return Cohort(duration, outcome.astype(np.int16), _weights(duration, outcome >= 0))


def incidence(members: Cohort, which: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """The cumulative incidence of ending as ``which``: times of its jumps, and its values from there on."""
    times, where = np.unique(members.duration[which], return_inverse=True)
    jumps = np.zeros(len(times))
    np.add.at(jumps, where, members.weight[which])
    return times, np.cumsum(jumps) / max(len(members.outcome), 1)


def quantile(members: Cohort, which: NDArray[np.bool_], share: float) -> int | None:
    """The time by which ``share`` of those that end as ``which`` have ended; None if there are none."""
    times, values = incidence(members, which)
    if not len(times):
        return None
    return int(times[np.searchsorted(values, share * values[-1])])


def _weights(duration: Ints, ended: NDArray[np.bool_]) -> Floats:
    # At each time of censoring the mass of the censored passes to all that end later: with n still there after
    # the ends of that instant and c of them censored, every later weight grows by n / (n - c).
    times, censored = np.unique(duration[~ended], return_counts=True)
    if not len(times):
        return ended.astype(np.float64)
    weights = np.empty(len(duration))  # at first the times of censoring before each end
    number = np.zeros(len(times) + 1, dtype=np.int64)
    for part in chunks(len(duration)):
        before = np.searchsorted(times, duration[part], side="left")
        number += np.bincount(before, minlength=len(number))
        weights[part] = before
    later = len(duration) - np.cumsum(number[:-1])
    # Where none is left the factor is never used.
    growth = np.concatenate([[1.0], np.cumprod((later + censored) / np.maximum(later, 1))])
    for part in chunks(len(duration)):
        weights[part] = growth[weights[part].astype(np.intp)] * ended[part]
    return weights
