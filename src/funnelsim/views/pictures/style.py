"""Colours, fonts and text helpers that all pictures share."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from .fonts import MISSING, drawable
from .fonts import family as font_family
from .measure import balanced, column, ems, fit, widest
from .vector import svg

if TYPE_CHECKING:
    from funnelsim.results.stamp import Stamp

__all__ = ["MISSING", "balanced", "column", "drawable", "ems", "fit", "font_family", "svg", "widest"]

INK = "#1F2D3A"
MUTED = "#66727F"
HAIRLINE = "#D5DAE0"
PAPER = "#FFFFFF"
PANEL = "#F6F7F9"
LIMIT = "#C8443C"
NEAR = "#8F6410"
"""Of the team that a verdict names as closest to its limit, where none is the limit."""
AUTOMATED = "#98A1AB"
TEAMS = ("#3E6C9E", "#4F9482", "#8A6BA6", "#B98A2F", "#5C7C8A", "#9A6A4F", "#6B8E4E", "#A65E84")
"""Colours of teams in file order; they repeat after the eighth."""

Colour = str | tuple[float, float, float]
"""How colours are given."""

LEADING = 1.35
"""Distance between the base lines of two lines of text, in multiples of its size."""

STAMP_SIZE, STAMP_ROWS = 6.5, 2
"""Letters in points, and lines at most, of what made a picture."""

SCREEN = 96
"""Dots per inch in notebooks."""


def team_colour(index: int) -> str:
    """The colour of a team; -1 is no team."""
    return AUTOMATED if index < 0 else TEAMS[index % len(TEAMS)]


def tint(colour: str, strength: float) -> tuple[float, float, float]:
    """``colour`` mixed with white; a strength of 1 leaves it as it is."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (1 - strength + strength * part for part in parts)
    return red, green, blue


class Picture(Figure):
    """A figure that notebooks show by itself, without pyplot and its state.

    All its texts are drawn with fonts that have them, ticks and legends too, and as they stand: ``$`` is a dollar.
    """

    def draw(self, renderer: RendererBase) -> None:
        with self._in_fonts():
            super().draw(renderer)

    def tight_layout(self, **given: Any) -> None:
        with self._in_fonts():
            super().tight_layout(**given)

    @contextmanager
    def _in_fonts(self) -> Iterator[None]:
        """Sets texts that are there, and those that are made meanwhile, such as the labels of ticks."""
        family = list(font_family())
        for text in self.findobj(Text):
            assert isinstance(text, Text)
            text.set_fontfamily(family)
            text.set_parse_math(False)
        with rc_context({"font.family": family, "text.parse_math": False}):
            yield

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=SCREEN)
        return buffer.getvalue()


def element(figure: Figure, what: str, dpi: float = 110) -> str:
    """A picture as an element of a page; ``what`` stands there for those who cannot see it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="{what}" style="max-width:100%" src="data:image/png;base64,{data}">'


def stamped(figure: Figure, stamp: Stamp) -> Figure:
    """A picture with what made it in small letters below it, for which it is made a little taller."""
    width, height = (float(size) for size in figure.get_size_inches())
    rows = fit(" · ".join(stamp.lines), width - 0.4, STAMP_SIZE, lines=STAMP_ROWS).split("\n")
    more = 0.08 + len(rows) * LEADING * STAMP_SIZE / 72
    figure.set_layout_engine("none")  # where all has its place by now
    figure.set_size_inches(width, height + more)
    for axes in figure.axes:
        box = axes.get_position(original=True)
        bottom = (box.y0 * height + more) / (height + more)
        axes.set_position((box.x0, bottom, box.width, box.height * height / (height + more)))
    for number, row in enumerate(rows):
        y = (more - 0.04 - (number + 0.75) * LEADING * STAMP_SIZE / 72) / (height + more)
        text = figure.text(0.2 / width, y, drawable(row), fontsize=STAMP_SIZE, color=MUTED, parse_math=False)
        text.set_fontfamily(list(font_family()))
    return figure


def canvas(width: float, height: float) -> tuple[Picture, Axes]:
    """A figure of that size in inches, and axes over all of it whose unit is the inch."""
    figure = Picture(figsize=(width, height), facecolor=PAPER, dpi=144)
    FigureCanvasAgg(figure)  # measures texts; without it each measurement would draw the whole figure
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    size: float = 9,
    colour: str = INK,
    bold: bool = False,
    align: str = "left",
    zorder: float = 3,
) -> float:
    """Put text with its first base line at ``y``, and return where its last line ends.

    Dollar signs are dollar signs.
    """
    written = [
        axes.text(
            x,
            y - number * LEADING * size / 72,
            drawable(row),
            fontsize=size,
            color=colour,
            fontweight="bold" if bold else "normal",
            ha=align,
            va="baseline",
            fontfamily=list(font_family()),
            parse_math=False,
            zorder=zorder,
        )
        for number, row in enumerate(text.split("\n"))
    ]
    return end(axes, written[-1])


def end(axes: Axes, text: Text) -> float:
    """Where text ends on the right."""
    return float(axes.transData.inverted().transform(text.get_window_extent())[1, 0])
