"""Pictures of a calibration beside what was observed: times in stages, shares that go on, and new deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from funnelsim.arguments import checked
from funnelsim.calibration.estimating.empirical import Incidence
from funnelsim.errors import FunnelsimError

from ...words import say, speaking
from .. import style, ticks
from ..chart import Chart, Size, names, shown

if TYPE_CHECKING:
    from funnelsim.calibration.fitting.distance import Curves
    from funnelsim.calibration.fitting.fit import Fit

WIDTH, PANEL, ACROSS = 9.0, 2.0, 3
"""Inches of the picture and of the height of a panel; panels beside one another."""

WENT, LEFT = style.TEAMS[1], style.LIMIT
"""Colours of visits that went on, and of those that did not."""

LONGEST = 0.97
"""Share of the observed visits up to whose time the curves are drawn."""

Z = 1.959964


class Plot:
    """The pictures of one calibration, each beside what was observed in the last year."""

    def __init__(self, fit: Fit) -> None:
        self._fit = fit

    def stages(self, *, lang: str | None = None) -> Figure:
        """By stage the share of visits that has gone on, and that has been lost, by the days since its entry."""
        with speaking(lang):
            return style.stamped(stages(self._fit.beside.curves), self._fit.stamp)

    @checked
    def conversion(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """By stage the share of visits that goes on."""
        with speaking(lang):
            return shown(conversion(self._fit.beside.curves), self._fit.stamp, axes)

    @checked
    def arrivals(self, axes: Axes | None = None, *, lang: str | None = None) -> Figure | Axes:
        """New deals by month, and those of the coming year as simulated with the rates of the last one."""
        with speaking(lang):
            return shown(arrivals(self._fit), self._fit.stamp, axes)

    def html(self) -> str:
        """The times in stages as an element of a page; empty where too few visits have ended."""
        if not self._fit.beside.curves:
            return ""
        return style.element(self.stages(), say("picture.fit.stages.head"))


def stages(curves: tuple[Curves, ...]) -> Figure:
    """A panel for each stage."""
    _needed(curves)
    rows = -(-len(curves) // ACROSS)
    head, below, gap = 1.25, 0.5, 0.75
    height = head + rows * (PANEL + gap) - gap + below
    figure, page = style.canvas(WIDTH, height)
    style.write(page, 0.25, height - 0.38, say("picture.fit.stages.head"), 13, bold=True)
    said = style.fit(say("picture.fit.stages.said"), WIDTH - 0.5, 8.5, lines=2)
    style.write(page, 0.25, height - 0.62, said, 8.5, style.MUTED)
    _keys(page, height - 1.08 - 0.0)
    across = (WIDTH - 0.6 - 0.3) / ACROSS
    for at, each in enumerate(curves):
        row, column = divmod(at, ACROSS)
        left, bottom = 0.6 + column * across, height - head - 0.15 - (row + 1) * PANEL - row * gap
        size = across - 0.45, PANEL - 0.15
        box = (left / WIDTH, bottom / height, size[0] / WIDTH, size[1] / height)
        _stage(figure.add_axes(box), each, size)
    return figure


def _needed(curves: tuple[Curves, ...]) -> None:
    if not curves:
        raise FunnelsimError("too few visits have ended to draw their times", code="E-figures-few")


def _keys(page: Axes, y: float) -> None:
    x = 0.25
    for key, colour, dashes in (
        ("went_observed", WENT, "-"), ("went_simulated", WENT, ":"),
        ("left_observed", LEFT, "-"), ("left_simulated", LEFT, ":"),
    ):  # fmt: skip
        text = say(f"picture.fit.{key}")
        page.plot([x, x + 0.3], [y + 0.05] * 2, color=colour, ls=dashes, lw=2.0)
        style.write(page, x + 0.36, y, text, 8)
        x += 0.36 + style.widest([text], 8) + 0.3


def _stage(axes: Axes, curves: Curves, size: Size) -> None:
    _plain(axes)
    gone = curves.observed.advanced + curves.observed.lost
    end = float(curves.observed.times[np.searchsorted(gone, LONGEST * gone[-1]).clip(max=len(gone) - 1)])
    for incidence, dashes in ((curves.observed, "-"), (curves.simulated, ":")):
        for of, colour in ((incidence.advanced, WENT), (incidence.lost, LEFT)):
            axes.step([0.0, *incidence.times], [0.0, *of], where="post", color=colour, ls=dashes, lw=1.8)
    axes.set_xlim(0, max(end, 1e-6))
    axes.set_ylim(0, 1)
    ticks.quiet(axes, "y", "share", size[1])
    ticks.quiet(axes, "x", "", size[0], inside=True)
    axes.set_xlabel(style.drawable(say("picture.fit.days")), fontsize=7.5, color=style.MUTED)
    title = style.fit(say("picture.fit.stage", stage=curves.stage, number=f"{curves.n:,}"), size[0], 9)
    axes.set_title(style.drawable(title), fontsize=9, color=style.INK, loc="left")


def _plain(axes: Axes) -> None:
    axes.set_facecolor(style.PANEL)
    axes.spines[["top", "right", "bottom", "left"]].set_visible(False)
    axes.tick_params(length=0)


def conversion(curves: tuple[Curves, ...]) -> Chart:
    """Dots of the simulated shares over bars of the observed ones."""
    _needed(curves)
    keys = [(say("picture.fit.observed"), style.team_colour(0)), (say("picture.fit.simulated"), style.LIMIT)]

    def draw(axes: Axes, size: Size) -> None:
        names(axes, [each.stage for each in curves], 1.9)
        for at, each in enumerate(curves):
            low, high = _wilson(each.observed, each.n)
            axes.plot([low, high], [at] * 2, color=style.team_colour(0), lw=5, alpha=0.35, solid_capstyle="butt")
            axes.plot([each.observed.p], [at], color=style.team_colour(0), marker="o", ms=7, ls="")
            axes.plot([each.simulated.p], [at], color=style.LIMIT, marker="D", ms=5, ls="")
        axes.set_xlim(0, 1)
        ticks.quiet(axes, "x", "share", size[0])

    height = 0.45 * len(curves) + 0.2
    return Chart(
        say("picture.fit.conversion.head"), say("picture.fit.conversion.said"), keys, draw, height, left=2.2
    )


def _wilson(observed: Incidence, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), of the visits that have ended."""
    count = n * float(observed.advanced[-1] + observed.lost[-1])
    p = observed.p
    middle = (p + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * float(np.sqrt(p * (1 - p) / count + Z**2 / (4 * count**2)))
    return middle - half, middle + half


def arrivals(fit: Fit) -> Chart:
    """What came by month, and the range of single months of the simulated year."""
    beside, history = fit.beside, fit.history
    if not beside.months:
        raise FunnelsimError("no month is recorded as a whole", code="E-figures-few")
    keys = [(say("picture.fit.observed"), style.team_colour(0)), (say("picture.fit.simulated"), style.LIMIT)]
    start, end = beside.months[0], history.date(history.as_of)
    then = [(day - start).days + 15.0 for day in beside.months]
    ahead = (end - start).days + (np.arange(12) + 0.5) * 365 / 12

    def draw(axes: Axes, size: Size) -> None:
        axes.plot(then, beside.created, color=style.team_colour(0), marker="o", ms=4, lw=1.8)
        low, high = beside.simulated.min(axis=0), beside.simulated.max(axis=0)
        axes.fill_between(ahead, low, high, color=style.LIMIT, alpha=0.2, lw=0)
        axes.plot(ahead, beside.simulated.mean(axis=0), color=style.LIMIT, lw=1.8)
        axes.set_ylim(bottom=0)
        axes.set_xlim(then[0] - 20, ahead[-1] + 20)
        ticks.quiet(axes, "y", "leads", size[1])
        ticks.dates(axes, start, size[0])

    said = say("picture.fit.arrivals.said", runs=len(beside.simulated))
    return Chart(say("picture.fit.arrivals.head"), said, keys, draw)
