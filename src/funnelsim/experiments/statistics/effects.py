"""How much each factor of a function matters over the whole cube: Sobol indices, Morris' elementary effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnelsim.errors import HinderedError, extra
from funnelsim.text import number_of

from ..stopping import Stopped

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
"""From points of the unit cube, one a row, to what is looked at."""

RESAMPLES = 500
"""Of the bootstrap over points, from which the intervals of Sobol indices come (percentiles)."""

LEVELS = 4
"""Levels of each factor in Morris' design; steps are half of the range and more."""


@dataclass(frozen=True)
class Index:
    """What one factor does.

    Parameters
    ----------
    factor : str
        Its name.
    main, low, high : float
        Sobol: the share of the variance that goes if the factor is known, by itself. Morris: the mean size of the
        effect of going through its range, in the unit of the KPI. With a 95 % interval by bootstrap over points.
    other, other_low, other_high : float or None
        Sobol: the share with all its interactions, and its interval. Morris: the standard deviation of effects,
        which tells curvature and interactions; it has no interval.
    """

    factor: str
    main: float
    low: float
    high: float
    other: float
    other_low: float | None = None
    other_high: float | None = None


def sobol(function: Function, factors: int, points: int, seed: int = 1) -> list[Index]:
    """Sobol's first-order and total indices (Saltelli et al., Computer Physics Communications 181, 2010).

    Parameters
    ----------
    function : callable
        See `Function`.
    factors : int
        Dimensions of the cube.
    points : int
        A power of two; the function is asked for (factors + 2) times as many.
    seed : int
        Of the random shift of the Sobol points, and of the bootstrap.

    Raises
    ------
    Stopped
        On Ctrl-C; carries the indices by as many of the points as were asked in full, a power of two.
    """
    from scipy.stats import qmc

    # The indices of SciPy itself fail where a factor does nothing: their bootstrap divides by its spread.
    generator = np.random.Generator(np.random.Philox(seed))
    sample = qmc.Sobol(2 * factors, scramble=True, seed=generator).random(points)
    first, second = sample[:, :factors], sample[:, factors:]
    mixed = [np.where(np.arange(factors) == at, second, first) for at in range(factors)]
    matrices = (first, second, *mixed)
    stages, stopped = _in_stages(function, points, lambda part: np.concatenate([each[part] for each in matrices]))
    if not stages:
        raise Stopped(None, NOTHING)
    answers = np.hstack([each.reshape(factors + 2, -1) for each in stages])
    found = _by_points(answers, generator)
    if stopped:
        raise Stopped(found, f"these are the indices by {answers.shape[1]} of {number_of(points, 'point')}")
    return found


def _by_points(answers: Floats, generator: np.random.Generator) -> list[Index]:
    """The indices, by answers of the two matrices and of those mixed from both, one a row."""
    factors, points = len(answers) - 2, answers.shape[1]
    answers = answers - answers[:2].mean()  # the first-order formula is far more exact around 0
    rows = generator.integers(0, points, (RESAMPLES, points))
    found = []
    for at in range(factors):
        main, whole = _indices(answers[0], answers[1], answers[2 + at])
        spread = np.array([_indices(*(answers[each][row] for each in (0, 1, 2 + at))) for row in rows])
        (low, total_low), (high, total_high) = np.quantile(spread, [0.025, 0.975], axis=0)
        found.append(Index(str(at), main, float(low), float(high), whole, float(total_low), float(total_high)))
    return found


NOTHING = "there are no indices yet"


def _in_stages(function: Function, points: int, rows: Callable[[slice], Floats]) -> tuple[list[Floats], bool]:
    """Ask for some points and then always for as many again, so that what is done tells something.

    Returns the answers of each stage that was done, and whether the user stopped it.
    """
    done: list[Floats] = []
    start, end = 0, min(2, points)
    while start < points:
        try:
            done.append(function(rows(slice(start, end))))
        except KeyboardInterrupt:
            return done, True
        start, end = end, min(2 * end, points)
    return done, False


def _indices(first: Floats, second: Floats, mixed: Floats) -> tuple[float, float]:
    """Saltelli's first-order and Jansen's total index; nothing varies where the variance is 0."""
    variance = float(np.concatenate([first, second]).var())
    if variance == 0.0:
        return 0.0, 0.0
    main = float((second * (mixed - first)).mean())
    return main / variance, float(((first - mixed) ** 2).mean()) / 2 / variance


def morris(function: Function, factors: int, trajectories: int, seed: int = 1) -> list[Index]:
    """Morris' elementary effects (Technometrics 33, 1991), with the mean size of Campolongo et al. (2007).

    Parameters
    ----------
    function : callable
        See `Function`.
    factors : int
        Dimensions of the cube.
    trajectories : int
        Ways through the cube; the function is asked for (factors + 1) times as many.
    seed : int
        Of the ways, and of the bootstrap.

    Raises
    ------
    FunnelsimError
        If SALib is not installed.
    Stopped
        On Ctrl-C; carries the effects along the ways that were done.
    """
    try:
        from SALib.analyze import morris as analysis
        from SALib.sample import morris as design
    except ImportError:
        raise HinderedError(
            f"Morris' method needs SALib: {extra('sensitivity')}", code="E-package-missing"
        ) from None
    names = [str(at) for at in range(factors)]
    problem = {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
    points = design.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    # A whole number is drawn by slices of the range, so its end belongs to the last slice.
    ways = np.minimum(points, np.nextafter(1.0, 0.0)).reshape(trajectories, factors + 1, factors)
    stages, stopped = _in_stages(function, trajectories, lambda part: ways[part].reshape(-1, factors))
    if not stages:
        raise Stopped(None, NOTHING)
    answers = np.concatenate(stages)
    found = analysis.analyze(problem, points[: len(answers)], answers, num_levels=LEVELS, seed=seed)
    effects = [
        Index(name, float(mean), float(mean - half), float(mean + half), float(sigma))
        for name, mean, half, sigma in zip(
            names, found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True
        )
    ]
    if stopped:
        raise Stopped(effects, f"these are the effects along {len(answers) // (factors + 1)} ways")
    return effects
