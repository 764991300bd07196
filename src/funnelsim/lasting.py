"""What was made of something that never changes, remembered as long as that is there."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")


def while_it_lives(make: Callable[[S], T]) -> Callable[[S], T]:
    """Remember what a function makes of an object, until that object is given up.

    It is known by being the same one, and not by what is in it: comparing two scenarios takes longer than much
    that is made of them.
    """
    known: dict[int, tuple[weakref.ref[S], T]] = {}

    def remembered(of: S) -> T:
        at = id(of)
        found = known.get(at)
        if found is not None and found[0]() is of:
            return found[1]

        def forget(gone: weakref.ref[S]) -> None:
            if at in known and known[at][0] is gone:
                del known[at]

        made = make(of)
        known[at] = weakref.ref(of, forget), made
        return made

    return remembered
