"""Checksums of the rows of a run store: what was changed on disk, by whatever, is not read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

SEAL_BYTES = 8


def seal(table: str, *values: Any) -> bytes:
    """The checksum of a row of a table, over all its other columns in their order."""
    # Bytes go in as they are, as their text is four times as long; in the text stands how long each is.
    raw = [value for value in values if isinstance(value, bytes)]
    said = repr((table, [(len(value),) if isinstance(value, bytes) else value for value in values]))
    return hashlib.blake2b(
        b"".join((said.encode("utf-8", "surrogatepass"), *raw)), digest_size=SEAL_BYTES
    ).digest()


def is_sealed(table: str, row: Sequence[Any]) -> bool:
    """Whether a row, whose last column is its checksum, is as it was written."""
    return bool(row[-1] == seal(table, *row[:-1]))
