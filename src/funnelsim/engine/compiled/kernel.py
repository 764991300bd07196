"""The compiled entry to the event loop."""

from __future__ import annotations

import numba

from . import loop, references

__all__ = ["advance", "references"]

advance = numba.njit(nogil=True, error_model="numpy", cache=False)(loop.advance)
"""`loop.advance`, compiled at its first call."""
