"""Tables that no program's layout fits: columns guessed by name and content, the kind by which there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from .columns import SURE, Guess, guess, scores, unsure
from .mapping import Mapping
from .pieces import Piece, piece
from .readers import LAYOUTS
from .refusing import CalibrationError
from .tables import Raw
from .times import read_moments

_OPTIONAL = {
    "history": (
        "left_at",
        "owner",
        "team",
        "first_touch",
        "last_touch",
        "touches",
        "minutes",
        "amount",
        "source",
        "segment",
        "territory",
        "created_at",
        "closed_at",
        "outcome",
        "account",
        "reason",
        "recorded_at",
        "currency",
    ),
    "deals": (
        "created_at",
        "closed_at",
        "outcome",
        "stage",
        "owner",
        "team",
        "amount",
        "source",
        "segment",
        "territory",
        "account",
        "reason",
        "recorded_at",
        "currency",
        "first_touch",
        "last_touch",
        "touches",
        "minutes",
        "snapshot_date",
    ),
    "activities": ("owner", "kind", "minutes"),
    "people": ("team", "end"),
    "customers": ("arr", "renewed_at", "ended_at", "reason", "account"),
}
_NEEDED = {
    "history": ("id", "stage", "entered_at"),
    "deals": ("id", "created_at"),
    "activities": ("id", "at"),
    "people": ("owner", "start"),
    "customers": ("id", "since"),
}
_DATED = re.compile(r"(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)")
_AGAIN = 1.05
_SHARED = 0.3
_HISTORY_LACKS = ("first_touch", "minutes")
_SNAPSHOT_LACKS = ("stage_history", "first_touch", "owner_then", "minutes")


def pieces_of(raws: Sequence[Raw], mapping: Mapping) -> list[Piece]:
    """What is in the files, each read as its layout or, where there is none, by guessing."""
    made: list[Piece] = []
    for raw in raws:
        layout = None if mapping.kind_of(raw.name) else next((each for each in LAYOUTS if each.matches(raw)), None)
        made += layout.read(raw, mapping) if layout is not None else [_guessed(raw, mapping)]
    return _dumps(made, mapping)


def _guessed(raw: Raw, mapping: Mapping) -> Piece:
    given = mapping.columns_of(raw.columns)
    kind = mapping.kind_of(raw.name) or _kind(raw, given)
    needed = _NEEDED[kind]
    guesses = guess(raw, needed, _OPTIONAL[kind], given)
    if kind == "deals" and not {"outcome", "stage", "closed_at"} & {each.role for each in guesses}:
        raise unsure(raw, "stage", (), "neither stage nor outcome of the deals is there")
    lacks = {"history": _HISTORY_LACKS, "deals": _SNAPSHOT_LACKS}.get(kind, ())
    have = {each.role for each in guesses}
    names = {"history": "history", "deals": "snapshot"}
    return piece(kind, raw, guesses, names.get(kind, kind), tuple(each for each in lacks if each not in have))


def _kind(raw: Raw, given: dict[str, str]) -> str:
    """What a table is, by the columns that it surely has."""
    roles = (
        "id",
        "stage",
        "entered_at",
        "created_at",
        "owner",
        "start",
        "at",
        "since",
        "kind",
        "outcome",
        "closed_at",
        "arr",
        "renewed_at",
        "snapshot_date",
    )
    found = scores(raw, [role for role in roles if role not in given])
    best = {role: pairs[0] for role, pairs in found.items() if pairs and pairs[0][1] >= SURE}
    best |= {role: (column, 1.0) for role, column in given.items()}
    if "id" not in best:
        if "owner" in best and "start" in best and "stage" not in best:
            return "people"
        candidates = found.get("id", [])
        raise unsure(raw, "id", candidates, "no column is surely it")
    deals = "stage" in best or "outcome" in best or "closed_at" in best
    if not deals and "since" in best and ("arr" in best or "renewed_at" in best):
        return "customers"
    if not deals and "at" in best:
        return "activities"
    ids = raw.cells[best["id"][0]]
    several = len(ids) > _AGAIN * ids.nunique()
    if several and "stage" in best and "snapshot_date" not in best:
        return "history"
    dated = "entered_at" in best and "created_at" not in best and "closed_at" not in best
    return "history" if dated and "stage" in best else "deals"


def _dumps(pieces: list[Piece], mapping: Mapping) -> list[Piece]:
    """Several exports of the same deals on different days, as rows of a snapshot each."""
    deals = [each for each in pieces if each.kind == "deals" and "stage" in each.cells]
    dated = [each for each in deals if "snapshot_date" in each.cells]
    made = [each for each in pieces if each not in dated]
    made += [replace(each, kind="dumps") for each in dated]
    rest = [each for each in deals if each not in dated]
    if len(rest) < 2 or not _same_deals(rest):
        return made
    for each in rest:
        day = _DATED.search(each.raw.name)
        if day is None:
            raise CalibrationError(
                f"{each.raw.name}: the same deals stand in {len(rest)} files, so each is an export of another "
                "day; put "
                "that day into the name of each file, as in deals_2026-03-31.csv, or into a column snapshot_date",
                code="E-data-dumps",
            )
        made.remove(each)
        cells = each.cells.assign(snapshot_date="-".join(day.groups()))
        told = (*each.guesses, Guess("snapshot_date", "name of the file", 1.0, "layout"))
        made.append(replace(each, kind="dumps", cells=cells, guesses=told))
    return made


def _same_deals(deals: Sequence[Piece]) -> bool:
    if len({each.raw.columns for each in deals}) > 1:
        return False
    sets = [set(each.cells["id"]) for each in deals]
    return all(len(one & other) > _SHARED * min(len(one), len(other)) for one, other in pairwise(sets))


def dumped(pieces: Sequence[Piece], mapping: Mapping) -> tuple[pd.DataFrame, float, int]:
    """Stages as seen on several days: entries at the middle between the last day of one and the first of the next.

    Returns
    -------
    tuple
        Entries (id, stage, at), the mean width of the intervals in days, and the number of days.
    """
    parts = []
    for each in pieces:
        days = read_moments(
            each.raw, {"day": each.cells["snapshot_date"]}, order=mapping.times.order, zone=mapping.times.zone
        )["day"].days
        parts.append(
            pd.DataFrame({"id": each.cells["id"].to_numpy(), "stage": each.cells["stage"].to_numpy(), "day": days})
        )
    seen = pd.concat(parts, ignore_index=True).sort_values(["id", "day"], kind="stable")
    days = np.unique(seen["day"].to_numpy())
    before = seen.groupby("id")["stage"].shift()
    first = before.isna()
    changed = seen[first | (before != seen["stage"])]
    place = np.searchsorted(days, changed["day"].to_numpy())
    earlier = np.where(place > 0, days[np.maximum(place - 1, 0)], np.nan)
    width = changed["day"].to_numpy() - earlier
    at = np.where(np.isnan(earlier), changed["day"].to_numpy(), (earlier + changed["day"].to_numpy()) / 2)
    entries = pd.DataFrame({"id": changed["id"].to_numpy(), "stage": changed["stage"].to_numpy(), "at": at})
    return entries, float(np.nanmean(width)) if np.isfinite(width).any() else np.nan, len(days)
