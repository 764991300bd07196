"""All tables together: what is known of each deal, and the stages it entered."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..findings import Finding
from ..history import LOST, OPEN, WON
from .book import TEXTS, UNKNOWN, Book, closing
from .entering import closings, entries_of, single, with_first
from .loading import Loaded
from .mapping import Mapping
from .refusing import CalibrationError

_STATE_CODES = {"0": OPEN, "1": WON, "2": LOST}
_TIMES = ("created_at", "closed_at", "won_at", "lost_at", "recorded_at", "first_touch", "last_touch")


def joined(loaded: Loaded, mapping: Mapping) -> Book:
    """What is known of each deal.

    Raises
    ------
    CalibrationError
        If nothing says which deals were won.
    """
    book = Book(_deals(loaded), pd.DataFrame(), {}, {}, list(loaded.findings))
    ends = _probable(book.deals, mapping)
    entries = entries_of(loaded, book, mapping)
    _outcomes(book, mapping, ends)
    if len(entries):
        book.level = 1
        entries = with_first(entries, book)
        closings(entries, book, mapping, ends)
    else:
        book.entries = single(book)
    _known_ends(book, mapping)
    return book


# --- deals ---------------------------------------------------------------------------------------------------


def _deals(loaded: Loaded) -> pd.DataFrame:
    """One row a deal, the last that is known in each column."""
    parts = [loaded.tables[kind] for kind in ("deals", "process") if kind in loaded.tables]
    every = pd.DataFrame({"id": pd.Series(dtype=np.int64)}) if not parts else pd.concat(parts, ignore_index=True)
    twice = sum(int(part.drop_duplicates().duplicated("id").sum()) for part in parts)
    same = sum(int(part.duplicated().sum()) for part in parts)
    if twice + same:
        words = (
            f"Deals stand more than once: {same:,} rows alike, {twice:,} that differ. The last known values are "
            "used."
        )
        loaded.findings.append(
            Finding("duplicates", "warning" if twice else "note", twice + same, words, "Export each deal once.")
        )
    if "recorded_at" in every and twice:
        every = every.sort_values("recorded_at", kind="stable", na_position="first")
    for name in TEXTS:
        if name in every:
            every[name] = every[name].replace("", np.nan)
    deals = every.groupby("id").last() if every["id"].duplicated().any() else every.set_index("id")
    for name in TEXTS:
        deals[name] = deals[name].fillna("").astype(str) if name in deals else ""
    for name in (*_TIMES, "amount", "touches", "minutes"):
        deals[name] = deals[name].astype(float) if name in deals else np.nan
    return deals


def _probable(deals: pd.DataFrame, mapping: Mapping) -> dict[str, int]:
    """Stages that mean an end by their probability, as some programs tell it."""
    if "probability" not in deals or mapping.closed.won or mapping.closed.lost:
        return {}
    share = pd.to_numeric(deals["probability"].astype(str).str.rstrip("% ").str.replace(",", "."), errors="coerce")
    share = share.where(share <= 1, share / 100)
    by = share.groupby(deals["stage"])
    ends = dict.fromkeys(by.min().index[by.min() >= 1], WON)
    ends |= dict.fromkeys(by.max().index[by.max() <= 0], LOST)
    ends.pop("", None)
    return ends


def _outcomes(book: Book, mapping: Mapping, ends: dict[str, int]) -> None:
    """Outcome and closing of deals by their table."""
    deals = book.deals
    codes = {name: closing(name, mapping) for name in deals["outcome"].unique()}
    if set(codes) <= {*_STATE_CODES, ""} and set(codes) != {""}:
        codes = dict(_STATE_CODES)
    by_outcome = deals["outcome"].map(codes).fillna(UNKNOWN)
    by_stage = deals["stage"].map(
        {name: ends.get(name, closing(name, mapping)) for name in deals["stage"].unique()}
    )
    unnamed = (by_outcome == UNKNOWN) & (deals["outcome"] != "")
    known = bool(by_outcome.isin((WON, LOST)).any())
    as_lost = unnamed & known & deals["closed_at"].notna() & ~by_stage.isin((WON,))
    outcome = by_outcome.where(by_outcome != UNKNOWN, by_stage).where(
        by_outcome != OPEN, by_stage.where(by_stage.isin((WON, LOST)), OPEN)
    )
    outcome = outcome.mask(as_lost, LOST)
    closed = (
        deals["closed_at"]
        .fillna(deals["won_at"].where(outcome == WON))
        .fillna(deals["lost_at"].where(outcome == LOST))
    )
    deals["outcome_code"] = outcome.where(outcome.isin((WON, LOST)), OPEN).astype(np.int64)
    deals["closed"] = closed.where(outcome.isin((WON, LOST)))
    deals["created"] = deals["created_at"]
    for name, count in deals["outcome"].where(by_outcome.isin((WON, LOST)), deals["stage"]).value_counts().items():
        text = str(name)
        code = codes.get(text, UNKNOWN)
        code = ends.get(text, closing(text, mapping)) if code in (UNKNOWN, OPEN) else code
        if text and code in (WON, LOST):
            (book.won if code == WON else book.lost)[text] = int(count)
    said = "Deals with a closing date and an outcome that is neither won nor lost by its name count as lost."
    book.note("outcome_as_lost", as_lost.sum(), said, "Write `closed: {won: [...], lost: [...]}`.", "warning")
    reason = deals["reason"].where(deals["reason"] != "", deals["outcome"].where(as_lost, ""))
    deals["reason"] = reason.where(deals["outcome_code"] == LOST, "")


def _known_ends(book: Book, mapping: Mapping) -> None:
    """Refuse data in which nothing is won."""
    if (book.deals["outcome_code"] == WON).any() or not len(book.deals):
        return
    names = _listed(
        [*book.entries["stage"].unique(), *book.deals["stage"].unique(), *book.deals["outcome"].unique()]
    )
    raise CalibrationError(
        f"no deal is won: none of the stages and outcomes says so by its name ({names}). Write in the mapping "
        "which "
        "do: `closed: {won: [NAME], lost: [NAME]}`",
        code="E-data-outcome",
    )


def _listed(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(each for each in names if each))
    return ", ".join(map(repr, known[:15])) + (", ..." if len(known) > 15 else "")
