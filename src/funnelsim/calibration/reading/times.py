"""Columns of moments: one format a column, found on all rows, or an error that says what to write.

A column is read in one shape. Where day and month may be either way round, the order is, in this turn,

1. what the mapping says (``times: {order: dmy}``);
2. the only one in which no date is impossible;
3. that of another column of the same file, written alike, in which only one is possible;
4. day first where dots part them, as nobody writes months first with dots;
5. the one in which clearly more rows begin before they end;
6. the one that leaves far fewer dates on weekends, where that is very unlikely to be chance.

Otherwise it is refused. Nothing is read row by row in different ways.
"""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .refusing import CalibrationError, shown
from .shapes import DAY, EARLIEST, LATEST, Misfit, Shaped, shape_of, shaped
from .tables import Raw

Floats = NDArray[np.float64]

MISSING = frozenset(
    [
        "null",
        "none",
        "n/a",
        "na",
        "nan",
        "nat",
        "-",
        "--",
        "---",
        "(null)",
        "#n/a",
        "\\n",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "(blank)",
        "not set",
        "no value",
        "0",
        "未定",
        "なし",
    ]
)
"""What stands in a cell of a moment where there is none."""

_FAR = ("9999-12-31", "1900-01-01", "0001-01-01", "1753-01-01", "1899-12-30")
WEEKEND_DATES = 5
"""So many more dates on weekends tell the wrong reading.

Were 1 in 12 dates on weekends in one reading and 2 in 7 in the other, each would make the odds 4.6 times as large,
and five 2,000 times."""
_FEW_WEEKENDS = 0.15
_CLEARLY = 3


@dataclass(frozen=True, eq=False)
class Moments:
    """One column of moments.

    Parameters
    ----------
    header : str
        The column of the file.
    days : array
        Days since 1970-01-01 of the local clock; nan where there is none.
    words : str
        How they are written, such as ``d.m.y h:m``.
    order : str
        ``ymd``, ``dmy`` or ``mdy``.
    why : str
        How the order was found; empty where it cannot be another.
    date_only : bool
        Whether they have no hours.
    utc : bool
        Whether they are in UTC, because no zone is known.
    """

    header: str
    days: Floats
    words: str
    order: str
    why: str
    date_only: bool
    utc: bool


@dataclass(frozen=True, eq=False)
class _Open:
    """A column before its order is known: values by place, and the rows that have them."""

    header: str
    codes: NDArray[np.int64]
    shape: Shaped
    texts: Sequence[str]

    def days(self, order: str) -> Floats:
        values = np.append(self.shape.readings[order], np.nan)
        return values[self.codes]


def read_moments(
    raw: Raw,
    columns: dict[str, pd.Series],
    *,
    order: str = "",
    zone: str = "",
    pairs: Sequence[tuple[str, str]] = (),
) -> dict[str, Moments]:
    """Columns of one file as moments.

    Parameters
    ----------
    raw : Raw
        The file, for messages.
    columns : dict
        Text by name; the index of each holds rows of the file.
    order, zone : str
        What the mapping says of them; empty if nothing.
    pairs : sequence of pairs of names
        Columns of which the first is never later than the second.

    Raises
    ------
    CalibrationError
        With the line, and what to write.
    """
    opened = {name: _opened(raw, column) for name, column in columns.items()}
    made: dict[str, Moments] = {}
    for name, column in columns.items():
        at = opened[name]
        if at is None:
            made[name] = Moments(str(column.name), np.full(len(column), np.nan), "", "ymd", "", False, False)
            continue
        way, why = _settled(raw, name, column, opened, order, pairs)
        made[name] = _local(at, way, why, zone)
    return made


def looks_like_moments(values: Sequence[str]) -> float:
    """The share of texts that are moments, alone or among numbers; empty ones do not count."""
    texts = [text for each in values if (text := _plain(each)) and not _missing(text)]
    return sum(shape_of(text) is not None for text in texts) / len(texts) if texts else 0.0


def _plain(text: str) -> str:
    return text if text.isascii() else " ".join(unicodedata.normalize("NFKC", text).split())


def _missing(text: str) -> bool:
    return text.casefold() in MISSING or text.startswith(_FAR)


