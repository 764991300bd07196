"""How each distribution is inverted: a code with parameters, or a table of quantiles or cumulative steps.

Simple distributions have a closed inverse. All others are tabled when a scenario is compiled: continuous ones
as the quantile at evenly spaced log-odds of the probability, which puts knots ever denser into both tails,
with a monotone cubic between them (F. N. Fritsch, R. E. Carlson, SIAM J. Numer. Anal. 17 (1980), 238-246);
discrete ones as cumulative steps. Special functions run only here, and their values are rounded to 9
significant digits, so that the last bits of a library never reach a history. (Only distributions of which scipy
itself has no formula for quantiles, such as ``exponnorm``, come out less exact than that in their far tails, and
may differ between processors.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from funnelsim.scenario.forms.quantities import Dist

from .arithmetic import exp, expit, log

CONSTANT, EXPONENTIAL, LOGNORMAL, WEIBULL, UNIFORM, TRIANGULAR, QUANTILES, STEPS, EMPIRICAL = range(9)
"""Codes of the ways to invert a distribution."""

KNOTS_PER_UNIT = 8
REACH = 37
"""Log-odds covered to either side; those of the outermost uniform number, 1 - 2^-53, are 36.7."""
SMALLEST_UNIFORM = 2.0**-53
MOST_STEPS = 200_000
"""Most values a discrete distribution may have within reach."""

LEAST_CV = 1e-8
"""A gamma distribution that varies less is taken for its mean: nine digits show no difference."""

HALVINGS = 200
"""Most steps of a search for quantiles."""

Knots = tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray]
"""Values at the knots, and slopes there in units of the distance between knots (0 where not used)."""


def no_table() -> Knots:
    """The table of a distribution that needs none."""
    return (), ()


class Form(NamedTuple):
    """How to invert one distribution, and its mean, before `times`, `scale` and `shift`.

    ``table`` makes the knots; it is only called when they are needed, for it can take milliseconds.
    """

    code: int
    mean: float
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    table: Callable[[], Knots] = no_table


@lru_cache(maxsize=2048)
def form_of(dist: Dist) -> Form:
    """The form of a distribution; kept, since its mean is asked for often and may take milliseconds.

    Raises
    ------
    ValueError
        If `scipy.stats` does not know the distribution, or not with these parameters.
    """
    p = dist.parameters
    if dist.name == "empirical":
        values = sorted(dist.values)
        return Form(EMPIRICAL, math.fsum(values) / len(values), table=lambda: (values, [0.0] * len(values)))
    closed = _CLOSED.get(dist.name)
    return _scipy(dist.name, p) if closed is None else closed(p)


def _constant(p: dict[str, float]) -> Form:
    return Form(CONSTANT, p["value"], p["value"])


def _exponential(p: dict[str, float]) -> Form:
    return Form(EXPONENTIAL, p["mean"], p["mean"])


def _lognormal(p: dict[str, float]) -> Form:
    if "median" in p:
        mu, sigma = log(p["median"]), p["sigma"]
        return Form(LOGNORMAL, exp(mu + 0.5 * sigma * sigma), mu, sigma)
    cv = p["cv"] if "cv" in p else p["sd"] / p["mean"]
    spread = log(1.0 + cv * cv)
    return Form(LOGNORMAL, p["mean"], log(p["mean"]) - 0.5 * spread, math.sqrt(spread))


def _weibull(p: dict[str, float]) -> Form:
    inverse = 1.0 / p["shape"]
    return Form(WEIBULL, p["scale"] * nine_digits(math.gamma(1.0 + inverse)), inverse, p["scale"])


def _uniform(p: dict[str, float]) -> Form:
    return Form(UNIFORM, (p["low"] + p["high"]) / 2.0, p["low"], p["high"])


def _triangle(p: dict[str, float]) -> Form:
    low, mode, high = p["low"], p["mode"], p["high"]
    return Form(TRIANGULAR, (low + mode + high) / 3.0, low, mode, high)


def _gamma(p: dict[str, float]) -> Form:
    if p["cv"] <= LEAST_CV:
        return _constant({"value": p["mean"]})
    return _gamma_of_shape(p["mean"], 1.0 / (p["cv"] * p["cv"]))


def _erlang(p: dict[str, float]) -> Form:
    return _gamma_of_shape(p["mean"], p["k"])


def _gamma_of_shape(mean: float, shape: float) -> Form:
    if shape == 1.0:
        return _exponential({"mean": mean})
    return Form(QUANTILES, mean, table=lambda: _gamma_table(mean, shape))


@lru_cache(maxsize=256)
def _gamma_table(mean: float, shape: float) -> Knots:
    """The table of a gamma distribution; kept, as most changes change no distribution."""
    from scipy.special import gammainccinv, gammaincinv

    theta = mean / shape
    return _quantiles(lambda u: gammaincinv(shape, u) * theta, lambda u: gammainccinv(shape, u) * theta)


_CLOSED: dict[str, Callable[[dict[str, float]], Form]] = {
    "constant": _constant,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "weibull": _weibull,
    "uniform": _uniform,
    "triangular": _triangle,
    "gamma": _gamma,
    "erlang": _erlang,
}


def _scipy(name: str, parameters: dict[str, float]) -> Form:
    frozen = _frozen(name, parameters)
    with np.errstate(all="ignore"):  # scipy divides by zero inside, at the very ends of a range
        mean = nine_digits(float(frozen.mean()))
        first = float(frozen.ppf(SMALLEST_UNIFORM))
    known_by = tuple(parameters.items())
    if _is_continuous(frozen):
        return Form(QUANTILES, mean, table=lambda: _scipy_table(name, known_by, first))
    return Form(STEPS, mean, a=first, table=lambda: _scipy_table(name, known_by, first))


def _frozen(name: str, parameters: dict[str, float]) -> Any:
    import scipy.stats

    family = getattr(scipy.stats, name, None)
    if not isinstance(family, (scipy.stats.rv_continuous, scipy.stats.rv_discrete)):
        raise ValueError(f"no distribution {name!r} in scipy.stats")
    try:
        return family(**parameters)
    except TypeError as error:
        raise ValueError(f"the parameters of {name!r} do not fit: {error}") from error


def _is_continuous(frozen: Any) -> bool:
    import scipy.stats

    return isinstance(frozen.dist, scipy.stats.rv_continuous)


@lru_cache(maxsize=32)
def _scipy_table(name: str, parameters: tuple[tuple[str, float], ...], first: float) -> Knots:
    """The table of a distribution of scipy's; few are kept, since those of steps may be large."""
    import scipy.stats

    frozen = _frozen(name, dict(parameters))
    if not _is_continuous(frozen):
        return _steps(frozen, first)
    if type(frozen.dist)._ppf is scipy.stats.rv_continuous._ppf:
        return _quantiles(*searched(frozen))  # scipy would search for one quantile after the other
    return _quantiles(frozen.ppf, frozen.isf)


