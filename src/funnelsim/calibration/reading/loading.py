"""From text by role to numbers: moments, amounts, and the ids as numbers that mean nothing outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..findings import Finding
from .mapping import Mapping
from .numbers import read_amounts
from .pieces import Piece
from .plain import dumped, pieces_of
from .refusing import CalibrationError
from .roles import ROLES
from .tables import Raw
from .times import Moments, read_moments

_MOMENTS = frozenset(name for name, role in ROLES.items() if role.holds == "moment") | {"won_at", "lost_at"}
_NUMBERS = frozenset(name for name, role in ROLES.items() if role.holds == "number")
_PAIRS = (
    ("created_at", "closed_at"),
    ("created_at", "won_at"),
    ("created_at", "lost_at"),
    ("entered_at", "left_at"),
    ("created_at", "entered_at"),
    ("created_at", "recorded_at"),
    ("start", "end"),
    ("since", "ended_at"),
    ("first_touch", "last_touch"),
    ("created_at", "last_touch"),
    ("entered_at", "recorded_at"),
)
_DECIMAL = {"": "", "point": ".", "comma": ","}
_NO_NUMBER = 0.5


@dataclass(eq=False)
class Loaded:
    """All tables as numbers; ids are codes over all of them.

    Parameters
    ----------
    tables : dict
        By kind (see `Piece`): one row a row of the files, in their order.
    moments : list
        For the first look: name of the file, role, and the column of moments.
    widths : tuple
        Of several snapshots: the mean width of an interval in days, and the number of days. Otherwise empty.
    """

    pieces: list[Piece]
    tables: dict[str, pd.DataFrame]
    ids: int
    numeric_ids: np.ndarray
    moments: list[tuple[str, str, Moments]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    widths: tuple[float, int] | tuple[()] = ()

    def date_only(self, *roles: str) -> bool:
        """Whether a column of these roles has days without hours."""
        return any(each.date_only for _, role, each in self.moments if role in roles)

    @property
    def utc(self) -> bool:
        """Whether stamps are in UTC, because no zone is known."""
        return any(each.utc for *_, each in self.moments)


def load(raws: Sequence[Raw], mapping: Mapping) -> Loaded:
    """The tables of files.

    Raises
    ------
    CalibrationError
        If a column or a moment is not sure, with what to write.
    """
    pieces = pieces_of(raws, mapping)
    made = Loaded(pieces, {}, 0, np.zeros(0))
    frames: dict[str, list[pd.DataFrame]] = {}
    for each in pieces:
        made.findings += each.findings
        frames.setdefault(each.kind, []).append(_typed(each, mapping, made))
    if "dumps" in frames:
        _unfold(pieces, frames, mapping, made)
    made.tables = {kind: pd.concat(parts, ignore_index=True) for kind, parts in frames.items()}
    _number_ids(made)
    return made


def _unfold(pieces: list[Piece], frames: dict[str, list[pd.DataFrame]], mapping: Mapping, made: Loaded) -> None:
    entries, width, days = dumped([each for each in pieces if each.kind == "dumps"], mapping)
    if days < 2:
        frames.setdefault("deals", []).extend(frames.pop("dumps"))
        return
    made.widths = (width, days)
    entries = entries.rename(columns={"at": "entered_at"})
    frames.setdefault("history", []).append(entries)
    last = pd.concat(frames.pop("dumps")).sort_values("snapshot_date", kind="stable")
    frames.setdefault("deals", []).append(last.drop_duplicates("id", keep="last").drop(columns="snapshot_date"))


def _typed(each: Piece, mapping: Mapping, made: Loaded) -> pd.DataFrame:
    """One piece with its columns as what they are."""
    cells = each.cells
    texts = {role: cells[role] for role in map(str, cells) if role in _MOMENTS and role != "snapshot_date"}
    moments = read_moments(each.raw, texts, order=mapping.times.order, zone=mapping.times.zone, pairs=_PAIRS)
    columns: dict[str, object] = {}
    for role in map(str, cells):
        if role in moments:
            whole = cells[role].name in mapping.times.date_only or _header(each, role) in mapping.times.date_only
            columns[role] = np.floor(moments[role].days) if whole else moments[role].days
            made.moments.append((each.raw.name, role, _named(moments[role], _header(each, role), whole)))
        elif role in _NUMBERS:
            columns[role] = _numbers(each, role, mapping, made)
        elif role == "snapshot_date":
            columns[role] = read_moments(each.raw, {role: cells[role]}, order=mapping.times.order)[role].days
        else:
            columns[role] = cells[role].to_numpy(dtype=object)
    frame = pd.DataFrame(columns)
    if "currency" in frame:
        made.currencies |= set(frame["currency"]) - {""}
    return frame.assign(layout=each.layout)


def _header(each: Piece, role: str) -> str:
    return next((one.column for one in each.guesses if one.role == role), role)


def _named(moments: Moments, header: str, whole: bool) -> Moments:
    return Moments(
        header, moments.days, moments.words, moments.order, moments.why, whole or moments.date_only, moments.utc
    )


def _numbers(each: Piece, role: str, mapping: Mapping, made: Loaded) -> np.ndarray:
    column = each.cells[role]
    read = read_amounts(each.raw, column, _DECIMAL[mapping.decimal])
    filled = int((column != "").sum())
    if filled and read.unread > _NO_NUMBER * filled:
        raise CalibrationError(
            f"{each.raw.name}: the column {_header(each, role)!r} is taken for `{role}`, and {read.unread:,} of "
            f"{filled:,} "
            f"cells are no numbers; write in the mapping `columns: {{{role}: NAME}}`",
            code="E-data-number",
        )
    if read.unread:
        words = f"Cells of the column for {role} in {each.raw.name} are no numbers and count as unknown."
        made.findings.append(Finding("unread_numbers", "note", read.unread, words, "Mend them in the export."))
    made.currencies |= set(read.currencies)
    return read.values


def _number_ids(made: Loaded) -> None:
    """Ids as numbers in order of appearance; the long and the short form of Salesforce's are the same."""
    keyed = [kind for kind in made.tables if "id" in made.tables[kind]]
    every = (
        pd.concat([made.tables[kind]["id"] for kind in keyed], ignore_index=True)
        if keyed
        else pd.Series([], dtype=object)
    )
    long, short = every.str.fullmatch(r"006\w{15}"), every.str.fullmatch(r"006\w{12}")
    if long.any() and short.any():
        every = every.where(~long, every.str[:15])
    empty = int((every == "").sum())
    codes, names = pd.factorize(every)
    at = 0
    for kind in keyed:
        table = made.tables[kind]
        table["id"] = codes[at : at + len(table)]
        at += len(table)
        if empty:
            made.tables[kind] = table[(every[at - len(table) : at] != "").to_numpy()].reset_index(drop=True)
    if empty:
        words = "Rows without an id belong to no deal and are left out."
        made.findings.append(Finding("no_id", "warning", empty, words, "Export the id of each row."))
    made.ids = len(names)
    made.numeric_ids = pd.to_numeric(pd.Series(names), errors="coerce").to_numpy(dtype=float)
