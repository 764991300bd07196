"""The smallest change of inputs by which figures come to given totals, and how well each input is known then.

Inputs are in units in which they are independent and standard normal before anything is known of the totals, so
that 0 is where an input stands and 1 is one standard deviation of it. What is minimised is

    sum_i z_i^2 + sum_j ((K_j(z) - T_j) / t_j)^2,

a nonlinear least-squares problem with a unit prior (Tarantola, Inverse Problem Theory, 2005, section 3.2), by
Gauss-Newton steps within limits. Nothing here knows what a figure is or how it is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

Array = NDArray[np.float64]

HALVINGS = 4
"""How often a step is halved before it is given up."""

ENOUGH = 0.02
"""A step that makes the sum smaller by less than this share of it, or of 1, ends the search."""


@dataclass(frozen=True)
class Least:
    """Where a search ended.

    Parameters
    ----------
    inputs : array of float, shape (n,)
        The inputs, in standard deviations.
    figures : array of float, shape (m,)
        The figures there.
    total : float
        What was minimised.
    """

    inputs: Array
    figures: Array
    total: float


def distance(inputs: Array, gaps: Array, tolerances: Array) -> float:
    """What is minimised: inputs in standard deviations, and gaps ``K - T`` against their tolerances, squared."""
    return float(inputs @ inputs + np.sum((gaps / tolerances) ** 2))


def step(
    slopes: Array, gaps: Array, inputs: Array, tolerances: Array, limits: tuple[Array, Array] | None = None
) -> Array:
    """The inputs that a Gauss-Newton step leads to: the minimum where figures are straight lines.

    Parameters
    ----------
    slopes : array of float, shape (m, n)
        By how much each figure grows by one standard deviation of each input.
    gaps : array of float, shape (m,)
        The figures less their totals.
    inputs : array of float, shape (n,)
        Where the figures and slopes were found.
    tolerances : array of float, shape (m,)
        Of the totals.
    limits : tuple of two arrays, optional
        The least and the most of each input, which hold exactly.
    """
    scaled = slopes / tolerances[:, None]
    matrix = np.vstack([np.eye(inputs.size), scaled])
    wanted = np.concatenate([np.zeros(inputs.size), scaled @ inputs - gaps / tolerances])
    if limits is None:
        found: Array = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    else:
        found = np.asarray(lsq_linear(matrix, wanted, bounds=limits, method="bvls").x)
    return found


def secant(slopes: Array, moved: Array, grown: Array) -> Array:
    """Slopes that also hold for a step that was made: Broyden's update, the least change of them that does.

    Broyden 1965, Mathematics of Computation 19:577. ``moved`` is the step, ``grown`` what the figures did on it.
    """
    length = float(moved @ moved)
    if not length:
        return slopes
    updated: Array = slopes + np.outer(grown - slopes @ moved, moved) / length
    return updated


def descend(
    figures: Callable[[Array], Array | None],
    start: Least,
    slopes: Array,
    totals: Array,
    tolerances: Array,
    limits: tuple[Array, Array],
    most: int,
) -> Least:
    """Gauss-Newton with slopes that follow the steps, until a step gains little.

    Parameters
    ----------
    figures : callable
        The figures at some inputs; None where there are none.
    start : Least
        Where it begins.
    slopes : array of float, shape (m, n)
        There.
    totals, tolerances : array of float, shape (m,)
        What the figures are to be, and how closely.
    limits : tuple of two arrays of float, shape (n,)
        The least and the most of each input.
    most : int
        Points at which figures are asked for.
    """
    best, asked = start, 0
    while asked < most:
        aim = step(slopes, best.figures - totals, best.inputs, tolerances, limits)
        share, gained = 1.0, False
        for _ in range(HALVINGS):
            if asked >= most:
                break
            tried = best.inputs + share * (aim - best.inputs)
            asked += 1
            found = figures(tried)
            share /= 2
            if found is None:
                continue
            total = distance(tried, found - totals, tolerances)
            slopes = secant(slopes, tried - best.inputs, found - best.figures)
            if total < best.total:
                gained = best.total - total > ENOUGH * max(best.total, 1.0)
                best = Least(tried, found, total)
                break
            aim = step(slopes, best.figures - totals, best.inputs, tolerances, limits)
        if not gained:
            return best
    return best


def steadied(differences: Array, errors: Array) -> Array:
    """Differences of which as much is kept as is not chance: the positive part of ``1 - (error / difference)^2``.

    Most inputs move a figure little; without this the chance in their differences would pass for an effect,
    and they would seem to be known (James and Stein 1961, Proc. 4th Berkeley Symposium 1:361, for one each).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(differences != 0, np.maximum(0.0, 1 - (errors / differences) ** 2), 0.0)
    return np.asarray(differences * kept)


def covariance(slopes: Array, noise: Array) -> Array:
    """What is known of the inputs once the totals are: ``1 - J' (J J' + V)^-1 J``, their covariance matrix.

    Parameters
    ----------
    slopes : array of float, shape (m, n)
        ``J``, by one standard deviation of each input.
    noise : array of float, shape (m,) or (m, m)
        ``V``: variances of the totals, those of tolerance and of Monte-Carlo error; a matrix with covariances.
    """
    spread = np.diag(noise) if noise.ndim == 1 else noise
    gain = np.linalg.solve(slopes @ slopes.T + spread, slopes)
    return np.asarray(np.eye(slopes.shape[1]) - slopes.T @ gain)


def surprise(slopes: Array, gaps: Array, inputs: Array, noise: Array) -> float:
    """How far the totals lie from what the inputs let expect: chi-squared with as many degrees as totals.

    The gaps are carried back along the slopes to where all are 0, that is ``K(0) - T`` of the straight lines
    through the point at which the slopes were found.
    """
    back = gaps - slopes @ inputs
    spread = slopes @ slopes.T + (np.diag(noise) if noise.ndim == 1 else noise)
    return float(back @ np.linalg.solve(spread, back))
