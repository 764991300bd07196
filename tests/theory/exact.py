"""Closed forms and exact recursions for people, money and leads that wait for the buyer alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad

Floats = NDArray[np.float64]


# --- people -----------------------------------------------------------------------------------------------


def ramped_work(per_day: float, start: float, scale: float, days: float) -> float:
    """Work done by somebody whose productivity is start + (1 - start)(1 - exp(-t / scale))."""
    return per_day * (days - (1 - start) * scale * -math.expm1(-days / scale))


def staffed(life: float, vacancy: float, until: float) -> float:
    """Mean share of [0, until] in which a seat is staffed that starts so; both times exponential."""
    share, rate = life / (life + vacancy), 1 / life + 1 / vacancy
    return share + (1 - share) * -math.expm1(-rate * until) / (rate * until)


def staffed_between(life: float, vacant: Callable[[Floats], Floats], since: float, until: float) -> float:
    """Mean share of [since, until] in which a seat is staffed that starts so; lives are exponential.

    ``vacant`` is the survival function of the time to fill. A seat is empty at t if somebody left it u ago and it
    was not filled in u, so A(t) = 1 - integral of A(t - u) vacant(u) / life over [0, t]: a Volterra equation,
    solved by the trapezoidal rule.
    """
    steps = 6000
    step = until / steps
    kernel = vacant(np.arange(steps + 1) * step) * step / life
    share = np.ones(steps + 1)
    for at in range(1, steps + 1):
        before = 0.5 * share[0] * kernel[at] + share[at - 1 : 0 : -1] @ kernel[1:at]
        share[at] = (1 - before) / (1 + 0.5 * kernel[0])
    times = np.linspace(since, until, steps + 1)
    return float(np.trapezoid(np.interp(times, np.arange(steps + 1) * step, share), times) / (until - since))


def prospects_left(market: int, gain: float, contacts: int) -> float:
    """Mean prospects left after so many contacts, each of which wins one with probability gain x left / market."""
    return market * (1 - gain / market) ** contacts


# --- money ------------------------------------------------------------------------------------------------


def panjer(mean: float, sizes: Sequence[float], units: int) -> Floats:
    """Distribution of a Poisson number of independent sizes; ``sizes[k]`` is the probability of k units.

    The recursion of Panjer (1981) for Poisson counts.
    """
    chance = np.zeros(units)
    chance[0] = math.exp(-mean * (1 - sizes[0]))
    for n in range(1, units):
        top = min(n, len(sizes) - 1)
        chance[n] = mean / n * sum(k * sizes[k] * chance[n - k] for k in range(1, top + 1))
    return chance


# --- leads that wait for the buyer alone ------------------------------------------------------------------


def present(rate: Callable[[float], float], stays: Callable[[float], float], at: float, back: float) -> float:
    """Mean number in M(t)/G/infinity: what came before and is still there (Palm 1943).

    ``rate`` holds within each hour; ``stays`` is the probability of staying longer than a time; what came more
    than ``back`` hours ago is gone.
    """
    first = math.floor(at - back)
    total = 0.0
    for hour in range(first, math.ceil(at)):
        total += rate(hour) * quad(lambda u: stays(at - u), hour, min(hour + 1, at))[0]
    return total


class Way(NamedTuple):
    """A way out of a state: where to, how probable, and the first two moments of the time it takes."""

    to: str
    chance: float
    mean: float = 0.0
    square: float = 0.0


class Passage(NamedTuple):
    """Probability of ending in a state, and the moments of the time it takes, given that."""

    chance: float
    mean: float
    variance: float


def passage(ways: Mapping[str, Sequence[Way]], start: str, end: str) -> Passage:
    """First-step analysis of an absorbing chain with times (Kemeny and Snell 1960, chapter III)."""
    states = list(ways)
    place = {state: row for row, state in enumerate(states)}
    within, mean, square = (np.zeros((len(states), len(states))) for _ in range(3))
    ended, end_mean, end_square = (np.zeros(len(states)) for _ in range(3))
    for state, row in place.items():
        for way in ways[state]:
            if way.to in place:
                column = place[way.to]
                within[row, column] += way.chance
                mean[row, column] += way.chance * way.mean
                square[row, column] += way.chance * way.square
            elif way.to == end:
                ended[row] += way.chance
                end_mean[row] += way.chance * way.mean
                end_square[row] += way.chance * way.square
    solve = np.linalg.inv(np.eye(len(states)) - within)
    chance = solve @ ended
    first = solve @ (mean @ chance + end_mean)
    second = solve @ (square @ chance + 2 * mean @ first + end_square)
    at = place[start]
    average = first[at] / chance[at]
    return Passage(float(chance[at]), float(average), float(second[at] / chance[at] - average**2))
