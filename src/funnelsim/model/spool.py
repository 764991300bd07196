"""Records on disk: rows that are done leave memory, and come back as columns that are read when asked for.

A run whose records are not kept needs them once, for its figures. Those of ten million leads are several
gigabytes, but no figure looks at more than a few columns. So rows are put into files by columns, at the end of the
run in the order that `records` promises, and what reads them does not notice.
"""

from __future__ import annotations

import tempfile
import weakref
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from funnelsim.errors import SpaceError

from .records import Ints, types_of

TILE = 1 << 14
"""Rows that are made columns at once."""

BLOCK = 1 << 18
"""Values that are written at once when a column is put in order."""

KINDS: tuple[type[np.signedinteger], ...] = (np.int8, np.int16, np.int32, np.int64)
"""What values are written as: the first that holds them all."""


class Part(NamedTuple):
    """Some values of a column: where they stand in the file and as what, or the one that they all have."""

    first: int  # row
    rows: int
    place: int
    kind: np.dtype[np.integer] | None
    value: int = 0


class Pile:
    """Columns of 64-bit words in one file without a name, which the system removes whatever becomes of us."""

    def __init__(self, width: int) -> None:
        self._file = tempfile.TemporaryFile(prefix="funnelsim-", buffering=0)  # noqa: SIM115  # closed below
        self._columns: list[list[Part]] = [[] for _ in range(width)]
        self._ends: list[list[int]] = [[] for _ in range(width)]  # rows up to and with each part
        self.bytes = 0
        weakref.finalize(self, self._file.close)

    def add(self, word: int, values: Ints) -> None:
        """Put values behind those of a column."""
        low, high = int(values.min()), int(values.max())
        if low == high:
            self.add_same(word, low, len(values))
            return
        first = self.height(word)
        self._ends[word].append(first + len(values))
        kind = next(kind for kind in KINDS if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
        narrow = np.ascontiguousarray(values, dtype=kind)
        self._columns[word].append(Part(first, len(values), self.bytes, narrow.dtype))
        self._write(narrow)

    def add_same(self, word: int, value: int, rows: int) -> None:
        """Put a number of rows that all have one value behind those of a column."""
        first = self.height(word)
        self._ends[word].append(first + rows)
        self._columns[word].append(Part(first, rows, 0, None, value))

    def _write(self, values: NDArray[np.integer]) -> None:
        left = values.data.cast("B")
        self._file.seek(self.bytes)
        while left:
            written = self._file.write(left)
            self.bytes += written
            left = left[written:]

    def fill(self, word: int, value: int) -> None:
        """Let all values of a column be the same."""
        self._columns[word] = [part._replace(kind=None, value=value) for part in self._columns[word]]

    def only_value(self, word: int) -> int | None:
        """The value that all rows of a column have, if it is one."""
        parts = self._columns[word]
        same = parts and all(part.kind is None and part.value == parts[0].value for part in parts)
        return parts[0].value if same else None

    def height(self, word: int) -> int:
        """How many rows a column has."""
        return self._ends[word][-1] if self._ends[word] else 0

    def read(self, word: int, rows: slice, into: Ints) -> Ints:
        """The values of a column in some rows; ``into`` is filled with them."""
        parts = self._columns[word]
        for at in range(bisect_right(self._ends[word], rows.start), len(parts)):
            part = parts[at]
            first, last = max(rows.start, part.first), min(rows.stop, part.first + part.rows)
            if first >= last:
                break
            self._read(part, first - part.first, into[first - rows.start : last - rows.start])
        return into

    def _read(self, part: Part, first: int, values: Ints) -> None:
        if part.kind is None:
            values[:] = part.value
            return
        narrow = values if part.kind == values.dtype else np.empty(len(values), dtype=part.kind)
        left = narrow.data.cast("B")
        self._file.seek(part.place + first * part.kind.itemsize)
        while left:
            read = self._file.readinto(left)
            if not read:
                raise EOFError("a temporary file of records has lost its end")
            left = left[read:]
        if narrow is not values:
            values[:] = narrow


class Spooled:
    """Records of one kind on disk; each access to a column reads it into memory of its own, unless it keeps them.

    Parameters
    ----------
    pile : Pile
        Where they are: a column for each field, in their order.
    kind : type
        One of the classes of `records`.
    rows : slice
        Which of them these are.
    keeps : bool
        Whether columns stay in memory once they are read.
    """

    def __init__(self, pile: Pile, kind: Any, rows: slice, keeps: bool = False) -> None:
        self._pile = pile
        self._kind = kind
        self._rows = rows
        self._keeps = keeps

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._kind._fields:
            raise AttributeError(name)
        word = self._kind._fields.index(name)
        values = self._pile.read(word, self._rows, np.empty(self.height, dtype=np.int64))
        column = values.view(types_of(self._kind)[name])
        if self._keeps:
            self.__dict__[name] = column  # found there from now on
        return column

    @property
    def height(self) -> int:
        """How many rows there are."""
        return int(self._rows.stop - self._rows.start)

    def part(self, rows: slice) -> Spooled:
        """Some of the rows, few enough that columns stay in memory once they are read."""
        first, last, _ = rows.indices(self.height)
        return Spooled(
            self._pile, self._kind, slice(self._rows.start + first, self._rows.start + last), keeps=True
        )


class Spool:
    """Rows of several kinds that have left memory.

    Parameters
    ----------
    fields : mapping
        The names of the words in a row of each kind.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = fields
        self._piles: dict[str, Pile] = {}
        self._taken = 0  # bytes

    @property
    def used(self) -> bool:
        """Whether any rows are here."""
        return bool(self._piles)

    def has(self, name: str) -> bool:
        """Whether any rows of a kind are here."""
        return name in self._piles

    def put(self, name: str, rows: NDArray[np.int64], done: float) -> None:
        """Put rows, an array of shape (rows, words), behind those of their kind; ``done`` is the share of the run.

        Raises
        ------
        SpaceError
            If there is no room for them.
        """
        with self._room(done):
            if name not in self._piles:
                self._piles[name] = Pile(len(self._fields[name]))
            for at in range(0, len(rows), TILE):  # a column of more rows would run through all their memory
                for word, values in enumerate(np.ascontiguousarray(rows[at : at + TILE].T)):
                    self._piles[name].add(word, values)

    def fill(self, name: str, field: str, value: int) -> None:
        """Let all rows of a kind have the same value."""
        self._piles[name].fill(self._fields[name].index(field), value)

    def take(self, name: str, kind: Any, by: str | None) -> Spooled:
        """The records of a kind, sorted by a word, those that are equal in it in the order written.

        The rows are here no more. Without ``by`` the order is that in which they were written.

        Raises
        ------
        SpaceError
            If there is no room to put them in order.
        """
        pile = self._piles[name]
        if by is not None:
            with self._room(1.0):
                word_of = self._fields[name].index
                pile = _in_order(pile, word_of(by), [word_of(field) for field in kind._fields])
        del self._piles[name]
        self._taken += pile.bytes
        return Spooled(pile, kind, slice(0, pile.height(0)))

    @contextmanager
    def _room(self, done: float) -> Iterator[None]:
        """Whatever the system says inside, with the room that a run needs: twice its rows, to sort them."""
        try:
            yield
        except OSError as error:
            so_far = self._taken + sum(pile.bytes for pile in self._piles.values())
            all_of_it = _size(2 * so_far / done) if so_far and done else ""
            needed = (
                f"; all of it may need {all_of_it}, and so may every other that runs at the time"
                if all_of_it
                else ""
            )
            raise SpaceError(
                f"the rows of this run cannot be put into {tempfile.tempdir or 'a temporary file'} "
                f"({error.strerror or error}); at {done:.0%} of the run there are {_size(so_far)}{needed}; "
                "set the environment variable TMPDIR to a folder with room",
                code="E-space-disk",
            ) from error


def _in_order(pile: Pile, by: int, words: Sequence[int]) -> Pile:
    """Some columns of the same rows, sorted by a word."""
    rows = slice(0, pile.height(by))
    values = np.empty(rows.stop, dtype=np.int64)
    order = np.argsort(pile.read(by, rows, values), kind="stable")
    arranged = Pile(len(words))
    for place, word in enumerate(words):
        if (value := pile.only_value(word)) is not None:
            arranged.add_same(place, value, rows.stop)
            continue
        pile.read(word, rows, values)
        for at in range(0, len(values), BLOCK):
            arranged.add(place, values[order[at : at + BLOCK]])
    return arranged


def _size(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
