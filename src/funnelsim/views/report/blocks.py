"""What sections of a report are made of: texts, tables and pictures, however they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..words import numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from funnelsim.results.estimates import Estimate


@dataclass(frozen=True)
class Text:
    """A paragraph.

    Parameters
    ----------
    text : str
        What it says.
    kind : str
        ``lead`` for the answer, ``note`` for small print, ``code`` for what is to be copied; else empty.
    """

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Head:
    """A heading within a section."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Sentences, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A figure in a table.

    Parameters
    ----------
    text : str
        As people read it.
    value : float or None
        The number for a spreadsheet, in `unit`; None where there is none.
    unit : str
        Hours, leads, a currency, ...
    low, high : float or None
        Ends of its interval.
    """

    text: str
    value: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, estimate: Estimate | None, factor: float = 1.0, interval: bool = True) -> Cell:
        """The cell of an estimate; `factor` multiplies it, as from leads in all to leads a month."""
        if estimate is None or estimate.mean is None:
            return cls(numbers.DASH)
        leaf = estimate.to_dict()
        low, high = (None if end is None else end * factor for end in (estimate.low, estimate.high))
        text = numbers.estimate(leaf, interval, factor)
        return cls(text, estimate.mean * factor, estimate.unit, low, high)

    @classmethod
    def count(cls, number: float) -> Cell:
        """A plain number."""
        return cls(numbers.amount(number), number)


@dataclass(frozen=True)
class Group:
    """A row of a table that is a heading of those below it."""

    text: str


Row = tuple[str | Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table, which is written alike into a page and a spreadsheet.

    Parameters
    ----------
    name : str
        Of its sheet, in English.
    caption : str
        What it shows.
    heads : tuple of str
        Of its columns.
    rows : tuple of (Row or Group)
        Texts and figures; a cell that is a text is set left.
    mark : int or None
        The row that the answer is about.
    """

    name: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row | Group, ...]
    mark: int | None = None


@dataclass(frozen=True)
class Picture:
    """A picture, drawn when it is needed.

    Parameters
    ----------
    name : str
        Of its file, in English, and of what is in it.
    title, description : str
        What it is, and what is to be seen, for those who cannot see it.
    draw : callable
        Draws it.
    """

    name: str
    title: str
    description: str
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class Viewer:
    """A choice among points that were computed; a table beside it has the same without a script.

    Parameters
    ----------
    controls : tuple of (str, tuple of str)
        What may be chosen, each with its values.
    heads : tuple of str
        Of the columns of an answer.
    answers : tuple
        By the values of the controls, in their order, the rows of the answer.
    start : int
        The answer that is shown first.
    """

    controls: tuple[tuple[str, tuple[str, ...]], ...]
    heads: tuple[str, ...]
    answers: tuple[tuple[list[str], list[tuple[str, ...]]], ...]
    start: int


Block = Text | Head | Listing | Table | Picture | Viewer

Part = tuple[str, str, Sequence[Block]]
"""A section: its name, its heading and its blocks."""
