"""The funnel as a picture: leads that enter each stage, and how many of them go on."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..words import say
from ..words.numbers import amount, percent
from . import style
from .facts import Line, Station

WIDTH = 9.5
MARGIN = 0.45
NAMES = 2.5  # width of the column of names
RATES = 2.0  # width of the column behind the bars
STEP = 0.46
BAR = 0.27


def draw(line: Line) -> Figure:
    """The picture of the funnel of a line; stages beside the line are left out."""
    height = 1.35 + STEP * len(line.stations) + 0.35
    figure, axes = style.canvas(WIDTH, height)
    room = WIDTH - 2 * MARGIN
    style.write(axes, MARGIN, height - 0.45, style.fit(line.name, room, 14, bold=True), 14, bold=True)
    style.write(axes, MARGIN, height - 0.74, _summary(line), 9.5)
    _columns(axes, height - 1.16)
    most = max((station.entered for station in line.stations), default=0.0)
    for row, station in enumerate(line.stations):
        _stage(axes, height - 1.35 - (row + 1) * STEP + 0.12, station, most)
    return figure


def _summary(line: Line) -> str:
    if not line.stations:
        return say("picture.funnel.no_stages")
    return say("picture.funnel.summary", entered=amount(line.stations[0].entered), won=amount(line.won))


def _columns(axes: Axes, y: float) -> None:
    style.write(axes, MARGIN, y, say("picture.funnel.stage"), 8, style.MUTED)
    style.write(axes, MARGIN + NAMES, y, say("picture.funnel.bars"), 8, style.MUTED)
    style.write(axes, WIDTH - MARGIN, y, say("picture.funnel.share"), 8, style.MUTED, align="right")
    axes.plot([MARGIN, WIDTH - MARGIN], [y - 0.1, y - 0.1], color=style.HAIRLINE, linewidth=0.8)


def _stage(axes: Axes, y: float, station: Station, most: float) -> None:
    colour = style.team_colour(station.team)
    middle = y + BAR / 2 - 0.045
    style.write(axes, MARGIN, middle, style.fit(station.label, NAMES - 0.2, 9.5, bold=True), 9.5, bold=True)
    left = MARGIN + NAMES
    scale = (WIDTH - 2 * MARGIN - NAMES - RATES) / most if most > 0 else 0.0
    entered, advanced = station.entered * scale, min(station.advanced, station.entered) * scale
    axes.add_patch(Rectangle((left, y), entered, BAR, facecolor=style.tint(colour, 0.28), linewidth=0))
    axes.add_patch(Rectangle((left, y), advanced, BAR, facecolor=style.tint(colour, 0.95), linewidth=0))
    style.write(axes, left + entered + 0.08, middle, amount(station.entered), 9)
    if station.conversion is not None:
        style.write(axes, WIDTH - MARGIN, middle, percent(station.conversion), 9.5, align="right")