def _opened(raw: Raw, column: pd.Series) -> _Open | None:
    codes, uniques = pd.factorize(column.to_numpy(dtype=object))
    texts = [_plain(each) for each in uniques.tolist()]
    kept = np.array([bool(each) and not _missing(each) for each in texts], dtype=bool)
    if not kept.any():
        return None
    places = np.where(kept, np.cumsum(kept) - 1, -1)
    texts = [each for each, keep in zip(texts, kept.tolist(), strict=True) if keep]
    codes = places[codes]
    try:
        return _Open(str(column.name), codes, _iso(texts) or shaped(texts), texts)
    except Misfit as wrong:
        raise _misfit(raw, column, codes, texts, wrong) from None


def _iso(texts: list[str]) -> Shaped | None:
    """The commonest shape, quickly; None if it is not that throughout."""
    marks = {(len(each), each[-1:], each[10:11]) for each in texts}
    if len(marks) > 1 and len({(mark[0], mark[1] == "Z", mark[2]) for mark in marks}) > 1:
        return None
    length = len(texts[0])
    if shape_of(texts[0]) != "y-m-d" or texts[0][4] != "-" or length not in (10, 16, 19, 20):
        return None
    utc = texts[0].endswith("Z")
    try:
        moments = np.array([each.rstrip("Z") for each in texts], dtype="datetime64[s]")
    except ValueError:
        return None
    days = moments.astype(np.int64) / DAY
    years = moments.astype("datetime64[Y]").astype(np.int64) + 1970
    if years.min() < EARLIEST or years.max() > LATEST:
        return None
    return Shaped("y-m-d", {"ymd": days}, {}, length > 10, np.zeros(len(texts)) if utc else None, "-")


def _misfit(raw: Raw, column: pd.Series, codes: Any, texts: Sequence[str], wrong: Misfit) -> CalibrationError:
    row = column.index[int(np.flatnonzero(codes == wrong.at)[0])]
    first = column.index[int(np.flatnonzero(codes == 0)[0])]
    above = f"; line {raw.line(first)} has {shown(texts[0])}" if wrong.at else ""
    return CalibrationError(
        f"{raw.name} line {raw.line(row)}, {column.name}: {shown(texts[wrong.at])} {wrong.why}{above}. A column "
        "is "
        "written in one way: mend these cells, or export it again with one format",
        code="E-data-moment",
    )


def _settled(
    raw: Raw,
    name: str,
    column: pd.Series,
    opened: dict[str, _Open | None],
    order: str,
    pairs: Sequence[tuple[str, str]],
) -> tuple[str, str]:
    """The order of day and month, and how it was found."""
    at = opened[name]
    assert at is not None
    ways = list(at.shape.readings)
    both = len(ways) + len(at.shape.impossible) > 1
    if both and order:
        if order not in ways:
            raise _impossible(raw, column, at, order)
        return order, "mapping"
    if not ways:
        raise _impossible(raw, column, at, min(at.shape.impossible, key=lambda way: -at.shape.impossible[way]))
    if len(ways) == 1:
        return ways[0], "possible" if both else ""
    alike = [
        other
        for other in opened.values()
        if other is not None and (other.shape.shape, other.shape.mark) == (at.shape.shape, at.shape.mark)
    ]
    sure = {next(iter(other.shape.readings)) for other in alike if len(other.shape.readings) == 1}
    if len(sure) == 1 and (way := sure.pop()) in ways:
        return way, "like"
    if at.shape.mark == "." and at.shape.shape == "a-b-y":
        return "dmy", "dots"
    if (way := _by_order(opened, alike, ways, pairs)) or (way := _by_weekends(alike, ways)):
        return way, "order" if _by_order(opened, alike, ways, pairs) else "weekends"
    raise _undecided(raw, column, at, ways)


def _by_order(
    opened: dict[str, _Open | None], alike: list[_Open], ways: list[str], pairs: Sequence[tuple[str, str]]
) -> str:
    """The reading in which clearly more rows begin before they end; empty if none."""
    turned = dict.fromkeys(ways, 0)
    rows = 0
    for first, last in pairs:
        one, other = opened.get(first), opened.get(last)
        if one is None or other is None or not any(each is one or each is other for each in alike):
            continue
        for way in ways:
            begin, end = (
                each.days(way if way in each.shape.readings else next(iter(each.shape.readings)))
                for each in (one, other)
                if each.shape.readings
            )
            turned[way] += int((np.floor(begin) > np.floor(end)).sum())
        rows += int((~np.isnan(begin) & ~np.isnan(end)).sum())
    best, second = sorted(ways, key=lambda way: turned[way])[:2]
    clear = turned[second] - turned[best] >= max(_CLEARLY, 0.01 * rows) and turned[best] <= 0.02 * rows
    return best if clear and turned[second] >= 4 * turned[best] else ""


