"""Structures of numbers and arrays that lie at fixed places in memory.

Compiled code gets a whole structure as one address: handing over hundreds of arrays one by one would cost more
than the work. In plain Python the same structure is an object with attributes, so a function of structures runs
either way.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, Self, get_args, get_origin, get_type_hints

import numpy as np

if TYPE_CHECKING:
    from funnelsim.model.numbers.columns import Ints

INT, FLOAT, INTS, FLOATS, STRUCT, STRUCTS = range(6)
"""What a field may be: a number, a column of numbers, a structure, a column of structures."""

Structs = Annotated[Any, "structs"]
"""Marks a column of structures; the class stands beside it: ``Annotated[Structs, Leads]``."""

WORD_BYTES = 8

_WORDS = {INT: 1, FLOAT: 1, INTS: 2, FLOATS: 2, STRUCT: 1, STRUCTS: 2}
_DTYPES = {INTS: np.dtype(np.int64), FLOATS: np.dtype(np.float64)}


SHEET = "sheet"
"""The column in which those lie that are kept in rows."""


class Field(NamedTuple):
    """A field of a structure: the word it begins at, what it is, and of which class.

    Entries of a column are ``stride`` words apart, from word ``offset`` of its memory on.
    """

    place: int
    kind: int
    struct: type[Struct] | None
    offset: int = 0
    stride: int = 1


class Block(NamedTuple):
    """Columns in one piece of memory: from where to where each lies, and the words that hold their addresses."""

    memory: Any
    address: int
    spans: dict[str, tuple[int, int]]
    places: Any


class Struct:
    """A structure; subclasses name their fields by annotations.

    ``int`` and ``float`` are numbers that change in place, `Ints` and `Floats` (of `model.columns`) columns, a
    subclass of `Struct` or a named tuple of tables is a structure of its own. A column takes two words, its
    address and its length, anything else one.

    Where a class says ``in_rows``, its columns with one entry a slot lie side by side, a slot in a row: what is
    known of a lead is then in few cache lines, and one address leads to all of it. Columns with several entries a
    slot are named in ``wide`` and lie by themselves.
    """

    fields: ClassVar[dict[str, Field]] = {}
    in_rows: ClassVar[bool] = False
    wide: ClassVar[tuple[str, ...]] = ()
    replaced: ClassVar[tuple[str, ...]] = ()
    """Fields that compiled code sets to another structure; all others stay where they are while it runs."""
    word_count: ClassVar[int] = 1
    row_names: ClassVar[frozenset[str]] = frozenset()
    address: int
    if TYPE_CHECKING:
        sheet: Ints

    def __init_subclass__(cls) -> None:
        hints = {
            name: _kind_of(hint)
            for name, hint in get_type_hints(cls, include_extras=True).items()
            if get_origin(hint) is not ClassVar and name != "address"
        }
        rows = [
            name for name, (kind, _) in hints.items() if cls.in_rows and kind in _DTYPES and name not in cls.wide
        ]
        cls.fields = {}
        place = 0
        if rows:
            cls.fields[SHEET] = Field(place, INTS, None)
            place += _WORDS[INTS]
        for name, (kind, struct) in hints.items():
            if name in rows:
                cls.fields[name] = Field(cls.fields[SHEET].place, kind, struct, rows.index(name), len(rows))
            else:
                cls.fields[name] = Field(place, kind, struct)
                place += _WORDS[kind]
        for name, field in cls.fields.items():
            setattr(cls, name, _Place(name, field))
        cls.word_count = max(place, 1)
        cls.row_names = frozenset(rows)

    def __init__(self, **values: Any) -> None:
        self._stand_on(np.zeros(self.word_count, dtype=np.int64))
        self._held: dict[str, Any] = {}
        self.block: Block | None = None
        for name, value in values.items():
            setattr(self, name, value)

    def _stand_on(self, words: Any) -> None:
        self.words = words
        self.reals = words.view(np.float64)
        self.address = _address(words)

    def lay_out(self, lengths: dict[str, int], filled: dict[str, Any]) -> None:
        """Put columns into one piece of memory; those that are not ``filled`` are 0."""
        names = [*lengths, *filled]
        sizes = np.array([*lengths.values(), *(len(column) for column in filled.values())], dtype=np.int64)
        ends = np.cumsum(sizes)
        begins = ends - sizes
        spans = {name: (int(a), int(b)) for name, a, b in zip(names, begins, ends, strict=True)}
        places = np.array([self.fields[name].place for name in names], dtype=np.int64)
        memory = np.zeros(int(sizes.sum()), dtype=np.int64)
        self.block = Block(memory, _address(memory), spans, places)
        self.words[places] = self.block.address + begins * WORD_BYTES
        self.words[places + 1] = sizes
        for name, column in filled.items():
            getattr(self, name)[:] = column

    def copied(self) -> Self:
        """The same, with numbers and columns of its own; of structures it holds, those laid out likewise."""
        copy = object.__new__(type(self))
        copy._stand_on(self.words.copy())
        copy._held = {}
        copy.block = block = self.block
        if block is not None:
            memory = block.memory.copy()
            copy.block = block._replace(memory=memory, address=_address(memory))
            copy.words[block.places] += copy.block.address - block.address
        for name, value in self._held.items():
            if isinstance(value, Struct) and value.block is not None:
                setattr(copy, name, value.copied())
            elif block is None or (name not in block.spans and name not in self.row_names):
                copy._held[name] = value
        return copy

    def column(self, name: str) -> Any:
        """A column of the piece of memory, or of the rows."""
        field = self.fields[name]
        if field.stride > 1:
            sheet: Any = getattr(self, SHEET)
            return (sheet if field.kind == INTS else sheet.view(np.float64))[field.offset :: field.stride]
        if self.block is None:
            raise AttributeError(f"{type(self).__name__}.{name} is not set")
        begin, end = self.block.spans[name]
        column = self.block.memory[begin:end]
        return column if field.kind == INTS else column.view(np.float64)


def row_words(kind: type[Struct]) -> int:
    """Words in a row."""
    return max(len(kind.row_names), 1)


def _address(words: Any) -> int:
    return int(words.__array_interface__["data"][0])


class _Place:
    """Reads and writes one field of a structure."""

    def __init__(self, name: str, field: Field) -> None:
        self._name = name
        self._field = field

    def __get__(self, owner: Struct | None, _: type | None = None) -> Any:
        if owner is None:
            return self
        if self._field.kind == INT:
            return int(owner.words[self._field.place])
        if self._field.kind == FLOAT:
            return float(owner.reals[self._field.place])
        held = owner._held.get(self._name)
        if held is None:
            held = owner._held[self._name] = owner.column(self._name)
        return held

    def __set__(self, owner: Struct, value: Any) -> None:
        place, kind, struct, _, stride = self._field
        if stride > 1:
            raise TypeError(f"{type(owner).__name__}.{self._name} lies in rows, and cannot be set by itself")
        if kind == INT:
            owner.words[place] = value
        elif kind == FLOAT:
            owner.reals[place] = value
        elif kind == STRUCT:
            assert struct is not None
            assert isinstance(value, struct)
            owner._held[self._name] = value
            owner.words[place] = value.address
        else:
            held = value
            if kind == STRUCTS:  # compiled code reads a column of their addresses
                held = np.array([each.address for each in value], dtype=np.int64)
                owner._held[f"addresses of {self._name}"] = held
            elif held.dtype != _DTYPES[kind] or not held.flags.c_contiguous:
                raise TypeError(f"{type(owner).__name__}.{self._name}: {held.dtype} is not a column of its kind")
            if self._name == SHEET:  # columns seen before are of the old ones
                owner._held = {name: kept for name, kept in owner._held.items() if name not in owner.row_names}
            owner._held[self._name] = value
            owner.words[place] = _address(held)
            owner.words[place + 1] = len(held)


def _kind_of(hint: Any) -> tuple[int, type[Struct] | None]:
    """What a field with this type hint is."""
    if hint is int:
        return INT, None
    if hint is float:
        return FLOAT, None
    if isinstance(hint, type):
        return STRUCT, struct_of(hint)
    what = get_args(hint)[1:]
    if "structs" in what:
        return STRUCTS, struct_of(what[-1])
    return (INTS if "int64" in what else FLOATS), None


@cache
def struct_of(kind: Any) -> type[Struct]:
    """The structure of the same fields as a class of named tuples; a structure is its own."""
    if issubclass(kind, Struct):
        return kind
    hints = get_type_hints(kind, include_extras=True)
    return type(kind.__name__, (Struct,), {"__annotations__": hints, "__module__": __name__})


def mirror(table: Any) -> Any:
    """A named tuple of tables as a structure; it shares the arrays."""
    struct: type[Struct] = struct_of(type(table))  # type: ignore[arg-type]  # a class can be hashed
    values = {}
    for name, value in zip(table._fields, table, strict=True):
        kind = struct.fields[name].kind
        if kind == STRUCT:
            values[name] = mirror(value)
        elif kind in _DTYPES:
            whole = len(value) == 0 or value.dtype.kind in "ib" or kind == FLOATS
            values[name] = np.ascontiguousarray(value, dtype=_DTYPES[kind] if whole else None)
        else:
            values[name] = value
    return struct(**values)
