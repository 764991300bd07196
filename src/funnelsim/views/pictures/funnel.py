"""The funnel as a picture: how the visits to each stage ended, and why leads were lost.

A bar has the visits that ended in the time that counts; leads that are still in the stage stand apart, as nobody
knows yet how they end. The share that advances is the conversion of the table of stages, so that both say the
same: of the visits that began and were not turned away, by cohort.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..words import say
from ..words.numbers import amount, percent
from . import style
from .facts import WAYS, Line, Station

WIDTH = 9.5
MARGIN = 0.45
NAMES = 3.3
"""Inches for names, at most; they may take two lines."""
STEP = 0.46
BAR = 0.27
KEY = 0.22
REASON = 0.3
"""Inches of a row of reasons."""

COLOURS = {
    "moved": "#B9C7D8",
    "lost": "#D98880",
    "expired": "#B98A2F",
    "rejected": "#D5DAE0",
    "blocked": "#98A1AB",
    "dropped": "#8A6BA6",
    "burned": "#7B3F33",
    "churned": "#4A4A4A",
}
"""Of ways to end without advancing; who advances has the colour of the team."""


def draw(line: Line) -> Figure:
    """The picture of the funnel of a line; stages beside the line are left out."""
    used = [way for at, way in enumerate(WAYS) if any(each.ends[at] > 0 for each in line.stations)]
    keys = _keys(used)
    reasons = [each for each in line.losses if each[1] > 0]
    below = 0.65 + REASON * len(reasons) if reasons else 0.0
    height = 1.4 + KEY * len(keys) + STEP * len(line.stations) + 0.2 + below
    figure, axes = style.canvas(WIDTH, height)
    room = WIDTH - 2 * MARGIN
    style.write(axes, MARGIN, height - 0.45, style.fit(line.name, room, 14, bold=True), 14, bold=True)
    style.write(axes, MARGIN, height - 0.74, style.fit(_summary(line), room, 9.5), 9.5)
    _legend(axes, height - 1.02, keys)
    top = height - 1.2 - KEY * len(keys)
    labels = [station.label for station in line.stations] + [name for name, _ in reasons]
    left = MARGIN + style.column(labels, 9.5, NAMES, least=0.6, bold=True) + 0.2
    _columns(axes, top, left)
    most = max((sum(station.ends) for station in line.stations), default=0.0)
    for row, station in enumerate(line.stations):
        _stage(axes, top - 0.2 - (row + 1) * STEP + 0.12, left, station, most)
    if reasons:
        _reasons(axes, below - 0.25, left, reasons)
    return figure


def _summary(line: Line) -> str:
    if not line.stations:
        return say("picture.funnel.no_stages")
    told = {"entered": amount(line.stations[0].entered), "won": amount(line.won)}
    if not line.expansions:
        return say("picture.funnel.summary", **told)
    return say("picture.funnel.summary_both", **told, expansions=amount(line.expansions))


def _keys(used: Sequence[str]) -> list[list[tuple[str, str, float]]]:
    """What the colours mean, in rows: label, way, and where it begins."""
    rows: list[list[tuple[str, str, float]]] = []
    x = WIDTH
    for way in used:
        label = say(f"stage.{way}.label")
        wide = 0.18 + style.widest([label], 8)
        if x + wide > WIDTH - MARGIN:
            rows.append([])
            x = MARGIN
        rows[-1].append((label, way, x))
        x += wide + 0.25
    return rows


def _legend(axes: Axes, y: float, keys: Sequence[Sequence[tuple[str, str, float]]]) -> None:
    for number, row in enumerate(keys):
        for label, way, x in row:
            colour = COLOURS.get(way, style.team_colour(0))
            axes.add_patch(Rectangle((x, y - KEY * number - 0.01), 0.12, 0.12, facecolor=colour, linewidth=0))
            style.write(axes, x + 0.18, y - KEY * number, label, 8)


def _rates() -> tuple[float, float]:
    """Where the shares and the open leads end on the right."""
    return WIDTH - MARGIN - style.widest([say("picture.funnel.open")], 8) - 0.25, WIDTH - MARGIN


def _columns(axes: Axes, y: float, left: float) -> None:
    share, still = _rates()
    heads = say("picture.funnel.share"), say("picture.funnel.open")
    room = share - style.widest([heads[0]], 8) - 0.2 - left
    style.write(axes, MARGIN, y, say("picture.funnel.stage"), 8, style.MUTED)
    style.write(axes, left, y, style.fit(say("picture.funnel.bars"), room, 8), 8, style.MUTED)
    for head, x in zip(heads, (share, still), strict=True):
        style.write(axes, x, y, head, 8, style.MUTED, align="right")
    axes.plot([MARGIN, WIDTH - MARGIN], [y - 0.1, y - 0.1], color=style.HAIRLINE, linewidth=0.8)


def _stage(axes: Axes, y: float, left: float, station: Station, most: float) -> None:
    middle = y + BAR / 2 - 0.045
    share, still = _rates()
    _name(axes, middle, left, station.label)
    scale = (share - style.widest([say("picture.funnel.share")], 8) - left - 0.4) / most if most > 0 else 0.0
    x = left
    for way, number in zip(WAYS, station.ends, strict=True):
        colour = COLOURS.get(way, style.team_colour(station.team))
        axes.add_patch(Rectangle((x, y), number * scale, BAR, facecolor=colour, linewidth=0))
        x += number * scale
    ended = sum(station.ends)
    style.write(axes, x + 0.08, middle, amount(ended), 9)
    if station.conversion is not None:
        style.write(axes, share, middle, percent(station.conversion), 9.5, align="right")
    style.write(axes, still, middle, amount(station.wip), 9.5, style.MUTED, align="right")


def _name(axes: Axes, y: float, left: float, label: str) -> None:
    name = style.fit(label, left - MARGIN - 0.15, 9.5, lines=2, bold=True)
    style.write(axes, MARGIN, y + 0.09 * name.count("\n"), name, 9.5, bold=True)


def _reasons(axes: Axes, top: float, left: float, reasons: Sequence[tuple[str, float]]) -> None:
    """Leads lost a month by reason, the most frequent first."""
    style.write(axes, MARGIN, top, say("picture.funnel.reasons"), 9, style.MUTED, bold=True)
    most, whole = max(number for _, number in reasons), sum(number for _, number in reasons)
    texts = [
        say("picture.funnel.reason", number=amount(number), share=percent(number / whole)) for _, number in reasons
    ]
    room = WIDTH - MARGIN - left - style.widest(texts, 8.5) - 0.15
    for row, ((name, number), text) in enumerate(zip(reasons, texts, strict=True)):
        y = top - 0.12 - REASON * (row + 1)
        shown = style.fit(name, left - MARGIN - 0.15, 9)
        style.write(axes, MARGIN, y + 0.045, shown, 9)
        axes.add_patch(Rectangle((left, y), room * number / most, 0.18, facecolor=COLOURS["lost"], linewidth=0))
        style.write(axes, left + room * number / most + 0.08, y + 0.045, text, 8.5, style.MUTED)
