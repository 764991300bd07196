"""What a window of time cuts off: ends that are missing, beginnings that are missing, deals long dead."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..history import LOST, OPEN
from .book import Book
from .mapping import Mapping
from .refusing import CalibrationError

LEAST = 20
"""With fewer closed deals nothing is said of windows."""

EXPECTED = 5.0
"""So many deals are expected before it is odd that there is none."""

_Floats = NDArray[np.float64]
QUIET = 7.0
"""Days without a moment that end a deal at the earliest, where ends are not recorded."""


def no_losses(book: Book, mapping: Mapping, as_of: float) -> float:
    """Ends that are not recorded: deals without a moment for long count as lost at their last one.

    Returns
    -------
    float
        How many days before the end of the data the analysis has to end; 0 if losses are recorded.
    """
    deals = book.deals
    if (deals["outcome_code"] == LOST).any() or "unrecorded_end" in mapping.keep or not len(book.entries):
        return 0.0
    entries = book.entries
    moments = entries[["at", "first_touch", "last_touch"]].max(axis=1).groupby(entries["id"]).max()
    gap = entries["at"].diff()[entries["id"] == entries["id"].shift()]
    open_ones = deals.index[deals["outcome_code"] == OPEN]
    quiet = max(float(np.quantile(gap, 0.99)) if len(gap) >= LEAST else 90.0, QUIET)
    last = moments.reindex(open_ones)
    ended = last.index[(last < as_of - quiet).to_numpy()]
    deals.loc[ended, "outcome_code"] = LOST
    deals.loc[ended, "closed"] = last[ended]
    words = (
        f"No deal is recorded as lost. Open deals without a moment for {quiet:.0f} days count as lost at their "
        "last "
        "one, and the data are looked at as of that many days before they end."
    )
    book.note(
        "unrecorded_end", len(ended), words, "Export lost deals too, or write `closed: {lost: [...]}`.", "warning"
    )
    return quiet if len(ended) else 0.0


def undated(book: Book) -> None:
    """Closed deals without a moment of closing."""
    deals, entries = book.deals, book.entries
    missing = deals.index[(deals["outcome_code"] != OPEN) & deals["closed"].isna()]
    if not len(missing):
        return
    moments = entries[["at", "last_touch"]].max(axis=1).groupby(entries["id"]).max()
    recorded = deals["recorded_at"].reindex(missing)
    closed = recorded.fillna(moments.reindex(missing)) if book.level else recorded
    known = closed.dropna()
    deals.loc[known.index, "closed"] = np.fmax(known, moments.reindex(known.index).fillna(-np.inf))
    words = "Closed deals without a closing date count as closed when they were last recorded."
    book.note("no_closing_date", len(known), words, "Export when each deal was closed.", "warning")
    _without(
        book,
        closed.index[closed.isna()],
        "unknown_end",
        "Closed deals without any moment of closing are left out.",
        "Export when each deal was closed.",
    )


def _without(book: Book, ids: pd.Index, code: str, words: str, remedy: str = "") -> None:
    """Leave out deals, and say so."""
    if len(ids):
        book.note(code, len(ids), words, remedy, "warning")
        book.deals = book.deals.drop(index=ids)
        book.entries = book.entries[~book.entries["id"].isin(ids)].reset_index(drop=True)


def turned(book: Book, date_only: bool) -> None:
    """Deals that end before they begin."""
    deals, entries = book.deals, book.entries
    first = entries.groupby("id")["at"].first().reindex(deals.index)
    deals["created"] = np.fmin(deals["created"], first)
    slack = 1.0 if date_only else 1 / 24
    last = entries.groupby("id")["at"].last().reindex(deals.index)
    wrong = deals.index[(deals["closed"] < np.maximum(deals["created"], last) - slack).to_numpy()]
    _without(
        book,
        wrong,
        "negative_time",
        "Deals that were closed before they began or entered their last stage are left out.",
        "Mend their dates in the export.",
    )
    deals = book.deals
    deals["closed"] = np.maximum(deals["closed"], np.maximum(deals["created"], last.reindex(deals.index)))


def zombies(book: Book, mapping: Mapping, as_of: float) -> None:
    """Open deals far older than any that was closed."""
    if "zombies" in mapping.keep:
        return
    deals = book.deals
    open_ones = deals["outcome_code"] == OPEN
    took = (deals["closed"] - deals["created"])[~open_ones].dropna()
    if len(took) < LEAST:
        return
    limit = max(float(took.max()), 3 * float(np.quantile(took, 0.95)))
    dead = deals.index[open_ones & (as_of - deals["created"] > limit)]
    won = int((deals["outcome_code"] == 1).sum())
    ended, aside = int((~open_ones).sum()), len(dead)
    words = (
        f"Open deals older than {limit:.0f} days, longer than any took to close, are set aside as dead. Of deals "
        "that ended "
        f"{won / ended:.1%} were won; {won / (ended + aside):.1%} if these count as lost."
    )
    _without(book, dead, "zombies", words, "Write `keep: [zombies]` to count them as open.")


def window(book: Book, as_of: float) -> None:
    """Refuse exports of closed deals alone.

    Were deals created until the end and nothing left out, some would be open. How many is reckoned from how long
    those of the first half took.

    Raises
    ------
    CalibrationError
        If at least five are expected and there is none.
    """
    deals = book.deals
    took = np.sort((deals["closed"] - deals["created"]).dropna().to_numpy())
    if (deals["outcome_code"] == OPEN).any() or len(took) < LEAST:
        return
    created = deals["created"].to_numpy()
    early = created <= np.median(created)
    first = np.sort((deals["closed"] - deals["created"]).to_numpy()[early])
    share_open = 1 - np.searchsorted(first, as_of - created, side="right") / len(first)
    expected = float(share_open.sum())
    if expected < EXPECTED:
        return
    raise CalibrationError(
        f"no deal is open, where about {expected:.0f} would be: these are closed deals only, from which neither "
        "win "
        "rate nor duration can be learnt, as slow deals and those that are still open are missing. Export all "
        "deals "
        "that were created, open ones too, whatever their closing date",
        code="E-data-window",
    )


def left_truncation(book: Book, mapping: Mapping) -> float | None:
    """The moment from which closings are recorded, where deals were created long before; else None."""
    deals = book.deals
    ended = deals.dropna(subset="closed")
    if len(ended) < LEAST or "left_truncation" in mapping.keep:
        return None
    begin = float(ended["closed"].min())
    later = ended[ended["created"] >= begin]
    before = deals["created"].to_numpy()[deals["created"].to_numpy() < begin]
    if len(later) < LEAST or not len(before):
        return None
    took = np.sort((later["closed"] - later["created"]).to_numpy())
    expected = float((np.searchsorted(took, begin - before) / len(took)).sum() * len(ended) / len(deals))
    if expected < EXPECTED:
        return None
    words = (
        f"Deals were created before the first one was closed, of which about {expected:.0f} should have been "
        "closed by then; "
        "closings before that day are not recorded. Rates and laws are taken from that day on."
    )
    book.note(
        "left_truncation",
        len(before),
        words,
        "Write `keep: [left_truncation]` to begin with the first deal.",
        "warning",
    )
    return begin


def untracked(book: Book) -> None:
    """Deals that are older than the history of their stages."""
    if book.level < 1:
        return
    first = book.entries.groupby("id")["at"].first()
    created = book.deals["created_at"].reindex(first.index)
    begin = float(first.min())
    old = (created < begin - 1) & (first > created + 1)
    words = (
        "Deals are older than the history of stages: their first stages are missing, and later ones count from "
        "their entry on."
    )
    book.note("before_tracking", old.sum(), words)
