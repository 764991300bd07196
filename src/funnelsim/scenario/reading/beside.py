"""Files that may have been meant by the name of one that is not there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from ..forms.suggestions import nearest

_MOST = 2000
_KINDS = ((".yaml", ".yml"), (".csv", ".txt", ".tsv"))


def meant(path: Path, exact: bool = False) -> str:
    """The end of a message about a missing file: the one beside it of nearly its name; empty if there is none.

    With ``exact`` it is only one of the same name with another ending.
    """
    try:
        names = sorted(one.name for one in islice(path.parent.iterdir(), _MOST) if one.is_file())
    except (OSError, ValueError):
        return ""
    kinds = next((kinds for kinds in _KINDS if path.suffix.lower() in kinds), (path.suffix.lower(), *_KINDS[0]))
    alike = [name for name in names if Path(name).suffix.lower() in kinds]
    same = [name for name in alike if Path(name).stem.casefold() == path.stem.casefold()]
    close = same[0] if same else None if exact else nearest(path.name, alike)
    return f"; did you mean {close!r}?" if close is not None else ""
