"""Names of people become pseudonyms, and rare texts become one, before anything leaves the reading.

Pseudonyms are numbers within a team, in the order of a hash of the name (HMAC-SHA256) whose key is a digest of the
files and lives in memory only. So the same files give the same pseudonyms; whoever has no files can neither find
a name by trying, nor learn from the order who came first; and another export gives others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEAST = 5
"""Texts of fewer deals than this are pooled."""

MOST = 40
"""So many different texts of one kind leave the reading."""

OTHER = "other"
"""What they become."""

NOBODY = ("", "unassigned", "none", "-", "no owner", "(no owner)", "nicht zugewiesen", "未割当", "未設定", "なし")
"""What stands in a cell where there is no owner."""

_PERSONAL = re.compile(r"@|\+?\d[\d ()/-]{7,}\d")


def key_of(digests: Iterable[bytes]) -> bytes:
    """The key of files, whatever their order."""
    return hashlib.sha256(b"".join(sorted(digests))).digest()


def pseudonyms(
    names: Sequence[str], teams: Sequence[str], key: bytes
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """A number for each name, and what each number is called, such as ``ae-01``.

    Parameters
    ----------
    names, teams : sequences of str
        Different names, and the team of each, empty where unknown.
    key : bytes
        Of the hash.
    """
    hashes = [hmac.new(key, name.encode(), hashlib.sha256).digest() for name in names]
    order = sorted(range(len(names)), key=lambda at: (teams[at], hashes[at]))
    number = np.zeros(len(names), dtype=np.int64)
    number[order] = np.arange(len(names))
    count: dict[str, int] = {}
    called = []
    digits = max(len(str(len(names))), 2)
    for at in order:
        team = teams[at] or "rep"
        count[team] = count.get(team, 0) + 1
        called.append(f"{team}-{count[team]:0{digits}d}")
    return number, tuple(called)


def pooled(texts: pd.Series, people: Iterable[str]) -> tuple[NDArray[np.int64], tuple[str, ...], int]:
    """Texts as codes; those that are rare, or may be of a person, as one.

    Parameters
    ----------
    texts : pandas.Series of str
        One a deal, empty where unknown.
    people : iterable of str
        Names of owners and accounts, which are not let through.

    Returns
    -------
    tuple
        Codes with -1 for unknown; the texts in order of how often they stand; how many rows were pooled.
    """
    counts = texts[texts != ""].value_counts()
    barred = {each.casefold() for each in people if each}
    kept = [
        name
        for name in counts.index[counts.to_numpy() >= LEAST]
        if name.casefold() not in barred and not _PERSONAL.search(name)
    ]
    kept = sorted(kept, key=lambda name: (-counts[name], name))[:MOST]
    rest = int(counts.sum() - counts[kept].sum())
    names = tuple(kept) + ((OTHER,) if rest and OTHER not in kept else ())
    code = {name: at for at, name in enumerate(names)}
    every = {name: code.get(name, code.get(OTHER, -1)) for name in counts.index} | {"": -1}
    return texts.map(every).fillna(-1).to_numpy(dtype=np.int64), names, rest
