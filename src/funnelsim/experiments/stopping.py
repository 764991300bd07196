"""How long work is stopped, and what that leaves."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any


class Stopped(KeyboardInterrupt):  # as Ctrl-C itself, it is no error
    """The user stopped long work.

    Attributes
    ----------
    kept : object or None
        What was done, in the form of the whole; None if that is nothing that could be shown.
    done : int
        Replications that were done; where scenarios are compared, of each.
    """

    def __init__(self, kept: Any, said: str, done: int = 0) -> None:
        self.kept = kept
        self.done = done
        super().__init__(said)


def as_kept() -> Any:
    """Another name for `Stopped.kept`, that says what it is."""
    return property(attrgetter("kept"))


def tell(progress: Callable[..., Any] | None, *so_far: Any) -> None:
    """Tell whoever watches how far work is; it stops there, as on Ctrl-C, where the answer is False."""
    if progress is not None and progress(*so_far) is False:
        raise KeyboardInterrupt
