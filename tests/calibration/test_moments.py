"""Files of dates in all the ways that programs and countries write them: read right, or refused with the line.

Each column holds the same moments of working days, so that one that was read in another way than it was written
would not agree with them.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from funnelsim.calibration.reading.refusing import CalibrationError
from funnelsim.calibration.reading.tables import Raw
from funnelsim.calibration.reading.times import Moments, read_moments

_BERLIN, _TOKYO = zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo("Asia/Tokyo")
_GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
_FRENCH = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


def moments(count: int = 60, seed: int = 3, late: bool = True) -> list[dt.datetime]:
    """Moments of working days from 9 to 17; without ``late`` days only up to the 12th."""
    rng = np.random.default_rng(seed)
    made: list[dt.datetime] = []
    while len(made) < count:
        day = dt.date(2025, 1, 6) + dt.timedelta(days=int(rng.integers(0, 420)))
        if day.weekday() < 5 and (late or day.day <= 12):
            second = int(rng.integers(9 * 3600, 17 * 3600))
            made.append(dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second))
    return made


def read(texts: list[str], **how: Any) -> Moments:
    """One column of a file."""
    frame = pd.DataFrame({"When": texts})
    return read_moments(Raw("f.csv", frame, ","), {"when": frame["When"]}, **how)["when"]


def as_days(at: list[dt.datetime]) -> np.ndarray:
    return np.array([(each - dt.datetime(1970, 1, 1)) / dt.timedelta(days=1) for each in at])


def _format(pattern: str) -> Callable[[dt.datetime], str]:
    return lambda at: at.strftime(pattern)


def _bare(pattern: str) -> Callable[[dt.datetime], str]:
    return lambda at: at.strftime(pattern).lstrip("0").replace("/0", "/").replace(".0", ".").replace(" 0", " ")


def _serial(at: dt.datetime) -> float:
    return (at - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)


def _utc(at: dt.datetime) -> dt.datetime:
    return at.replace(tzinfo=dt.UTC)


SECOND, MINUTE, DAY = 1 / 86_400, 1 / 1440, 1.0
RIGHT: dict[str, tuple[Callable[[dt.datetime], str], float, dict[str, str]]] = {
    "ISO date": (_format("%Y-%m-%d"), DAY, {}),
    "ISO with T": (_format("%Y-%m-%dT%H:%M:%S"), SECOND, {}),
    "ISO with a space": (_format("%Y-%m-%d %H:%M:%S"), SECOND, {}),
    "ISO to the minute": (_format("%Y-%m-%d %H:%M"), MINUTE, {}),
    "ISO with fractions": (_format("%Y-%m-%d %H:%M:%S.%f"), SECOND, {}),
    "ISO with comma fractions": (_format("%Y-%m-%dT%H:%M:%S,000"), SECOND, {}),
    "ISO of UTC": (_format("%Y-%m-%dT%H:%M:%SZ"), SECOND, {}),
    "Salesforce": (_format("%Y-%m-%dT%H:%M:%S.000+0000"), SECOND, {}),
    "ISO with an offset": (_format("%Y-%m-%dT%H:%M:%S+09:00"), SECOND, {}),
    "ISO with short offset": (_format("%Y-%m-%d %H:%M:%S+00"), SECOND, {}),
    "in a zone of summers": (lambda at: at.replace(tzinfo=_BERLIN).isoformat(), SECOND, {}),
    "UTC brought to Tokyo": (
        lambda at: at.replace(tzinfo=_TOKYO).astimezone(dt.UTC).isoformat(), SECOND, {"zone": "Asia/Tokyo"},
    ),
    "UTC brought to Berlin": (
        lambda at: at.replace(tzinfo=_BERLIN).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), SECOND,
        {"zone": "Europe/Berlin"},
    ),
    "y/m/d": (_format("%Y/%m/%d"), DAY, {}),
    "y/m/d bare": (_bare("%Y/%m/%d"), DAY, {}),
    "y/m/d h:m": (_bare("%Y/%m/%d %H:%M"), MINUTE, {}),
    "y.m.d": (_format("%Y.%m.%d"), DAY, {}),
    "yyyymmdd": (_format("%Y%m%d"), DAY, {}),
    "Japanese": (_bare("%Y年%m月%d日"), DAY, {}),
    "Japanese with a clock": (_format("%Y年%m月%d日 %H時%M分"), MINUTE, {}),
    "Japanese with a weekday": (lambda at: f"{at:%Y/%m/%d}({'月火水木金土日'[at.weekday()]})", DAY, {}),
    "Japanese full width": (
        lambda at: f"{at:%Y/%m/%d}".translate(str.maketrans("0123456789/", "０１２３４５６７８９／")), DAY, {},
    ),
    "Japanese half days": (
        lambda at: f"{at:%Y/%m/%d} {'午前' if at.hour < 12 else '午後'}{at.hour % 12}:{at:%M}", MINUTE, {},
    ),
    "Reiwa": (lambda at: f"令和{at.year - 2018}年{at.month}月{at.day}日", DAY, {}),
    "Reiwa short": (lambda at: f"R{at.year - 2018}.{at.month}.{at.day}", DAY, {}),
    "German": (_format("%d.%m.%Y"), DAY, {}),
    "German with a clock": (_format("%d.%m.%Y %H:%M"), MINUTE, {}),
    "German in words": (lambda at: f"{at.day}. {_GERMAN[at.month - 1]} {at.year}", DAY, {}),
    "French": (_format("%d/%m/%Y %H:%M:%S"), SECOND, {}),
    "French in words": (lambda at: f"{at.day} {_FRENCH[at.month - 1]} {at.year}", DAY, {}),
    "Dutch": (_format("%d-%m-%Y"), DAY, {}),
    "English in words": (_format("%d %b %Y"), DAY, {}),
    "American": (_bare("%m/%d/%Y"), DAY, {}),
    "American with halves": (_bare("%m/%d/%Y %I:%M %p"), MINUTE, {}),
    "American in words": (_format("%B %d, %Y"), DAY, {}),
    "two digits, order given": (_format("%m/%d/%y"), DAY, {"order": "mdy"}),
    "Excel serial": (lambda at: f"{int(_serial(at))}", DAY, {}),
    "Excel serial with hours": (lambda at: f"{_serial(at):.6f}", SECOND, {}),
    "Excel serial, comma": (lambda at: f"{_serial(at):.6f}".replace(".", ","), SECOND, {}),
    "epoch seconds": (lambda at: f"{_utc(at).timestamp():.0f}", SECOND, {}),
    "epoch milliseconds": (lambda at: f"{_utc(at).timestamp() * 1000:.0f}", SECOND, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_moments_are_read_as_they_were_written(name: str) -> None:
    written, exact, how = RIGHT[name]
    at = moments()
    column = read([*map(written, at), ""], **how)
    truth = as_days(at)
    assert np.isnan(column.days[-1])
    off = truth - column.days[:-1]
    assert (np.abs(off) < 0.51 * SECOND).all() if exact == SECOND else ((off > -1e-9) & (off < exact)).all()
    assert column.date_only == (exact == DAY)
    assert column.utc == (
        name in ("ISO of UTC", "Salesforce", "ISO with short offset") or name.startswith("epoch")
    )


_SHORT = moments(30, late=False)
REFUSED: dict[str, tuple[list[str], str]] = {
    "two formats": (
        ["2026-01-05", "2026-01-06", "07.01.2026"],
        r"line 4, When: '07.01.2026' is written otherwise",
    ),
    "hours in some": (["2026-01-05 10:00", "2026-01-06"], "line 3, When: '2026-01-06' has"),
    "day and month, few rows": (
        ["05/01/2026", "07/02/2026"],
        r"2026-01-05 or 2026-05-01.*`times: \{order: dmy\}` or",
    ),
    "both readings impossible": (["13/02/2026", "02/13/2026"], "is no date"),
    "no such day": (["2026-02-28", "2026-02-30"], "line 3, When: '2026-02-30' is no date"),
    "no such day in German": (["28.02.2026", "30.02.2026"], "line 3, When: '30.02.2026' is no date"),
    "no such hour": (["2026-01-05 10:00", "2026-01-05 25:10"], "line 3.*impossible time of day"),
    "a word": (["2026-01-05", "soon"], "line 3, When: 'soon'"),
    "a word first": (["soon", "2026-01-05"], "line 2, When: 'soon'"),
    "zones in some": (["2026-01-05T10:00:00Z", "2026-01-05T10:00:00"], "line 3.*time zone"),
    "halves in some": (["1/15/2026 9:10 AM", "1/16/2026 13:10"], "line 3.*AM or PM"),
    "a year of the past": (["2026-01-05", "0206-01-05"], "line 3"),
    "serials and dates": (["46027", "2026-01-05"], "line 3"),
    "unknown month": (["5 Jan 2026", "5 Foo 2026"], "line 3.*is no date"),
    "two digits": ([f"{at:%d/%m/%y}" for at in moments(5)], r"`times: \{order: "),
    "order given and impossible": (["13/02/2026"], "as m.d.y"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_sure_is_refused_with_its_line(name: str) -> None:
    texts, said = REFUSED[name]
    how = {"order": "mdy"} if name.startswith("order given") else {}
    with pytest.raises(
        CalibrationError, match=f"(?s)f.csv line .*{said}" if "line" not in said else f"(?s)f.csv {said}"
    ):
        read(texts, **how)


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"])
def test_day_or_month_is_told_by_weekends_where_no_date_is_impossible(pattern: str) -> None:
    at = moments(40, late=False)
    column = read([each.strftime(pattern) for each in at])
    assert column.why == "weekends"
    assert (column.days == np.floor(as_days(at))).all()


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%m/%d/%Y"])
def test_day_or_month_is_told_by_what_begins_before_it_ends(pattern: str) -> None:
    rng = np.random.default_rng(1)
    begin = [dt.date(2025, int(rng.integers(1, 10)), int(rng.integers(1, 13))) for _ in range(20)]
    end = [day.replace(month=day.month + int(rng.integers(1, 3)), day=int(rng.integers(1, 13))) for day in begin]
    frame = pd.DataFrame({"a": [d.strftime(pattern) for d in begin], "b": [d.strftime(pattern) for d in end]})
    column = read_moments(Raw("f.csv", frame, ","), {"a": frame["a"], "b": frame["b"]}, pairs=[("a", "b")])
    assert {column[each].why for each in "ab"} <= {"order", "weekends"}
    assert column["a"].days.tolist() == [(day - dt.date(1970, 1, 1)).days for day in begin]


def test_a_column_follows_another_one_of_the_same_file() -> None:
    frame = pd.DataFrame({"a": ["13/02/2026", "01/03/2026"], "b": ["05/03/2026", "06/03/2026"]})
    column = read_moments(Raw("f.csv", frame, ","), {each: frame[each] for each in "ab"})
    assert column["b"].why == "like"
    assert column["b"].order == "dmy"


def test_no_reading_by_chance_is_wrong() -> None:
    """Of small files of any order, each is read right or refused."""
    wrong = refused = 0
    for seed in range(150):
        at = moments(12 + seed % 20, seed, late=False)
        pattern = ("%d/%m/%Y", "%m/%d/%Y")[seed % 2]
        try:
            days = read([each.strftime(pattern) for each in at]).days
        except CalibrationError:
            refused += 1
            continue
        wrong += not (days == np.floor(as_days(at))).all()
    assert wrong == 0
    assert refused < 100
