"""The stages that each deal entered, as histories, logs of changes and event logs tell them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..history import LOST, OPEN, WON
from .book import TEXTS, Book, closing
from .hiding import NOBODY
from .loading import Loaded
from .mapping import Mapping

_OF_ENTRIES = ("left_at", "first_touch", "last_touch", "touches", "minutes", "recorded_at", "place")


def entries_of(loaded: Loaded, book: Book, mapping: Mapping) -> pd.DataFrame:
    """All entries into stages, sorted, with the owner at the time where that is known."""
    parts = []
    if "history" in loaded.tables:
        parts.append(loaded.tables["history"])
    if "events" in loaded.tables:
        parts.append(_of_events(loaded.tables["events"], book))
    if not parts:
        return pd.DataFrame()
    entries = pd.concat(parts, ignore_index=True).rename(columns={"entered_at": "at"})
    for name in ("owner", "team", "before", "ended_as"):
        entries[name] = entries[name].fillna("").astype(str) if name in entries else ""
    for name in _OF_ENTRIES:
        entries[name] = entries[name].astype(float) if name in entries else np.nan
    entries["stage"] = entries["stage"].fillna("").astype(str)
    same = entries.duplicated(["id", "stage", "at", "recorded_at"])
    book.note("duplicates", same.sum(), "Rows of the history that stand twice are used once.")
    bad = entries["at"].isna() | (entries["stage"] == "")
    book.note(
        "no_moment", bad.sum(), "Rows of the history without a moment or a stage are left out.", "", "warning"
    )
    ignored = entries["stage"].isin(mapping.ignore.stages)
    book.note("ignored_stages", ignored.sum(), "Rows in stages that the mapping ignores are left out.")
    entries = _sorted(entries[~(same | bad | ignored)])
    _take_over(entries, loaded, book)
    _owners_then(entries, loaded, book)
    return entries


def _sorted(entries: pd.DataFrame) -> pd.DataFrame:
    """By deal and moment; what is recorded at the same moment in the order of its rows."""
    row = np.arange(len(entries))
    following = entries["id"].to_numpy()[1:] == entries["id"].to_numpy()[:-1]
    step = np.diff(entries["at"].to_numpy())[following]
    if (step < 0).sum() > (step > 0).sum():
        row = -row  # the newest first
    keys = (row, entries["place"].fillna(0).to_numpy(), entries["recorded_at"].fillna(0).to_numpy())
    return entries.iloc[np.lexsort((*keys, entries["at"].to_numpy(), entries["id"].to_numpy()))].reset_index(
        drop=True
    )


def _take_over(entries: pd.DataFrame, loaded: Loaded, book: Book) -> None:
    """Deals that only the history knows, and what its rows say of the deal."""
    first = entries.groupby("id")["at"].first()
    index = book.deals.index.union(first.index)
    deals = book.deals.reindex(index)
    for name in TEXTS:
        deals[name] = deals[name].fillna("")
    for name in (
        "amount",
        "source",
        "segment",
        "territory",
        "account",
        "reason",
        "created_at",
        "closed_at",
        "outcome",
        "owner",
    ):
        if name not in entries:
            continue
        column = entries[name] if name not in TEXTS else entries[name].replace("", np.nan)
        last = column.groupby(entries["id"]).last().reindex(index)
        if name in TEXTS:
            deals[name] = deals[name].where(deals[name] != "", last.fillna(""))
        else:
            deals[name] = deals[name].fillna(last)
    deals["created_at"] = deals["created_at"].fillna(first.reindex(index))
    book.deals = deals


def _owners_then(entries: pd.DataFrame, loaded: Loaded, book: Book) -> None:
    changes = loaded.tables.get("owners")
    if changes is not None:
        changes = changes.dropna(subset="entered_at").sort_values("entered_at", kind="stable")
        last = changes[changes["owner"] != ""].groupby("id")["owner"].last().reindex(book.deals.index).fillna("")
        book.deals["owner"] = book.deals["owner"].where(book.deals["owner"] != "", last)
        left = entries[["id", "at"]].assign(row=np.arange(len(entries))).sort_values("at", kind="stable")
        then = pd.merge_asof(
            left, changes[["id", "entered_at", "owner"]], left_on="at", right_on="entered_at", by="id"
        )
        owner = then.set_index("row")["owner"].sort_index().fillna("").to_numpy()
        entries["owner"] = np.where(entries["owner"] != "", entries["owner"], owner)
    unknown = entries["owner"].str.casefold().isin(NOBODY)
    now = entries["id"].map(book.deals["owner"]).fillna("")
    taken = unknown & ~now.str.casefold().isin(NOBODY)
    entries["owner"] = entries["owner"].mask(unknown, now)
    words = "Stages have the owner that their deal has today, as who owned it at the time is not recorded there."
    book.note(
        "owner_now", taken.sum(), words, "Export the history of the owner, or write `owner` into the history."
    )


def _of_events(events: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Entries of an event log: runs of one activity, with the first start and the last completion as touches."""
    events = _sorted(events.assign(place=np.nan, recorded_at=np.nan).rename(columns={"entered_at": "at"}))
    events = events.dropna(subset="at")
    phase = (
        events["lifecycle"].str.casefold() if "lifecycle" in events else pd.Series("complete", index=events.index)
    )
    run = ((events["id"] != events["id"].shift()) | (events["stage"] != events["stage"].shift())).cumsum()
    started = events["at"].where(phase == "start")
    if "first_touch" in events:
        started = started.fillna(events["first_touch"])
    done = events["at"].where(phase.isin(("complete", "ate_abort", "withdraw")))
    firsts = events.groupby(run).first()
    made = firsts.assign(
        first_touch=started.groupby(run).min(),
        last_touch=done.groupby(run).max(),
        touches=(phase == "complete").groupby(run).sum().astype(float),
    )
    if not started.notna().any():
        words = "The event log has no starts, so an event is taken as the moment at which its stage was entered."
        book.note("no_starts", len(events), words)
        return made.assign(first_touch=np.nan, last_touch=np.nan, touches=np.nan).rename(
            columns={"at": "entered_at"}
        )
    before = made["last_touch"].shift().where(made["id"] == made["id"].shift())
    entered = np.fmin(before.fillna(made["at"]), made["at"])
    return made.assign(at=entered).rename(columns={"at": "entered_at"})


