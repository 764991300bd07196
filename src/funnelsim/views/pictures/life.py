"""The picture of one lead's life: a row for each stage, a bar for each part, and another life below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from funnelsim.results.lives import BUYER, ON_THE_WAY, STATES, WAITING, WORK
from funnelsim.scenario.forms.quantities import HOUR

from ..sentences.lives import sentences
from ..words import say, speaking
from . import style, ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from funnelsim.results.lives import Life

WIDTH = 9.0
MARGIN = 0.3
NAMES = 2.6
ROW, HEAD, AXIS, GAP = 0.3, 1.05, 0.55, 0.25
"""Inches of a stage, of the head, of the axis of time and above each life."""

COLOURS = {WAITING: "#D98880", WORK: "#2F7D6B", ON_THE_WAY: "#B98A2F", BUYER: "#B9C7D8"}


class Plot:
    """The picture of one life."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def __call__(self, *others: Life, lang: str | None = None) -> Figure:
        """Its stages over time; other lives, such as that in another arm, stand below on the same axis."""
        with speaking(lang):
            return style.stamped(draw(self._life, *others), self._life.stamp)

    def html(self) -> str:
        """The same as an element of a page."""
        return style.element(self(), say("picture.life.name"))


def draw(*lives: Life) -> Figure:
    """Draw lives one below the other on one axis of time."""
    rows = [list(dict.fromkeys(span.stage for span in life.spans)) or [""] for life in lives]
    heights = [ROW * len(stages) + 0.62 for stages in rows]
    height = HEAD + sum(heights) + GAP * len(lives) + AXIS
    figure, page = style.canvas(WIDTH, height)
    first = lives[0]
    head = say("picture.life.head", lead=first.lead, replication=first.replication)
    style.write(page, MARGIN, height - 0.4, style.fit(head, WIDTH - 2 * MARGIN, 14, bold=True), 14, bold=True)
    _legend(page, height - 0.75)
    begin, end = min(life.created for life in lives), max(life.until for life in lives)
    labels = [life.labels.get(stage, stage) for life, stages in zip(lives, rows, strict=True) for stage in stages]
    left = MARGIN + style.column(labels, 9, NAMES) + 0.15
    top = height - HEAD
    for number, (life, stages) in enumerate(zip(lives, rows, strict=True)):
        _titles(page, life, top)
        top -= 0.62
        box = (
            left / WIDTH,
            (top - ROW * len(stages)) / height,
            (WIDTH - MARGIN - left) / WIDTH,
            ROW * len(stages) / height,
        )
        axes = figure.add_axes(box)
        _bars(axes, life, stages, (begin, end))
        for row, stage in enumerate(stages):
            text = style.fit(life.labels.get(stage, stage), left - MARGIN - 0.1, 9)
            style.write(page, MARGIN, top - ROW * (row + 0.62), text, 9)
        _hours(axes, WIDTH - MARGIN - left, number == len(lives) - 1)
        top -= ROW * len(stages) + GAP
    return figure


def _titles(page: Axes, life: Life, top: float) -> None:
    room = WIDTH - 2 * MARGIN
    style.write(page, MARGIN, top - 0.12, style.fit(life.line, room, 10, bold=True), 10, bold=True)
    said = style.fit(next(iter(sentences(life))), room, 8.5)
    style.write(page, MARGIN, top - 0.36, said, 8.5, style.MUTED)


def _legend(page: Axes, y: float) -> None:
    x = MARGIN
    for state in STATES:
        page.add_patch(Rectangle((x, y - 0.02), 0.16, 0.13, color=COLOURS[state], lw=0))
        x = style.write(page, x + 0.22, y, say(f"life.state.{state}"), 8.5) + 0.3


def _bars(axes: Axes, life: Life, stages: list[str], times: tuple[int, int]) -> None:
    axes.set_facecolor(style.PANEL)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    least = (times[1] - times[0]) / 600  # what is shorter than a point could not be seen
    for span in life.spans:
        row = stages.index(span.stage)
        wide = max(span.end - span.start, least) / HOUR
        place = ((span.start - times[0]) / HOUR, row + 0.2)
        axes.add_patch(Rectangle(place, wide, 0.6, color=COLOURS[span.state], lw=0))
    if life.outcome:
        axes.axvline((life.ended - times[0]) / HOUR, color=style.INK, lw=1)
    length = max((times[1] - times[0]) / HOUR, 1e-3)
    axes.set(xlim=(0, length * 1.01), ylim=(len(stages), 0), yticks=[])


def _hours(axes: Axes, inches: float, written: bool) -> None:
    """The axis of time, with its figures below the last life."""
    ticks.quiet(axes, "x", "h", inches)
    if not written:
        axes.set_xticks([])
        return
    label = style.drawable(say("picture.life.since"))
    axes.set_xlabel(label, fontsize=8.5, color=style.MUTED)
