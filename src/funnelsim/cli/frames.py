"""The look of text and tables on the terminal; apart from `streams`, as rich takes longer than printing help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from funnelsim.text import visible
from funnelsim.views.words import numbers
from funnelsim.views.words.lines import cuts

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding

RUNS = "run.single"
"""Text of the heading of the column that says where single runs lie."""

GAP = 3
"""Columns of the console between two of a table."""


class PlainConsole(Console):
    """A console that shows what text holds and obeys none of it: escapes, reversed writing, hidden characters."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, with lines of text that end where words and Japanese may end; tables break theirs themselves."""
        if not options.get("soft_wrap"):
            objects = tuple(_broken(each, self.width, options.get("style") or "") for each in objects)
        super().print(*objects, **options)

    def render(self, *args: Any, **options: Any) -> Iterable[Segment]:
        for segment in super().render(*args, **options):
            yield segment if segment.control else Segment(visible(segment.text, breaks=True), segment.style)


def _broken(shown: Any, width: int, style: str) -> Any:
    """A text in lines of this width; anything else is as it is."""
    if isinstance(shown, Padding) and isinstance(shown.renderable, Text):
        inside = _broken(shown.renderable, width - shown.left - shown.right, style)
        return Padding(inside, (shown.top, shown.right, shown.bottom, shown.left))
    if isinstance(shown, str):
        shown = Text(shown, style=style)
    if not isinstance(shown, Text):
        return shown
    lines: list[Text] = []
    for line in shown.split("\n", allow_blank=True):
        for part in line.divide(cuts(line.plain, width, cell_len)):
            part.rstrip()
            lines.append(part)
    return Text("\n", style=shown.style).join(lines)


def frame(title: str, columns: Sequence[str], left: int = 1) -> Table:
    """An empty table; all but the first columns are figures, and one without a heading holds words.

    Where there is little room names and words take several lines; a figure never does.
    """
    table = Table(title=title or None, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.title_justify, table.title_style = "left", "bold"
    for number, column in enumerate(columns):
        named = number < left
        words = named or not column
        table.add_column(column, justify="left" if named else "right", overflow="fold", no_wrap=not words)
    return table


def difference(found: Finding | None, interval: bool) -> str:
    """A paired difference with its sign, and half its interval on request; nothing for what is not compared."""
    if found is None:
        return ""
    mean, low, high = found.difference.mean, found.low, found.high
    if mean is None:
        return numbers.DASH
    half = (high - low) / 2 if interval and low is not None and high is not None else None
    return numbers.signed(mean, found.base.unit, half)


def fitting(console: Console, build: Callable[[bool], Table]) -> Table:
    """A table with intervals if the console is wide enough for it in lines of one row, else without."""
    return first_fitting(console, partial(build, True), partial(build, False))


def first_fitting(console: Console, *builds: Callable[[], Table]) -> Table:
    """The first table for which the console is wide enough in lines of one row, else the last."""
    for build in builds[:-1]:
        table = build()
        widest = (max(map(_wide, (column.header, *column.cells)), default=0) for column in table.columns)
        if sum(widest) + GAP * (len(table.columns) - 1) <= console.width:
            return table
    return builds[-1]()


def _wide(cell: object) -> int:
    return cell_len(str(cell))
