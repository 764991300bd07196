"""Long columns in parts: where a step would make several more of their length."""

from __future__ import annotations

from collections.abc import Iterator

AT_ONCE = 1 << 18
"""Values that are worked on at the same time."""


def chunks(length: int) -> Iterator[slice]:
    """Slices that follow one another and cover a column."""
    return (slice(at, at + AT_ONCE) for at in range(0, length, AT_ONCE))
