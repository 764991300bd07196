"""Which of many points need no further replications: those shown to be worse, or to break a limit.

Comparisons are paired, as all points have the same random numbers. A point is given up if another that is shown to
be feasible is better by more than chance can explain (Nelson, Swann, Goldsman and Song 2001, Simple procedures for
selecting the best simulated system when the number of alternatives is large, Operations Research 49:950). Levels
are divided by the number of comparisons (Bonferroni), so that the best point is lost with no more than the
probability given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.results.estimates import Estimate

from ..study.goals import Goal, Status

Sample = Mapping[str, Estimate]
"""The estimates of one point by KPI."""


@dataclass(frozen=True)
class Screened:
    """What the replications so far tell of a point.

    Parameters
    ----------
    broken : bool
        Whether it is shown to break a limit, or has no figure.
    behind : tuple of int
        Places of the points that keep to all limits and are better, as far as is shown.
    """

    broken: bool
    behind: tuple[int, ...] = ()


def screen(samples: Sequence[Sample], goal: Goal, error: float) -> list[Screened]:
    """Which points are worth further replications: those not broken and behind no other.

    Parameters
    ----------
    samples : sequence of mapping
        The estimates of each point, all over the same replications.
    goal : Goal
        What is looked for.
    error : float
        The probability with which the best point may be lost.
    """
    tests = len(goal.limits) * len(samples)
    broken_error = error / 2 / tests if tests else 0.0
    statuses = [goal.status(each, broken_error) if tests else goal.status(each) for each in samples]
    found = [Screened(status not in (Status.FEASIBLE, Status.OPEN)) for status in statuses]
    places = [at for at, each in enumerate(samples) if not found[at].broken and len(each[goal.kpi].residuals) > 1]
    if len(places) < 2:
        return found
    level = (error / 2 if tests else error) / (len(places) - 1)
    feasible = np.array([statuses[at] is Status.FEASIBLE for at in places])
    behind = _behind([samples[at][goal.kpi] for at in places], goal.sign, level) & feasible[None, :]
    for at, row in zip(places, behind, strict=True):
        found[at] = Screened(False, tuple(places[other] for other in np.flatnonzero(row)))
    return found


def _behind(estimates: Sequence[Estimate], sign: float, level: float) -> NDArray[np.bool_]:
    """[i, j]: whether i is worse than j by more than chance explains, at a one-sided level."""
    from scipy.special import stdtrit

    means = sign * np.array([each.mean for each in estimates])
    rows = np.array([each.residuals for each in estimates])
    count = rows.shape[1]
    products = rows @ rows.T / (count - 1)
    own = np.diag(products)
    variance = np.maximum(own[:, None] + own[None, :] - 2 * products, 0.0) / count
    # What is left of rounding where two points are the same to the last replication.
    variance[variance < 1e-24 * np.maximum(1.0, means**2)[:, None]] = 0.0
    return np.asarray(means[None, :] - means[:, None] > float(stdtrit(count - 1, 1 - level)) * np.sqrt(variance))
