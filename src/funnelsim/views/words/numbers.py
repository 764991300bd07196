"""Numbers as people read them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from funnelsim.scenario.forms.quantities import MICROSECONDS

SIGNS = (("USD", "$"), ("JPY", "¥"), ("EUR", "€"), ("GBP", "£"))
"""Currencies that are written with a sign; other codes stand before the figure, other names behind it."""

DASH = "–"
"""Stands for a figure that does not exist."""

SPOKEN = ("months", "per year")
"""Units that are written behind the figure as they are."""

COUNTED = ("", "leads", "leads/month", "customers", "reps", "ratio")
"""Units that stand in the label and not with the figure; any that is not known here is a currency."""

NEGLIGIBLE = 1e-12
"""Figures below it are rounding errors of sums."""

Leaf = Mapping[str, Any] | None
"""An estimate as in the JSON document: mean, low, high and unit."""


def amount(value: float) -> str:
    """A number to three digits, or two below a tenth: ``1,304``, ``41.2``, ``7.65``, ``0.012``, ``≈ 0``."""
    size = abs(value)
    if size >= 99.95 or value == int(value):
        return f"{value:z,.0f}"
    if size < 0.0005:
        return "≈ 0"
    if size >= 9.995:
        return f"{value:z.1f}"
    return f"{value:z.2f}" if size >= 0.0995 else f"{value:z.2g}"


def counted(number: int, what: str) -> str:
    """How many there are: ``1 arm``, ``3 arms``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share as a percentage: ``48 %``, ``5.2 %``, ``0.35 %``."""
    value = _clean(share) * 100
    size = abs(value)
    if size >= 9.95 or value == 0:
        return f"{value:z.0f} %"
    return f"{value:z.1f} %" if size >= 0.995 else f"{value:z.2g} %"


def duration(hours: float) -> str:
    """Elapsed time in the unit that suits it: ``35 min``, ``4.2 h``, ``12 d``."""
    divisor, unit = _time_unit(hours)
    value = hours / divisor
    return f"{value:z.1f} {unit}" if 0 < abs(value) < 9.95 and unit != "min" else f"{value:z,.0f} {unit}"


def _time_unit(hours: float) -> tuple[float, str]:
    if 0 < abs(hours) < 0.995:
        return 1 / 60, "min"
    return (1.0, "h") if abs(hours) < 47.95 else (24.0, "d")


def period(span: int) -> str:
    """How long the time is that counts, in microseconds: ``30 months``, ``20 days``."""
    months = span / MICROSECONDS["mo"]
    return f"{months:.3g} months" if months >= 1.95 else f"{span / MICROSECONDS['d']:.3g} days"


def estimate(leaf: Leaf, interval: bool = True, factor: float = 1.0, beside: float = 0.0) -> str:
    """An estimate with half the width of its interval: ``7.65 ± 0.21``, ``48.0 ± 1.2 %``, ``41 ± 3 h``.

    Parameters
    ----------
    leaf : mapping or None
        The estimate; None gives a dash.
    interval : bool
        Whether to write the interval; one of no width is left out.
    factor : float
        Multiplies the figure, such as from leads in the window to leads a month.
    beside : float
        A figure that it stands beside, and whose unit of time it has if that is the larger one.
    """
    if leaf is None:
        return DASH
    half = _half(leaf, 1.0) if interval else 0.0
    divisor, before, after = unit_of(max(leaf["mean"], half, beside, key=abs), leaf["unit"])
    mean = _clean(leaf["mean"] * factor / divisor)
    half = _half(leaf, factor / divisor) if interval else 0.0
    digits = _digits(mean, half)
    if leaf["unit"] == "h" and not half:
        digits = min(digits, 2)  # nobody asks for less than a hundredth of a minute
    text = f"{before}{_rounded(mean, digits)}"
    if half:
        text += f" ± {_rounded(half, digits)}"
    return f"{text} {after}" if after else text


def span(leaf: Leaf) -> str:
    """Where single runs lie: ``253,000 to 577,000``; a dash where that is not known.

    It is no mean with an error, so it has no ``±``: the estimate of a ratio need not lie in its middle.
    """
    if leaf is None or leaf["range_low"] is None or leaf["range_high"] is None:
        return DASH
    ends = leaf["range_low"], leaf["range_high"]
    divisor, before, after = unit_of(max(ends, key=abs), leaf["unit"])
    low, high = (_clean(end / divisor) for end in ends)
    size = max(abs(low), abs(high))
    digits = _digits(size, high - low if high - low > 1e-6 * size else 0.0)
    first, last = _rounded(low, digits), _rounded(high, digits)
    text = f"{before}{first}" if first == last else f"{before}{first} to {before}{last}"
    return f"{text} {after}" if after else text


def estimates(leaf: Leaf, ranges: bool, interval: bool = True) -> tuple[str, ...]:
    """The cells of an estimate: its mean, and on request where single runs lie."""
    return (estimate(leaf, interval), span(leaf)) if ranges else (estimate(leaf, interval),)


def is_zero(leaf: Leaf) -> bool:
    """Whether an estimate is 0, but for the last bits of its sums."""
    return leaf is not None and _clean(leaf["mean"]) == 0


def _clean(value: float) -> float:
    return 0.0 if abs(value) < NEGLIGIBLE else value


def _rounded(value: float, digits: int) -> str:
    return f"{round(value, digits):z,.{max(0, digits)}f}"


def with_sign(value: float, text: str) -> str:
    """The text of the size of a difference with the sign of the difference; none where its digits are all 0."""
    if not re.search("[1-9]", text.partition("±")[0]):
        return text
    return f"{'−' if value < 0 else '+'}{text}"


def _half(leaf: Mapping[str, Any], factor: float) -> float:
    """Half the width of the interval; 0 where there is none, or none that could be shown."""
    if leaf["low"] is None or leaf["high"] is None:
        return 0.0
    half = abs((leaf["high"] - leaf["low"]) / 2 * factor)
    return half if half >= 0.0005 else 0.0


def unit_of(mean: float, unit: str) -> tuple[float, str, str]:
    """The divisor of the figure, and what stands before and after it."""
    if unit == "h":
        divisor, name = _time_unit(mean)
        return divisor, "", name
    if unit == "share":
        return 0.01, "", "%"
    if unit in SPOKEN:
        return 1.0, "", unit
    if unit in COUNTED:
        return 1.0, "", ""
    return 1.0, *_money(unit)


def _money(unit: str) -> tuple[str, str]:
    """What stands before and after an amount: ``¥``, ``per year`` (JPY/y), or nothing and ``円 per year``."""
    currency, _, per = unit.rpartition("/")
    period = dict(_PERIODS).get(per) if currency else None
    if period is None:
        currency = unit
    rate = "" if period is None else f"per {period}"
    before = dict(SIGNS).get(currency, "")
    if not before and re.fullmatch("[A-Z]{3}", currency):
        before = f"{currency} "
    elif not before and unicodedata.category(currency[-1]) == "Sc":
        before = currency
    return (before, rate) if before else ("", f"{currency} {rate}".rstrip())


_PERIODS = (("h", "hour"), ("d", "day"), ("w", "week"), ("mo", "month"), ("y", "year"))


def _digits(mean: float, half: float) -> int:
    """Decimals that leave two digits of the half-width, or else three of the mean, two where it is below a tenth.

    Below 0 for whole tens and more.
    """
    if half:
        return min(3, 1 - math.floor(math.log10(half)))
    if abs(mean) < 0.001 or mean == int(mean):
        return 0
    size = math.floor(math.log10(abs(mean)))
    return min(2, max(0, 2 - size)) if size >= -1 else 1 - size
