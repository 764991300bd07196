"""Checksums of the rows of a run store: what was changed on disk, by whatever, is not read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

SEAL_BYTES = 8


def seal(table: str, *values: Any) -> bytes:
    """The checksum of a row of a table, over all its other columns in their order."""
    said = repr((table, *values)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=SEAL_BYTES).digest()


def is_sealed(table: str, row: Sequence[Any]) -> bool:
    """Whether a row, whose last column is its checksum, is as it was written."""
    return bool(row[-1] == seal(table, *row[:-1]))
