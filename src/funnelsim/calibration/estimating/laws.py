"""Laws of lengths of time with two parameters: lognormal, Weibull and gamma.

The working parameters are logarithms, so that none has a limit: of median and sigma, of scale and shape, of mean
and coefficient of variation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

FAMILIES = ("lognormal", "weibull", "gamma")
PARAMETERS = {"lognormal": ("median", "sigma"), "weibull": ("scale", "shape"), "gamma": ("mean", "cv")}

_LOG_ROOT = 0.5 * math.log(2 * math.pi)
_LEAST = -700.0
"""Logarithms below this are those of 0."""


def log_density(family: str, first: float, second: float, time: Floats) -> Floats:
    """Logarithm of the density at positive times, for two working parameters."""
    log_time = np.log(time)
    if family == "lognormal":
        sigma = math.exp(second)
        z = (log_time - first) / sigma
        made: Floats = -0.5 * z * z - _LOG_ROOT - second - log_time
    elif family == "weibull":
        shape = math.exp(second)
        x = shape * (log_time - first)
        made = x + second - log_time - np.exp(np.minimum(x, 700))
    else:
        shape, log_scale = _gamma(first, second)
        x = np.exp(np.minimum(log_time - log_scale, 700))
        made = (shape - 1) * log_time - x - shape * log_scale - special.gammaln(shape)
    return made


def log_survival(family: str, first: float, second: float, time: Floats) -> Floats:
    """Logarithm of the chance to last longer, at times of 0 and above."""
    with np.errstate(divide="ignore"):
        log_time = np.log(time)
    if family == "lognormal":
        made: Floats = special.log_ndtr(-(log_time - first) / math.exp(second))
    elif family == "weibull":
        made = -np.exp(np.minimum(math.exp(second) * (log_time - first), 700))
    else:
        shape, log_scale = _gamma(first, second)
        with np.errstate(divide="ignore"):
            made = np.log(special.gammaincc(shape, np.exp(np.minimum(log_time - log_scale, 700))))
    return np.maximum(made, _LEAST)


def log_between(family: str, first: float, second: float, low: Floats, high: Floats) -> Floats:
    """Logarithm of the chance to end between two times."""
    one, other = log_survival(family, first, second, low), log_survival(family, first, second, high)
    with np.errstate(divide="ignore"):
        made: Floats = one + np.log(-np.expm1(np.minimum(other - one, 0.0)))
    return np.maximum(made, _LEAST)


def _gamma(first: float, second: float) -> tuple[float, float]:
    """The shape, and the logarithm of the scale."""
    cv2 = math.exp(2 * second)
    return 1 / cv2, first + 2 * second


def guess(family: str, time: Floats, weight: Floats) -> tuple[float, float]:
    """Working parameters to begin with, from the logarithms of times."""
    log_time = np.log(time)
    mean = float(np.average(log_time, weights=weight))
    spread = max(math.sqrt(float(np.average((log_time - mean) ** 2, weights=weight))), 0.05)
    if family == "lognormal":
        return mean, math.log(spread)
    if (
        family == "weibull"
    ):  # the logarithm has mean log(scale) - .577 / shape and standard deviation 1.283 / shape
        return mean + 0.5772 * spread / 1.2825, math.log(1.2825 / spread)
    return mean + min(spread * spread, 4.0) / 2, math.log(min(max(spread, 0.1), 2.0))


@dataclass(frozen=True)
class Law:
    """A law of lengths of time.

    Parameters
    ----------
    family : str
        ``lognormal``, ``weibull`` or ``gamma``.
    first, second : float
        The working parameters: logarithms of `PARAMETERS`.
    covariance : array of float, shape (2, 2)
        Of the two.
    """

    family: str
    first: float
    second: float
    covariance: Floats

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        names = PARAMETERS[self.family]
        return {names[0]: math.exp(self.first), names[1]: math.exp(self.second)}

    def interval(self, place: int) -> tuple[float, float]:
        """The 95 % interval of a parameter, by its place."""
        centre = (self.first, self.second)[place]
        off = 1.959964 * math.sqrt(max(float(self.covariance[place, place]), 0.0))
        return math.exp(centre - off), math.exp(centre + off)

    def quantile(self, share: Any) -> Any:
        """The times that a share of all lengths is below."""
        share = np.asarray(share, dtype=float)
        if self.family == "lognormal":
            made = np.exp(self.first + math.exp(self.second) * special.ndtri(share))
        elif self.family == "weibull":
            made = np.exp(self.first) * (-np.log1p(-share)) ** math.exp(-self.second)
        else:
            shape, log_scale = _gamma(self.first, self.second)
            made = special.gammaincinv(shape, share) * math.exp(log_scale)
        return float(made) if made.ndim == 0 else made

    @property
    def mean(self) -> float:
        """The mean length."""
        if self.family == "lognormal":
            return math.exp(self.first + math.exp(2 * self.second) / 2)
        if self.family == "weibull":
            return math.exp(self.first) * math.gamma(1 + math.exp(-self.second))
        return math.exp(self.first)

    def below(self, time: Floats) -> Floats:
        """The chance to end by each time."""
        made: Floats = -np.expm1(log_survival(self.family, self.first, self.second, np.asarray(time, dtype=float)))
        return made