def with_first(entries: pd.DataFrame, book: Book) -> pd.DataFrame:
    """The stage before the first recorded change, where the log of changes tells it."""
    head = ~entries["id"].duplicated()
    gaps = ~head & (entries["before"] != "") & (entries["before"] != entries["stage"].shift())
    words = "Changes begin in another stage than the change before had led to: something between is not recorded."
    book.note("gaps", gaps.sum(), words, "", "warning")
    created = entries["id"].map(book.deals["created_at"])
    add = head & (entries["before"] != "") & (created < entries["at"])
    if not add.any():
        return entries
    first = entries[add].assign(stage=entries["before"][add], at=created[add], before="", first_touch=np.nan)
    return pd.concat([first, entries]).sort_values(["id", "at"], kind="stable").reset_index(drop=True)


def closings(entries: pd.DataFrame, book: Book, mapping: Mapping, ends: dict[str, int]) -> None:
    """Part what closes a deal from the stages of the line."""
    codes = {name: ends.get(name, closing(name, mapping)) for name in entries["stage"].unique()}
    code = entries["stage"].map(codes)
    over = code.isin((WON, LOST))
    for name, count in entries["stage"][over].value_counts().items():
        (book.won if codes[name] == WON else book.lost)[str(name)] = int(count)
    deal = entries["id"]
    after = (~over).iloc[::-1].groupby(deal.iloc[::-1]).cumsum().iloc[::-1]  # rows of the line from here on
    trailing = over & (after == 0)
    again = over & ~trailing
    words = (
        "Deals were closed and opened again; the first closing does not count, and the stage before it goes on."
    )
    book.note("reopened", deal[again].nunique(), words)
    closed = entries[trailing].assign(code=code[trailing])
    last = closed.groupby("id")["code"].last()
    final = closed[closed["code"] == closed["id"].map(last)].groupby("id").first()
    deals = book.deals
    deals.loc[final.index, "outcome_code"] = final["code"].astype(np.int64)
    deals.loc[final.index, "closed"] = final["at"]
    line = entries[~over]
    _ended_as(line, deals, mapping)
    _add_unmoved(line, book)


