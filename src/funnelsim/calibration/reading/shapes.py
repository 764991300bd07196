"""How moments are written: the shapes of dates and times, each read strictly.

A shape never guesses a single value: it fits all values of a column or is not that of the column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DAY = 86_400.0
EARLIEST, LATEST = 1980, 2100
"""Years of dates that a firm may have written; others count as impossible."""

MONTHS = {
    name: at % 12 + 1
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sep oct nov dic",
    )
    for at, name in enumerate(names.split())
}
"""Names of months in English, German, French and Spanish."""

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_CLOCK = (
    r"(?:(?:T|,?\s+|(?<=日))(?P<am>午前|午後)?(?P<H>\d{1,2})[:時](?P<M>\d\d)分?(?::?(?P<S>\d\d)秒?)?(?:[.,]\d{1,9})?"
    r"(?:\s?(?P<pm>[AaPp]\.?\s?[Mm]\.?))?)?\s?(?P<z>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
)
_WEEKDAY = r"(?:\s?[(（][月火水木金土日][)）])?"
_EDGES = r"(?:[A-Za-z]{3}, )?"
_DATES = {
    "y-m-d": r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})",
    "y年m月d日": r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
    "era": (
        r"(?P<era>令和|平成|R|H)\s?(?P<y>\d{1,2}|元)(?:年|(?P<s>[-/.]))(?P<m>\d{1,2})(?:月|(?P=s))"
        r"(?P<d>\d{1,2})日?"
    ),
    "yyyymmdd": r"(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)",
    "a-b-y": r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})",
    "a-b-c": r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<c>\d{2})",
    "d mon y": r"(?P<d>\d{1,2})\.?[- ](?P<mon>[^\W\d_]+)\.?,?[- ](?P<y>\d{4})",
    "mon d, y": r"(?P<mon>[^\W\d_]+)\.?\s(?P<d>\d{1,2}),?\s(?P<y>\d{4})",
}
_NUMBERS = {
    "serial": r"\d{5}(?:[.,]\d+)?",
    "epoch s": r"\d{9,10}(?:\.\d+)?",
    "epoch ms": r"\d{12,13}",
    "epoch us": r"\d{15,16}",
}
_PATTERNS = {name: re.compile(_EDGES + date + _WEEKDAY + _CLOCK) for name, date in _DATES.items()} | {
    name: re.compile(number) for name, number in _NUMBERS.items()
}
_ORDERS = {"a-b-y": ("dmy", "mdy"), "a-b-c": ("dmy", "mdy", "ymd")}


@dataclass(frozen=True)
class Misfit(Exception):  # noqa: N818 - a place, told as an error by who knows the file
    """The place of the first value that does not fit, and why."""

    at: int
    why: str


@dataclass(frozen=True, eq=False)
class Shaped:
    """Values of one shape, by each order of day and month in which none of them is impossible.

    Parameters
    ----------
    shape : str
        Its name.
    readings : dict
        Days since 1970-01-01, local where the clock is local, by order.
    impossible : dict
        The place of the first impossible date of the other orders.
    clock : bool
        Whether there are hours.
    offset : array or None
        Hours that the clock is ahead of UTC, where that is written.
    mark : str
        The sign between day and month.
    """

    shape: str
    readings: dict[str, NDArray[np.float64]]
    impossible: dict[str, int]
    clock: bool
    offset: NDArray[np.float64] | None
    mark: str = ""


def shape_of(value: str) -> str | None:
    """The name of the shape of one value; None if it is no moment."""
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(value)), None)


def shaped(values: Sequence[str]) -> Shaped:
    """All values of a column.

    Raises
    ------
    Misfit
        If one of them has another shape than the first.
    """
    shape = shape_of(values[0])
    if shape is None:
        raise Misfit(0, "is no date that is read here")
    pattern = _PATTERNS[shape]
    found = [pattern.fullmatch(value) for value in values]
    wrong = next((at for at, each in enumerate(found) if each is None), None)
    if wrong is not None:
        raise Misfit(wrong, "is written otherwise than the dates above it")
    if shape in _NUMBERS:
        return _of_numbers(shape, values)
    fields = _fields(found)
    clock, offset = _clock(fields), _offset(fields)
    readings, impossible = {}, {}
    for order in _ORDERS.get(shape, ("ymd",)):
        days = _days(shape, fields, order)
        bad = np.flatnonzero(np.isnan(days))
        if len(bad):
            impossible[order] = int(bad[0])
        else:
            readings[order] = days + clock
    has_clock = fields["H"][0] is not None
    return Shaped(shape, readings, impossible, has_clock, offset, (fields.get("s") or [""])[0] or "")


def _fields(found: Sequence[Any]) -> dict[str, list[Any]]:
    names = list(found[0].groupdict())
    rows = [each.groups() for each in found]
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _alike(column: list[Any], why: str) -> bool:
    """Whether a part is there in all; raises `Misfit` if it is in some."""
    there = column[0] is not None
    odd = next((at for at, each in enumerate(column) if (each is not None) != there), None)
    if odd is not None:
        raise Misfit(odd, why)
    return there


def _clock(fields: dict[str, list[Any]]) -> NDArray[np.float64]:
    """Parts of the day."""
    if not _alike(fields["H"], "has hours where others have none, or none where others have"):
        return np.zeros(len(fields["H"]))
    hours, minutes = _ints(fields["H"]), _ints(fields["M"])
    seconds = _ints([each or "0" for each in fields["S"]])
    half = "pm" if fields["pm"][0] is not None else "am"
    twelve = _alike(fields[half], "has no AM or PM where others have one")
    late = np.array([bool(each) and (each[0] in "pP" or each == "午後") for each in fields[half]])
    low, high = (0 if half == "am" else 1, 12) if twelve else (0, 23)
    bad = np.flatnonzero((hours < low) | (hours > high) | (minutes > 59) | (seconds > 60))
    if len(bad):
        raise Misfit(int(bad[0]), "has an impossible time of day")
    if twelve:
        hours = hours % 12 + 12 * late
    return (hours * 3600 + minutes * 60 + seconds) / DAY


def _offset(fields: dict[str, list[Any]]) -> NDArray[np.float64] | None:
    if not _alike(fields["z"], "has no time zone where others have one"):
        return None
    known = {each: _hours_of(each) for each in set(fields["z"])}
    return np.array([known[each] for each in fields["z"]])


def _hours_of(text: str) -> float:
    if text in ("Z", "UTC", "GMT"):
        return 0.0
    digits = text[1:].replace(":", "")
    return (1 if text[0] == "+" else -1) * (int(digits[:2]) + int(digits[2:] or 0) / 60)


def _ints(column: Sequence[str]) -> NDArray[np.int64]:
    return np.array(column, dtype=np.int64)


def _days(shape: str, fields: dict[str, list[Any]], order: str) -> NDArray[np.float64]:
    """Days since 1970-01-01; nan where there is no such date."""
    if shape == "a-b-c":
        parts = dict(zip(order, (fields["a"], fields["b"], fields["c"]), strict=True))
        return civil(2000 + _ints(parts["y"]), _ints(parts["m"]), _ints(parts["d"]))
    if shape == "a-b-y":
        parts = dict(zip(order[:2], (fields["a"], fields["b"]), strict=True))
        return civil(_ints(fields["y"]), _ints(parts["m"]), _ints(parts["d"]))
    if "mon" in fields:
        months = np.array([MONTHS.get(each.casefold(), 0) for each in fields["mon"]])
        return civil(_ints(fields["y"]), months, _ints(fields["d"]))
    if shape == "era":
        begin = np.array([_ERAS[each] for each in fields["era"]])
        years = begin + _ints(["1" if each == "元" else each for each in fields["y"]])
        return civil(years, _ints(fields["m"]), _ints(fields["d"]))
    return civil(_ints(fields["y"]), _ints(fields["m"]), _ints(fields["d"]))


def civil(years: NDArray[np.int64], months: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.float64]:
    """Days since 1970-01-01 of dates; nan where there is no such date, or in no year of a firm's records."""
    right = (months >= 1) & (months <= 12) & (days >= 1) & (years >= EARLIEST) & (years <= LATEST)
    safe = np.where(right, months, 1)
    first = (np.where(right, years, 1970) - 1970) * 12 + safe - 1
    begin = first.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    end = (first + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    right &= days <= end - begin
    return np.where(right, begin + days - 1.0, np.nan)


def _of_numbers(shape: str, values: Sequence[str]) -> Shaped:
    number = np.array([value.replace(",", ".") for value in values], dtype=np.float64)
    if shape == "serial":  # days since 1899-12-30, as spreadsheets count after February 1900
        days, offset = number - 25_569.0, None
        days = np.round(days * DAY) / DAY
    else:
        days = number / {"epoch s": 1.0, "epoch ms": 1e3, "epoch us": 1e6}[shape] / DAY
        offset = np.zeros(len(values))
    low, high = (np.datetime64(f"{year}-01-01").astype(np.int64) for year in (EARLIEST, LATEST))
    bad = np.flatnonzero((days < low) | (days >= high))
    if len(bad):
        return Shaped(shape, {}, {"ymd": int(bad[0])}, True, offset)
    return Shaped(shape, {"ymd": days}, {}, bool((days % 1 != 0).any()), offset)
