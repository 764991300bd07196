"""From exports to a `History`: the whole way, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..cutting import cut
from ..history import History
from . import checking, windows
from .book import Book
from .hiding import NOBODY
from .joining import joined
from .loading import Loaded, load
from .mapping import Mapping, read_mapping
from .numbering import EPOCH, columns_of
from .refusing import CalibrationError
from .stays import MOST_STAGES, level_of, named, stays, tidy, with_activities
from .tables import Raw, read_raw

Files = str | Path | Sequence[str | Path]
_ENTRIES = ("entered_at", "at")
_ENDS = ("left_at", "closed_at", "won_at", "lost_at")


@dataclass(frozen=True, eq=False)
class Read:
    """A history, and what it was made of, for the first look."""

    history: History
    loaded: Loaded
    book: Book
    raws: tuple[Raw, ...]
    mapping: Mapping


def read_history(
    files: Files, mapping: Any = None, *, as_of: dt.date | str | None = None, since: dt.date | str | None = None
) -> History:
    """What a firm's exports tell of its deals.

    Parameters
    ----------
    files : path or sequence of paths
        Exports of one firm: CSV, Excel workbooks or Parquet. They are recognised by their columns.
    mapping : Mapping, path, dict or None
        What cannot be recognised, as in a mapping file.
    as_of : date or text, optional
        The last day that is looked at; default the last of the data.
    since : date or text, optional
        The first day that is looked at; default the first from which all is recorded.

    Returns
    -------
    History
        Without ids, names, accounts and free texts.

    Raises
    ------
    CalibrationError
        If something in the files is not sure, with the line and what to write in the mapping.
    ScenarioError
        If the mapping is wrong, with the place of each mistake.
    """
    return read_all(files, mapping, as_of=as_of, since=since).history


def read_all(
    files: Files, mapping: Any = None, *, as_of: dt.date | str | None = None, since: dt.date | str | None = None
) -> Read:
    """The same with what it was made of; see `read_history`."""
    known = read_mapping(mapping)
    paths = [files] if isinstance(files, str | Path) else list(files)
    if not paths:
        raise CalibrationError("no file is given", code="E-data-file")
    raws = tuple(read_raw(path) for path in paths)
    loaded = load(raws, known)
    book = joined(loaded, known)
    _ignored(book, known)
    last, first = _day(as_of, "as_of"), _day(since, "since")
    history = _history(loaded, book, raws, known, last, first)
    return Read(history, loaded, book, raws, known)


def _day(of: dt.date | str | None, name: str) -> float | None:
    if of is None:
        return None
    try:
        day = of if isinstance(of, dt.date) else dt.date.fromisoformat(str(of).strip())
    except ValueError:
        raise CalibrationError(
            f"{name}: expected a date such as 2026-03-31, found {of!r}", code="E-value-date"
        ) from None
    return float((day - EPOCH).days)


def _ignored(book: Book, mapping: Mapping) -> None:
    """Leave out what the mapping says."""
    deals, ignore = book.deals, mapping.ignore
    if ignore.before is not None:
        old = deals.index[deals["created_at"] < (ignore.before - EPOCH).days]
        windows._without(book, old, "ignored_before", "Deals created before the day in the mapping are left out.")
    unknown = [each for each in ignore.owners if each not in set(book.deals["owner"]) | set(book.entries["owner"])]
    if unknown:
        raise CalibrationError(
            f"ignore.owners: no deal has the owner {unknown[0]!r}; write the name as the export has it",
            code="E-name-unknown",
        )
    theirs = book.deals.index[book.deals["owner"].isin(ignore.owners)]
    windows._without(book, theirs, "ignored_owners", "Deals of owners in the mapping's `ignore` are left out.")
    book.entries["owner"] = book.entries["owner"].where(~book.entries["owner"].isin(ignore.owners), "")


def _history(
    loaded: Loaded, book: Book, raws: tuple[Raw, ...], mapping: Mapping, last: float | None, first: float | None
) -> History:
    single = book.level == 0
    entry_dates = loaded.date_only("created_at") if single else loaded.date_only(*_ENTRIES)
    end_dates = loaded.date_only(*_ENDS) if single else entry_dates
    windows.undated(book)
    windows.turned(book, entry_dates or end_dates)
    end = _end(book, loaded)
    quiet = windows.no_losses(book, mapping, end)
    windows.zombies(book, mapping, end)
    windows.window(book, end)
    windows.untracked(book)
    tidy(book, mapping, entry_dates)
    if not len(book.deals):
        raise CalibrationError("no deal is left of these files that can be used", code="E-data-empty")
    names = named(book, mapping)
    _countable(names)
    made = with_activities(stays(book), loaded, book, names, mapping)
    level = level_of(made, book)
    made = checking.bulk(book, made, mapping, end_dates)
    made["owner"] = made["owner"].where(~made["owner"].str.casefold().isin(NOBODY), "")
    system = checking.system_owners(book, made, mapping, entry_dates)
    made["owner"] = made["owner"].where(~made["owner"].isin(system), "")
    _checked(loaded, book, made, names, mapping, entry_dates)
    begin = windows.left_truncation(book, mapping)
    origin = float(np.floor(book.deals["created"].min()))
    start = first if first is not None else np.floor(begin) if begin is not None else origin
    checking.regime(book, start, end, origin)
    dates = _dates(loaded, entry_dates, end_dates)
    if dates:
        words = (
            "Moments have days without hours, so that times are known to a day and there is no pattern by the "
            "hour."
        )
        book.note("date_only", len(made), words, "Export moments with hours.")
    history = columns_of(loaded, book, made, names, mapping, raws, origin, end)
    history = replace(
        history,
        start=start - origin,
        level=level,
        date_only=dates,
        currency=_currency(loaded),
        findings=tuple(book.findings),
    )
    return _until(history, end - quiet if quiet else None, last, origin)


def _until(history: History, moved: float | None, last: float | None, origin: float) -> History:
    """The history up to the day that is asked for, or that its ends allow."""
    ends = [each for each in (moved, None if last is None else last + 1) if each is not None]
    if ends and min(ends) - origin < history.as_of:
        if min(ends) - origin <= history.start:
            raise CalibrationError(
                "nothing lies between the first and the last day that is asked for", code="E-range-order"
            )
        return cut(history, min(ends) - origin)
    return history


def _countable(names: tuple[str, ...]) -> None:
    if len(names) > MOST_STAGES:
        raise CalibrationError(
            f"there are {len(names)} stages, and a line may have {MOST_STAGES}; is the column for `stage` the "
            "right one? "
            "Write in the mapping `columns: {stage: NAME}`, or merge stages under `stages:`",
            code="E-data-stages",
        )


def _checked(
    loaded: Loaded, book: Book, made: pd.DataFrame, names: tuple[str, ...], mapping: Mapping, dates: bool
) -> None:
    checking.amounts(book, mapping, loaded.currencies)
    checking.owners(book, made)
    checking.thinned(book, loaded)
    checking.few(book, made, names)
    checking.clocks(book, made, loaded.utc, dates, mapping.times.zone)
    if loaded.widths:
        width, days = loaded.widths
        words = (
            f"Stages were seen on {days} days: changes lie somewhere between two of them, {width:.1f} days apart "
            "on average, "
            "and are taken at the middle."
        )
        book.note(
            "between_snapshots",
            len(book.entries),
            words,
            "Export more often, or the history of stages.",
            "warning",
        )


def _end(book: Book, loaded: Loaded) -> float:
    """The midnight after the last moment that is recorded; plans do not count."""
    deals, entries = book.deals, book.entries
    last = [deals["closed"].max(), deals["created"].max(), entries["at"].max(), entries["last_touch"].max()]
    last += [deals["recorded_at"].max()]
    if "activities" in loaded.tables:
        last.append(loaded.tables["activities"]["at"].max())
    return float(np.floor(np.nanmax(np.array(last, dtype=float))) + 1)


def _dates(loaded: Loaded, entries: bool, ends: bool) -> frozenset[str]:
    known = {
        "created": loaded.date_only("created_at", *_ENTRIES),
        "entered": entries,
        "left": ends,
        "closed": ends,
    }
    return frozenset(name for name, whole in known.items() if whole)


def _currency(loaded: Loaded) -> str:
    found = {each for each in loaded.currencies if len(each) == 3 and each.isascii() and each.isupper()}
    return found.pop() if len(found) == 1 and len(loaded.currencies) == 1 else ""
