"""Kinds of deals: sources, segments and territories with names that a scenario may have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...findings import Finding
from ...history import History

Ints = NDArray[np.int64]

ONE_SOURCE, ONE_SEGMENT, UNKNOWN, OTHER = "deals", "all", "unknown", "other"

_LEAST = 30
"""Deals below which a kind is put together with others."""

GROUPS = ("source", "segment", "territory")


@dataclass(frozen=True)
class Kinds:
    """By deal: which source, segment and territory it is of, as indices into names.

    Parameters
    ----------
    names : dict of str to tuple of str
        Of ``source``, ``segment`` and ``territory``; there is at least one source and one segment.
    source, segment, territory : arrays of int
        -1 where a territory is unknown.
    findings : tuple of Finding
        Kinds that were put together.
    """

    names: dict[str, tuple[str, ...]]
    source: Ints
    segment: Ints
    territory: Ints
    findings: tuple[Finding, ...] = ()

    def of(self, group: str) -> Ints:
        """The column of a group."""
        column: Ints = getattr(self, group)
        return column


def kinds_of(history: History) -> Kinds:
    """The kinds of a history: rare ones together, unknown ones as one of their own, no name twice."""
    taken: set[str] = set()
    names: dict[str, tuple[str, ...]] = {}
    columns: dict[str, Ints] = {}
    findings: list[Finding] = []
    for group, listed in zip(GROUPS, (history.sources, history.segments, history.territories), strict=True):
        column = np.asarray(getattr(history.deals, group))
        names[group], columns[group], found = _of_group(group, column, listed)
        findings += found
        names[group] = tuple(_own(name, group, taken) for name in names[group])
        taken |= set(names[group])
    return Kinds(names, columns["source"], columns["segment"], columns["territory"], tuple(findings))


def _of_group(group: str, column: Ints, listed: tuple[str, ...]) -> tuple[tuple[str, ...], Ints, list[Finding]]:
    counts = np.bincount(column[column >= 0], minlength=len(listed))
    large = [index for index in range(len(listed)) if counts[index] >= _LEAST]
    rare = [index for index in range(len(listed)) if 0 < counts[index] < _LEAST]
    if len(rare) == 1 or (rare and not large):  # a single one cannot be put together with anything
        large, rare = sorted([*large, *rare]), []
    kept = [listed[index] for index in large]
    moved = np.full(len(listed) + 1, -1)
    moved[large] = np.arange(len(large))
    findings = []
    if rare:
        moved[rare] = len(kept)
        kept.append(OTHER)
        rows = int(counts[rare].sum())
        said = f"{len(rare)} kinds of {group} with fewer than {_LEAST} deals each are put together as `{OTHER}`."
        findings.append(Finding("few", "note", rows, said, "The mapping file can give them a common name."))
    made = moved[np.where(column >= 0, column, len(listed))]
    unknown = made < 0
    if group != "territory" and unknown.any():
        made = np.where(unknown, len(kept), made)
        kept.append(UNKNOWN if kept else ONE_SOURCE if group == "source" else ONE_SEGMENT)
    return tuple(kept), made.astype(np.int64), findings


def _own(name: str, group: str, taken: set[str]) -> str:
    """A name without points, which part paths, and unlike those of other groups."""
    legal = name.replace(".", "_").strip() or group
    if legal in ("else", "new", "expansion", "referral") or legal in taken:
        legal = f"{legal} {group}"
    while legal in taken:
        legal += "'"
    return legal
