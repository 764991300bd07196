"""The compiled entry to the event loop."""

from __future__ import annotations

from typing import Any

import numba

from . import references
from .loop import go

__all__ = ["advance", "references"]


def _advance(w: Any) -> int:
    return go(w)


advance = numba.njit(nogil=True, error_model="numpy")(_advance)
"""`loop.go`, compiled at its first call."""
