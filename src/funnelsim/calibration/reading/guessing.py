"""The mapping that says what was recognised, to save and correct."""

from __future__ import annotations

from typing import Any

from .mapping import Closed, MappedStage, Mapping, Times
from .reading import Files, Read, read_all
from .roles import ROLES


def guess_mapping(files: Files, mapping: Any = None) -> Mapping:
    """What is recognised in files, written out as a mapping.

    Parameters
    ----------
    files : path or sequence of paths
        Exports of one firm.
    mapping : Mapping, path, dict or None
        What is known already.

    Raises
    ------
    CalibrationError
        If something is not sure; see `read_history`.
    """
    return written_out(read_all(files, mapping))


def written_out(read: Read) -> Mapping:
    """The mapping of files that were read."""
    known = read.mapping
    columns: dict[str, list[str]] = {}
    for piece in read.loaded.pieces:
        for each in piece.guesses:
            if each.column in piece.raw.columns and _writable(each.role):
                names = columns.setdefault(each.role, [])
                if each.column not in names:
                    names.append(each.column)
    orders = {each.order for *_, each in read.loaded.moments if each.why and each.order != "ymd"}
    order = known.times.order or (orders.pop() if len(orders) == 1 else "")
    single = read.history.stages == ("deal",) and read.history.level == 0
    stages = {} if single else {name: known.stages.get(name, MappedStage()) for name in read.history.stages}
    closed = Closed(won=_ends(read.book.won, known.closed.won), lost=_ends(read.book.lost, known.closed.lost))
    return known.model_copy(
        update={
            "columns": {role: tuple(names) for role, names in columns.items()},
            "times": Times.model_construct(zone=known.times.zone, order=order, date_only=known.times.date_only),
            "stages": stages,
            "closed": closed,
        }
    )


def _ends(found: dict[str, int], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *found)))


def _writable(role: str) -> bool:
    return role in ROLES
