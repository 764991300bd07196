"""What differs between two documents of a scenario, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """A value that is another one; None where there is none."""

    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """The values of two documents that differ, in the order of the second; an entry that is new is one value.

    How numbers are known is no value of the line, and follows from what is changed.
    """
    if before == after:
        return
    if not isinstance(before, Mapping) or not isinstance(after, Mapping) or "dist" in (*before, *after):
        yield Difference(".".join(path), before, after)
        return
    for key in dict.fromkeys((*after, *before)):
        if key in ("evidence", "uncertain") and not path:
            continue
        yield from differences(before.get(key), after.get(key), (*path, str(key)))
