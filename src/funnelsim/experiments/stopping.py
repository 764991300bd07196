"""What Ctrl-C leaves of long work."""

from __future__ import annotations

from typing import Any


class Stopped(KeyboardInterrupt):  # as Ctrl-C itself, it is no error
    """The user stopped long work; ``kept`` is what was done, or None if that is nothing that could be shown."""

    def __init__(self, kept: Any, said: str) -> None:
        self.kept = kept
        super().__init__(said)
