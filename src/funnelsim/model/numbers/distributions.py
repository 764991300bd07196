"""Distributions compiled to a table, and sampled by inversion: one uniform number makes one variate.

A uniform number has 52 bits, so what lies beyond a probability of 1e-16 in either tail is cut off: that is
felt only where the variance hardly exists (a Pareto variance is right to 1e-6 for tail exponents above
about 3.5). How each distribution is inverted is the business of `inversion`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from funnelsim.scenario.forms.quantities import Dist

from .arithmetic import exp, log, normal_quantile, power
from .columns import Floats, Ints
from .draws import uniform
from .inversion import (
    CONSTANT,
    EXPONENTIAL,
    KNOTS_PER_UNIT,
    LOGNORMAL,
    QUANTILES,
    REACH,
    STEPS,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    form_of,
)

Table = TypeVar("Table", bound=tuple[Any, ...])

UNITS = ("", "us", "bd")
"""Units by code: plain numbers, microseconds, business days."""


class DistTable(NamedTuple):
    """Compiled distributions, one row each.

    The variate is ``scale * (sum of `times` raw variates) + shift``. ``meets`` is the interval in
    microseconds of the meetings on which the result is to end, 0 for none. Rows with a table have
    ``length`` entries of ``knots`` and ``slopes`` from ``offset``.
    """

    code: Ints
    a: Floats
    b: Floats
    c: Floats
    unit: Ints
    times: Ints
    meets: Ints
    scale: Floats
    shift: Floats
    offset: Ints
    length: Ints
    knots: Floats
    slopes: Floats


# --- rules --------------------------------------------------------------------------------


def variate(dists: DistTable, row: int, u: float) -> float:
    """The variate of one uniform number, in the distribution's unit; ``times`` is left out."""
    return dists.scale[row] * _raw(dists, row, u) + dists.shift[row]


def draw(
    dists: DistTable, row: int, seed: int, rep: int, hi: int, lo: int, word: int, visit: int, index: int
) -> float:
    """The keyed variate, in the distribution's unit.

    Of the ``times`` summed draws, number j has index ``index * times + j``.
    """
    if dists.code[row] == CONSTANT:
        return dists.scale[row] * (dists.times[row] * dists.a[row]) + dists.shift[row]
    return draw_of(dists, row, seed, rep, hi, lo, word, visit, index)


def draw_of(
    dists: DistTable, row: int, seed: int, rep: int, hi: int, lo: int, word: int, visit: int, index: int
) -> float:
    """The keyed variate of a row that is not constant."""
    times = dists.times[row]
    u = uniform(seed, rep, hi, lo, word, visit, index * times)
    if times == 1:
        return dists.scale[row] * (0.0 + _raw(dists, row, u)) + dists.shift[row]
    return draw_from(dists, row, u, seed, rep, hi, lo, word, visit, index)


def draw_from(
    dists: DistTable,
    row: int,
    u: float,
    seed: int,
    rep: int,
    hi: int,
    lo: int,
    word: int,
    visit: int,
    index: int,
) -> float:
    """The keyed variate of which the first uniform number is known already."""
    times = dists.times[row]
    if dists.code[row] == CONSTANT:
        return dists.scale[row] * (times * dists.a[row]) + dists.shift[row]
    total = 0.0 + _raw(dists, row, u)
    for j in range(1, times):
        total += _raw(dists, row, uniform(seed, rep, hi, lo, word, visit, index * times + j))
    return dists.scale[row] * total + dists.shift[row]


def next_meeting(t: int, interval: int, u: float) -> int:
    """The first meeting at or after ``t``: they are ``interval`` apart, one of them at ``u * interval``."""
    first = math.floor(u * interval)
    return first + (t - first + interval - 1) // interval * interval


def round_us(x: float) -> int:
    """Whole microseconds, rounded half up and cut to 0 and 2^62."""
    if not x > 0.0:
        return 0
    if x >= 4.611686018427388e18:
        return 4611686018427387904
    return math.floor(x + 0.5)


def _raw(dists: DistTable, row: int, u: float) -> float:
    code = dists.code[row]
    a = dists.a[row]
    b = dists.b[row]
    if code == CONSTANT:
        return a
    if code == EXPONENTIAL:
        return -a * log(1.0 - u)
    if code == LOGNORMAL:
        return exp(a + b * normal_quantile(u))
    if code == WEIBULL:
        return b * power(-log(1.0 - u), a)
    if code == UNIFORM:
        return a + (b - a) * u
    if code == TRIANGULAR:
        return _triangular(a, b, dists.c[row], u)
    if code == QUANTILES:
        return between_knots(dists, row, log(u / (1.0 - u)))
    if code == STEPS:
        return a + first_step(dists, row, u)
    return dists.knots[dists.offset[row] + math.floor(u * dists.length[row])]


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


def between_knots(dists: DistTable, row: int, logit: float) -> float:
    """The quantile of a row with a table of knots, at the log-odds of a probability."""
    x = (logit + REACH) * KNOTS_PER_UNIT
    k = math.floor(x)
    s = x - k
    k += dists.offset[row]
    y0 = dists.knots[k]
    rise = dists.knots[k + 1] - y0
    d0 = dists.slopes[k]
    d1 = dists.slopes[k + 1]
    return y0 + s * (d0 + s * (3.0 * rise - 2.0 * d0 - d1 + s * (d0 + d1 - 2.0 * rise)))


def first_step(dists: DistTable, row: int, u: float) -> int:
    """Number of the first cumulative step of a row that reaches a probability."""
    low = 0
    high = dists.length[row] - 1
    offset = dists.offset[row]
    while low < high:
        middle = (low + high) // 2
        if dists.knots[offset + middle] < u:
            low = middle + 1
        else:
            high = middle
    return low


# --- compiling --------------------------------------------------------------------------------


def compile_dists(dists: Sequence[Dist]) -> DistTable:
    """The table of some distributions, one row each in the same order.

    Raises
    ------
    ValueError
        If a distribution is unknown to `scipy.stats`, or its parameters make no sense.
    """
    forms = [form_of(dist) for dist in dists]
    tables = [form.table() for form in forms]
    lengths = [len(knots) for knots, _ in tables]
    meets = [0 if dist.meets is None else dist.meets.microseconds for dist in dists]
    return DistTable(
        code=_ints(form.code for form in forms),
        a=_floats(form.a for form in forms),
        b=_floats(form.b for form in forms),
        c=_floats(form.c for form in forms),
        unit=_ints(UNITS.index(dist.unit) for dist in dists),
        times=_ints(dist.times for dist in dists),
        meets=_ints(meets),
        scale=_floats(dist.scale for dist in dists),
        shift=_floats(dist.shift for dist in dists),
        offset=_ints([0, *np.cumsum(lengths)][:-1]),
        length=_ints(lengths),
        knots=_joined(knots for knots, _ in tables),
        slopes=_joined(slopes for _, slopes in tables),
    )


def mean(dist: Dist) -> float:
    """The mean of a distribution in its unit, `times`, `scale` and `shift` included, `meets` left out."""
    return dist.scale * (dist.times * form_of(dist).mean) + dist.shift


def lists_of(table: Table) -> Table:
    """The same named tuple with lists in place of arrays, which plain Python reads faster."""
    fields = (_lists(value) for value in table)
    return type(table)(*fields)


def _lists(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return lists_of(value) if isinstance(value, tuple) and hasattr(value, "_fields") else value


def _ints(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def _joined(columns: Iterable[Sequence[float] | np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0), *(np.asarray(column, dtype=np.float64) for column in columns)])


def _floats(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=np.float64)
