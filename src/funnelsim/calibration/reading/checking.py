"""What looks odd in deals and stays: closings in bulk, owners that are programs, amounts, changes of regime."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..history import LOST, OPEN, WON
from .book import Book
from .loading import Loaded
from .mapping import Mapping

MINUTE = 1 / 1440
LEAST = 20
BULK = 0.05
FEW = 30
_NIGHT, _DAY = 6 / 24, 22 / 24
_ROUND = 0.8
_THIN = 0.5
SHIFT = 1.1
"""The largest distance of a detrended sum of n values from zero, over its scale, in 1 % of series without a change
(simulated, 20,000 series of 60 values)."""
_WEEKS = 26


def bulk(book: Book, made: pd.DataFrame, mapping: Mapping, date_only: bool) -> pd.DataFrame:
    """Deals closed many at a time: their last stay tells nothing of how long deals take."""
    deals = book.deals
    ended = deals[deals["outcome_code"] != OPEN].dropna(subset="closed")
    if len(ended) < 2 * LEAST or "bulk_close" in mapping.keep:
        return made
    mass = pd.Series(False, index=ended.index)
    if not date_only:
        minute = np.floor(ended["closed"] / MINUTE)
        mass |= minute.map(minute.value_counts()) > max(BULK * len(ended), 5)
    lost = ended[ended["outcome_code"] == LOST]
    day = np.floor(lost["closed"])
    counts = day.value_counts()
    usual = float(counts.median()) if len(counts) else 0.0
    many = day.map(counts) > max(BULK * len(ended), LEAST / 2, 6 * usual)
    mass |= many.reindex(ended.index, fill_value=False)
    ids = mass.index[mass]
    words = (
        "Deals were closed many in one minute or day, as when somebody tidies up. How long their last stage "
        "took is "
        "taken as unknown from that moment."
    )
    book.note("bulk_close", len(ids), words, "Write `keep: [bulk_close]` to count them like others.", "warning")
    last = made["id"].isin(ids) & (made["id"] != made["id"].shift(-1))
    return made.assign(outcome=made["outcome"].where(~last, OPEN))


def system_owners(book: Book, made: pd.DataFrame, mapping: Mapping, date_only: bool) -> set[str]:
    """Owners who act at night, on Sundays or many times a second, unlike the others: they are programs."""
    if date_only or "system_owner" in mapping.keep:
        return set()
    moments = made[["owner", "at"]]
    moments = moments[moments["owner"] != ""]
    clock, day = moments["at"] % 1, np.floor(moments["at"]) % 7
    odd = (clock < _NIGHT) | (clock > _DAY) | day.isin((2, 3))  # 1970-01-01 was a Thursday
    second = moments["at"].round(5)
    together = second.duplicated(keep=False)
    by = moments.assign(odd=odd, together=together).groupby("owner")[["odd", "together"]].agg(["mean", "size"])
    usual = float(odd.mean())
    share, count = by["odd"]["mean"], by["odd"]["size"]
    system = by.index[
        (count >= LEAST)
        & (
            (
                (share > 0.5)
                & (share > 3 * (usual * len(moments) - share * count) / np.maximum(len(moments) - count, 1))
            )
            | ((by["together"]["mean"] > 0.5) & (by["together"]["mean"].median() < 0.1))
        )
    ]
    rows = int(moments["owner"].isin(system).sum())
    words = (
        f"{len(system)} {'owner acts' if len(system) == 1 else 'owners act'} at night, on Sundays or in one "
        "second with "
        "others, as programs do; these stays count as nobody's."
    )
    book.note(
        "system_owner",
        rows,
        words,
        "Write `ignore: {owners: [NAME]}` to leave its deals out, or `keep: [system_owner]`.",
        "warning",
    )
    return set(system)


def amounts(book: Book, mapping: Mapping, currencies: set[str]) -> None:
    """Amounts of zero, round ones, several currencies."""
    deals = book.deals
    won = deals["outcome_code"] == WON
    zero = deals["amount"] <= 0
    if "amount_zero" not in mapping.keep:
        deals["amount"] = deals["amount"].where(~zero)
        words = "Amounts of zero or below count as unknown."
        book.note("amount_zero", zero.sum(), words, "Write `keep: [amount_zero]` to leave them.")
    known = deals["amount"][won].dropna()
    if len(known) >= LEAST:
        scale = 10 ** np.floor(np.log10(known[known > 0]))
        coarse = np.isclose((known[known > 0] / scale * 2) % 1, 0)
        if coarse.mean() > _ROUND:
            words = (
                f"{coarse.mean():.0%} of the amounts won have one digit, or one and a half: they may be "
                "estimates, not prices."
            )
            book.note("round_amounts", int(coarse.sum()), words)
    if len(currencies) > 1:
        words = f"Amounts are in {len(currencies)} currencies and are added up as they stand."
        book.note("currencies", len(known), words, "Export amounts in one currency.", "warning")


def owners(book: Book, made: pd.DataFrame) -> None:
    """Stays without an owner."""
    missing = made["owner"] == ""
    words = "Stays have no owner."
    book.note(
        "missing_owner",
        missing.sum() if not missing.all() else 0,
        words,
        "",
        "warning" if missing.mean() > 0.2 else "note",
    )
    if missing.all() and len(made):
        book.note("no_owners", len(made), "No owner is known, so nothing can be said of people.")


def thinned(book: Book, loaded: Loaded) -> None:
    """Numbers of deals with many left out between them."""
    numbers = loaded.numeric_ids[book.deals.index.to_numpy()]
    if len(numbers) < FEW or np.isnan(numbers).any() or (numbers % 1 != 0).any():
        return
    span = np.quantile(numbers, 0.95) - np.quantile(numbers, 0.05)
    density = 0.9 * len(numbers) / max(span, 1)
    if 0.01 < density < _THIN:
        words = (
            f"Only {density:.0%} of the numbers of deals between the first and the last are here: if this is a "
            "sample, "
            "capacity and arrivals cannot be learnt from it."
        )
        book.note("thinned", len(numbers), words, "", "warning")


def regime(book: Book, start: float, as_of: float, origin: float) -> None:
    """A sudden change of arrivals or of the share won, beyond a steady trend."""
    deals = book.deals
    weeks = int((as_of - start) // 7)
    if weeks < _WEEKS:
        return
    week = ((deals["created"] - (as_of - 7 * weeks)) // 7).astype(int)
    counts = week[(week >= 0) & (week < weeks)].value_counts().reindex(range(weeks), fill_value=0)
    _shift(book, np.sqrt(counts.to_numpy(dtype=float) + 0.375), as_of - 7 * weeks, 7.0, "New deals a week")
    ended = deals[deals["outcome_code"] != OPEN].dropna(subset="closed")
    period = ((ended["closed"] - (as_of - 7 * weeks)) // 28).astype(int)
    inside = ended[(period >= 0) & (period < weeks // 4)]
    by = (
        (inside["outcome_code"] == WON)
        .groupby(period[inside.index])
        .agg(["mean", "size"])
        .reindex(range(weeks // 4))
    )
    if len(by) >= 12 and (by["size"] >= 10).all():
        share = np.arcsin(np.sqrt(by["mean"].to_numpy()))
        _shift(book, share, as_of - 7 * weeks, 28.0, "The share of closed deals that were won")


def _shift(book: Book, values: np.ndarray, begin: float, width: float, what: str) -> None:
    at, size = change_point(values)
    if size > SHIFT:
        day = np.datetime64(int(begin + width * at), "D")
        words = f"{what} changed suddenly around {day}: what came before may be another firm."
        book.note("regime", at, words, f"Look at the data since then alone: --since {day}", "warning")


def change_point(values: np.ndarray) -> tuple[int, float]:
    """Where a series departs most from a straight line, and by how much in units of its noise.

    The sum of residuals from a straight line, over the noise by differences of neighbours (von Neumann 1941) times
    the root of the length; the noise by differences does not grow with the change that is sought.

    Returns
    -------
    tuple of int and float
        The first place after the change, and the size.
    """
    n = len(values)
    x = np.arange(n) - (n - 1) / 2
    rest = values - values.mean() - x * (x @ values) / (x @ x)
    noise = np.sqrt(np.mean(np.diff(values) ** 2) / 2)
    if noise <= 0:
        return 0, 0.0
    sums = np.abs(np.cumsum(rest)) / (noise * np.sqrt(n))
    at = int(np.argmax(sums))
    return at + 1, float(sums[at])


def few(book: Book, made: pd.DataFrame, stages: tuple[str, ...]) -> None:
    """Stages with too few ends of a kind."""
    ends = made[made["outcome"] != OPEN]
    counts = ends.groupby(["place", "outcome"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=range(len(stages)), columns=[1, 0], fill_value=0)
    thin = int((counts < FEW).any(axis=1).sum())
    words = f"Stages have fewer than {FEW} ends of a kind, so that their rates and times are little known."
    book.note("few", thin, words)


def clocks(book: Book, made: pd.DataFrame, utc: bool, date_only: bool, zone: str) -> None:
    """Moments of which the clock is not known, or that sleep at midday."""
    if utc:
        words = "Moments are in UTC, and the firm's zone is not known: hours and days may be off."
        book.note("utc", len(made), words, "Write `times: {zone: Europe/Berlin}`.", "warning")
    if date_only or zone or len(made) < 200:
        return
    hour = (made["at"] % 1 * 24).to_numpy()
    if not (hour % 24).any():
        return
    midday = float(((hour >= 11) & (hour < 15)).mean())
    night = float(((hour >= 23) | (hour < 3)).mean())
    if night > 3 * midday and night > 0.1:
        words = (
            f"{night:.0%} of the moments lie between 23 and 3 o'clock, and {midday:.0%} at midday: the clock is "
            "another zone's."
        )
        book.note(
            "sleeps_at_midday", len(made), words, "Write `times: {zone: ...}`, or export in local time.", "warning"
        )
