"""What charts of one panel share: what stands above them, and drawing into a panel that the user has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text

from . import style

if TYPE_CHECKING:
    from funnelsim.results.stamp import Stamp

WIDTH = 9.0
TOP, KEY = 0.5, 0.22
"""Inches of the title, and of a line of what stands below it."""

Size = tuple[float, float]
"""Inches of a panel."""


@dataclass(frozen=True)
class Chart:
    """A chart of one panel.

    Parameters
    ----------
    title, said : str
        What it is, and what one has to know to read it.
    keys : sequence of (str, colour)
        What the colours mean.
    draw : callable
        Draws into a panel of so many inches.
    height : float
        Inches of the panel.
    left, right, below : float
        Inches beside and below it.
    """

    title: str
    said: str
    keys: Sequence[tuple[str, style.Colour]]
    draw: Callable[[Axes, Size], None]
    height: float = 3.0
    left: float = 0.95
    right: float = 0.35
    below: float = 0.4


def shown(chart: Chart, stamp: Stamp, axes: Axes | None = None) -> Figure | Axes:
    """The chart as a picture of its own, or in a panel that is given."""
    return in_figure(chart, stamp) if axes is None else _in_axes(chart, axes)


def in_figure(chart: Chart, stamp: Stamp) -> Figure:
    """The chart as a picture of its own."""
    said = style.fit(chart.said, WIDTH - 0.5, 8.5, lines=2)
    keys = _rows(chart.keys)
    head = TOP + 0.17 * (said.count("\n") + 1) + KEY * len(keys) + 0.2
    height = head + chart.height + chart.below
    figure, page = style.canvas(WIDTH, height)
    style.write(page, 0.25, height - 0.38, style.fit(chart.title, WIDTH - 0.5, 13, bold=True), 13, bold=True)
    style.write(page, 0.25, height - 0.62, said, 8.5, style.MUTED)
    y = height - TOP - 0.17 * (said.count("\n") + 1) - 0.16
    for row in keys:
        for text, colour, x in row:
            page.add_patch(Rectangle((x, y - 0.01), 0.12, 0.12, facecolor=colour, linewidth=0))
            style.write(page, x + 0.18, y, text, 8)
        y -= KEY
    size = WIDTH - chart.left - chart.right, chart.height
    box = (chart.left / WIDTH, chart.below / height, size[0] / WIDTH, size[1] / height)
    _panel(chart, figure.add_axes(box), size)
    return style.stamped(figure, stamp)


def _rows(keys: Sequence[tuple[str, style.Colour]]) -> list[list[tuple[str, style.Colour, float]]]:
    """Keys in rows, each with where it begins."""
    rows: list[list[tuple[str, style.Colour, float]]] = []
    x = WIDTH
    for label, colour in keys:
        text = style.fit(label, WIDTH - 0.8, 8)
        width = 0.18 + style.widest([text], 8)
        if x + width > WIDTH - 0.25:
            rows.append([])
            x = 0.25
        rows[-1].append((text, colour, x))
        x += width + 0.25
    return rows


def _in_axes(chart: Chart, axes: Axes) -> Axes:
    figure = axes.get_figure(root=True)
    box = axes.get_window_extent()
    dpi = figure.dpi if figure is not None else 100.0
    _panel(chart, axes, (box.width / dpi, box.height / dpi))
    axes.set_title(style.drawable(chart.title), fontsize=10, color=style.INK, loc="left")
    if chart.keys:
        handles = [Patch(facecolor=colour, label=style.drawable(label)) for label, colour in chart.keys]
        axes.legend(handles=handles, frameon=False, fontsize=7.5, labelcolor=style.MUTED)
    for text in axes.findobj(Text):
        assert isinstance(text, Text)
        text.set_fontfamily(list(style.font_family()))
        text.set_parse_math(False)
    return axes


def _panel(chart: Chart, axes: Axes, size: Size) -> None:
    axes.set_facecolor(style.PANEL)
    axes.spines[["top", "right", "bottom", "left"]].set_visible(False)
    axes.tick_params(length=0)
    chart.draw(axes, size)


def names(axes: Axes, texts: Sequence[str], inches: float) -> None:
    """Write names left of rows, which lie at 0, 1, ... from the top."""
    said = [style.drawable(style.fit(text, inches, 8.5, lines=2)) for text in texts]
    axes.set_yticks(range(len(texts)), said)
    axes.tick_params(axis="y", length=0, labelsize=8.5, labelcolor=style.INK)
    axes.set_ylim(len(texts) - 0.45, -0.55)
