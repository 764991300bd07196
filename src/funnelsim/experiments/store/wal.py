"""The write-ahead log that a run store has beside it while it is written, and after a kill.

SQLite takes a log to end where its checksums do not hold, whatever comes after, and says nothing. That is right
for a log that was being written, and wrong for one in which a bit changed.
(The file format is described at https://www.sqlite.org/fileformat2.html.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER, FRAME_HEADER = 32, 24
_SALT = slice(8, 16)
_MAGIC = 0x377F0682  # the last bit says in which order the bytes of the checksums stand


@dataclass(frozen=True)
class Frame:
    """A page in a log; ``old`` if it was left over from before the log was begun anew."""

    number: int
    page: bytes
    old: bool
    head: bytes
    strange: bool
    """Whether one bit tells it from the others of its kind."""


def frames(content: bytes, size: int) -> Iterator[Frame]:
    """The pages of a log, whose pages have that size, in the order in which they were written."""
    salt = content[16:24]
    for at in range(HEADER, len(content) - FRAME_HEADER - size + 1, FRAME_HEADER + size):
        head = content[at : at + FRAME_HEADER]
        apart = _bits_apart(head[_SALT], salt)
        page = content[at + FRAME_HEADER : at + FRAME_HEADER + size]
        yield Frame(int.from_bytes(head[:4], "big"), page, apart > 1, head, apart == 1)


def is_whole(path: Path, size: int) -> bool:
    """Whether the log of a store says what was written to it; that of a process that was killed does."""
    log = Path(f"{path}-wal")
    content = log.read_bytes() if log.exists() else b""
    if len(content) < HEADER:
        return True
    order = ">" if content[3] & 1 else "<"
    sums = _summed(content[:24], order, (0, 0))
    if int.from_bytes(content[:4], "big") & ~1 != _MAGIC or _said(content[24:32]) != sums:
        return False
    if int.from_bytes(content[8:12], "big") != size:
        return False
    ended = False
    for frame in frames(content, size):
        if frame.strange or (ended and not frame.old):
            return False
        if frame.old:
            ended = True
            continue
        sums = _summed(frame.head[:8] + frame.page, order, sums)
        if _said(frame.head[16:24]) != sums:
            return False
    return True


def _said(raw: bytes) -> tuple[int, int]:
    first, second = struct.unpack(">II", raw)
    return first, second


def _summed(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """The checksum of SQLite's logs."""
    one, other = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        one = (one + even + other) & 0xFFFFFFFF
        other = (other + odd + one) & 0xFFFFFFFF
    return one, other


def _bits_apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