def _by_weekends(alike: list[_Open], ways: list[str]) -> str:
    dates = {
        way: np.unique(
            np.concatenate([np.floor(each.shape.readings[way]) for each in alike if way in each.shape.readings])
        )
        for way in ways
    }
    # 1970-01-01 was a Thursday, so that Saturdays leave 2 and Sundays 3.
    weekends = {way: int(np.isin(days % 7, (2, 3)).sum()) for way, days in dates.items()}
    best, second = sorted(ways, key=lambda way: weekends[way])[:2]
    few = weekends[best] <= _FEW_WEEKENDS * len(dates[best])
    return best if few and weekends[second] - weekends[best] >= WEEKEND_DATES else ""


def _impossible(raw: Raw, column: pd.Series, at: _Open, order: str) -> CalibrationError:
    place = at.shape.impossible[order]
    row = column.index[int(np.flatnonzero(at.codes == place)[0])]
    read = f" as {'.'.join(order)}" if len(at.shape.impossible) + len(at.shape.readings) > 1 else ""
    other = next((way for way in at.shape.readings), "")
    remedy = f"; write in the mapping `times: {{order: {other}}}`" if other else "; mend the cell"
    return CalibrationError(
        f"{raw.name} line {raw.line(row)}, {column.name}: {shown(at.texts[place])} is no date{read}{remedy}",
        code="E-data-moment",
    )


def _undecided(raw: Raw, column: pd.Series, at: _Open, ways: list[str]) -> CalibrationError:
    differs = next(
        (place for place in range(len(at.texts)) if len({at.shape.readings[way][place] for way in ways}) > 1), 0
    )
    row = column.index[int(np.flatnonzero(at.codes == differs)[0])]
    readings = " or ".join(str(np.datetime64(int(np.floor(at.shape.readings[way][differs])), "D")) for way in ways)
    lines = " or ".join(f"`times: {{order: {way}}}`" for way in ways)
    return CalibrationError(
        f"{raw.name} line {raw.line(row)}, {column.name}: {shown(at.texts[differs])} may be {readings}, and "
        "nothing "
        f"in the file tells which; write in the mapping {lines}",
        code="E-data-order",
    )


def _local(at: _Open, way: str, why: str, zone: str) -> Moments:
    """The column on the local clock."""
    shape = at.shape
    days, utc = shape.readings[way], False
    offset = shape.offset
    if offset is not None:
        written = set(np.round(offset, 4).tolist())
        local = 0.0 not in written and max(written) - min(written) <= 1.0
        if zone:
            days = in_zone(days - offset / 24, zone)
        elif not local:
            days, utc = days - offset / 24, True
    codes = at.codes
    days = np.append(days, np.nan)[codes]
    known = days[~np.isnan(days)]
    whole = shape.clock and len(known) >= 20 and bool((known % 1 == 0).all())
    return Moments(at.header, days, _words(shape, way), way, why, not shape.clock or whole, utc)


def in_zone(days: Floats, zone: str) -> Floats:
    """Moments of UTC on the clock of a zone."""
    stamps = pd.DatetimeIndex((np.round(days * DAY * 1000)).astype("datetime64[ms]"), tz="UTC")
    local = stamps.tz_convert(zoneinfo.ZoneInfo(zone)).tz_localize(None)
    return local.to_numpy().astype("datetime64[ms]").astype(np.int64) / (DAY * 1000)


def _words(shape: Shaped, way: str) -> str:
    clock = " h:m" if shape.clock else ""
    zone = " zone" if shape.offset is not None and not shape.shape.startswith("epoch") else ""
    if shape.shape in ("a-b-y", "a-b-c"):
        return f"{shape.mark.join(way)}{clock}{zone}"
    if shape.shape == "y-m-d":
        return f"{shape.mark.join('ymd')}{clock}{zone}"
    if shape.shape == "serial" or shape.shape.startswith("epoch"):
        return shape.shape
    return f"{shape.shape}{clock}{zone}"
