"""Distributions compiled to a table, and sampled by inversion: one uniform number makes one variate.

Simple distributions have a closed inverse. All others are tabled when a scenario is compiled: continuous ones
as the quantile at evenly spaced log-odds of the probability, which puts knots ever denser into both tails,
with a monotone cubic between them (F. N. Fritsch, R. E. Carlson, SIAM J. Numer. Anal. 17 (1980), 238-246);
discrete ones as cumulative steps. Special functions run only here, and their values are rounded to 9
significant digits, so that the last bits of a library never reach a history.

A uniform number has 52 bits, so what lies beyond a probability of 1e-16 in either tail is cut off: that is
felt only where the variance hardly exists (a Pareto variance is right to 1e-6 for tail exponents above
about 3.5).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from funnelsim.scenario.quantities import Dist

from .arithmetic import exp, log, normal_quantile, power
from .draws import uniform

Table = TypeVar("Table", bound=tuple[Any, ...])

CONSTANT, EXPONENTIAL, LOGNORMAL, WEIBULL, UNIFORM, TRIANGULAR, QUANTILES, STEPS, EMPIRICAL = range(9)
"""Codes of the ways to invert a distribution."""

UNITS = ("", "us", "bd")
"""Units by code: plain numbers, microseconds, business days."""

KNOTS_PER_UNIT = 8
REACH = 37
"""Log-odds covered to either side; those of the outermost uniform number, 1 - 2^-53, are 36.7."""
MOST_STEPS = 200_000
"""Most values a discrete distribution may have within reach."""


class DistTable(NamedTuple):
    """Compiled distributions, one row each.

    The variate is ``scale * (sum of `times` raw variates) + shift``. ``meets`` is the interval in
    microseconds of the meetings on which the result is to end, 0 for none. Rows with a table have
    ``length`` entries of ``knots`` and ``slopes`` from ``offset``.
    """

    code: Any
    a: Any
    b: Any
    c: Any
    unit: Any
    times: Any
    meets: Any
    scale: Any
    shift: Any
    offset: Any
    length: Any
    knots: Any
    slopes: Any


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
    times = dists.times[row]
    if dists.code[row] == CONSTANT:
        return dists.scale[row] * (times * dists.a[row]) + dists.shift[row]
    total = 0.0
    for j in range(times):
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
        return _between(dists, row, log(u / (1.0 - u)))
    if code == STEPS:
        return a + _step(dists, row, u)
    return dists.knots[dists.offset[row] + math.floor(u * dists.length[row])]


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


def _between(dists: DistTable, row: int, logit: float) -> float:
    x = (logit + REACH) * KNOTS_PER_UNIT
    k = math.floor(x)
    s = x - k
    k += dists.offset[row]
    y0 = dists.knots[k]
    rise = dists.knots[k + 1] - y0
    d0 = dists.slopes[k]
    d1 = dists.slopes[k + 1]
    return y0 + s * (d0 + s * (3.0 * rise - 2.0 * d0 - d1 + s * (d0 + d1 - 2.0 * rise)))


def _step(dists: DistTable, row: int, u: float) -> int:
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


class _Form(NamedTuple):
    """How to invert one distribution, and its mean before `times`, `scale` and `shift`."""

    code: int
    mean: float
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    knots: Sequence[float] = ()
    slopes: Sequence[float] = ()


def compile_dists(dists: Sequence[Dist]) -> DistTable:
    """The table of some distributions, one row each in the same order.

    Raises
    ------
    ValueError
        If a distribution is unknown to `scipy.stats`, or its parameters make no sense.
    """
    forms = [_form(dist) for dist in dists]
    lengths = [len(form.knots) for form in forms]
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
        knots=_floats(knot for form in forms for knot in form.knots),
        slopes=_floats(slope for form in forms for slope in form.slopes),
    )


def mean(dist: Dist) -> float:
    """The mean of a distribution in its unit, `times`, `scale` and `shift` included, `meets` left out."""
    return dist.scale * (dist.times * _form(dist).mean) + dist.shift


def lists_of(table: Table) -> Table:
    """The same named tuple with lists in place of arrays, which plain Python reads faster."""
    fields = (_lists(value) for value in table)
    return type(table)(*fields)


def _lists(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return lists_of(value) if isinstance(value, tuple) and hasattr(value, "_fields") else value


def nine_digits(x: float) -> float:
    """A number rounded to 9 significant decimal digits."""
    return float(f"{x:.8e}")


def gamma_factors(shapes: np.ndarray, us: np.ndarray) -> np.ndarray:
    """Quantiles of gamma distributions of mean 1 with these shapes, rounded to 9 significant digits."""
    from scipy.special import gammaincinv

    return np.array([nine_digits(x) for x in gammaincinv(shapes, us) / shapes], dtype=np.float64)


def _ints(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def _floats(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=np.float64)


def _form(dist: Dist) -> _Form:
    p = dist.parameters
    if dist.name == "empirical":
        values = sorted(dist.values)
        return _Form(EMPIRICAL, math.fsum(values) / len(values), knots=values, slopes=[0.0] * len(values))
    closed = _CLOSED.get(dist.name)
    return _scipy(dist.name, p) if closed is None else closed(p)


def _constant(p: dict[str, float]) -> _Form:
    return _Form(CONSTANT, p["value"], p["value"])


def _exponential(p: dict[str, float]) -> _Form:
    return _Form(EXPONENTIAL, p["mean"], p["mean"])


def _lognormal(p: dict[str, float]) -> _Form:
    if "median" in p:
        mu, sigma = log(p["median"]), p["sigma"]
        return _Form(LOGNORMAL, exp(mu + 0.5 * sigma * sigma), mu, sigma)
    cv = p["cv"] if "cv" in p else p["sd"] / p["mean"]
    spread = log(1.0 + cv * cv)
    return _Form(LOGNORMAL, p["mean"], log(p["mean"]) - 0.5 * spread, math.sqrt(spread))


def _weibull(p: dict[str, float]) -> _Form:
    inverse = 1.0 / p["shape"]
    return _Form(WEIBULL, p["scale"] * nine_digits(math.gamma(1.0 + inverse)), inverse, p["scale"])


def _uniform(p: dict[str, float]) -> _Form:
    return _Form(UNIFORM, (p["low"] + p["high"]) / 2.0, p["low"], p["high"])


def _triangle(p: dict[str, float]) -> _Form:
    low, mode, high = p["low"], p["mode"], p["high"]
    return _Form(TRIANGULAR, (low + mode + high) / 3.0, low, mode, high)


def _gamma(p: dict[str, float]) -> _Form:
    return (
        _gamma_of_shape(p["mean"], 1.0 / (p["cv"] * p["cv"]))
        if p["cv"] > 0.0
        else _constant({"value": p["mean"]})
    )


def _erlang(p: dict[str, float]) -> _Form:
    return _gamma_of_shape(p["mean"], p["k"])


def _gamma_of_shape(mean: float, shape: float) -> _Form:
    if shape == 1.0:
        return _exponential({"mean": mean})
    from scipy.special import gammainccinv, gammaincinv

    theta = mean / shape
    return _quantiles(mean, lambda u: gammaincinv(shape, u) * theta, lambda u: gammainccinv(shape, u) * theta)


_CLOSED: dict[str, Callable[[dict[str, float]], _Form]] = {
    "constant": _constant,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "weibull": _weibull,
    "uniform": _uniform,
    "triangular": _triangle,
    "gamma": _gamma,
    "erlang": _erlang,
}


def _scipy(name: str, parameters: dict[str, float]) -> _Form:
    import scipy.stats

    family = getattr(scipy.stats, name, None)
    if not isinstance(family, (scipy.stats.rv_continuous, scipy.stats.rv_discrete)):
        raise ValueError(f"no distribution {name!r} in scipy.stats")
    try:
        frozen = family(**parameters)
    except TypeError as error:
        raise ValueError(f"the parameters of {name!r} do not fit: {error}") from error
    with np.errstate(all="ignore"):  # scipy divides by zero inside, at the very ends of a range
        mean = nine_digits(float(frozen.mean()))
        if isinstance(family, scipy.stats.rv_continuous):
            return _quantiles(mean, frozen.ppf, frozen.isf)
        return _steps(mean, frozen)


def _quantiles(mean: float, below: Callable[..., Any], above: Callable[..., Any]) -> _Form:
    """Quantiles at even log-odds, from the probability below and, past the median, from the one above."""
    logits = np.arange(-REACH * KNOTS_PER_UNIT, REACH * KNOTS_PER_UNIT + 1) / KNOTS_PER_UNIT
    tails = np.exp(-np.abs(logits))
    tails = tails / (1.0 + tails)
    exact = np.where(logits < 0.0, below(np.where(logits < 0.0, tails, 0.5)), above(tails))
    if not np.all(np.isfinite(exact)):
        raise ValueError("these parameters give quantiles that are not finite numbers")
    knots = np.maximum.accumulate([nine_digits(x) for x in exact])
    return _Form(QUANTILES, mean, knots=knots.tolist(), slopes=_slopes(knots).tolist())


def _slopes(knots: np.ndarray) -> np.ndarray:
    """Slopes per knot, of fourth order, cut to three times the smaller rise beside, which keeps order."""
    rises = np.diff(knots)
    slopes = np.zeros(len(knots))
    slopes[2:-2] = (knots[:-4] - knots[4:] + 8.0 * (knots[3:-1] - knots[1:-3])) / 12.0
    slopes[[0, 1, -2, -1]] = rises[[0, 1, -2, -1]]
    before = np.concatenate([rises[:1], rises])
    after = np.concatenate([rises, rises[-1:]])
    return np.clip(slopes, 0.0, 3.0 * np.minimum(before, after))


def _steps(mean: float, frozen: Any) -> _Form:
    """Cumulative probabilities of all values within reach of a uniform number."""
    first, last = frozen.ppf(2.0**-53), frozen.isf(2.0**-53)
    if not last - first < MOST_STEPS:
        raise ValueError(f"a discrete distribution may have at most {MOST_STEPS} values, not {last - first}")
    values = np.arange(first, last + 1.0)
    below, beyond = frozen.cdf(values), frozen.sf(values)
    rounded = [
        nine_digits(p) if p < 0.5 else 1.0 - nine_digits(q) for p, q in zip(below, beyond, strict=True)
    ]
    upto = np.maximum.accumulate(rounded).tolist()
    return _Form(STEPS, mean, a=float(first), knots=upto, slopes=[0.0] * len(upto))
