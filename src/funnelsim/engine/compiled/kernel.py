"""The compiled entry to the event loop."""

from __future__ import annotations

from typing import Any

import numba

from . import references as references  # Numba must know the structures before it compiles
from .cache import keep_on_disk
from .loop import go

COMPILES_FOR = 40
"""Seconds that compiling takes, about."""


def _advance(w: Any) -> int:
    return go(w)


advance = numba.njit(nogil=True, error_model="numpy")(_advance)
"""`loop.go`, compiled at its first call or taken from the disk."""

_kept = None if numba.config.DISABLE_JIT else keep_on_disk(advance)


def compiles_first() -> bool:
    """Whether the first run has to wait until the loop is compiled."""
    if numba.config.DISABLE_JIT or advance.signatures:
        return False
    return _kept is None or not _kept.is_filled()