def _ended_as(line: pd.DataFrame, deals: pd.DataFrame, mapping: Mapping) -> None:
    """Ends that the last visit of a deal tells, where nothing else does."""
    last = line[~line["id"].duplicated(keep="last") & (line["ended_as"] != "") & line["left_at"].notna()]
    last = last[deals["outcome_code"].reindex(last["id"]).to_numpy() == OPEN]
    if len(last):
        won = last["ended_as"].isin(("advanced", "won")).to_numpy()
        deals.loc[last["id"], "outcome_code"] = np.where(won, WON, LOST)
        deals.loc[last["id"], "closed"] = last["left_at"].to_numpy()
        deals.loc[last["id"], "reason"] = np.where(won, "", last["ended_as"])


def _add_unmoved(line: pd.DataFrame, book: Book) -> None:
    """Open deals of which no change of stage is recorded are in their present stage since they were created."""
    deals = book.deals
    without = deals.index[~deals.index.isin(line["id"])]
    unmoved = deals.loc[without]
    unmoved = unmoved[(unmoved["outcome_code"] == OPEN) & (unmoved["stage"] != "") & unmoved["created_at"].notna()]
    words = "Open deals without a change of stage are taken to be in their present stage since they were created."
    book.note("unmoved", len(unmoved), words)
    lost = [each for each in without if each not in set(unmoved.index)]
    words = "Deals without any stage of the line in the history are left out."
    book.note("no_history", len(lost), words, "Export the history over the same time as the deals.", "warning")
    more = pd.DataFrame(
        {"id": unmoved.index, "stage": unmoved["stage"], "at": unmoved["created_at"], "owner": unmoved["owner"]}
    )
    book.deals = deals.drop(index=lost)
    both = pd.concat([line, more], ignore_index=True)
    for name in ("owner", "team"):
        both[name] = both[name].fillna("")
    book.entries = both.sort_values(["id", "at"], kind="stable").reset_index(drop=True)


def single(book: Book) -> pd.DataFrame:
    """Deals of which only the beginning and the end are known, as one stage."""
    deals = book.deals
    unknown = deals["created_at"].isna()
    words = "Deals without a moment of creation are left out."
    book.note("no_creation_date", unknown.sum(), words, "Export when each deal was created.", "warning")
    book.deals = deals = deals[~unknown].copy()
    stages = deals["stage"][deals["outcome_code"] == OPEN].replace("", np.nan).nunique()
    words = "The present stage of open deals is known, but not when it was entered; all are in one stage, `deal`."
    book.note(
        "stages_now",
        int((deals["outcome_code"] == OPEN).sum()) if stages > 1 else 0,
        words,
        "Export the history of stages, or this table every week.",
    )
    made = pd.DataFrame({"id": deals.index, "stage": "deal", "at": deals["created_at"].to_numpy()})
    for name in ("owner", "team"):
        made[name] = deals[name].to_numpy()
    for name in _OF_ENTRIES:
        made[name] = (
            deals[name].to_numpy() if name in ("first_touch", "last_touch", "touches", "minutes") else np.nan
        )
    return made.sort_values(["id", "at"], kind="stable").reset_index(drop=True)
