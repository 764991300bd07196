"""Elementary functions with the same bits on every machine, in Python and in compiled code.

The functions of a C library differ between processors and between Python and Numba, and one changed bit in
one draw makes another history. So draws and rules use only ``+ - * /`` and ``sqrt``, which IEEE 754 defines
to the last bit, and the functions below, which are made of them. All are plain functions that Numba compiles
unchanged, but for `scaled` and `taken_apart`, which it does by the bits. Arguments out of range are clamped:
nothing raises, overflows or returns a NaN.
"""

from __future__ import annotations

import math
from typing import Any

LARGEST = 1.7976931348623157e308
"""Largest finite float."""
SMALLEST = 2.2250738585072014e-308
"""Smallest normal positive float."""
LN2 = 0.6931471805599453
"""Natural logarithm of 2."""

# ln 2 in two parts: the first has trailing zeros, so that a product with an exponent is exact.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_PER_LN2 = 1.44269504088896338700
_SQRT_HALF = 0.7071067811865476
_TINY = 2.0**-1000


def scaled(x: float, k: int) -> float:
    """``x * 2**k`` for ``k`` from -1022 to 1023; exact unless the result is subnormal or too large."""
    return math.ldexp(x, k)


def taken_apart(x: float) -> tuple[float, int]:
    """The number from 1/2 to 1 and the power of 2 whose product a normal positive ``x`` is."""
    return math.frexp(x)


def exp_within(x: Any, k: Any) -> Any:
    """``exp(x) / 2**k`` for the ``k`` that brings ``x`` nearest to 0; also takes NumPy arrays."""
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )
    return 1.0 - ((low - (r * c) / (2.0 - c)) - high)


def exp(x: float) -> float:
    """The exponential function, at most one unit in the last place off.

    Reduces the argument to ``r = x - k ln 2`` with ``|r| <= ln 2 / 2`` and uses the rational approximation of
    FDLIBM 5.3 (``e_exp.c``, Sun Microsystems 1993). Above 709.78 the largest finite float, below -745.13
    zero.
    """
    if x > 709.782712893384:
        return LARGEST
    if not x >= -745.1332191019411:  # also for a NaN
        return 0.0
    k = math.floor(x * _PER_LN2 + 0.5)
    y = exp_within(x, k)
    if k < -1021:  # two steps, so that the rounding to a subnormal result is one exact multiplication
        return scaled(y, k + 1000) * _TINY
    if k == 1024:
        return scaled(y * 2.0, 1023)
    return scaled(y, k)


def log(x: float) -> float:
    """The natural logarithm, at most one unit in the last place off.

    Approximation of FDLIBM 5.3 (``e_log.c``, Sun Microsystems 1993). The argument is cut to the normal
    positive floats, so the result lies between -708.4 and 709.8.
    """
    if not x > SMALLEST:
        x = SMALLEST
    if x > LARGEST:
        x = LARGEST
    m, k = taken_apart(x)
    if m < _SQRT_HALF:
        m = m * 2.0
        k = k - 1
    return log_within(m, k)


def log_within(m: Any, k: Any) -> Any:
    """The logarithm of ``m * 2**k`` for ``m`` from the root of 1/2 to the root of 2; also takes NumPy arrays."""
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + (even + odd)) + k * _LN2_LOW)) - f)


def power(x: float, p: float) -> float:
    """``x`` to the power ``p``, for ``x > 0``, as ``exp(p log x)``."""
    return exp(p * log(x))


def half_power(x: float) -> float:
    """Two to the power ``-x``: what is left after ``x`` half-lives."""
    return exp(-x * LN2)


def expit(x: float) -> float:
    """The probability whose log-odds are ``x``."""
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


def normal_quantile(u: float) -> float:
    """The standard normal quantile of ``u`` in (0, 1), to about 16 digits.

    Algorithm AS 241 (PPND16) of M. J. Wichura, Applied Statistics 37 (1988), 477-484.
    """
    q = u - 0.5
    if -0.425 <= q <= 0.425:
        return q * _centre(0.180625 - q * q)
    r = math.sqrt(-log(u if q < 0.0 else 1.0 - u))
    z = _shoulder(r - 1.6) if r <= 5.0 else _tail(r - 5.0)
    return -z if q < 0.0 else z


def _centre(r: float) -> float:
    top = 2.5090809287301226727e3
    top = top * r + 3.3430575583588128105e4
    top = top * r + 6.7265770927008700853e4
    top = top * r + 4.5921953931549871457e4
    top = top * r + 1.3731693765509461125e4
    top = top * r + 1.9715909503065514427e3
    top = top * r + 1.3314166789178437745e2
    top = top * r + 3.3871328727963666080e0
    bottom = 5.2264952788528545610e3
    bottom = bottom * r + 2.8729085735721942674e4
    bottom = bottom * r + 3.9307895800092710610e4
    bottom = bottom * r + 2.1213794301586595867e4
    bottom = bottom * r + 5.3941960214247511077e3
    bottom = bottom * r + 6.8718700749205790830e2
    bottom = bottom * r + 4.2313330701600911252e1
    bottom = bottom * r + 1.0
    return top / bottom


def _shoulder(r: float) -> float:
    top = 7.74545014278341407640e-4
    top = top * r + 2.27238449892691845833e-2
    top = top * r + 2.41780725177450611770e-1
    top = top * r + 1.27045825245236838258e0
    top = top * r + 3.64784832476320460504e0
    top = top * r + 5.76949722146069140550e0
    top = top * r + 4.63033784615654529590e0
    top = top * r + 1.42343711074968357734e0
    bottom = 1.05075007164441684324e-9
    bottom = bottom * r + 5.47593808499534494600e-4
    bottom = bottom * r + 1.51986665636164571966e-2
    bottom = bottom * r + 1.48103976427480074590e-1
    bottom = bottom * r + 6.89767334985100004550e-1
    bottom = bottom * r + 1.67638483018380384940e0
    bottom = bottom * r + 2.05319162663775882187e0
    bottom = bottom * r + 1.0
    return top / bottom


def _tail(r: float) -> float:
    top = 2.01033439929228813265e-7
    top = top * r + 2.71155556874348757815e-5
    top = top * r + 1.24266094738807843860e-3
    top = top * r + 2.65321895265761230930e-2
    top = top * r + 2.96560571828504891230e-1
    top = top * r + 1.78482653991729133580e0
    top = top * r + 5.46378491116411436990e0
    top = top * r + 6.65790464350110377720e0
    bottom = 2.04426310338993978564e-15
    bottom = bottom * r + 1.42151175831644588870e-7
    bottom = bottom * r + 1.84631831751005468180e-5
    bottom = bottom * r + 7.86869131145613259100e-4
    bottom = bottom * r + 1.48753612908506148525e-2
    bottom = bottom * r + 1.36929880922735805310e-1
    bottom = bottom * r + 5.99832206555887937690e-1
    bottom = bottom * r + 1.0
    return top / bottom
