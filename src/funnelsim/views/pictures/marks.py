"""How marks on the picture of a line are drawn: handoffs, touches of two teams, and the levers that are on."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon, Rectangle

from ..words import say
from . import style
from .facts import Line, Station

BADGE = 0.085
"""Radius of the mark of a lever."""

BETWEEN = 0.2
"""From one mark of a lever to the next."""

ROW = 0.2
"""Height of a row of the legend."""


def legend_rows(line: Line) -> int:
    """Rows that the legend of the marks takes."""
    return len(line.levers) + bool(_kinds(line))


def legend(axes: Axes, line: Line, x: float, y: float, room: float) -> None:
    """Which levers are on, a row each, and what the other marks mean; ``y`` is the last row."""
    kinds = _kinds(line)
    at = x
    for kind in kinds:
        if kind == "handed":
            diamond(axes, at + 0.06, y + 0.04)
        else:
            _halves(axes, at, y + 0.015, 0.2, [style.TEAMS[0], style.TEAMS[1]])
        at = style.write(
            axes, at + (0.18 if kind == "handed" else 0.27), y, say(f"picture.line.{kind}"), 8, style.MUTED
        )
        at += 0.25
    first = y + ROW * (len(line.levers) - 1 + bool(kinds))
    for number, lever in enumerate(line.levers):
        row = first - ROW * number
        _badge(axes, x + BADGE, row + 0.035, number)
        style.write(axes, x + 0.25, row, style.fit(lever, room - 0.25, 8), 8)


def _kinds(line: Line) -> list[str]:
    """The kinds of marks that there are, levers apart."""
    stations = (*line.stations, *line.aside)
    found = {
        "handed": any(each.marks.handed for each in stations),
        "joint": any(each.marks.joint for each in stations),
    }
    return [kind for kind, there in found.items() if there]


def notes(station: Station, room: float) -> list[str]:
    """What is said of the marks of a station, in rows that fit."""
    return [row for note in station.marks.notes for row in style.fit(note, room, 8, lines=3).split("\n")]


def diamond(axes: Axes, x: float, y: float) -> None:
    """The mark of a handoff."""
    half = 0.055
    corners = [(x - half, y), (x, y + half), (x + half, y), (x, y - half)]
    axes.add_patch(Polygon(corners, facecolor=style.PAPER, edgecolor=style.INK, linewidth=1.0, zorder=3))


def strip(axes: Axes, x: float, y: float, width: float, station: Station) -> None:
    """The colour of the team of a station, and of those that join it."""
    teams = (station.team, *(team for team in station.marks.joint if team != station.team))
    _halves(axes, x, y, width, [style.team_colour(team) for team in teams])


def _halves(axes: Axes, x: float, y: float, width: float, colours: Sequence[str]) -> None:
    part = width / len(colours)
    for number, colour in enumerate(colours):
        axes.add_patch(Rectangle((x + number * part, y), part, 0.05, facecolor=colour, linewidth=0))


def badges(axes: Axes, x: float, y: float, numbers: Sequence[int]) -> float:
    """The marks of levers from ``x`` on to the right; where they end."""
    for place, number in enumerate(numbers):
        _badge(axes, x + BADGE + place * BETWEEN, y, number)
    return x + len(numbers) * BETWEEN


def badges_before(axes: Axes, x: float, y: float, numbers: Sequence[int]) -> None:
    """The same, ending at ``x``."""
    badges(axes, x - len(numbers) * BETWEEN + BETWEEN - 2 * BADGE, y, numbers)


def _badge(axes: Axes, x: float, y: float, number: int) -> None:
    axes.add_patch(Circle((x, y), BADGE, facecolor=style.INK, edgecolor=style.PAPER, linewidth=0.8, zorder=4))
    style.write(axes, x, y - 0.035, f"{number + 1}", 7, style.PAPER, bold=True, align="center", zorder=5)
