"""Numbers as people read them, in the language in force."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funnelsim.scenario.forms.quantities import MICROSECONDS
from funnelsim.text import MINUS, printed

from . import money
from .language import language
from .texts import filled, has, say, texts

DASH = "–"
"""Stands for a figure that does not exist."""

SPOKEN = {"months": "unit.months", "per year": "unit.per_year"}
"""Units that are written with the figure."""

_OVER_TIME = tuple(f"{what}/{each}" for what in ("leads", "customers") for each in ("year", "quarter", "month"))
COUNTED = ("", "leads", "customers", "reps", "ratio", *_OVER_TIME)
"""Units that stand in the label and not with the figure; any that is not known here is a currency."""

NEGLIGIBLE = 1e-12
"""Figures below it are rounding errors of sums."""

CUT = 0.01
"""Part of its width by which an interval is longer on one side if it was cut at what is possible."""

Leaf = Mapping[str, Any] | None
"""An estimate as in the JSON document: mean, low, high and unit."""


@dataclass(frozen=True)
class Unit:
    """How figures of one unit are written.

    Parameters
    ----------
    divisor : float
        Figures are divided by it.
    pattern : str
        What stands around them, with the gap ``{value}``.
    is_money : bool
        Whether they are amounts of money.
    in_myriads : bool
        Whether they are written with 万 and 億.
    """

    divisor: float = 1.0
    pattern: str = "{value}"
    is_money: bool = False
    in_myriads: bool = False

    def text(self, value: str) -> str:
        """A figure that is written already, with its unit."""
        return filled(self.pattern, value=value)

    def digits(self, value: float, half: float) -> int:
        """Decimals of a figure that has been divided, with half the width of its interval or 0."""
        if self.is_money and not half:
            return money.digits(value)
        return _digits(value, half, most=4 if self.is_money else 3)

    def figure(self, value: float, digits: int) -> str:
        """A figure that has been divided, without its unit."""
        rounded = round(value, digits)
        if self.in_myriads and digits <= 0:
            return money.myriads(rounded)
        return printed(rounded, f"z,.{max(0, digits)}f")


def unit_of(size: float, unit: str, points: bool = False, half: float = 0.0) -> Unit:
    """How figures of about this size are written; differences of shares may be in points of a hundred.

    ``half`` is half the width of the interval that stands beside them, if there is one.
    """
    if unit == "h":
        divisor, key = _time_unit(size)
        return Unit(divisor, _pattern(key))
    if unit == "share":
        return Unit(0.01, _pattern("unit.points" if points else "unit.percent"))
    if unit in SPOKEN:
        return Unit(pattern=_pattern(SPOKEN[unit]))
    if unit in COUNTED:
        return Unit()
    lang = language()
    divisor, scaled = money.scale(abs(size), half, unit, lang)
    return Unit(divisor, money.pattern(unit, lang, scaled), is_money=True, in_myriads=money.in_myriads(unit, lang))


def unit_name(unit: str) -> str:
    """A unit by its name in the language in force; a currency has none but its own."""
    key = f"unit.of.{re.sub('[ /]', '_', unit)}"
    return say(key) if has(key) else unit


def _pattern(key: str) -> str:
    return texts(language())[key]


def amount(value: float) -> str:
    """A number to three digits, or two below a tenth: ``1,304``, ``41.2``, ``7.65``, ``0.012``, ``≈ 0``."""
    size = abs(value)
    if size >= 99.95 or value == int(value):
        return printed(value, "z,.0f")
    if size < 0.0005:
        return say("number.nearly_none")
    if size >= 9.995:
        return printed(value, "z.1f")
    return printed(value, "z.2f") if size >= 0.0995 else printed(value, "z.2g")


def rounded_up(count: int) -> str:
    """About how many, to two digits at most, in tens: ``20``, ``340``, ``12,000``."""
    step = max(10, 10 ** (len(str(count)) - 2))
    return f"{math.ceil(count / step) * step:,}"


def percent(share: float) -> str:
    """A share as a percentage: ``48 %``, ``5.2 %``, ``0.35 %``."""
    value = _clean(share) * 100
    size = abs(value)
    if size >= 9.95 or value == 0:
        return say("unit.percent", value=printed(value, "z.0f"))
    return say("unit.percent", value=printed(value, "z.1f") if size >= 0.995 else printed(value, "z.2g"))


def probability(share: float) -> str:
    """A probability; one that rests on draws is never certain: ``> 99.9 %``."""
    if share > 0.999:
        return say("number.more_than", value=say("unit.percent", value="99.9"))
    if share >= 0.995:  # in whole per cent this would be certainty
        return say("unit.percent", value=f"{share * 100:.1f}")
    return say("number.less_than", value=say("unit.percent", value="0.1")) if share < 0.001 else percent(share)


def duration(hours: float) -> str:
    """Elapsed time in the unit that suits it: ``35 min``, ``4.2 h``, ``12 d``."""
    divisor, key = _time_unit(hours)
    value = hours / divisor
    tenths = 0 < abs(value) < 9.95 and key != "unit.min"
    return say(key, value=printed(value, "z.1f") if tenths else printed(value, "z,.0f"))


def _time_unit(hours: float) -> tuple[float, str]:
    if 0 < abs(hours) < 0.995:
        return 1 / 60, "unit.min"
    return (1.0, "unit.h") if abs(hours) < 47.95 else (24.0, "unit.d")


def period(span: int) -> str:
    """How long the time is that counts, in microseconds: ``30 months``, ``20 days``."""
    months = span / MICROSECONDS["mo"]
    if months >= 1.95:
        return say("unit.months", value=f"{round(months, 1):.3g}")
    return say("unit.days", value=f"{span / MICROSECONDS['d']:.3g}")


def date(day: dt.date) -> str:
    """A day: ``2026-04-01``, ``2026年4月1日``."""
    return say("number.date", year=f"{day.year:04}", month=day.month, day=day.day, iso=day.isoformat()[:10])


def estimate(
    leaf: Leaf,
    interval: bool = True,
    factor: float = 1.0,
    beside: float = 0.0,
    points: bool = False,
    fine: float = 0.0,
) -> str:
    """An estimate with half the width of its interval: ``7.65 ± 0.21``, ``48.0 ± 1.2 %``, ``41 ± 3 h``.

    One that ends at what is possible is written with its ends: ``13 (0 to 59) d``.

    Parameters
    ----------
    leaf : mapping or None
        The estimate; None gives a dash.
    interval : bool
        Whether to write the interval; one of no width is left out.
    factor : float
        Multiplies the figure, such as from leads in the window to leads a month.
    beside : float
        A figure that it stands beside, and whose unit of time or money it has if that is the larger one.
    points : bool
        Whether it is a difference, so that shares are in points of a hundred.
    fine : float
        Half the width of the narrowest interval among figures that add up, all of which have its digits.
    """
    if leaf is None:
        return DASH
    half = _half(leaf, 1.0) if interval else 0.0
    unit = unit_of(max(leaf["mean"], half, beside, key=abs), leaf["unit"], points, fine or half)
    mean = _clean(leaf["mean"] * factor / unit.divisor)
    half = _half(leaf, factor / unit.divisor) if interval else 0.0
    digits = unit.digits(mean, fine * factor / unit.divisor or half)
    if half and not fine and not round(mean, digits) and round(mean, digits + 1):
        digits += 1  # 40 M beside 1.7 B is 0.04 ± 1.70 B, as 0.0 would say that there is nothing
    if leaf["unit"] == "h" and not half and not fine:
        digits = min(digits, 2)  # nobody asks for less than a hundredth of a minute
    text = unit.figure(mean, digits)
    if unit.is_money and not half and not fine and not _is_some(text):
        return unit_of(0.0, leaf["unit"]).text("0")  # nought has no millions
    if half and is_cut(leaf):
        ends = (unit.figure(_clean(leaf[end] * factor / unit.divisor), digits) for end in ("low", "high"))
        text = say("number.cut", mean=text, span=say("number.span", low=next(ends), high=next(ends)))
    elif half:
        text = say("number.interval", mean=text, half=unit.figure(half, digits))
    return unit.text(text)


def is_cut(leaf: Leaf) -> bool:
    """Whether an interval ends at what is possible, so that its mean is not in its middle."""
    if leaf is None or leaf["low"] is None or leaf["high"] is None:
        return False
    low, mean, high = leaf["low"], leaf["mean"], leaf["high"]
    return bool(abs((high - mean) - (mean - low)) > CUT * (high - low))


def span(leaf: Leaf) -> str:
    """Where single runs lie: ``253,000 to 577,000``; a dash where that is not known.

    It is no mean with an error, so it has no ``±``: the estimate of a ratio need not lie in its middle.
    """
    if leaf is None or leaf["range_low"] is None or leaf["range_high"] is None:
        return DASH
    ends = leaf["range_low"], leaf["range_high"]
    unit = unit_of(max(ends, key=abs), leaf["unit"])
    low, high = (_clean(end / unit.divisor) for end in ends)
    size = max(abs(low), abs(high))
    digits = unit.digits(size, high - low if high - low > 1e-6 * size else 0.0)
    first, last = unit.figure(low, digits), unit.figure(high, digits)
    return unit.text(first if first == last else say("number.span", low=first, high=last))


def estimates(leaf: Leaf, ranges: bool, interval: bool = True) -> tuple[str, ...]:
    """The cells of an estimate: its mean, and on request where single runs lie."""
    return (estimate(leaf, interval), span(leaf)) if ranges else (estimate(leaf, interval),)


def is_zero(leaf: Leaf) -> bool:
    """Whether an estimate is 0, but for the last bits of its sums."""
    return leaf is not None and _clean(leaf["mean"]) == 0


def _clean(value: float) -> float:
    return 0.0 if abs(value) < NEGLIGIBLE else value


def signed(value: float, unit: str, half: float | None = None, beside: float = 0.0, fine: float = 0.0) -> str:
    """A difference with its sign, and half its interval on request; shares differ by points of a hundred."""
    before, text = _before(unit), size(value, unit, half, beside, fine)
    return f"{before}{with_sign(value, text.removeprefix(before))}"


def size(value: float, unit: str, half: float | None = None, beside: float = 0.0, fine: float = 0.0) -> str:
    """The size of a difference, without its sign."""
    large = abs(value)
    ends = (None, None) if half is None else (large - half, large + half)
    leaf = {"mean": large, "low": ends[0], "high": ends[1], "unit": unit}
    return estimate(leaf, beside=beside, points=True, fine=fine)


def _before(unit: str) -> str:
    """What stands before an amount and its sign in the language in force, such as 年 of 年+10万ドル."""
    _, period = money.split(unit)
    key = f"money.per.{period}" if period else SPOKEN.get(unit)
    return "" if key is None else say(key, value="\0").partition("\0")[0]


def with_sign(value: float, text: str) -> str:
    """The text of the size of a difference with the sign of the difference; none where its digits are all 0."""
    if not _is_some(text.partition("±")[0]):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def _is_some(text: str) -> bool:
    """Whether a figure has a digit that is not 0."""
    return re.search("[1-9]", text) is not None


def _half(leaf: Mapping[str, Any], factor: float) -> float:
    """Half the width of the interval; 0 where there is none, or none that could be shown."""
    if leaf["low"] is None or leaf["high"] is None:
        return 0.0
    half = abs((leaf["high"] - leaf["low"]) / 2 * factor)
    return half if half >= 0.0005 else 0.0


def _digits(mean: float, half: float, most: int = 3) -> int:
    """Decimals that leave two digits of the half-width, or else three of the mean, two where it is below a tenth.

    Below 0 for whole tens and more; ``most`` beside an interval.
    """
    if half:
        return min(most, 1 - math.floor(math.log10(half)))
    if abs(mean) < 0.001 or mean == int(mean):
        return 0
    size = math.floor(math.log10(abs(mean)))
    return min(2, max(0, 2 - size)) if size >= -1 else 1 - size
