"""Shares of where things go, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_Z = 1.959964


@dataclass(frozen=True)
class Shares:
    """Shares of several destinations with 95 % intervals.

    Parameters
    ----------
    counts : array of float, shape (k,)
        How often each was seen.
    shares, low, high : arrays of float, shape (k,)
        The share of each, and its interval (Wilson 1927).
    """

    counts: Floats
    shares: Floats
    low: Floats
    high: Floats

    def draw(self, rng: np.random.Generator) -> Floats:
        """Other plausible shares: Dirichlet with half a case added to each (Jeffreys' prior)."""
        made: Floats = rng.dirichlet(self.counts + 0.5)
        return made


def shares(counts: ArrayLike) -> Shares:
    """Shares of counts.

    Raises
    ------
    ValueError
        If nothing was counted.
    """
    seen = np.asarray(counts, dtype=float)
    n = float(seen.sum())
    if not n > 0:
        raise ValueError("nothing was counted")
    p, z2 = seen / n, _Z**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Shares(seen, p, middle - half, middle + half)
