"""Which known name is meant by one that nobody knows."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from .signs import missing_colon, unquoted, without_value
from .synonyms import meant

MOST_COMPARED = 200
_SHORT = 3


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, if any is alike; among very many names only one that differs in case.

    Full-width and half-width forms of a letter are the same here. In names of two or three signs, as Japanese has
    them, one may differ unless it is the first of two.
    """
    folded: dict[str, str] = {}
    for other in known:
        folded.setdefault(_folded(other), other)
    wanted = _folded(unquoted(str(name)[:80]))
    if wanted in folded:
        return folded[wanted]
    if len(folded) > MOST_COMPARED:  # comparing takes time, and a hostile file could ask for it again and again
        return None
    close = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    begun = [other for other in folded if other.startswith(wanted)] if len(wanted) > _SHORT else []
    if not close and len(begun) == 1:
        close = begun
    if not close and not wanted.isascii() and 2 <= len(wanted) <= _SHORT:
        close = [other for other in folded if 2 <= len(other) <= _SHORT and other[0] == wanted[0]]
        close = difflib.get_close_matches(wanted, close, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def suggestion(name: str, known: Iterable[str], of: str = "") -> str | None:
    """What to write in place of an unknown name, as the end of a message; None if nothing is like it.

    A slip in typing comes first, then the words of other tools, then what is spelt alike. ``of`` is the
    distribution whose parameters are known, if any.
    """
    names = list(known)
    parts = [part.strip() for part in re.split("[,，、]", name)]
    if len(parts) > 1 and all(part in names for part in parts):
        return f"type an ordinary comma and a space in a list: [{', '.join(parts)}]"
    better = without_value(name) or missing_colon(name) or meant(_folded(unquoted(name[:80])), names, of)
    if better is not None:
        return better
    close = nearest(name, names)
    return f"did you mean {close!r}?" if close is not None else None


def ending(name: str, known: Iterable[str], of: str = "") -> str:
    """The same with what leads to it; empty if nothing is like the name."""
    better = suggestion(name, known, of)
    return f"; {better}" if better else ""
