"""The production line as a picture: stations, arrows between them, and gauges of the teams.

All places are in inches, from the lower left.
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from funnelsim.scenario.forms.plain import in_quarters

from ..words import say
from ..words.numbers import amount, duration, percent
from . import marks, style
from .facts import Crew, Line, Station

MARGIN = 0.45
WIDTH, HEIGHT = 1.62, 1.62  # of a station
ARROW = 0.68  # between two stations
BELOW = 0.36  # from one row of stations to the next
NOTE = 0.16  # a row of what is said of marks
IN_A_ROW = 6
NARROWEST = 9.0
HEADING = 0.27  # above what stands beside the line, and above the gauges
GAUGE_HEIGHT = 0.56
SHORTEST = 0.5 / 60  # hours of waiting that round to a minute
TANK_WIDTH, TANK_HEIGHT = 0.26, 0.68


@dataclass(frozen=True)
class _Layout:
    """Where things go on a picture of this size."""

    width: float
    rows: tuple[int, ...]  # stations in each row of the line
    aside_rows: tuple[int, ...]
    verdict: str
    gauges: int  # in a row
    gauge_rows: int
    note_rows: int  # of each station
    mark_rows: int  # of the legend

    @property
    def legend_rows(self) -> int:
        return 1 if self.width >= 10.8 else 2

    @property
    def header(self) -> float:
        rows = self.legend_rows - 1 + self.mark_rows
        return 0.96 + 0.18 * (self.verdict.count("\n") + 1) + marks.ROW * rows

    @property
    def station(self) -> float:
        """How high a station is."""
        return HEIGHT + NOTE * self.note_rows

    @property
    def row(self) -> float:
        """From one row of stations to the next."""
        return self.station + BELOW

    @property
    def height(self) -> float:
        aside = HEADING + len(self.aside_rows) * self.row if self.aside_rows else 0.0
        teams = HEADING + self.gauge_rows * GAUGE_HEIGHT if self.gauge_rows else 0.0
        return self.header + len(self.rows) * self.row + aside + teams + 0.12


def draw(line: Line) -> Figure:
    """The picture of a production line."""
    layout = _layout(line)
    figure, axes = style.canvas(layout.width, layout.height)
    _header(axes, line, layout)
    most = max((station.wip for station in (*line.stations, *line.aside)), default=0.0)
    top = _stations(axes, line, layout, most)
    if line.aside:
        top = _aside(axes, line, layout, most, top)
    if line.crews:
        _gauges(axes, line, layout, top)
    return figure


def _layout(line: Line) -> _Layout:
    rows = tuple(style.balanced(len(line.stations), IN_A_ROW))
    width = max(NARROWEST, 2 * MARGIN + ARROW + rows[0] * (WIDTH + ARROW))
    inside = width - 2 * MARGIN
    needed = max((min(_wish(crew), inside) for crew in line.crews), default=inside)
    gauges = max(1, min(len(line.crews), int(inside / needed)))
    stations = (*line.stations, *line.aside)
    return _Layout(
        width=width,
        rows=rows,
        aside_rows=tuple(style.balanced(len(line.aside), rows[0])) if line.aside else (),
        verdict=style.fit(line.verdict, inside, 9.5, lines=5),
        gauges=gauges,
        gauge_rows=-(-len(line.crews) // gauges),
        note_rows=max((len(marks.notes(each, WIDTH - 0.22)) for each in stations), default=0),
        mark_rows=marks.legend_rows(line),
    )


# --- header -----------------------------------------------------------------------------------------------


def _header(axes: Axes, line: Line, layout: _Layout) -> None:
    top = layout.height - 0.45
    room = layout.width - 2 * MARGIN
    style.write(axes, MARGIN, top, style.fit(line.name, room, 14, bold=True), 14, bold=True)
    style.write(axes, MARGIN, top - 0.27, layout.verdict, 9.5)
    y = layout.height - layout.header + 0.1
    arrows = say("picture.line.arrows")
    if layout.legend_rows == 1:
        _legend(axes, style.write(axes, MARGIN, y, arrows, 8, style.MUTED) + 0.35, y)
    else:
        style.write(axes, MARGIN, y, arrows, 8, style.MUTED)
        _legend(axes, MARGIN, y + 0.2)
    marks.legend(axes, line, MARGIN, y + marks.ROW * layout.legend_rows, room)


def _legend(axes: Axes, x: float, y: float) -> None:
    shade = style.AUTOMATED
    # Small sizes are drawn wider than they are measured.
    x = style.write(axes, x, y, say("picture.line.legend"), 8, style.MUTED) + 0.2
    for strength, text in ((0.95, say("picture.line.waiting_for_rep")), (0.35, say("picture.line.with_buyer"))):
        axes.add_patch(Rectangle((x, y - 0.015), 0.11, 0.11, facecolor=style.tint(shade, strength), linewidth=0))
        x = style.write(axes, x + 0.17, y, text, 8, style.MUTED) + 0.2


# --- stations ---------------------------------------------------------------------------------------------


def _stations(axes: Axes, line: Line, layout: _Layout, most: float) -> float:
    """Draw the line row by row, and return where the next thing goes."""
    top = layout.height - layout.header
    number = 0
    for row, count in enumerate(layout.rows):
        bottom = top - layout.row + 0.15
        middle = bottom + layout.station / 2
        x = MARGIN + ARROW
        before = amount(line.stations[0].entered) if row == 0 else ""
        _arrow(axes, MARGIN, middle, before, "", dashed=row > 0)
        if row == 0:
            marks.badges(axes, MARGIN, middle + 0.36, line.at_sources)
        for station in line.stations[number : number + count]:
            _station(axes, x, bottom, station, line, layout, most)
            rate = "" if station.conversion is None else percent(station.conversion)
            _arrow(axes, x + WIDTH, middle, amount(station.advanced), rate)
            x += WIDTH + ARROW
        number += count
        top -= layout.row
    return top


def _aside(axes: Axes, line: Line, layout: _Layout, most: float, top: float) -> float:
    """Draw the stages beside the line, each with the leads sent there; return where the next thing goes."""
    style.write(axes, MARGIN, top - 0.2, say("picture.line.aside"), 9, style.MUTED, bold=True)
    top -= HEADING
    number = 0
    for count in layout.aside_rows:
        bottom = top - layout.row + 0.15
        x = MARGIN + ARROW
        for station in line.aside[number : number + count]:
            _arrow(axes, x - ARROW, bottom + layout.station / 2, amount(station.entered), "")
            _station(axes, x, bottom, station, line, layout, most)
            x += WIDTH + ARROW
        number += count
        top -= layout.row
    return top


def _station(axes: Axes, x: float, y: float, station: Station, line: Line, layout: _Layout, most: float) -> None:
    limit = station.team >= 0 and line.crews[station.team].limit
    near = station.team >= 0 and line.crews[station.team].near
    colour = style.team_colour(station.team)
    edge = style.LIMIT if limit else style.NEAR if near else style.HAIRLINE
    shape, height = "round,pad=0,rounding_size=0.06", layout.station
    box = FancyBboxPatch((x, y), WIDTH, height, boxstyle=shape, facecolor=style.PAPER, edgecolor=edge)
    box.set_linewidth(1.8 if limit else 1.3 if near else 0.9)
    axes.add_patch(box)
    room = WIDTH - 0.22
    marks.strip(axes, x + 0.11, y + height - 0.14, room, station)
    marks.badges_before(axes, x + WIDTH - 0.06, y + height, station.marks.levers)
    if station.marks.handed:
        marks.diamond(axes, x - ARROW / 2, y + height / 2)
    name = style.fit(station.label, room, 9.5, lines=2, bold=True)
    style.write(axes, x + 0.11, y + height - 0.33, name, 9.5, bold=True)
    shade = colour if station.team >= 0 else style.MUTED
    below = y + height - HEIGHT + 0.88
    style.write(axes, x + 0.11, below, style.fit(station.crew, room, 8), 8, shade)
    if said := marks.notes(station, room):
        style.write(axes, x + 0.11, below - NOTE, "\n".join(said), 8)
    _tank(axes, x + 0.12, y + 0.11, station, most, colour)
    _load(axes, x + 0.12 + TANK_WIDTH + 0.11, y + 0.11, station, limit)


def _tank(axes: Axes, x: float, y: float, station: Station, most: float, colour: str) -> None:
    """Leads in the stage as the level of a tank; the waiting ones are its darker part, at the bottom."""
    frame = Rectangle((x, y), TANK_WIDTH, TANK_HEIGHT, facecolor=style.PANEL, edgecolor=style.HAIRLINE)
    frame.set_linewidth(0.6)
    axes.add_patch(frame)
    if most <= 0:
        return
    level = TANK_HEIGHT * station.wip / most
    waiting = TANK_HEIGHT * min(station.queue, station.wip) / most
    axes.add_patch(Rectangle((x, y), TANK_WIDTH, level, facecolor=style.tint(colour, 0.35), linewidth=0))
    axes.add_patch(Rectangle((x, y), TANK_WIDTH, waiting, facecolor=style.tint(colour, 0.95), linewidth=0))


def _load(axes: Axes, x: float, y: float, station: Station, limit: bool) -> None:
    after = style.write(axes, x, y + 0.51, amount(station.wip), 10, bold=True)
    style.write(axes, after + 0.06, y + 0.51, say("picture.line.in_stage"), 8, style.MUTED)
    if station.team < 0:
        return
    shade = style.LIMIT if limit and station.queue >= 0.05 else style.INK
    style.write(axes, x, y + 0.27, say("picture.line.waiting", number=amount(station.queue)), 8, shade)
    if station.wait and station.wait >= SHORTEST:
        style.write(axes, x, y + 0.05, say("picture.line.wait", time=duration(station.wait)), 8, style.MUTED)


def _arrow(axes: Axes, x: float, middle: float, above: str, below: str, dashed: bool = False) -> None:
    """An arrow from ``x`` to the next station; dashed where a row goes on from the one before."""
    ends = (x + 0.07, middle), (x + ARROW - 0.07, middle)
    arrow = FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=9, shrinkA=0, shrinkB=0)
    arrow.set(color=style.MUTED, linewidth=1.1, linestyle=(0, (2, 2)) if dashed else "-")
    axes.add_patch(arrow)
    centre = x + ARROW / 2
    style.write(axes, centre, middle + 0.08, above, 8.5, bold=True, align="center")
    style.write(axes, centre, middle - 0.19, below, 8, style.MUTED, align="center")


# --- gauges -----------------------------------------------------------------------------------------------


def _figure(crew: Crew) -> str:
    load = say("picture.line.never_open") if crew.utilisation is None else percent(crew.utilisation)
    if crew.filler > 0.005:
        load = say("picture.line.filler", busy=load, filler=percent(crew.filler))
    return say(f"picture.line.{'limit' if crew.limit else 'near'}", load=load) if crew.limit or crew.near else load


def _people(crew: Crew) -> str:
    people = crew.headcount
    count = f"{people:,g}" if people == in_quarters(people) else f"{people:,.1f}".removesuffix(".0")
    return say(f"picture.line.reps.{'one' if count == '1' else 'many'}", number=count)


def _wish(crew: Crew) -> float:
    """About the width that the gauge of a team needs."""
    name = min(style.ems(crew.label, bold=True) * 9 / 72, 2.2)
    name += marks.BETWEEN * len(crew.levers)
    return name + style.widest([_people(crew)], 8) + style.widest([_figure(crew)], 8.5, bold=True) + 0.8


def _gauges(axes: Axes, line: Line, layout: _Layout, top: float) -> None:
    style.write(axes, MARGIN, top - 0.2, say("picture.line.gauges"), 9, style.MUTED, bold=True)
    axes.plot([MARGIN, layout.width - MARGIN], [top + 0.02, top + 0.02], color=style.HAIRLINE, linewidth=0.8)
    between = 0.35
    span = (layout.width - 2 * MARGIN + between) / layout.gauges
    for number, crew in enumerate(line.crews):
        row, column = divmod(number, layout.gauges)
        y = top - HEADING - 0.35 - row * GAUGE_HEIGHT
        _gauge(axes, MARGIN + column * span, y, span - between, crew, style.team_colour(number))


def _gauge(axes: Axes, x: float, y: float, width: float, crew: Crew, colour: str) -> None:
    """A bar from 0 to all open hours: busy with leads, and with outbound contacts in between."""
    figure = _figure(crew)
    start = marks.badges(axes, x, y + 0.14, crew.levers)
    room = x + width - start - style.widest([figure], 8.5, bold=True) - style.widest([_people(crew)], 8) - 0.25
    after = style.write(axes, start, y + 0.1, style.fit(crew.label, room, 9, bold=True), 9, colour, bold=True)
    style.write(axes, after + 0.1, y + 0.1, _people(crew), 8, style.MUTED)
    shade = style.LIMIT if crew.limit else style.NEAR if crew.near else style.INK
    style.write(axes, x + width, y + 0.1, figure, 8.5, shade, bold=crew.limit or crew.near, align="right")
    frame = Rectangle((x, y - 0.08), width, 0.11, facecolor=style.PANEL, edgecolor=style.HAIRLINE, linewidth=0.6)
    axes.add_patch(frame)
    busy = width * min(crew.utilisation or 0.0, 1.0)
    filler = min(width * crew.filler, width - busy)
    level = style.LIMIT if crew.limit else colour
    axes.add_patch(Rectangle((x, y - 0.08), busy, 0.11, facecolor=level, linewidth=0))
    axes.add_patch(Rectangle((x + busy, y - 0.08), filler, 0.11, facecolor=style.tint(level, 0.35), linewidth=0))