def searched(frozen: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Quantiles from the probability below and from the one above, of a distribution that has no formula for them.

    All are looked for at the same time, by halving intervals of its distribution function.
    """
    low, high = (float(end) for end in frozen.support())

    def search(reached: Callable[[Any], Any], count: int) -> np.ndarray:
        first, last = np.full(count, low), np.full(count, high)
        for _ in range(HALVINGS):
            middle = _between_ends(first, last)
            done = reached(middle)
            last, first = np.where(done, middle, last), np.where(done, first, middle)
            if np.all(last - first <= 1e-12 * np.abs(middle)):
                break
        return last

    return (
        lambda p: search(lambda x: frozen.cdf(x) >= p, len(p)),
        lambda p: search(lambda x: frozen.sf(x) <= p, len(p)),
    )


def _between_ends(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """A point within each interval: the middle, or twice the known end where the other is without end."""
    with np.errstate(all="ignore"):
        middle = first + (last - first) / 2.0
        middle = np.where(np.isinf(last), np.maximum(2.0 * first, 1.0), middle)
        middle = np.where(np.isinf(first), np.minimum(2.0 * last, -1.0), middle)
    return np.where(np.isinf(first) & np.isinf(last), 0.0, middle)


def _quantiles(below: Callable[..., Any], above: Callable[..., Any]) -> Knots:
    """Quantiles at even log-odds, from the probability below and, past the median, from the one above."""
    logits, tails = _probabilities()
    with np.errstate(all="ignore"):
        exact = np.where(logits < 0.0, below(tails), above(tails))
    if not np.all(np.isfinite(exact)):
        raise ValueError("these parameters give quantiles that are not finite numbers")
    knots = np.maximum.accumulate(nine_digits_of(exact))
    return _lasting(knots, _slopes(knots))


@cache
def _probabilities() -> tuple[np.ndarray, np.ndarray]:
    """The log-odds of the knots, and the smaller of the two probabilities at each."""
    logits = np.arange(-REACH * KNOTS_PER_UNIT, REACH * KNOTS_PER_UNIT + 1) / KNOTS_PER_UNIT
    return logits, np.array([expit(-abs(x)) for x in logits.tolist()])


def _lasting(knots: np.ndarray, slopes: np.ndarray) -> Knots:
    """A table that several scenarios share, so that nobody can write to it."""
    knots.flags.writeable = slopes.flags.writeable = False
    return knots, slopes


def _slopes(knots: np.ndarray) -> np.ndarray:
    """Slopes per knot, of fourth order, cut to three times the smaller rise beside, which keeps order."""
    rises = np.diff(knots)
    slopes = np.zeros(len(knots))
    slopes[2:-2] = (knots[:-4] - knots[4:] + 8.0 * (knots[3:-1] - knots[1:-3])) / 12.0
    slopes[[0, 1, -2, -1]] = rises[[0, 1, -2, -1]]
    before = np.concatenate([rises[:1], rises])
    after = np.concatenate([rises, rises[-1:]])
    return np.clip(slopes, 0.0, 3.0 * np.minimum(before, after))


def _steps(frozen: Any, first: float) -> Knots:
    """Cumulative probabilities of all values within reach of a uniform number."""
    last = float(frozen.isf(SMALLEST_UNIFORM))
    if not last - first < MOST_STEPS:
        raise ValueError(f"a discrete distribution may have at most {MOST_STEPS} values, not {last - first}")
    values = np.arange(first, last + 1.0)
    below, beyond = frozen.cdf(values), frozen.sf(values)
    rounded = [nine_digits(p) if p < 0.5 else 1.0 - nine_digits(q) for p, q in zip(below, beyond, strict=True)]
    return _lasting(np.maximum.accumulate(rounded), np.zeros(len(rounded)))


def nine_digits(x: float) -> float:
    """A number rounded to 9 significant decimal digits."""
    return float(f"{x:.8e}")


def nine_digits_of(exact: np.ndarray) -> np.ndarray:
    """Numbers rounded to 9 significant decimal digits, in a third of the time that they take one by one."""
    text = " ".join(["%.8e"] * len(exact)) % tuple(exact.tolist())
    return np.array([float(digits) for digits in text.split()], dtype=np.float64)


def gamma_factors(shapes: np.ndarray, us: np.ndarray) -> np.ndarray:
    """Quantiles of gamma distributions of mean 1 with these shapes, rounded to 9 significant digits."""
    from scipy.special import gammaincinv

    return nine_digits_of(gammaincinv(shapes, us) / shapes)
