"""From stages entered to stays: when each ended, where it led, and what was done in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..history import ADVANCED, CLOSED, LOST, OPEN, WON
from .book import Book
from .loading import Loaded
from .mapping import Mapping
from .ordering import line_order, moves_back

SECOND = 1 / 86_400
MOST_STAGES = 60
_TOLD = 0.02


def tidy(book: Book, mapping: Mapping, date_only: bool) -> None:
    """Rows that change nothing, stages passed within a second, moments after the end of the deal."""
    entries = book.entries
    closed = entries["id"].map(book.deals["closed"])
    late = (entries["at"] > closed + (1.0 if date_only else SECOND)) & entries["at"].notna()
    words = "Stages entered after the deal was closed are left out."
    book.note("after_closing", late.sum(), words, "", "warning")
    entries = entries[~late]
    same = (entries["id"] == entries["id"].shift()) & (entries["stage"] == entries["stage"].shift())
    words = "Rows that do not change the stage are no stages entered; edits of amounts or dates write such rows."
    book.note("unchanged", same.sum(), words)
    entries = _merged(entries, (~same).cumsum())
    if not date_only and "same_second" not in mapping.keep:
        following = entries["at"].shift(-1).where(entries["id"] == entries["id"].shift(-1))
        passed = (following - entries["at"]) <= SECOND
        words = (
            "Stages were passed within a second, as several were booked at once; only the last counts as entered."
        )
        book.note("same_second", passed.sum(), words, "Write `keep: [same_second]` to count them.")
        entries = entries[~passed]
        again = (entries["id"] == entries["id"].shift()) & (entries["stage"] == entries["stage"].shift())
        entries = _merged(entries, (~again).cumsum())
    book.entries = entries.reset_index(drop=True)


def _merged(entries: pd.DataFrame, run: pd.Series) -> pd.DataFrame:
    if not len(entries) or run.iloc[-1] == len(entries):
        return entries
    how = dict.fromkeys(entries.columns, "first") | {"last_touch": "max", "left_at": "last", "first_touch": "min"}
    made = entries.groupby(run).agg(how)
    for name in ("touches", "minutes"):
        made[name] = entries.groupby(run)[name].sum(min_count=1)
    return made


def named(book: Book, mapping: Mapping) -> tuple[str, ...]:
    """Stages under the names of the mapping, in the order of the line; `book.entries` gets their places."""
    key = {name: stage for stage, each in mapping.stages.items() for name in (each.names or (stage,))}
    names = book.entries["stage"].map(lambda name: key.get(name, name))
    again = (book.entries["id"] == book.entries["id"].shift()) & (names == names.shift())
    if again.any():  # several names of exports are one stage
        book.entries = _merged(book.entries.assign(stage=names), (~again).cumsum()).reset_index(drop=True)
        names = book.entries["stage"]
    codes, found = pd.factorize(names)
    deal = book.entries["id"].to_numpy()
    onward = deal[1:] == deal[:-1]
    moves = np.zeros((len(found), len(found)), dtype=np.int64)
    np.add.at(moves, (codes[:-1][onward], codes[1:][onward]), 1)
    place = np.asarray(book.entries.groupby("id").cumcount().groupby(codes).mean(), dtype=float)
    guessed = line_order(moves, place)
    given = [list(found).index(stage) for stage in mapping.stages if stage in found]
    order = given + [each for each in guessed if each not in given]
    back, every = moves_back(moves, order), int(onward.sum())
    if len(order) > 1 and len(given) < len(order):
        words = (
            f"The order of the {len(order)} stages is the one with the fewest moves back: {back:,} of {every:,}"
            f"{', which is many' if back > _TOLD * 5 * max(every, 1) else ''}."
        )
        book.note("stage_order", len(order), words, "Write `stages:` in the order of the line.")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    book.entries["place"] = rank[codes]
    return tuple(str(found[each]) for each in order)


def stays(book: Book) -> pd.DataFrame:
    """One row a stay: ``left``, ``outcome`` and ``destination`` beside what `Book.entries` has."""
    made = book.entries.reset_index(drop=True)
    deals = book.deals
    last = made["id"] != made["id"].shift(-1)
    following = made["at"].shift(-1)
    closed, code = made["id"].map(deals["closed"]), made["id"].map(deals["outcome_code"])
    left = following.where(~last, closed.where(code != OPEN))
    stage = made["place"]
    onward = stage.shift(-1)
    moved = np.where(onward > stage, ADVANCED, LOST)
    ended = np.where(code == WON, ADVANCED, np.where(code == LOST, LOST, OPEN))
    return made.assign(
        left=left,
        outcome=np.where(last, ended, moved),
        destination=np.where(last, CLOSED, onward.fillna(CLOSED)).astype(np.int64),
    )


def with_activities(
    made: pd.DataFrame, loaded: Loaded, book: Book, stages: tuple[str, ...], mapping: Mapping
) -> pd.DataFrame:
    """Touches of each stay, from the log of activities where there is one."""
    log = loaded.tables.get("activities")
    if log is None:
        return made
    log = log.dropna(subset="at").sort_values("at", kind="stable")
    marks = made[["id", "at"]].rename(columns={"at": "entered"}).assign(row=np.arange(len(made)))
    found = pd.merge_asof(
        log, marks.sort_values("entered", kind="stable"), left_on="at", right_on="entered", by="id"
    )
    beyond = found["row"].isna() | (
        found["at"] > made["left"].reindex(found["row"].fillna(-1)).fillna(np.inf).to_numpy()
    )
    words = (
        "Activities before the first stage, after the last, or of unknown deals belong to no stay and are left "
        "out."
    )
    book.note("loose_activities", beyond.sum(), words)
    found = found[~beyond]
    by = found.groupby(found["row"].astype(np.int64))
    touched = pd.DataFrame({"first_touch": by["at"].min(), "last_touch": by["at"].max(), "touches": by.size()})
    touched["minutes"] = by["minutes"].sum(min_count=1) if "minutes" in found else np.nan
    touched = touched.reindex(made.index)
    wanted = {
        stages.index(key): each.touch_from
        for key, each in mapping.stages.items()
        if key in stages and each.touch_from
    }
    asked = made["place"].map(wanted).fillna("")
    take = (asked == "activities") | ((asked == "") & made["first_touch"].isna())
    out = made.copy()
    for name in ("first_touch", "last_touch", "minutes"):
        out[name] = made[name].where(~take, touched[name])
    out["touches"] = made["touches"].where(~take, touched["touches"].fillna(0))
    return out


def level_of(made: pd.DataFrame, book: Book) -> int:
    """What is recorded: 0 beginning and end, 1 stages, 2 touches, 3 minutes."""
    ended = made["outcome"] != OPEN
    if not ended.any():
        return book.level
    if made["minutes"][ended].notna().mean() >= 0.5:
        return 3
    return 2 if made["first_touch"][ended].notna().mean() >= 0.5 else book.level
