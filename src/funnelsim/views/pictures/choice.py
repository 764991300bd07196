"""The picture of a choice among scenarios: what each came to, and how many replications it took to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from ..sentences.comparison import label as called
from ..words import numbers, say, speaking
from . import style, ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from funnelsim.experiments.comparison.choose import Choice
    from funnelsim.results.estimates import Estimate

WIDTH = 9.0
NAMES = 3.4
"""Inches for the names on the left, at most; they may take two lines."""
ROW, TOP, FOOT = 0.36, 1.25, 0.4
"""Inches of a row, above all rows and below them."""

CHOSEN = "#2F7D6B"


class Plot:
    """The pictures of one choice."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice

    def arms(self, *, lang: str | None = None) -> Figure:
        """Each scenario's figure with its own interval, the best first."""
        with speaking(lang):
            return style.stamped(draw(self._choice), self._choice.stamp)

    def html(self) -> str:
        """The same as an element of a page."""
        return style.element(self.arms(), say("picture.choice.name"))


def draw(choice: Choice) -> Figure:
    """Draw the figures of all scenarios."""
    arms = {arm.name: arm for arm in choice.arms}
    ranked = [arms[str(name)] for name in choice.table.index]
    height = TOP + ROW * len(ranked) + FOOT
    figure, page = style.canvas(WIDTH, height)
    label = called(ranked[0], choice.kpi)
    head = say("picture.choice.head", kpi=label, name=choice.name)
    style.write(page, 0.25, height - 0.38, style.fit(head, WIDTH - 0.5, 14, bold=True), 14, bold=True)
    said = style.fit(choice.promise, WIDTH - 0.5, 8.5, lines=2)
    style.write(page, 0.25, height - 0.66, said, 8.5, style.MUTED)
    counted = say("picture.choice.replications")
    style.write(page, WIDTH - 0.25, height - TOP + 0.08, counted, 8.5, style.MUTED, align="right")
    estimates = [arm.estimate(choice.kpi) for arm in ranked]
    colours = [CHOSEN if arm.name == choice.name else style.MUTED for arm in ranked]
    figures = [numbers.estimate(each.to_dict(), interval=False) for each in estimates]
    left = style.column([arm.name for arm in ranked], 9, NAMES, bold=True) + 0.45
    right = WIDTH - 0.25 - style.widest([counted], 8.5) - style.widest(figures, 8.5) - 0.3
    box = (left / WIDTH, FOOT / height, (right - left) / WIDTH, ROW * len(ranked) / height)
    _panel(figure.add_axes(box), estimates, colours, right - left)
    for row, (arm, colour) in enumerate(zip(ranked, colours, strict=True)):
        y = FOOT + ROW * (len(ranked) - row - 0.5) - 0.05
        bold = arm.name == choice.name
        name = style.fit(arm.name, left - 0.4, 9, bold=bold, lines=2)
        style.write(page, 0.25, y + 0.08 * name.count("\n"), name, 9, bold=bold)
        style.write(page, right + 0.12, y, figures[row], 8.5, colour)
        style.write(page, WIDTH - 0.25, y, f"{arm.replications:,}", 8.5, style.MUTED, align="right")
    return figure


def _panel(axes: Axes, estimates: list[Estimate], colours: list[str], inches: float) -> None:
    axes.set_facecolor(style.PANEL)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    for row, (each, colour) in enumerate(zip(estimates, colours, strict=True)):
        if each.mean is None:
            continue
        if each.low is not None and each.high is not None:
            axes.plot([each.low, each.high], [row, row], color=colour, lw=2.2, solid_capstyle="butt")
        axes.plot([each.mean], [row], "o", color=colour, ms=5.5)
    axes.set_ylim(len(estimates) - 0.5, -0.5)
    axes.set_yticks([])
    axes.margins(x=0.06)
    ticks.quiet(axes, "x", estimates[0].unit, inches, inside=True)
