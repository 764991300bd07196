"""What several figures of one replication need is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from .window import Window

More = ParamSpec("More")
Found = TypeVar("Found")


def shared(of: Callable[Concatenate[Window, More], Found]) -> Callable[Concatenate[Window, More], Found]:
    """A function of a window (and hashable arguments) whose results the window keeps as long as it lives.

    They are handed to several callers, who must not change them.
    """

    @wraps(of)
    def once(window: Window, *more: More.args, **named: More.kwargs) -> Found:
        key: Hashable = (of, more, *named.items())
        if key not in window.kept:
            window.kept[key] = of(window, *more, **named)
        return window.kept[key]

    return once
