"""Amounts of money as people say them: ``USD 4.6 M``, ``¥1億3,200万``."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from funnelsim.text import MINUS

from .texts import has, say

_PERIODS: Final = ("h", "d", "w", "mo", "q", "y")

_SCALES: Final = ((1e9, "billions"), (1e6, "millions"))
"""From which size on English counts in what."""

_MYRIADS: Final = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))
"""Japanese counts in powers of ten thousand."""

_OWN_SCALE: Final = re.compile("[千百万億兆]")
"""Names of currencies that count in thousands or more themselves, such as 千円; no other scale goes with them."""

SURE_DIGITS: Final = 3
"""Digits of an amount without an interval, unless one more says it exactly."""


def split(unit: str) -> tuple[str, str]:
    """The currency and the period of a unit: ``JPY/y`` is of JPY, for each ``y``."""
    currency, _, period = unit.rpartition("/")
    return (currency, period) if currency and period in _PERIODS else (unit, "")


def pattern(unit: str, lang: str, value: str = "{value}") -> str:
    """What stands around an amount, with the gap ``{value}``: ``USD {value}``, ``¥{value}``, ``{value} 円``."""
    currency, period = split(unit)
    named = f"money.currency.{currency.lower()}"
    if not re.fullmatch("[A-Z]{3}", currency):
        sign = unicodedata.category(currency[-1]) == "Sc"
        text = (
            f"{_kept(currency)}{value}"
            if sign
            else say("money.named", lang, value=value, currency=_kept(currency))
        )
    elif has(named):
        text = say(named, lang, value=value)
    else:
        text = f"{currency} {value}"
    return say(f"money.per.{period}", lang, value=text) if period else text


def _kept(currency: str) -> str:
    """A name from the user, in which braces are braces."""
    return currency.replace("{", "{{").replace("}", "}}")


def scale(size: float, half: float, unit: str, lang: str) -> tuple[float, str]:
    """The power of ten that an amount is counted in, and its text with the gap ``{value}``.

    Half the width of an interval must be a thousandth of the power at least, or it would not show.
    """
    if lang == "en" and not _OWN_SCALE.search(unit):
        for least, name in _SCALES:
            if size >= least and (not half or half >= least / 1000):
                return least, say(f"money.{name}", lang, value="{value}")
    return 1.0, "{value}"


def in_myriads(unit: str, lang: str) -> bool:
    """Whether amounts in this unit are written with 万 and 億."""
    return lang == "ja" and not _OWN_SCALE.search(unit)


def myriads(value: float) -> str:
    """A whole number in powers of ten thousand: ``1億3,200万``, ``25万3,000``, ``9,800``."""
    left = abs(round(value))
    parts = []
    for size, name in _MYRIADS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,}{name}")
    if left or not parts:
        parts.append(f"{left:,}")
    return (MINUS if value < 0 else "") + "".join(parts)


def digits(value: float) -> int:
    """Decimals of an amount without an interval (below 0 for whole tens and more)."""
    size = abs(value)
    if size < 1e-9:
        return 0
    first = math.floor(math.log10(float(f"{size:.{SURE_DIGITS - 1}e}")))
    exact = next((n for n in range(SURE_DIGITS + 1) if _is_close(round(size, n - first), size)), SURE_DIGITS - 1)
    return exact - first


def _is_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-12)
