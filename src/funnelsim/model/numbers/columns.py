"""What the tables of a model are made of: columns of whole numbers and of real ones."""

from __future__ import annotations

from typing import Annotated, Any

Ints = Annotated[Any, "int64"]
"""A column of 64-bit integers: an array, or a list where plain Python reads it."""

Floats = Annotated[Any, "float64"]
"""A column of floats."""

NEVER = NO_LIMIT = 2**62
"""A moment later than any other; a number or an amount above any other."""

WHOLE = 4
"""Quarters of a post that is whole."""
