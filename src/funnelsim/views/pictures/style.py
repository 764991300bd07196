"""Colours, fonts and text helpers that all pictures share."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterator, Sequence
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
from .vector import svg

if TYPE_CHECKING:
    from funnelsim.results.stamp import Stamp

__all__ = ["MISSING", "drawable", "font_family", "svg"]

INK = "#1F2D3A"
MUTED = "#66727F"
HAIRLINE = "#D5DAE0"
PAPER = "#FFFFFF"
PANEL = "#F6F7F9"
LIMIT = "#C8443C"
AUTOMATED = "#98A1AB"
TEAMS = ("#3E6C9E", "#4F9482", "#8A6BA6", "#B98A2F", "#5C7C8A", "#9A6A4F", "#6B8E4E", "#A65E84")
"""Colours of teams in file order; they repeat after the eighth."""

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


def quiet_ticks(axes: Axes) -> None:
    """A horizontal scale in small grey letters, with fine lines behind the figures."""
    axes.tick_params(axis="x", length=0, labelsize=7.5, labelcolor=MUTED)
    axes.grid(axis="x", color=PAPER, lw=0.8)
    axes.set_axisbelow(True)


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
        )
        for number, row in enumerate(text.split("\n"))
    ]
    return end(axes, written[-1])


def end(axes: Axes, text: Text) -> float:
    """Where text ends on the right."""
    return float(axes.transData.inverted().transform(text.get_window_extent())[1, 0])


def ems(text: str, bold: bool = False) -> float:
    """About how wide text is, in multiples of its size."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    narrow = sum(c in " .,:;|!'ijlI()" for c in text)
    return wide * 1.02 + narrow * 0.36 + (len(text) - wide - narrow) * (0.70 if bold else 0.63)


def fit(text: str, width: float, size: float, lines: int = 1, bold: bool = False) -> str:
    """``text`` in at most so many lines of ``width`` inches at ``size`` points, cut where it must be."""
    room = width * 72 / size
    rows: list[str] = []
    for word in _words(text):
        if rows and ems(rows[-1] + word.rstrip(), bold) <= room:
            rows[-1] += word
        else:
            rows.extend(_pieces(word.lstrip(), room, bold))
    rows = [row.strip() for row in rows if row.strip()]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _cut(" ".join(rows[lines - 1 :]), room, bold)]
    return "\n".join(rows)


def _words(text: str) -> list[str]:
    """Pieces a line may end after: words with their space, and single wide characters."""
    words = [""]
    for c in " ".join(text.split()):
        if unicodedata.east_asian_width(c) in "WF":
            words += [c, ""]
        else:
            words[-1] += c
            if c in " -/_":
                words.append("")
    return [word for word in words if word]


def _pieces(word: str, room: float, bold: bool) -> list[str]:
    """A word, broken where it is longer than a line."""
    pieces = [""]
    for c in word:
        if pieces[-1] and ems(pieces[-1] + c, bold) > room:
            pieces.append("")
        pieces[-1] += c
    return pieces


def _cut(text: str, room: float, bold: bool) -> str:
    if ems(text, bold) <= room:
        return text
    while text and ems(text + "…", bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def balanced(count: int, most: int) -> list[int]:
    """Sizes of the fewest rows of at most ``most``, as even as they can be, the longer ones first."""
    rows = max(1, -(-count // most))
    return [count // rows + (row < count % rows) for row in range(rows)]


def widest(texts: Sequence[str], size: float) -> float:
    """About how wide the widest of the texts is, in inches."""
    return max((ems(text) for text in texts), default=0.0) * size / 72
